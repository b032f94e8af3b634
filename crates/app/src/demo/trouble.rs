//! Trouble by name: what the stand-in of the payment channel can be asked to do to us.

use super::channel::{BALANCE_FEN, MERCHANTS};
use clap::ValueEnum;
use sandbox::{
    PutError, Sandbox,
    faults::{Call, Fault, Kind, Scope},
};
use serde::{Deserialize, Serialize};

/// A refund that is paid later takes so long, in seconds: three days.
const LATER_S: i64 = 3 * 86_400;
/// A late notice comes so much later, in seconds: two hours.
const LATE_S: i64 = 7_200;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// The next notice never comes. 丢失下一条退款通知
    LoseNotice,
    /// The next notice comes two hours late. 下一条通知晚到两小时
    LateNotice,
    /// The next notice comes twice. 下一条通知重复到达
    DoubleNotice,
    /// The next notice comes first with a false signature. 下一条通知先以错误签名到达
    ForgedNotice,
    /// The next application is accepted, but its answer is lost. 下一次退款申请已受理但应答丢失
    LoseAnswer,
    /// The next refund takes three days, so that a ticket is opened. 下一笔退款三天后才到账
    PayLater,
    /// Both merchants' balances are empty until `clear`. 商户余额不足, 直到 clear
    ShortBalance,
    /// The next refund cannot reach the buyer's account. 下一笔退款异常
    Abnormal,
    /// The next refund is refused: the buyer's account is closed. 下一笔退款被拒: 用户账户注销
    Refuse,
    /// The next refund is accepted and closed later. 下一笔退款被关闭
    Close,
    /// The next application is one too many in this second. 下一次申请被限频
    Busy,
    /// No more trouble, and full balances. 恢复正常, 余额补足
    Clear,
}

/// Makes it so.
///
/// # Errors
/// [`PutError`] if the stand-in does not know the merchants, which it does.
pub fn make(sandbox: &Sandbox, trouble: Trouble) -> Result<(), PutError> {
    let kind = match trouble {
        Trouble::LoseNotice => Kind::NoticeLost,
        Trouble::LateNotice => Kind::NoticeLate { seconds: LATE_S },
        Trouble::DoubleNotice => Kind::NoticeDuplicate,
        Trouble::ForgedNotice => Kind::NoticeWrongSerial,
        Trouble::LoseAnswer => Kind::BadGatewayAfter,
        Trouble::PayLater => Kind::RefundDelayed { seconds: LATER_S },
        Trouble::Abnormal => Kind::RefundAbnormal,
        Trouble::Refuse => Kind::UserAccountAbnormal,
        Trouble::Close => Kind::RefundClosed,
        Trouble::Busy => Kind::FrequencyLimitedBefore,
        Trouble::ShortBalance => return balances(sandbox, 0),
        Trouble::Clear => {
            sandbox.clear_faults();
            return balances(sandbox, BALANCE_FEN);
        }
    };
    sandbox.add_fault(Fault { kind, scope: Scope::Next(1), call: Call::Apply });
    Ok(())
}

fn balances(sandbox: &Sandbox, fen: i64) -> Result<(), PutError> {
    MERCHANTS.iter().try_for_each(|(_, mchid)| sandbox.set_balance(mchid, fen))
}
