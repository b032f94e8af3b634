//! Names in columns are the names in JSON, so that one search finds both.

use domain::{actor::Side, application::CaseType};
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
    use super::{case_type, read, side};
    use domain::{actor::Side, application::CaseType};

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
    fn an_unknown_name_is_told_with_its_column() {
        let fault = read::<Side>("waits_for", "nobody").unwrap_err().to_string();
        assert!(fault.contains("waits_for") && fault.contains("nobody"), "{fault}");
    }
}
