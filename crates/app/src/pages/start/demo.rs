//! The start page of a demo: what the product does, three doors that open with one click, and five
//! stories to look at.

use crate::{
    access::PLATFORM,
    api::problem::Problem,
    assembly::App,
    demo::{
        CHAHE, QINGCI,
        board::Board,
        shop_name,
        stories::{Story, cases_of, stories},
        tokens::Tokens,
    },
    pages::{
        page::{Page, name_of},
        show::page,
    },
};
use askama::Template;
use axum::response::Response;
use engine::ports::StoreFault;

#[derive(Template)]
#[template(path = "start/demo.html")]
struct Start {
    p: Page,
    doors: Vec<Door>,
    stories: Vec<Story>,
}

/// A door with those who may go in.
struct Door {
    name: &'static str,
    groups: Vec<Group>,
}

/// People who belong together.
struct Group {
    name: &'static str,
    first: bool,
    people: Vec<Person>,
}

/// Somebody as whom one can go in.
struct Person {
    who: String,
    name: String,
    note: String,
}

/// Shows it.
///
/// # Errors
/// A [`Problem`] if the cases cannot be read.
pub async fn show(app: &App, board: &Board, p: Page) -> Result<Response, Problem> {
    let language = p.texts.0;
    let fault = |fault: StoreFault| Problem::fault(&fault, language);
    let tokens = &board.tokens;
    let buyers =
        Group { name: "", first: true, people: buyers(app, tokens, &p).await.map_err(fault)? };
    let shops = vec![staff(tokens, (CHAHE, true), &p), staff(tokens, (QINGCI, false), &p)];
    let platform = vec![staff(tokens, (PLATFORM, true), &p)];
    let doors = vec![
        Door { name: "buyer", groups: vec![buyers] },
        Door { name: "merchant", groups: shops },
        Door { name: "platform", groups: platform },
    ];
    let stories = stories(app, tokens).await.map_err(fault)?;
    page(&Start { p, doors, stories })
}

async fn buyers(app: &App, tokens: &Tokens, p: &Page) -> Result<Vec<Person>, StoreFault> {
    let mut people = Vec::new();
    for (n, buyer) in tokens.buyers.iter().enumerate() {
        let note = match cases_of(app, &buyer.shop, &buyer.buyer).await? {
            0 => p.t("demo-cases-none"),
            count => p.t1("demo-cases", "n", count),
        };
        let note = format!("{} · {note}", shop_name(buyer.shop.as_str()));
        people.push(Person { who: format!("buyer/{n}"), name: buyer.name.clone(), note });
    }
    Ok(people)
}

fn staff(tokens: &Tokens, (shop, first): (&str, bool), p: &Page) -> Group {
    let people = tokens.people.iter().filter(|person| person.shop == shop);
    let mut people: Vec<_> = people.collect();
    // The one who does the daily work comes first, the owner last.
    people.sort_by_key(|person| person.person == crate::onboarding::OWNER);
    let people = people.into_iter().map(|person| Person {
        who: format!("{shop}/{}", person.person),
        name: person.name.clone(),
        note: p.texts.word_of("office", &name_of(&person.office)),
    });
    Group { name: shop_name(shop), first, people: people.collect() }
}
