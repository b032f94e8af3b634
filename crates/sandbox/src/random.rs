//! Nonces and numbers that look like WeChat Pay's.

use aws_lc_rs::rand;

use crate::clock::yyyymmdd;

const LETTERS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Random bytes; the system's source failing leaves zeros, which a sandbox survives.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    let _filled = rand::fill(&mut out);
    out
}

/// Letters and digits, as in the nonces of notices.
pub(crate) fn letters<const N: usize>() -> String {
    pick(bytes::<N>(), LETTERS)
}

/// Lower-case hexadecimal digits, as in the nonces of answers.
pub(crate) fn hex<const N: usize>() -> String {
    pick(bytes::<N>(), b"0123456789abcdef")
}

fn digits<const N: usize>() -> String {
    pick(bytes::<N>(), b"0123456789")
}

fn pick<const N: usize>(random: [u8; N], from: &[u8]) -> String {
    let one = |byte: u8| from.iter().cycle().nth(usize::from(byte)).copied().map(char::from);
    random.into_iter().filter_map(one).collect()
}

/// A version-5 UUID, the form the ids of real notices have.
pub(crate) fn uuid5() -> String {
    let mut raw = bytes::<16>();
    raw[6] = (raw[6] & 0x0f) | 0x50;
    raw[8] = (raw[8] & 0x3f) | 0x80;
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// 29 digits: `50`, eight digits, the day, eleven digits.
pub(crate) fn refund_id(at_ms: i64) -> String {
    format!("50{}{}{}", digits::<8>(), yyyymmdd(at_ms), digits::<11>())
}

/// 28 digits: `4200`, six digits, the day, ten digits.
pub(crate) fn transaction_id(at_ms: i64) -> String {
    format!("4200{}{}{}", digits::<6>(), yyyymmdd(at_ms), digits::<10>())
}

/// `<hexadecimal>-<number>`; the number is 0 for a success.
pub(crate) fn request_id(number: u32) -> String {
    format!("08{}-{number}", hex::<38>().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_lengths_seen_in_the_wild() {
        assert_eq!(refund_id(0).len(), 29);
        assert_eq!(transaction_id(0).len(), 28);
        assert_eq!(uuid5().len(), 36);
        assert_eq!(&uuid5()[14..15], "5");
        assert_eq!(letters::<32>().len(), 32);
        assert_ne!(letters::<32>(), letters::<32>());
    }
}
