//! Licences, banned crates and sources of what we depend on, by the lists in `deny.toml`.
//!
//! `cargo deny` is used where it is installed. Building it from source costs a fresh machine more
//! minutes than all other checks together, so what matters most is also here, by the same lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{run, world};

const LIST: &str = "deny.toml";

/// Runs `cargo deny`, or what stands in for it.
pub fn check() -> Result<bool> {
    if run::exists("cargo-deny") {
        // Advisories change with the world and not with our commits, so they are not a gate here.
        let mut deny = run::cargo();
        return run::stream(deny.args(["deny", "check", "licenses", "bans", "sources"]));
    }
    println!("cargo-deny is not installed: reading {LIST} ourselves");
    let text = fs::read_to_string(world::root().join(LIST)).context(LIST)?;
    let lists = Lists::read(&text)?;
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let metadata = run::read(run::cargo().args(arguments))?;
    let packages = packages(&metadata)?;
    for (name, versions) in duplicates(&packages) {
        println!("note: {name} is there in {} versions: {}", versions.len(), versions.join(", "));
    }
    let findings = findings(&lists, &packages);
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{} crates looked at, {} findings", packages.len(), findings.len());
    Ok(findings.is_empty())
}

/// The lists of `deny.toml` that we understand.
struct Lists {
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
    registries: BTreeSet<String>,
}

impl Lists {
    fn read(text: &str) -> Result<Self> {
        let list: toml::Table = text.parse().context(LIST)?;
        let entries = |section: &str, key: &str| -> Vec<toml::Value> {
            let found = list.get(section).and_then(|table| table.get(key)?.as_array());
            found.cloned().unwrap_or_default()
        };
        let text = |value: &toml::Value| Some(value.as_str()?.to_owned());
        let name = |value: &toml::Value| text(value.get("crate")?);
        Ok(Self {
            licences: entries("licenses", "allow").iter().filter_map(text).collect(),
            banned: entries("bans", "deny").iter().filter_map(name).collect(),
            registries: entries("sources", "allow-registry").iter().filter_map(text).collect(),
        })
    }
}

/// A crate that is not ours.
struct Package {
    name: String,
    version: String,
    licence: String,
    source: String,
}

fn packages(metadata: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(metadata).context("reading cargo metadata")?;
    let all = metadata.get("packages").and_then(Value::as_array).context("no packages")?;
    let theirs = all.iter().filter_map(|package| {
        let text = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Package {
            source: text("source")?,
            name: text("name")?,
            version: text("version")?,
            licence: text("license").unwrap_or_default(),
        })
    });
    Ok(theirs.collect())
}

fn findings(lists: &Lists, packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let Package { name, version, licence, source } = package;
        if !is_allowed(licence, &lists.licences) {
            findings.push(format!("{name} {version}: licence `{licence}` is not in the list"));
        }
        if lists.banned.contains(name) {
            findings.push(format!("{name} {version}: is banned, see {LIST} for the reason"));
        }
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !lists.registries.contains(registry) {
            findings.push(format!("{name} {version}: comes from {source}"));
        }
    }
    findings
}

fn duplicates(packages: &[Package]) -> BTreeMap<&str, Vec<&str>> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions
}

/// Whether an SPDX expression can be satisfied with the listed licences alone.
fn is_allowed(expression: &str, list: &BTreeSet<String>) -> bool {
    // "MIT/Apache-2.0" is how old crates write OR.
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest, list) && rest.is_empty()
}

fn any_of(rest: &mut &[&str], list: &BTreeSet<String>) -> bool {
    let mut good = all_of(rest, list);
    while let [first, tail @ ..] = *rest
        && *first == "OR"
    {
        *rest = tail;
        good |= all_of(rest, list);
    }
    good
}

fn all_of(rest: &mut &[&str], list: &BTreeSet<String>) -> bool {
    let mut good = one(rest, list);
    while let [first, tail @ ..] = *rest
        && *first == "AND"
    {
        *rest = tail;
        good &= one(rest, list);
    }
    good
}

fn one(rest: &mut &[&str], list: &BTreeSet<String>) -> bool {
    match *rest {
        ["(", tail @ ..] => {
            *rest = tail;
            let good = any_of(rest, list);
            let closed = rest.first() == Some(&")");
            *rest = rest.get(1..).unwrap_or_default();
            good && closed
        }
        [licence, "WITH", exception, tail @ ..] => {
            *rest = tail;
            list.contains(&format!("{licence} WITH {exception}"))
        }
        [licence, tail @ ..] => {
            *rest = tail;
            list.contains(*licence)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"]
        [bans]
        deny = [{ crate = "openssl", reason = "one crypto library" }]
        [sources]
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
    "#;

    fn lists() -> Lists {
        Lists::read(SAMPLE).unwrap()
    }

    fn package(name: &str, licence: &str, source: &str) -> Package {
        let (name, licence, source) = (name.into(), licence.into(), source.into());
        Package { name, version: "1.0.0".into(), licence, source }
    }

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn found(package: Package) -> usize {
        findings(&lists(), &[package]).len()
    }

    #[test]
    fn a_licence_counts_if_it_can_be_chosen() {
        let list = lists().licences;
        for good in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "ISC AND (MIT OR GPL-3.0)"] {
            assert!(is_allowed(good, &list), "{good}");
        }
        assert!(is_allowed("Apache-2.0 WITH LLVM-exception OR GPL-3.0", &list));
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT WITH Bison", "MIT MIT"] {
            assert!(!is_allowed(bad, &list), "{bad}");
        }
    }

    #[test]
    fn a_strange_licence_a_banned_crate_and_a_strange_source_are_found() {
        assert_eq!(found(package("good", "MIT", CRATES_IO)), 0);
        assert_eq!(found(package("strange", "AGPL-3.0", CRATES_IO)), 1);
        assert_eq!(found(package("openssl", "Apache-2.0", CRATES_IO)), 1);
        assert_eq!(found(package("forked", "MIT", "git+https://example.org/forked")), 1);
    }

    #[test]
    fn our_own_list_can_be_read() {
        let text = fs::read_to_string(world::root().join(LIST)).unwrap();
        let lists = Lists::read(&text).unwrap();
        assert!(lists.licences.contains("MIT"));
        assert!(!lists.banned.is_empty() && !lists.registries.is_empty());
    }
}
