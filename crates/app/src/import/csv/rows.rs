//! Rows of a CSV file with their line numbers and original bytes. A row whose quotation mark is
//! never closed costs one line, not the rest of the file.

use super::cells::Place;
use crate::import::{
    fault::{LineFault, file::LineFlaw},
    lines::{Line, Lines, Step},
};

/// The most lines that one row may have.
const ROW_LINES_MAX: usize = 100;

/// A row: one line, or several where a cell holds line ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) raw: Vec<u8>,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Next {
    Row(Row),
    /// Bytes that are no row, and why.
    Bad(LineFault, Vec<u8>),
    End,
}

/// The next row, its cells divided by any of `delimiters`.
pub(super) fn next(lines: &mut Lines, delimiters: &[u8]) -> Next {
    let first = match lines.step() {
        Step::Line(line) => line,
        Step::Fault(fault) => return Next::Bad(fault, Vec::new()),
        Step::End => return Next::End,
    };
    let mut place = Place::Start.over(&first.bytes, delimiters);
    if place != Place::Quoted {
        return Next::Row(Row { first: first.number, last: first.number, raw: first.bytes });
    }
    let mut size = first.bytes.len();
    let mut more: Vec<Step> = Vec::new();
    while place == Place::Quoted {
        let step = lines.step();
        let fits = match &step {
            Step::Line(line) => {
                size = size.saturating_add(line.bytes.len());
                place = place.over(&line.bytes, delimiters);
                size <= lines.bytes_max()
            }
            Step::Fault(_) | Step::End => false,
        };
        more.push(step);
        if !fits || more.len() > ROW_LINES_MAX {
            lines.put_back(more);
            let fault = LineFault::new(first.number, "", LineFlaw::QuoteOpen);
            return Next::Bad(fault, first.bytes);
        }
    }
    Next::Row(joined(first, more))
}

fn joined(first: Line, more: Vec<Step>) -> Row {
    let mut row = Row { first: first.number, last: first.number, raw: first.bytes };
    for step in more {
        if let Step::Line(line) = step {
            row.last = line.number;
            row.raw.extend(line.bytes);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::{Next, Row, next};
    use crate::import::lines::Lines;

    fn rows(bytes: &'static [u8], max: usize) -> Vec<String> {
        let (mut lines, _) = Lines::open(Box::new(bytes), max).unwrap();
        let mut out = Vec::new();
        loop {
            match next(&mut lines, b",") {
                Next::Row(Row { first, last, raw }) => {
                    out.push(format!("{first}-{last} {}", String::from_utf8_lossy(&raw)));
                }
                Next::Bad(fault, _) => out.push(format!("{} {}", fault.line, fault.code)),
                Next::End => return out,
            }
        }
    }

    #[test]
    fn a_row_may_have_several_lines() {
        assert_eq!(rows(b"a,\"b\nc\"\nd\n", 99), ["1-2 a,\"b\nc\"\n", "3-3 d\n"]);
    }

    #[test]
    fn an_open_quotation_mark_costs_one_line() {
        let want = ["1 import_quote_open", "2-2 b\n", "3-3 c"];
        assert_eq!(rows(b"a,\"x\nb\nc", 99), want);
        assert_eq!(rows(b"a,\"x\nb\nc", 6), want);
    }
}
