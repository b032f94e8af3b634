//! What stands in the way of people who do not see, hear or point: axe-core looks over a page.

use super::{watch, window::Window};
use serde::Deserialize;
use std::{fs::read_to_string, path::Path};

/// Where the lock file of the assets puts it.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web/node_modules/axe-core/axe.min.js");

/// Runs it by the rules of WCAG 2.1 AA and hands back what is serious.
const RUN: &str = "
    const done = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const runOnly = { type: 'tag', values: tags };
    axe.run(document, { runOnly, preload: false, resultTypes: ['violations'] })
        .then(found => done(found.violations
            .filter(one => ['serious', 'critical'].includes(one.impact))
            .map(one => ({ rule: one.id, help: one.help, where: one.nodes.map(node =>
                node.target.join(' ') + '\\n      ' + node.html.slice(0, 160) + '\\n      '
                    + (node.failureSummary || '').split('\\n').slice(1, 2).join('')) }))))
        .catch(error => done([{ rule: 'axe', help: String(error), where: [] }]));";

/// A rule that a page breaks.
#[derive(Debug, Deserialize)]
struct Violation {
    rule: String,
    help: String,
    r#where: Vec<String>,
}

/// What is serious on the page that a window shows, a line for each rule and place. The page is
/// judged first, for what it complains of afterwards is not its own doing.
pub async fn violations(window: &Window) -> Vec<String> {
    let missing = "axe-core is missing: run `cargo xtask assets`";
    let axe = read_to_string(Path::new(AXE)).unwrap_or_else(|error| panic!("{missing}\n{error}"));
    window.judge().await;
    let web = &window.driver.web;
    web.execute(axe, Vec::new()).await.unwrap();
    let found = web.execute_async(RUN, Vec::new()).await.unwrap();
    drop(watch::seen(web).await);
    let found: Vec<Violation> = serde_json::from_value(found.json().clone()).unwrap();
    let lines = found.into_iter().map(|Violation { rule, help, r#where }| {
        let places: Vec<String> = r#where.iter().map(|place| format!("\n    {place}")).collect();
        format!("{rule}: {help}{}", places.concat())
    });
    lines.collect()
}
