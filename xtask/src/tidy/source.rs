//! A Rust file as lines of code, comment and string, so that a rule does not trip over a text.

/// One line of a Rust file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The code, with string literals emptied.
    pub code: String,
    /// The comment, with its slashes.
    pub comment: String,
}

#[derive(Clone, Copy)]
enum State {
    Code,
    LineComment,
    BlockComment { depth: u32 },
    Text,
    RawText { hashes: usize },
}

/// Splits a Rust file. Not a parser: just enough to know text from code.
pub fn lines(text: &str) -> Vec<Line> {
    let mut state = State::Code;
    let mut lines = Vec::new();
    for line in text.lines() {
        let (parts, next) = split(line, state);
        lines.push(parts);
        state = match next {
            State::LineComment => State::Code,
            State::Code | State::BlockComment { .. } | State::Text | State::RawText { .. } => next,
        };
    }
    lines
}

fn split(line: &str, mut state: State) -> (Line, State) {
    let mut parts = Line::default();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (taken, next) = step(rest, first.len_utf8(), state, parts.code.chars().next_back());
        let (piece, tail) = rest.split_at(taken.min(rest.len()));
        match (state, next) {
            (State::LineComment | State::BlockComment { .. }, _)
            | (_, State::LineComment | State::BlockComment { .. }) => parts.comment += piece,
            (State::Text | State::RawText { .. }, State::Text | State::RawText { .. }) => {}
            (State::Code, State::Code) if piece.starts_with('\'') && piece.len() > 1 => {
                parts.code += "''";
            }
            (State::Code | State::Text | State::RawText { .. }, _) => parts.code += piece,
        }
        rest = tail;
        state = next;
    }
    (parts, state)
}

/// How many bytes belong together at the start of `rest`, and what comes after them.
fn step(rest: &str, width: usize, state: State, before: Option<char>) -> (usize, State) {
    match state {
        State::Code => step_in_code(rest, width, before),
        State::LineComment => (rest.len(), State::LineComment),
        State::BlockComment { depth } if rest.starts_with("*/") => {
            (2, if depth == 1 { State::Code } else { State::BlockComment { depth: depth - 1 } })
        }
        State::BlockComment { depth } if rest.starts_with("/*") => {
            (2, State::BlockComment { depth: depth + 1 })
        }
        State::Text if rest.starts_with('\\') => (2, State::Text),
        State::Text if rest.starts_with('"') => (1, State::Code),
        State::RawText { hashes } if rest.starts_with(&format!("\"{}", "#".repeat(hashes))) => {
            (1 + hashes, State::Code)
        }
        State::BlockComment { .. } | State::Text | State::RawText { .. } => (width, state),
    }
}

fn step_in_code(rest: &str, width: usize, before: Option<char>) -> (usize, State) {
    if rest.starts_with("//") {
        return (rest.len(), State::LineComment);
    }
    if rest.starts_with("/*") {
        return (2, State::BlockComment { depth: 1 });
    }
    if rest.starts_with('"') {
        return (1, State::Text);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if let Some(taken) = raw_text(rest).filter(|_| !in_word) {
        return (taken, State::RawText { hashes: rest.get(..taken).map_or(0, hashes_in) });
    }
    (character(rest).unwrap_or(width), State::Code)
}

/// The length of `r#"`, `br"` and the like.
fn raw_text(rest: &str) -> Option<usize> {
    let after = ["br", "cr", "r"].iter().find_map(|start| rest.strip_prefix(start))?;
    let quote = after.trim_start_matches('#').strip_prefix('"')?;
    Some(rest.len() - quote.len())
}

fn hashes_in(opening: &str) -> usize {
    opening.matches('#').count()
}

/// The length of a character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let start = match inside.chars().next()? {
        '\\' => 1 + inside.chars().nth(1)?.len_utf8(),
        other => other.len_utf8(),
    };
    let end = inside.get(start..)?.find('\'')?;
    // `'\u{1b}'` is the longest; in `'a, 'b` the quote comes right after something else.
    let plain = !inside.starts_with('\\');
    if plain && end > 0 { None } else { Some(1 + start + end + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: &str, comment: &str) {
        let lines = lines(text);
        let join = |part: fn(&Line) -> &String| {
            lines.iter().map(|line| part(line).trim().to_owned()).collect::<Vec<_>>().join("|")
        };
        assert_eq!((join(|l| &l.code).as_str(), join(|l| &l.comment).as_str()), (code, comment));
    }

    #[test]
    fn a_comment_is_told_from_code() {
        check("let a = 1; // why", "let a = 1;", "// why");
        check("a /* b /* c */\nd */ e", "a|e", "/* b /* c */|d */");
    }

    #[test]
    fn the_content_of_a_text_is_neither() {
        check(r#"f("// TODO \" x"); // y"#, r#"f("");"#, "// y");
        check("f(r#\"a \" // b\n// c\"#) // d", "f(r#\"|\"#)", "|// d");
        check("f(\"a\n// b\")", "f(\"|\")", "|");
        check("for\" \"", "for\"\"", "");
    }

    #[test]
    fn a_quote_in_a_character_opens_no_text() {
        check(r#"a('"', '\'', b) // c"#, "a('', '', b)", "// c");
        check("fn f<'a>(x: &'a str) // '", "fn f<'a>(x: &'a str)", "// '");
        check(r"x('\u{1b}', '中')", "x('', '')", "");
    }
}
