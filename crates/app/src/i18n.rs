//! Sentences in two languages: Chinese first, English second. Texts stand in Fluent files.

use domain::policy::Language;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::sync::LazyLock;

/// The texts of a language: file name and content.
const ZH: &[&str] = &[
    include_str!("../locales/zh-CN/problems.ftl"),
    include_str!("../locales/zh-CN/common.ftl"),
    include_str!("../locales/zh-CN/words.ftl"),
    include_str!("../locales/zh-CN/history.ftl"),
    include_str!("../locales/zh-CN/buyer.ftl"),
    include_str!("../locales/zh-CN/apply.ftl"),
    include_str!("../locales/zh-CN/bcase.ftl"),
    include_str!("../locales/zh-CN/queue.ftl"),
    include_str!("../locales/zh-CN/cases.ftl"),
    include_str!("../locales/zh-CN/desk.ftl"),
    include_str!("../locales/zh-CN/mcase.ftl"),
    include_str!("../locales/zh-CN/money.ftl"),
    include_str!("../locales/zh-CN/returns.ftl"),
    include_str!("../locales/zh-CN/settings.ftl"),
    include_str!("../locales/zh-CN/replies.ftl"),
    include_str!("../locales/zh-CN/access.ftl"),
    include_str!("../locales/zh-CN/overview.ftl"),
    include_str!("../locales/zh-CN/policy.ftl"),
    include_str!("../locales/zh-CN/platform.ftl"),
    include_str!("../locales/zh-CN/start.ftl"),
];
const EN: &[&str] = &[
    include_str!("../locales/en/problems.ftl"),
    include_str!("../locales/en/common.ftl"),
    include_str!("../locales/en/words.ftl"),
    include_str!("../locales/en/history.ftl"),
    include_str!("../locales/en/buyer.ftl"),
    include_str!("../locales/en/apply.ftl"),
    include_str!("../locales/en/bcase.ftl"),
    include_str!("../locales/en/queue.ftl"),
    include_str!("../locales/en/cases.ftl"),
    include_str!("../locales/en/desk.ftl"),
    include_str!("../locales/en/mcase.ftl"),
    include_str!("../locales/en/money.ftl"),
    include_str!("../locales/en/returns.ftl"),
    include_str!("../locales/en/settings.ftl"),
    include_str!("../locales/en/replies.ftl"),
    include_str!("../locales/en/access.ftl"),
    include_str!("../locales/en/overview.ftl"),
    include_str!("../locales/en/policy.ftl"),
    include_str!("../locales/en/platform.ftl"),
    include_str!("../locales/en/start.ftl"),
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| [bundle("zh-CN", ZH), bundle("en", EN)]);

fn bundle(tag: &str, sources: &[&str]) -> FluentBundle<FluentResource> {
    let languages = tag.parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(languages);
    // Facts are written by us; marks around them would only disturb plain text.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        // A test proves that every file parses and no key stands twice.
        let _twice = bundle.add_resource(resource);
    }
    bundle
}

/// The sentence of a key with its facts; the key itself if there is none, which a test excludes
/// for all keys the program uses.
#[must_use]
pub fn sentence(language: Language, key: &str, facts: &[(String, String)]) -> String {
    let bundle = match language {
        Language::Zh => &BUNDLES[0],
        Language::En => &BUNDLES[1],
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let mut arguments = FluentArgs::new();
    for (name, value) in facts {
        arguments.set(name.as_str(), FluentValue::from(value.as_str()));
    }
    bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
}

/// Whether there is a sentence for a key.
#[must_use]
pub fn has(language: Language, key: &str) -> bool {
    match language {
        Language::Zh => BUNDLES[0].has_message(key),
        Language::En => BUNDLES[1].has_message(key),
    }
}

/// The language a caller prefers, by `Accept-Language`; Chinese unless English comes first.
#[must_use]
pub fn preferred(accept_language: Option<&str>) -> Language {
    let first = accept_language.and_then(|text| text.split(',').next()).unwrap_or("zh-CN");
    if first.trim().to_ascii_lowercase().starts_with("en") { Language::En } else { Language::Zh }
}
