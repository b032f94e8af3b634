//! The payment channel's stand-in for the two shops: a merchant number and keys for each.

use super::{
    CHAHE, DemoFault, QINGCI,
    folder::{BOOKS, Folder, KEYS},
};
use domain::id::ShopId;
use sandbox::{
    Sandbox, StartError,
    config::{Config, KeyMode, Pace, Time},
    keys::{Keys, MerchantKeys},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

/// What each merchant's refunds are paid from, in fen: two million yuan.
pub const BALANCE_FEN: i64 = 200_000_000;
/// The merchant number of each shop.
pub const MERCHANTS: [(&str, &str); 2] = [(CHAHE, "1900008101"), (QINGCI, "1900008202")];

/// The merchant number of a shop.
pub fn mchid(shop_id: &ShopId) -> &'static str {
    let mut merchants = MERCHANTS.into_iter();
    merchants.find(|(shop, _)| *shop == shop_id.as_str()).map_or("", |(_, mchid)| mchid)
}

/// A shop as the channel knows it.
pub struct Side {
    shop: &'static str,
    mchid: &'static str,
    keys: Keys,
    folder: PathBuf,
}

/// Both shops; their keys are made once. There is one WeChat Pay, so its keys are the same.
pub fn sides(folder: &Folder) -> Result<Vec<Side>, DemoFault> {
    let mut sides: Vec<Side> = Vec::new();
    for (shop, mchid) in MERCHANTS {
        let place = folder.path_of(KEYS).join(shop);
        let keys = match (Keys::load(&place), sides.first()) {
            (Ok(keys), _) => keys,
            (Err(_), None) => Keys::load_or_generate(&place)?,
            (Err(_), Some(first)) => {
                let platform = first.keys.platform.clone();
                let keys = Keys { merchant: MerchantKeys::generate()?, platform };
                keys.save(&place)?;
                keys
            }
        };
        sides.push(Side { shop, mchid, keys, folder: place });
    }
    Ok(sides)
}

/// Starts the stand-in on a port.
pub async fn start(folder: &Folder, sides: &[Side], port: u16) -> Result<Sandbox, DemoFault> {
    let Some(first) = sides.first() else { return Err(DemoFault::Story("no shops".into())) };
    let merchants = sides.iter().map(|side| side.keys.merchant.merchant(side.mchid, BALANCE_FEN));
    let config = Config {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        mode: KeyMode::PublicKey,
        platform: first.keys.platform.clone(),
        merchants: merchants.collect(),
        journal: Some(folder.path_of(BOOKS)),
        // A silenced answer is held for less than the client waits, so that a demo moves on.
        pace: Pace { silence: Duration::from_secs(5), ..Pace::default() },
        time: Time::Flows,
    };
    Sandbox::start(config).await.map_err(|error| match error {
        StartError::Bind(source) => DemoFault::SandboxPort { port, why: source.to_string() },
        StartError::Journal(_)
        | StartError::Http(_)
        | StartError::ApiV3Key(_)
        | StartError::Keys(_) => error.into(),
    })
}

impl Side {
    /// The part of a configuration that names this merchant account.
    pub fn account(&self, base_url: &str) -> String {
        let file = |name: &str| self.folder.join(name).display().to_string();
        format!(
            "\n[wechat_pay.{}]\nmchid = {:?}\ncertificate_serial = {:?}\n\
             private_key_file = {:?}\napiv3_key_file = {:?}\npublic_key_id = {:?}\n\
             public_key_file = {:?}\nbase_url = {base_url:?}\n",
            self.shop,
            self.mchid,
            self.keys.merchant.certificate_serial,
            file("apiclient_key.pem"),
            file("apiv3_key.txt"),
            self.keys.platform.public_key_id,
            file("pub_key.pem"),
        )
    }
}
