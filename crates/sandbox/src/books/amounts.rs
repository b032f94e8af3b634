//! Who pays which part of a refund.
//!
//! WeChat Pay, refund of coupon orders: a partial refund gives the buyer
//! `refund × payer_total ÷ total`, rounded; a full refund gives exactly what was paid. So the last
//! part takes what is left, and parts always add up to the whole.

use serde::{Deserialize, Serialize};

use super::transaction::Transaction;

/// The parts of a refund, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// To the buyer.
    pub payer_refund_fen: i64,
    /// From the merchant before the fee comes back; without coupons that were never settled.
    pub settlement_refund_fen: i64,
    /// The coupon's part.
    pub discount_refund_fen: i64,
    /// WeChat Pay's fee that comes back.
    pub fee_returned_fen: i64,
    /// What the merchant's balance goes down by: settlement less fee.
    pub debited_fen: i64,
}

/// What earlier refunds of the same payment took, all parts summed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    pub refund_fen: i64,
    pub payer_refund_fen: i64,
    pub settlement_refund_fen: i64,
    pub fee_returned_fen: i64,
}

/// The parts of the next refund of this payment.
pub fn shares(
    transaction: &Transaction,
    taken: Taken,
    refund_fen: i64,
    fee_rate_ppm: i64,
) -> Shares {
    let last = taken.refund_fen + refund_fen == transaction.total_fen;
    let part = |whole_fen: i64, taken_fen: i64| {
        let left_fen = whole_fen - taken_fen;
        let fair_fen = rounded(refund_fen, whole_fen, transaction.total_fen);
        if last { left_fen } else { fair_fen.min(left_fen) }
    };
    let settlement_total_fen = transaction.settlement_total_fen();
    let fee_fen = rounded(settlement_total_fen, fee_rate_ppm, 1_000_000);
    let payer_refund_fen = part(transaction.payer_total_fen, taken.payer_refund_fen);
    let settlement_refund_fen = part(settlement_total_fen, taken.settlement_refund_fen);
    let fee_returned_fen = part(fee_fen, taken.fee_returned_fen);
    Shares {
        payer_refund_fen,
        settlement_refund_fen,
        discount_refund_fen: refund_fen - payer_refund_fen,
        fee_returned_fen,
        debited_fen: settlement_refund_fen - fee_returned_fen,
    }
}

/// `a × b ÷ whole`, halves up, without overflow.
fn rounded(a: i64, b: i64, whole: i64) -> i64 {
    let (a, b, whole) = (i128::from(a), i128::from(b), i128::from(whole.max(1)));
    i64::try_from((2 * a * b + whole) / (2 * whole)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(total_fen: i64, payer_total_fen: i64, settled_coupon_fen: i64) -> Transaction {
        let transaction = Transaction::new("4200", "ORDER-1", "1900000001", total_fen);
        Transaction { payer_total_fen, settled_coupon_fen, ..transaction }
    }

    #[test]
    fn the_published_coupon_example_holds() {
        // Order 1000, coupon 300, refund 900: the buyer gets 630.
        let shares = shares(&paid(1000, 700, 0), Taken::default(), 900, 0);

        assert_eq!(shares.payer_refund_fen, 630);
        assert_eq!(shares.discount_refund_fen, 270);
        assert_eq!(shares.settlement_refund_fen, 630);
    }

    #[test]
    fn the_published_fee_example_holds() {
        // Order 100 yuan at 0.6 %, refund 50: the merchant pays 49.70, WeChat Pay gives 0.30 back.
        let shares = shares(&paid(10_000, 10_000, 0), Taken::default(), 5_000, 6_000);

        assert_eq!((shares.debited_fen, shares.fee_returned_fen), (4_970, 30));
        assert_eq!(shares.payer_refund_fen, 5_000);
    }

    #[test]
    fn a_recharged_coupon_comes_out_of_the_settlement() {
        let shares = shares(&paid(1000, 700, 300), Taken::default(), 500, 0);

        assert_eq!((shares.payer_refund_fen, shares.settlement_refund_fen), (350, 500));
    }

    #[test]
    fn parts_always_add_up_to_the_whole() {
        let transaction = paid(100, 67, 11);
        let mut taken = Taken::default();
        for refund_fen in [33, 33, 33, 1] {
            let one = shares(&transaction, taken, refund_fen, 6_000);
            taken.refund_fen += refund_fen;
            taken.payer_refund_fen += one.payer_refund_fen;
            taken.settlement_refund_fen += one.settlement_refund_fen;
            taken.fee_returned_fen += one.fee_returned_fen;
        }

        assert_eq!(taken.payer_refund_fen, 67);
        assert_eq!(taken.settlement_refund_fen, 78);
    }
}
