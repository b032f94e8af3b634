//! The vault: designated accounts and second factors, encrypted under the server's own secret.
//! Whoever steals the database reads nothing; the log holds only the masked end of an account.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::id::{CommandId, RefundNo};
use serde::{Deserialize, Serialize};

/// The kind of documents that hold sealed accounts.
pub const PAYOUT_ACCOUNT: &str = "payout_account";

/// A designated account in the clear. It is never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAccount {
    /// Whose account it is.
    pub holder: String,
    /// At which bank or service.
    pub bank: String,
    /// Its number.
    pub account: String,
}

/// Something as stored: unreadable without the server's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    nonce: String,
    sealed: String,
}

/// An account as a command names it for a refund.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// For which refund.
    pub refund_no: &'a RefundNo,
    /// By which command.
    pub command_id: CommandId,
    /// Which account.
    pub account: &'a PayoutAccount,
}

/// The id of the document that holds the account a command named: the log says which command
/// was carried out last.
#[must_use]
pub fn account_id(refund_no: &RefundNo, command_id: CommandId) -> String {
    format!("{refund_no}.{command_id}")
}

/// Seals and opens accounts.
pub struct Vault(Option<LessSafeKey>);

impl Vault {
    /// A vault under a secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let material = digest::digest(&digest::SHA256, format!("wanbi vault\0{secret}").as_bytes());
        Self(UnboundKey::new(&AES_256_GCM, material.as_ref()).ok().map(LessSafeKey::new))
    }

    /// Seals an account for one refund; none if that cannot be done.
    #[must_use]
    pub fn seal(
        &self,
        refund_no: &RefundNo,
        account: &PayoutAccount,
        nonce: [u8; NONCE_LEN],
    ) -> Option<Sealed> {
        self.seal_bytes(refund_no.as_str(), serde_json::to_vec(account).ok()?, nonce)
    }

    /// Opens the account of one refund; none if it was sealed elsewhere or changed.
    #[must_use]
    pub fn open(&self, refund_no: &RefundNo, sealed: &Sealed) -> Option<PayoutAccount> {
        serde_json::from_slice(&self.open_bytes(refund_no.as_str(), sealed)?).ok()
    }

    /// Seals bytes for one place, named by its label; none if that cannot be done.
    #[must_use]
    pub fn seal_bytes(
        &self,
        label: &str,
        mut bytes: Vec<u8>,
        nonce: [u8; NONCE_LEN],
    ) -> Option<Sealed> {
        let sealing = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(label.as_bytes());
        self.0.as_ref()?.seal_in_place_append_tag(sealing, aad, &mut bytes).ok()?;
        Some(Sealed { nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(bytes) })
    }

    /// Opens bytes of one place; none if they were sealed elsewhere or changed.
    #[must_use]
    pub fn open_bytes(&self, label: &str, sealed: &Sealed) -> Option<Vec<u8>> {
        let nonce = STANDARD.decode(&sealed.nonce).ok()?.try_into().ok()?;
        let mut bytes = STANDARD.decode(&sealed.sealed).ok()?;
        let opening = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(label.as_bytes());
        let plain = self.0.as_ref()?.open_in_place(opening, aad, &mut bytes).ok()?;
        Some(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::{PayoutAccount, Vault};
    use domain::id::RefundNo;

    #[test]
    fn an_account_opens_only_under_its_secret_and_its_refund() {
        let account = PayoutAccount {
            holder: "张三".into(),
            bank: "招商银行".into(),
            account: "6225880137654321".into(),
        };
        let (one, other) = (RefundNo::parse("WB1").unwrap(), RefundNo::parse("WB2").unwrap());
        let vault = Vault::new("0123456789abcdef0123456789abcdef");
        let sealed = vault.seal(&one, &account, [7; 12]).unwrap();
        assert!(vault.open(&one, &sealed).is_some_and(|opened| opened == account));
        assert!(vault.open(&other, &sealed).is_none());
        assert!(Vault::new("another").open(&one, &sealed).is_none());
    }
}
