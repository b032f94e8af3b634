//! What pages of several doors show alike, ready to be written into a template of the same name
//! under `templates/parts/`.

pub mod count;
pub mod exhibits;
pub mod findings;
pub mod history;
pub mod people;
pub mod refunds;
pub mod talk;
pub mod working;

#[cfg(test)]
mod tests {
    use super::{exhibits, findings, history, refunds, talk, working};
    use crate::pages::{
        page::{Page, Scheme},
        text::Texts,
    };
    use askama::Template;
    use domain::{
        actor::Side,
        case::{Deadline, Otherwise},
        id::FileId,
        moment::{Moment, Span},
        money::Money,
        policy::Language,
    };

    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{% import "parts/history.html" as history %}
{% import "parts/talk.html" as talk %}{% import "parts/findings.html" as findings %}
{% import "parts/working.html" as working %}{% import "parts/exhibits.html" as exhibits %}
{% import "parts/countdown.html" as countdown %}{% import "parts/refunds.html" as refunds %}
{% call history::lines(p, history, "/b/files") %}{% endcall %}
{% call talk::lines(p, talk, "/b/files") %}{% endcall %}
{% call findings::list(p, findings) %}{% endcall %}
{% call working::table(p, working, entitled) %}{% endcall %}
{% call exhibits::gallery(p, exhibits, "/b/files") %}{% endcall %}
{% call countdown::of(p, deadline) %}{% endcall %}
{% call refunds::list(p, refunds) %}{% endcall %}"#
    )]
    struct All {
        p: Page,
        history: Vec<history::Line>,
        talk: Vec<talk::Said>,
        findings: Vec<findings::Told>,
        working: Vec<working::Line>,
        entitled: Money,
        exhibits: Vec<exhibits::Shown>,
        deadline: Deadline,
        refunds: Vec<refunds::Shown>,
    }

    fn around(language: Language) -> Page {
        Page {
            texts: Texts(language),
            scheme: Scheme::Auto,
            now: Moment::from_seconds(1_800_000_000),
            here: "/b".into(),
            door: None,
            person: None,
            office: None,
            shop: None,
            done: None,
            problem: None,
            demo: None,
        }
    }

    fn all(language: Language) -> All {
        let p = around(language);
        let (at, file_id) = (p.now, FileId::parse("f1").unwrap());
        let said = talk::Said {
            side: "buyer".into(),
            side_word: "买家".into(),
            mine: true,
            at,
            text: "<b>您好</b>".into(),
            files: vec![file_id.clone()],
        };
        let shown = exhibits::Shown {
            file_id: file_id.clone(),
            side: "buyer".into(),
            side_word: "买家".into(),
            at,
            look: "picture",
            kind_word: "照片".into(),
            name: None,
            size: exhibits::size(1_234_567),
            sum: "abcd".into(),
        };
        let line = history::Line {
            version: 2,
            at,
            side: "buyer".into(),
            who: "买家".into(),
            kind: "opened",
            title: "申请".into(),
            text: "<i>".into(),
            files: vec![file_id],
        };
        let deadline = Deadline {
            due_at: at.after(Span::hours(5)),
            waits_for: Side::Merchant,
            otherwise: Otherwise::Approve,
        };
        All {
            history: vec![line],
            talk: vec![said],
            findings: Vec::new(),
            working: Vec::new(),
            entitled: Money::cny(123_450).unwrap(),
            exhibits: vec![shown],
            deadline,
            refunds: Vec::new(),
            p,
        }
    }

    #[test]
    fn every_part_is_written_in_both_languages_and_what_people_typed_is_text() {
        for (language, then) in [(Language::Zh, "系统自动同意"), (Language::En, "by itself")]
        {
            let html = all(language).render().unwrap();
            assert!(!html.contains('⟦'), "{html}");
            assert!(html.contains(then) && html.contains("¥1,234.50") && html.contains("1.2 MB"));
            assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
        }
    }
}
