//! What stands around every page: language, colours, who is here, what was just done; and how
//! pages write money, times and addresses. Templates call it `p`.

use super::{door::Door, text::Texts, visit::Visit};
use crate::{api::problem::Problem, demo::board::Bar, i18n, world::random_hex};
use domain::{
    actor::Side,
    case::Otherwise,
    id::{CaseId, ShopId},
    moment::Moment,
    money::Money,
    policy::{Language, money, time_in_china},
};
use serde::Serialize;
use std::fmt::Display;

/// Which colours the reader wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// As the device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Scheme {
    /// Its name in the cookie and in the page; empty for the device's own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a name; what is none means the device's own.
    #[must_use]
    pub fn read(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The texts.
    pub texts: Texts,
    /// The colours.
    pub scheme: Scheme,
    /// Now.
    pub now: Moment,
    /// The path and query of this page, to come back to.
    pub here: String,
    /// Through which door one came.
    pub door: Option<Door>,
    /// What the person here is called; absent for buyers and guests.
    pub person: Option<String>,
    /// What the person here may do, such as `supervisor`.
    pub office: Option<String>,
    /// The shop's name.
    pub shop: Option<String>,
    /// What was just done, by the key of its sentence `done-…`.
    pub done: Option<String>,
    /// What went wrong with what was just tried.
    pub problem: Option<Problem>,
    /// The bar that every page of a demo has.
    pub demo: Option<Bar>,
}

impl Page {
    /// The sentence of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.texts.t(key)
    }

    /// A sentence that names one thing.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.texts.t1(key, name, value)
    }

    /// A sentence that names two things.
    #[must_use]
    pub fn t2(&self, key: &str, a: &(&str, impl Display), b: &(&str, impl Display)) -> String {
        self.texts.t2(key, (a.0, &a.1), (b.0, &b.1))
    }

    /// The word for a name of ours.
    #[must_use]
    pub fn word(&self, name: &str) -> String {
        self.texts.word(name)
    }

    /// The word for a value that is written as a name of ours.
    #[must_use]
    pub fn word_for<T: Serialize>(&self, value: &T) -> String {
        self.texts.word(&name_of(value))
    }

    /// A side in a word.
    #[must_use]
    pub fn word_of_side(&self, side: &Side) -> String {
        self.texts.word_of("side", &name_of(side))
    }

    /// The word for a value in a group of its own: `state-accepted`.
    #[must_use]
    pub fn word_in<T: Serialize>(&self, group: &str, value: &T) -> String {
        self.texts.word_of(group, &name_of(value))
    }

    /// What happens when a deadline passes, in words.
    #[must_use]
    pub fn otherwise(&self, otherwise: &Otherwise) -> String {
        self.texts.word_of("otherwise", &name_of(otherwise))
    }

    /// The language, as the page's `lang` says it.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        match self.texts.0 {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
    }

    /// Whether the page is in Chinese.
    #[must_use]
    pub const fn is_chinese(&self) -> bool {
        matches!(self.texts.0, Language::Zh)
    }

    /// The colours, as the page says them; empty for the device's own.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        self.scheme.name()
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        super::assets::url(name)
    }

    /// `¥1,234.50`.
    #[must_use]
    pub fn money(&self, amount: &Money) -> String {
        money(*amount)
    }

    /// `2026-11-23 12:41`, China time.
    #[must_use]
    pub fn time(&self, moment: &Moment) -> String {
        time_in_china(*moment)
    }

    /// RFC 3339, for `datetime`.
    #[must_use]
    pub fn rfc3339(&self, moment: &Moment) -> String {
        moment.to_string()
    }

    /// How far away a moment is, in words: `3 hours ago`, `in 2 days`.
    #[must_use]
    pub fn away(&self, moment: &Moment) -> String {
        let ahead = moment.ms() >= self.now.ms();
        let seconds = moment.ms().abs_diff(self.now.ms()) / 1_000;
        let (count, unit) = match seconds {
            0..60 => return self.t(if ahead { "time-soon" } else { "time-just-now" }),
            60..3_600 => (seconds / 60, "minute"),
            3_600..172_800 => (seconds / 3_600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        self.t1(&format!("time-{}-{unit}", if ahead { "in" } else { "ago" }), "n", count)
    }

    /// A key of its own for a form, so that sending it twice does it once.
    #[must_use]
    pub fn once(&self) -> String {
        random_hex::<16>()
    }

    /// The sentence of what was just done.
    #[must_use]
    pub fn done_sentence(&self) -> Option<String> {
        let key = format!("done-{}", self.done.as_deref()?);
        i18n::has(self.texts.0, &key).then(|| self.texts.t(&key))
    }

    /// So many minutes in words: `2 d 3 h`.
    #[must_use]
    pub fn span(&self, minutes: &i64) -> String {
        let parts = [
            ("demo-ahead-days", minutes / 1_440),
            ("demo-ahead-hours", minutes % 1_440 / 60),
            ("demo-ahead-minutes", minutes % 60),
        ];
        let shown = parts.iter().filter(|(_, count)| *count > 0).take(2);
        let words: Vec<String> = shown.map(|(key, count)| self.t1(key, "n", count)).collect();
        words.join(" ")
    }

    /// Where a case of any shop is read at this door, if it can be.
    #[must_use]
    pub fn case_path(&self, shop_id: &ShopId, shop: &str, case_id: &CaseId) -> Option<String> {
        match self.door? {
            Door::Platform => Some(format!("/p/cases/{shop_id}/{case_id}")),
            Door::Merchant if self.shop.as_deref() == Some(shop) => {
                Some(format!("/m/cases/{case_id}"))
            }
            Door::Merchant | Door::Buyer => None,
        }
    }

    /// Whether this page lies under a path.
    #[must_use]
    pub fn is_in(&self, path: &str) -> bool {
        let rest = self.here.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// This page in the other language.
    #[must_use]
    pub fn other_language(&self) -> String {
        let other = if self.is_chinese() { "en" } else { "zh-CN" };
        format!("/preferences?lang={other}&back={}", encoded(&self.here))
    }

    /// The colours that a reader can change to who has chosen some: dark, light, then the device's
    /// own.
    #[must_use]
    pub const fn next_scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Auto => "dark",
            Scheme::Dark => "light",
            Scheme::Light => "auto",
        }
    }

    /// This page in other colours.
    #[must_use]
    pub fn in_scheme(&self, scheme: &str) -> String {
        format!("/preferences?scheme={scheme}&back={}", encoded(&self.here))
    }

    /// The same page with something that went wrong.
    #[must_use]
    pub fn with_problem(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }
}

impl From<&Visit> for Page {
    fn from(visit: &Visit) -> Self {
        visit.page.clone()
    }
}

/// A value of ours by its name on the wire: `under_review`.
#[must_use]
pub fn name_of<T: Serialize>(value: &T) -> String {
    let name = serde_json::to_value(value).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A text as it stands in a query.
#[must_use]
pub fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
