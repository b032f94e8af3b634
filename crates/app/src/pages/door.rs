//! The three doors, and the cookies by which a browser is known at each.

use crate::{
    access::{
        caller::{Caller, identify},
        session::{self, Present},
    },
    assembly::App,
};
use axum::http::{HeaderMap, HeaderValue, header};
use engine::ports::StoreFault;

/// A door of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The buyer's phone.
    Buyer,
    /// The merchant's desk.
    Merchant,
    /// The platform's desk.
    Platform,
}

impl Door {
    /// The door that a path leads through; none for what stands before the doors.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let first = path.strip_prefix('/')?.split(['/', '?', '#']).next()?;
        match first {
            "b" => Some(Self::Buyer),
            "m" => Some(Self::Merchant),
            "p" => Some(Self::Platform),
            _ => None,
        }
    }

    /// Where it begins.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Buyer => "/b",
            Self::Merchant => "/m",
            Self::Platform => "/p",
        }
    }

    /// The cookie that holds what opens it.
    #[must_use]
    pub const fn cookie(self) -> &'static str {
        match self {
            Self::Buyer => "wanbi_b",
            Self::Merchant => "wanbi_m",
            Self::Platform => "wanbi_p",
        }
    }

    /// Where somebody is sent who is not known there.
    #[must_use]
    pub const fn sign_in(self) -> &'static str {
        match self {
            Self::Buyer => "/b/welcome",
            Self::Merchant => "/m/sign-in",
            Self::Platform => "/p/sign-in",
        }
    }
}

/// A cookie of a request.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// How a cookie is kept: for so many seconds under a path; sent over TLS alone where the site
/// has it, never to scripts, never along with another site's forms.
#[must_use]
pub fn keep(app: &App, (name, value): (&str, &str), path: &str, seconds: u32) -> HeaderValue {
    let secure = if app.public_url.starts_with("https:") { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Who stands at a door, by what the browser shows.
///
/// # Errors
/// [`StoreFault`] if the registry cannot be read.
pub async fn caller(
    app: &App,
    door: Door,
    headers: &HeaderMap,
) -> Result<Option<Caller>, StoreFault> {
    let Some(shown) = cookie(headers, door.cookie()) else { return Ok(None) };
    match door {
        Door::Buyer => {
            let caller = identify(app, shown, None).await?;
            Ok(caller.filter(|caller| caller.buyer().is_some()))
        }
        Door::Merchant | Door::Platform => {
            Ok(present(app, door, headers).await?.map(|present| present.caller(None)))
        }
    }
}

/// Whose session the browser shows at the door of a desk. A token for the interface opens no
/// page: it would never run out there.
///
/// # Errors
/// [`StoreFault`] if the registry cannot be read.
pub async fn present(
    app: &App,
    door: Door,
    headers: &HeaderMap,
) -> Result<Option<Present>, StoreFault> {
    let Some(shown) = cookie(headers, door.cookie()) else { return Ok(None) };
    let present = session::read(app, shown, app.desk.now()).await?;
    Ok(present.filter(|present| present.member.is_of_platform() == (door == Door::Platform)))
}

#[cfg(test)]
mod tests {
    use super::{Door, cookie};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn a_path_leads_through_one_door() {
        assert_eq!(Door::of("/b/orders"), Some(Door::Buyer));
        assert_eq!(Door::of("/m"), Some(Door::Merchant));
        assert_eq!(Door::of("/p?x=/b"), Some(Door::Platform));
        assert_eq!(Door::of("/bb"), None);
        assert_eq!(Door::of("/api/v1/orders"), None);
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_static("xwanbi_b=1; wanbi_b=wb_x.y=; z=2");
        headers.append(header::COOKIE, line);
        assert_eq!(cookie(&headers, "wanbi_b"), Some("wb_x.y="));
        assert_eq!(cookie(&headers, "anbi_b"), None);
    }
}
