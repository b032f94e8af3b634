//! Who may do what: callers, the tokens they show, and the table of role × route.

pub mod caller;
pub mod link;
pub mod page_routes;
pub mod people;
pub mod routes;
pub mod same_origin;
pub mod token;

use domain::id::ShopId;

/// The tenant that is none: people of the platform and what belongs to all shops.
pub const PLATFORM: &str = "platform";

/// The platform's own tenant.
///
/// # Errors
/// Never for the name it has; the signature is that of every id.
pub fn platform() -> Result<ShopId, domain::id::IdError> {
    ShopId::parse(PLATFORM)
}
