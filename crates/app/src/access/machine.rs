//! Machine keys: made, shown once, revoked.

use super::{
    people::{KEY, MachineKey, Scope},
    token::{Secret, key_token},
};
use crate::{
    registry::{Change, Entry, Registry},
    world::random_hex,
};
use domain::{
    actor::Actor,
    id::{KeyId, ShopId},
    moment::Moment,
};
use engine::ports::StoreFault;

/// The most scopes of a key.
pub const SCOPES_MAX: usize = 4;

/// Makes a key and answers with its id and its token, which is shown this once; none if another
/// has its id, which asking again mends.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn make(
    registry: &Registry,
    shop_id: &ShopId,
    (name, scopes): (String, Vec<Scope>),
    by: &Actor,
    at: Moment,
) -> Result<Option<(KeyId, String)>, StoreFault> {
    let id = KeyId::parse(&format!("k{}", random_hex::<6>()));
    let id = id.map_err(|error| StoreFault::Broken(error.to_string()))?;
    let secret = Secret::new(random_hex::<32>());
    let token_hash = secret.hash();
    let key = MachineKey { name, scopes, token_hash, made_at: at, revoked_at: None };
    let change = Change { shop_id, kind: KEY, id: id.as_str(), replaces: 0, body: &key };
    let made = registry.put(change, by, "key.made", at).await?;
    let token = key_token(shop_id, &id, &secret);
    Ok(made.then_some((id, token)))
}

/// What came of revoking a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It opens nothing any more.
    Done,
    /// There is no such key.
    NoSuchKey,
    /// Somebody changed it meanwhile.
    Meanwhile,
}

/// Revokes a key.
///
/// # Errors
/// [`StoreFault`] if it cannot be written.
pub async fn revoke(
    registry: &Registry,
    shop_id: &ShopId,
    key_id: &KeyId,
    by: &Actor,
    at: Moment,
) -> Result<Revoked, StoreFault> {
    let found: Option<Entry<MachineKey>> = registry.entry(shop_id, KEY, key_id.as_str()).await?;
    let Some(Entry { version, mut body, .. }) = found else { return Ok(Revoked::NoSuchKey) };
    if body.revoked_at.is_some() {
        return Ok(Revoked::Done);
    }
    body.revoked_at = Some(at);
    let change = Change { shop_id, kind: KEY, id: key_id.as_str(), replaces: version, body: &body };
    let done = registry.put(change, by, "key.revoked", at).await?;
    Ok(if done { Revoked::Done } else { Revoked::Meanwhile })
}
