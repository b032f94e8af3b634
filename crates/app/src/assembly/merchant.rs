//! Merchant accounts from their configuration: keys are read from files, once.

use super::AssemblyError;
use crate::{
    config::{Config, WechatPayAccount},
    world::random_hex,
};
use domain::id::ShopId;
use providers::{
    channel::{Account, Accounts},
    client::{self, Client},
    pace::Pace,
    wechat_pay::{
        WechatPay,
        credentials::{Credentials, MerchantSource},
        platform_keys::{Certificate, PlatformKeys, PublicKey},
    },
};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// WeChat Pay's own address, and the one in another city.
const BASE_URL: &str = "https://api.mch.weixin.qq.com";
const BACKUP_BASE_URL: &str = "https://api2.mch.weixin.qq.com";
/// Applications for refunds that WeChat Pay takes in a second from one merchant.
const REFUNDS_PER_SECOND: u32 = 150;

pub(super) fn accounts(config: &Config) -> Result<Accounts, AssemblyError> {
    let mut shops = BTreeMap::new();
    for (shop, account) in &config.wechat_pay {
        let wrong = |why: String| AssemblyError::Merchant { shop: shop.clone(), why };
        let shop_id = ShopId::parse(shop).map_err(|error| wrong(error.to_string()))?;
        let opened = open(account, &shop_id, &config.server.public_url).map_err(wrong)?;
        shops.insert(shop_id, opened);
    }
    Ok(Accounts::new(shops))
}

fn open(account: &WechatPayAccount, shop_id: &ShopId, public: &str) -> Result<Account, String> {
    let source = MerchantSource {
        mchid: account.mchid.clone(),
        certificate_serial: account.certificate_serial.clone(),
        private_key_pem: read(&account.private_key_file)?,
        apiv3_key: read(&account.apiv3_key_file)?.trim().to_owned(),
    };
    let credentials =
        Credentials::new(&source, platform_keys(account)?).map_err(|error| error.to_string())?;
    let mut settings = client::Config::new(account.base_url.as_deref().unwrap_or(BASE_URL));
    if account.base_url.is_none() {
        settings.backup_base_url = Some(BACKUP_BASE_URL.to_owned());
    }
    let client = Client::new(&settings).map_err(|error| error.to_string())?;
    let public = public.trim_end_matches('/');
    Ok(Account {
        line: Arc::new(WechatPay::new(client, credentials)),
        notify_url: Some(format!("{public}/api/v1/notices/wechat-pay/{shop_id}")),
        renews: account.public_key_id.is_none() || !account.certificate_files.is_empty(),
        pace: Arc::new(Pace::per_second(REFUNDS_PER_SECOND)),
        nonce: random_hex::<16>,
    })
}

/// Public-key mode, certificate mode, or the switch between them, as the files say.
fn platform_keys(account: &WechatPayAccount) -> Result<PlatformKeys, String> {
    let certificates = account
        .certificate_files
        .iter()
        .map(|path| Certificate::from_pem(&read(path)?).map_err(|error| error.to_string()))
        .collect::<Result<Vec<_>, String>>()?;
    let public = match (&account.public_key_id, &account.public_key_file) {
        (Some(id), Some(path)) => {
            Some(PublicKey::from_pem(id, &read(path)?).map_err(|error| error.to_string())?)
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err("public_key_id and public_key_file go together".to_owned());
        }
    };
    match public {
        Some(key) if certificates.is_empty() => Ok(PlatformKeys::public_key(key)),
        Some(key) => Ok(PlatformKeys::switching(key, certificates)),
        None => Ok(PlatformKeys::certificates(certificates)),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
