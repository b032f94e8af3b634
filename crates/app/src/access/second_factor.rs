//! The second factor: six digits that change every half minute (TOTP, RFC 6238), and ten recovery
//! codes for when the phone is lost. Each code is good once.

use super::{
    credential::{Credential, SecondFactor, change, load},
    fault::Fault,
    member::Member,
    session::{Present, actor},
};
use crate::{assembly::App, registry::Entry, vault::Sealed, world::random_bytes};
use domain::{actor::Actor, moment::Moment};
use totp_rs::{Builder, Totp};

/// The name under which an authenticator lists us.
const ISSUER: &str = "Wanbi";
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// The letters of recovery codes: none that is mistaken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// How many letters a recovery code has: 50 bits.
const RECOVERY_LETTERS: usize = 10;

/// What an authenticator must be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret, to be typed.
    pub secret: String,
    /// The same as an address (`otpauth://…`).
    pub address: String,
    /// The same as a picture, SVG without a declaration.
    pub picture: String,
}

/// What came of a change of the second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is confirmed; the recovery codes, shown this once.
    Confirmed(Vec<String>),
    /// The code is wrong.
    WrongCode,
    /// There is none, or it was changed meanwhile.
    Meanwhile,
    /// It is gone.
    Ended,
}

/// Begins to enrol a second factor. One that is confirmed stays until the new one is.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub async fn begin(app: &App, present: &Present, at: Moment) -> Result<Option<Enrolment>, Fault> {
    let member = &present.member;
    let Some(Entry { version, mut body, .. }) = load(app, member).await? else { return Ok(None) };
    let secret: [u8; 20] = random_bytes();
    let sealed = seal(app, member, secret)?;
    body.pending = Some(sealed);
    if !app.registry.keep(change(member, version, &body), at).await? {
        return Ok(None);
    }
    enrolment(member, secret).map(Some)
}

/// The second factor that is being enrolled, to be shown again.
///
/// # Errors
/// [`Fault`] if it could not be read.
pub async fn pending(app: &App, member: &Member) -> Result<Option<Enrolment>, Fault> {
    let found = load(app, member).await?;
    let Some(sealed) = found.and_then(|entry| entry.body.pending) else { return Ok(None) };
    enrolment(member, opened(app, member, &sealed)?).map(Some)
}

/// Confirms the second factor that is being enrolled with a code of it.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub async fn confirm(
    app: &App,
    present: &Present,
    code: &str,
    at: Moment,
) -> Result<Change, Fault> {
    let member = &present.member;
    let Some(Entry { version, mut body, .. }) = load(app, member).await? else {
        return Ok(Change::Meanwhile);
    };
    let Some(secret) = body.pending.take() else { return Ok(Change::Meanwhile) };
    let totp = totp(member, opened(app, member, &secret)?)?;
    let Some(last_step) = totp.check(&plain(code), seconds(app, at)) else {
        return Ok(Change::WrongCode);
    };
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(random_bytes())).collect();
    let recovery = codes.iter().map(|code| recovery_digest(app, member, code)).collect();
    body.second_factor = Some(SecondFactor { secret, confirmed_at: at, last_step, recovery });
    let by = actor(member, present.office);
    let change = change(member, version, &body);
    let done = app.registry.put(change, &by, "second_factor.confirmed", at).await?;
    Ok(if done { Change::Confirmed(codes) } else { Change::Meanwhile })
}

/// Ends the second factor of a person: by themselves, or by somebody who manages people when the
/// phone is lost.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub async fn end(app: &App, member: &Member, by: &Actor, at: Moment) -> Result<Change, Fault> {
    let Some(Entry { version, mut body, .. }) = load(app, member).await? else {
        return Ok(Change::Meanwhile);
    };
    (body.second_factor, body.pending) = (None, None);
    let change = change(member, version, &body);
    let done = app.registry.put(change, by, "second_factor.ended", at).await?;
    Ok(if done { Change::Ended } else { Change::Meanwhile })
}

/// Uses a code or a recovery code up. False if it is wrong, or was used before, or somebody else
/// used the credential at the same moment.
///
/// # Errors
/// [`Fault`] if it could not be done now.
pub(super) async fn use_up(
    app: &App,
    member: &Member,
    entry: Entry<Credential>,
    code: &str,
    at: Moment,
) -> Result<bool, Fault> {
    let Entry { version, mut body, .. } = entry;
    let Some(factor) = body.second_factor.as_mut() else { return Ok(false) };
    let code = plain(code);
    let totp = totp(member, opened(app, member, &factor.secret)?)?;
    if let Some(step) = totp.check(&code, seconds(app, at)) {
        if step <= factor.last_step {
            return Ok(false);
        }
        factor.last_step = step;
        return Ok(app.registry.keep(change(member, version, &body), at).await?);
    }
    let digest = recovery_digest(app, member, &code);
    let before = factor.recovery.len();
    factor.recovery.retain(|kept| *kept != digest);
    if factor.recovery.len() == before {
        return Ok(false);
    }
    let change = change(member, version, &body);
    let act = "second_factor.recovery_used";
    Ok(app.registry.put(change, &Actor::System, act, at).await?)
}

fn seal(app: &App, member: &Member, secret: [u8; 20]) -> Result<Sealed, Fault> {
    let sealed = app.vault.seal_bytes(&label(member), secret.to_vec(), random_bytes());
    sealed.ok_or(Fault::Broken("a second factor cannot be sealed"))
}

fn opened(app: &App, member: &Member, sealed: &Sealed) -> Result<[u8; 20], Fault> {
    let bytes = app.vault.open_bytes(&label(member), sealed);
    let bytes = bytes.ok_or(Fault::Broken("a second factor was sealed with another secret"))?;
    bytes.try_into().map_err(|_| Fault::Broken("a second factor has another length"))
}

fn label(member: &Member) -> String {
    format!("second factor\0{}/{}", member.shop_id, member.person_id)
}

fn totp(member: &Member, secret: [u8; 20]) -> Result<Totp, Fault> {
    // A colon would end the name of the account for the authenticator.
    let account = format!("{}/{}", member.shop_id, member.person_id).replace(':', "-");
    let built = Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build();
    built.map_err(|_| Fault::Broken("a second factor cannot be worked out"))
}

fn enrolment(member: &Member, secret: [u8; 20]) -> Result<Enrolment, Fault> {
    let totp = totp(member, secret)?;
    let broken = |_| Fault::Broken("a second factor cannot be shown");
    let address = totp.to_url().map_err(broken)?;
    let code = qrcode::QrCode::new(&address)
        .map_err(|_| Fault::Broken("a second factor cannot be pictured"))?;
    let picture = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(220, 220).build();
    let start = picture.find("<svg").unwrap_or(0);
    let picture = picture.get(start..).unwrap_or_default().to_owned();
    Ok(Enrolment { secret: totp.secret().to_base32(), address, picture })
}

/// Authenticators know the real time, also where ours was moved for a demo.
fn seconds(app: &App, at: Moment) -> u64 {
    let real_ms = at.ms().saturating_sub(app.clock.apart_ms());
    u64::try_from(real_ms).unwrap_or(0) / 1_000
}

/// A code as people type it, without what they put between.
fn plain(code: &str) -> String {
    let kept = code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    kept.take(64).flat_map(char::to_lowercase).collect()
}

fn recovery_code(random: [u8; RECOVERY_LETTERS]) -> String {
    let letter = |byte: u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('a', char::from);
    random.into_iter().map(letter).collect()
}

/// What is kept of a recovery code. It is short, so the server's secret goes into it: who has
/// only the database cannot try all.
fn recovery_digest(app: &App, member: &Member, code: &str) -> String {
    let text = format!("{}/{}/{code}", member.shop_id, member.person_id);
    app.means.stamps.hex("recovery code", text.as_bytes(), 64)
}

#[cfg(test)]
mod tests {
    use super::{Member, enrolment, plain, recovery_code, totp};

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the secret is `12345678901234567890`, here six of eight digits.
        let member = Member::named("tea", "li").unwrap();
        let totp = totp(&member, *b"12345678901234567890").unwrap();
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.generate(at).to_string(), code);
            assert_eq!(totp.check(code, at), Some(at / 30));
            assert_eq!(totp.check(code, at + 30), Some(at / 30));
            assert_eq!(totp.check(code, at + 61), None);
        }
    }

    #[test]
    fn an_enrolment_can_be_typed_and_scanned() {
        let member = Member::named("tea", "li:1").unwrap();
        let shown = enrolment(&member, [7; 20]).unwrap();
        assert_eq!(shown.secret.len(), 32);
        assert!(shown.address.starts_with("otpauth://totp/"), "{}", shown.address);
        assert!(shown.address.contains(&shown.secret), "{}", shown.address);
        assert!(shown.picture.starts_with("<svg ") && !shown.picture.contains("style"));
    }

    #[test]
    fn a_recovery_code_has_no_letters_that_are_mistaken() {
        let code = recovery_code([0, 31, 32, 255, 8, 9, 10, 11, 12, 13]);
        assert_eq!(code.len(), 10);
        assert!(!code.contains(['i', 'l', 'o', '1']), "{code}");
        assert_eq!(plain(" AB-c d\n"), "abcd");
    }
}
