//! A desk to judge at: an order of one ordinary item, signed for yesterday, and an application
//! that nothing speaks against. Stories change what they are about.

use domain::{
    application::{Application, CaseType, Declared, Pieces},
    facts::{Acceptance, Account, Category, Channel, Facts, Item, Progress, Shipment, Tender},
    finding::{Finding, Judgement},
    id::{BuyerId, FileId, ItemId, OrderId, ReasonCode, TransactionId},
    moment::{Moment, Span},
    money::{Currency, Money},
    policy::{EvidenceKind, ItemHistory, Policy, Question},
    standing::{ShopSettings, Standing},
};

/// Everything a question is made of.
#[derive(Debug)]
pub struct Desk {
    pub facts: Facts,
    pub application: Application,
    pub history: Vec<ItemHistory>,
    pub entitled: Money,
    pub original_left: Money,
    pub standing: Standing,
    pub shop: ShopSettings,
    pub at: Moment,
    pub kinds: Vec<EvidenceKind>,
}

/// When the desk's order was signed for.
pub fn signed_at() -> Moment {
    Moment::parse("2026-11-22T04:00:00Z").unwrap()
}

/// So many fen.
pub fn yuan(fen: i64) -> Money {
    Money::cny(fen).unwrap()
}

/// The reason of that code.
pub fn reason(code: &str) -> ReasonCode {
    ReasonCode::parse(code).unwrap()
}

/// The name of the `n`-th item.
pub fn item_id(n: usize) -> ItemId {
    ItemId::parse(&format!("item-{n}")).unwrap()
}

/// So many pieces of the `n`-th item.
pub fn pieces(n: usize, quantity: u32) -> Pieces {
    Pieces { item_id: item_id(n), quantity }
}

fn item() -> Item {
    Item {
        item_id: item_id(0),
        sku: None,
        title: "青瓷茶杯".into(),
        category: Category::Ordinary,
        unit_price: yuan(10_000),
        quantity: 2,
        discount: None,
        duty: None,
        activated_at: None,
        clause_accepted: None,
        seven_day_right: None,
        batch: None,
    }
}

fn facts() -> Facts {
    Facts {
        order_id: OrderId::parse("O1").unwrap(),
        buyer_id: BuyerId::parse("B1").unwrap(),
        currency: Currency::CNY,
        placed_at: signed_at().before(Span::days(4)),
        progress: Progress::Completed,
        items: vec![item()],
        freight: yuan(1_000),
        coupons: Vec::new(),
        tenders: vec![Tender {
            transaction_id: TransactionId::parse("T1").unwrap(),
            channel: Channel::WechatPay,
            account: Account::Balance,
            amount: yuan(21_000),
            paid_at: signed_at().before(Span::days(4)),
        }],
        shipments: vec![Shipment {
            carrier: "SF".into(),
            waybill: "SF1".into(),
            shipped_at: signed_at().before(Span::days(2)),
            quality_report: None,
        }],
        signed_at: Some(signed_at()),
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            facts: facts(),
            application: Application {
                case_type: CaseType::ReturnAndRefund,
                reason: reason("unwanted_seven_days"),
                items: vec![pieces(0, 1)],
                amount: None,
                description: "不想要了".into(),
                evidence: Vec::new(),
                declared: Declared::default(),
            },
            history: Vec::new(),
            entitled: yuan(10_000),
            original_left: yuan(21_000),
            standing: Standing {
                refunded_this_year: yuan(0),
                cases_in_window: 0,
                restriction_lifted_until: None,
            },
            shop: ShopSettings::default(),
            at: signed_at().after(Span::days(1)),
            kinds: Vec::new(),
        }
    }
}

impl Desk {
    /// The desk, changed as the story says.
    pub fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut desk = Self::default();
        change(&mut desk);
        desk
    }

    /// What a policy says.
    pub fn judge(&self, policy: &Policy) -> Judgement {
        policy.judge(&Question {
            facts: &self.facts,
            application: &self.application,
            history: &self.history,
            entitled: self.entitled,
            original_left: self.original_left,
            standing: &self.standing,
            shop: &self.shop,
            at: self.at,
            evidence_kinds: &self.kinds,
        })
    }

    /// What the house's policy finds under one code.
    pub fn finds(&self, code: &str) -> Option<Finding> {
        let judgement = self.judge(&Policy::default_policy());
        judgement.findings.into_iter().find(|finding| finding.code == code)
    }

    /// The one item of the order.
    pub fn item(&mut self) -> &mut Item {
        &mut self.facts.items[0]
    }

    /// Asks with another reason.
    pub fn asks(&mut self, case_type: CaseType, code: &str) {
        self.application.case_type = case_type;
        self.application.reason = reason(code);
    }

    /// The item is of that category.
    pub fn sells(&mut self, category: Category) {
        self.item().category = category;
    }

    /// The buyer accepted a no-return clause.
    pub fn accepts_clause(&mut self) {
        let accepted_at = self.facts.placed_at;
        self.item().clause_accepted =
            Some(Acceptance { clause: "定制商品不退换".into(), accepted_at });
    }

    /// The item was asked for before.
    pub fn remembers(&mut self, pieces_settled: u32, applications: u32, open_case: bool) {
        let item_id = item_id(0);
        self.history = vec![ItemHistory { item_id, pieces_settled, applications, open_case }];
    }

    /// The buyer opened the goods.
    pub fn opens(&mut self) {
        self.application.declared.opened = Some(true);
    }

    /// A file that proves no use.
    pub fn proves_no_use(&mut self) {
        self.application.declared.proof_of_no_use = vec![FileId::parse("F1").unwrap()];
    }

    /// Everything was paid from that kind of account.
    pub fn paid_by(&mut self, account: Account) {
        self.facts.tenders[0].account = account;
    }
}
