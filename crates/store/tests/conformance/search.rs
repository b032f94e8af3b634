//! Search: words in texts, within one shop.

use super::{
    figures::{figure, stretch, text},
    fixture::{case_id, key_of, search, shop},
    ground::Ground,
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseText, Stretch},
    ports::Store,
    search::LOOKED_AT_MAX,
};
use std::sync::Arc;

async fn write(store: &dyn Store, texts: Vec<CaseText>) {
    let cases = texts.iter().map(|text| {
        let mut figure = figure(1);
        figure.case_id = text.case_id;
        figure
    });
    let cases = cases.collect();
    assert!(store.write_stretch(&Stretch { cases, texts, ..stretch(0, 5) }).await.unwrap());
}

async fn found(store: &dyn Store, wanted: &str) -> Vec<CaseId> {
    search(store, &shop(), wanted, 50).await
}

async fn check(store: &dyn Store, wanted: &str, cases: &[u128]) {
    let cases: Vec<CaseId> = cases.iter().map(|n| case_id(*n)).collect();
    assert_eq!(found(store, wanted).await, cases, "{wanted:?}");
}

pub async fn every_word_must_be_in_the_text(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    let broken = text(1, "手工陶瓷杯 快递问题 破损 courier problem 外箱被压");
    let flawed = text(2, "手工陶瓷杯 质量问题 flawed xl");
    write(store, vec![broken, flawed]).await;

    check(store, "陶瓷", &[2, 1]).await;
    check(store, "问题", &[2, 1]).await;
    check(store, "快递", &[1]).await;
    check(store, "陶瓷 快递", &[1]).await;
    check(store, "陶瓷 快递 质量", &[]).await;
    check(store, "快递问题", &[1]).await;
    check(store, "递问", &[1]).await;
    check(store, "快题", &[]).await;
    check(store, "杯", &[2, 1]).await;
    check(store, "xl", &[2]).await;
    check(store, "压", &[1]).await;
    check(store, "COURIER", &[1]).await;
    check(store, "陶瓷 xl", &[2]).await;
    check(store, "", &[]).await;
    check(store, "   ", &[]).await;
}

pub async fn a_piece_of_a_number_is_enough(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    write(store, vec![text(1, "37001100231 sf1234567890"), text(2, "37001100232")]).await;

    check(store, "SF1234567890", &[1]).await;
    check(store, "ｓｆ１２３", &[1]).await;
    check(store, "7890", &[1]).await;
    check(store, "370011", &[2, 1]).await;
    check(store, "0232", &[2]).await;
    check(store, "0231 sf12", &[1]).await;
    check(store, "sf1234567891", &[]).await;
}

pub async fn special_characters_are_characters(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    write(store, vec![text(1, "100% \"纯棉\" 短袖_白*色 o'clock a-b (c) \\ 🎁")]).await;

    for wanted in [
        "%",
        "_",
        "*",
        "\"",
        "'",
        "\\",
        "(",
        ")",
        "-",
        "100%",
        "\"纯棉\"",
        "短袖_白*色",
        "o'clock",
        "a-b",
        "🎁",
    ] {
        check(store, wanted, &[1]).await;
    }
    for wanted in [
        "纯%棉",
        "纯_棉",
        "短*",
        "NEAR(a b)",
        "a OR b",
        "NOT a",
        "grams:纯棉",
        "'; drop table x",
        "^纯棉",
        "{}",
        "[]",
        "$1",
        "?1",
        "\u{202e}",
        "棉 \u{ffff}",
        ":",
        "&|!",
        "<->",
    ] {
        check(store, wanted, &[]).await;
    }
    check(store, "\u{0}纯\u{0}棉\u{0}", &[1]).await;
    found(store, &"快递坏了%'\"".repeat(1_000)).await;
    found(store, &"字 ".repeat(1_000)).await;
}

pub async fn the_last_opened_come_first_and_no_more_than_the_limit(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    // A stretch of the log gives them order by order.
    let order = (1..=30).filter(|n| n % 3 > 0).chain([30, 3, 27, 6, 9, 24, 12, 21, 15, 18]);
    write(store, order.map(|n| text(n, "快递问题 x")).collect()).await;

    let last: Vec<CaseId> = [30, 29, 28].map(case_id).to_vec();
    assert_eq!(search(store, &shop(), "快递", 3).await, last);
    assert_eq!(search(store, &shop(), "x", 3).await, last);
    assert_eq!(search(store, &shop(), "快递", 9_999).await.len(), 30);
}

/// Grams alone do not say that a word is there: the text has the last word, and so many texts are
/// asked for one answer.
pub async fn a_search_looks_at_so_many_and_goes_on(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    // Every text has the grams of "快递快" and of "ob-7", and one case has the words.
    let words = |n: u128| if n == 40 { "快递快 ob-7 y" } else { "快递x递快 ob－7 ob-8-7" };
    let far = u128::try_from(LOOKED_AT_MAX).unwrap() + 100;
    write(store, (1..=far).map(|n| text(n, words(n))).collect()).await;

    for wanted in ["快递快", "y"] {
        let first = store.search_cases(&shop(), wanted, None, 9).await.unwrap();
        assert_eq!((first.cases.len(), first.older), (0, Some(case_id(101))), "{wanted}");
        let rest = store.search_cases(&shop(), wanted, first.older, 9).await.unwrap();
        assert_eq!((rest.cases, rest.older), (vec![case_id(40)], None), "{wanted}");
    }
    check(store, "ob-7", &[40]).await;
    // Where enough is found it goes on after the last of it.
    let (mut found, mut older) = (Vec::new(), None);
    loop {
        let page = store.search_cases(&shop(), "快递", older, 200).await.unwrap();
        found.extend(page.cases);
        older = page.older;
        if older.is_none() {
            break;
        }
    }
    assert_eq!(found, (1..=far).rev().map(case_id).collect::<Vec<_>>());
}

pub async fn another_shops_cases_are_never_found(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    write(store, vec![text(1, "快递问题 x")]).await;
    let key = key_of("shop2", "o");
    let theirs = CaseText { key: key.clone(), ..text(2, "快递问题 x 机密") };
    let stretch = Stretch { shop_id: key.shop_id, texts: vec![theirs], ..stretch(0, 5) };
    assert!(store.write_stretch(&stretch).await.unwrap());

    check(store, "快递", &[1]).await;
    check(store, "x", &[1]).await;
    check(store, "机密", &[]).await;
    let nobody = ShopId::parse("nobody").unwrap();
    assert_eq!(search(store, &nobody, "快递", 9).await, [] as [CaseId; 0]);
}

pub async fn a_changed_text_is_found_by_its_new_words_only(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    write(store, vec![text(1, "快递问题"), text(2, "快递问题")]).await;
    let changed = CaseText { version: 3, ..text(1, "质量问题") };
    let older = CaseText { version: 1, ..text(2, "七天无理由") };
    let news = Stretch { texts: vec![changed, older], ..stretch(5, 7) };
    assert!(store.write_stretch(&news).await.unwrap());

    check(store, "快递", &[2]).await;
    check(store, "质量", &[1]).await;
    check(store, "无理由", &[]).await;
    check(store, "问题", &[2, 1]).await;
}
