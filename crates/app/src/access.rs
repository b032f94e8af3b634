//! Who may do what: callers, the tokens they show, how people sign in, and the table of
//! role × route.

pub mod attempts;
pub mod caller;
pub mod credential;
pub mod fault;
pub mod invitation;
pub mod link;
pub mod machine;
pub mod member;
pub mod page_routes;
pub mod password;
pub mod people;
pub mod routes;
pub mod same_origin;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod staff;
pub mod stamps;
pub mod token;
pub mod wechat;

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

/// What signing in is done with.
pub struct Means {
    /// Passwords.
    pub passwords: password::Passwords,
    /// What is handed out and taken back.
    pub stamps: stamps::Stamps,
    /// Buyers known by WeChat.
    pub wechat: wechat::Logins,
}

impl Means {
    /// The means that are configured.
    ///
    /// # Errors
    /// The shop whose official account cannot be used, and why.
    pub fn new(config: &crate::config::Config) -> Result<Self, (String, String)> {
        Ok(Self {
            passwords: password::Passwords::default(),
            stamps: stamps::Stamps::new(&config.security.secret),
            wechat: wechat::Logins::new(config)?,
        })
    }
}
