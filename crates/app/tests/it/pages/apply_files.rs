//! Files of an application: in parts as script sends them, with the buyer's cookie; whole as a form
//! without script sends them; films in ranges; nobody else's.

use super::visitor::Visitor;
use crate::world::{Database, World, facts};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

const PHOTO: &[u8] = include_bytes!("../../fixtures/evidence/photo.jpg");
const FILM: &[u8] = include_bytes!("../../fixtures/evidence/film.mp4");
const ORDER: &str = "/b/orders/3700001";

async fn buyer(world: &World) -> Visitor {
    let order = facts(world, "3700001", "oB1", 5_900, 1);
    let path = "/api/v1/orders/3700001";
    assert!(world.send(Method::PUT, &world.owner, path, &order).await.0.is_success());
    Visitor::buyer(world, "oB1").await
}

/// Goes to the third step of a complaint, and answers with the key of its form.
async fn third_step(buyer: &Visitor) -> String {
    buyer.post(&format!("{ORDER}/apply"), &[("type", "refund_only")]).await;
    let goods = [("reason", "quality_defect"), ("quantity-A1", "1"), ("received", "yes")];
    buyer.post(&format!("{ORDER}/apply/goods"), &goods).await;
    buyer.get(&format!("{ORDER}/apply/told")).await.field("once")
}

async fn upload(buyer: &Visitor, name: &str, bytes: &[u8]) -> Value {
    let upload = json!({"name": name, "size": bytes.len()});
    let begun = buyer.tell(&format!("{ORDER}/uploads"), &upload).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.html);
    let begun: Value = serde_json::from_str(&begun.html).unwrap();
    let at = format!("/b/uploads/{}", begun["upload_id"].as_str().unwrap());
    // As after a lost answer: the same part comes twice.
    for _ in 0..2 {
        let put = buyer.put(&format!("{at}/parts/0"), bytes).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.html);
    }
    let status: Value = serde_json::from_str(&buyer.get(&at).await.html).unwrap();
    assert_eq!(status["next_offset"], bytes.len());
    let done = buyer.tell(&format!("{at}/finish"), &Value::Null).await;
    serde_json::from_str(&done.html).unwrap()
}

#[tokio::test]
async fn a_film_goes_up_in_parts_with_the_cookie_and_is_played_in_ranges() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let once = third_step(&buyer).await;
    let stored = upload(&buyer, "开箱.mp4", FILM).await;
    let file_id = stored["file_id"].as_str().unwrap();

    let form = [("once", once.as_str()), ("file_id", file_id), ("do", "check")];
    let page = buyer.post(&format!("{ORDER}/apply/told"), &form).await;
    assert!(page.html.contains("开箱.mp4") && page.html.contains("need-met"), "{}", page.html);

    let film = buyer.http.get(format!("{}/b/files/{file_id}", buyer.base));
    let film = film.header(header::COOKIE, &buyer.cookie).header(header::RANGE, "bytes=0-99");
    let film = film.send().await.unwrap();
    assert_eq!(film.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(film.headers()[header::CONTENT_TYPE], "video/mp4");
    assert_eq!(film.bytes().await.unwrap().as_ref(), &FILM[..100]);
}

#[tokio::test]
async fn another_buyers_order_and_files_are_not_there() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let stored = upload(&buyer, "a.jpg", PHOTO).await;
    let other = Visitor::buyer(&world, "oB2").await;
    let file = format!("/b/files/{}", stored["file_id"].as_str().unwrap());
    for path in [
        ORDER,
        &format!("{ORDER}/apply"),
        &format!("{ORDER}/apply/goods"),
        &format!("{ORDER}/apply/told"),
        &format!("{ORDER}/cancel"),
        &file,
    ] {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["apply", "apply/goods", "apply/told", "apply/drop", "cancel", "deposit"] {
        let sent = other.post(&format!("{ORDER}/{path}"), &[("type", "refund_only")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{path}");
    }
    let begun = other.tell(&format!("{ORDER}/uploads"), &json!({"size": 3})).await;
    assert_eq!(begun.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_from_another_site_is_refused_and_a_fault_is_said_in_the_pages_language() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let from = buyer.http.post(format!("{}{ORDER}/uploads", buyer.base));
    let from = from.header(header::COOKIE, &buyer.cookie).header("sec-fetch-site", "cross-site");
    let from = from.json(&json!({"size": 3})).send().await.unwrap();
    assert_eq!(from.status(), StatusCode::FORBIDDEN);
    let english = Visitor::buyer(&world, "oB1").await.reading("en");
    let large = english.tell(&format!("{ORDER}/uploads"), &json!({"size": 900_000_000})).await;
    assert!(large.html.contains("file_too_large") && large.html.contains("The file is too large"));
}

#[tokio::test]
async fn what_is_fit_is_kept_where_one_file_of_several_is_not() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let once = third_step(&buyer).await;
    let path = format!("{ORDER}/apply/told");
    let form = [("once", once.as_str()), ("description", "裂了"), ("do", "attach")];
    let files: [(&str, &[u8]); 3] = [("一.jpg", PHOTO), ("坏.jpg", b"<script>"), ("三.mp4", FILM)];

    let kept = buyer.attach(&path, &form, &files).await;

    assert!(kept.status.is_client_error(), "{}", kept.status);
    assert!(kept.html.contains("坏.jpg ·") && kept.html.contains("裂了"), "{}", kept.html);
    assert!(kept.html.contains("一.jpg") && kept.html.contains("三.mp4"));
    let place = |html: &str, name: &str| html.find(name).unwrap();
    let files = kept.html.split_once("id=\"files\"").unwrap().1;
    assert!(place(files, "一.jpg") < place(files, "三.mp4"));
    let first = files.split_once("data-file=\"").unwrap().1.split('"').next().unwrap();
    let down = format!("down-{first}");
    let moved = buyer.post(&path, &[("once", &once), ("do", &down)]).await;
    let files = moved.html.split_once("id=\"files\"").unwrap().1;
    assert!(place(files, "三.mp4") < place(files, "一.jpg"));
}

#[tokio::test]
async fn no_more_than_twenty_files_are_attached() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let once = third_step(&buyer).await;
    let path = format!("{ORDER}/apply/told");
    let form = [("once", once.as_str()), ("do", "attach")];
    let many: Vec<(&str, &[u8])> = vec![("a.jpg", PHOTO); 20];
    assert_eq!(buyer.attach(&path, &form, &many).await.status, StatusCode::OK);
    let more = buyer.attach(&path, &form, &[("b.jpg", PHOTO)]).await;
    assert_eq!(more.html.matches("data-file=").count(), 20);
    assert!(!more.html.contains("b.jpg"));
    let sent = [("once", once.as_str()), ("description", "裂了"), ("do", "submit")];
    assert_eq!(buyer.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_put_on_record_before_is_at_hand_as_evidence() {
    let world = World::new(Database::Sqlite).await;
    let buyer = buyer(&world).await;
    let stored = upload(&buyer, "开箱.mp4", FILM).await;
    let file_id = stored["file_id"].as_str().unwrap();
    let done = buyer.post(&format!("{ORDER}/deposit"), &[("file_id", file_id)]).await;
    assert_eq!(done.location, Some(format!("{ORDER}?done=deposited")));
    let none = buyer.post(&format!("{ORDER}/deposit"), &[]).await;
    assert_eq!(none.location, Some(format!("{ORDER}?done=deposited-nothing")));

    let once = third_step(&buyer).await;
    let path = format!("{ORDER}/apply/told");
    let using = format!("use-{file_id}");
    assert!(buyer.get(&path).await.html.contains(&using));
    let used = buyer.post(&path, &[("once", &once), ("do", &using)]).await;
    assert!(used.html.contains(&format!("data-file=\"{file_id}\"")), "{}", used.html);
    let sent = [("once", once.as_str()), ("description", "裂了"), ("do", "submit")];
    let filed = buyer.post(&path, &sent).await.location.unwrap();
    let case_id = filed.trim_start_matches("/b/cases/").split('?').next().unwrap();
    assert_eq!(world.case(case_id).await["application"]["evidence"], json!([file_id]));
}
