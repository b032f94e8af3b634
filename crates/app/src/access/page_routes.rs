//! The table of role × page: every route of the pages once, and who may take it. Like that of the
//! interface (`routes.rs`), it is what the router and the tests are held against.

use super::routes::{Route, SHOP, Who, route};

/// People of the platform.
const PLATFORM: Who = Who::ARBITER.and(Who::OPERATOR);

/// Every route of the pages.
pub const PAGES: &[Route] = &[
    route("GET", "/", Who::ANYONE),
    route("GET", "/preferences", Who::ANYONE),
    route("GET", "/assets/{file}", Who::ANYONE),
    // The buyer
    route("GET", "/b", Who::BUYER),
    route("GET", "/b/welcome", Who::ANYONE),
    route("GET", "/b/enter/{token}", Who::ANYONE),
    // The merchant
    route("GET", "/m", SHOP),
    // The platform
    route("GET", "/p", PLATFORM),
    route("GET", "/p/disputes", PLATFORM),
    route("GET", "/p/cases/{shop_id}/{case_id}", PLATFORM),
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
];

/// Who may take a route of the pages; nobody if it is not in the table.
#[must_use]
pub fn who_may(method: &str, path: &str) -> Option<Who> {
    let mut routes = PAGES.iter();
    routes.find(|route| route.method == method && route.path == path).map(|route| route.who)
}

#[cfg(test)]
mod tests {
    use super::PAGES;

    #[test]
    fn every_page_stands_once() {
        for (n, page) in PAGES.iter().enumerate() {
            let mut twice = PAGES.iter().skip(n + 1);
            let same =
                |other: &super::Route| (other.method, other.path) == (page.method, page.path);
            assert!(!twice.any(same), "{page:?}");
        }
    }
}
