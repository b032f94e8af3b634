//! Embeds what the pages are dressed in: a table of the files that `cargo xtask assets` built.

use std::fmt::Write;
use std::path::Path;

const MISSING: &str = "the styles and scripts of the pages are not built: run `cargo xtask assets`";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dist");
    // One sentence instead of a trace: this is what a newcomer sees first.
    match table() {
        Some(table) => {
            let out = std::env::var_os("OUT_DIR").unwrap_or_default();
            if let Err(error) = std::fs::write(Path::new(&out).join("assets.rs"), table) {
                println!("cargo::error=the table of assets cannot be written: {error}");
            }
        }
        None => println!("cargo::error={MISSING}"),
    }
}

/// Rust for `&[Asset]`, from lines of name, hash and type.
fn table() -> Option<String> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    let manifest = std::fs::read_to_string(dist.join("manifest.txt")).ok()?;
    let mut table = String::from("&[\n");
    for line in manifest.lines() {
        let (name, rest) = line.split_once(' ')?;
        let (hash, kind) = rest.split_once(' ')?;
        let (stem, ending) = name.rsplit_once('.')?;
        let file = |ending: &str| {
            let path = dist.join(format!("{name}{ending}"));
            println!("cargo::rerun-if-changed={}", path.display());
            path.is_file().then(|| format!("include_bytes!({:?})", path.display().to_string()))
        };
        let (raw, br, gz) = (file("")?, file(".br")?, file(".gz")?);
        let url = format!("/assets/{stem}.{hash}.{ending}");
        write!(table, "Asset {{ name: {name:?}, url: {url:?}, hash: {hash:?}, kind: {kind:?}, ")
            .ok()?;
        writeln!(table, "raw: {raw}, br: {br}, gz: {gz} }},").ok()?;
    }
    table.push(']');
    Some(table)
}
