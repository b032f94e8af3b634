//! A window of a browser and what a person does with it: look, click, fill in. Whatever is looked
//! for may take its time, up to a limit.

use super::{
    driver::{Driver, Script, after, is_past},
    watch::{self, Seen},
};
use crate::{pages::visitor::Visitor, world::World};
use app::access::people::Office;
use serde_json::{Value, json};
use std::{cell::Cell, path::Path, time::Duration};
use thirtyfour::{By, WebElement};

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long a click is given to lead somewhere.
const ANSWER: Duration = Duration::from_secs(2);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// How large a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A phone in the hand.
    Phone,
    /// The narrowest phone.
    Narrow,
    /// A screen on a desk.
    Desk,
}

/// A window.
pub struct Window {
    pub driver: Driver,
    pub base: String,
    size: Cell<Size>,
    foreseen: Vec<String>,
}

impl Window {
    /// A phone's window.
    pub async fn phone(world: &World) -> Self {
        Self::open_on(&world.base, Size::Phone, Script::On).await
    }

    /// A phone's window where script is switched off.
    pub async fn phone_without_script(world: &World) -> Self {
        Self::open_on(&world.base, Size::Phone, Script::Off).await
    }

    /// A desk's window.
    pub async fn desk(world: &World) -> Self {
        Self::open_on(&world.base, Size::Desk, Script::On).await
    }

    /// A window of a size on a site.
    pub async fn open_on(base: &str, size: Size, script: Script) -> Self {
        let driver = Driver::start(script).await;
        let base = base.to_owned();
        let window = Self { driver, base, size: Cell::new(size), foreseen: Vec::new() };
        window.resize(size).await;
        window
    }

    /// Gives it another size.
    pub async fn resize(&self, size: Size) {
        self.size.set(size);
        self.stretch(0.0).await;
    }

    /// Gives it its size, and at least so much height.
    async fn stretch(&self, least: f64) {
        let (width, height, mobile) = match self.size.get() {
            Size::Phone => (375, 812.0, true),
            Size::Narrow => (320, 640.0, true),
            Size::Desk => (1_280, 800.0, false),
        };
        let metrics = json!({"width": width, "height": f64::max(height, least).ceil() as u32,
            "deviceScaleFactor": 1, "mobile": mobile});
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
        let touch = json!({"enabled": mobile, "maxTouchPoints": 1});
        self.tell("Emulation.setTouchEmulationEnabled", touch).await;
    }

    /// Has the device prefer light or dark colours.
    pub async fn prefer_colours(&self, scheme: &str) {
        // Colours change at once, so that nothing is looked at half way.
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"}]});
        self.tell("Emulation.setEmulatedMedia", features).await;
    }

    /// Reads in a language from here on, as by the link on every page.
    pub async fn reading(self, language: &str) -> Self {
        self.open(&format!("/preferences?lang={language}&back=%2F")).await;
        self
    }

    /// Comes in as a buyer, by the link that the shop signs.
    pub async fn of_buyer(self, world: &World, buyer_id: &str) -> Self {
        let token = world.buyer(buyer_id).await;
        self.open(&format!("/b/enter/{token}")).await;
        self
    }

    /// Comes in as a new person of the shop, or of the platform, who has signed in.
    pub async fn of_person(self, world: &World, id: &str, office: Office) -> Self {
        let kept = Visitor::person(world, id, office).await.cookie;
        self.known_by(if office.role().is_some() { "/m" } else { "/p" }, &kept).await;
        self
    }

    /// Keeps a cookie for a path.
    pub async fn known_by(&self, path: &str, cookie: &str) {
        let Some((name, value)) = cookie.split_once('=') else { return };
        let cookie = json!({"name": name, "value": value, "path": path, "httpOnly": true,
            "url": format!("{}{path}", self.base), "sameSite": "Lax"});
        self.tell("Network.setCookie", cookie).await;
    }

    /// Forgets who was known, and what was chosen.
    pub async fn forget(&self) {
        self.tell("Network.clearBrowserCookies", json!({})).await;
    }

    /// Says that the browser may complain of something, by a part of its words.
    pub fn foresee(&mut self, part: &str) {
        self.foreseen.push(part.to_owned());
    }

    /// Goes to a path of the site; what was open before is judged first.
    pub async fn open(&self, path: &str) {
        self.judge().await;
        self.driver.web.goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// Judges what the pages did since the last time, and says what it was.
    pub async fn judge(&self) -> Seen {
        let seen = watch::seen(&self.driver.web).await;
        let faults = seen.faults(&self.base, &self.foreseen);
        assert!(faults.is_empty(), "the browser complains: {faults:#?}");
        seen
    }

    /// The path and query of the page that is shown.
    pub async fn path(&self) -> String {
        let url = self.driver.web.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.base).unwrap_or(url.as_str()).to_owned()
    }

    /// What a person can read on the page.
    pub async fn text(&self) -> String {
        let Ok(body) = self.driver.web.find(By::Tag("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// Waits until a text can be read.
    pub async fn sees(&self, part: &str) {
        let until = after(PATIENCE);
        let mut text = self.text().await;
        while !text.contains(part) {
            let path = self.path().await;
            assert!(!is_past(until), "{part:?} is not shown on {path}:\n{text}");
            tokio::time::sleep(LOOK).await;
            text = self.text().await;
        }
    }

    /// Waits until a text cannot be read any more.
    pub async fn sees_no(&self, part: &str) {
        let until = after(PATIENCE);
        while self.text().await.contains(part) {
            assert!(!is_past(until), "{part:?} is still shown on {}", self.path().await);
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits for the first thing that a CSS selector names.
    pub async fn find(&self, css: &str) -> WebElement {
        self.found(By::Css(css), css).await
    }

    /// Clicks what is called so: a link, a button, a choice or its label, a summary.
    pub async fn click(&self, name: &str) {
        self.clicked(&paths_to(name), name).await;
    }

    /// Clicks what is called so until a text can be read: what is worked out anew while somebody
    /// types may want to be looked at once more.
    pub async fn click_until(&self, name: &str, part: &str) {
        let until = after(PATIENCE);
        loop {
            let text = self.text().await;
            if text.contains(part) {
                return;
            }
            let path = self.path().await;
            assert!(!is_past(until), "{name:?} does not lead to {part:?} on {path}:\n{text}");
            self.clicked_now(&paths_to(name)).await;
            // Another click would break off what the first has begun.
            let answered = after(ANSWER);
            while !is_past(answered) && !self.text().await.contains(part) {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Writes into the field with a name, over what stands there: the first that can be seen.
    pub async fn fill(&self, name: &str, text: &str) {
        let css = format!("[name='{name}']:not([type='hidden'])");
        let until = after(PATIENCE);
        loop {
            for field in self.driver.web.find_all(By::Css(css.clone())).await.unwrap_or_default() {
                if !field.is_displayed().await.unwrap_or(false) {
                    continue;
                }
                if field.clear().await.is_ok() && field.send_keys(text).await.is_ok() {
                    return;
                }
                break;
            }
            assert!(!is_past(until), "{name} cannot be filled on {}", self.path().await);
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Chooses the value of a field with a name: of a list, or of the boxes and dots named so.
    pub async fn choose(&self, name: &str, value: &str) {
        let either = format!(
            "select[name='{name}'] > option[value='{value}'], \
             select[name='{name}'] > optgroup > option[value='{value}'], \
             input[name='{name}'][value='{value}']"
        );
        let found = self.find(&either).await;
        if found.is_selected().await.unwrap() {
            return;
        }
        // What looks for itself lies over the box itself: then its label is what people press.
        let id = found.attr("id").await.unwrap();
        if !found.is_displayed().await.unwrap_or(false)
            && let Some(id) = id
        {
            return press(&self.find(&format!("label[for='{id}']")).await, value).await;
        }
        press(&found, value).await;
    }

    /// Gives a file to the field with a name.
    pub async fn upload(&self, name: &str, file: &Path) {
        let field = self.find(&format!("input[type='file'][name='{name}']")).await;
        field.send_keys(file.display().to_string()).await.unwrap();
    }

    /// A picture of the whole page.
    pub async fn picture(&self) -> Vec<u8> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let metrics = self.tell("Page.getLayoutMetrics", json!({})).await;
        let size = &metrics["cssContentSize"];
        // What is fixed to the end of the window comes to the end of the page.
        self.stretch(size["height"].as_f64().unwrap_or(0.0)).await;
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"],
            "scale": 1});
        let asked = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let taken = self.tell("Page.captureScreenshot", asked).await;
        self.resize(self.size.get()).await;
        STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
    }

    /// By how many points the page is wider than its window: people should never push sideways.
    pub async fn overflow(&self) -> i64 {
        let script = "const page = document.documentElement;
            return Math.max(page.scrollWidth, document.body.scrollWidth) - page.clientWidth;";
        let told = self.driver.web.execute(script, Vec::new()).await.unwrap();
        told.json().as_i64().unwrap_or(0)
    }

    /// Asks the browser for something that its driver has no word for.
    pub async fn tell(&self, method: &str, facts: Value) -> Value {
        let told = self.driver.web.cdp().send_raw(method, facts).await;
        told.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    async fn found(&self, by: By, name: &str) -> WebElement {
        let until = after(PATIENCE);
        loop {
            if let Ok(found) = self.driver.web.find(by.clone()).await {
                return found;
            }
            if is_past(until) {
                panic!("{name} is not there on {}:\n{}", self.path().await, self.text().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Clicks the first that can be seen, of the first path that finds one.
    async fn clicked(&self, paths: &[String], name: &str) {
        let until = after(PATIENCE);
        while !self.clicked_now(paths).await {
            let (path, text) = (self.path().await, self.text().await);
            let why = self.hindrance(paths).await;
            assert!(!is_past(until), "{name:?} cannot be clicked on {path}: {why}\n{text}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Why nothing that is called so can be clicked.
    async fn hindrance(&self, paths: &[String]) -> String {
        let mut why = Vec::new();
        for path in paths {
            for found in self.driver.web.find_all(By::XPath(path)).await.unwrap_or_default() {
                let shown = found.is_displayed().await.unwrap_or(false);
                let enabled = found.is_enabled().await.unwrap_or(false);
                let clicked = found.click().await.err().map(|error| error.to_string());
                why.push(format!("shown {shown}, enabled {enabled}: {clicked:?}"));
            }
        }
        why.join("; ")
    }

    async fn clicked_now(&self, paths: &[String]) -> bool {
        for path in paths {
            for found in self.driver.web.find_all(By::XPath(path)).await.unwrap_or_default() {
                let shown = found.is_displayed().await.unwrap_or(false);
                if shown && found.click().await.is_ok() {
                    return true;
                }
                in_the_middle(&found).await;
            }
        }
        false
    }
}

/// Brings what is to be clicked to the middle, as a person does whom a bar at the edge hinders.
async fn in_the_middle(element: &WebElement) {
    // Where script is off the browser scrolls by itself, to the nearest edge.
    let _script_is_off = element.scroll_into_view().await;
}

/// Clicks, where it can be clicked: at once or when what moves has come to rest.
async fn press(element: &WebElement, name: &str) {
    let until = after(PATIENCE);
    while let Err(error) = element.click().await {
        assert!(!is_past(until), "{name} cannot be clicked: {error}");
        in_the_middle(element).await;
        tokio::time::sleep(LOOK).await;
    }
}

/// The paths to what is called so, the closest first.
fn paths_to(name: &str) -> [String; 2] {
    let quoted = quoted(name);
    let exact = format!("normalize-space(.)={quoted} or @aria-label={quoted}");
    let part = format!("contains(normalize-space(.), {quoted})");
    let kinds = "self::a or self::button or self::label or self::summary or @role='button'";
    let path =
        format!("//*[({kinds}) and ({exact})] | //input[@type='submit' and @value={quoted}]");
    let wide = format!("//*[({kinds}) and ({part})]");
    [path, wide]
}

/// A text in a path: there is no way to write a quote in one, but pieces can be put together.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
