//! Places: nothing in the tree may name the machine, or the mirror, on which it was written.

use super::Finding;
use super::tree::{File, Tree};

const MACHINES: &str = "machines";
const REGISTRIES: &str = "registries";

/// Folders of one machine. Put together here, so that this file keeps its own rule.
const FOLDERS: [&str; 4] =
    [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/"), concat!("/", "Users/")];

/// Mirrors and private registries, in whole or in part.
const MIRRORS: [&str; 7] = [
    concat!("npm", "mirror.com"),
    concat!("arti", "factory"),
    concat!("jfrog", ".io"),
    concat!("tuna.tsinghua", ".edu"),
    concat!("mirrors", ".aliyun"),
    concat!("rs", "proxy.cn"),
    concat!("mirrors.ustc", ".edu"),
];

/// The public registries, the only ones a lock file may name.
const PUBLIC: [&str; 2] =
    ["https://registry.npmjs.org/", "registry+https://github.com/rust-lang/crates.io-index"];

/// Settings that send a package manager elsewhere.
const REDIRECTIONS: [&str; 6] =
    ["--extra-index-url", "--find-links", "--index-url", "index-url", "registry=", "replace-with"];
const REDIRECTED: [&str; 5] = [".npmrc", "pip.conf", "requirements.txt", "config.toml", "uv.toml"];

/// Looks for folders of a machine.
pub fn machines(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            for folder in FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
                let what = format!("`{folder}` is a folder of one machine");
                findings.push(file.finding(MACHINES, number, what));
            }
        }
    }
    findings
}

/// An absolute path, not the middle of a longer one or of an address.
fn names_folder(line: &str, folder: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "/._-}*".contains(c);
    line.match_indices(folder).any(|(at, _)| !line.get(..at).is_some_and(|l| l.ends_with(inside)))
}

/// Looks for registries other than the public ones.
pub fn registries(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            if let Some(what) = strange_registry(file, line) {
                findings.push(file.finding(REGISTRIES, number, what));
            }
        }
    }
    findings
}

fn strange_registry(file: &File, line: &str) -> Option<String> {
    if let Some(mirror) = MIRRORS.iter().find(|mirror| line.contains(*mirror)) {
        return Some(format!("`{mirror}` is not a public registry"));
    }
    let line = line.trim();
    let source = match file.name() {
        "Cargo.lock" => line.strip_prefix("source = \""),
        "package-lock.json" => line.strip_prefix("\"resolved\": \""),
        name if REDIRECTED.contains(&name) => {
            let setting = REDIRECTIONS.iter().find(|setting| line.starts_with(*setting))?;
            return Some(format!("`{setting}` sends everybody to a registry of one machine"));
        }
        _ => None,
    }?;
    let public = PUBLIC.iter().any(|registry| source.starts_with(registry));
    (!public).then(|| format!("`{source}` is not a public registry"))
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn machine(line: &str) -> usize {
        machines(&tree::of(&[("a.md", line)])).len()
    }

    fn registry(path: &str, line: &str) -> usize {
        registries(&tree::of(&[(path, line)])).len()
    }

    #[test]
    fn a_folder_of_a_machine_is_found() {
        for folder in FOLDERS {
            assert_eq!(machine(&format!("see {folder}x")), 1);
            assert_eq!(machine(&format!("see docs{folder}x")), 0);
        }
        assert_eq!(machine(concat!("https://example.org/", "home/")), 0);
    }

    #[test]
    fn a_lock_file_names_public_registries_only() {
        let good = "      \"resolved\": \"https://registry.npmjs.org/a/-/a-1.0.0.tgz\",";
        assert_eq!(registry("dist/package-lock.json", good), 0);
        let bad = "      \"resolved\": \"https://npm.corp.example/a/-/a-1.0.0.tgz\",";
        assert_eq!(registry("dist/package-lock.json", bad), 1);
        assert_eq!(registry("Cargo.lock", "source = \"registry+https://corp.example/\""), 1);
    }

    #[test]
    fn nobody_is_sent_to_a_mirror() {
        assert_eq!(registry("README.md", concat!("use rs", "proxy.cn")), 1);
        assert_eq!(registry("tests/oracle/requirements.txt", "--index-url https://a.example"), 1);
        assert_eq!(registry("tests/oracle/requirements.txt", "cryptography==1.0"), 0);
    }
}
