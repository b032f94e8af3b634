//! The document as a page to read.

use crate::{api::problem::PROBLEM_CODES, i18n};
use domain::{policy::Language, refusal::Refusal};
use serde_json::Value;
use std::collections::BTreeSet;

/// A plain page of all routes: no script, nothing from elsewhere.
pub fn page(document: &Value) -> String {
    let mut rows = String::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let reference = operation.pointer("/requestBody/content/application~1json/schema/$ref");
            let body = reference.and_then(Value::as_str).unwrap_or_default();
            let body = body.rsplit('/').next().unwrap_or_default();
            rows.push_str(&format!(
                "<tr><td>{}</td><td><code>{path}</code></td><td>{body}</td></tr>\n",
                method.to_uppercase()
            ));
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Wanbi API</title>\
         <h1>Wanbi API</h1><p>The whole document: \
         <a href=\"/api/v1/openapi.json\">openapi.json</a></p>\
         <table><thead><tr><th>Method</th><th>Path</th><th>Body</th></tr></thead>\
         <tbody>\n{rows}</tbody></table><h2>Problems</h2><dl>\n{}</dl></html>",
        problems()
    )
}

/// Every code with its sentence, where the `type` of a problem leads.
fn problems() -> String {
    let refusals = Refusal::samples();
    let codes: BTreeSet<&str> =
        PROBLEM_CODES.iter().copied().chain(refusals.iter().map(Refusal::code)).collect();
    let mut rows = String::new();
    for code in codes {
        let key = format!("problem-{}", code.replace('_', "-"));
        if !i18n::has(Language::En, &key) {
            continue;
        }
        let [zh, en] = [Language::Zh, Language::En].map(|language| {
            let text = i18n::sentence(language, &key, &[]);
            text.replace('&', "&amp;").replace('<', "&lt;")
        });
        rows.push_str(&format!(
            "<dt id=\"{key}\"><code>{code}</code></dt><dd lang=\"zh-CN\">{zh}</dd><dd>{en}</dd>\n"
        ));
    }
    rows
}
