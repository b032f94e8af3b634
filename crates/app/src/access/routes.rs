//! The table of role × route: every route of the interface once, and who may take it. The router
//! is checked against it, and a test walks every row with every role.

use super::people::{Office, Scope};

/// A set of kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who(u16);

impl Who {
    pub(super) const BUYER: Self = Self(1);
    pub(super) const AGENT: Self = Self(1 << 1);
    pub(super) const SUPERVISOR: Self = Self(1 << 2);
    pub(super) const FINANCE: Self = Self(1 << 3);
    pub(super) const OWNER: Self = Self(1 << 4);
    pub(super) const ARBITER: Self = Self(1 << 5);
    pub(super) const OPERATOR: Self = Self(1 << 6);
    const KEY_READ: Self = Self(1 << 7);
    const KEY_ORDERS: Self = Self(1 << 8);
    const KEY_CASES: Self = Self(1 << 9);
    const KEY_MANAGE: Self = Self(1 << 10);
    /// No caller is asked for.
    pub const ANYONE: Self = Self(1 << 15);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every kind of `other` is in it.
    #[must_use]
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// A buyer.
    #[must_use]
    pub const fn buyer() -> Self {
        Self::BUYER
    }

    /// A person with this office.
    #[must_use]
    pub const fn person(office: Office) -> Self {
        match office {
            Office::Agent => Self::AGENT,
            Office::Supervisor => Self::SUPERVISOR,
            Office::Finance => Self::FINANCE,
            Office::Owner => Self::OWNER,
            Office::Arbiter => Self::ARBITER,
            Office::Operator => Self::OPERATOR,
        }
    }

    /// A machine with this scope.
    #[must_use]
    pub const fn key(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::KEY_READ,
            Scope::Orders => Self::KEY_ORDERS,
            Scope::Cases => Self::KEY_CASES,
            Scope::Manage => Self::KEY_MANAGE,
        }
    }

    /// Whether people of the platform are in it.
    #[must_use]
    pub const fn includes_any_of_platform(self) -> bool {
        self.includes(Self::ARBITER) || self.includes(Self::OPERATOR)
    }

    /// Whether one of the scopes is in it.
    #[must_use]
    pub fn includes_any(self, scopes: &[Scope]) -> bool {
        scopes.iter().any(|scope| self.includes(Self::key(*scope)))
    }
}

/// Those who handle cases in a shop.
pub(super) const DESK: Who = Who::AGENT.and(Who::SUPERVISOR).and(Who::OWNER).and(Who::KEY_CASES);
/// Everybody of a shop.
pub(super) const SHOP: Who = DESK.and(Who::FINANCE);
/// Both sides of a case.
pub(super) const SIDES: Who = SHOP.and(Who::BUYER);
/// Those who talk on a case.
pub(super) const TALKERS: Who = SIDES.and(Who::ARBITER).and(Who::OPERATOR);
/// Those who may read a case.
pub(super) const READERS: Who =
    SIDES.and(Who::KEY_READ).and(Who::KEY_ORDERS).and(Who::ARBITER).and(Who::OPERATOR);
/// Those who may read what belongs to the shop alone.
pub(super) const SHOP_READERS: Who = SHOP.and(Who::KEY_READ).and(Who::ARBITER).and(Who::OPERATOR);
/// Those who confirm what another began.
pub(super) const CONFIRMERS: Who = Who::SUPERVISOR.and(Who::OWNER);
/// Those who run the shop.
pub(super) const MANAGERS: Who = Who::OWNER.and(Who::KEY_MANAGE);
/// Those who see to money.
pub(super) const CASHIERS: Who = Who::FINANCE.and(Who::OWNER);

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, as the router writes it.
    pub path: &'static str,
    /// Who may take it.
    pub who: Who,
}

pub(super) const fn route(method: &'static str, path: &'static str, who: Who) -> Route {
    Route { method, path, who }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route("GET", "/healthz", Who::ANYONE),
    route("GET", "/readyz", Who::ANYONE),
    route("GET", "/metrics", Who::ANYONE),
    route("GET", "/api/docs", Who::ANYONE),
    route("GET", "/api/v1/openapi.json", Who::ANYONE),
    route("POST", "/api/v1/notices/wechat-pay/{shop_id}/{case_id}", Who::ANYONE),
    // Orders
    route("PUT", "/api/v1/orders/{order_id}", MANAGERS.and(Who::KEY_ORDERS)),
    route("GET", "/api/v1/orders/{order_id}", READERS),
    route("GET", "/api/v1/orders", READERS),
    route("POST", "/api/v1/orders/{order_id}/check", SIDES.and(Who::KEY_ORDERS)),
    route("POST", "/api/v1/orders/{order_id}/cases", DESK.and(Who::BUYER).and(Who::KEY_ORDERS)),
    // Cases
    route("GET", "/api/v1/cases", READERS),
    route("GET", "/api/v1/cases/{case_id}", READERS),
    route("GET", "/api/v1/cases/{case_id}/timeline", READERS),
    route("POST", "/api/v1/cases/{case_id}/amend", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/withdraw", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/accept-offer", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/decline-offer", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/ship-return", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/confirm-replacement", Who::BUYER),
    route("POST", "/api/v1/cases/{case_id}/evidence", SIDES.and(Who::ARBITER)),
    route("POST", "/api/v1/cases/{case_id}/messages", TALKERS),
    route("POST", "/api/v1/cases/{case_id}/request-evidence", DESK.and(Who::ARBITER)),
    route("POST", "/api/v1/cases/{case_id}/mark", SHOP),
    route("POST", "/api/v1/cases/{case_id}/approve", DESK),
    route("POST", "/api/v1/cases/{case_id}/offer", DESK),
    route("POST", "/api/v1/cases/{case_id}/reject", DESK),
    route("POST", "/api/v1/cases/{case_id}/receive", DESK),
    route("POST", "/api/v1/cases/{case_id}/inspect", DESK),
    route("POST", "/api/v1/cases/{case_id}/send-replacement", DESK),
    route("POST", "/api/v1/cases/{case_id}/confirm-proposal", CONFIRMERS),
    route("POST", "/api/v1/cases/{case_id}/decline-proposal", CONFIRMERS),
    route("POST", "/api/v1/cases/{case_id}/escalate", DESK.and(Who::BUYER)),
    route("POST", "/api/v1/cases/{case_id}/rule", Who::ARBITER),
    // Money and tickets of a case
    route("POST", "/api/v1/cases/{case_id}/tickets", SIDES.and(Who::OPERATOR)),
    route(
        "POST",
        "/api/v1/cases/{case_id}/tickets/{ticket_no}/close",
        SHOP.and(Who::OPERATOR).and(Who::ARBITER),
    ),
    route(
        "POST",
        "/api/v1/cases/{case_id}/refunds/{refund_no}/replace",
        CONFIRMERS.and(Who::FINANCE),
    ),
    route("POST", "/api/v1/cases/{case_id}/refunds/{refund_no}/name-card", SIDES),
    route("POST", "/api/v1/cases/{case_id}/refunds/{refund_no}/name-account", SIDES),
    route("GET", "/api/v1/cases/{case_id}/refunds/{refund_no}/account", CASHIERS),
    route(
        "POST",
        "/api/v1/cases/{case_id}/refunds/{refund_no}/approve-payout",
        CASHIERS.and(Who::OPERATOR),
    ),
    route("POST", "/api/v1/cases/{case_id}/refunds/{refund_no}/mark-paid", CASHIERS),
    // Files
    route("POST", "/api/v1/orders/{order_id}/uploads", SIDES.and(Who::ARBITER)),
    route("POST", "/api/v1/orders/{order_id}/files", SIDES.and(Who::ARBITER)),
    route("GET", "/api/v1/uploads/{upload_id}", SIDES.and(Who::ARBITER)),
    route("PUT", "/api/v1/uploads/{upload_id}/parts/{offset}", SIDES.and(Who::ARBITER)),
    route("POST", "/api/v1/uploads/{upload_id}/finish", SIDES.and(Who::ARBITER)),
    route("GET", "/api/v1/files/{file_id}", READERS),
    // The shop
    route("GET", "/api/v1/policy", READERS.and(Who::KEY_MANAGE)),
    route("POST", "/api/v1/policy", MANAGERS),
    route("POST", "/api/v1/policy/check", MANAGERS.and(Who::SUPERVISOR)),
    route("GET", "/api/v1/shop", SHOP_READERS.and(Who::KEY_MANAGE)),
    route("PUT", "/api/v1/shop", MANAGERS),
    route("GET", "/api/v1/keys", MANAGERS),
    route("POST", "/api/v1/keys", MANAGERS),
    route("DELETE", "/api/v1/keys/{key_id}", MANAGERS),
    route("GET", "/api/v1/people", MANAGERS),
    route("POST", "/api/v1/people", MANAGERS),
    route("DELETE", "/api/v1/people/{person_id}", MANAGERS),
    route("GET", "/api/v1/reply-templates", SHOP_READERS.and(Who::KEY_MANAGE)),
    route("POST", "/api/v1/reply-templates", MANAGERS.and(Who::SUPERVISOR)),
    route("PUT", "/api/v1/reply-templates/{template_id}", MANAGERS.and(Who::SUPERVISOR)),
    route("DELETE", "/api/v1/reply-templates/{template_id}", MANAGERS.and(Who::SUPERVISOR)),
    route("GET", "/api/v1/auto-replies", SHOP_READERS.and(Who::KEY_MANAGE)),
    route("PUT", "/api/v1/auto-replies", MANAGERS.and(Who::SUPERVISOR)),
    route("POST", "/api/v1/buyers/{buyer_id}/links", MANAGERS.and(Who::KEY_ORDERS)),
    route("POST", "/api/v1/appeals", Who::BUYER),
    route("GET", "/api/v1/appeals", SHOP_READERS),
    route("POST", "/api/v1/appeals/{buyer_id}/decide", CONFIRMERS.and(Who::OPERATOR)),
    route("GET", "/api/v1/outbox", SHOP_READERS.and(Who::KEY_MANAGE)),
    route("POST", "/api/v1/outbox/{effect_id}/retry", CASHIERS.and(Who::SUPERVISOR)),
    // The platform
    route("GET", "/api/v1/platform/shops", Who::OPERATOR.and(Who::ARBITER)),
    route("POST", "/api/v1/platform/shops", Who::OPERATOR),
];

/// Who may take a route; nobody if it is not in the table.
#[must_use]
pub fn who_may(method: &str, path: &str) -> Option<Who> {
    look_up(ROUTES, method, path)
}

/// Who may take a route of a table.
pub(super) fn look_up(table: &[Route], method: &str, path: &str) -> Option<Who> {
    let mut routes = table.iter();
    routes.find(|route| route.method == method && route.path == path).map(|route| route.who)
}

/// The first route that stands in a table twice.
#[cfg(test)]
pub(super) fn twice(table: &[Route]) -> Option<&Route> {
    table.iter().enumerate().map(|(n, route)| (route, table.iter().skip(n + 1))).find_map(
        |(route, mut rest)| {
            let same = |other: &Route| (other.method, other.path) == (route.method, route.path);
            rest.any(same).then_some(route)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{ROUTES, twice};

    #[test]
    fn every_route_stands_once() {
        assert_eq!(twice(ROUTES), None);
    }

    #[test]
    fn a_route_that_stands_twice_is_found() {
        let [first, ..] = ROUTES else { return };
        assert_eq!(twice(&[*first, *first]), Some(first));
    }
}
