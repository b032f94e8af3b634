//! Texts come out as they went in, whatever they are.

use super::{
    fixture::{
        accept, all_cases, all_effects, all_orders, ask, case, commit, effect, effect_id, key,
        moment, order_row, record, shop,
    },
    ground::Ground,
};
use engine::{
    ports::StoreFault,
    rows::{CaseFilter, Commit, Document},
};
use std::sync::Arc;

/// Quotes, backslashes, what looks like escapes or SQL, controls, emoji, Han outside the basic
/// plane, combining marks, right-to-left, and characters that are no characters.
const ODD: &str = "'\"`\\ \\u0000 \\n; drop table event; -- {}[],: %s ?1 $1 \u{1}\u{8}\t\r\n\u{1f}\u{7f} \
    完璧归赵 𠮷𡨸𪚥 😀👩‍👩‍👧‍👦 é e\u{301} \u{202e}עברית \u{feff}\u{fffd}\u{fffe}\u{ffff}\u{10ffff} ";

pub async fn odd_texts_come_out_as_they_went_in(ground: Arc<Ground>) {
    let mut odd = Commit {
        effects: vec![effect("o.1.0", 10)],
        order: Some(order_row("o", 1)),
        cases: vec![case("o", 1)],
        ..commit("o", 0)
    };
    odd.records[0].kind = ODD.into();
    odd.records[0].body = ODD.into();
    odd.effects[0].kind = ODD.into();
    odd.effects[0].body = ODD.into();
    odd.cases[0].stage = ODD.into();
    odd.cases[0].summary = ODD.into();
    if let Some(order) = &mut odd.order {
        order.summary = ODD.into();
    }
    accept(ground.store.as_ref(), odd.clone()).await;

    let store = &ground.store;
    assert_eq!(store.load(&key("o"), 0).await.unwrap(), odd.records);
    let by_stage = CaseFilter { stage: Some(ODD.into()), ..all_cases() };
    assert_eq!(store.cases(&by_stage).await.unwrap().rows, odd.cases);
    assert_eq!(store.orders(&all_orders()).await.unwrap().rows.first(), odd.order.as_ref());
    let claimed = store.claim_effects(moment(10), moment(20), 1).await.unwrap();
    assert_eq!((claimed[0].kind.as_str(), claimed[0].body.as_str()), (ODD, ODD));
    store.defer_effect(&shop(), &effect_id("o.1.0"), moment(30), ODD).await.unwrap();
    assert_eq!(store.effects(&all_effects()).await.unwrap().rows[0].note, ODD);

    let document = document(ODD, ODD, ODD);
    assert!(store.put_documents(std::slice::from_ref(&document)).await.unwrap());
    assert_eq!(store.document(&shop(), ODD, ODD).await.unwrap(), Some(document));
}

fn document(kind: &str, id: &str, body: &str) -> Document {
    Document {
        shop_id: shop(),
        kind: kind.into(),
        id: id.into(),
        version: 1,
        updated_at: moment(1),
        body: body.into(),
    }
}

pub async fn a_nul_character_is_refused_everywhere(ground: Arc<Ground>) {
    let nul = "a\0b";
    let store = &ground.store;
    let mut record = commit("o", 0);
    record.records[0].body = nul.into();
    let mut kind = commit("o", 0);
    kind.records[0].kind = nul.into();
    let mut asked = Commit { effects: vec![effect("o.1.0", 1)], ..commit("o", 0) };
    asked.effects[0].body = nul.into();
    let mut stage = Commit { cases: vec![case("o", 1)], ..commit("o", 0) };
    stage.cases[0].stage = nul.into();
    let mut summary = order_row("o", 1);
    summary.summary = nul.into();
    let order = Commit { order: Some(summary), ..commit("o", 0) };

    for bad in [record, kind, asked, stage, order] {
        let fault = store.commit(&[commit("good", 0), bad]).await.unwrap_err();
        assert!(matches!(fault, StoreFault::Broken(_)), "{fault}");
    }
    for bad in [document(nul, "a", ""), document("a", nul, ""), document("a", "a", nul)] {
        assert!(matches!(store.put_documents(&[bad]).await, Err(StoreFault::Broken(_))));
    }
    assert!(matches!(store.document(&shop(), nul, "a").await, Err(StoreFault::Broken(_))));
    assert!(matches!(store.document(&shop(), "a", nul).await, Err(StoreFault::Broken(_))));
    assert!(matches!(store.documents(&shop(), "a", nul, 1).await, Err(StoreFault::Broken(_))));
    assert!(matches!(store.streams(&shop(), nul, 1).await, Err(StoreFault::Broken(_))));
    let by_stage = CaseFilter { stage: Some(nul.into()), ..all_cases() };
    assert!(matches!(store.cases(&by_stage).await, Err(StoreFault::Broken(_))));
    assert!(store.streams(&shop(), "", 10).await.unwrap().is_empty());
}

pub async fn a_note_is_cleaned_and_cut(ground: Arc<Ground>) {
    ask(ground.store.as_ref(), &[("a", 10)]).await;
    let note = format!("a\0b{}", "长".repeat(5_000));

    ground.store.bury_effect(&shop(), &effect_id("a"), &note).await.unwrap();

    let kept = ground.store.effects(&all_effects()).await.unwrap().rows.remove(0).note;
    assert!(kept.starts_with("a\u{fffd}b长长"));
    assert_eq!(kept.chars().count(), 1_000);
}

pub async fn a_body_of_a_megabyte_is_kept(ground: Arc<Ground>) {
    let mut long = commit("o", 0);
    long.records = vec![record(1), record(2)];
    long.records[0].body = "完璧\"\\".repeat(131_072);
    assert!(long.records[0].body.len() >= 1 << 20);

    accept(ground.store.as_ref(), long.clone()).await;

    assert_eq!(ground.store.load(&key("o"), 0).await.unwrap(), long.records);
}

pub async fn texts_are_ordered_by_their_bytes(ground: Arc<Ground>) {
    let ids = ["Z", "a", "~", "é", "中", "\u{e000}", "𠮷"];
    let documents: Vec<_> = ids.iter().rev().map(|id| document("k", id, "")).collect();
    assert!(ground.store.put_documents(&documents).await.unwrap());

    let listed = ground.store.documents(&shop(), "k", "", 10).await.unwrap();

    assert_eq!(listed.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), ids);
}
