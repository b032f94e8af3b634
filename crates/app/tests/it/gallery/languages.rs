//! Every page in both languages: nothing is missing, nothing is left in the other.

use super::{Sample, Scene, samples::samples};
use reqwest::{Client, header, redirect::Policy};

#[tokio::test]
async fn every_page_is_rendered_in_both_languages() {
    let scene = Scene::start().await;
    let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let mut wrong = Vec::new();
    for sample in samples(&scene).await {
        for language in ["zh-CN", "en"] {
            wrong.extend(check(&http, &scene, &sample, language).await);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page in a language.
async fn check(http: &Client, scene: &Scene, sample: &Sample, language: &str) -> Vec<String> {
    let cookies = format!("{}; wanbi_lang={language}", sample.cookie);
    let asked = http.get(format!("{}{}", scene.base(), sample.path));
    let asked = asked.header(header::COOKIE, cookies).header(header::ACCEPT, "text/html");
    let answer = asked.send().await.unwrap();
    let status = answer.status().as_u16();
    let html = answer.text().await.unwrap();
    let mut wrong = Vec::new();
    if status != sample.status {
        wrong.push(format!("is answered with {status}"));
    }
    if !html.contains(&format!("<html lang=\"{language}\"")) {
        wrong.push("does not say its language".to_owned());
    }
    if html.matches("<h1").count() != 1 {
        wrong.push(format!("has {} main headings", html.matches("<h1").count()));
    }
    let missing = html.split('⟦').skip(1).filter_map(|rest| rest.split('⟧').next());
    wrong.extend(missing.map(|key| format!("lacks the text {key}")));
    // A placeable that was given nothing is shown by its name.
    wrong.extend(html.contains("{$").then(|| "shows the name of a fact".to_owned()));
    let page = format!("{} {language} {}", sample.name, sample.path);
    wrong.into_iter().map(|what| format!("{page}: {what}")).collect()
}
