//! Lines of any input, each with its number and its original bytes, none longer than a limit.

use crate::import::fault::{
    LineFault,
    file::{FileFlaw, LineFlaw},
};
use std::{
    collections::VecDeque,
    io::{BufRead, Cursor, Read},
};

/// The longest line, or row of several lines, or order of several rows, in bytes (1 MiB).
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// How much of the beginning is looked at to tell format and encoding, in bytes.
const HEAD_BYTES_MAX: u64 = 64 << 10;

/// One line with its terminator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    Line(Line),
    /// A line that was skipped because it is too long, or the end of a broken input.
    Fault(LineFault),
    End,
}

/// A reader of lines. It holds at most one line and what was put back.
pub(crate) struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
    bytes: u64,
    bytes_max: usize,
    back: VecDeque<Step>,
    broken: bool,
}

impl Lines {
    /// Takes the input; returns also a copy of its beginning, which will still be read.
    pub(crate) fn open(
        mut reader: Box<dyn BufRead + Send>,
        bytes_max: usize,
    ) -> Result<(Self, Vec<u8>), LineFault> {
        let mut head = Vec::new();
        (&mut reader)
            .take(HEAD_BYTES_MAX)
            .read_to_end(&mut head)
            .map_err(|error| LineFault::new(1, "", FileFlaw::Read(error.to_string())))?;
        let reader = Box::new(Cursor::new(head.clone()).chain(reader));
        let back = VecDeque::new();
        Ok((Self { reader, number: 0, bytes: 0, bytes_max, back, broken: false }, head))
    }

    /// The next line.
    pub(crate) fn step(&mut self) -> Step {
        if let Some(step) = self.back.pop_front() {
            return step;
        }
        if self.broken {
            return Step::End;
        }
        self.number = self.number.saturating_add(1);
        let number = self.number;
        self.read().unwrap_or_else(|error| {
            self.broken = true;
            Step::Fault(LineFault::new(number, "", FileFlaw::Read(error.to_string())))
        })
    }

    /// Puts lines back, to be read again in this order.
    pub(crate) fn put_back(&mut self, steps: Vec<Step>) {
        for step in steps.into_iter().rev() {
            self.back.push_front(step);
        }
    }

    /// Drops that many bytes from the start of the input: a byte order mark.
    pub(crate) fn skip_start(&mut self, count: usize) {
        self.reader.consume(count);
        self.count_bytes(count);
    }

    /// How many bytes were read so far.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The limit of a line.
    pub(crate) const fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    fn read(&mut self) -> std::io::Result<Step> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(self.bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        let count = (&mut self.reader).take(limit).read_until(b'\n', &mut bytes)?;
        self.count_bytes(count);
        if count == 0 {
            return Ok(Step::End);
        }
        if count > self.bytes_max {
            if !bytes.ends_with(b"\n") {
                let skipped = self.reader.skip_until(b'\n')?;
                self.count_bytes(skipped);
            }
            let flaw = LineFlaw::TooLong(self.bytes_max);
            return Ok(Step::Fault(LineFault::new(self.number, "", flaw)));
        }
        Ok(Step::Line(Line { number: self.number, bytes }))
    }

    fn count_bytes(&mut self, count: usize) {
        self.bytes = self.bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

/// A line without its terminator, `\n` or `\r\n`.
pub(crate) fn without_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Lines, Step, without_end};
    use std::io::{BufReader, Read, repeat};

    fn steps(bytes: &'static [u8], max: usize) -> Vec<String> {
        let (mut lines, _) = Lines::open(Box::new(bytes), max).unwrap();
        let mut out = Vec::new();
        loop {
            match lines.step() {
                Step::Line(line) => {
                    let text = String::from_utf8_lossy(without_end(&line.bytes)).into_owned();
                    out.push(format!("{} {text}", line.number));
                }
                Step::Fault(fault) => out.push(format!("{} {}", fault.line, fault.code)),
                Step::End => return out,
            }
        }
    }

    #[test]
    fn lines_are_numbered_whatever_their_ends() {
        assert_eq!(steps(b"a\r\nb\n\nc", 9), ["1 a", "2 b", "3 ", "4 c"]);
    }

    #[test]
    fn a_long_line_is_skipped_and_the_next_is_read() {
        assert_eq!(steps(b"abcdefgh\nok\n", 4), ["1 import_line_too_long", "2 ok"]);
        assert_eq!(steps(b"abc\nabcd\nok", 4), ["1 abc", "2 import_line_too_long", "3 ok"]);
    }

    #[test]
    fn an_endless_line_takes_no_memory() {
        let endless = BufReader::new(repeat(b'x').take(256 << 20));
        let (mut lines, _) = Lines::open(Box::new(endless), 1 << 10).unwrap();
        assert!(matches!(lines.step(), Step::Fault(_)));
        assert!(matches!(lines.step(), Step::End));
        assert_eq!(lines.bytes(), 256 << 20);
    }

    #[test]
    fn a_broken_input_says_so_once() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("cable pulled"))
            }
        }
        let begin: &[u8] = &[b'a'; 70 << 10];
        let input = BufReader::new(begin.chain(Broken));
        let (mut lines, _) = Lines::open(Box::new(input), 1 << 20).unwrap();
        let Step::Fault(fault) = lines.step() else { panic!("no fault") };
        assert!(fault.ends_input() && fault.en.contains("cable pulled"));
        assert!(matches!(lines.step(), Step::End));
    }
}
