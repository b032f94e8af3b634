//! Notices of the channel: early, late, twice, never, or somebody else's.

use super::{assert_books_equal, refund_of, refunding, refunding_to, trouble, until_closed};
use crate::world::{Database, SHOP, World, transaction_of};
use domain::moment::Span;
use sandbox::faults::{Call, Kind};
use serde_json::Value;

async fn a_notice_changes_things_once_however_it_comes(database: Database) {
    let world = World::new(database).await;
    let kinds = [
        Kind::NoticeProbe,
        Kind::NoticeWrongSerial,
        Kind::NoticeStale,
        Kind::NoticeDuplicate,
        Kind::NoticeLate { seconds: 900 },
        Kind::NoticeHeld,
        Kind::NoticeLost,
        Kind::NoticeBeforeAnswer,
    ];
    for (n, kind) in kinds.into_iter().enumerate() {
        trouble(&world, kind.clone(), Call::Any);
        let order_id = format!("38{n:05}");
        let case_id = refunding_to(&world, &format!("o{n}"), &order_id, 5_900).await;

        let case = until_closed(&world, &case_id, 30).await;
        world.pass(Span::hours(2)).await;

        assert_eq!(world.case(&case_id).await["version"], case["version"], "{kind:?} came later");
        let count = world.sandbox.books().refunds_of(&transaction_of(&order_id)).count();
        assert_eq!(count, 1, "{kind:?}");
    }
    let pending = world.sandbox.books();
    let pending = pending.notices().filter(|notice| notice.due_ms.is_some()).count();
    assert_eq!(pending, 0, "every notice was taken or given up");
    assert_books_equal(&world).await;
}

/// The success is on record by the notice alone, before anybody asks.
async fn a_notice_closes_a_case_before_the_first_question(database: Database) {
    let world = World::new(database).await;
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;

    world.pass(Span::seconds(4)).await;

    let case = world.case(&case_id).await;
    assert_eq!((&case["stage"], &case["outcome"]), (&"closed".into(), &"refunded".into()));
    assert_eq!(case["refunds"][0]["arrived_in"], "支付用户零钱");
    assert_books_equal(&world).await;
}

/// Whoever is not the channel is not believed, whatever the body says.
async fn a_forged_notice_is_refused_and_changes_nothing(database: Database) {
    let world = World::new(database).await;
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let before = world.case(&case_id).await;
    let signed = [
        ("wechatpay-timestamp", world.sandbox.now_s().to_string()),
        ("wechatpay-nonce", "abcdefghijklmnopqrstuvwxyz012345".to_owned()),
        ("wechatpay-serial", "PUB_KEY_ID_0000000000000024101100397200000006".to_owned()),
        ("wechatpay-signature", "Zm9yZ2Vk".repeat(43)),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
    ];
    for body in ["", "{}", "[]", "null", "\u{0}", &"x".repeat(60_000), &"[".repeat(10_000)] {
        for headers in [&signed[..], &[]] {
            let url = format!("{}/api/v1/notices/wechat-pay/{SHOP}/{case_id}", world.base);
            let mut request = world.http.post(url).body(body.to_owned());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status().as_u16(), 401);
            let told: Value = response.json().await.unwrap();
            assert_eq!(told["code"], "FAIL");
        }
    }
    assert_eq!(world.case(&case_id).await, before);
    assert_eq!(refund_of(&world, &case_id, 0).await["state"], "accepted");
}

crate::on_both! {
    a_notice_changes_things_once_however_it_comes,
    a_notice_closes_a_case_before_the_first_question,
    a_forged_notice_is_refused_and_changes_nothing,
}
