//! What each route takes for a body.

use super::schemas::Schemas;
use crate::{
    access::routes::Route,
    api::{appeals, cases, platform, policy, replies, shop},
};
use domain::{application::Application, case::Marks, facts::Facts};
use serde_json::{Value, json};

/// The body of a route; none if it takes none.
pub fn of(route: &Route, schemas: &mut Schemas) -> Option<Value> {
    if route.method == "GET" || route.method == "DELETE" {
        return None;
    }
    let bytes = json!({"application/octet-stream": {}});
    let file = route.path.ends_with("/files") || route.path.ends_with("/parts/{offset}");
    if file {
        return Some(json!({"required": true, "content": bytes}));
    }
    let verb = route.path.strip_prefix("/api/v1/cases/{case_id}/");
    let schema = match verb {
        Some(verb) => of_verb(verb, schemas),
        None => of_resource(route.path, schemas),
    }?;
    Some(json!({"content": {"application/json": {"schema": schema}}}))
}

fn of_verb(verb: &str, schemas: &mut Schemas) -> Option<Value> {
    use cases::{application, decision, dispute, goods, money, words};
    Some(match verb {
        "amend" => schemas.of::<Application>(),
        "withdraw" => schemas.of::<application::Withdraw>(),
        "approve" => schemas.of::<decision::Approve>(),
        "offer" => schemas.of::<decision::Offer>(),
        "accept-offer" => schemas.of::<decision::AcceptOffer>(),
        "decline-offer" => schemas.of::<decision::DeclineOffer>(),
        "confirm-proposal" => schemas.of::<decision::ConfirmProposal>(),
        "decline-proposal" => schemas.of::<decision::DeclineProposal>(),
        "reject" => schemas.of::<decision::Reject>(),
        "ship-return" => schemas.of::<goods::ShipReturn>(),
        "receive" => schemas.of::<goods::Receive>(),
        "inspect" => schemas.of::<goods::Inspect>(),
        "send-replacement" => schemas.of::<goods::SendReplacement>(),
        "confirm-replacement" => schemas.of::<goods::ConfirmReplacement>(),
        "evidence" => schemas.of::<words::AddEvidence>(),
        "messages" => schemas.of::<words::PostMessage>(),
        "mark" => schemas.of::<Marks>(),
        "request-evidence" => schemas.of::<words::RequestEvidence>(),
        "escalate" => schemas.of::<dispute::Escalate>(),
        "rule" => schemas.of::<dispute::Rule>(),
        "tickets" => schemas.of::<money::OpenTicket>(),
        "tickets/{ticket_no}/close" => schemas.of::<money::CloseTicket>(),
        "refunds/{refund_no}/replace" => schemas.of::<money::ReplaceRefund>(),
        "refunds/{refund_no}/name-card" => schemas.of::<money::NameCard>(),
        "refunds/{refund_no}/name-account" => schemas.of::<money::NameAccount>(),
        "refunds/{refund_no}/approve-payout" => schemas.of::<money::ApprovePayout>(),
        "refunds/{refund_no}/mark-paid" => schemas.of::<money::MarkPaid>(),
        _ => return None,
    })
}

fn of_resource(path: &str, schemas: &mut Schemas) -> Option<Value> {
    Some(match path {
        "/api/v1/orders/{order_id}" => schemas.of::<Facts>(),
        "/api/v1/orders/{order_id}/check" | "/api/v1/orders/{order_id}/cases" => {
            schemas.of::<Application>()
        }
        "/api/v1/orders/{order_id}/uploads" => upload(),
        "/api/v1/policy" | "/api/v1/policy/check" => schemas.of::<policy::Draft>(),
        "/api/v1/shop" => schemas.of::<shop::ShopView>(),
        "/api/v1/keys" => schemas.of::<shop::NewKey>(),
        "/api/v1/reply-templates" => schemas.of::<replies::NewReplyTemplate>(),
        "/api/v1/reply-templates/{template_id}" => schemas.of::<replies::ReplyTemplateChange>(),
        "/api/v1/auto-replies" => schemas.of::<replies::SetAutoReplies>(),
        "/api/v1/people" => schemas.of::<shop::NewPerson>(),
        "/api/v1/buyers/{buyer_id}/links" => schemas.of::<shop::NewLink>(),
        "/api/v1/appeals" => schemas.of::<appeals::NewAppeal>(),
        "/api/v1/appeals/{buyer_id}/decide" => schemas.of::<appeals::Decide>(),
        "/api/v1/platform/shops" => schemas.of::<platform::NewShop>(),
        "/api/v1/notices/wechat-pay/{shop_id}/{case_id}" => {
            json!({"type": "object", "description": "As WeChat Pay API v3 writes its notices."})
        }
        _ => return None,
    })
}

/// What begins an upload.
fn upload() -> Value {
    json!({
        "type": "object",
        "required": ["size"],
        "additionalProperties": false,
        "properties": {
            "upload_id": {"type": ["string", "null"], "format": "uuid"},
            "name": {"type": ["string", "null"], "description": "Shortened if it is long."},
            "size": {"type": "integer", "minimum": 0},
            "sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
        }
    })
}
