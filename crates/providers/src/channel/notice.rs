//! What a notice of WeChat Pay leads to: verified, opened, and put through the same corridor as
//! everything else. Twice, late or too early changes nothing.

use super::{Accounts, arrived, at};
use crate::wechat_pay::{
    notice::{Content, RefundNotice},
    refund::Status,
};
use domain::{
    actor::Actor,
    command::{Act, Command, RefundNews},
    id::{CaseId, CommandId, RefundNo, ShopId},
};
use engine::{
    desk::{Desk, Envelope, Trouble},
    rows::StreamKey,
};
use http::HeaderMap;

/// Where a notice was posted to, as the address says.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The shop.
    pub shop_id: &'a str,
    /// The case.
    pub case_id: &'a str,
}

/// Why a notice is not on record; the sender is told to send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// There is no such shop, account or case.
    NotFound,
    /// It is not proven to be WeChat Pay's, or cannot be opened.
    NotTheirs,
    /// It names no refund.
    Malformed,
    /// It could not be written down now.
    NotNow,
}

/// Takes a notice: on record, or known already, when it returns.
///
/// # Errors
/// [`Untaken`] if it is to be sent again.
pub async fn take_notice(
    desk: &Desk,
    accounts: &Accounts,
    place: Place<'_>,
    (headers, body): (&HeaderMap, &[u8]),
    command_id: CommandId,
) -> Result<(), Untaken> {
    let shop_id = ShopId::parse(place.shop_id).map_err(|_| Untaken::NotFound)?;
    let account = accounts.of(&shop_id).ok_or(Untaken::NotFound)?;
    let now = desk.now();
    let notice = account.line.open_notice(headers, body, now.seconds()).map_err(|error| {
        // A probe is a wrong signature on purpose: refused like any other, but no alarm.
        if error.is_probe() {
            tracing::info!("a signature probe was refused");
        } else {
            tracing::warn!(error = %error, "a notice was refused");
        }
        Untaken::NotTheirs
    })?;
    let Content::Refund(refund) = notice.content else { return Ok(()) };
    let refund_no = RefundNo::parse(&refund.out_refund_no).map_err(|_| Untaken::Malformed)?;
    let case_id = CaseId::parse(place.case_id).ok_or(Untaken::NotFound)?;
    let found = desk.store().order_of_case(&shop_id, case_id).await;
    let order_id = found.map_err(|_| Untaken::NotNow)?.ok_or(Untaken::NotFound)?;
    let envelope = Envelope {
        key: StreamKey { shop_id, order_id },
        command: Command::Case {
            case_id,
            act: Act::RecordRefund { refund_no, news: news_of_notice(&refund) },
        },
        command_id,
        by: Actor::System,
        receipt: None,
        expected: None,
        settles: None,
    };
    match desk.handle(envelope).await {
        Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
        Err(trouble) => {
            tracing::warn!(error = %trouble, "a notice could not be put on record");
            Err(Untaken::NotNow)
        }
    }
}

/// What a notice says of a refund, as news.
#[must_use]
pub fn news_of_notice(notice: &RefundNotice) -> RefundNews {
    let channel_no = notice.refund_id.clone();
    match notice.refund_status {
        Status::Processing => RefundNews::Processing { channel_no },
        Status::Success => RefundNews::Succeeded {
            channel_no,
            at: at(notice.success_time.map_or(0, |time| time.unix_s())),
            arrived_in: arrived(notice.user_received_account.as_ref()),
        },
        Status::Closed => RefundNews::Closed { channel_no },
        Status::Abnormal => RefundNews::Abnormal { channel_no },
    }
}
