//! What a form says: names and values as typed, kept so that a page can show them again.

use crate::{api::problem::Problem, assembly::App};
use axum::{
    Form,
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::StatusCode,
};
use domain::{
    money::{Currency, Money},
    policy::Language,
};
use std::sync::Arc;

/// The most fields of a form.
const FIELDS_MAX: usize = 2_000;

/// The fields of a form, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    /// The bytes they were read from, to tell one request from another.
    pub body: Bytes,
}

impl Fields {
    /// Fields from pairs.
    #[must_use]
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, body: Bytes::new() }
    }

    /// Fields as they were sent: what no keyboard types, such as a NUL, is left out.
    #[must_use]
    pub fn sent(mut pairs: Vec<(String, String)>) -> Self {
        for (_, value) in &mut pairs {
            value.retain(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        }
        Self::new(pairs)
    }

    /// The value of a field without blanks around it; empty if it was not sent.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The value of a field to the letter; empty if it was not sent.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The value of a field that is not empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.one(name)).filter(|value| !value.is_empty())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// All values of a field that may come more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a value of a field was chosen.
    #[must_use]
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|chosen| chosen == value)
    }

    /// Leaves a field out.
    pub fn leave_out(&mut self, name: &str) {
        self.pairs.retain(|(key, _)| key != name);
    }

    /// All fields.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// An amount as people write it: `1,234.5` or `¥12`; none if the field is empty.
    ///
    /// # Errors
    /// A [`Problem`] if it is no amount.
    pub fn money(
        &self,
        name: &str,
        currency: Currency,
        language: Language,
    ) -> Result<Option<Money>, Problem> {
        let Some(text) = self.some(name) else { return Ok(None) };
        let read = amount(text, currency);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        read.map(Some)
            .ok_or_else(|| Problem::about(status, "amount_unreadable", ("amount", text), language))
    }
}

/// Reads an amount as people write it.
#[must_use]
pub fn amount(text: &str, currency: Currency) -> Option<Money> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        '．' => '.',
        '，' => ',',
        c => c,
    };
    let text: String = text.chars().map(narrow).collect();
    let text = text.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let text = text.replace([',', ' '], "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let minor = format!("{whole}{part:0<2}").parse().ok()?;
    Money::new(minor, currency).ok()
}

impl FromRequest<Arc<App>> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let language = super::visit::language_of(request.headers());
        let malformed = || Problem::new(StatusCode::BAD_REQUEST, "request_malformed", language);
        let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", language);
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), app).await;
        let body = body.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { malformed() }
        })?;
        let again = Request::from_parts(parts, Body::from(body.clone()));
        let read = Form::<Vec<(String, String)>>::from_request(again, app).await;
        let Form(pairs) = read.map_err(|_| malformed())?;
        if pairs.len() > FIELDS_MAX {
            return Err(too_large());
        }
        Ok(Self { body, ..Self::sent(pairs) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, amount};
    use domain::money::{Currency, Money};

    #[test]
    fn what_no_keyboard_types_is_left_out() {
        let text = "好\0的\u{1b}[31m\r\n\t🙂".to_owned();
        let fields = Fields::sent(vec![("text".to_owned(), text)]);
        assert_eq!(fields.raw("text"), "好的[31m\r\n\t🙂");
    }

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let read = |text| amount(text, Currency::CNY);
        for (text, fen) in [
            ("12", 1_200),
            ("12.5", 1_250),
            ("¥1,234.50", 123_450),
            ("０．０１", 1),
            ("99元", 9_900),
        ] {
            assert_eq!(read(text), Money::cny(fen).ok(), "{text}");
        }
        for text in ["", "-1", "1.234", "1e3", "一百", ".5", "1.2.3", "9999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn of_a_field_that_comes_twice_all_are_known() {
        let pairs = [("a", "1"), ("a", " 2 "), ("b", "")];
        let fields =
            Fields::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", " 2 "]);
        assert_eq!((fields.one("a"), fields.some("b"), fields.has("b")), ("2", None, true));
    }
}
