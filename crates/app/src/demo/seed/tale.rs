//! A tale: one case from its opening to where it stands today, as steps that people take.

use super::{order::Paid, picture::View};
use domain::{
    application::CaseType,
    case::{Audience, Inspection},
    command::Act,
};
use sandbox::faults::Kind;

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Buyer,
    Agent,
    Supervisor,
    Finance,
    Arbiter,
    Operator,
}

/// A step.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody acts as the API would have it.
    Act(Act),
    /// A part of what is due is offered, in per cent; the goods stay.
    OfferPart(u32, &'static str),
    /// All that is due is offered to a designated account.
    OfferAccount(&'static str),
    /// The returned goods are worth so many per cent.
    InspectPart(u32, &'static str),
    /// The arbiter rules that the buyer gets so many per cent.
    RuleForBuyer(u32, &'static str),
    /// The buyer names an account for the payout.
    NameAccount,
    /// The payout is approved.
    ApprovePayout,
    /// The payout is carried out.
    MarkPaid(&'static str),
    /// A picture is put on record.
    Show(View, &'static str),
    /// Words for the other side, with a picture.
    Tell(View, &'static str),
    /// The next refund meets this at the payment channel.
    Trouble(Kind),
}

/// A step with who takes it and how many minutes after the opening.
#[derive(Clone, Debug)]
pub struct Beat {
    pub after_min: u32,
    pub by: By,
    pub step: Step,
}

/// How a case goes on after it was opened. The last step of each is where it stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plot {
    /// Nobody acts: it waits, or was granted by itself.
    Silence,
    Talk,
    Propose,
    Confirm,
    AskEvidence,
    Offer,
    OfferTaken,
    OfferDeclined,
    Approve,
    Ship,
    Receive,
    Accept,
    InPart,
    Refuse,
    Replace,
    Exchange,
    Reject,
    Dispute,
    ForMerchant,
    ForBuyer,
    Withdraw,
    Account,
    AccountApproved,
    AccountPaid,
    ThirdPartyPaid,
    Abnormal,
    Declined,
    Closed,
    Late,
}

/// A case to be told.
#[derive(Clone, Copy, Debug)]
pub struct Tale {
    /// What was bought, by its stock number.
    pub sku: &'static str,
    /// How many.
    pub pieces: u32,
    /// How it goes.
    pub plot: Plot,
    /// How long ago it was opened.
    pub opened_min_ago: u32,
    /// What the buyer asks for.
    pub case_type: CaseType,
    /// Why.
    pub reason: &'static str,
    /// In the buyer's words.
    pub words: &'static str,
    /// How it was paid.
    pub paid: Option<Paid>,
    /// Which of the named buyers it is, if any.
    pub buyer: Option<usize>,
}

impl Tale {
    pub const fn paid(mut self, paid: Paid) -> Self {
        self.paid = Some(paid);
        self
    }

    pub const fn of(mut self, buyer: usize) -> Self {
        self.buyer = Some(buyer);
        self
    }
}

const fn beat(after_min: u32, by: By, step: Step) -> Beat {
    Beat { after_min, by, step }
}

fn act(after_min: u32, by: By, act: Act) -> Beat {
    beat(after_min, by, Step::Act(act))
}

fn says(after_min: u32, by: By, text: &str) -> Beat {
    let (text, audience) = (text.to_owned(), Audience::Everyone);
    act(after_min, by, Act::PostMessage { text, files: Vec::new(), audience })
}

fn notes(after_min: u32, text: &str) -> Beat {
    let (text, audience) = (text.to_owned(), Audience::Merchant);
    act(after_min, By::Agent, Act::PostMessage { text, files: Vec::new(), audience })
}

fn approve(after_min: u32, note: &str) -> Beat {
    act(after_min, By::Agent, Act::Approve { terms: None, note: note.to_owned() })
}

fn reject(after_min: u32) -> Beat {
    let reason = "经核实商品与详情页一致，已附出库照片，暂不支持该申请，如有疑问请联系客服。";
    act(after_min, By::Agent, Act::Reject { reason: reason.to_owned() })
}

fn ship(after_min: u32) -> Beat {
    let (carrier, waybill) = ("顺丰速运".to_owned(), format!("SF16{:011}", after_min * 7_919));
    act(after_min, By::Buyer, Act::ShipReturn { carrier, waybill })
}

fn inspect(after_min: u32, result: Inspection, note: &str) -> Beat {
    act(after_min, By::Agent, Act::Inspect { result, note: note.to_owned() })
}

/// What happens after the opening.
pub fn beats(plot: Plot) -> Vec<Beat> {
    let confirm = || act(160, By::Supervisor, Act::ConfirmProposal);
    let accept = |after_min| act(after_min, By::Buyer, Act::AcceptOffer);
    let approve_payout = || beat(1_200, By::Finance, Step::ApprovePayout);
    let pay = || beat(1_420, By::Finance, Step::MarkPaid("HZ-20931-0457"));
    match plot {
        Plot::Silence => Vec::new(),
        Plot::Talk => talk(talked()),
        Plot::Propose => talk(vec![propose()]),
        Plot::Confirm => talk(vec![propose(), confirm()]),
        Plot::AskEvidence => talk(vec![ask_evidence()]),
        Plot::Offer => talk(vec![offer()]),
        Plot::OfferTaken => talk(vec![offer(), accept(400)]),
        Plot::OfferDeclined => talk(vec![offer(), decline_offer()]),
        Plot::Withdraw => talk(withdraw()),
        Plot::Approve => goods_back(1),
        Plot::Ship => goods_back(2),
        Plot::Receive => goods_back(4),
        Plot::Accept => goods_back(5),
        Plot::Replace => goods_back(6),
        Plot::Exchange => goods_back(7),
        Plot::InPart => and(goods_back(4), vec![in_part(), accept(5_200)]),
        Plot::Refuse => and(goods_back(4), vec![refuse()]),
        Plot::Reject => vec![shows_as_sent(350), reject(360)],
        Plot::Dispute => dispute(says(1_560, By::Agent, "已提交出库质检照片，请平台查看。")),
        Plot::ForMerchant => dispute(rule_for_merchant()),
        Plot::ForBuyer => dispute(rule_for_buyer()),
        Plot::Account => account(),
        Plot::AccountApproved => and(account(), vec![approve_payout()]),
        Plot::AccountPaid => and(account(), vec![approve_payout(), pay()]),
        Plot::ThirdPartyPaid => third_party(),
        Plot::Abnormal => meets(Kind::RefundAbnormal),
        Plot::Declined => meets(Kind::UserAccountAbnormal),
        Plot::Closed => meets(Kind::RefundClosed),
        Plot::Late => meets(Kind::RefundDelayed { seconds: 9 * 86_400 }),
    }
}

fn and(mut beats: Vec<Beat>, more: Vec<Beat>) -> Vec<Beat> {
    beats.extend(more);
    beats
}

fn talk(more: Vec<Beat>) -> Vec<Beat> {
    let hello = "您好，已收到您的申请，正在核实，会尽快答复您。";
    and(vec![says(18, By::Agent, hello)], more)
}

fn talked() -> Vec<Beat> {
    vec![
        beat(62, By::Buyer, Step::Tell(View::Near, "好的，麻烦尽快处理，再补一张近照。")),
        notes(70, "该批次本周第三次反馈，已提醒仓库复查。"),
    ]
}

fn propose() -> Beat {
    approve(45, "情况属实，金额超出客服权限，请主管复核。")
}

fn ask_evidence() -> Beat {
    let text = "请补充一张外包装和快递面单的照片，方便我们向承运商核实。".to_owned();
    act(95, By::Agent, Act::RequestEvidence { text })
}

fn offer() -> Beat {
    beat(150, By::Agent, Step::OfferPart(40, "商品可正常使用，补偿四成，您看可以吗？"))
}

fn decline_offer() -> Beat {
    let note = "还是希望全额处理，已经影响使用了。".to_owned();
    act(330, By::Buyer, Act::DeclineOffer { note })
}

fn withdraw() -> Vec<Beat> {
    vec![
        says(50, By::Buyer, "已经和家人确认过，不用退了，谢谢。"),
        act(55, By::Buyer, Act::Withdraw),
    ]
}

/// The goods go back, so many steps of the way.
fn goods_back(steps: usize) -> Vec<Beat> {
    let (carrier, waybill) = ("京东物流".to_owned(), "JDVA20931184420".to_owned());
    let way = [
        approve(200, "同意，抱歉给您带来不便。"),
        ship(1_500),
        act(4_300, By::Agent, Act::Receive),
        beat(4_320, By::Agent, Step::Show(View::Whole, "退回商品开箱照片。")),
        inspect(4_480, Inspection::Accepted, "包装完好，同意。"),
        act(5_600, By::Agent, Act::SendReplacement { carrier, waybill }),
        act(9_800, By::Buyer, Act::ConfirmReplacement),
    ];
    way.into_iter().take(steps).collect()
}

fn shows_as_sent(after_min: u32) -> Beat {
    beat(after_min, By::Agent, Step::Show(View::AsSent, "出库质检照片，旁边有标尺。"))
}

fn in_part() -> Beat {
    beat(4_600, By::Agent, Step::InspectPart(70, "外盒破损、配件缺一，按七成退款。"))
}

fn refuse() -> Beat {
    inspect(4_600, Inspection::Refused, "寄回的不是本店商品，编号不符，已拍照留存。")
}

fn dispute(last: Beat) -> Vec<Beat> {
    let reason = "商家未正面回应问题，照片已上传，请平台判断。".to_owned();
    vec![
        shows_as_sent(350),
        reject(360),
        act(1_180, By::Buyer, Act::Escalate { reason }),
        says(1_500, By::Arbiter, "平台已介入，请双方在一个工作日内补充说明。"),
        beat(1_530, By::Buyer, Step::Show(View::Parcel, "外包装和面单，收到当天拍的。")),
        last,
    ]
}

fn rule_for_merchant() -> Beat {
    let reason = "买家照片与商品编号不一致，商家出库记录完整，支持商家。".to_owned();
    act(2_700, By::Arbiter, Act::Rule { terms: None, reason })
}

fn rule_for_buyer() -> Beat {
    let reason = "照片显示的瑕疵与描述一致，商家未能举证，支持买家。";
    beat(2_760, By::Arbiter, Step::RuleForBuyer(100, reason))
}

fn account() -> Vec<Beat> {
    vec![
        beat(120, By::Agent, Step::OfferAccount("原卡已注销，协商退至您指定的账户。")),
        act(300, By::Buyer, Act::AcceptOffer),
        beat(310, By::Buyer, Step::NameAccount),
    ]
}

fn third_party() -> Vec<Beat> {
    vec![
        approve(180, "同意退款，第三方支付部分待平台审核。"),
        beat(900, By::Operator, Step::ApprovePayout),
        beat(1_300, By::Finance, Step::MarkPaid("TP-88120-031")),
    ]
}

/// A refund that meets trouble at the payment channel: the next one does, so nothing comes between.
fn meets(kind: Kind) -> Vec<Beat> {
    vec![beat(150, By::Agent, Step::Trouble(kind)), approve(150, "同意退款，原路返回。")]
}
