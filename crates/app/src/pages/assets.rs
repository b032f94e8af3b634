//! `GET /assets/{file}`: styles, scripts and pictures of the pages, embedded in the program and
//! named by their content, so that a browser fetches each once and keeps it.

use super::Routes;
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// One file, as the build made it.
struct Asset {
    name: &'static str,
    url: &'static str,
    hash: &'static str,
    kind: &'static str,
    raw: &'static [u8],
    br: &'static [u8],
    gz: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Reached by its plain name too, because other people's pages name it.
const LASTING: &str = "embed.js";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The address of an asset for templates: `url("desk.css")` is `/assets/desk.1a2b….css`. A name
/// that is not there leads nowhere; a test reads the templates for such names.
#[must_use]
pub fn url(name: &str) -> &'static str {
    named(name).map_or("/assets/missing", |asset| asset.url)
}

/// The route of the assets.
pub fn routes() -> Routes {
    Routes::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("/assets/{file}");
    if let Some(asset) = ASSETS.iter().find(|asset| asset.url == path) {
        return asset.answer(&headers, FOR_EVER);
    }
    match named(LASTING).filter(|asset| asset.name == file) {
        Some(asset) => asset.answer(&headers, FOR_AN_HOUR),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

impl Asset {
    fn answer(&self, asked: &HeaderMap, kept: HeaderValue) -> Response {
        let (coding, body) = self.coded(asked);
        let tag = format!("\"{}-{}\"", self.hash, coding.unwrap_or("raw"));
        let known = asked.get_all(header::IF_NONE_MATCH).iter().any(|tags| names(tags, &tag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let kind = HeaderValue::from_static(self.kind);
            ([(header::CONTENT_TYPE, kind)], Bytes::from_static(body)).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, kept);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(coding) = coding.filter(|_| !known) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }

    /// The smallest form that the caller takes.
    fn coded(&self, asked: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        let takes = |coding| {
            asked.get_all(header::ACCEPT_ENCODING).iter().any(|value| accepts(value, coding))
        };
        if takes("br") {
            (Some("br"), self.br)
        } else if takes("gzip") {
            (Some("gzip"), self.gz)
        } else {
            (None, self.raw)
        }
    }
}

fn accepts(value: &HeaderValue, coding: &str) -> bool {
    value.to_str().unwrap_or_default().split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = |word: &str| {
            let weight = word.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            weight.is_some_and(|weight| weight <= 0.0)
        };
        named && !words.any(refused)
    })
}

fn names(tags: &HeaderValue, tag: &str) -> bool {
    let mut tags = tags.to_str().unwrap_or_default().split(',').map(str::trim);
    tags.any(|other| other == "*" || other.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(header).collect()
    }

    async fn got(file: &str, pairs: &[(&'static str, &str)]) -> (Response, String) {
        let response = serve(Path(file.to_owned()), asked(pairs)).await;
        let header =
            |name| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
        let said = format!(
            "{} {} {}",
            response.status().as_u16(),
            header(header::CONTENT_ENCODING),
            header(header::CACHE_CONTROL)
        );
        (response, said)
    }

    #[tokio::test]
    async fn an_asset_is_named_by_its_content_and_kept_for_ever() {
        for asset in ASSETS {
            assert!(asset.url.contains(asset.hash), "{}", asset.url);
            let file = asset.url.trim_start_matches("/assets/");

            let (response, said) = got(file, &[]).await;

            assert_eq!(said, "200  public, max-age=31536000, immutable");
            assert_eq!(response.headers()[header::CONTENT_TYPE], asset.kind);
        }
    }

    #[tokio::test]
    async fn the_smallest_form_that_is_taken_is_sent() {
        let file = url("desk.css").trim_start_matches("/assets/");
        let coding = |accept: &'static str| async move {
            let (response, _) = got(file, &[("accept-encoding", accept)]).await;
            let coding = response.headers().get(header::CONTENT_ENCODING);
            coding.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };

        assert_eq!(coding("gzip, deflate, br").await, "br");
        assert_eq!(coding("gzip;q=1.0, br;q=0").await, "gzip");
        assert_eq!(coding("identity").await, "");
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let file = url("buyer.css").trim_start_matches("/assets/");
        let (first, _) = got(file, &[("accept-encoding", "br")]).await;
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();

        let (_, again) = got(file, &[("accept-encoding", "br"), ("if-none-match", &tag)]).await;
        let (_, other) = got(file, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;

        assert!(again.starts_with("304  "), "{again}");
        assert!(other.starts_with("200 gzip"), "{other}");
    }

    #[tokio::test]
    async fn only_the_embedded_component_has_a_lasting_name() {
        assert_eq!(got("embed.js", &[]).await.1, "200  public, max-age=3600");
        for file in ["desk.css", "desk.0000000000000000.css", "missing", "../Cargo.toml"] {
            assert!(got(file, &[]).await.1.starts_with("404"), "{file}");
        }
    }

    #[test]
    fn every_asset_that_a_template_names_is_there() {
        let mut folders = vec![std::path::PathBuf::from("templates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let text = std::fs::read_to_string(entry.path()).unwrap();
                for part in text.split("p.asset(\"").skip(1) {
                    let name = part.split('"').next().unwrap();
                    assert!(named(name).is_some(), "{}: {name}", entry.path().display());
                }
            }
        }
    }

    #[test]
    fn nothing_is_asked_of_third_parties() {
        for asset in ASSETS.iter().filter(|asset| asset.kind.starts_with("text/css")) {
            let text = std::str::from_utf8(asset.raw).unwrap();
            assert!(!text.contains("@import") && !text.contains("url(http"), "{}", asset.name);
        }
    }
}
