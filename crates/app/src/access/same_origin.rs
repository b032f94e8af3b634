//! Whether an unsafe request was made by one of our own pages. Asked wherever a cookie says who
//! the caller is; why no token is asked for stands in docs/adr/0006-origin-instead-of-tokens.md.

use axum::http::{HeaderMap, Uri, header};

/// The header by which a browser says from where a request was made.
const SITE: &str = "sec-fetch-site";

/// Whether the request came from a page of ours, or from no page at all but the address bar.
///
/// A browser that says `Sec-Fetch-Site` is believed. An older one is asked for `Origin`, then for
/// `Referer`. Whoever says nothing is refused: every browser says one of them with a form.
#[must_use]
pub fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    if headers.contains_key(SITE) {
        return matches!(only(headers, SITE), Some("same-origin" | "none"));
    }
    let named = if headers.contains_key(header::ORIGIN) { header::ORIGIN } else { header::REFERER };
    let Some(from) = only(headers, named.as_str()).and_then(origin_of) else { return false };
    let public = origin_of(public_url);
    let host = only(headers, header::HOST.as_str()).map(str::to_ascii_lowercase);
    // Behind a proxy the host may be another than the public one; before one, the scheme may.
    public.as_ref() == Some(&from) || host.is_some_and(|host| host == from.1)
}

/// The value of a header that stands once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// Scheme and host with port of an address.
fn origin_of(text: &str) -> Option<(String, String)> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let authority = uri.authority()?.as_str().to_ascii_lowercase();
    let web = matches!(scheme.as_str(), "http" | "https") && !authority.contains('@');
    web.then_some((scheme, authority))
}

#[cfg(test)]
mod tests {
    use super::same_origin;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn asked(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        same_origin(&map, "https://wanbi.example")
    }

    #[test]
    fn a_browser_that_says_where_it_was_is_believed() {
        assert!(asked(&[("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            let ours = ("origin", "https://wanbi.example");
            assert!(!asked(&[("sec-fetch-site", site), ours]), "{site}");
        }
        assert!(!asked(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn an_older_one_is_asked_for_the_origin() {
        assert!(asked(&[("origin", "https://wanbi.example")]));
        assert!(asked(&[("origin", "http://10.0.0.7:8700"), ("host", "10.0.0.7:8700")]));
        for origin in [
            "null",
            "https://wanbi.example.evil.example",
            "https://evil.example",
            "http://wanbi.example",
            "https://wanbi.example:444",
            "https://wanbi.example@evil.example",
        ] {
            assert!(!asked(&[("origin", origin)]), "{origin}");
        }
        let both = [("origin", "https://evil.example"), ("referer", "https://wanbi.example/m")];
        assert!(!asked(&both));
    }

    #[test]
    fn at_last_for_the_page_it_came_from() {
        assert!(asked(&[("referer", "https://wanbi.example/m/cases?x=1")]));
        assert!(!asked(&[("referer", "https://evil.example/https://wanbi.example/")]));
        assert!(!asked(&[("referer", "/m")]));
        assert!(!asked(&[]));
        assert!(!asked(&[("host", "wanbi.example")]));
    }
}
