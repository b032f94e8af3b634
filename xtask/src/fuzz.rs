//! `cargo xtask fuzz`: everything that reads what comes from outside, on odd input, for longer
//! than in the tests. The toolchain is a stable one, so these are properties with seeds and
//! mutations rather than coverage-guided targets.

use std::process::ExitCode;

use anyhow::Result;

use crate::{assets, run};

/// The tests that read something odd: their names say "any", or what must not happen.
const TARGETS: &str =
    r"test(/(^|::)any_/) | test(/never_panic/) | test(/brings?_it_down/) | test(/hostile/)";

/// Tries every property on so many cases, beginning at a seed where a target has one.
pub fn run(cases: u64, seed: u64) -> Result<ExitCode> {
    if !assets::build()? {
        return Ok(ExitCode::FAILURE);
    }
    let mut tests = run::cargo();
    tests.args(["nextest", "run", "--locked", "--workspace", "--profile", "fuzz"]);
    tests.args(["--no-fail-fast", "-E", TARGETS]);
    tests.env("PROPTEST_CASES", cases.to_string());
    tests.env("WANBI_FUZZ_REQUESTS", cases.to_string());
    tests.env("WANBI_FUZZ_SEED", seed.to_string());
    Ok(if run::stream(&mut tests)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
