//! The interface over HTTP: every route of the table in `access/routes.rs`, and nothing else.

pub mod appeals;
pub mod cases;
pub mod cursor;
pub mod files;
pub mod health;
pub mod notices;
pub mod openapi;
pub mod orders;
pub mod outbox;
pub mod platform;
pub mod policy;
pub mod problem;
pub mod replies;
pub mod request;
pub mod shop;
pub mod strict;

use crate::{access::page_routes::page_above, assembly::App, pages};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, delete, get, post, put},
};
use cases::{
    application::{Amend, Withdraw},
    carry_out,
    decision::{
        AcceptOffer, Approve, ConfirmProposal, DeclineOffer, DeclineProposal, Offer, Reject,
    },
    dispute::{Escalate, Rule},
    goods::{ConfirmReplacement, Inspect, Receive, SendReplacement, ShipReturn},
    money::{
        ApprovePayout, CloseTicket, MarkPaid, NameAccount, NameCard, OpenTicket, ReplaceRefund,
    },
    words::{AddEvidence, Mark, PostMessage, RequestEvidence},
};
use std::sync::Arc;

/// The largest body of an ordinary request.
pub const BODY_BYTES_MAX: usize = 512 * 1024;
/// The largest body that carries a file; what a call takes of it, it says itself.
pub const FILE_BYTES_MAX: usize = 9 * 1024 * 1024;

type Routes = Router<Arc<App>>;

/// The router.
pub fn router(app: Arc<App>) -> Router {
    let ordinary = orders_and_policy(Router::new());
    let ordinary = shop(case_verbs(ordinary)).layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let uploads = uploads(&app).layer(DefaultBodyLimit::max(FILE_BYTES_MAX));
    let open = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/api/docs", get(openapi::docs))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route(
            "/api/v1/notices/wechat-pay/{shop_id}/{case_id}",
            post(notices::wechat_pay).layer(DefaultBodyLimit::max(64 * 1024)),
        );
    open.merge(ordinary)
        .merge(uploads)
        .merge(pages::routes(&app))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_that_way)
        .with_state(app)
}

fn orders_and_policy(routes: Routes) -> Routes {
    routes
        .route("/api/v1/orders", get(orders::list))
        .route("/api/v1/orders/{order_id}", put(orders::put).get(orders::show))
        .route("/api/v1/orders/{order_id}/check", post(orders::check))
        .route("/api/v1/orders/{order_id}/cases", post(cases::application::open))
        .route("/api/v1/cases", get(cases::list::list))
        .route("/api/v1/cases/{case_id}", get(cases::show::show))
        .route("/api/v1/cases/{case_id}/timeline", get(cases::timeline::timeline))
        .route("/api/v1/policy", get(policy::show).post(policy::publish))
        .route("/api/v1/policy/check", post(policy::check))
        .route("/api/v1/appeals", post(appeals::make).get(appeals::list))
        .route("/api/v1/appeals/{buyer_id}/decide", post(appeals::decide))
        .route("/api/v1/outbox", get(outbox::list))
        .route("/api/v1/outbox/{effect_id}/retry", post(outbox::retry))
}

fn case_verbs(routes: Routes) -> Routes {
    let verbs: [(&str, MethodRouter<Arc<App>>); 28] = [
        ("amend", post(carry_out::<Amend>)),
        ("withdraw", post(carry_out::<Withdraw>)),
        ("accept-offer", post(carry_out::<AcceptOffer>)),
        ("decline-offer", post(carry_out::<DeclineOffer>)),
        ("ship-return", post(carry_out::<ShipReturn>)),
        ("confirm-replacement", post(carry_out::<ConfirmReplacement>)),
        ("evidence", post(carry_out::<AddEvidence>)),
        ("messages", post(carry_out::<PostMessage>)),
        ("request-evidence", post(carry_out::<RequestEvidence>)),
        ("mark", post(carry_out::<Mark>)),
        ("approve", post(carry_out::<Approve>)),
        ("offer", post(carry_out::<Offer>)),
        ("reject", post(carry_out::<Reject>)),
        ("receive", post(carry_out::<Receive>)),
        ("inspect", post(carry_out::<Inspect>)),
        ("send-replacement", post(carry_out::<SendReplacement>)),
        ("confirm-proposal", post(carry_out::<ConfirmProposal>)),
        ("decline-proposal", post(carry_out::<DeclineProposal>)),
        ("escalate", post(carry_out::<Escalate>)),
        ("rule", post(carry_out::<Rule>)),
        ("tickets", post(carry_out::<OpenTicket>)),
        ("tickets/{ticket_no}/close", post(carry_out::<CloseTicket>)),
        ("refunds/{refund_no}/replace", post(carry_out::<ReplaceRefund>)),
        ("refunds/{refund_no}/name-card", post(carry_out::<NameCard>)),
        ("refunds/{refund_no}/name-account", post(carry_out::<NameAccount>)),
        ("refunds/{refund_no}/account", get(cases::money::account)),
        ("refunds/{refund_no}/approve-payout", post(carry_out::<ApprovePayout>)),
        ("refunds/{refund_no}/mark-paid", post(carry_out::<MarkPaid>)),
    ];
    verbs.into_iter().fold(routes, |routes, (verb, method)| {
        routes.route(&format!("/api/v1/cases/{{case_id}}/{verb}"), method)
    })
}

fn uploads(app: &Arc<App>) -> Routes {
    evidence()
        .layer(middleware::from_fn_with_state(Arc::clone(app), files::let_in))
        .route("/api/v1/files/{file_id}", get(files::serve))
}

/// The uploads, as `evidence` knows them.
fn evidence() -> Routes {
    use crate::evidence::http::{begin, finish, put_part, put_whole, status};
    Router::new()
        .route("/api/v1/orders/{order_id}/uploads", post(begin::<Arc<App>>))
        .route("/api/v1/orders/{order_id}/files", post(put_whole::<Arc<App>>))
        .route("/api/v1/uploads/{upload_id}", get(status::<Arc<App>>))
        .route("/api/v1/uploads/{upload_id}/parts/{offset}", put(put_part::<Arc<App>>))
        .route("/api/v1/uploads/{upload_id}/finish", post(finish::<Arc<App>>))
}

fn shop(routes: Routes) -> Routes {
    routes
        .route("/api/v1/shop", get(shop::show).put(shop::put))
        .route("/api/v1/keys", get(shop::keys).post(shop::make_key))
        .route("/api/v1/keys/{key_id}", delete(shop::revoke_key))
        .route("/api/v1/people", get(shop::people).post(shop::let_in))
        .route("/api/v1/people/{person_id}", delete(shop::shut_out))
        .route("/api/v1/reply-templates", get(replies::list).post(replies::post))
        .route("/api/v1/reply-templates/{template_id}", put(replies::put).delete(replies::delete))
        .route("/api/v1/auto-replies", get(replies::show_auto).put(replies::put_auto))
        .route("/api/v1/buyers/{buyer_id}/links", post(shop::link))
        .route("/api/v1/platform/shops", get(platform::shops).post(platform::open_shop))
}

async fn nowhere(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let door = pages::door::Door::of(parts.uri.path());
    if door.is_some() || pages::visit::wants_page(&parts.headers) {
        let language = pages::visit::language_of(&parts.headers);
        let around = pages::visit::page(&parts, &app, language);
        return pages::fault::shown(problem::Problem::not_found(language), door, around);
    }
    problem::Problem::not_found(request::language_of(&parts.headers)).into_response()
}

async fn not_that_way(request: Request) -> Response {
    let path = request.uri().path();
    if request.method().is_safe()
        && pages::door::Door::of(path).is_some()
        && let Some(page) = page_above(path)
    {
        return Redirect::to(page).into_response();
    }
    let language = request::language_of(request.headers());
    let status = StatusCode::METHOD_NOT_ALLOWED;
    problem::Problem::new(status, "method_not_allowed", language).into_response()
}
