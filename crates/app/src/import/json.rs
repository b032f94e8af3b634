//! Reads one JSON value from a line and says by its path where a mistake is.

use crate::import::fault::{Flaw, file::LineFlaw};
use serde::Deserialize;
use serde_json::error::Category;

/// Reads a value. The quick reader goes first; only what it refuses is read again by the slow
/// one, which keeps the path.
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Flaw> {
    serde_json::from_str(text).map_err(|error| {
        if text.trim_start().starts_with('[') {
            return Flaw::new("", LineFlaw::Array);
        }
        located::<T>(text).unwrap_or_else(|| flaw("", &error))
    })
}

fn located<'a, T: Deserialize<'a>>(text: &'a str) -> Option<Flaw> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let path = error.path().to_string();
    let path = if path == "." { "" } else { &path };
    Some(flaw(path, error.inner()))
}

fn flaw(path: &str, error: &serde_json::Error) -> Flaw {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let detail = text.strip_suffix(&place).unwrap_or(&text).to_owned();
    match error.classify() {
        Category::Data => Flaw::new(path, LineFlaw::JsonValue(detail)),
        Category::Io | Category::Syntax | Category::Eof => {
            Flaw::new("", LineFlaw::Json { column: error.column(), detail })
        }
    }
}
