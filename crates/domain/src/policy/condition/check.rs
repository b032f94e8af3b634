//! What a condition may be: short, shallow, without loops, of known names and of the right types.
//! Whatever passes costs a bounded number of steps and gives true or false.

use super::variable::{self, Variable};
use cel::{
    Env, IdedExpr,
    common::ast::{CallExpr, Expr, ListExpr, LiteralValue, operators},
    parser::Expression,
};

/// The longest expression, in bytes.
pub const EXPRESSION_BYTES_MAX: usize = 500;
/// The most parts of an expression: names, values and operators.
pub const EXPRESSION_PARTS_MAX: usize = 100;
/// The deepest nesting of an expression.
pub const EXPRESSION_DEPTH_MAX: usize = 16;

/// Why an expression is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// More than [`EXPRESSION_BYTES_MAX`].
    Long,
    /// Nested deeper than [`EXPRESSION_DEPTH_MAX`].
    Deep,
    /// More than [`EXPRESSION_PARTS_MAX`] parts.
    ManyParts,
    /// Not an expression.
    Syntax(String),
    /// A name that is no variable.
    UnknownVariable(String),
    /// A function or operator that is not offered, loops among them.
    UnknownFunction(String),
    /// A fraction, bytes, a map or another value that is not offered.
    Value,
    /// An operator between values it does not fit.
    Types(String),
    /// The whole is not true or false.
    NotAQuestion,
}

impl Fault {
    /// The sentence in English and in Chinese.
    pub(crate) fn sentences(&self) -> (String, String) {
        match self {
            Self::Long => (
                format!("the expression is longer than {EXPRESSION_BYTES_MAX} bytes"),
                format!("表达式超过 {EXPRESSION_BYTES_MAX} 字节"),
            ),
            Self::Deep => (
                format!("the expression is nested deeper than {EXPRESSION_DEPTH_MAX}"),
                format!("表达式嵌套超过 {EXPRESSION_DEPTH_MAX} 层"),
            ),
            Self::ManyParts => (
                format!("the expression has more than {EXPRESSION_PARTS_MAX} parts"),
                format!("表达式超过 {EXPRESSION_PARTS_MAX} 个组成部分"),
            ),
            Self::Syntax(what) => {
                (format!("not an expression: {what}"), format!("表达式有语法错误：{what}"))
            }
            Self::UnknownVariable(name) => {
                (format!("there is no variable {name}"), format!("没有变量 {name}"))
            }
            Self::UnknownFunction(name) => {
                (format!("{name} cannot be used here"), format!("此处不能使用 {name}"))
            }
            Self::Value => (
                "only whole numbers, texts, true, false and lists of them can be used".into(),
                "只能使用整数、文字、true、false 及其列表".into(),
            ),
            Self::Types(name) => (
                format!("{name} does not fit the values beside it"),
                format!("{name} 两侧的值类型不符"),
            ),
            Self::NotAQuestion => (
                "the expression must come out as true or false".into(),
                "表达式的结果必须是 true 或 false".into(),
            ),
        }
    }
}

/// The type of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Flag,
    Numbers,
    Texts,
}

/// Reads and checks an expression.
pub(crate) fn compile(language: &Env, text: &str) -> Result<Expression, Fault> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err(Fault::Long);
    }
    // Brackets are counted before parsing: the parser descends by recursion.
    if nesting(text) > EXPRESSION_DEPTH_MAX {
        return Err(Fault::Deep);
    }
    let depth = u16::try_from(EXPRESSION_DEPTH_MAX.saturating_mul(2)).unwrap_or(u16::MAX);
    let parser = language.parser().max_recursion_depth(depth).error_recovery_limit(1);
    let expression = parser.parse(text).map_err(|errors| {
        let first = errors.errors.into_iter().next().map(|error| error.msg);
        Fault::Syntax(first.unwrap_or_default())
    })?;
    let mut walk = Walk { parts: 0 };
    match walk.kind(&expression, 0)? {
        Kind::Flag => Ok(expression),
        Kind::Number | Kind::Text | Kind::Numbers | Kind::Texts => Err(Fault::NotAQuestion),
    }
}

/// How deep brackets and choices nest, at most.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' | b'?' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

struct Walk {
    parts: usize,
}

impl Walk {
    fn kind(&mut self, part: &IdedExpr, depth: usize) -> Result<Kind, Fault> {
        self.parts = self.parts.saturating_add(1);
        if self.parts > EXPRESSION_PARTS_MAX {
            return Err(Fault::ManyParts);
        }
        if depth > EXPRESSION_DEPTH_MAX {
            return Err(Fault::Deep);
        }
        match &part.expr {
            Expr::Literal(literal) => literal_kind(literal),
            Expr::Ident(_) | Expr::Select(_) => variable_kind(part),
            Expr::List(list) => self.list_kind(list, depth),
            Expr::Call(call) => self.call_kind(call, depth),
            Expr::Comprehension(_) => Err(Fault::UnknownFunction("a loop".into())),
            Expr::Unspecified | Expr::Map(_) | Expr::Struct(_) => Err(Fault::Value),
        }
    }

    fn list_kind(&mut self, list: &ListExpr, depth: usize) -> Result<Kind, Fault> {
        let mut kinds = Vec::new();
        for element in &list.elements {
            kinds.push(self.kind(element, depth.saturating_add(1))?);
        }
        if kinds.iter().all(|kind| *kind == Kind::Number) {
            Ok(Kind::Numbers)
        } else if kinds.iter().all(|kind| *kind == Kind::Text) {
            Ok(Kind::Texts)
        } else {
            Err(Fault::Value)
        }
    }

    fn call_kind(&mut self, call: &CallExpr, depth: usize) -> Result<Kind, Fault> {
        if !FUNCTIONS.contains(&call.func_name.as_str()) {
            return Err(Fault::UnknownFunction(call.func_name.clone()));
        }
        let mut kinds = Vec::new();
        for part in call.target.as_deref().into_iter().chain(&call.args) {
            kinds.push(self.kind(part, depth.saturating_add(1))?);
        }
        result_kind(&call.func_name, &kinds).ok_or_else(|| Fault::Types(shown(&call.func_name)))
    }
}

const FUNCTIONS: &[&str] = &[
    operators::CONDITIONAL,
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::LESS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::GREATER_EQUALS,
    operators::ADD,
    operators::SUBSTRACT,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::NEGATE,
    operators::IN,
    "startsWith",
    "endsWith",
    "contains",
];

fn result_kind(function: &str, kinds: &[Kind]) -> Option<Kind> {
    use Kind::{Flag, Number, Numbers, Text, Texts};
    match (function, kinds) {
        (operators::CONDITIONAL, [Flag, yes, no]) if yes == no => Some(*yes),
        (operators::LOGICAL_AND | operators::LOGICAL_OR, [Flag, Flag])
        | (operators::LOGICAL_NOT, [Flag])
        | (operators::IN, [Number, Numbers] | [Text, Texts])
        | ("startsWith" | "endsWith" | "contains", [Text, Text])
        | (
            operators::LESS
            | operators::LESS_EQUALS
            | operators::GREATER
            | operators::GREATER_EQUALS,
            [Number, Number],
        ) => Some(Flag),
        (operators::EQUALS | operators::NOT_EQUALS, [left, right]) if left == right => Some(Flag),
        (
            operators::ADD
            | operators::SUBSTRACT
            | operators::MULTIPLY
            | operators::DIVIDE
            | operators::MODULO,
            [Number, Number],
        )
        | (operators::NEGATE, [Number]) => Some(Number),
        _ => None,
    }
}

/// `_&&_` as people write it.
fn shown(function: &str) -> String {
    function.replace(['_', '@'], "")
}

const fn literal_kind(literal: &LiteralValue) -> Result<Kind, Fault> {
    match literal {
        LiteralValue::Boolean(_) => Ok(Kind::Flag),
        LiteralValue::Int(_) => Ok(Kind::Number),
        LiteralValue::String(_) => Ok(Kind::Text),
        LiteralValue::Bytes(_)
        | LiteralValue::Double(_)
        | LiteralValue::Null
        | LiteralValue::UInt(_) => Err(Fault::Value),
    }
}

fn variable_kind(part: &IdedExpr) -> Result<Kind, Fault> {
    let name = dotted(part).ok_or(Fault::Value)?;
    match variable::find(&name) {
        Some(Variable::Number(_)) => Ok(Kind::Number),
        Some(Variable::Text(_)) => Ok(Kind::Text),
        Some(Variable::Flag(_)) => Ok(Kind::Flag),
        None => Err(Fault::UnknownVariable(name)),
    }
}

/// `order.paid_minor`; `None` where it is not a plain name.
fn dotted(part: &IdedExpr) -> Option<String> {
    match &part.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", dotted(&select.operand)?, select.field))
        }
        Expr::Unspecified
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Select(_)
        | Expr::Struct(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, compile};
    use crate::policy::condition::LANGUAGE;
    use proptest::{
        collection::vec,
        prelude::{any, prop_assert, proptest},
        sample::select,
    };

    const TOKENS: &[&str] = &[
        "order.signed",
        "order.paid_minor",
        "application.type",
        "'text'",
        "1",
        "9223372036854775807",
        "-1",
        "true",
        "&&",
        "||",
        "!",
        "==",
        "!=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "?",
        ":",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "in",
        "has",
        "x.all(x, x)",
        ".map(",
        "null",
        "b'a'",
        "1.0",
        "\\",
        "'",
        "é",
    ];

    #[test]
    fn what_is_too_large_is_refused_before_it_is_parsed() {
        let long = "1".repeat(501);
        let deep = "[".repeat(400);
        assert_eq!(compile(&LANGUAGE, &long).unwrap_err(), Fault::Long);
        assert_eq!(compile(&LANGUAGE, &deep).unwrap_err(), Fault::Deep);
        let chain = format!("0 < {}1", "1-".repeat(200));
        assert!(compile(&LANGUAGE, &chain).is_err());
        let signs = format!("0 < {}1", "-".repeat(400));
        let whole = compile(&LANGUAGE, &signs);
        assert!(whole.is_ok_and(|whole| whole.references().functions().len() < 3));
    }

    proptest! {
        #[test]
        fn arbitrary_expressions_never_panic(
            words in vec(select(TOKENS), 0..12), glue in any::<bool>()
        ) {
            let text = words.join(if glue { " " } else { "" });
            if let Err(fault) = compile(&LANGUAGE, &text) {
                let (en, zh) = fault.sentences();
                prop_assert!(!en.is_empty() && !zh.is_empty());
            }
        }

        #[test]
        fn arbitrary_texts_never_panic(text in any::<String>()) {
            let _ = compile(&LANGUAGE, &text);
        }
    }
}
