//! What can be wrong with a whole file, or with a line before its meaning is looked at.

use crate::import::fault::{Words, quoted};

/// The code of a fault after which nothing more can be read.
pub(crate) const READ_FAILED: &str = "import_read_failed";

/// A mistake that concerns the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileFlaw {
    /// Nothing but white space.
    Empty,
    /// An Excel workbook (`.xlsx`, `.xls`).
    Workbook,
    /// Compressed.
    Compressed,
    /// UTF-16, Excel's "Unicode text".
    Utf16,
    /// The disk or pipe failed.
    Read(String),
    /// The heading lacks columns.
    ColumnsMissing(Vec<&'static str>),
    /// Two columns mean the same.
    ColumnTwice(String),
}

/// A mistake in the form of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LineFlaw {
    /// A line above the limit.
    TooLong(usize),
    /// Bytes that are not text in the file's encoding.
    Encoding(&'static str),
    /// A quotation mark that is never closed.
    QuoteOpen,
    /// More cells than columns.
    TooWide { cells: usize, columns: usize },
    /// Not JSON.
    Json { column: usize, detail: String },
    /// JSON, but not what belongs there.
    JsonValue(String),
    /// A JSON list where a line per order is expected.
    Array,
}

impl From<FileFlaw> for Words {
    fn from(flaw: FileFlaw) -> Self {
        let (code, zh, en) = match flaw {
            FileFlaw::Empty => {
                ("import_file_empty", "文件是空的。".into(), "the file is empty".into())
            }
            FileFlaw::Workbook => (
                "import_file_workbook",
                "这是 Excel 工作簿。请在表格软件中另存为“CSV UTF-8（逗号分隔）”再导入。".into(),
                "this is an Excel workbook; save it as \"CSV UTF-8\" and import that".into(),
            ),
            FileFlaw::Compressed => (
                "import_file_compressed",
                "这是压缩文件，请先解压。".into(),
                "this is a compressed file; unpack it first".into(),
            ),
            FileFlaw::Utf16 => (
                "import_file_utf16",
                "文件是 UTF-16 编码。请另存为“CSV UTF-8（逗号分隔）”再导入。".into(),
                "the file is UTF-16; save it as \"CSV UTF-8\" and import that".into(),
            ),
            FileFlaw::Read(why) => {
                (READ_FAILED, format!("读取文件失败：{why}。"), format!("reading failed: {why}"))
            }
            FileFlaw::ColumnsMissing(names) => (
                "import_columns_missing",
                format!("表头缺少这些列：{}。第一行必须是表头。", names.join("、")),
                format!(
                    "the heading lacks {}; the first row must be the heading",
                    names.join(", ")
                ),
            ),
            FileFlaw::ColumnTwice(other) => (
                "import_column_twice",
                format!("与“{}”列的意思相同，请删去一列。", quoted(&other)),
                format!("means the same as the column {}; delete one of them", quoted(&other)),
            ),
        };
        Self::new(code, zh, en)
    }
}

impl From<LineFlaw> for Words {
    fn from(flaw: LineFlaw) -> Self {
        let (code, zh, en) = match flaw {
            LineFlaw::TooLong(max) => (
                "import_line_too_long",
                format!("这一行超过 {max} 字节，未写入退回文件。请检查引号和换行。"),
                format!(
                    "longer than {max} bytes, so not copied; look at quotation marks and line ends"
                ),
            ),
            LineFlaw::Encoding(name) => (
                "import_encoding_invalid",
                format!("这一行不是有效的 {name} 文本。请用 --encoding 指明编码，或另存为 UTF-8。"),
                format!(
                    "not valid {name} text; name the encoding with --encoding, or save as UTF-8"
                ),
            ),
            LineFlaw::QuoteOpen => (
                "import_quote_open",
                "引号没有配对：单元格以 \" 开头，但后面没有结束的 \"。".into(),
                "a cell begins with a quotation mark that is never closed".into(),
            ),
            LineFlaw::TooWide { cells, columns } => (
                "import_row_too_wide",
                format!("这一行有 {cells} 格，表头只有 {columns} 列。含逗号的内容要加引号。"),
                format!(
                    "{cells} cells under {columns} columns; put cells with a comma in quotation marks"
                ),
            ),
            LineFlaw::Json { column, detail } => (
                "import_json_invalid",
                format!("不是有效的 JSON（第 {column} 列）：{detail}。"),
                format!("not valid JSON at column {column}: {detail}"),
            ),
            LineFlaw::JsonValue(detail) => {
                ("import_json_value", format!("值不对：{}。", in_chinese(&detail)), detail)
            }
            LineFlaw::Array => (
                "import_json_array",
                "这是一个 JSON 数组。请每行放一个订单。".into(),
                "this is a JSON array; put one order on each line".into(),
            ),
        };
        Self::new(code, zh, en)
    }
}

/// Puts the usual complaints of the JSON reader into Chinese; the rest stays as it is.
fn in_chinese(detail: &str) -> String {
    let known = [
        ("unknown field ", "不认识的字段 "),
        ("missing field ", "缺少字段 "),
        ("duplicate field ", "重复的字段 "),
        ("invalid type: ", "类型不对："),
        ("invalid value: ", "取值不对："),
        ("unknown variant ", "不认识的取值 "),
    ];
    let found = known.iter().find_map(|(en, zh)| Some((zh, detail.strip_prefix(en)?)));
    let text = found.map_or_else(|| detail.to_owned(), |(zh, rest)| format!("{zh}{rest}"));
    text.replace(", expected ", "，应为 ")
}
