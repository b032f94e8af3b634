//! The table of role × page: every route of the pages once, and who may take it. Like that of the
//! interface (`routes.rs`), it is what the router and the tests are held against.

use super::routes::{Route, SHOP, Who, route};

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
    route("GET", "/p", Who::ARBITER.and(Who::OPERATOR)),
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
