//! Mutations: what was good, a little wrong. Most of it is still read for a while before it is
//! refused, which reaches deeper than noise.

use crate::stress::dice::Dice;

/// Bytes that have broken readers before.
const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xf0\x28\x8c\xbc",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"[[[[[[[[[[[[",
    b"}",
    b"]",
    b",",
    b"null",
    b"true",
    b"-",
    b"-1",
    b"0",
    b"1e400",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"0.1",
    b"NaN",
    b"%",
    b"%00",
    b"%ff",
    b"&",
    b"=",
    b"..",
    b"../../",
    b"\r\n",
    b"--",
    b";",
    b"'",
    b"<script>",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"2026-02-30T00:00:00Z",
    b"0000-00-00",
    b"+999999999-12-31T23:59:59Z",
    b"${x}",
    b"{x}",
    b"*",
];

/// The same bytes with one to six mutations.
pub fn mutated(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=dice.below(6) {
        mutate(&mut bytes, dice);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let to = (at + dice.below(12)).min(bytes.len());
    match dice.below(7) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => drop(bytes.drain(at..to)),
        2 => {
            let again: Vec<u8> = bytes[at..to].to_vec();
            bytes.splice(at..at, again);
        }
        3 => {
            let odd = dice.one_of(ODD).copied().unwrap_or_default();
            bytes.splice(at..at, odd.iter().copied());
        }
        4 => {
            let odd = dice.one_of(ODD).copied().unwrap_or_default();
            bytes.splice(at..to, odd.iter().copied());
        }
        5 => bytes.truncate(at),
        _ => {
            let piece: Vec<u8> = bytes[at..to].to_vec();
            for _ in 0..dice.below(200) {
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

/// A text, good or a little wrong, as it stands in a path or a query.
pub fn text(good: &str, dice: &mut Dice) -> String {
    if dice.one_in(3) {
        return String::from_utf8_lossy(&mutated(good.as_bytes(), dice)).into_owned();
    }
    good.to_owned()
}
