//! Our own format: the JSON of [`Facts`], one order a line, unknown keys refused.

use crate::import::{
    fault::{Flaw, order::OrderFlaw},
    json,
};
use domain::facts::Facts;

/// The facts of a line.
pub(crate) fn facts(text: &str) -> Result<Box<Facts>, Flaw> {
    let facts: Box<Facts> = json::read(text)?;
    checked(facts)
}

/// Facts that hang together.
pub(crate) fn checked(facts: Box<Facts>) -> Result<Box<Facts>, Flaw> {
    match facts.check() {
        Ok(()) => Ok(facts),
        Err(error) => Err(Flaw::new("", OrderFlaw::Facts(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::facts;

    const GOOD: &str = include_str!("../../tests/fixtures/import/orders.jsonl");

    #[test]
    fn facts_read_what_they_write() {
        for line in GOOD.lines() {
            let read = facts(line).unwrap();
            assert_eq!(facts(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        }
    }

    #[test]
    fn a_mistake_is_named_by_its_path() {
        let line = GOOD.lines().next().unwrap();
        for (from, to, path, code) in [
            (r#""quantity":2"#, r#""quantity":-2"#, "items[0].quantity", "import_json_value"),
            (r#""title""#, r#""titel""#, "items[0].titel", "import_json_value"),
            (
                r#""amount_minor":25600"#,
                r#""amount_minor":1.5"#,
                "tenders[0].amount",
                "import_json_value",
            ),
            (r#""amount_minor":25600"#, r#""amount_minor":25601"#, "", "order_sum_mismatch"),
            (r#""items":["#, r#""items":[,"#, "", "import_json_invalid"),
        ] {
            let bad = line.replacen(from, to, 1);
            assert_ne!(bad, line, "{from}");
            let flaw = facts(&bad).unwrap_err();
            assert_eq!(flaw.words.code, code, "{}", flaw.words.en);
            assert!(flaw.key.starts_with(path), "{} is not {path}", flaw.key);
        }
        assert_eq!(facts("[]").unwrap_err().words.code, "import_json_array");
    }
}
