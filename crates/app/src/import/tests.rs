//! Sources of every form: what is found out, what is refused, and that no bytes do harm.

use super::{Format, Parsed, Source, encoding::Encoding, fault::LineFault};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_oneof, proptest};
use std::io::Cursor;

const WECHAT: &[u8] = include_bytes!("../../tests/fixtures/import/wechat.jsonl");
const JSONL: &[u8] = include_bytes!("../../tests/fixtures/import/orders.jsonl");
const CSV: &[u8] = include_bytes!("../../tests/fixtures/import/orders.csv");
const BYTES_MAX: usize = 600;

fn open(bytes: &[u8]) -> Result<Source, LineFault> {
    Source::open(Box::new(Cursor::new(bytes.to_vec())), Format::Auto, Encoding::Auto)
}

fn refused(bytes: &[u8]) -> String {
    open(bytes).map(|_| ()).unwrap_err().code.into_owned()
}

#[test]
fn the_form_is_found_out() {
    for (bytes, format, count) in
        [(WECHAT, Format::Wechat, 5), (JSONL, Format::Jsonl, 3), (CSV, Format::Csv, 3)]
    {
        let source = open(bytes).unwrap();
        assert_eq!(source.format(), format);
        let parsed: Vec<Parsed> = source.collect();
        assert_eq!(parsed.len(), count);
        for parsed in parsed {
            parsed.result.unwrap().check().unwrap();
        }
    }
}

#[test]
fn marks_line_ends_and_blank_lines_change_nothing() {
    let text = String::from_utf8(JSONL.to_vec()).unwrap();
    let dressed = format!("\u{feff}{}", text.replace('\n', "\r\n\r\n"));
    let plain: Vec<_> = open(JSONL).unwrap().map(|parsed| parsed.result).collect();
    let parsed: Vec<Parsed> = open(dressed.as_bytes()).unwrap().collect();
    assert_eq!(parsed[1].lines, 3..4);
    assert!(parsed[1].raw.ends_with(b"}\r\n"));
    assert_eq!(parsed.into_iter().map(|parsed| parsed.result).collect::<Vec<_>>(), plain);
}

#[test]
fn json_in_gb18030_is_read() {
    let text = String::from_utf8(JSONL.to_vec()).unwrap();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let parsed: Vec<Parsed> = open(&gb).unwrap().collect();
    assert_eq!(parsed[0].result.as_ref().unwrap().items[0].title, "折叠雨伞 黑色");
}

#[test]
fn a_bad_line_leaves_the_others_alone() {
    let mut bytes = JSONL.to_vec();
    bytes.extend(b"{\"order_id\":}\n\xff\xfe\n");
    bytes.extend(vec![b'x'; (1 << 20) + 1]);
    bytes.push(b'\n');
    bytes.extend(JSONL);
    let faults: Vec<(u64, String)> = open(&bytes)
        .unwrap()
        .filter_map(|parsed| parsed.result.err())
        .map(|fault| (fault.line, fault.code.into_owned()))
        .collect();
    let want =
        [(4, "import_json_invalid"), (5, "import_encoding_invalid"), (6, "import_line_too_long")];
    assert_eq!(faults, want.map(|(line, code)| (line, code.to_owned())));
}

#[test]
fn what_is_no_list_of_orders_is_named() {
    assert_eq!(refused(b""), "import_file_empty");
    assert_eq!(refused(b"PK\x03\x04"), "import_file_workbook");
    assert_eq!(refused(b"a,b,c\n1,2,3\n"), "import_columns_missing");
    assert_eq!(refused(b"\"a,b\n"), "import_quote_open");
    let parsed: Vec<Parsed> = open(b"[{\"order_id\":1}]").unwrap().collect();
    assert_eq!(parsed[0].result.as_ref().unwrap_err().code, "import_json_array");
}

/// Pieces of real files, of dangerous bytes, and of noise.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let cut = |bytes: &'static [u8]| {
        (0..bytes.len(), 0..400_usize)
            .prop_map(|(from, len)| bytes[from..(from + len).min(bytes.len())].to_vec())
    };
    let piece = prop_oneof![
        cut(WECHAT),
        cut(JSONL),
        cut(CSV),
        prop::collection::vec(any::<u8>(), 0..80),
        Just(b"\n".to_vec()),
        Just(b",\"".to_vec()),
        Just(b"[[[[{{{{\"".to_vec()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn survives(bytes: &[u8], format: Format, encoding: Encoding) -> Result<(), String> {
    let input = Box::new(Cursor::new(bytes.to_vec()));
    let Ok(source) = Source::limited(input, format, encoding, BYTES_MAX) else { return Ok(()) };
    let lines = u64::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap() + 1;
    let mut last = 0;
    for parsed in source {
        let Parsed { lines: range, result, raw } = parsed;
        if raw.len() > BYTES_MAX + 1 {
            return Err(format!("{} bytes held", raw.len()));
        }
        if range.start <= last || range.end <= range.start || range.end > lines + 1 {
            return Err(format!("lines {range:?} after {last} of {lines}"));
        }
        last = range.end - 1;
        match result {
            Ok(facts) => facts.check().map_err(|error| error.to_string())?,
            Err(fault) if !range.contains(&fault.line) => return Err(fault.to_string()),
            Err(_) => {}
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_in_bounded_memory(bytes in pieces()) {
        for format in [Format::Auto, Format::Wechat, Format::Jsonl] {
            let done = survives(&bytes, format, Encoding::Auto);
            prop_assert!(done.is_ok(), "{done:?}");
        }
    }

    #[test]
    fn any_rows_under_a_good_heading_are_read_or_refused(bytes in pieces()) {
        let head = CSV.split(|byte| *byte == b'\n').next().unwrap();
        let file = [head, b"\n", &bytes].concat();
        for encoding in [Encoding::Auto, Encoding::Utf8, Encoding::Gb18030] {
            let done = survives(&file, Format::Auto, encoding);
            prop_assert!(done.is_ok(), "{done:?}");
        }
    }
}

/// Prints what one core reads; run with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn orders_read_in_a_second() {
    let csv_head = CSV.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for (bytes, head, count) in [(JSONL, 0, 3_u64), (WECHAT, 0, 5), (CSV, csv_head, 3)] {
        let mut file = bytes[..head].to_vec();
        for round in 0..100_000_u64 {
            let text = String::from_utf8(bytes[head..].to_vec()).unwrap();
            let numbered = text.replace("37000000000000000", &format!("37{round:015}"));
            file.extend(numbered.as_bytes());
        }
        let size = file.len();
        let source = open(&file).unwrap();
        let format = source.format();
        drop(file);
        let begin = std::time::Instant::now();
        let good = u64::try_from(source.filter(|parsed| parsed.result.is_ok()).count()).unwrap();
        let ms = u64::try_from(begin.elapsed().as_millis()).unwrap().max(1);
        assert_eq!(good, count * 100_000);
        println!("{format:?}: {} orders/s, {size} bytes in {ms} ms", good * 1000 / ms);
    }
}
