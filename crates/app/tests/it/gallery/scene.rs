//! The demo, started for a gallery: two shops with a past of three weeks, in a folder that goes
//! with it.

use app::{
    access::{member::Member, session},
    demo::{Demo, folder::Folder},
    pages::door::Door,
};
use domain::{
    id::{BuyerId, ShopId},
    moment::Span,
};
use tokio::sync::watch;

/// A running demo.
pub struct Scene {
    pub demo: Demo,
    _stop: watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Starts it.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (stop, stopped) = watch::channel(false);
        let taken = Folder::take(folder.path()).unwrap();
        let demo = Demo::start(taken, 0, stopped).await.unwrap();
        Self { demo, _stop: stop, _folder: folder }
    }

    /// Where it is reached.
    pub fn base(&self) -> &str {
        &self.demo.running.url
    }

    /// The cookie by which a buyer is known.
    pub fn buyer(&self, shop_id: &str, buyer_id: &str) -> String {
        let (shop, buyer) = (ShopId::parse(shop_id).unwrap(), BuyerId::parse(buyer_id).unwrap());
        let until = self.demo.app.desk.now().after(Span::days(1));
        let token = self.demo.app.links.sign(&shop, &buyer, until).unwrap();
        format!("{}={token}", Door::Buyer.cookie())
    }

    /// The cookie by which a person of a shop, or of the platform, is known.
    pub async fn person(&self, shop_id: &str, person_id: &str) -> String {
        let (app, member) = (&self.demo.app, Member::named(shop_id, person_id).unwrap());
        let token = session::open(app, &member, "Chromium", app.desk.now()).await.unwrap();
        let door = if member.is_of_platform() { Door::Platform } else { Door::Merchant };
        format!("{}={}", door.cookie(), token.expect("the person is there"))
    }
}
