//! Problems (RFC 9457): what a caller is told when something is not done. What a log is told is
//! another text.

use crate::i18n;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    finding::{Fact, FactValue, Judgement, Remedy, Verdict},
    policy::{Language, money, time_in_china},
    refusal::Refusal,
};
use engine::{desk::Trouble, ports::StoreFault};
use serde::Serialize;
use utoipa::ToSchema;

/// Every code that this crate says itself; those of refusals stand in the domain.
pub const PROBLEM_CODES: &[&str] = &[
    "account_invalid",
    "amount_unreadable",
    "auto_template_gone",
    "body_invalid",
    "body_timeout",
    "body_too_large",
    "bulk_deed_missing",
    "bulk_none",
    "marks_unfit",
    "bulk_too_many",
    "busy",
    "buyer_invalid",
    "card_invalid",
    "carrier_unknown",
    "changed_meanwhile",
    "code_wrong",
    "cross_origin",
    "cursor_invalid",
    "day_unreadable",
    "expiry_invalid",
    "file_not_found",
    "hotline_invalid",
    "hours_missing",
    "hours_unfit",
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "if_match_invalid",
    "inspection_amount",
    "internal",
    "invitation_gone",
    "items_unchosen",
    "method_not_allowed",
    "name_invalid",
    "no_merchant_account",
    "not_found",
    "not_oneself",
    "office_invalid",
    "order_id_differs",
    "parcel_unfit",
    "password_guessable",
    "password_is_name",
    "password_too_long",
    "password_too_short",
    "password_wrong",
    "passwords_differ",
    "person_id_invalid",
    "person_id_taken",
    "policy_invalid",
    "policy_too_long",
    "query_invalid",
    "reason_unchosen",
    "reply_blank_left",
    "request_malformed",
    "role_forbidden",
    "scopes_invalid",
    "service_url_invalid",
    "shop_id_invalid",
    "shop_id_taken",
    "shop_missing",
    "sign_in_locked",
    "sign_in_wrong",
    "signed_out",
    "template_applies_twice",
    "template_empty",
    "template_name_unfit",
    "template_too_long",
    "template_used",
    "template_variable_unknown",
    "templates_too_many",
    "text_too_long_here",
    "token_invalid",
    "token_missing",
    "too_slow",
    "type_missing",
    "unknown",
    "view_name_unfit",
    "views_too_many",
    "wechat_denied",
    "wechat_over",
    "wechat_snapshot",
    "wechat_unavailable",
];

/// What a caller is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Where it is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem it is, in the caller's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here, in the caller's language.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// The clause it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// What can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// The facts named in the detail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// The findings of the policy, where it was the policy that said no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Judgement>,
}

impl Problem {
    /// The status it is answered with.
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A problem with a code; its sentence is `problem-CODE` of the locale.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, language: Language) -> Self {
        Self::with_facts(status, code, Vec::new(), language)
    }

    /// A problem whose sentence names facts.
    #[must_use]
    pub fn with_facts(
        status: StatusCode,
        code: &str,
        facts: Vec<Fact>,
        language: Language,
    ) -> Self {
        let named: Vec<(String, String)> =
            facts.iter().map(|fact| (fact.name.clone(), said(fact, language))).collect();
        let key = code.replace('_', "-");
        debug_assert!(i18n::has(language, &format!("problem-{key}")), "{code} has no sentence");
        Self {
            kind: format!("/api/docs#problem-{key}"),
            title: i18n::sentence(language, &format!("status-{}", status.as_u16()), &[]),
            status: status.as_u16(),
            detail: i18n::sentence(language, &format!("problem-{key}"), &named),
            code: code.to_owned(),
            clause: None,
            remedy: None,
            facts,
            findings: None,
        }
    }

    /// A problem about one fact that is a text.
    #[must_use]
    pub fn about(
        status: StatusCode,
        code: &str,
        (name, value): (&str, &str),
        language: Language,
    ) -> Self {
        let value = FactValue::Text(value.to_owned());
        Self::with_facts(status, code, vec![Fact { name: name.to_owned(), value }], language)
    }

    /// There is nothing here, or nothing that this caller may know of.
    #[must_use]
    pub fn not_found(language: Language) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", language)
    }

    /// What a refusal becomes.
    #[must_use]
    pub fn refused(refusal: Refusal, language: Language) -> Self {
        let status = status_of(&refusal);
        // Another buyer's order is as if it were not there.
        let hidden =
            matches!(refusal, Refusal::NotYours | Refusal::NoSuchOrder | Refusal::NoSuchCase);
        let code = if hidden { "not_found" } else { refusal.code() };
        let mut problem = Self::with_facts(status, code, refusal.facts(), language);
        problem.clause = refusal.clause().map(str::to_owned);
        if let Refusal::Judged(judgement) = refusal {
            let mut findings = judgement.findings.iter();
            let blocking = findings.find(|finding| finding.verdict == Verdict::Blocks);
            if let Some(finding) = blocking {
                problem.code.clone_from(&finding.code);
                problem.remedy = finding.remedy;
            }
            problem.findings = Some(judgement);
        }
        problem
    }

    /// What trouble at the desk becomes. The log has its own words.
    #[must_use]
    pub fn trouble(trouble: Trouble, language: Language) -> Self {
        match trouble {
            Trouble::Refused(refusal) => Self::refused(*refusal, language),
            Trouble::KeyReused => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", language)
            }
            Trouble::NoShop => Self::not_found(language),
            Trouble::Contended => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", language),
            Trouble::Store(fault) => Self::fault(&fault, language),
            Trouble::Record(_) | Trouble::Rules(_) => {
                tracing::error!(error = %trouble, "a command could not be carried out");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", language)
            }
        }
    }

    /// What a fault of the store becomes.
    #[must_use]
    pub fn fault(fault: &StoreFault, language: Language) -> Self {
        let (status, code) = match fault {
            StoreFault::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            StoreFault::Unknown(_) => (StatusCode::SERVICE_UNAVAILABLE, "unknown"),
            StoreFault::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        tracing::error!(error = %fault, "the database failed a request");
        Self::new(status, code, language)
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NoSuchOrder
        | Refusal::NoSuchCase
        | Refusal::NoSuchRefund
        | Refusal::NoSuchTicket
        | Refusal::NotYours => StatusCode::NOT_FOUND,
        Refusal::NotNow { .. } | Refusal::FactsContradict { .. } | Refusal::OrderFull => {
            StatusCode::CONFLICT
        }
        Refusal::VersionPassed { .. } => StatusCode::PRECONDITION_FAILED,
        Refusal::SecondPersonMustDiffer => StatusCode::FORBIDDEN,
        Refusal::Judged(_)
        | Refusal::NothingDue
        | Refusal::AboveCap { .. }
        | Refusal::AboveYear { .. }
        | Refusal::TermsNeedAgreement
        | Refusal::ReasonMissing
        | Refusal::TextTooLong { .. }
        | Refusal::TooMany { .. }
        | Refusal::TrackingMissing
        | Refusal::RefundNotFailed
        | Refusal::AccountMissing
        | Refusal::FactsInvalid(_)
        | Refusal::Amount(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A fact as a sentence names it: what is a word of ours is said in the caller's language.
fn said(fact: &Fact, language: Language) -> String {
    let plain = plain(&fact.value);
    if !matches!(fact.name.as_str(), "action" | "stage" | "what") {
        return plain;
    }
    let key = format!("word-{}", plain.replace('_', "-"));
    if i18n::has(language, &key) { i18n::sentence(language, &key, &[]) } else { plain }
}

fn plain(value: &FactValue) -> String {
    match value {
        FactValue::Money(amount) => money(*amount),
        FactValue::Moment(moment) => time_in_china(*moment),
        FactValue::Count(count) => count.to_string(),
        FactValue::Text(text) => text.clone(),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.http_status();
        let retry = status == StatusCode::SERVICE_UNAVAILABLE;
        let mut response = (status, axum::Json(&self)).into_response();
        // Where people look, it becomes a page.
        response.extensions_mut().insert(self);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        if retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
