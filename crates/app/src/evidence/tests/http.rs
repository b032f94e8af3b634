//! The same over HTTP: what a page's script or another program sends and gets.

use super::{MIB, World, buyer, film, id};
use crate::evidence::{
    Digest, Files, StoredFile, UploadId, Uploader,
    fixture::{JPEG, PDF},
    http::{Door, content, routes},
};
use axum::{Extension, Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::moment::Moment;
use http::{Request, Response, StatusCode, header::RANGE};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt as _;

#[derive(Clone)]
struct Reception(Arc<Files>, Moment);

impl Door for Reception {
    fn files(&self) -> &Files {
        &self.0
    }

    fn now(&self) -> Moment {
        self.1
    }

    fn draw_upload_id(&self) -> UploadId {
        id(77)
    }
}

fn router(world: &World, who: Uploader) -> Router {
    routes().with_state(Reception(Arc::new(world.files()), world.now)).layer(Extension(who))
}

async fn call(router: &Router, method: &str, path: &str, body: impl Into<Body>) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header("accept-language", "en-GB");
    let request = request.header("content-type", "application/json").body(body.into()).unwrap();
    read(router.clone().oneshot(request).await.unwrap()).await
}

async fn read(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), MIB).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_file_is_uploaded_by_parts() {
    let world = World::new().await;
    let (router, bytes) = (router(&world, buyer("b1")), film());
    let begin = json!({ "name": "a/破损.mp4", "size": bytes.len() }).to_string();

    let (status, begun) = call(&router, "POST", "/orders/o-1/uploads", begin).await;
    assert_eq!((status, &begun["part_size"], &begun["next_offset"]), (201, &json!(MIB), &json!(0)));
    let upload = format!("/uploads/{}", begun["upload_id"].as_str().unwrap());
    let (status, ahead) =
        call(&router, "PUT", &format!("{upload}/parts/{MIB}"), bytes[MIB..2 * MIB].to_vec()).await;
    assert_eq!((status, &ahead["next_offset"]), (409, &json!(0)));
    assert_eq!(ahead["detail"], "This is not the next part. Go on at the offset given.");
    for (number, part) in bytes.chunks(MIB).enumerate() {
        let path = format!("{upload}/parts/{}", number * MIB);
        assert_eq!(call(&router, "PUT", &path, part.to_vec()).await.0, 200);
    }
    let (status, file) = call(&router, "POST", &format!("{upload}/finish"), "").await;

    assert_eq!((status, &file["media"], &file["name"]), (200, &json!("mp4"), &json!("破损.mp4")));
    assert_eq!(file["sha256"], Digest::of(&bytes).to_string());
    assert_eq!(call(&router, "GET", &upload, "").await.1["state"], "finished");
}

#[tokio::test]
async fn a_part_that_is_too_long_is_not_read_to_its_end() {
    let world = World::new().await;
    let router = router(&world, buyer("b1"));
    let begin = json!({ "size": 3 * MIB }).to_string();
    call(&router, "POST", "/orders/o-1/uploads", begin).await;

    let path = format!("/uploads/{}/parts/0", id(77));
    let (status, problem) = call(&router, "PUT", &path, vec![0; 2 * MIB]).await;

    assert_eq!((status, &problem["code"]), (400, &json!("upload_wrong_length")));
}

#[tokio::test]
async fn a_declared_sum_is_checked() {
    let world = World::new().await;
    let router = router(&world, buyer("b1"));
    let send = async |sum: &[u8]| {
        let digest = format!("sha-512=:x:, sha-256=:{}:", STANDARD.encode(sum));
        let request = Request::post("/orders/o-1/files").header("content-digest", digest);
        read(router.clone().oneshot(request.body(Body::from(JPEG)).unwrap()).await.unwrap()).await
    };

    assert_eq!(send(Digest::of(PDF).bytes()).await.1["code"], "upload_digest_differs");
    assert_eq!(send(b"short").await.1["code"], "upload_not_understood");
    assert_eq!(send(Digest::of(JPEG).bytes()).await.0, 201);
}

#[tokio::test]
async fn a_file_is_handed_out_in_parts_and_in_a_sandbox() {
    let world = World::new().await;
    let files = world.files();
    let new = super::new(1, JPEG);
    let file = files.put_whole(&buyer("b1"), &new, JPEG.into(), world.now).await.unwrap();
    let get = async |file: &StoredFile, range: &str| {
        let request = Request::builder().header(RANGE, range).body(()).unwrap();
        content(&files, file, request.headers()).await
    };

    let part = get(&file, "bytes=10-19").await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], format!("bytes 10-19/{}", JPEG.len()));
    assert_eq!(part.headers()["content-security-policy"], "sandbox; default-src 'none'");
    let bytes = axum::body::to_bytes(part.into_body(), MIB).await.unwrap();
    assert_eq!(bytes, JPEG[10..20]);
    let beyond = get(&file, "bytes=99999-").await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let gone = StoredFile { begun_at: Moment::from_ms(0), ..file };
    assert_eq!(read(get(&gone, "bytes=0-").await).await.0, 500);
}

#[tokio::test]
async fn a_refusal_is_told_in_the_language_asked_for() {
    let world = World::new().await;
    let router = router(&world, buyer("b1"));
    let (status, problem) = call(&router, "POST", "/orders/o-1/files?name=x.gif", "GIF89a").await;
    assert_eq!((status, &problem["code"]), (422, &json!("file_type_not_allowed")));
    assert!(problem["detail"].as_str().unwrap().starts_with("Only pictures"));

    let request = Request::post("/orders/o-1/files").body(Body::from("GIF89a")).unwrap();
    let (_, problem) = read(router.oneshot(request).await.unwrap()).await;
    assert!(problem["detail"].as_str().unwrap().starts_with("只能上传照片"));
}
