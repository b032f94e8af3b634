//! How a file is handed out: under its own type, never the one somebody claimed; in a sandbox,
//! so that even a file that fooled every check runs nothing (threat 15).

use super::{file::StoredFile, sniff::Media};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use std::{fmt::Write as _, ops::Range};

/// What of a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing: the asker has it already.
    Known,
    /// Bytes that it does not have.
    OutOfRange,
}

impl Asked {
    /// The status that answers it.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Whole => StatusCode::OK,
            Self::Part(_) => StatusCode::PARTIAL_CONTENT,
            Self::Known => StatusCode::NOT_MODIFIED,
            Self::OutOfRange => StatusCode::RANGE_NOT_SATISFIABLE,
        }
    }
}

/// The tag of a file's bytes: their sum.
#[must_use]
pub fn etag(file: &StoredFile) -> String {
    format!("\"{}\"", file.sha256)
}

/// Reads what is asked for. A range that cannot be understood, or several, is answered with all,
/// as RFC 9110 allows.
#[must_use]
pub fn asked(request: &HeaderMap, file: &StoredFile) -> Asked {
    let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let etag = etag(file);
    if let Some(known) = text(IF_NONE_MATCH) {
        let tags = known.split(',').map(|tag| tag.trim().trim_start_matches("W/"));
        if tags.into_iter().any(|tag| tag == "*" || tag == etag) {
            return Asked::Known;
        }
    }
    let stale = text(IF_RANGE).is_some_and(|known| known != etag);
    match text(RANGE) {
        Some(range) if !stale => part(range, file.size),
        _ => Asked::Whole,
    }
}

fn part(range: &str, size: u64) -> Asked {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Asked::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let range = match (number(first.trim()), number(last.trim())) {
        // The last so many bytes.
        (None, Some(0)) if first.trim().is_empty() => return Asked::OutOfRange,
        (None, Some(count)) if first.trim().is_empty() => size.saturating_sub(count)..size,
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        _ => return Asked::Whole,
    };
    if range.start >= size { Asked::OutOfRange } else { Asked::Part(range) }
}

/// The headers of the answer.
#[must_use]
pub fn headers(file: &StoredFile, asked: &Asked) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let fixed = HeaderValue::from_static;
    headers.insert(X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, fixed("sandbox; default-src 'none'"));
    headers.insert("cross-origin-resource-policy", fixed("same-origin"));
    headers.insert(ACCEPT_RANGES, fixed("bytes"));
    headers.insert(CACHE_CONTROL, fixed("private, max-age=31536000, immutable"));
    let mut set = |name, text: String| {
        // All of these are plain ASCII; if one were not, it is better left out than guessed.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    };
    set(ETAG, etag(file));
    let size = file.size;
    let length = match asked {
        Asked::Whole => size,
        Asked::Part(range) => {
            let last = range.end.saturating_sub(1);
            set(CONTENT_RANGE, format!("bytes {}-{last}/{size}", range.start));
            range.end.saturating_sub(range.start)
        }
        Asked::OutOfRange => {
            set(CONTENT_RANGE, format!("bytes */{size}"));
            return headers;
        }
        Asked::Known => return headers,
    };
    set(CONTENT_LENGTH, length.to_string());
    set(CONTENT_TYPE, file.media.content_type().to_owned());
    set(CONTENT_DISPOSITION, disposition(file));
    headers
}

/// Pictures and videos are shown; a PDF is only ever downloaded.
fn disposition(file: &StoredFile) -> String {
    let how = match file.media {
        Media::Jpeg | Media::Png | Media::Webp | Media::Heic | Media::Mp4 | Media::Mov => "inline",
        Media::Pdf => "attachment",
    };
    let plain = format!("{}.{}", file.file_id, file.media.extension());
    let name = file.name.as_ref().map_or_else(|| plain, |name| name.as_media(file.media));
    let mut text = format!("{how}; filename*=UTF-8''");
    for byte in name.bytes() {
        // RFC 8187: these stand for themselves, all others as percent and two digits.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Asked, asked, headers};
    use crate::evidence::{Digest, FileName, StoredFile, sniff::Media};
    use domain::{
        actor::Actor,
        id::{FileId, OrderId, ShopId},
        moment::Moment,
    };
    use http::HeaderMap;

    fn file(media: Media, name: &str) -> StoredFile {
        StoredFile {
            file_id: FileId::parse("018f-1").unwrap(),
            shop_id: ShopId::parse("s1").unwrap(),
            order_id: OrderId::parse("o1").unwrap(),
            uploaded_by: Actor::System,
            name: FileName::tidy(name),
            media,
            kind: media.kind(),
            size: 1_000,
            sha256: Digest::of(b"abc"),
            width: None,
            height: None,
            duration_ms: None,
            begun_at: Moment::from_ms(0),
            stored_at: Moment::from_ms(0),
        }
    }

    fn ask(pairs: &[(&'static str, &str)]) -> Asked {
        let mut request = HeaderMap::new();
        for (name, value) in pairs {
            request.insert(*name, value.parse().unwrap());
        }
        asked(&request, &file(Media::Mp4, "film.mp4"))
    }

    #[test]
    fn one_range_is_answered_in_part() {
        for (range, part) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=500-", Asked::Part(500..1_000)),
            ("bytes=-100", Asked::Part(900..1_000)),
            ("bytes=-5000", Asked::Part(0..1_000)),
            ("bytes=990-99999999999999999999", Asked::Part(990..1_000)),
            ("bytes=1000-", Asked::OutOfRange),
            ("bytes=-0", Asked::OutOfRange),
            ("bytes=0-1,5-9", Asked::Whole),
            ("bytes=9-1", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("bytes=-", Asked::Whole),
        ] {
            assert_eq!(ask(&[("range", range)]), part, "{range}");
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let tag = super::etag(&file(Media::Mp4, ""));
        assert_eq!(ask(&[("if-none-match", &format!("\"x\", W/{tag}"))]), Asked::Known);
        assert_eq!(ask(&[("if-none-match", "\"x\"")]), Asked::Whole);
        assert_eq!(ask(&[("range", "bytes=0-9"), ("if-range", "\"x\"")]), Asked::Whole);
        assert_eq!(ask(&[("range", "bytes=0-9"), ("if-range", &tag)]), Asked::Part(0..10));
    }

    #[test]
    fn every_answer_runs_nothing_and_says_its_own_type() {
        for media in Media::ALL {
            let sent = headers(&file(media, "a.html"), &Asked::Whole);

            assert_eq!(sent["content-type"], media.content_type());
            assert_eq!(sent["x-content-type-options"], "nosniff");
            assert_eq!(sent["content-security-policy"], "sandbox; default-src 'none'");
            assert_eq!(sent["cross-origin-resource-policy"], "same-origin");
            let how = if media == Media::Pdf { "attachment" } else { "inline" };
            let name = format!("{how}; filename*=UTF-8''a.html.{}", media.extension());
            assert_eq!(sent["content-disposition"], name);
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let sent = headers(&file(Media::Pdf, "退款\"; x=\"\r\nSet-Cookie: a.pdf"), &Asked::Whole);
        let name =
            "attachment; filename*=UTF-8''%E9%80%80%E6%AC%BE%22%3B%20x%3D%22Set-Cookie%3A%20a.pdf";
        assert_eq!(sent["content-disposition"], name);
    }
}
