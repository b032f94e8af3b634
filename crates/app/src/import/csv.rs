//! The order list a small merchant makes in a spreadsheet: a heading in Chinese or English, a
//! row per item, rows of one order next to each other.

mod cells;
mod column;
mod order;
mod rows;
mod text;
mod time;
mod words;
mod yuan;

use crate::import::{
    Parsed,
    encoding::Decoder,
    fault::{
        LineFault,
        file::{FileFlaw, LineFlaw},
        order::OrderFlaw,
        value::ValueFlaw,
    },
    lines::{Lines, without_end},
};
use column::{Column, Layout};
use rows::{Next, Row};
use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

/// Most orders of one file; a spreadsheet has at most 1,048,576 rows. Bounds what is remembered
/// of orders already seen, to 16 bytes each.
const ORDERS_MAX: usize = 1 << 21;

/// Most unreadable lines kept back to see whether an order goes on behind them.
const UNREAD_MAX: usize = 100;

/// What may divide cells.
const DELIMITERS: &[u8] = b",\t;";

/// A row cut into cells.
#[derive(Debug)]
struct Cells {
    line: u64,
    cells: Vec<String>,
}

/// The rows of one order.
#[derive(Debug)]
struct Group {
    key: String,
    first: u64,
    last: u64,
    rows: Vec<Cells>,
    raw: Vec<u8>,
    /// Set once the bytes were too many; nothing of the order is kept from then on.
    is_over: bool,
    fault: Option<LineFault>,
}

/// Reads a CSV file order by order. It holds the rows of one order and a fingerprint of each
/// order seen.
pub(crate) struct Csv {
    lines: Lines,
    decoder: Decoder,
    delimiter: u8,
    layout: Layout,
    header: Vec<u8>,
    group: Option<Group>,
    /// Lines that cannot be read, behind the rows of `group`: if its rows go on behind them, they
    /// may be of the same order, which is then not whole.
    unread: Vec<Parsed>,
    ready: VecDeque<Parsed>,
    seen: HashMap<u64, u64>,
}

impl Csv {
    /// Reads the heading. `mark` is the byte order mark in front of it, or nothing.
    pub(crate) fn open(
        mut lines: Lines,
        mut decoder: Decoder,
        mark: &[u8],
    ) -> Result<Self, LineFault> {
        loop {
            let row = match rows::next(&mut lines, DELIMITERS) {
                Next::Row(row) => row,
                Next::Bad(fault, _) => return Err(fault),
                Next::End => return Err(LineFault::new(1, "", FileFlaw::Empty)),
            };
            let text = decoder
                .decode(without_end(&row.raw))
                .map_err(|flaw| LineFault::new(row.first, "", flaw))?;
            if text.trim().is_empty() {
                continue;
            }
            let (delimiter, cells) = divided(&text);
            let layout = Layout::read(row.first, &cells)?;
            return Ok(Self {
                lines,
                decoder,
                delimiter,
                layout,
                header: [mark, &row.raw].concat(),
                group: None,
                unread: Vec::new(),
                ready: VecDeque::new(),
                seen: HashMap::new(),
            });
        }
    }

    /// The next order, or rows that are none.
    pub(crate) fn next(&mut self) -> Option<Parsed> {
        loop {
            if let Some(parsed) = self.ready.pop_front() {
                return Some(parsed);
            }
            match rows::next(&mut self.lines, &[self.delimiter]) {
                Next::Row(row) => self.row(row),
                Next::Bad(fault, raw) => self.alone(fault, raw),
                Next::End => {
                    self.close();
                    return self.ready.pop_front();
                }
            }
        }
    }

    /// The heading's original bytes, with the byte order mark that tells Excel the encoding.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// Headings that say nothing to us.
    pub(crate) fn ignored(&self) -> &[String] {
        self.layout.ignored()
    }

    pub(crate) const fn lines(&self) -> &Lines {
        &self.lines
    }

    fn row(&mut self, row: Row) {
        let cells = match self.decoder.decode(without_end(&row.raw)) {
            Ok(text) => cells::cut(&text, self.delimiter),
            Err(flaw) => return self.alone(LineFault::new(row.first, "", flaw), row.raw),
        };
        if cells.iter().all(|cell| text::trimmed(cell).is_empty()) {
            return;
        }
        let fault = self.too_wide(row.first, &cells);
        match self.key(&cells) {
            Some(key) if self.group.as_ref().is_some_and(|group| group.key == key) => {}
            None if self.goes_on(&cells) => {}
            key => {
                self.close();
                let fault = key.is_none().then(|| self.nameless(row.first));
                let (key, first) = (key.unwrap_or_default(), row.first);
                self.group = Some(Group {
                    key,
                    first,
                    last: first,
                    rows: Vec::new(),
                    raw: Vec::new(),
                    is_over: false,
                    fault,
                });
            }
        }
        let bytes_max = self.lines.bytes_max();
        if let Some(group) = &mut self.group {
            for unread in self.unread.drain(..) {
                group.take_unread(unread, bytes_max);
            }
            group.push(row, cells, bytes_max);
            group.fault = group.fault.take().or(fault);
        }
    }

    /// The order's id as written; `None` if the cell is blank.
    fn key(&self, cells: &[String]) -> Option<String> {
        let cell = self.layout.place(Column::OrderId).and_then(|place| cells.get(place))?;
        Some(text::plain(cell)).filter(|key| !key.is_empty())
    }

    /// Whether a row without an id belongs to the order above: merged cells are exported so, with
    /// every column of the whole order blank.
    fn goes_on(&self, cells: &[String]) -> bool {
        let blank =
            |place| cells.get(place).is_none_or(|cell: &String| text::trimmed(cell).is_empty());
        self.group.as_ref().is_some_and(|group| !group.key.is_empty())
            && self.layout.of_order().all(blank)
    }

    fn nameless(&self, line: u64) -> LineFault {
        LineFault::new(line, self.layout.heading(Column::OrderId), ValueFlaw::Missing)
    }

    fn too_wide(&self, line: u64, cells: &[String]) -> Option<LineFault> {
        let columns = self.layout.width();
        let beyond = cells.iter().skip(columns).any(|cell| !text::trimmed(cell).is_empty());
        beyond.then(|| LineFault::new(line, "", LineFlaw::TooWide { cells: cells.len(), columns }))
    }

    /// Rejects a line that cannot be read.
    fn alone(&mut self, fault: LineFault, raw: Vec<u8>) {
        let held = self.unread.iter().map(|unread| unread.raw.len());
        let size = held.fold(raw.len(), usize::saturating_add);
        if self.unread.len() >= UNREAD_MAX || size > self.lines.bytes_max() {
            self.close();
        }
        let lines = fault.line..fault.line.saturating_add(1);
        self.unread.push(Parsed { lines, result: Err(fault), raw });
        if self.group.is_none() {
            self.close();
        }
    }

    fn close(&mut self) {
        self.close_group();
        self.ready.extend(self.unread.drain(..));
    }

    fn close_group(&mut self) {
        let Some(mut group) = self.group.take() else { return };
        let fault = group.fault.take().or_else(|| self.remember(&group));
        let result = match fault {
            Some(fault) => Err(fault),
            None => order::facts(&self.layout, &group.rows),
        };
        let lines = group.first..group.last.saturating_add(1);
        self.ready.push_back(Parsed { lines, result, raw: group.raw });
    }

    /// Keeps in mind that this order was seen; the fault if it was seen before.
    fn remember(&mut self, group: &Group) -> Option<LineFault> {
        let mut hasher = DefaultHasher::new();
        group.key.hash(&mut hasher);
        let fingerprint = hasher.finish();
        let heading = self.layout.heading(Column::OrderId);
        if let Some(line) = self.seen.get(&fingerprint) {
            return Some(LineFault::new(group.first, heading, OrderFlaw::Split { line: *line }));
        }
        if self.seen.len() >= ORDERS_MAX {
            return Some(LineFault::new(group.first, heading, OrderFlaw::TooMany(ORDERS_MAX)));
        }
        self.seen.insert(fingerprint, group.first);
        None
    }
}

impl Group {
    /// Takes a line in that cannot be read, from between the rows.
    fn take_unread(&mut self, unread: Parsed, bytes_max: usize) {
        self.fault = self.fault.take().or(unread.result.err());
        self.add_raw(&unread.raw, bytes_max);
    }

    fn push(&mut self, row: Row, cells: Vec<String>, bytes_max: usize) {
        self.last = row.last;
        self.rows.push(Cells { line: row.first, cells });
        self.add_raw(&row.raw, bytes_max);
    }

    /// Keeps the bytes, or none of the order's if they are too many.
    fn add_raw(&mut self, raw: &[u8], bytes_max: usize) {
        if self.raw.len().saturating_add(raw.len()) > bytes_max {
            self.is_over = true;
            let flaw = OrderFlaw::TooLarge(bytes_max);
            self.fault = Some(LineFault::new(self.first, "", flaw));
        }
        if self.is_over {
            self.rows.clear();
            self.raw.clear();
            return;
        }
        self.raw.extend(raw);
        if !raw.is_empty() && !raw.ends_with(b"\n") {
            self.raw.push(b'\n');
        }
    }
}

/// The delimiter by which most headings are known, and the cells it makes.
fn divided(text: &str) -> (u8, Vec<String>) {
    let mut best = (b',', cells::cut(text, b','));
    for delimiter in DELIMITERS {
        let cells = cells::cut(text, *delimiter);
        if Layout::score(&cells) > Layout::score(&best.1) {
            best = (*delimiter, cells);
        }
    }
    best
}

#[cfg(test)]
mod tests;
