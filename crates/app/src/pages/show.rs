//! Pages on the wire: what a template says, with the rules that a browser is to keep to.

use crate::api::problem::Problem;
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Language;

/// Nothing from elsewhere, nothing inline, nobody may frame it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Shows a page.
///
/// # Errors
/// A [`Problem`] if the template fails.
pub fn page<T: Template>(template: &T) -> Result<Response, Problem> {
    with_status(StatusCode::OK, template)
}

/// Shows a page that says something went wrong with what was sent.
///
/// # Errors
/// A [`Problem`] if the template fails.
pub fn with_status<T: Template>(status: StatusCode, template: &T) -> Result<Response, Problem> {
    let html = template.render().map_err(|error| {
        tracing::error!(error = %error, "a page cannot be rendered");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Language::Zh)
    })?;
    Ok(html_response(status, html))
}

/// A page as an answer.
#[must_use]
pub fn html_response(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// Sends the browser to a page after something was done; `done` names the sentence it shows.
#[must_use]
pub fn see(path: &str, done: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{joint}done={done}")).into_response()
}

/// Where a form may send the browser back to: a path of this site and nothing else.
#[must_use]
pub fn safe_path(text: &str, otherwise: &str) -> String {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let ours = text.starts_with('/') && !text.starts_with("//") && text.len() <= 2_000;
    if plain && ours { text.to_owned() } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for text in ["//evil.example", "https://evil.example", "/\\evil.example", "", "m", "/a\nb"]
        {
            assert_eq!(safe_path(text, "/m"), "/m", "{text}");
        }
        assert_eq!(safe_path("/m/cases?tab=1", "/m"), "/m/cases?tab=1");
    }
}
