//! Names in columns are the names in JSON, so that one search finds both.

use domain::{
    actor::Side,
    application::{CaseType, Fault},
    case::Outcome,
};
use engine::ports::StoreFault;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error},
};

pub(crate) const fn side(side: Side) -> &'static str {
    match side {
        Side::Buyer => "buyer",
        Side::Merchant => "merchant",
        Side::Platform => "platform",
        Side::System => "system",
    }
}

pub(crate) const fn case_type(case_type: CaseType) -> &'static str {
    match case_type {
        CaseType::RefundOnly => "refund_only",
        CaseType::ReturnAndRefund => "return_and_refund",
        CaseType::Exchange => "exchange",
        CaseType::ShippingFee => "shipping_fee",
        CaseType::PriceDifference => "price_difference",
        CaseType::Cancellation => "cancellation",
    }
}

pub(crate) const fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Seller => "seller",
        Fault::Carrier => "carrier",
        Fault::Buyer => "buyer",
    }
}

pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refunded => "refunded",
        Outcome::Exchanged => "exchanged",
        Outcome::Withdrawn => "withdrawn",
        Outcome::Rejected => "rejected",
        Outcome::RuledForMerchant => "ruled_for_merchant",
        Outcome::NotReturned => "not_returned",
    }
}

/// Reads a name by the JSON names of its type.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    column: &str,
    name: &'de str,
) -> Result<T, StoreFault> {
    let deserializer = IntoDeserializer::<Error>::into_deserializer(name);
    T::deserialize(deserializer)
        .map_err(|error| StoreFault::Broken(format!("read column {column}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::{case_type, fault, outcome, read, side};
    use domain::{
        actor::Side,
        application::{CaseType, Fault},
        case::Outcome,
    };
    use engine::figures::{Decided, Refusing, Ruled};

    #[test]
    fn a_name_in_a_column_is_the_name_in_json() {
        for value in [Side::Buyer, Side::Merchant, Side::Platform, Side::System] {
            assert_eq!(read::<Side>("waits_for", side(value)).unwrap(), value);
        }
        for value in [
            CaseType::RefundOnly,
            CaseType::ReturnAndRefund,
            CaseType::Exchange,
            CaseType::ShippingFee,
            CaseType::PriceDifference,
            CaseType::Cancellation,
        ] {
            assert_eq!(read::<CaseType>("case_type", case_type(value)).unwrap(), value);
        }
    }

    #[test]
    fn names_of_figures_are_those_in_json_too() {
        for value in [Fault::Seller, Fault::Carrier, Fault::Buyer] {
            assert_eq!(read::<Fault>("fault", fault(value)).unwrap(), value);
        }
        for value in [
            Outcome::Refunded,
            Outcome::Exchanged,
            Outcome::Withdrawn,
            Outcome::Rejected,
            Outcome::RuledForMerchant,
            Outcome::NotReturned,
        ] {
            assert_eq!(read::<Outcome>("outcome", outcome(value)).unwrap(), value);
        }
        for value in [Decided::Merchant, Decided::Deadline, Decided::FastLane, Decided::Ruling] {
            assert_eq!(read::<Decided>("decided", value.as_str()).unwrap(), value);
        }
        for value in [Ruled::ForBuyer, Ruled::ForMerchant] {
            assert_eq!(read::<Ruled>("ruled", value.as_str()).unwrap(), value);
        }
        for value in [Refusing::Never, Refusing::Refused, Refusing::Wrongly] {
            assert_eq!(read::<Refusing>("refusing", value.as_str()).unwrap(), value);
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_its_column() {
        let fault = read::<Side>("waits_for", "nobody").unwrap_err().to_string();
        assert!(fault.contains("waits_for") && fault.contains("nobody"), "{fault}");
    }
}
