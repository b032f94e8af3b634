//! How much may be open, for how long, by whom; and what a sweep clears away.

use super::{World, buyer, check_code, film, id, new, part, send};
use crate::evidence::{
    Fault, Limits, State, Swept, Uploader,
    fixture::{JPEG, PNG},
};
use domain::{
    actor::{Actor, Role},
    id::{PersonId, ShopId},
    moment::Span,
};
use futures_util::future::join_all;

#[tokio::test]
async fn a_buyer_and_a_shop_have_only_so_many_uploads_open() {
    let mut world = World::new().await;
    world.limits = Limits { open_per_buyer_max: 2, open_per_shop_max: 3, ..Limits::default() };
    let files = world.files();

    let calls = (1..=6).map(async |number| {
        files.begin(&buyer("b1"), &new(number, JPEG), world.now).await.map(drop)
    });
    let begun = join_all(calls).await;
    assert_eq!(begun.iter().filter(|outcome| outcome.is_ok()).count(), 2);
    assert!(begun.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Fault::TooManyOpen { .. }))));
    files.begin(&buyer("b2"), &new(11, JPEG), world.now).await.unwrap();
    check_code(files.begin(&buyer("b3"), &new(12, JPEG), world.now).await, "upload_too_many_open");

    let later = world.at(Span::hours(24));
    files.begin(&buyer("b3"), &new(12, JPEG), later).await.unwrap();
}

#[tokio::test]
async fn a_finished_upload_makes_room() {
    let mut world = World::new().await;
    world.limits.open_per_buyer_max = 1;
    let (files, who) = (world.files(), buyer("b1"));
    for number in 1..4 {
        let begun = files.begin(&who, &new(number, PNG), world.now).await.unwrap();
        send(&files, &who, begun, PNG, world.now).await.unwrap();
    }
}

#[tokio::test]
async fn a_buyer_has_so_much_a_day_and_a_shop_has_not() {
    let mut world = World::new().await;
    world.limits.day_files_max = 2;
    let files = world.files();
    let who = buyer("b1");
    let person = Actor::Person { id: PersonId::parse("p1").unwrap(), role: Role::Agent };
    let shop = Uploader { actor: person, ..who.clone() };

    for number in 1..3 {
        files.put_whole(&who, &new(number, JPEG), JPEG.into(), world.now).await.unwrap();
    }
    check_code(files.begin(&who, &new(3, JPEG), world.now).await, "upload_quota_used_up");
    for number in 4..8 {
        files.begin(&shop, &new(number, JPEG), world.now).await.unwrap();
    }
    files.begin(&who, &new(3, JPEG), world.at(Span::hours(15))).await.unwrap();

    world.limits = Limits { day_bytes_max: 1_000, ..Limits::default() };
    let other = buyer("b2");
    world.files().begin(&other, &new(20, JPEG), world.now).await.unwrap();
    check_code(
        world.files().begin(&other, &new(21, JPEG), world.now).await,
        "upload_quota_used_up",
    );
}

#[tokio::test]
async fn an_upload_is_over_after_a_day_and_swept_an_hour_later() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());
    files.begin(&who, &new(1, &bytes), world.now).await.unwrap();
    files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap();
    files.begin(&who, &new(2, &bytes), world.now).await.unwrap();

    let over = world.at(Span::hours(24));
    check_code(files.put_part(&who, id(1), &part(&bytes, 1), over).await, "upload_expired");
    assert_eq!(files.status(&who, id(1), over).await.unwrap().state, State::Expired);
    assert_eq!(files.sweep(over).await.unwrap(), Swept::default());
    assert_eq!(world.paths().len(), 1);

    let swept = files.sweep(over.after(Span::hours(1))).await.unwrap();
    assert_eq!(swept, Swept { expired: 2, cleared: 0 });
    assert!(world.paths().is_empty());
    check_code(files.finish(&who, id(1), world.now).await, "upload_expired");
    assert_eq!(files.sweep(over.after(Span::days(1))).await.unwrap(), Swept::default());
}

#[tokio::test]
async fn a_sweep_leaves_files_and_open_uploads_alone() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());
    let file = files.put_whole(&who, &new(1, JPEG), JPEG.into(), world.now).await.unwrap();
    let late = world.at(Span::hours(20));
    files.begin(&who, &new(2, &bytes), late).await.unwrap();
    let progress = files.put_part(&who, id(2), &part(&bytes, 0), late).await.unwrap();
    let before = world.paths();

    files.sweep(world.at(Span::hours(30))).await.unwrap();

    assert_eq!(world.paths(), before);
    assert_eq!(files.file(&who.shop_id, &file.file_id).await.unwrap(), file);
    send(&files, &who, progress, &bytes, late).await.unwrap();
}

#[tokio::test]
async fn nobody_sees_the_uploads_of_others() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    files.begin(&who, &new(1, JPEG), world.now).await.unwrap();
    let elsewhere = Uploader { shop_id: ShopId::parse("shop-2").unwrap(), ..who.clone() };

    for other in [&buyer("b2"), &elsewhere] {
        check_code(files.status(other, id(1), world.now).await, "file_not_found");
        let sent = files.put_part(other, id(1), &part(JPEG, 0), world.now).await;
        check_code(sent, "file_not_found");
        check_code(files.finish(other, id(1), world.now).await, "file_not_found");
    }
    check_code(files.begin(&buyer("b2"), &new(1, JPEG), world.now).await, "upload_id_taken");
}

#[tokio::test]
async fn ids_of_any_shop_stay_inside_the_folder() {
    let world = World::new().await;
    let files = world.files();
    for (number, shop) in ["..", ".", "a#1", "a|b*c:d@e", "%2e%2e"].iter().enumerate() {
        let Ok(shop_id) = ShopId::parse(shop) else { continue };
        let who = Uploader { shop_id, ..buyer("b1") };
        let number = number as u128 * 10;
        let begun = files.begin(&who, &new(number, PNG), world.now).await.unwrap();
        let file = send(&files, &who, begun, PNG, world.now).await.unwrap();
        files.begin(&who, &new(number + 1, PNG), world.now).await.unwrap();
        files.put_part(&who, id(number + 1), &part(PNG, 0), world.now).await.unwrap();
        files.verify(&who.shop_id, &file.file_id).await.unwrap();
    }

    let swept = files.sweep(world.at(Span::days(2))).await.unwrap();

    assert_eq!(swept.expired, 4);
    assert_eq!(world.paths().len(), 4);
    let top: Vec<_> = std::fs::read_dir(world.folder.path()).unwrap().flatten().collect();
    assert!(top.iter().all(|entry| {
        let name = entry.file_name().into_string().unwrap();
        name == "bytes" || name.starts_with("wanbi.")
    }));
}
