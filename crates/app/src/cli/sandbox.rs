//! `wanbi sandbox`: WeChat Pay's stand-in alone, with the keys and the configuration that a
//! developer needs to be refunded by it.

use super::serve::told_to_stop;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use sandbox::{
    Sandbox, StartError,
    config::{Config, KeyMode},
    keys::Keys,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The merchant number of the stand-in's one merchant.
const MCHID: &str = "1900000001";
/// What its refunds are paid from, in fen.
const BALANCE_FEN: i64 = 100_000_000;

/// How to stand in.
#[derive(Debug, Args)]
pub struct Options {
    /// Where to listen. Its control API is open: keep it on this machine.
    #[arg(long, default_value = "127.0.0.1:8100")]
    bind: SocketAddr,
    /// Where keys, books and the configuration lie.
    #[arg(long, default_value = "wanbi-sandbox")]
    folder: PathBuf,
    /// Which kind of keys it signs with.
    #[arg(long, default_value = "public-key")]
    mode: Mode,
}

/// Which kind of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// WeChat Pay's public key (公钥模式).
    PublicKey,
    /// Platform certificates (平台证书模式).
    Certificate,
    /// From the one to the other (切换中).
    Switching,
}

/// Runs `wanbi sandbox`.
///
/// # Errors
/// If it cannot start.
pub async fn sandbox(options: Options) -> anyhow::Result<ExitCode> {
    let Options { bind, folder, mode } = options;
    let named = || format!("use the folder {}", folder.display());
    std::fs::create_dir_all(&folder).with_context(named)?;
    let folder = folder.canonicalize().with_context(named)?;
    let keys = Keys::load_or_generate(&folder.join("keys")).context("make or read the keys")?;
    let key_mode = match mode {
        Mode::PublicKey => KeyMode::PublicKey,
        Mode::Certificate => KeyMode::Certificate,
        Mode::Switching => KeyMode::Switching,
    };
    let mut config = Config::new(key_mode, &keys, MCHID, BALANCE_FEN);
    config.bind = bind;
    config.journal = Some(folder.join("sandbox.jsonl"));
    let running = match Sandbox::start(config).await {
        Ok(running) => running,
        Err(StartError::Bind(source)) => {
            bail!("cannot listen on {bind} ({source}); name another with --bind")
        }
        Err(error) => return Err(error).context("start the sandbox"),
    };
    let path = folder.join("wanbi.toml");
    let text = fragment(&folder, &keys, mode, &running.base_url);
    std::fs::write(&path, &text).with_context(|| format!("write {}", path.display()))?;
    hello(&running.base_url, &path, &text);
    told_to_stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The part of a configuration that makes a shop's refunds go to the stand-in.
fn fragment(folder: &Path, keys: &Keys, mode: Mode, base_url: &str) -> String {
    let file = |name: &str| folder.join("keys").join(name).display().to_string();
    let mut text = format!(
        "# For a shop named `my-shop`: put this into your wanbi.toml.\n\
         [wechat_pay.my-shop]\nmchid = {MCHID:?}\ncertificate_serial = {:?}\n\
         private_key_file = {:?}\napiv3_key_file = {:?}\nbase_url = {base_url:?}\n",
        keys.merchant.certificate_serial,
        file("apiclient_key.pem"),
        file("apiv3_key.txt"),
    );
    if mode != Mode::Certificate {
        let (id, key) = (&keys.platform.public_key_id, file("pub_key.pem"));
        text.push_str(&format!("public_key_id = {id:?}\npublic_key_file = {key:?}\n"));
    }
    if mode != Mode::PublicKey {
        let certificate = file("platform_cert.pem");
        text.push_str(&format!("certificate_files = [{certificate:?}]\n"));
    }
    text
}

fn hello(url: &str, path: &Path, text: &str) {
    println!("微信支付替身 · WeChat Pay stand-in at {url}, merchant {MCHID}");
    println!("\n{} :\n\n{text}", path.display());
    println!("控制 control:");
    println!("  curl -s {url}/sandbox/state");
    let payment = format!(r#"{{"out_trade_no":"ORDER-1","mchid":"{MCHID}","total_fen":9900}}"#);
    let json = "-H \"Content-Type: application/json\"";
    println!("  curl -s -X PUT {json} {url}/sandbox/transactions -d '{payment}'");
    let fault = r#"{"kind":"notice_lost","scope":{"next":1}}"#;
    println!("  curl -s -X POST {json} {url}/sandbox/faults -d '{fault}'");
    println!("\nCtrl-C 停止 · stops");
}
