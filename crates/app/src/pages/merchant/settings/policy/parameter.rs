//! The parameters of a policy as a form: read out of its text and written back into it, so that
//! comments and everything else stay as they are.

use crate::pages::{
    fields::{Fields, amount},
    text::Texts,
};
use domain::money::Currency;

/// How a parameter is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A whole number of hours.
    Hours,
    /// A whole number of days.
    Days,
    /// A whole number.
    Count,
    /// Per cent.
    Percent,
    /// Yuan; the text has fen.
    Yuan,
    /// Ten thousandths.
    BasisPoints,
    /// Yes or no.
    Flag,
}

/// One parameter of the form.
pub struct Parameter {
    /// Its name in the form: `deadlines.merchant_decides_hours`.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// The unit in a word.
    pub unit: String,
    /// How it is typed.
    pub is_flag: bool,
    /// What it says now.
    pub value: String,
}

/// Parameters under a heading.
pub struct Group {
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub parameters: Vec<Parameter>,
}

/// Every parameter that the form has: section, key, unit.
const PARAMETERS: [(&str, &str, Unit); 24] = [
    ("deadlines", "merchant_decides_hours", Unit::Hours),
    ("deadlines", "buyer_ships_days", Unit::Days),
    ("deadlines", "merchant_receives_days", Unit::Days),
    ("deadlines", "buyer_answers_hours", Unit::Hours),
    ("deadlines", "buyer_adds_evidence_hours", Unit::Hours),
    ("deadlines", "buyer_escalates_days", Unit::Days),
    ("deadlines", "merchant_replaces_hours", Unit::Hours),
    ("deadlines", "buyer_confirms_days", Unit::Days),
    ("deadlines", "arbiter_working_days", Unit::Days),
    ("deadlines", "refund_arrives_hours", Unit::Hours),
    ("limits", "refund_percent", Unit::Percent),
    ("limits", "yearly_minor", Unit::Yuan),
    ("limits", "applications_per_item", Unit::Count),
    ("limits", "offers", Unit::Count),
    ("limits", "evidence_requests", Unit::Count),
    ("limits", "risk_cases", Unit::Count),
    ("limits", "risk_days", Unit::Days),
    ("money", "fee_basis_points", Unit::BasisPoints),
    ("money", "return_freight_claim_minor", Unit::Yuan),
    ("money", "cross_border_return_freight_minor", Unit::Yuan),
    ("money", "mediation_minimum_minor", Unit::Yuan),
    ("cancellation", "automatic", Unit::Flag),
    ("fast_lane", "enabled", Unit::Flag),
    ("fast_lane", "amount_minor", Unit::Yuan),
];

/// The parameters of a text under their headings. Those that are no plain values are left out.
#[must_use]
pub fn groups(text: &str, texts: Texts) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (section, key, unit) in PARAMETERS {
        let Some(value) = value_of(text, section, key).and_then(|value| shown(value, unit)) else {
            continue;
        };
        let title = texts.word_of("policy-section", section);
        let parameter = Parameter {
            label: texts.word_of("policy-parameter", key),
            unit: texts.t(unit_key(unit)),
            is_flag: unit == Unit::Flag,
            name: format!("{section}.{key}"),
            value,
        };
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.parameters.push(parameter),
            None => groups.push(Group { title, parameters: vec![parameter] }),
        }
    }
    groups
}

const fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => "policy-unit-hours",
        Unit::Days => "policy-unit-days",
        Unit::Count => "policy-unit-count",
        Unit::Percent => "policy-unit-percent",
        Unit::Yuan => "policy-unit-yuan",
        Unit::BasisPoints => "policy-unit-basis-points",
        Unit::Flag => "policy-unit-flag",
    }
}

/// The text with what the form says written into it. What cannot be read is written as typed, so
/// that the policy's own reader names it with its line.
#[must_use]
pub fn written(text: &str, fields: &Fields) -> String {
    let mut text = text.to_owned();
    for (section, key, unit) in PARAMETERS {
        let name = format!("{section}.{key}");
        let typed = fields.one(&name);
        let sent = fields.has(&format!("{name}-sent"));
        if !sent {
            continue;
        }
        let value = match unit {
            Unit::Flag => (if fields.has(&name) { "true" } else { "false" }).to_owned(),
            Unit::Yuan => amount(typed, Currency::CNY)
                .map_or_else(|| quoted(typed), |amount| amount.minor().to_string()),
            Unit::Hours | Unit::Days | Unit::Count | Unit::Percent | Unit::BasisPoints => {
                typed.parse::<u32>().map_or_else(|_| quoted(typed), |number| number.to_string())
            }
        };
        text = replaced(&text, (section, key), &value);
    }
    text
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A value as the form shows it; none for a list.
fn shown(value: &str, unit: Unit) -> Option<String> {
    let plain = value.replace('_', "");
    match unit {
        Unit::Flag => matches!(plain.as_str(), "true" | "false").then_some(plain),
        Unit::Yuan => {
            let minor: i64 = plain.parse().ok()?;
            Some(format!("{}.{:02}", minor / 100, minor % 100))
        }
        Unit::Hours | Unit::Days | Unit::Count | Unit::Percent | Unit::BasisPoints => {
            plain.parse::<u32>().ok().map(|number| number.to_string())
        }
    }
}

/// Where a line says `key = value # comment` in a section: the bytes of the value.
fn place_of(text: &str, section: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            inside = trimmed.split(']').next() == Some(&format!("[{section}"));
        } else if inside
            && let Some((name, rest)) = line.split_once('=')
            && name.trim() == key
        {
            let value = rest.split('#').next().unwrap_or(rest);
            let begin = at + name.len() + 1 + (value.len() - value.trim_start().len());
            return Some(begin..begin + value.trim().len());
        }
        at += line.len();
    }
    None
}

fn value_of<'t>(text: &'t str, section: &str, key: &str) -> Option<&'t str> {
    text.get(place_of(text, section, key)?)
}

fn replaced(text: &str, (section, key): (&str, &str), value: &str) -> String {
    let mut text = text.to_owned();
    // Written as it is already, it keeps its own spelling, such as `50_000_000`.
    let same = value_of(&text, section, key).is_some_and(|old| old.replace('_', "") == value);
    if let Some(place) = place_of(&text, section, key).filter(|_| !same) {
        text.replace_range(place, value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{PARAMETERS, groups, value_of, written};
    use crate::pages::{fields::Fields, text::Texts};
    use domain::policy::{Language, Policy};

    fn form(pairs: &[(&str, &str)]) -> Fields {
        Fields::new(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    #[test]
    fn every_parameter_of_the_form_is_in_the_default_policy_and_has_its_words() {
        let policy = Policy::default_policy();
        for (section, key, _) in PARAMETERS {
            assert!(value_of(policy.source(), section, key).is_some(), "{section}.{key}");
        }
        for language in [Language::Zh, Language::En] {
            for group in groups(policy.source(), Texts(language)) {
                assert!(!group.title.contains('⟦'), "{}", group.title);
                for parameter in group.parameters {
                    let told = format!("{}{}", parameter.label, parameter.unit);
                    assert!(!told.contains('⟦'), "{told}");
                }
            }
        }
    }

    #[test]
    fn what_the_form_says_is_written_where_it_stands_and_nothing_else_changes() {
        let policy = Policy::default_policy();
        let fields = form(&[
            ("deadlines.merchant_decides_hours-sent", "1"),
            ("deadlines.merchant_decides_hours", "24"),
            ("limits.yearly_minor-sent", "1"),
            ("limits.yearly_minor", "500000.00"),
            ("fast_lane.enabled-sent", "1"),
            ("fast_lane.enabled", "on"),
            ("fast_lane.amount_minor-sent", "1"),
            ("fast_lane.amount_minor", "30"),
        ]);
        let text = written(policy.source(), &fields);
        let changed: Vec<&str> = text
            .lines()
            .zip(policy.source().lines())
            .filter(|(a, b)| a != b)
            .map(|(a, _)| a)
            .collect();
        assert_eq!(changed.len(), 3, "{changed:?}");
        assert!(changed[0].starts_with("merchant_decides_hours = 24 ") && changed[0].contains('#'));
        let read = Policy::parse(&text).unwrap();
        assert_eq!(read.deadlines.merchant_decides.ms(), 24 * 3_600_000);
        assert_eq!(read.fast_lane.as_ref().unwrap().amount.minor(), 3_000);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_the_policys_own_reader() {
        let fields = form(&[("limits.offers-sent", "1"), ("limits.offers", "many\" # x")]);
        let mistakes = Policy::parse(&written(Policy::default_policy().source(), &fields));
        assert!(mistakes.unwrap_err().iter().any(|mistake| mistake.key == "limits.offers"));
    }
}
