//! Order lists as merchants make them: what is read, and every fault with its line.

use crate::import::{
    Format, Parsed, Source, encoding::Encoding, fault::LineFault, lines::LINE_BYTES_MAX,
};
use domain::{
    facts::{Account, Category, Channel, Facts, Progress},
    money::Money,
};

const HEAD: &str = "订单号,买家,下单时间,支付时间,状态,商品编号,商品名称,单价(元),数量,优惠(元),\
                    运费(元),支付方式,交易流水号,实付(元)\n";
const ROW: &str = "A1,b1,2026-11-23 12:41,2026-11-23 12:42,待发货,1,雨伞,10.00,2,1.00,\
                   5.00,微信,T1,24.00\n";

fn read(bytes: &[u8]) -> Vec<Parsed> {
    read_limited(bytes, LINE_BYTES_MAX)
}

fn read_limited(bytes: &[u8], bytes_max: usize) -> Vec<Parsed> {
    let input = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let source = Source::limited(input, Format::Csv, Encoding::Auto, bytes_max).unwrap();
    source.collect()
}

fn orders(bytes: &[u8]) -> Vec<Facts> {
    read(bytes).into_iter().map(|parsed| *parsed.result.unwrap()).collect()
}

fn faults(text: &str) -> Vec<LineFault> {
    read(text.as_bytes()).into_iter().filter_map(|parsed| parsed.result.err()).collect()
}

/// One good row with one change must give this fault at this heading, on line 2.
fn check(from: &str, to: &str, key: &str, code: &str) {
    let row = ROW.replacen(from, to, 1);
    assert_ne!(row, ROW, "{from}");
    let faults = faults(&format!("{HEAD}{row}"));
    let [fault] = faults.as_slice() else { panic!("{to}: {faults:?}") };
    assert_eq!((fault.line, fault.key.as_str(), &*fault.code), (2, key, code), "{to}");
    assert!(!fault.zh.is_empty() && !fault.en.is_empty());
}

fn cny(fen: i64) -> Money {
    Money::cny(fen).unwrap()
}

#[test]
fn a_spreadsheet_of_a_chinese_merchant_is_read() {
    let orders = orders(include_bytes!("../../../tests/fixtures/import/orders.csv"));

    let [umbrellas, oranges, milk] = orders.as_slice() else { panic!("{}", orders.len()) };
    assert_eq!(umbrellas.order_id.as_str(), "3700000000000000021");
    assert_eq!(umbrellas.progress, Progress::PartlyShipped);
    assert_eq!(umbrellas.items.len(), 3);
    assert_eq!(umbrellas.items[0].title, "折叠雨伞，黑色");
    assert_eq!(umbrellas.items[0].unit_price, cny(123_450));
    assert_eq!(umbrellas.items[0].discount, Some(cny(450)));
    assert_eq!(umbrellas.items[1].title, "伞套 （两只装）");
    assert_eq!(umbrellas.items[2].title, "礼盒 6\" 装");
    assert_eq!(umbrellas.items[2].category, Category::MadeToOrder);
    assert_eq!(umbrellas.freight, cny(1_200));
    assert_eq!(umbrellas.coupons[0].amount, cny(1_000));
    assert_eq!(umbrellas.tenders[0].amount, cny(246_850));
    assert_eq!(umbrellas.shipments.len(), 1);
    assert_eq!(umbrellas.placed_at.to_string(), "2026-11-23T04:41:00.000Z");

    assert_eq!(oranges.tenders[0].channel, Channel::Other);
    assert_eq!(oranges.tenders[0].transaction_id.as_str(), "3700000000000000022");
    assert_eq!(oranges.signed_at.unwrap().to_string(), "2026-11-22T15:59:59.999Z");

    assert!(milk.tenders.is_empty());
    assert_eq!(milk.items[0].duty, Some(cny(2_380)));
}

#[test]
fn gb18030_gives_the_same_orders() {
    let utf8 = orders(include_bytes!("../../../tests/fixtures/import/orders.csv"));
    let mut gb = orders(include_bytes!("../../../tests/fixtures/import/orders.gb18030.csv"));
    assert_eq!(gb[1].items[0].title, "赣南脐橙㐂");
    gb[1].items[0].title = "赣南脐橙".into();
    assert_eq!(gb, utf8);
}

#[test]
fn english_headings_and_tabs_are_read() {
    let orders = orders(include_bytes!("../../../tests/fixtures/import/orders.en.tsv"));
    assert_eq!(orders[0].items[0].title, "Umbrella; black");
    assert_eq!(orders[0].tenders[0].account, Account::CreditCard);
    assert_eq!(orders[1].progress, Progress::Cancelled);
    assert_eq!(orders[1].coupons[0].amount, cny(1_230));
}

#[test]
fn columns_that_are_not_known_are_told() {
    let bytes = include_bytes!("../../../tests/fixtures/import/orders.csv");
    let source = Source::open(Box::new(&bytes[..]), Format::Auto, Encoding::Auto).unwrap();
    assert_eq!(source.format(), Format::Csv);
    assert_eq!(source.ignored_columns(), ["备注"]);
    assert!(source.header().starts_with(b"\xEF\xBB\xBF"));
}

#[test]
fn every_cell_that_is_wrong_is_named() {
    for (from, to, key, code) in [
        ("A1", "3.70E+18", "订单号", "import_number_damaged"),
        ("A1", "3700000000000000000", "订单号", "import_number_damaged"),
        ("A1", "A 1", "订单号", "import_id_invalid"),
        ("A1", "", "订单号", "import_value_missing"),
        ("b1", "王小姐", "买家", "import_id_invalid"),
        ("b1", "", "买家", "import_value_missing"),
        ("2026-11-23 12:41", "23.11.2026", "下单时间", "import_time_invalid"),
        ("2026-11-23 12:42", "46349.5", "支付时间", "import_time_serial"),
        ("2026-11-23 12:42", "", "支付时间", "import_value_missing"),
        ("待发货", "已退款", "状态", "import_word_unknown"),
        ("雨伞", " ", "商品名称", "import_value_missing"),
        ("10.00", "10.005", "单价(元)", "import_amount_too_fine"),
        ("10.00", "ten", "单价(元)", "import_amount_invalid"),
        ("1.00", "-1.00", "优惠(元)", "import_amount_negative"),
        (",2,", ",1.5,", "数量", "import_quantity_invalid"),
        (",2,", ",0,", "数量", "import_quantity_invalid"),
        ("微信", "", "支付方式", "import_value_missing"),
        ("T1", "", "交易流水号", "import_value_missing"),
        ("T1", "4.2E+27", "交易流水号", "import_number_damaged"),
        ("24.00", "24.01", "实付(元)", "order_sum_mismatch"),
        ("24.00", "", "实付(元)", "import_value_missing"),
        ("24.00", "24.00,x", "", "import_row_too_wide"),
        ("待发货", "待付款", "实付(元)", "import_payment_contradicts"),
    ] {
        check(from, to, key, code);
    }
    let price = ROW.replacen("10.00", "900000000000", 1);
    assert_eq!(faults(&format!("{HEAD}{price}"))[0].code, "import_amount_too_large");
    check(",1.00,", ",30.00,", "优惠(元)", "order_discount_exceeds_price");
}

#[test]
fn rows_of_an_order_must_agree_and_be_adjacent() {
    let other = ROW.replace("A1", "A2");
    let split = faults(&format!("{HEAD}{ROW}{other}\n,,,\n{ROW}"));
    assert_eq!((split[0].line, &*split[0].code), (6, "import_order_split"));
    assert!(split[0].zh.contains("第 2 行"), "{}", split[0].zh);

    let differs = faults(&format!("{HEAD}{ROW}{}", ROW.replace("b1", "b2")));
    assert_eq!((differs[0].line, &*differs[0].code), (3, "import_order_differs"));
    assert_eq!(differs[0].key, "买家");

    let twice = faults(&format!("{HEAD}{ROW}{}", ROW.replace("24.00", "")));
    assert_eq!(twice[0].code, "order_duplicate_id");
}

#[test]
fn an_open_quotation_mark_costs_its_line_only() {
    let open = ROW.replace("A1", "A2").replace("雨伞", "\"雨伞");
    let last = ROW.replace("A1", "A3");
    let parsed = read(format!("{HEAD}{ROW}{open}{last}").as_bytes());
    assert_eq!(parsed.len(), 3);
    let fault = parsed[1].result.as_ref().unwrap_err();
    assert_eq!((fault.line, &*fault.code), (3, "import_quote_open"));
    assert_eq!(parsed[1].raw, open.as_bytes());
    assert!(parsed[0].result.is_ok() && parsed[2].result.is_ok());
}

#[test]
fn an_unreadable_line_between_its_rows_rejects_the_whole_order() {
    let broken = b"\xFF\n";
    let next = ROW.replace("A1", "A2");
    let [head, row, next] = [HEAD, ROW, &next].map(str::as_bytes);
    let parsed = read(&[head, row, broken, row, broken, next].concat());
    assert_eq!(parsed.len(), 3);
    assert_eq!(parsed[0].lines, 2..5);
    assert_eq!(parsed[0].raw, [row, broken, row].concat());
    assert_eq!(parsed[0].result.as_ref().unwrap_err().line, 3);
    assert_eq!(parsed[1].lines, 5..6);
    assert!(parsed[2].result.is_ok());
}

#[test]
fn a_line_in_another_encoding_is_refused_not_guessed() {
    let mut bytes = format!("{HEAD}{ROW}").into_bytes();
    bytes.extend(encoding_rs::GB18030.encode(&ROW.replace("A1", "A2")).0.as_ref());
    let parsed = read(&bytes);
    let fault = parsed[1].result.as_ref().unwrap_err();
    assert_eq!((fault.line, &*fault.code), (3, "import_encoding_invalid"));
}

#[test]
fn an_order_of_endless_rows_takes_no_memory() {
    let row = ROW.replace("24.00", "");
    let rows = row.repeat(100);
    let parsed = read_limited(format!("{HEAD}{rows}{}", ROW.replace("A1", "A2")).as_bytes(), 1_000);
    assert_eq!(parsed.len(), 2);
    assert_eq!(parsed[0].result.as_ref().unwrap_err().code, "import_order_too_large");
    assert_eq!(parsed[0].lines, 2..102);
    assert!(parsed[0].raw.len() <= 1_000);
    assert!(parsed[1].result.is_ok());
}
