//! How a buyer comes in by WeChat: sent there, taken back, known by the openid.

use crate::{
    access::wechat::{Denied, OPEN_SECONDS},
    api::problem::Problem,
    assembly::App,
    pages::{
        door::{Door, cookie, keep},
        page::encoded,
        show::safe_path,
        visit::Guest,
    },
    world::random_hex,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{id::ShopId, moment::Span, policy::Language};
use std::sync::Arc;

/// The cookie that says which browser was sent away, and where it wanted to go.
const SENT: &str = "wanbi_wx";
/// A buyer known by WeChat stays known so long, in seconds: seven days.
const KNOWN_SECONDS: u32 = 7 * 86_400;

/// `GET /b/{shop_id}/wechat?next=`: off to WeChat.
///
/// # Errors
/// A [`Problem`] if the shop has no official account here.
pub async fn out(
    State(app): State<Arc<App>>,
    Path(shop): Path<String>,
    guest: Guest,
) -> Result<Response, Problem> {
    let language = guest.page.texts.0;
    let shop_id = ShopId::parse(&shop).map_err(|_| Problem::not_found(language))?;
    let secret = random_hex::<16>();
    let public = app.public_url.trim_end_matches('/');
    let back = format!("{public}/b/{}/wechat/back", encoded(shop_id.as_str()));
    let at = app.desk.now();
    let to = app.means.wechat.way_out(&app.means.stamps, &shop_id, (&secret, &back), at);
    let to = to.ok_or_else(|| Problem::not_found(language))?;
    let next = inside(guest.query.get("next").map_or("", String::as_str));
    let sent = format!("{secret}.{}", encoded(&next));
    let kept = keep(&app, (SENT, &sent), Door::Buyer.path(), OPEN_SECONDS);
    Ok(([(header::SET_COOKIE, kept)], Redirect::to(&to)).into_response())
}

/// `GET /b/{shop_id}/wechat/back?code=&state=`: back from WeChat.
///
/// # Errors
/// A [`Problem`] if nobody is let in.
pub async fn back(
    State(app): State<Arc<App>>,
    Path(shop): Path<String>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = guest.page.texts.0;
    let shop_id = ShopId::parse(&shop).map_err(|_| Problem::not_found(language))?;
    let sent = cookie(&headers, SENT).and_then(|sent| sent.split_once('.'));
    let (secret, next) = sent.unwrap_or_default();
    let asked = |name: &str| guest.query.get(name).map(String::as_str);
    let shown = (secret, asked("state").unwrap_or_default(), asked("code"));
    let at = app.desk.now();
    let buyer = app.means.wechat.way_back(&app.means.stamps, &shop_id, shown, at).await;
    let buyer = buyer.map_err(|denied| refused(denied, language))?;
    let token = app.links.sign(&shop_id, &buyer, at.after(Span::seconds(KNOWN_SECONDS)));
    let token = token.ok_or_else(|| refused(Denied::Unavailable, language))?;
    let door = Door::Buyer;
    let kept = keep(&app, (door.cookie(), &token), door.path(), KNOWN_SECONDS);
    let mut response = Redirect::to(&inside(&decoded(next))).into_response();
    let forget = keep(&app, (SENT, ""), door.path(), 0);
    for value in [kept, forget] {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

fn refused(denied: Denied, language: Language) -> Problem {
    let (status, code) = match denied {
        Denied::NotHere => return Problem::not_found(language),
        Denied::ByBuyer => (StatusCode::FORBIDDEN, "wechat_denied"),
        Denied::State | Denied::Code => (StatusCode::FORBIDDEN, "wechat_over"),
        Denied::Snapshot => (StatusCode::FORBIDDEN, "wechat_snapshot"),
        Denied::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "wechat_unavailable"),
    };
    Problem::new(status, code, language)
}

/// A path behind the buyer's door.
fn inside(next: &str) -> String {
    let next = safe_path(next, "/b");
    if Door::of(&next) == Some(Door::Buyer) { next } else { "/b".to_owned() }
}

/// What [`encoded`] wrote.
fn decoded(text: &str) -> String {
    let query = format!("/?next={text}").parse().unwrap_or_default();
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&query);
    let first = pairs.ok().and_then(|axum::extract::Query(pairs)| pairs.into_iter().next());
    first.map(|(_, value)| value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{decoded, encoded, inside};

    #[test]
    fn a_buyer_comes_back_to_where_they_wanted_to_go_and_nowhere_else() {
        let next = "/b/orders/1?x=%E4%BD%A0&y=2";
        assert_eq!(inside(&decoded(&encoded(next))), next);
        for next in ["//evil.example", "/m", "", "https://evil.example"] {
            assert_eq!(inside(next), "/b", "{next}");
        }
    }
}
