//! Names of files: what is in it, never "things".

use super::Finding;
use super::tree::Tree;

const RULE: &str = "names";

/// Drawers: names under which anything could be put. A folder `x` has the parent `x.rs`.
const REFUSED: [&str; 9] =
    ["common", "helper", "helpers", "misc", "mod", "prelude", "types", "util", "utils"];

/// Looks at the path of every Rust file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_ending(".rs") {
        let parts = file.path.trim_end_matches(".rs").split('/');
        for part in parts.filter(|part| REFUSED.contains(part)) {
            findings.push(file.finding(RULE, 0, format!("`{part}` does not say what is in it")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn a_drawer_is_refused_as_a_file_and_as_a_folder() {
        let found = |path| check(&tree::of(&[(path, "")])).len();
        assert_eq!(found("crates/store/src/mod.rs"), 1);
        assert_eq!(found("crates/store/src/utils.rs"), 1);
        assert_eq!(found("crates/store/tests/common/server.rs"), 1);
        assert_eq!(found("crates/store/src/commit.rs"), 0);
    }
}
