//! Every page in the browser: nothing serious stands in anybody's way, nothing sticks out of the
//! narrowest phone, nobody else is asked, and a buyer's page is light.

use super::{
    axe::violations,
    driver::Script,
    watch,
    window::{Size, Window},
};
use crate::gallery::{Sample, Scene, samples::samples};
use app::pages::door::Door;

/// The most that the first view of a buyer's page may weigh, in bytes as they come over the wire.
const BUYER_WEIGHT_MAX: u64 = 60_000;

/// Goes to a page as its visitor, in a language.
pub async fn visit(window: &Window, sample: &Sample, language: &str) {
    window.forget().await;
    window.known_by(sample.door.map_or("/", Door::path), &sample.cookie).await;
    window.known_by("/", &format!("wanbi_lang={language}")).await;
    window.driver.web.goto(format!("{}{}", window.base, sample.path)).await.unwrap();
}

/// In which sizes and colours a page is looked over.
fn looks(sample: &Sample) -> &'static [(Size, &'static str)] {
    match (sample.door, sample.is_first) {
        (Some(Door::Buyer), true) => &[(Size::Phone, "light"), (Size::Phone, "dark")],
        (Some(Door::Buyer), false) => &[(Size::Phone, "light")],
        (Some(Door::Merchant | Door::Platform) | None, true) => {
            &[(Size::Desk, "dark"), (Size::Phone, "light")]
        }
        (Some(Door::Merchant | Door::Platform) | None, false) => &[(Size::Desk, "light")],
    }
}

/// What is wrong with a page.
async fn faults(window: &Window, sample: &Sample) -> Vec<String> {
    let mut faults = Vec::new();
    for (size, colours) in looks(sample) {
        window.resize(*size).await;
        window.prefer_colours(colours).await;
        visit(window, sample, "zh-CN").await;
        let seen = watch::seen(&window.driver.web).await;
        let status = format!("status of {}", sample.status);
        faults.extend(seen.faults(&window.base, &[status]));
        for violation in violations(window).await {
            faults.push(format!("{size:?} {colours}: {violation}"));
        }
    }
    window.resize(Size::Narrow).await;
    let wide = window.overflow().await;
    faults.extend((wide > 0).then(|| format!("sticks out of 320 points by {wide}")));
    if sample.is_first {
        // Words are of another length in the other language.
        visit(window, sample, "en").await;
        let wide = window.overflow().await;
        faults.extend((wide > 0).then(|| format!("in English sticks out by {wide}")));
    }
    faults.into_iter().map(|fault| format!("{} ({}): {fault}", sample.name, sample.path)).collect()
}

#[tokio::test]
async fn no_page_stands_in_anybodys_way() {
    let scene = Scene::start().await;
    let window = Window::open_on(scene.base(), Size::Phone, Script::On).await;
    let mut wrong = Vec::new();
    for sample in samples(&scene).await {
        if sample.door == Some(Door::Buyer) && sample.is_first {
            let weight = weigh(&window, &sample).await;
            println!("{:<40} {weight:>8} bytes", sample.name);
            let heavy = format!("{}: weighs {weight} bytes", sample.name);
            wrong.extend((weight > BUYER_WEIGHT_MAX).then_some(heavy));
        }
        println!("{:<40} is looked over", sample.name);
        wrong.extend(faults(&window, &sample).await);
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a page weighs to a browser that has seen nothing before.
pub async fn weigh(window: &Window, sample: &Sample) -> u64 {
    window.tell("Network.clearBrowserCache", serde_json::json!({})).await;
    drop(watch::seen(&window.driver.web).await);
    visit(window, sample, "zh-CN").await;
    watch::seen(&window.driver.web).await.bytes
}
