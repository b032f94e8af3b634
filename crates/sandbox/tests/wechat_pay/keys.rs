//! Public key, platform certificate, and the time between.

use providers::wechat_pay::{
    WechatPay, answer::Why, certificates::CertificatesError, platform_keys::PlatformKeys,
    refund::Status, verify::VerifyError,
};
use sandbox::{config::KeyMode, faults::Kind};

use crate::harness::{Bench, KEYS, MINUTE, client, credentials, known, nonce, unknown};

const MODES: [KeyMode; 3] = [KeyMode::PublicKey, KeyMode::Certificate, KeyMode::Switching];

#[tokio::test]
async fn a_refund_an_encrypted_field_and_a_notice_work_in_every_mode() {
    for mode in MODES {
        let bench = Bench::in_mode(mode).await;
        let id = bench.paid(100);
        bench.fault(Kind::RefundAbnormal);

        let refund = known(bench.apply(&id, "R-1", 100, 100).await);
        bench.pass(MINUTE).await;
        known(bench.to_card(&refund.refund_id, "R-1", "6225880000001234").await);
        bench.pass(MINUTE).await;

        let told = bench.told();
        assert_eq!(
            told,
            [("R-1".into(), Status::Abnormal), ("R-1".into(), Status::Success)],
            "{mode:?}"
        );
    }
}

#[tokio::test]
async fn notices_come_under_both_keys_while_a_merchant_is_switching() {
    let bench = Bench::in_mode(KeyMode::Switching).await;
    for no in ["R-1", "R-2"] {
        known(bench.apply(&bench.paid(100), no, 100, 100).await);
    }
    bench.pass(MINUTE).await;

    let serial = |one: &crate::harness::Received| {
        one.headers["wechatpay-serial"].to_str().unwrap().to_owned()
    };
    let mut serials: Vec<_> = bench.receiver.received().iter().map(serial).collect();
    serials.sort();

    let platform = &KEYS.platform;
    let mut both = [platform.certificate_serial.clone(), platform.public_key_id.clone()];
    both.sort();
    assert_eq!(serials, both);
    assert_eq!(bench.told().len(), 2);
}

#[tokio::test]
async fn a_certificate_merchant_starts_without_any_certificate() {
    let bench = Bench::in_mode(KeyMode::Certificate).await;
    let nobody = credentials(KeyMode::Certificate)
        .with_platform_keys(PlatformKeys::certificates(Vec::new()));
    let bench = Bench { pay: WechatPay::new(client(&bench.sandbox.base_url), nobody), ..bench };
    let id = bench.paid(100);

    let before = unknown(bench.apply(&id, "R-1", 100, 100).await);
    let nonce = nonce();
    let refreshed = bench.pay.refresh_certificates(bench.stamp(&nonce)).await.unwrap();
    let after = known(bench.apply(&id, "R-1", 100, 100).await);

    assert!(matches!(before, Why::Unverified(VerifyError::UnknownSerial(_))), "{before:?}");
    let serials: Vec<_> =
        refreshed.platform().known_certificates().iter().map(|one| one.serial()).collect();
    assert_eq!(serials, [KEYS.platform.certificate_serial.as_str()]);
    assert_eq!(after.status, Status::Processing);
}

#[tokio::test]
async fn without_a_key_an_encrypted_request_never_leaves() {
    let bench = Bench::in_mode(KeyMode::Certificate).await;
    let nobody = credentials(KeyMode::Certificate)
        .with_platform_keys(PlatformKeys::certificates(Vec::new()));
    let bench = Bench { pay: WechatPay::new(client(&bench.sandbox.base_url), nobody), ..bench };

    let why = unknown(bench.to_card("5000", "R-1", "6225880000001234").await);

    assert!(why.never_left(), "{why:?}");
}

#[tokio::test]
async fn a_public_key_merchant_has_no_certificates_to_fetch() {
    let bench = Bench::in_mode(KeyMode::PublicKey).await;
    let nonce = nonce();

    let refused = bench.pay.refresh_certificates(bench.stamp(&nonce)).await.unwrap_err();

    assert_eq!(refused, CertificatesError::NoneIssued);
}

#[tokio::test]
async fn a_switching_merchant_may_refresh_certificates_too() {
    let bench = Bench::in_mode(KeyMode::Switching).await;
    let nonce = nonce();

    let refreshed = bench.pay.refresh_certificates(bench.stamp(&nonce)).await.unwrap();

    assert_eq!(refreshed.platform().known_certificates().len(), 1);
    assert!(refreshed.platform().announced_id().is_some());
}

#[tokio::test]
async fn an_old_certificate_client_still_understands_a_switching_platform() {
    let bench = Bench::in_mode(KeyMode::Switching).await;
    let old = credentials(KeyMode::Certificate);
    let bench = Bench { pay: WechatPay::new(client(&bench.sandbox.base_url), old), ..bench };

    known(bench.apply(&bench.paid(100), "R-1", 100, 100).await);
}
