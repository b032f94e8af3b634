//! The policy in public: complete in both languages, for everybody, to be framed where it is meant
//! to be and nowhere else.

use crate::{
    pages::visitor::Visitor,
    world::{Database, World},
};
use app::access::people::Office;
use domain::policy::{Language, Policy};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

#[tokio::test]
async fn everybody_reads_the_whole_policy_in_both_languages() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world);
    for (tag, language) in [("zh-CN", Language::Zh), ("en", Language::En)] {
        let page = stranger.get(&format!("/policy/tea?lang={tag}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.cookies.is_empty() && page.html.contains(&format!("<html lang=\"{tag}\"")));
        let policy = Policy::default_policy();
        for clause in policy.public_clauses(language) {
            assert!(page.html.contains(&format!("id=\"{}\"", clause.id)), "{}", clause.id);
            assert!(page.html.contains(&escaped(&clause.text)), "{}", clause.id);
        }
        for answer in policy.answers(language) {
            assert!(page.html.contains(&escaped(&answer.question)), "{}", answer.id);
        }
    }
    for path in ["/policy/nobody", "/policy/tea?version=7", "/policy/tea?version=x"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('"', "&#34;").replace('\'', "&#39;")
}

#[tokio::test]
async fn past_versions_stay_to_be_read() {
    let world = World::new(Database::Sqlite).await;
    let text = Policy::default_policy()
        .source()
        .replace("merchant_decides_hours = 48 ", "merchant_decides_hours = 24 ");
    let body = json!({"text": text, "note": "处理时限改为 24 小时"});
    let (status, answer) = world.post(&world.owner, "/api/v1/policy", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let stranger = Visitor::stranger(&world);

    let now = stranger.get("/policy/tea").await;
    assert!(now.html.contains("第 1 版") && now.html.contains("商家在 24 小时内处理"));
    assert!(now.html.contains("处理时限改为 24 小时") && now.html.contains("version=0"));
    let past = stranger.get("/policy/tea?version=0").await;
    assert!(past.html.contains("这是过去的版本") && past.html.contains("商家在 48 小时内处理"));
}

#[tokio::test]
async fn the_small_page_may_be_framed_and_kept_and_no_other_may() {
    let world = World::new(Database::Sqlite).await;
    let get = async |path: &str, tag: &str| {
        let asked = world.http.get(format!("{}{path}", world.base));
        asked.header(header::IF_NONE_MATCH, tag).send().await.unwrap()
    };
    for path in ["/policy/tea/snippet?lang=zh-CN", "/policy/tea/snippet.json?lang=en"] {
        let first = get(path, "").await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        let headers = first.headers().clone();
        assert!(!headers.contains_key(header::SET_COOKIE));
        assert!(headers[header::CACHE_CONTROL].to_str().unwrap().starts_with("public"));
        let tag = headers[header::ETAG].to_str().unwrap();
        assert_eq!(get(path, tag).await.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    let framed = get("/policy/tea/snippet", "").await;
    let policy = framed.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors *") && policy.contains("default-src 'none'"));
    assert!(!framed.headers().contains_key(header::X_FRAME_OPTIONS));
    let html = framed.text().await.unwrap();
    assert!(!html.contains("<script") && html.contains("/policy/tea?lang=zh-CN"));
    let data = get("/policy/tea/snippet.json", "").await;
    assert_eq!(data.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    let data: Value = data.json().await.unwrap();
    assert!(data["clauses"].as_array().unwrap().len() > 5);
    for path in ["/policy/tea", "/", "/b/welcome"] {
        let other = get(path, "").await;
        let policy = other.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(other.headers()[header::X_FRAME_OPTIONS], "DENY");
    }
}

#[tokio::test]
async fn a_shop_is_told_what_to_paste() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let page = agent.get("/m/settings/embed").await;
    assert!(page.html.contains("/policy/tea/snippet") && page.html.contains("wanbi-policy shop="));
    assert!(page.html.contains("/assets/embed.js"));
}
