//! An independent client, in another language, judges both our sides.
//!
//! Ignored by default because it needs Python with `tests/oracle/requirements.txt`; run with
//! `WANBI_ORACLE_PYTHON=…/bin/python cargo test -p sandbox --test wechat_pay -- --ignored oracle`.

use std::{path::Path, process::Stdio, time::Duration};

use providers::{
    http::Request,
    wechat_pay::{
        private::Private,
        refund::{
            abnormal::{ApplyAbnormal, Bank, Route},
            apply::{Apply, Draft, Order},
        },
        seal, sign,
    },
};
use sandbox::{
    Sandbox,
    config::{Config, KeyMode},
    keys::MerchantKeys,
};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::harness::{BALANCE_FEN, KEYS, MCHID, credentials, nonce};

const RUN_MAX: Duration = Duration::from_secs(60);

const FACTS: &str = "\
ok apply is accepted
ok channel
ok amounts
ok apply again is the same refund
ok query says done
ok success time is china's
ok notice is verified and opened
ok notice names the refund
ok notice says refund_status
ok notice keys
ok notice with a changed body is refused
ok notice with another timestamp is refused
ok associated data
ok notice opened with other associated data is refused
ok notice with a changed tag is refused
ok unknown refund
ok no money
ok answer_probe is refused
ok answer_tampered is refused
ok refused answers were accepted applications
ok another merchant's signature
ok issue
ok abnormal
ok abnormal refund is accepted
ok abnormal refund is done
ok card
ok events
ok our signature
ok our signature fits no other message
ok our encrypted bank_account
ok our encrypted real_name
ok our sealed text
ok all
";

#[tokio::test]
#[ignore = "needs WANBI_ORACLE_PYTHON"]
async fn the_oracle_agrees_in_public_key_mode() {
    assert_eq!(run(KeyMode::PublicKey).await, FACTS);
}

#[tokio::test]
#[ignore = "needs WANBI_ORACLE_PYTHON"]
async fn the_oracle_agrees_in_certificate_mode() {
    assert_eq!(run(KeyMode::Certificate).await, without_stranger());
}

#[tokio::test]
#[ignore = "needs WANBI_ORACLE_PYTHON"]
async fn the_oracle_agrees_while_a_merchant_is_switching() {
    assert_eq!(run(KeyMode::Switching).await, without_stranger());
}

/// A stranger's client can only be made where its constructor asks WeChat Pay nothing.
fn without_stranger() -> String {
    FACTS.replace("ok another merchant's signature\nok issue\n", "")
}

/// What the oracle printed; its complaint instead when it had one.
async fn run(mode: KeyMode) -> String {
    let folder = tempfile::tempdir().unwrap();
    KEYS.save(folder.path()).unwrap();
    let stranger = MerchantKeys::generate().unwrap().private_key_pem;
    std::fs::write(folder.path().join("stranger_key.pem"), stranger).unwrap();
    let proof = folder.path().join("proof.json");
    let sandbox = Sandbox::start(Config::new(mode, &KEYS, MCHID, BALANCE_FEN)).await.unwrap();
    std::fs::write(&proof, our_proof(mode, sandbox.now_s()).to_string()).unwrap();

    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/wechat_pay_oracle.py");
    let running = Command::new(python())
        .arg(script)
        .args(["--base-url", &sandbox.base_url, "--mchid", MCHID, "--mode", mode_name(mode)])
        .args(["--merchant-serial", &KEYS.merchant.certificate_serial])
        .args(["--notify-port", &free_port().to_string()])
        .arg("--keys")
        .arg(folder.path())
        .arg("--proof")
        .arg(&proof)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(RUN_MAX, running).await.unwrap().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout).unwrap()
}

/// What our client signs, encrypts and seals, for the oracle to verify and open.
fn our_proof(mode: KeyMode, now_s: i64) -> Value {
    let credentials = credentials(mode);
    let nonce = nonce();
    let mut draft = Draft::new(Order::OutTradeNo("ORDER-1".into()), "P|1", 100, 100);
    draft.reason = Some("商品破损".into());
    let request = Apply::new(draft).unwrap().request();
    let stamp = sign::Stamp { now_s, nonce: &nonce };
    let Request { method, path_and_query, body, .. } = request.clone();
    let route = Route::UserBankCard {
        bank: Bank::CmbDebit,
        account: Private::new("6225880000001234"),
        name: Private::new("张三"),
    };
    let abnormal = ApplyAbnormal::new("5000", "P|1", route).unwrap();
    let abnormal = abnormal.request(&credentials, now_s).unwrap();
    let fields: Value = serde_json::from_slice(&abnormal.body).unwrap();
    let key = credentials.apiv3_key();
    json!({
        "method": method.as_str(),
        "url": path_and_query,
        "body": String::from_utf8(body).unwrap(),
        "authorization": sign::authorization(&request, &credentials, stamp).unwrap(),
        "platform_key": match mode {
            KeyMode::Certificate => "sandbox_platform_key.pem",
            KeyMode::PublicKey | KeyMode::Switching => "sandbox_pub_key_private.pem",
        },
        "bank_account": fields["bank_account"],
        "real_name": fields["real_name"],
        "sealed": seal::seal("张三".as_bytes(), key, "Mw40GMRVWziD", "refund").unwrap(),
    })
}

fn mode_name(mode: KeyMode) -> &'static str {
    match mode {
        KeyMode::PublicKey => "public_key",
        KeyMode::Certificate => "certificate",
        KeyMode::Switching => "switching",
    }
}

/// Free a moment ago; the oracle listens on it a moment later.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where Python is")]
fn python() -> String {
    std::env::var("WANBI_ORACLE_PYTHON")
        .expect("WANBI_ORACLE_PYTHON names a Python with tests/oracle/requirements.txt")
}
