//! How a shop is reached (C2), and where returned goods go, as its buyers see it.

use crate::{api::problem::Problem, assembly::App, bulletin, pages::text::Texts};
use domain::{id::ShopId, policy::Language};

/// One way to reach a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What kind it is: `service`, `hotline`, `account`, `address`, `carriers`.
    pub kind: &'static str,
    /// The kind in a word.
    pub word: String,
    /// The number, name or address.
    pub text: String,
    /// Where a tap leads; empty where nowhere.
    pub link: String,
}

/// The contact channels of a shop; none if it has named none.
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn of_shop(
    app: &App,
    shop_id: &ShopId,
    language: Language,
) -> Result<Vec<Contact>, Problem> {
    let fault = |fault| Problem::fault(&fault, language);
    let (_, contacts) = bulletin::contacts(&app.registry, shop_id).await.map_err(fault)?;
    let (_, shipping) = bulletin::shipping(&app.registry, shop_id).await.map_err(fault)?;
    Ok(listed(contacts, shipping, Texts(language)))
}

fn listed(
    contacts: bulletin::Contacts,
    shipping: bulletin::Shipping,
    texts: Texts,
) -> Vec<Contact> {
    let phone = contacts.hotline.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    let phone = format!("tel:{}", phone.collect::<String>());
    let hotline = format!("{} {}", contacts.hotline, contacts.hours);
    let open = if contacts.service_url.is_empty() { "" } else { "bcase-contact-open" };
    let open = if open.is_empty() { String::new() } else { texts.t(open) };
    let all = [
        ("service", open, contacts.service_url),
        ("hotline", hotline, if contacts.hotline.is_empty() { String::new() } else { phone }),
        ("account", contacts.official_account, String::new()),
        ("address", shipping.return_address, String::new()),
        ("carriers", shipping.carriers.join(texts.t("bcase-comma").as_str()), String::new()),
    ];
    let named = all.into_iter().filter(|(_, text, _)| !text.trim().is_empty());
    named
        .map(|(kind, text, link)| Contact {
            kind,
            word: texts.t(&format!("bcase-contact-{kind}")),
            text: text.trim().to_owned(),
            link,
        })
        .collect()
}
