//! Whether a request comes from a page of this site. Cookies travel with requests that other sites
//! make a browser send; what changes something must not.

use axum::http::{HeaderMap, header};

/// Whether a browser says that the request was made by a page of ours, or by the person alone.
/// A browser that says nothing (none since 2023 does) is not believed.
#[must_use]
pub fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()).or_else(|| text(header::REFERER.as_str()))
    else {
        return false;
    };
    let ours = |origin: &str| host_of(origin).is_some() && host_of(origin) == host_of(public_url);
    let same_host = text(header::HOST.as_str()).is_some_and(|host| host_of(origin) == Some(host));
    ours(origin) || same_host
}

/// `shop.example:8700` of `https://shop.example:8700/path`.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::same_origin;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn asked(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        same_origin(&pairs.collect::<HeaderMap>(), "https://shop.example")
    }

    #[test]
    fn what_another_site_sends_is_known() {
        assert!(!asked(&[("sec-fetch-site", "cross-site"), ("host", "shop.example")]));
        assert!(!asked(&[("sec-fetch-site", "same-site"), ("origin", "https://shop.example")]));
        assert!(!asked(&[("origin", "https://evil.example"), ("host", "shop.example")]));
        assert!(!asked(&[("origin", "null"), ("host", "shop.example")]));
        assert!(!asked(&[("referer", "https://shop.example.evil.example/")]));
        assert!(!asked(&[]));
    }

    #[test]
    fn what_our_pages_send_is_let_in() {
        assert!(asked(&[("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        assert!(asked(&[("origin", "https://shop.example")]));
        assert!(asked(&[("origin", "http://127.0.0.1:8700"), ("host", "127.0.0.1:8700")]));
        assert!(asked(&[("referer", "https://shop.example/m/cases")]));
    }
}
