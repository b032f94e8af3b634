//! Cuts a row into cells (RFC 4180): a cell in quotation marks may hold delimiters and line ends.
//!
//! The `csv` library reads a file as one stream and grows a record without limit when a quotation
//! mark is never closed. Here rows are put together line by line under a limit, and their
//! original bytes are kept for the reject file; a property test holds both readers equal.

/// The byte before and after a cell that holds delimiters.
const QUOTE: u8 = b'"';

/// Where a scan of a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At the first byte of a cell.
    Start,
    /// In a cell without quotation marks, or behind the closing one.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark that closes, or begins a doubled one.
    Closing,
}

impl Place {
    /// The place behind one more byte.
    pub(super) fn after(self, byte: u8, delimiters: &[u8]) -> Self {
        match (self, byte) {
            (Self::Start, QUOTE) | (Self::Closing, QUOTE) => Self::Quoted,
            (Self::Quoted, QUOTE) => Self::Closing,
            (Self::Quoted, _) => Self::Quoted,
            (Self::Start | Self::Plain | Self::Closing, byte) if delimiters.contains(&byte) => {
                Self::Start
            }
            (Self::Start | Self::Plain | Self::Closing, _) => Self::Plain,
        }
    }

    /// The place behind these bytes.
    pub(super) fn over(self, bytes: &[u8], delimiters: &[u8]) -> Self {
        bytes.iter().fold(self, |place, byte| place.after(*byte, delimiters))
    }
}

/// The cells of a whole row without its line end.
pub(super) fn cut(row: &str, delimiter: u8) -> Vec<String> {
    let delimiters = [delimiter];
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut place = Place::Start;
    let mut from = 0;
    for (at, byte) in row.bytes().enumerate() {
        let next = place.after(byte, &delimiters);
        let is_cut = next == Place::Start;
        let opens = place == Place::Start && next == Place::Quoted;
        let closes = place == Place::Quoted && next == Place::Closing;
        if is_cut || opens || closes {
            cell.push_str(row.get(from..at).unwrap_or_default());
            from = at.saturating_add(1);
        }
        if is_cut {
            cells.push(std::mem::take(&mut cell));
        }
        place = next;
    }
    cell.push_str(row.get(from..).unwrap_or_default());
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::{Place, cut};
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    #[test]
    fn cells_may_hold_delimiters_quotes_and_line_ends() {
        assert_eq!(cut("a,,c", b','), ["a", "", "c"]);
        assert_eq!(cut("\"1,234.50\",\"5\"\" 屏\"", b','), ["1,234.50", "5\" 屏"]);
        assert_eq!(cut("\"a\nb\"\tc", b'\t'), ["a\nb", "c"]);
        assert_eq!(cut("5\" 屏,x", b','), ["5\" 屏", "x"]);
        assert_eq!(cut("", b','), [""]);
    }

    #[test]
    fn an_open_quotation_mark_is_seen() {
        assert_eq!(Place::Start.over(b"a,\"b\n", b","), Place::Quoted);
        assert_eq!(Place::Start.over(b"a,\"b\"", b","), Place::Closing);
    }

    proptest! {
        #[test]
        fn the_library_cuts_the_same_cells(
            cells in prop::collection::vec("[a\",\n 雨伞\t;]{0,8}", 2..6)
        ) {
            let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(&cells).unwrap();
            let bytes = writer.into_inner().unwrap();
            let row = std::str::from_utf8(&bytes).unwrap().strip_suffix('\n').unwrap();
            prop_assert_eq!(cut(row, b','), cells);
        }

        #[test]
        fn the_library_cuts_any_row_so(row in "[a\", ]{1,12}") {
            let open = Place::Start.over(row.as_bytes(), b",") == Place::Quoted;
            if !open && !row.is_empty() {
                let mut reader = ::csv::ReaderBuilder::new()
                    .has_headers(false)
                    .from_reader(row.as_bytes());
                let record = reader.records().next().unwrap().unwrap();
                let theirs: Vec<String> = record.iter().map(str::to_owned).collect();
                prop_assert_eq!(cut(&row, b','), theirs);
            }
        }
    }
}
