//! Words, amounts and times as stories write them.

use domain::{
    actor::{Actor, Role},
    id::{BuyerId, KeyId, PersonId},
    moment::Moment,
    money::Money,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What a line says, or what is wrong with it.
pub type Said<T> = Result<T, String>;

/// Matches a line against a pattern in which `{}` stands for anything.
pub fn scan<'a, const N: usize>(pattern: &str, text: &'a str) -> Option<[&'a str; N]> {
    let mut found = [""; N];
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    for (slot, part) in found.iter_mut().zip(parts) {
        let end = if part.is_empty() { rest.len() } else { rest.find(part)? };
        *slot = rest.get(..end)?.trim();
        rest = rest.get(end + part.len()..)?;
    }
    rest.is_empty().then_some(found)
}

/// Splits at a separator, but not inside quotation marks.
pub fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        quoted ^= letter == '"';
        if !quoted && at >= start && text[at..].starts_with(separator) {
            parts.push(text[start..at].trim());
            start = at + separator.len();
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// The text between quotation marks at the end of a line, and what comes before.
pub fn quoted(text: &str) -> (&str, String) {
    let closed = text.strip_suffix('"').and_then(|text| text.rsplit_once('"'));
    closed.map_or((text, String::new()), |(before, inside)| (before.trim(), inside.to_owned()))
}

/// A word of the domain, as it is written on the wire.
pub fn word<T: DeserializeOwned>(text: &str) -> Said<T> {
    serde_json::from_value(Value::String(text.to_owned()))
        .map_err(|_| format!("“{text}” is not one of the words expected here"))
}

/// The word that something of the domain has on the wire.
pub fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

/// `1,234.50`, in yuan.
pub fn money(text: &str) -> Said<Money> {
    let plain = text.replace(',', "");
    let (yuan, fen) = plain.split_once('.').ok_or(format!("“{text}” is not an amount"))?;
    let digits = format!("{yuan}{fen}").parse().ok().filter(|_| fen.len() == 2);
    let minor = digits.ok_or(format!("“{text}” is not an amount"))?;
    Money::cny(minor).map_err(|error| error.to_string())
}

/// An amount as stories write it.
pub fn yuan(amount: Money) -> String {
    amount.to_string().replace(" CNY", "")
}

/// `2026-11-05 12:00`, with seconds or without, in China.
pub fn time(text: &str) -> Said<Moment> {
    let (date, clock) = text.split_once(' ').unwrap_or((text, "00:00"));
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let moment = Moment::parse(&format!("{date}T{clock}{seconds}+08:00"));
    moment.ok_or(format!("“{text}” is not a time such as 2026-11-05 12:00"))
}

/// A time as stories write it.
pub fn clock(moment: Moment) -> String {
    let shifted = Moment::from_ms(moment.ms() + 8 * 3_600_000).to_string();
    let text = shifted.replace('T', " ");
    let text = text.strip_suffix('Z').unwrap_or(&text);
    let text = text.strip_suffix(".000").unwrap_or(text);
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

pub fn count<T: std::str::FromStr>(text: &str) -> Said<T> {
    text.parse().map_err(|_| format!("“{text}” is not a number"))
}

/// Who acts: `the buyer`, `agent Li`, `the shop`, `arbiter Sun`; and the rest of the line.
pub fn actor<'a>(text: &'a str, buyer: Option<&BuyerId>) -> Said<(Actor, &'a str)> {
    let whole = [
        ("the buyer ", buyer.map(|id| Actor::Buyer(id.clone()))),
        ("a stranger ", BuyerId::parse("oSTRANGER").ok().map(Actor::Buyer)),
        ("the shop ", KeyId::parse("shop-system").ok().map(Actor::Key)),
        ("the system ", Some(Actor::System)),
    ];
    for (words, who) in whole {
        if let Some((who, rest)) = who.zip(text.strip_prefix(words)) {
            return Ok((who, rest));
        }
    }
    let mut words = text.splitn(3, ' ');
    let (role, id, rest) = (words.next(), words.next(), words.next());
    let id = id.and_then(|id| PersonId::parse(id).ok());
    let (Some(role), Some(id), Some(rest)) = (role, id, rest) else {
        return Err(format!("who is it that acts in “{text}”?"));
    };
    let who = match role {
        "arbiter" => Actor::Arbiter(id),
        "operator" => Actor::Operator(id),
        _ => Actor::Person { id, role: word::<Role>(role)? },
    };
    Ok((who, rest))
}
