//! Templates at hand while one writes to the buyer: those for this case first. What is chosen is
//! filled with the case's values into the text, where it is read over, changed and sent.

use super::dossier::Dossier;
use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{text::Texts, visit::Visit},
    replies::{
        fill::{Ground, filled, language_of, values},
        follow::shop_says,
        shipped,
        template::{self, Template},
    },
};
use domain::policy::Language;

/// The templates that can be chosen on a case, and the one that was.
pub struct Picker {
    /// Those for this case.
    pub fits: Vec<Choice>,
    /// The others.
    pub others: Vec<Choice>,
    /// The language asked for: `zh`, `en`, or as the buyer writes.
    pub language: String,
    /// What was chosen.
    pub picked: Option<Picked>,
}

/// A template that can be chosen.
pub struct Choice {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A template filled with what the case says.
pub struct Picked {
    /// The text.
    pub text: String,
    /// What the case does not say, by name.
    pub missing: String,
    /// English was wanted, and there is none.
    pub in_chinese: bool,
}

/// The templates for a case, with the one that the address asks for (`?template=…&lang=…`).
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn picker(app: &App, dossier: &Dossier, visit: &Visit) -> Result<Picker, Problem> {
    let language = visit.language();
    let shop_id = &dossier.key.shop_id;
    let own = template::list(&app.registry, shop_id).await;
    let own = own.map_err(|fault| Problem::fault(&fault, language))?;
    let templates: Vec<(String, Template)> = if own.is_empty() {
        let house = shipped::all().iter();
        house.map(|shipped| (shipped.id(), shipped.template(language))).collect()
    } else {
        own.into_iter().map(|entry| (entry.id, entry.body)).collect()
    };
    let asked = visit.asked_for("template").unwrap_or_default();
    let chosen = templates.iter().find(|(id, template)| id == asked && template.active);
    let picked = match chosen {
        Some((_, template)) => Some(picked(app, dossier, visit, template).await?),
        None => None,
    };
    let (mut fits, mut others) = (Vec::new(), Vec::new());
    for (id, template) in templates.into_iter().filter(|(_, template)| template.active) {
        let here = template.applies.fits(&dossier.case, &dossier.policy);
        let choice = Choice { chosen: id == asked, id, name: template.name };
        if here { fits.push(choice) } else { others.push(choice) }
    }
    let language = visit.asked_for("lang").unwrap_or_default().to_owned();
    Ok(Picker { fits, others, language, picked })
}

async fn picked(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    template: &Template,
) -> Result<Picked, Problem> {
    let wanted = match visit.asked_for("lang") {
        Some("zh") => Language::Zh,
        Some("en") => Language::En,
        Some(_) | None => language_of(&dossier.case),
    };
    let (language, text) = template.text(wanted);
    let shop = shop_says(app, &dossier.key.shop_id).await;
    let shop = shop.map_err(|trouble| Problem::trouble(trouble, visit.language()))?;
    let Dossier { case, facts, policy, .. } = dossier;
    let texts = Texts(language);
    let filled = filled(text, &values(Ground { case, facts, policy, shop: &shop }, texts), texts);
    let missing = filled.missing.iter().map(|variable| variable.name(visit.language()));
    Ok(Picked {
        missing: missing.collect::<Vec<_>>().join("、"),
        in_chinese: wanted != language,
        text: filled.text,
    })
}
