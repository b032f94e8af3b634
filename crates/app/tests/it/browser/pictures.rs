//! A picture of every page, in both languages, both colours and both sizes, to be looked at; with
//! what each page weighs and how long the server takes. `cargo xtask screenshots` runs it.

use super::{
    driver::Script,
    every_page::{visit, weigh},
    window::{Size, Window},
};
use crate::gallery::{Sample, Scene, samples::samples};
use app::world::Stopwatch;
use reqwest::{Client, header};
use std::{
    env::var,
    fs,
    path::{Path, PathBuf},
};

/// How often the server is asked for a page to say how long it takes.
const ASKED: usize = 20;
const LANGUAGES: [(&str, &str); 2] = [("zh-CN", "zh"), ("en", "en")];
const COLOURS: [&str; 2] = ["light", "dark"];
const SIZES: [(Size, &str); 2] = [(Size::Phone, "phone"), (Size::Desk, "desk")];

/// What to take pictures of, and where to put them.
struct Wish {
    folder: PathBuf,
    only: String,
}

impl Wish {
    #[expect(clippy::disallowed_methods, reason = "xtask says in the environment what it wants")]
    fn read() -> Self {
        let folder = var("WANBI_SCREENSHOTS").expect("run `cargo xtask screenshots`");
        Self { folder: folder.into(), only: var("WANBI_SCREENSHOTS_ONLY").unwrap_or_default() }
    }
}

#[tokio::test]
#[ignore = "takes minutes and makes pictures for people: run `cargo xtask screenshots`"]
async fn screenshots() {
    let wish = Wish::read();
    let scene = Scene::start().await;
    let window = Window::open_on(scene.base(), Size::Phone, Script::On).await;
    println!("{:<44} {:>9} {:>10}", "page", "bytes", "median ms");
    for sample in samples(&scene).await {
        if !sample.name.contains(&wish.only) {
            continue;
        }
        let weight = weigh(&window, &sample).await;
        let median = median_ms(&scene, &sample).await;
        println!("{:<44} {weight:>9} {median:>10.1}", sample.name);
        for (language, short) in LANGUAGES {
            take(&window, &sample, (language, short), &wish.folder).await;
        }
    }
}

/// Pictures of a page in a language.
async fn take(window: &Window, sample: &Sample, language: (&str, &str), folder: &Path) {
    for colours in COLOURS {
        // Pages that differ in what they are about alone are shown once.
        if !sample.is_first && (language.1 != "zh" || colours != "light") {
            continue;
        }
        // The colours first: a page that is open when they change is half faded in its picture.
        window.prefer_colours(colours).await;
        visit(window, sample, language.0).await;
        for (size, size_name) in SIZES {
            window.resize(size).await;
            let name = format!("{}.{}.{colours}.{size_name}.png", sample.name, language.1);
            let path = folder.join(name.trim_start_matches('/'));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, window.picture().await).unwrap();
        }
    }
}

/// How long the server takes for a page, in the middle of many times.
async fn median_ms(scene: &Scene, sample: &Sample) -> f64 {
    let http = Client::builder().no_proxy().build().unwrap();
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let asked = http.get(format!("{}{}", scene.base(), sample.path));
        let asked = asked.header(header::COOKIE, &sample.cookie);
        let watch = Stopwatch::start();
        asked.send().await.unwrap().bytes().await.unwrap();
        times.push(watch.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    times[ASKED / 2]
}
