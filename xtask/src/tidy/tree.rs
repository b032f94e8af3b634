//! The files of the house, read once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Finding;
use crate::{run, world};

/// All files that are tracked, or would be.
#[derive(Default)]
pub struct Tree {
    /// Text files only.
    pub files: Vec<File>,
    /// Every file, with `/` between the parts.
    pub paths: BTreeSet<String>,
}

/// A text file.
pub struct File {
    pub path: String,
    pub text: String,
}

/// Folders that are never ours, for the case that git cannot tell.
const FOREIGN: [&str; 4] = [".git", ".venv", "node_modules", "target"];
const DEPTH_MAX: u32 = 20;

impl Tree {
    /// Reads the workspace.
    pub fn read() -> Result<Self> {
        let root = world::root();
        let mut git = run::command("git");
        // Another owner of the folder, as on a CI machine, is no reason to see nothing.
        git.args(["-c", "safe.directory=*", "ls-files", "-z"]);
        git.args(["--cached", "--others", "--exclude-standard"]);
        let mut paths = BTreeSet::new();
        match run::read(&mut git) {
            Ok(list) => {
                let names = list.split('\0').filter(|name| root.join(name).is_file());
                paths.extend(names.map(str::to_owned));
            }
            Err(_) => walk(&root, "", DEPTH_MAX, &mut paths)?,
        }
        forget_caches(&mut paths);
        let mut files = Vec::new();
        for path in &paths {
            // A colleague may have removed it since the list was made.
            let Ok(bytes) = fs::read(root.join(path)) else { continue };
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(File { path: path.clone(), text });
            }
        }
        Ok(Self { files, paths })
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.contains(path)
            || self
                .paths
                .range(folder.clone()..)
                .next()
                .is_some_and(|next| next.starts_with(&folder))
    }

    /// The text file with this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files with this ending.
    pub fn with_ending(&self, ending: &'static str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.path.ends_with(ending))
    }
}

impl File {
    /// Made by a program or written by others: not ours to polish.
    pub fn is_made(&self) -> bool {
        let folders = ["dist/", "fixtures/", "vendor/"];
        let endings = [".snap", ".lock", "package-lock.json", ".min.js", ".min.css", ".svg"];
        self.path == "LICENSE"
            || folders.iter().any(|folder| self.path.contains(folder))
            || endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |(_, name)| name)
    }

    /// Lines with their number, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// A finding in this file.
    pub fn finding(&self, rule: &'static str, line: usize, what: impl Into<String>) -> Finding {
        Finding { rule, path: self.path.clone(), line, what: what.into() }
    }
}

fn walk(root: &Path, folder: &str, depth: u32, paths: &mut BTreeSet<String>) -> Result<()> {
    let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
    let here = root.join(folder);
    for entry in fs::read_dir(&here).with_context(|| format!("reading {}", here.display()))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_file() {
            paths.insert(path);
        } else if entry.file_type()?.is_dir() && !FOREIGN.contains(&name.as_str()) {
            walk(root, &path, depth, paths)?;
        }
    }
    Ok(())
}

/// A folder with this tag is a cache, such as a second target folder of somebody in a hurry.
fn forget_caches(paths: &mut BTreeSet<String>) {
    let tags = paths.iter().filter_map(|path| path.strip_suffix("/CACHEDIR.TAG"));
    let caches: Vec<String> = tags.map(|folder| format!("{folder}/")).collect();
    paths.retain(|path| !caches.iter().any(|cache| path.starts_with(cache)));
}

/// A tree made of paths and texts, for the tests of the rules.
#[cfg(test)]
pub fn of(files: &[(&str, &str)]) -> Tree {
    let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    let file = |(path, text): &(&str, &str)| File { path: (*path).into(), text: (*text).into() };
    Tree { files: files.iter().map(file).collect(), paths }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_if_a_file_is_in_it() {
        let tree = of(&[("crates/store/src/lib.rs", ""), ("crates/store.md", "")]);
        assert!(tree.has("crates/store") && tree.has("crates/store/src/") && tree.has("crates"));
        assert!(!tree.has("crates/stor") && !tree.has("crates/store/src/lib"));
    }

    #[test]
    fn a_cache_is_not_ours() {
        let names = ["target-2/CACHEDIR.TAG", "target-2/debug/x.d", "target-2.md"];
        let mut paths = names.map(str::to_owned).into();
        forget_caches(&mut paths);
        assert_eq!(paths, ["target-2.md".to_owned()].into());
    }

    #[test]
    fn without_git_the_same_sources_are_seen() {
        let mut walked = BTreeSet::new();
        walk(&world::root(), "", DEPTH_MAX, &mut walked).unwrap();
        assert!(walked.contains("xtask/src/tidy/tree.rs"));
        assert!(!walked.iter().any(|path| path.starts_with("target/")));
        assert!(Tree::read().unwrap().paths.contains("xtask/src/tidy/tree.rs"));
    }
}
