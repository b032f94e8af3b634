//! Money of a case: tickets, failed refunds, other cards, designated accounts and their payouts.

use super::{Target, Verb, find};
use crate::{
    api::{problem::Problem, request::Asked},
    assembly::App,
    vault::{Named, PAYOUT_ACCOUNT, PayoutAccount, Sealed, account_id},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    allowed::may_take_account,
    case::Route,
    command::Act,
    event::{CaseEvent, Event, RefundStep, SealedCard},
    id::RefundNo,
    record::Record,
};
use engine::rows::StreamKey;
use providers::channel::SealTrouble;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// `POST …/tickets`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    /// Which refund has not arrived.
    refund_no: RefundNo,
}

impl Verb for OpenTicket {
    async fn act(self, _: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::OpenTicket { refund_no: self.refund_no })
    }
}

/// `POST …/tickets/{ticket_no}/close`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseTicket {}

impl Verb for CloseTicket {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::CloseTicket { ticket_no: target.ticket_no()? })
    }
}

/// `POST …/refunds/{refund_no}/replace`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceRefund {
    /// `original` or `designated`.
    route: Route,
}

impl Verb for ReplaceRefund {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::ReplaceRefund { refund_no: target.refund_no()?, route: self.route })
    }
}

/// `POST …/refunds/{refund_no}/name-card`: the card is encrypted for the payment channel before
/// anything is written; we cannot read it again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameCard {
    /// The bank, such as `ICBC_DEBIT`; debit cards only.
    pub bank_type: String,
    /// The card number, 8 to 32 digits.
    pub bank_account: String,
    /// The holder's name.
    pub real_name: String,
}

impl NameCard {
    /// A card: the bank, its number, the holder's name.
    #[must_use]
    pub const fn new(bank_type: String, bank_account: String, real_name: String) -> Self {
        Self { bank_type, bank_account, real_name }
    }
}

impl Verb for NameCard {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        let refund_no = target.refund_no()?;
        let invalid = || target.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "card_invalid");
        let digits = self.bank_account.bytes().all(|byte| byte.is_ascii_digit());
        let named = (1..=100).contains(&self.real_name.trim().len());
        if !digits || !(8..=32).contains(&self.bank_account.len()) || !named {
            return Err(invalid());
        }
        let shop_id = &target.key.shop_id;
        let now = target.app.desk.now();
        let sealed = target.app.channel.seal_card(
            shop_id,
            (&self.bank_type, &self.bank_account, self.real_name.trim()),
            now,
        );
        let sealed: SealedCard = sealed.map_err(|trouble| match trouble {
            SealTrouble::Card => invalid(),
            SealTrouble::NoAccount => {
                target.asked.problem(StatusCode::CONFLICT, "no_merchant_account")
            }
        })?;
        let account_masked = masked(&self.bank_type, &self.bank_account);
        Ok(Act::NameCard { refund_no, account_masked, sealed })
    }
}

/// `POST …/refunds/{refund_no}/name-account`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameAccount {
    /// Whose account it is.
    pub holder: String,
    /// At which bank or service.
    pub bank: String,
    /// Its number.
    pub account: String,
}

impl NameAccount {
    /// An account: whose, at which bank, its number.
    #[must_use]
    pub const fn new(holder: String, bank: String, account: String) -> Self {
        Self { holder, bank, account }
    }
}

impl Verb for NameAccount {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        let refund_no = target.refund_no()?;
        let fits = |text: &str| (1..=100).contains(&text.trim().len());
        if !fits(&self.holder) || !fits(&self.bank) || !fits(&self.account) {
            return Err(target.asked.problem(StatusCode::UNPROCESSABLE_ENTITY, "account_invalid"));
        }
        let account_masked = masked(self.bank.trim(), self.account.trim());
        let account = PayoutAccount {
            holder: self.holder.trim().to_owned(),
            bank: self.bank.trim().to_owned(),
            account: self.account.trim().to_owned(),
        };
        keep(target, &refund_no, &account).await?;
        Ok(Act::NameAccount { refund_no, account_masked })
    }
}

/// Keeps the account under the command that names it, so that it counts only if the command is
/// carried out: what is refused takes the place of nothing. What would be refused is not kept.
async fn keep(
    target: &Target<'_>,
    refund_no: &RefundNo,
    account: &PayoutAccount,
) -> Result<(), Problem> {
    let order = target.app.desk.order(&target.key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, target.asked.language))?;
    let refund = order.case(target.case_id).and_then(|case| case.refund(refund_no));
    if refund.is_none_or(|refund| !may_take_account(refund)) {
        return Ok(());
    }
    let named = Named { refund_no, command_id: target.command_id, account };
    target.app.keep_account(&target.key.shop_id, &named, target.asked).await
}

/// The bank and the last four characters.
fn masked(bank: &str, account: &str) -> String {
    let count = account.chars().count();
    let end: String = account.chars().skip(count.saturating_sub(4)).collect();
    format!("{bank} ****{end}")
}

/// The designated account of a payout, for those who carry it out.
#[derive(Serialize, ToSchema)]
#[schema(as = PayoutAccount)]
pub struct AccountView {
    holder: String,
    bank: String,
    account: String,
}

/// `GET …/refunds/{refund_no}/account`
///
/// # Errors
/// A [`Problem`] if none was named.
pub async fn account(
    State(app): State<Arc<App>>,
    Path((case_id, refund_no)): Path<(String, String)>,
    asked: Asked,
) -> Result<axum::Json<AccountView>, Problem> {
    let (key, case_id) = find(&app, &asked, &case_id).await?;
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    let refund_no = RefundNo::parse(&refund_no).map_err(|_| asked.not_found())?;
    let of_case = order.case(case_id).and_then(|case| case.refund(&refund_no));
    of_case.ok_or_else(|| asked.not_found())?;
    let records = app.desk.records(&key).await;
    let records = records.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    let opened = named_account(&app, &asked, (&key, &records), &refund_no).await?;
    let PayoutAccount { holder, bank, account } = opened.ok_or_else(|| asked.not_found())?;
    Ok(axum::Json(AccountView { holder, bank, account }))
}

/// The account last named for a refund, in the clear; none if none was named.
///
/// # Errors
/// A [`Problem`] if the database cannot say.
pub async fn named_account(
    app: &App,
    asked: &Asked,
    (key, records): (&StreamKey, &[Record]),
    refund_no: &RefundNo,
) -> Result<Option<PayoutAccount>, Problem> {
    let named = records.iter().rev().find(|record| names_account(&record.event, refund_no));
    let Some(named) = named else { return Ok(None) };
    let id = account_id(refund_no, named.command);
    let found: Option<Sealed> = app
        .registry
        .get(&key.shop_id, PAYOUT_ACCOUNT, &id)
        .await
        .map_err(|fault| Problem::fault(&fault, asked.language))?;
    Ok(found.and_then(|sealed| app.vault.open(refund_no, &sealed)))
}

fn names_account(event: &Event, of: &RefundNo) -> bool {
    let Event::Case { what: CaseEvent::RefundMoved { refund_no, step }, .. } = event else {
        return false;
    };
    refund_no == of && matches!(step, RefundStep::AccountNamed { .. })
}

/// `POST …/refunds/{refund_no}/approve-payout`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePayout {}

impl Verb for ApprovePayout {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::ApprovePayout { refund_no: target.refund_no()? })
    }
}

/// `POST …/refunds/{refund_no}/mark-paid`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkPaid {
    /// The number of the voucher.
    voucher: String,
}

impl Verb for MarkPaid {
    async fn act(self, target: &Target<'_>) -> Result<Act, Problem> {
        Ok(Act::MarkPaid { refund_no: target.refund_no()?, voucher: self.voucher })
    }
}
