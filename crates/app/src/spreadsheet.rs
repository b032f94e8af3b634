//! Tables for spreadsheets: CSV as they open it by themselves. A cell that a spreadsheet would take
//! for a formula is told to be text.

/// What a file begins with, so that spreadsheets read it as UTF-8.
pub const BOM: &str = "\u{feff}";

/// One row, with the end of its line.
#[must_use]
pub fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|text| cell(text.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell. What begins like a formula is put behind an apostrophe (OWASP, CSV injection), and
/// quotes stand around whatever has a mark of the format in it.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_row_is_read_back_as_it_was() {
        let cells = ["a", "b,c", "say \"hi\"", "two\r\nlines", "", "杯子"];
        let text = row(cells);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let read = reader.records().next().unwrap().unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), cells);
    }

    #[test]
    fn nothing_is_taken_for_a_formula() {
        assert_eq!(row(["=1+1"]), "\"'=1+1\"\r\n");
        for text in ["=cmd|' /C calc'!A0", "+1", "-1", "@sum(a)", "\t=1", "\r=1"] {
            assert!(row([text]).starts_with("\"'"), "{text}");
        }
        assert_eq!(row(["1-2"]), "1-2\r\n");
    }
}
