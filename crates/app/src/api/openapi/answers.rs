//! What each route answers when it does what was asked.

use super::schemas::Schemas;
use crate::{
    access::routes::Route,
    api::{cases, orders, outbox, platform, policy, replies, shop},
};
use serde_json::{Value, json};

/// A status, what it means, and the content that comes with it.
type Answer = (&'static str, &'static str, Option<Value>);

/// The answers of a route.
pub fn of(route: &Route, schemas: &mut Schemas) -> Vec<Answer> {
    let case = route.path.strip_prefix("/api/v1/cases/{case_id}");
    match (route.method, case) {
        ("GET", Some("/timeline")) => vec![done(schemas.of::<cases::timeline::Timeline>())],
        ("GET", Some("/refunds/{refund_no}/account")) => {
            vec![done(schemas.of::<cases::money::AccountView>())]
        }
        (_, Some(_)) => vec![done(schemas.of::<cases::show::CaseView>())],
        (_, None) => of_resource(route, schemas),
    }
}

fn done(schema: Value) -> Answer {
    ("200", "Done.", Some(json!({"application/json": {"schema": schema}})))
}

fn made(schema: Value) -> Answer {
    ("201", "Made.", Some(json!({"application/json": {"schema": schema}})))
}

fn of_resource(route: &Route, schemas: &mut Schemas) -> Vec<Answer> {
    let object = || json!({"type": "object"});
    vec![match (route.method, route.path) {
        ("PUT", "/api/v1/orders/{order_id}") => {
            let order = schemas.of::<orders::OrderView<'_>>();
            return vec![done(order.clone()), made(order)];
        }
        ("GET", "/api/v1/orders/{order_id}") => done(schemas.of::<orders::OrderView<'_>>()),
        ("GET", "/api/v1/orders") => done(schemas.page_of::<orders::Listed>()),
        ("POST", "/api/v1/orders/{order_id}/check") => done(schemas.of::<orders::Checked>()),
        ("POST", "/api/v1/orders/{order_id}/cases") => made(schemas.of::<cases::show::CaseView>()),
        ("GET", "/api/v1/cases") => done(schemas.page_of::<cases::list::Listed>()),
        ("GET", "/api/v1/policy") => done(schemas.of::<policy::PolicyView>()),
        ("POST", "/api/v1/policy") => made(schemas.of::<policy::PolicyView>()),
        ("POST", "/api/v1/policy/check") => done(schemas.of::<policy::Checked>()),
        ("GET" | "PUT", "/api/v1/shop") => done(schemas.of::<shop::ShopView>()),
        ("GET", "/api/v1/reply-templates") => done(schemas.page_of::<replies::TemplateView>()),
        ("POST", "/api/v1/reply-templates") => made(schemas.of::<replies::TemplateView>()),
        ("PUT", "/api/v1/reply-templates/{template_id}") => {
            done(schemas.of::<replies::TemplateView>())
        }
        ("GET" | "PUT", "/api/v1/auto-replies") => done(schemas.of::<replies::AutoView>()),
        ("GET", "/api/v1/keys") => done(schemas.page_of::<shop::KeyView>()),
        ("GET", "/api/v1/people") => done(schemas.page_of::<shop::PersonView>()),
        ("POST", "/api/v1/keys" | "/api/v1/people" | "/api/v1/platform/shops") => {
            made(schemas.of::<shop::Made>())
        }
        ("POST", "/api/v1/buyers/{buyer_id}/links") => made(schemas.of::<shop::LinkView>()),
        ("GET", "/api/v1/outbox") => done(schemas.page_of::<outbox::Listed>()),
        ("GET", "/api/v1/platform/shops") => done(schemas.page_of::<platform::Listed>()),
        ("POST", "/api/v1/outbox/{effect_id}/retry") => ("202", "It is tried at once.", None),
        ("POST", "/api/v1/notices/wechat-pay/{shop_id}/{case_id}") | ("DELETE", _) => {
            ("204", "Done.", None)
        }
        ("GET", "/healthz" | "/readyz" | "/metrics") => {
            ("200", "Done.", Some(json!({"text/plain": {}})))
        }
        ("GET", "/api/docs") => ("200", "Done.", Some(json!({"text/html": {}}))),
        ("GET", "/api/v1/files/{file_id}") => {
            let bytes = json!({"application/octet-stream": {}});
            let part = ("206", "The part of the file that was asked for.", Some(bytes.clone()));
            return vec![("200", "The file.", Some(bytes)), part];
        }
        ("POST", "/api/v1/appeals" | "/api/v1/orders/{order_id}/uploads") => made(object()),
        ("POST", "/api/v1/orders/{order_id}/files") => made(object()),
        _ => done(object()),
    }]
}
