//! Brings orders in: answers of WeChat Stores, our own JSON lines, a merchant's spreadsheet.
//!
//! [`Source`] reads any of them order by order, in bounded memory and without a database;
//! [`run::run`] carries what it reads to a [`run::Sink`] and what it cannot read to a reject
//! file, which can be corrected and imported again.

mod csv;
pub mod encoding;
pub mod fault;
mod json;
mod jsonl;
mod lines;
pub mod progress;
pub mod reject;
pub mod report;
pub mod run;
mod wechat;

use crate::import::{
    csv::Csv,
    encoding::{BYTE_ORDER_MARK, Decoder, Encoding},
    fault::{Flaw, LineFault},
    lines::{LINE_BYTES_MAX, Lines, Step, without_end},
};
use domain::facts::Facts;
use std::{io::BufRead, ops::Range, str::FromStr};

/// Which form the caller says a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// To be found out.
    #[default]
    Auto,
    /// Answers of `/channels/ec/order/get`, one a line.
    Wechat,
    /// Our own JSON, one order a line.
    Jsonl,
    /// A spreadsheet's order list.
    Csv,
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "auto" => Ok(Self::Auto),
            "wechat" => Ok(Self::Wechat),
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            _ => Err("one of auto, wechat, jsonl, csv"),
        }
    }
}

/// What was read of some lines: an order, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The lines of the file, counted from 1, the end excluded.
    pub lines: Range<u64>,
    /// The facts, checked.
    pub result: Result<Box<Facts>, LineFault>,
    /// The original bytes of the lines; empty if they were too many to keep.
    pub raw: Vec<u8>,
}

/// A file of orders.
pub struct Source {
    reader: Reader,
    format: Format,
}

enum Reader {
    Json(JsonLines),
    Csv(Box<Csv>),
}

struct JsonLines {
    lines: Lines,
    decoder: Decoder,
    facts: fn(&str) -> Result<Box<Facts>, Flaw>,
}

impl Source {
    /// Looks at the beginning of an input and reads the heading, if it has one.
    ///
    /// # Errors
    /// [`LineFault`] if it is no list of orders.
    pub fn open(
        input: Box<dyn BufRead + Send>,
        format: Format,
        encoding: Encoding,
    ) -> Result<Self, LineFault> {
        Self::limited(input, format, encoding, LINE_BYTES_MAX)
    }

    fn limited(
        input: Box<dyn BufRead + Send>,
        format: Format,
        encoding: Encoding,
        bytes_max: usize,
    ) -> Result<Self, LineFault> {
        let (mut lines, head) = Lines::open(input, bytes_max)?;
        let decoder = Decoder::sniff(encoding, &head)?;
        let mark = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { &[] };
        lines.skip_start(mark.len());
        let format = found(format, head.get(mark.len()..).unwrap_or_default());
        let reader = match format {
            Format::Wechat => Reader::Json(JsonLines { lines, decoder, facts: wechat::facts }),
            Format::Jsonl => Reader::Json(JsonLines { lines, decoder, facts: jsonl::facts }),
            Format::Auto | Format::Csv => Reader::Csv(Box::new(Csv::open(lines, decoder, mark)?)),
        };
        Ok(Self { reader, format })
    }

    /// The form of the file, told or found.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The original bytes of the heading; empty for forms without one.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        match &self.reader {
            Reader::Json(_) => &[],
            Reader::Csv(csv) => csv.header(),
        }
    }

    /// Columns that are not known and so were not read.
    #[must_use]
    pub fn ignored_columns(&self) -> &[String] {
        match &self.reader {
            Reader::Json(_) => &[],
            Reader::Csv(csv) => csv.ignored(),
        }
    }

    /// How many bytes were read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        match &self.reader {
            Reader::Json(json) => json.lines.bytes(),
            Reader::Csv(csv) => csv.lines().bytes(),
        }
    }
}

impl Iterator for Source {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        match &mut self.reader {
            Reader::Json(json) => json.next(),
            Reader::Csv(csv) => csv.next(),
        }
    }
}

impl JsonLines {
    fn next(&mut self) -> Option<Parsed> {
        loop {
            match self.lines.step() {
                Step::End => return None,
                Step::Fault(fault) => {
                    let lines = fault.line..fault.line.saturating_add(1);
                    return Some(Parsed { lines, result: Err(fault), raw: Vec::new() });
                }
                Step::Line(line) if line.bytes.iter().all(u8::is_ascii_whitespace) => {}
                Step::Line(line) => {
                    let text = self.decoder.decode(without_end(&line.bytes));
                    let result = match text {
                        Ok(text) => (self.facts)(&text).map_err(|flaw| flaw.on(line.number)),
                        Err(flaw) => Err(LineFault::new(line.number, "", flaw)),
                    };
                    let lines = line.number..line.number.saturating_add(1);
                    return Some(Parsed { lines, result, raw: line.bytes });
                }
            }
        }
    }
}

/// JSON begins with a brace; WeChat's has `order_detail` within its first line, ours never.
fn found(told: Format, head: &[u8]) -> Format {
    let start = head.trim_ascii_start();
    match told {
        Format::Wechat | Format::Jsonl | Format::Csv => told,
        Format::Auto if !start.starts_with(b"{") && !start.starts_with(b"[") => Format::Csv,
        Format::Auto => {
            let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let has = |key: &[u8]| line.windows(key.len()).any(|window| window == key);
            let is_wechat = has(b"\"order_detail\"") || has(b"\"errcode\"");
            if is_wechat { Format::Wechat } else { Format::Jsonl }
        }
    }
}

#[cfg(test)]
mod tests;
