//! Answers that come late, wrong or not at all: unknown is not failure.

use std::time::Duration;

use providers::wechat_pay::{
    WechatPay,
    answer::{Answer, Retry, Why},
    refund::Status,
    verify::VerifyError,
};
use sandbox::faults::{Call, Fault, Kind, Scope};

use crate::harness::{Bench, MINUTE, client, config, credentials, declined, known, unknown};
use sandbox::config::KeyMode;

/// The client learns nothing; then a query, or the same number again, finds out.
async fn check(kind: Kind, accepted: bool, expected: impl Fn(&Why) -> bool) {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(kind.clone());

    let why = unknown(bench.apply(&id, "R-1", 100, 100).await);
    let found = bench.query("R-1").await;
    let again = known(bench.apply(&id, "R-1", 100, 100).await);

    assert!(expected(&why), "{kind:?}: {why:?}");
    assert!(!why.never_left(), "{kind:?}");
    if accepted {
        assert_eq!(known(found).refund_id, again.refund_id, "{kind:?}");
    } else {
        assert!(matches!(found, Answer::NotFound(_)), "{kind:?}: {found:?}");
    }
    assert_eq!(bench.sandbox.books().refunds().count(), 1, "{kind:?}");
}

#[tokio::test]
async fn silence_is_unknown_before_and_after_acceptance() {
    let no_answer = |why: &Why| matches!(why, Why::NoAnswer(_));

    check(Kind::SilenceBefore, false, no_answer).await;
    check(Kind::SilenceAfter, true, no_answer).await;
}

#[tokio::test]
async fn too_many_requests_is_unknown_before_and_after_acceptance() {
    let limited = |why: &Why| *why == Why::TooMany { code: "FREQUENCY_LIMITED".into() };

    check(Kind::FrequencyLimitedBefore, false, limited).await;
    check(Kind::FrequencyLimitedAfter, true, limited).await;
}

#[tokio::test]
async fn trouble_at_wechat_pay_is_unknown_before_and_after_acceptance() {
    let trouble = |status| move |why: &Why| *why == Why::ServerError { http_status: status };

    check(Kind::SystemErrorBefore, false, trouble(500)).await;
    check(Kind::SystemErrorAfter, true, trouble(500)).await;
    check(Kind::BadGatewayBefore, false, trouble(502)).await;
    check(Kind::BadGatewayAfter, true, trouble(502)).await;
}

fn unverified(wanted: fn(&VerifyError) -> bool) -> impl Fn(&Why) -> bool {
    move |why| matches!(why, Why::Unverified(error) if wanted(error))
}

#[tokio::test]
async fn an_answer_that_proves_nothing_is_unknown() {
    check(Kind::AnswerProbe, true, unverified(VerifyError::is_probe)).await;
    let serial = |error: &VerifyError| matches!(error, VerifyError::UnknownSerial(_));
    check(Kind::AnswerWrongSerial, true, unverified(serial)).await;
    let stale = |error: &VerifyError| matches!(error, VerifyError::Skew(skew) if *skew < -590);
    check(Kind::AnswerStale, true, unverified(stale)).await;
    let tampered = |error: &VerifyError| *error == VerifyError::Mismatch;
    check(Kind::AnswerTampered, true, unverified(tampered)).await;
}

#[tokio::test]
async fn a_client_that_stops_waiting_finds_its_refund_later() {
    let mut config = config(KeyMode::PublicKey);
    config.pace.silence = Duration::from_secs(30);
    let mut bench = Bench::with(config).await;
    let mut impatient = providers::client::Config::new(&bench.sandbox.base_url);
    impatient.read_timeout = Duration::from_millis(100);
    let impatient = providers::client::Client::new(&impatient).unwrap();
    bench.pay = WechatPay::new(impatient, credentials(KeyMode::PublicKey));
    let id = bench.paid(100);
    bench.fault(Kind::SilenceAfter);

    let why = unknown(bench.apply(&id, "R-1", 100, 100).await);
    bench.pay = WechatPay::new(client(&bench.sandbox.base_url), credentials(KeyMode::PublicKey));
    let found = known(bench.query("R-1").await);

    assert!(matches!(why, Why::NoAnswer(_)), "{why:?}");
    assert_eq!(found.status, Status::Processing);
}

#[tokio::test]
async fn a_request_that_cannot_leave_says_so() {
    let bench = Bench::new().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let pay = WechatPay::new(client(&format!("http://{closed}")), credentials(KeyMode::PublicKey));
    let bench = Bench { pay, ..bench };

    let why = unknown(bench.query("R-1").await);

    assert!(why.never_left(), "{why:?}");
}

#[tokio::test]
async fn the_backup_host_is_asked_when_the_first_cannot_be_reached() {
    let bench = Bench::new().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut config = providers::client::Config::new(format!("http://{closed}"));
    config.backup_base_url = Some(bench.sandbox.base_url.clone());
    let client = providers::client::Client::new(&config).unwrap();
    let bench = Bench { pay: WechatPay::new(client, credentials(KeyMode::PublicKey)), ..bench };

    assert!(matches!(bench.query("R-1").await, Answer::NotFound(_)));
}

#[tokio::test]
async fn a_gone_account_is_declined_and_asks_for_another_way() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::UserAccountAbnormal);

    let refused = declined(bench.apply(&id, "R-1", 100, 100).await);

    assert_eq!((refused.http_status, refused.code.as_str()), (403, "USER_ACCOUNT_ABNORMAL"));
    assert_eq!(refused.retry, Retry::AnotherWay);
}

#[tokio::test]
async fn faults_can_be_for_one_refund_one_call_or_always() {
    let bench = Bench::new().await;
    let (id, other) = (bench.paid(100), bench.paid(100));
    bench.sandbox.add_fault(Fault {
        kind: Kind::SystemErrorAfter,
        scope: Scope::OutRefundNo("R-1".into()),
        call: Call::Apply,
    });

    unknown(bench.apply(&id, "R-1", 100, 100).await);
    unknown(bench.apply(&id, "R-1", 100, 100).await);
    known(bench.query("R-1").await);
    known(bench.apply(&other, "R-2", 100, 100).await);
    bench.sandbox.clear_faults();
    known(bench.apply(&id, "R-1", 100, 100).await);
}

#[tokio::test]
async fn a_delayed_refund_takes_its_time() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    bench.fault(Kind::RefundDelayed { seconds: 3_600 });
    known(bench.apply(&id, "R-1", 100, 100).await);

    bench.pass(MINUTE * 59).await;
    assert_eq!(known(bench.query("R-1").await).status, Status::Processing);
    bench.pass(MINUTE).await;
    assert_eq!(known(bench.query("R-1").await).status, Status::Success);
}
