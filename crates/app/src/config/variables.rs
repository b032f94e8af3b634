//! `WANBI_*` variables laid over the file. Each setting has one, named after its place.

use super::ConfigError;
use toml::{Table, Value};

/// Every setting that a variable can carry: section, key, kind.
pub const SETTINGS: [(&str, &str, Kind); 9] = [
    ("server", "listen", Kind::Text),
    ("server", "public_url", Kind::Text),
    ("server", "requests_max", Kind::Count),
    ("database", "url", Kind::Text),
    ("files", "url", Kind::Text),
    ("security", "secret", Kind::Text),
    ("calendar", "file", Kind::Text),
    ("log", "filter", Kind::Text),
    ("log", "format", Kind::Text),
];

/// What kind of value a setting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Count,
}

/// Variables that begin alike but are no settings: where the file is, and what tests are told.
const OTHERS: [&str; 4] = ["WANBI_CONFIG", "WANBI_URL", "WANBI_TOKEN", "WANBI_ORACLE_PYTHON"];

/// The variable of a setting.
#[must_use]
pub fn name_of(section: &str, key: &str) -> String {
    format!("WANBI_{section}_{key}").to_uppercase()
}

pub(super) fn overlay(
    table: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    let ours = variables.into_iter().filter(|(name, _)| name.starts_with("WANBI_"));
    for (name, value) in ours {
        if OTHERS.contains(&name.as_str()) || name.starts_with("WANBI_TEST_") {
            continue;
        }
        let found = SETTINGS.iter().find(|(section, key, _)| name_of(section, key) == name);
        let Some((section, key, kind)) = found else {
            let why = "there is no such setting".to_owned();
            return Err(ConfigError::Variable { name, why });
        };
        let value = match kind {
            Kind::Text => Value::String(value),
            Kind::Count => Value::Integer(value.parse().map_err(|_| ConfigError::Variable {
                name: name.clone(),
                why: "must be a whole number".to_owned(),
            })?),
        };
        let entry = table.entry(*section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = entry {
            section.insert((*key).to_owned(), value);
        }
    }
    Ok(())
}
