//! How many there are, as far as that is counted.

use engine::figures::OPEN_COUNTED_MAX;
use std::fmt;

/// A number of open cases, which says `999+` for whatever was not counted to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(u64);

impl Count {
    /// The sum of parts, each counted up to the limit.
    #[must_use]
    pub fn of(parts: impl Iterator<Item = u64>) -> Self {
        Self(parts.sum())
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = u64::from(OPEN_COUNTED_MAX).saturating_sub(1);
        if self.0 > counted { write!(f, "{counted}+") } else { write!(f, "{}", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn small_numbers_are_exact_and_large_ones_say_so() {
        let said = |parts: &[u64]| Count::of(parts.iter().copied()).to_string();
        assert_eq!(said(&[]), "0");
        assert_eq!(said(&[999]), "999");
        assert_eq!(said(&[1_000]), "999+");
        assert_eq!(said(&[998, 1]), "999");
        assert_eq!(said(&[600, 600]), "999+");
    }
}
