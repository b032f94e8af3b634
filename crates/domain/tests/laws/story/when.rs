//! What happens in stories: who does what, as a command.

use super::{
    Line,
    scan::{Said, count, money, quoted, scan, split, word},
};
use domain::{
    application::{Application, Declared, Pieces},
    case::{Audience, Case, Goods, Inspection, Marks, Route, Terms},
    command::{Act, Filing, RefundNews},
    event::SealedCard,
    id::{FileId, RefundNo},
    moment::Moment,
    policy::EvidenceKind,
};

/// `return_and_refund of 1 × A1 and 2 × B2 because quality_defect`, with details.
pub fn filing(text: &str, details: &[Line]) -> Said<Filing> {
    let [what, reason] = scan("{} because {}", text).ok_or("apply for … because …")?;
    let (case_type, items) = what.split_once(" of ").unwrap_or((what, ""));
    let items = items.split(" and ").filter(|item| !item.is_empty());
    let pieces = |item| -> Said<Pieces> {
        let [quantity, item] = scan("{} × {}", item).ok_or("items are like 2 × A1")?;
        Ok(Pieces { item_id: word(item)?, quantity: count(quantity)? })
    };
    let mut filing = Filing {
        application: Application {
            case_type: word(case_type)?,
            reason: word(reason)?,
            items: items.map(pieces).collect::<Said<_>>()?,
            amount: None,
            description: String::new(),
            evidence: Vec::new(),
            declared: Declared::default(),
        },
        evidence_kinds: Vec::new(),
    };
    for line in details {
        detail(&mut filing, &line.text)?;
    }
    Ok(filing)
}

fn detail(filing: &mut Filing, text: &str) -> Said<()> {
    let Application { amount, description, evidence, declared, .. } = &mut filing.application;
    if let Some([asked]) = scan("asking {}", text) {
        *amount = Some(money(asked)?);
    } else if text.starts_with("saying") {
        *description = quoted(text).1;
    } else if let Some([files]) = scan("with proof of no use {}", text) {
        declared.proof_of_no_use = file_list(files)?;
    } else if let Some([kinds]) = scan("with {}", text) {
        for kind in kinds.split(", ") {
            filing.evidence_kinds.push(word::<EvidenceKind>(kind)?);
            evidence.push(word(&format!("f{}", evidence.len() + 1))?);
        }
    } else if text == "the goods were opened" {
        declared.opened = Some(true);
    } else if text == "the card can take the refund" {
        declared.route_confirmed = true;
    } else if let Some([claimed]) = scan("return freight {}", text) {
        declared.return_freight = Some(money(claimed)?);
    } else {
        return Err(format!("an application does not have “{text}”"));
    }
    Ok(())
}

fn file_list(text: &str) -> Said<Vec<FileId>> {
    text.split(", ").filter(|file| !file.is_empty()).map(word).collect()
}

/// `64.00`, `64.00 to a designated account`, `64.00, goods back`, `64.00, goods kept`.
fn terms(text: &str, goods: Goods) -> Said<Terms> {
    let mut parts = split(text, ", ").into_iter();
    let first = parts.next().unwrap_or_default();
    let (amount, route) = match first.strip_suffix(" to a designated account") {
        Some(amount) => (amount, Route::Designated),
        None => (first, Route::Original),
    };
    let goods = match parts.next() {
        None => goods,
        Some("goods back") => Goods::Return,
        Some("goods kept") => Goods::Keep,
        Some(other) => return Err(format!("terms do not have “{other}”")),
    };
    Ok(Terms { amount: money(amount)?, route, goods })
}

/// What is done about a case; nothing if the words are not known.
pub fn act(text: &str, case: &Case, at: Moment) -> Option<Said<Act>> {
    let usual = if case.goods_are_out() { Goods::Return } else { Goods::Keep };
    decision(text, usual).or_else(|| goods(text)).or_else(|| money_matters(text, case, at))
}

fn decision(text: &str, usual: Goods) -> Option<Said<Act>> {
    let (head, said) = quoted(text);
    let plain = match head {
        "withdraws" => Act::Withdraw,
        "approves" => Act::Approve { terms: None, note: said },
        "asks for evidence" => Act::RequestEvidence { text: said },
        "accepts the offer" => Act::AcceptOffer,
        "declines the offer" => Act::DeclineOffer { note: said },
        "confirms the proposal" => Act::ConfirmProposal,
        "declines the proposal" => Act::DeclineProposal { note: said },
        "rejects" => Act::Reject { reason: said },
        "escalates" => Act::Escalate { reason: said },
        "rules for the merchant" => Act::Rule { terms: None, reason: said },
        "writes" | "notes" => {
            let audience = if head == "notes" { Audience::Merchant } else { Audience::Everyone };
            Act::PostMessage { text: said, files: Vec::new(), audience }
        }
        _ => return longer_decision(head, said, usual),
    };
    Some(Ok(plain))
}

fn longer_decision(head: &str, said: String, usual: Goods) -> Option<Said<Act>> {
    if let Some([tier, who]) = scan("sorts it as {} for {}", head) {
        return Some(marks(tier, who, &said).map(|marks| Act::Mark { marks }));
    }
    if let Some([files]) = scan("adds evidence {}", head) {
        return Some(file_list(files).map(|files| Act::AddEvidence { files, note: said }));
    }
    if let Some([text]) = scan("rules for the buyer {}", head) {
        let terms = terms(text, usual);
        return Some(terms.map(|terms| Act::Rule { terms: Some(terms), reason: said }));
    }
    if let Some([text]) = scan("offers {}", head) {
        return Some(terms(text, usual).map(|terms| Act::Offer { terms, note: said }));
    }
    let [text] = scan("approves {}", head).filter(|[text]| !text.starts_with("payout"))?;
    Some(terms(text, usual).map(|terms| Act::Approve { terms: Some(terms), note: said }))
}

/// `sorts it as difficult for Li "加急, 老客户"`.
fn marks(tier: &str, who: &str, tags: &str) -> Said<Marks> {
    let tags = tags.split(", ").filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    Ok(Marks { assignee: Some(word(who)?), tags, tier: word(tier)? })
}

fn goods(text: &str) -> Option<Said<Act>> {
    let parcel = |text: &str| -> (String, String) {
        let (carrier, waybill) = text.rsplit_once(' ').unwrap_or((text, ""));
        (carrier.to_owned(), waybill.to_owned())
    };
    if let Some([by]) = scan("sends the goods back by {}", text) {
        let (carrier, waybill) = parcel(by);
        return Some(Ok(Act::ShipReturn { carrier, waybill }));
    }
    if let Some([by]) = scan("sends other goods by {}", text) {
        let (carrier, waybill) = parcel(by);
        return Some(Ok(Act::SendReplacement { carrier, waybill }));
    }
    let (head, note) = quoted(text);
    let accepted_in_part = |amount| {
        let result = money(amount).map(|amount| Inspection::AcceptedInPart { amount });
        result.map(|result| Act::Inspect { result, note: note.clone() })
    };
    if let Some([amount]) = scan("accepts the goods in part for {}", head) {
        return Some(accepted_in_part(amount));
    }
    Some(Ok(match head {
        "receives the goods" => Act::Receive,
        "accepts the goods" => Act::Inspect { result: Inspection::Accepted, note },
        "refuses the goods" => Act::Inspect { result: Inspection::Refused, note },
        "confirms the other goods" => Act::ConfirmReplacement,
        "lets time pass" => Act::Expire,
        _ => return None,
    }))
}

fn money_matters(text: &str, case: &Case, at: Moment) -> Option<Said<Act>> {
    let refund = |n: &str| -> Said<RefundNo> {
        let n: usize = count(n)?;
        let refund = n.checked_sub(1).and_then(|n| case.refunds.get(n));
        refund.map_or_else(|| word("WBNONE"), |refund| Ok(refund.refund_no.clone()))
    };
    if let Some([n]) = scan("opens a ticket about refund {}", text) {
        return Some(refund(n).map(|refund_no| Act::OpenTicket { refund_no }));
    }
    if let Some([n]) = scan("closes ticket {}", text) {
        return Some(count(n).map(|ticket_no| Act::CloseTicket { ticket_no }));
    }
    if let Some([n]) = scan("orders refund {} anew", text) {
        let route = Route::Original;
        return Some(refund(n).map(|refund_no| Act::ReplaceRefund { refund_no, route }));
    }
    if let Some([n]) = scan("orders refund {} to a designated account", text) {
        let route = Route::Designated;
        return Some(refund(n).map(|refund_no| Act::ReplaceRefund { refund_no, route }));
    }
    if let Some([account, n]) = scan("names account {} for refund {}", text) {
        let account_masked = account.to_owned();
        return Some(refund(n).map(|refund_no| Act::NameAccount { refund_no, account_masked }));
    }
    if let Some([card, n]) = scan("names card {} for refund {}", text) {
        let (account_masked, sealed) = (card.to_owned(), sealed());
        let named = |refund_no| Act::NameCard { refund_no, account_masked, sealed };
        return Some(refund(n).map(named));
    }
    if let Some([n]) = scan("approves payout of refund {}", text) {
        return Some(refund(n).map(|refund_no| Act::ApprovePayout { refund_no }));
    }
    if let Some([n, voucher]) = scan("paid refund {} with voucher {}", text) {
        let voucher = voucher.to_owned();
        return Some(refund(n).map(|refund_no| Act::MarkPaid { refund_no, voucher }));
    }
    if let Some([n, trade, status]) = scan("hears of refund {}: {} and {}", text) {
        let (trade_state, refund_status) = (trade.to_owned(), status.to_owned());
        let heard = |refund_no| Act::RecordAnswer { refund_no, trade_state, refund_status };
        return Some(refund(n).map(heard));
    }
    let [n, what] = scan("hears that refund {} {}", text)?;
    let record = |news| refund(n).map(|refund_no| Act::RecordRefund { refund_no, news });
    Some(news(what, at).and_then(record))
}

/// A card as the buyer's phone encrypted it for the channel.
pub fn sealed() -> SealedCard {
    SealedCard {
        bank_type: "ICBC_DEBIT".into(),
        bank_account: "c2VhbGVk".into(),
        real_name: "c2VhbGVk".into(),
        key_id: "PUB_KEY_ID_0114".into(),
    }
}

fn news(what: &str, at: Moment) -> Said<RefundNews> {
    let channel_no = "50300000012026111000000001".to_owned();
    if let Some([code]) = scan("waits with {}", what) {
        return Ok(RefundNews::Waits { code: code.to_owned() });
    }
    if let Some([code]) = scan("is declined with {}", what) {
        return Ok(RefundNews::Declined { code: code.to_owned() });
    }
    match what {
        "is accepted" => Ok(RefundNews::Processing { channel_no }),
        "succeeded" => {
            Ok(RefundNews::Succeeded { channel_no, at, arrived_in: "支付用户零钱".into() })
        }
        "is abnormal" => Ok(RefundNews::Abnormal { channel_no }),
        "is closed" => Ok(RefundNews::Closed { channel_no }),
        "is unknown" => Ok(RefundNews::Unknown),
        _ => Err(format!("a channel does not say “{what}”")),
    }
}
