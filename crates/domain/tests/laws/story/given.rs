//! What stories are given: an order line by line, and how shop and buyer stand.

use super::{
    Line,
    scan::{Said, count, money, quoted, scan, split, time, word},
};
use crate::laws::world::World;
use domain::{
    facts::{Acceptance, Coupon, Facts, Item, Progress, Shipment, Tender},
    id::TransactionId,
    moment::Moment,
    money::{Currency, Money},
    policy::Policy,
};
use std::sync::Arc;

/// `order 3700001 of buyer oBUYER, completed, placed on 2026-11-01 09:58`, without its details.
pub fn order(text: &str) -> Option<Said<Facts>> {
    let [order_id, buyer_id, progress, placed] =
        scan("order {} of buyer {}, {}, placed on {}", text)?;
    Some((|| {
        Ok(Facts {
            order_id: word(order_id)?,
            buyer_id: word(buyer_id)?,
            currency: Currency::CNY,
            placed_at: time(placed)?,
            progress: word::<Progress>(progress)?,
            items: Vec::new(),
            freight: money("0.00")?,
            coupons: Vec::new(),
            tenders: Vec::new(),
            shipments: Vec::new(),
            signed_at: None,
        })
    })())
}

/// One detail of an order; a line about an item or a payment already there takes its place.
pub fn detail(facts: &mut Facts, line: &Line) -> Said<()> {
    let text = line.text.as_str();
    if let Some([amount]) = scan("freight {}", text) {
        facts.freight = money(amount)?;
    } else if let Some([name, amount]) = scan("coupon \"{}\" {}", text) {
        facts.coupons.push(Coupon { name: name.to_owned(), amount: money(amount)? });
    } else if let Some([at]) = scan("signed on {}", text) {
        facts.signed_at = Some(time(at)?);
    } else if let Some([progress]) = scan("now {}", text) {
        facts.progress = word(progress)?;
    } else if let Some([buyer_id]) = scan("bought by {}", text) {
        facts.buyer_id = word(buyer_id)?;
    } else if let Some([amount, channel, account, id, at]) =
        scan("paid {} by {} {} as {} on {}", text)
    {
        let transaction_id: TransactionId = word(id)?;
        facts.tenders.retain(|tender| tender.transaction_id != transaction_id);
        let (channel, account) = (word(channel)?, word(account)?);
        let (amount, paid_at) = (money(amount)?, time(at)?);
        facts.tenders.push(Tender { transaction_id, channel, account, amount, paid_at });
    } else if let Some([parcel, at]) = scan("sent by {} on {}", text) {
        let [carrier, waybill] = scan("{} {}", parcel).ok_or("carrier and waybill")?;
        let (at, report) = quoted(at);
        let at = at.strip_suffix(", quality report").unwrap_or(at);
        facts.shipments.push(Shipment {
            carrier: carrier.to_owned(),
            waybill: waybill.to_owned(),
            shipped_at: time(at)?,
            quality_report: Some(report).filter(|report| !report.is_empty()),
        });
    } else if let Some([quantity, item, title, rest]) = scan("{} × {} \"{}\" {}", text) {
        let item = goods(quantity, item, title, rest)?;
        facts.items.retain(|other| other.item_id != item.item_id);
        facts.items.push(item);
    } else {
        return Err(format!("an order does not have “{text}”"));
    }
    Ok(())
}

/// `ordinary at 59.00, less 5.00, duty 9.10, activated on …, clause accepted on …`.
fn goods(quantity: &str, item: &str, title: &str, rest: &str) -> Said<Item> {
    let parts = split(rest, ", ");
    let (first, more) = parts.split_first().ok_or("an item needs a category and a price")?;
    let [category, price] = scan("{} at {}", first).ok_or("an item is “ordinary at 59.00”")?;
    let mut item = Item {
        item_id: word(item)?,
        sku: None,
        title: title.to_owned(),
        category: word(category)?,
        unit_price: money(price)?,
        quantity: count(quantity)?,
        discount: None,
        duty: None,
        activated_at: None,
        clause_accepted: None,
        seven_day_right: None,
        batch: None,
    };
    for part in more {
        if let Some([amount]) = scan("less {}", part) {
            item.discount = Some(money(amount)?);
        } else if let Some([amount]) = scan("duty {}", part) {
            item.duty = Some(money(amount)?);
        } else if let Some([at]) = scan("activated on {}", part) {
            item.activated_at = Some(time(at)?);
        } else if let Some([at]) = scan("clause accepted on {}", part) {
            let clause = "定制商品，非质量问题不退不换".to_owned();
            item.clause_accepted = Some(Acceptance { clause, accepted_at: time(at)? });
        } else if let Some([sku, batch]) = scan("stock number {} of batch {}", part) {
            item.sku = Some(sku.to_owned());
            item.batch = Some(batch.to_owned());
        } else if *part == "with the seven-day right" {
            item.seven_day_right = Some(true);
        } else if *part == "without the seven-day right" {
            item.seven_day_right = Some(false);
        } else {
            return Err(format!("an item does not have “{part}”"));
        }
    }
    Ok(item)
}

/// The last time an order knows of: when the shop told of it.
pub fn told_at(facts: &Facts) -> Moment {
    let paid = facts.tenders.iter().map(|tender| tender.paid_at);
    let sent = facts.shipments.iter().map(|shipment| shipment.shipped_at);
    let last = paid.chain(sent).chain(facts.signed_at).max();
    last.map_or(facts.placed_at, |last| last.max(facts.placed_at))
}

/// How shop and buyer stand, and which rules are in force.
pub fn standing(world: &mut World, text: &str) -> Said<()> {
    if text == "the shop's account is not verified" {
        world.shop.account_verified = false;
    } else if text == "the shop's account is verified" {
        world.shop.account_verified = true;
    } else if let Some([limit]) = scan("decisions above {} need a second person", text) {
        world.shop.approval_limit = Some(money(limit)?);
    } else if let Some([amount]) = scan("{} was refunded to the buyer this year", text) {
        world.before.refunded_this_year = money(amount)?;
    } else if let Some([cases]) = scan("the buyer opened {} cases lately", text) {
        world.before.cases_in_window = count(cases)?;
    } else if let Some([until]) = scan("a reviewer lifted the restriction until {}", text) {
        world.before.restriction_lifted_until = Some(time(until)?);
    } else if let Some([amount]) = scan("the fast lane is open up to {}", text) {
        let lane = fen(money(amount)?, "amount_minor");
        revise(world, &[("enabled = false", "enabled = true"), ("amount_minor = 2_000", &lane)])?;
    } else if let Some([amount]) = scan("at most {} a year", text) {
        let yearly = fen(money(amount)?, "yearly_minor");
        revise(world, &[("yearly_minor = 50_000_000", &yearly)])?;
    } else if let Some([offers]) = scan("at most {} offers a case", text) {
        revise(world, &[("offers = 5", &format!("offers = {offers}"))])?;
    } else {
        return Err(format!("nothing is known of “{text}”"));
    }
    Ok(())
}

fn fen(amount: Money, key: &str) -> String {
    format!("{key} = {}", amount.minor())
}

/// The policy in force with some of its lines changed.
pub fn revise(world: &mut World, changes: &[(&str, &str)]) -> Said<()> {
    let mut source = world.policy.source().to_owned();
    for (from, to) in changes {
        if !source.contains(from) {
            return Err(format!("the policy does not say “{from}”"));
        }
        source = source.replacen(from, to, 1);
    }
    let policy = Policy::parse(&source).map_err(|mistakes| format!("{mistakes:?}"))?;
    world.policy = Arc::new(policy);
    Ok(())
}
