//! The table of role × page: every route of the pages once, and who may take it. Like that of the
//! interface (`routes.rs`), it is what the router and the tests are held against.

use super::routes::{CASHIERS, CONFIRMERS, DESK, Route, SHOP, Who, look_up, route};

/// People of the platform.
const PLATFORM: Who = Who::ARBITER.and(Who::OPERATOR);

/// Every route of the pages.
pub const PAGES: &[Route] = &[
    route("GET", "/", Who::ANYONE),
    route("GET", "/preferences", Who::ANYONE),
    route("GET", "/assets/{file}", Who::ANYONE),
    route("GET", "/policy/{shop_id}", Who::ANYONE),
    route("GET", "/policy/{shop_id}/snippet", Who::ANYONE),
    route("GET", "/policy/{shop_id}/snippet.json", Who::ANYONE),
    // The buyer
    route("GET", "/b", Who::BUYER),
    route("GET", "/b/welcome", Who::ANYONE),
    route("GET", "/b/enter/{token}", Who::ANYONE),
    route("GET", "/b/{shop_id}/wechat", Who::ANYONE),
    route("GET", "/b/{shop_id}/wechat/back", Who::ANYONE),
    route("GET", "/b/orders/{order_id}", Who::BUYER),
    route("POST", "/b/orders/{order_id}/deposit", Who::BUYER),
    route("GET", "/b/orders/{order_id}/cancel", Who::BUYER),
    route("POST", "/b/orders/{order_id}/cancel", Who::BUYER),
    route("POST", "/b/orders/{order_id}/apply/drop", Who::BUYER),
    route("GET", "/b/orders/{order_id}/apply", Who::BUYER),
    route("POST", "/b/orders/{order_id}/apply", Who::BUYER),
    route("GET", "/b/orders/{order_id}/apply/goods", Who::BUYER),
    route("POST", "/b/orders/{order_id}/apply/goods", Who::BUYER),
    route("GET", "/b/orders/{order_id}/apply/told", Who::BUYER),
    route("POST", "/b/orders/{order_id}/apply/told", Who::BUYER),
    route("GET", "/b/cases/{case_id}/amend", Who::BUYER),
    route("POST", "/b/orders/{order_id}/uploads", Who::BUYER),
    route("GET", "/b/uploads/{upload_id}", Who::BUYER),
    route("PUT", "/b/uploads/{upload_id}/parts/{offset}", Who::BUYER),
    route("POST", "/b/uploads/{upload_id}/finish", Who::BUYER),
    route("GET", "/b/files/{file_id}", Who::BUYER),
    route("GET", "/b/cases", Who::BUYER),
    route("GET", "/b/cases/{case_id}", Who::BUYER),
    route("GET", "/b/cases/{case_id}/version", Who::BUYER),
    route("GET", "/b/cases/{case_id}/live", Who::BUYER),
    route("GET", "/b/carriers", Who::BUYER),
    route("GET", "/b/appeal", Who::BUYER),
    route("POST", "/b/appeal", Who::BUYER),
    route("GET", "/b/help", Who::BUYER),
    route("POST", "/b/cases/{case_id}/withdraw", Who::BUYER),
    route("POST", "/b/cases/{case_id}/accept-offer", Who::BUYER),
    route("POST", "/b/cases/{case_id}/decline-offer", Who::BUYER),
    route("POST", "/b/cases/{case_id}/ship-return", Who::BUYER),
    route("POST", "/b/cases/{case_id}/confirm-replacement", Who::BUYER),
    route("POST", "/b/cases/{case_id}/escalate", Who::BUYER),
    route("POST", "/b/cases/{case_id}/evidence", Who::BUYER),
    route("POST", "/b/cases/{case_id}/messages", Who::BUYER),
    route("POST", "/b/cases/{case_id}/tickets", Who::BUYER),
    route("POST", "/b/cases/{case_id}/name-card", Who::BUYER),
    route("POST", "/b/cases/{case_id}/name-account", Who::BUYER),
    // The merchant
    route("GET", "/m", SHOP),
    route("GET", "/m/overview", SHOP),
    route("GET", "/m/overview/cases", SHOP),
    route("GET", "/m/overview/cases.csv", SHOP),
    route("GET", "/m/overview/figures.csv", SHOP),
    route("GET", "/m/overview/review", SHOP),
    route("GET", "/m/settings/embed", SHOP),
    // The queue
    route("GET", "/m/cases", SHOP),
    route("GET", "/m/cases/live", SHOP),
    route("POST", "/m/cases/bulk", DESK),
    route("POST", "/m/cases/bulk/do", DESK),
    route("POST", "/m/cases/views", SHOP),
    route("POST", "/m/cases/views/remove", SHOP),
    // Goods that come back, and money that goes back
    route("GET", "/m/returns", SHOP),
    route("POST", "/m/returns/parcels", DESK),
    route("POST", "/m/returns/parcels/{waybill}", DESK),
    route("POST", "/m/returns/{case_id}/receive", DESK),
    route("GET", "/m/money", SHOP),
    route("POST", "/m/money/effects/{effect_id}/retry", CASHIERS.and(Who::SUPERVISOR)),
    // The merchant comes in, goes out, and sees to their own account
    route("GET", "/m/sign-in", Who::ANYONE),
    route("POST", "/m/sign-in", Who::ANYONE),
    route("POST", "/m/sign-in/code", Who::ANYONE),
    route("POST", "/m/sign-out", Who::ANYONE),
    route("GET", "/m/join/{token}", Who::ANYONE),
    route("POST", "/m/join/{token}", Who::ANYONE),
    route("GET", "/m/account", SHOP),
    route("POST", "/m/account/password", SHOP),
    route("POST", "/m/account/second-factor", SHOP),
    route("POST", "/m/account/second-factor/confirm", SHOP),
    route("POST", "/m/account/second-factor/end", SHOP),
    route("POST", "/m/account/sessions/end-others", SHOP),
    route("POST", "/m/account/sessions/{session_id}/end", SHOP),
    // The shop's settings
    route("GET", "/m/settings", SHOP),
    route("GET", "/m/settings/shop", SHOP),
    route("POST", "/m/settings/shop", Who::OWNER),
    route("GET", "/m/settings/policy", SHOP),
    route("POST", "/m/settings/policy", Who::OWNER),
    route("GET", "/m/settings/templates", SHOP),
    route("POST", "/m/settings/templates", CONFIRMERS),
    route("GET", "/m/settings/templates/new", CONFIRMERS),
    route("POST", "/m/settings/templates/adopt", CONFIRMERS),
    route("POST", "/m/settings/templates/auto", CONFIRMERS),
    route("GET", "/m/settings/templates/{template_id}", SHOP),
    route("POST", "/m/settings/templates/{template_id}", CONFIRMERS),
    route("POST", "/m/settings/templates/{template_id}/remove", CONFIRMERS),
    route("GET", "/m/settings/contacts", SHOP),
    route("POST", "/m/settings/contacts", Who::OWNER),
    route("GET", "/m/settings/shipping", SHOP),
    route("POST", "/m/settings/shipping", Who::OWNER),
    route("GET", "/m/settings/people", Who::OWNER),
    route("POST", "/m/settings/people", Who::OWNER),
    route("POST", "/m/settings/people/{person_id}/link", Who::OWNER),
    route("POST", "/m/settings/people/{person_id}/office", Who::OWNER),
    route("POST", "/m/settings/people/{person_id}/second-factor", Who::OWNER),
    route("POST", "/m/settings/people/{person_id}/end", Who::OWNER),
    route("GET", "/m/settings/keys", Who::OWNER),
    route("POST", "/m/settings/keys", Who::OWNER),
    route("POST", "/m/settings/keys/{key_id}/revoke", Who::OWNER),
    route("GET", "/m/settings/audit", Who::OWNER),
    // A case at the merchant's desk
    route("GET", "/m/cases/{case_id}", SHOP),
    route("GET", "/m/cases/{case_id}/live", SHOP),
    route("GET", "/m/cases/{case_id}/approve", DESK),
    route("POST", "/m/cases/{case_id}/approve", DESK),
    route("GET", "/m/cases/{case_id}/approve-part", DESK),
    route("POST", "/m/cases/{case_id}/approve-part", DESK),
    route("GET", "/m/cases/{case_id}/offer", DESK),
    route("POST", "/m/cases/{case_id}/offer", DESK),
    route("GET", "/m/cases/{case_id}/request-evidence", DESK),
    route("POST", "/m/cases/{case_id}/request-evidence", DESK),
    route("GET", "/m/cases/{case_id}/reject", DESK),
    route("POST", "/m/cases/{case_id}/reject", DESK),
    route("GET", "/m/cases/{case_id}/receive", DESK),
    route("POST", "/m/cases/{case_id}/receive", DESK),
    route("GET", "/m/cases/{case_id}/inspect", DESK),
    route("POST", "/m/cases/{case_id}/inspect", DESK),
    route("GET", "/m/cases/{case_id}/send-replacement", DESK),
    route("POST", "/m/cases/{case_id}/send-replacement", DESK),
    route("GET", "/m/cases/{case_id}/escalate", DESK),
    route("POST", "/m/cases/{case_id}/escalate", DESK),
    route("GET", "/m/cases/{case_id}/confirm-proposal", CONFIRMERS),
    route("POST", "/m/cases/{case_id}/confirm-proposal", CONFIRMERS),
    route("GET", "/m/cases/{case_id}/decline-proposal", CONFIRMERS),
    route("POST", "/m/cases/{case_id}/decline-proposal", CONFIRMERS),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/replace", CONFIRMERS.and(Who::FINANCE)),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/replace", CONFIRMERS.and(Who::FINANCE)),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/name-card", SHOP),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/name-card", SHOP),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/name-account", SHOP),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/name-account", SHOP),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/approve-payout", CASHIERS),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/approve-payout", CASHIERS),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/mark-paid", CASHIERS),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/mark-paid", CASHIERS),
    route("GET", "/m/cases/{case_id}/refunds/{refund_no}/ticket", SHOP),
    route("POST", "/m/cases/{case_id}/refunds/{refund_no}/ticket", SHOP),
    route("GET", "/m/cases/{case_id}/tickets/{ticket_no}/close", SHOP),
    route("POST", "/m/cases/{case_id}/tickets/{ticket_no}/close", SHOP),
    route("POST", "/m/cases/{case_id}/messages", SHOP),
    route("POST", "/m/cases/{case_id}/notes", SHOP),
    route("POST", "/m/cases/{case_id}/mark", SHOP),
    route("POST", "/m/cases/{case_id}/evidence", SHOP),
    route("GET", "/m/cases/{case_id}/evidence/{file_id}", SHOP),
    route("GET", "/m/files/{file_id}", SHOP),
    // The platform
    route("GET", "/p", PLATFORM),
    route("GET", "/p/audit", PLATFORM),
    route("GET", "/p/disputes", PLATFORM),
    route("GET", "/p/cases/{shop_id}/{case_id}", PLATFORM),
    route("GET", "/p/cases/{shop_id}/{case_id}/live", PLATFORM),
    route("POST", "/p/cases/{shop_id}/{case_id}/evidence", Who::ARBITER),
    route("POST", "/p/cases/{shop_id}/{case_id}/messages", PLATFORM),
    route("POST", "/p/cases/{shop_id}/{case_id}/rule", Who::ARBITER),
    route("POST", "/p/cases/{shop_id}/{case_id}/payouts/{refund_no}", Who::OPERATOR),
    route("GET", "/p/files/{shop_id}/{file_id}", PLATFORM),
    route("GET", "/p/appeals", PLATFORM),
    route("POST", "/p/appeals/{shop_id}/{buyer_id}", Who::OPERATOR),
    route("GET", "/p/payouts", PLATFORM),
    route("GET", "/p/shops", PLATFORM),
    route("POST", "/p/shops", Who::OPERATOR),
    // The platform's people come in, go out, and see to their own account
    route("GET", "/p/sign-in", Who::ANYONE),
    route("POST", "/p/sign-in", Who::ANYONE),
    route("POST", "/p/sign-in/code", Who::ANYONE),
    route("POST", "/p/sign-out", Who::ANYONE),
    route("GET", "/p/join/{token}", Who::ANYONE),
    route("POST", "/p/join/{token}", Who::ANYONE),
    route("GET", "/p/account", PLATFORM),
    route("POST", "/p/account/password", PLATFORM),
    route("POST", "/p/account/second-factor", PLATFORM),
    route("POST", "/p/account/second-factor/confirm", PLATFORM),
    route("POST", "/p/account/second-factor/end", PLATFORM),
    route("POST", "/p/account/sessions/end-others", PLATFORM),
    route("POST", "/p/account/sessions/{session_id}/end", PLATFORM),
];

/// Who may take a route of the pages; nobody if it is not in the table.
#[must_use]
pub fn who_may(method: &str, path: &str) -> Option<Who> {
    look_up(PAGES, method, path)
}

/// The nearest page above an address that only takes forms: whoever looks at that address, for the
/// language was changed on the page that answered a form, wants the page the form stands on.
#[must_use]
pub fn page_above(path: &str) -> Option<&str> {
    let above = std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(up, _)| up));
    above.skip(1).find(|path| PAGES.iter().any(|route| is_seen_at(route, path)))
}

fn is_seen_at(route: &Route, path: &str) -> bool {
    let fits = |(ours, part): (&str, &str)| ours.starts_with('{') || ours == part;
    route.method == "GET"
        && route.path.split('/').count() == path.split('/').count()
        && route.path.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use super::{super::routes::twice, PAGES, page_above};

    #[test]
    fn above_a_form_stands_its_page() {
        for (form, page) in [
            ("/m/cases/1/messages", Some("/m/cases/1")),
            ("/m/cases/1/refunds/R1/pay", Some("/m/cases/1")),
            ("/m/settings/people/li/end", Some("/m/settings/people")),
            ("/b/orders/1/apply/drop", Some("/b/orders/1/apply")),
            ("/m/sign-out", Some("/m")),
            ("/other", None),
        ] {
            assert_eq!(page_above(form), page, "{form}");
        }
    }

    #[test]
    fn every_page_stands_once() {
        assert_eq!(twice(PAGES), None);
    }
}
