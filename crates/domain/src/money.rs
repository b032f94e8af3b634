//! Money: integer minor units with a currency, checked at every step.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The largest amount the system handles, in minor units (100 billion yuan in fen). Sums over
/// any list the system accepts stay far inside `i64`.
pub const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000;

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi; its minor unit is the fen.
    pub const CNY: Self = Self(*b"CNY");

    /// Reads three capital letters.
    ///
    /// # Errors
    /// [`MoneyError::Currency`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => {
                Ok(Self([*a, *b, *c]))
            }
            _ => Err(MoneyError::Currency),
        }
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Larger than [`AMOUNT_MINOR_MAX`] or negative where it may not be.
    #[error("amount out of range")]
    Range,
    /// Not three capital letters.
    #[error("not an ISO 4217 currency code")]
    Currency,
    /// Two amounts of different currencies met.
    #[error("amounts of different currencies")]
    Mixed,
}

/// An amount of one currency; never negative, never above [`AMOUNT_MINOR_MAX`].
///
/// ```
/// use domain::money::Money;
/// let price = Money::cny(12_345)?;
/// assert_eq!(price.plus(Money::cny(55)?)?.minor(), 12_400);
/// # Ok::<(), domain::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Money {
    #[serde(rename = "amount_minor")]
    minor: i64,
    currency: Currency,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyFields {
    amount_minor: i64,
    currency: Currency,
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = MoneyFields::deserialize(deserializer)?;
        Self::new(fields.amount_minor, fields.currency).map_err(serde::de::Error::custom)
    }
}

impl Money {
    /// # Errors
    /// [`MoneyError::Range`] if negative or above [`AMOUNT_MINOR_MAX`].
    pub fn new(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if (0..=AMOUNT_MINOR_MAX).contains(&minor) {
            Ok(Self { minor, currency })
        } else {
            Err(MoneyError::Range)
        }
    }

    /// Renminbi, in fen.
    ///
    /// # Errors
    /// As [`Money::new`].
    pub fn cny(fen: i64) -> Result<Self, MoneyError> {
        Self::new(fen, Currency::CNY)
    }

    /// Nothing, of a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] or [`MoneyError::Range`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::new(self.minor.checked_add(other.minor).ok_or(MoneyError::Range)?, self.currency)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`], or [`MoneyError::Range`] if `other` is larger.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::new(self.minor.checked_sub(other.minor).ok_or(MoneyError::Range)?, self.currency)
    }

    /// The difference, or nothing where `other` is larger.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`].
    pub fn minus_at_most(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        if other.minor >= self.minor { Ok(Self::zero(self.currency)) } else { self.minus(other) }
    }

    /// `self × count`.
    ///
    /// # Errors
    /// [`MoneyError::Range`].
    pub fn times(self, count: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(count)).ok_or(MoneyError::Range)?;
        Self::new(minor, self.currency)
    }

    /// `self × numerator / denominator`, rounded down; nothing for a denominator of zero.
    ///
    /// # Errors
    /// [`MoneyError::Range`].
    pub fn share(self, numerator: i64, denominator: i64) -> Result<Self, MoneyError> {
        if denominator == 0 {
            return Ok(Self::zero(self.currency));
        }
        let product =
            i128::from(self.minor).checked_mul(i128::from(numerator)).ok_or(MoneyError::Range)?;
        let quotient = product.checked_div(i128::from(denominator)).ok_or(MoneyError::Range)?;
        Self::new(i64::try_from(quotient).map_err(|_| MoneyError::Range)?, self.currency)
    }

    /// The smaller of two.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`].
    pub fn at_most(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(if other.minor < self.minor { other } else { self })
    }

    /// Whether it is more than another of the same currency; false for another currency.
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        self.currency == other.currency && self.minor > other.minor
    }

    /// The sum of a list.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] or [`MoneyError::Range`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Splits this amount over weights, to the last minor unit, by largest remainder; the parts
    /// add up to exactly this amount. With no positive weight the first part takes everything.
    ///
    /// # Errors
    /// [`MoneyError::Range`] for negative weights or an overflow.
    pub fn split(self, weights: &[i64]) -> Result<Vec<Self>, MoneyError> {
        let minors = split_minor(self.minor, weights)?;
        minors.into_iter().map(|minor| Self::new(minor, self.currency)).collect()
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::Mixed) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} {}", self.minor / 100, self.minor % 100, self.currency)
    }
}

fn split_minor(total: i64, weights: &[i64]) -> Result<Vec<i64>, MoneyError> {
    if weights.iter().any(|weight| *weight < 0) {
        return Err(MoneyError::Range);
    }
    let weight_sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if weight_sum == 0 {
        let rest = weights.iter().skip(1).map(|_| 0);
        return Ok(weights.iter().take(1).map(|_| total).chain(rest).collect());
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut given: i64 = 0;
    for (index, weight) in weights.iter().enumerate() {
        let product =
            i128::from(total).checked_mul(i128::from(*weight)).ok_or(MoneyError::Range)?;
        let floor = i64::try_from(product / weight_sum).map_err(|_| MoneyError::Range)?;
        given = given.checked_add(floor).ok_or(MoneyError::Range)?;
        parts.push((index, floor, product % weight_sum));
    }
    let mut left = total.checked_sub(given).ok_or(MoneyError::Range)?;
    parts.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
    for part in &mut parts {
        if left > 0 {
            part.1 = part.1.checked_add(1).ok_or(MoneyError::Range)?;
            left = left.saturating_sub(1);
        }
    }
    parts.sort_by_key(|part| part.0);
    Ok(parts.into_iter().map(|part| part.1).collect())
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money, MoneyError};
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    #[test]
    fn two_currencies_do_not_mix() {
        let usd = Money::new(1, Currency::parse("USD").unwrap()).unwrap();
        assert_eq!(Money::cny(1).unwrap().plus(usd), Err(MoneyError::Mixed));
    }

    #[test]
    fn an_unknown_key_or_a_float_is_refused() {
        for text in [
            r#"{"amount_minor":1,"currency":"CNY","x":1}"#,
            r#"{"amount_minor":1.5,"currency":"CNY"}"#,
            r#"{"amount_minor":-1,"currency":"CNY"}"#,
            r#"{"amount_minor":1,"currency":"cny"}"#,
            r#"{"amount_minor":99999999999999,"currency":"CNY"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_split_adds_up_and_is_fair(
            total in 0i64..1_000_000_000, weights in prop::collection::vec(0i64..1_000_000, 1..12)
        ) {
            let parts = Money::cny(total).unwrap().split(&weights).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.minor()).sum::<i64>(), total);
            let weight_sum: i64 = weights.iter().sum();
            if weight_sum > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight) / i128::from(weight_sum);
                    prop_assert!(i128::from(part.minor()) - exact <= 1);
                    prop_assert!(i128::from(part.minor()) >= exact);
                }
            }
        }

        #[test]
        fn arithmetic_never_panics(a in any::<i64>(), b in any::<i64>(), n in any::<u32>()) {
            if let (Ok(a), Ok(b)) = (Money::cny(a), Money::cny(b)) {
                let _ = (a.plus(b), a.minus(b), a.times(n), a.share(b.minor(), 7), a.at_most(b));
            }
        }
    }
}
