//! Trouble on demand: what WeChat Pay or the network between may do to a client.

use serde::{Deserialize, Serialize};

use crate::books::notice::Spoil;

/// One kind of trouble. The JSON form is `{"kind":"…"}` with the fields of the variant beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Nothing is done and nothing is answered; after a while the connection breaks.
    SilenceBefore,
    /// It is done, and nothing is answered.
    SilenceAfter,
    /// 429 without acceptance.
    FrequencyLimitedBefore,
    /// 429 although it was accepted.
    FrequencyLimitedAfter,
    /// 500 `SYSTEM_ERROR` without acceptance.
    SystemErrorBefore,
    /// 500 `SYSTEM_ERROR` although it was accepted.
    SystemErrorAfter,
    /// A gateway's 502 page; the request reached nobody.
    BadGatewayBefore,
    /// A gateway's 502 page although it was accepted.
    BadGatewayAfter,
    /// The answer is signed with `WECHATPAY/SIGNTEST/…`.
    AnswerProbe,
    /// The answer names a key nobody has.
    AnswerWrongSerial,
    /// The answer is properly signed ten minutes ago.
    AnswerStale,
    /// The answer's body is changed after signing.
    AnswerTampered,
    /// The application is refused: `NOT_ENOUGH`.
    NotEnough,
    /// The application is refused: `USER_ACCOUNT_ABNORMAL`.
    UserAccountAbnormal,
    /// The next refund ends `ABNORMAL`.
    RefundAbnormal,
    /// The next refund ends `CLOSED`.
    RefundClosed,
    /// The next refund is accepted but finds no money: it waits for a balance set later, and is
    /// closed after seven days.
    RefundShort,
    /// The next refund takes this much sandbox time.
    RefundDelayed { seconds: i64 },
    /// The first delivery of the next notice is a signature probe.
    NoticeProbe,
    /// The first delivery of the next notice names a key nobody has.
    NoticeWrongSerial,
    /// The first delivery of the next notice is properly signed ten minutes ago.
    NoticeStale,
    /// The next notice is delivered twice although acknowledged.
    NoticeDuplicate,
    /// The next notice comes this much later, in sandbox time.
    NoticeLate { seconds: i64 },
    /// The next notice waits until a later one has overtaken it.
    NoticeHeld,
    /// The next notice never comes.
    NoticeLost,
    /// The next refund is over, and its notice delivered, before the application is answered.
    NoticeBeforeAnswer,
    /// Another card, named for an abnormal refund, is refused; the refund stays abnormal.
    CardRefused,
}

/// When a kind of trouble is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// When a request has been authorised.
    Conduct,
    /// When a new refund is about to be accepted.
    Refund,
    /// When another card is named for an abnormal refund.
    Card,
    /// When a notice is made.
    Notice,
}

impl Kind {
    fn stage(&self) -> Stage {
        match self {
            Self::SilenceBefore
            | Self::SilenceAfter
            | Self::FrequencyLimitedBefore
            | Self::FrequencyLimitedAfter
            | Self::SystemErrorBefore
            | Self::SystemErrorAfter
            | Self::BadGatewayBefore
            | Self::BadGatewayAfter
            | Self::AnswerProbe
            | Self::AnswerWrongSerial
            | Self::AnswerStale
            | Self::AnswerTampered => Stage::Conduct,
            Self::NotEnough
            | Self::UserAccountAbnormal
            | Self::RefundAbnormal
            | Self::RefundClosed
            | Self::RefundShort
            | Self::RefundDelayed { .. }
            | Self::NoticeBeforeAnswer => Stage::Refund,
            Self::CardRefused => Stage::Card,
            Self::NoticeProbe
            | Self::NoticeWrongSerial
            | Self::NoticeStale
            | Self::NoticeDuplicate
            | Self::NoticeLate { .. }
            | Self::NoticeHeld
            | Self::NoticeLost => Stage::Notice,
        }
    }

    /// How an answer or a notice is spoiled by this, if it is.
    pub(crate) fn spoil(&self) -> Option<Spoil> {
        let spoils = [
            (Self::AnswerProbe, Spoil::Probe),
            (Self::NoticeProbe, Spoil::Probe),
            (Self::AnswerWrongSerial, Spoil::WrongSerial),
            (Self::NoticeWrongSerial, Spoil::WrongSerial),
            (Self::AnswerStale, Spoil::Stale),
            (Self::NoticeStale, Spoil::Stale),
        ];
        spoils.into_iter().find(|(kind, _)| kind == self).map(|(_, spoil)| spoil)
    }
}

/// How often, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Until cleared.
    Always,
    /// The next so many times.
    Next(u32),
    /// Everything about this refund number, until cleared.
    OutRefundNo(String),
}

/// Which calls a fault of conduct meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    #[default]
    Any,
    Apply,
    Query,
    ApplyAbnormal,
}

/// A fault waiting to happen: `{"kind":"silence_after","scope":{"next":1},"call":"apply"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    #[serde(flatten)]
    pub kind: Kind,
    #[serde(default = "once")]
    pub scope: Scope,
    #[serde(default)]
    pub call: Call,
}

fn once() -> Scope {
    Scope::Next(1)
}

impl Fault {
    /// Once, at the next opportunity.
    pub fn next(kind: Kind) -> Self {
        Self { kind, scope: Scope::Next(1), call: Call::Any }
    }
}

/// Every fault waiting to happen, in the order they were asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// The one fault this request meets: the first that fits, so several `next` make a script.
    pub(crate) fn conduct(&mut self, call: Call, out_refund_no: &str) -> Option<Kind> {
        let index = self.0.iter().position(|fault| {
            fault.kind.stage() == Stage::Conduct
                && (fault.call == Call::Any || fault.call == call)
                && fault.meets(out_refund_no)
        })?;
        let kind = self.0.get(index).map(|fault| fault.kind.clone());
        self.use_up(index);
        kind
    }

    /// Every distinct fault a refund or a notice meets at this stage.
    pub(crate) fn meeting(&mut self, stage: Stage, out_refund_no: &str) -> Vec<Kind> {
        let mut met: Vec<Kind> = Vec::new();
        let mut index = 0;
        while let Some(fault) = self.0.get(index) {
            let fits = fault.kind.stage() == stage && fault.meets(out_refund_no);
            if fits && !met.contains(&fault.kind) {
                met.push(fault.kind.clone());
                index += usize::from(!self.use_up(index));
            } else {
                index += 1;
            }
        }
        met
    }

    /// Counts one use; true when the fault is gone.
    fn use_up(&mut self, index: usize) -> bool {
        let Some(fault) = self.0.get_mut(index) else { return false };
        let gone = match &mut fault.scope {
            Scope::Next(left) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            Scope::Always | Scope::OutRefundNo(_) => false,
        };
        if gone {
            self.0.remove(index);
        }
        gone
    }
}

impl Fault {
    fn meets(&self, out_refund_no: &str) -> bool {
        match &self.scope {
            Scope::Always | Scope::Next(_) => true,
            Scope::OutRefundNo(no) => no == out_refund_no,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_next_make_a_script() {
        let mut faults = Faults::default();
        faults.add(Fault { scope: Scope::Next(2), ..Fault::next(Kind::SilenceAfter) });
        faults.add(Fault { call: Call::Query, ..Fault::next(Kind::AnswerProbe) });

        let met = [Call::Apply, Call::Query, Call::Apply, Call::Query]
            .map(|call| faults.conduct(call, "R-1"));

        let expected =
            [Some(Kind::SilenceAfter), Some(Kind::SilenceAfter), None, Some(Kind::AnswerProbe)];
        assert_eq!(met, expected);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn a_refund_meets_each_kind_once_and_its_own_always() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Kind::RefundAbnormal));
        faults.add(Fault::next(Kind::RefundAbnormal));
        let own = Scope::OutRefundNo("R-2".into());
        faults.add(Fault { scope: own, ..Fault::next(Kind::RefundDelayed { seconds: 9 }) });

        assert_eq!(faults.meeting(Stage::Refund, "R-1"), [Kind::RefundAbnormal]);
        assert_eq!(
            faults.meeting(Stage::Refund, "R-2"),
            [Kind::RefundAbnormal, Kind::RefundDelayed { seconds: 9 }]
        );
        assert_eq!(faults.meeting(Stage::Refund, "R-2"), [Kind::RefundDelayed { seconds: 9 }]);
    }

    #[test]
    fn a_fault_has_a_short_json_form() {
        let fault: Fault =
            serde_json::from_str(r#"{"kind":"refund_delayed","seconds":5,"scope":"always"}"#)
                .unwrap();

        assert_eq!(fault.kind, Kind::RefundDelayed { seconds: 5 });
        assert_eq!(fault.scope, Scope::Always);
        let fault: Fault = serde_json::from_str(r#"{"kind":"silence_after"}"#).unwrap();
        assert_eq!(fault, Fault::next(Kind::SilenceAfter));
    }
}
