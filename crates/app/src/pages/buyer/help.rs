//! Help (七、常见问题): questions and answers, the nine causes why a refund fails and what helps,
//! all from the policy in force, so that what is said here is what is decided.

use crate::{
    api::problem::Problem,
    assembly::App,
    pages::{page::Page, show, visit::Visit},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::policy::{Answer, PublicClause};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "buyer/help.html")]
struct Help {
    p: Page,
    wanted: String,
    answers: Vec<Answer>,
    causes: Vec<Cause>,
    others: Vec<PublicClause>,
    contacts: Vec<super::contacts::Contact>,
    shop_id: String,
}

/// A cause why a refund fails, with where to go about it.
struct Cause {
    clause: PublicClause,
    link: &'static str,
    link_word: String,
}

/// `GET /b/help?q=`
///
/// # Errors
/// A [`Problem`] if the policy cannot be read.
pub async fn show(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let language = visit.language();
    let shop_id = visit.shop()?.clone();
    let (_, policy) = crate::pages::policy::in_force(&app, &shop_id, language).await?;
    let wanted = visit.asked_for("q").unwrap_or_default().trim().to_owned();
    let fits = |texts: [&str; 3]| {
        let sought = wanted.to_lowercase();
        sought.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&sought))
    };
    let (causes, others): (Vec<_>, Vec<_>) = policy
        .public_clauses(language)
        .into_iter()
        .filter(|clause| fits([&clause.id, &clause.title, &clause.text]))
        .filter(|clause| !clause.id.starts_with('Q'))
        .partition(|clause| clause.id.starts_with('F'));
    let answers = policy.answers(language).into_iter();
    let answers = answers.filter(|answer| fits([&answer.id, &answer.question, &answer.answer]));
    let causes = causes.into_iter().map(|clause| {
        let link = link(&clause.id);
        Cause {
            link_word: visit.page.t(&format!("bcase-help-go-{}", link.1)),
            link: link.0,
            clause,
        }
    });
    show::page(&Help {
        answers: answers.collect(),
        causes: causes.collect(),
        others,
        contacts: super::contacts::of_shop(&app, &shop_id, language).await?,
        shop_id: shop_id.to_string(),
        wanted,
        p: visit.page,
    })
}

/// Where a buyer goes about a cause.
fn link(clause: &str) -> (&'static str, &'static str) {
    match clause {
        "F7" => ("/b/appeal", "appeal"),
        "F3" | "F8" | "F9" => ("/b/cases", "cases"),
        _ => ("/b", "orders"),
    }
}
