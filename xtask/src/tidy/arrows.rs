//! Who may know whom: the arrows between crates, and what the innermost crate may lean on.

use super::Finding;
use super::tree::{File, Tree};

const ARROWS: &str = "arrows";
const DEPENDENCIES: &str = "dependencies";

/// Each crate with those of ours that it may know. A new arrow needs a decision record first.
const MAY_KNOW: [(&str, &[&str]); 9] = [
    ("app", &["domain", "engine", "providers", "sandbox", "store"]),
    ("bench", &["domain", "engine", "store"]),
    ("domain", &[]),
    ("engine", &["domain"]),
    ("providers", &["domain", "engine"]),
    ("sandbox", &["domain", "providers"]),
    ("sim", &["domain", "engine", "providers", "sandbox", "store"]),
    ("store", &["domain", "engine"]),
    ("xtask", &[]),
];

/// Arrows that only tests draw: a protocol is tested against the other side.
const TESTS_MAY_KNOW: [(&str, &[&str]); 1] = [("providers", &["sandbox"])];

/// All that `domain` may depend on: values, dates, digests, expressions. Nothing that acts.
/// `utoipa` only describes values, and only where its feature is asked for.
const DOMAIN: [&str; 9] =
    ["cel", "jiff", "serde", "serde_json", "sha2", "thiserror", "toml", "utoipa", "uuid"];

/// Crates that open a door to the world, each with the crates that may open it.
const DOORS: [(&str, &[&str]); 6] = [
    ("axum", &["app", "bench", "sandbox"]),
    ("clap", &["app", "bench", "sim", "xtask"]),
    ("object_store", &["app"]),
    ("rand", &["app", "sandbox"]),
    ("reqwest", &["app", "providers", "sandbox"]),
    ("sqlx", &["bench", "store"]),
];

/// Reads the manifests.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.with_ending("Cargo.toml").filter(|file| file.path != "Cargo.toml");
    manifests.flat_map(check_one).collect()
}

fn check_one(manifest: &File) -> Vec<Finding> {
    let finding = |rule, what: String| manifest.finding(rule, 0, what);
    let Ok(table) = manifest.text.parse::<toml::Table>() else {
        return vec![finding(ARROWS, "cannot be read".into())];
    };
    let name = table.get("package").and_then(|package| package.get("name")?.as_str());
    let name = name.unwrap_or_default();
    let Some(may_know) = look_up(&MAY_KNOW, name) else {
        return vec![finding(ARROWS, format!("`{name}` is not in the list of crates"))];
    };
    let tests_may_know = look_up(&TESTS_MAY_KNOW, name).unwrap_or_default();
    let uses = names(&table, "dependencies").chain(names(&table, "build-dependencies"));
    let uses: Vec<&String> = uses.collect();
    let mut findings = Vec::new();
    for used in &uses {
        if is_ours(used) && !may_know.contains(&used.as_str()) {
            findings.push(finding(ARROWS, format!("`{name}` may not know `{used}`")));
        }
        if name == "domain" && !is_ours(used) && !DOMAIN.contains(&used.as_str()) {
            findings.push(finding(DEPENDENCIES, format!("`domain` may not depend on `{used}`")));
        }
        if look_up(&DOORS, used).is_some_and(|homes| !homes.contains(&name)) {
            findings.push(finding(DEPENDENCIES, format!("`{used}` is not for `{name}`")));
        }
    }
    for used in names(&table, "dev-dependencies").filter(|used| is_ours(used)) {
        if !may_know.contains(&used.as_str()) && !tests_may_know.contains(&used.as_str()) {
            findings.push(finding(ARROWS, format!("tests of `{name}` may not know `{used}`")));
        }
    }
    findings
}

fn look_up(
    table: &[(&str, &'static [&'static str])],
    key: &str,
) -> Option<&'static [&'static str]> {
    table.iter().find(|(name, _)| *name == key).map(|(_, list)| *list)
}

fn is_ours(name: &str) -> bool {
    MAY_KNOW.iter().any(|(ours, _)| *ours == name)
}

/// Names in a section, also in `[target.….section]`.
fn names<'a>(table: &'a toml::Table, section: &'a str) -> impl Iterator<Item = &'a String> {
    let targets = table.get("target").and_then(toml::Value::as_table);
    let targets = targets.into_iter().flat_map(toml::Table::values);
    let sections = targets.filter_map(|target| target.as_table()).chain([table]);
    let sections = sections.filter_map(move |table| table.get(section)?.as_table());
    sections.flat_map(toml::Table::keys)
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn found(name: &str, rest: &str) -> Vec<String> {
        let text = format!("[package]\nname = \"{name}\"\n{rest}");
        let tree = tree::of(&[("crates/x/Cargo.toml", &text)]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn arrows_point_inward() {
        let empty: [&str; 0] = [];
        assert_eq!(found("engine", "[dependencies]\ndomain.workspace = true\n"), empty);
        let outward = "[dependencies]\nengine = { workspace = true }\n";
        assert_eq!(found("domain", outward), ["`domain` may not know `engine`"]);
        let hidden = "[target.'cfg(unix)'.dependencies]\nstore.workspace = true\n";
        assert_eq!(found("providers", hidden), ["`providers` may not know `store`"]);
        let test = "[dev-dependencies]\nstore.workspace = true\n";
        assert_eq!(found("engine", test), ["tests of `engine` may not know `store`"]);
    }

    #[test]
    fn an_unknown_crate_must_be_put_on_the_list() {
        assert_eq!(found("drawer", ""), ["`drawer` is not in the list of crates"]);
    }

    #[test]
    fn domain_leans_on_values_only() {
        let tokio = "[dependencies]\ntokio.workspace = true\n";
        assert_eq!(found("domain", tokio), ["`domain` may not depend on `tokio`"]);
        assert!(found("engine", tokio).is_empty());
    }

    #[test]
    fn a_door_is_opened_in_its_own_house() {
        let sqlx = "[dependencies]\nsqlx.workspace = true\n";
        assert!(found("store", sqlx).is_empty());
        assert_eq!(found("engine", sqlx), ["`sqlx` is not for `engine`"]);
    }
}
