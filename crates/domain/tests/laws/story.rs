//! Stories as text. A file holds stories; a story has given, when and then; indented lines belong
//! to the line above. `background` lines are given before each story of the file.

pub mod given;
pub mod scan;
pub mod then;
pub mod when;

/// One line with its number.
#[derive(Clone, Debug)]
pub struct Line {
    pub number: usize,
    pub text: String,
}

/// A head line and what is indented below it.
#[derive(Clone, Debug)]
pub struct Step {
    pub keyword: Keyword,
    pub head: Line,
    pub details: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    Given,
    When,
    Then,
}

#[derive(Clone, Debug)]
pub struct Story {
    pub title: Line,
    pub steps: Vec<Step>,
}

/// Reads the stories of a file.
pub fn read(text: &str) -> Result<Vec<Story>, (usize, String)> {
    let mut background: Vec<Step> = Vec::new();
    let mut stories: Vec<Story> = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let number = index + 1;
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') || line == "background" {
            continue;
        }
        let steps = stories.last_mut().map_or(&mut background, |story| &mut story.steps);
        if raw.starts_with(' ') {
            let step = steps.last_mut().ok_or((number, "nothing to belong to".to_owned()))?;
            let text = line.strip_prefix("and ").unwrap_or(line).to_owned();
            step.details.push(Line { number, text });
        } else if let Some(title) = line.strip_prefix("story: ") {
            let title = Line { number, text: title.to_owned() };
            stories.push(Story { title, steps: background.clone() });
        } else {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let keyword = match word {
                "given" => Keyword::Given,
                "when" => Keyword::When,
                "then" => Keyword::Then,
                _ => {
                    return Err((
                        number,
                        format!("a line begins with given, when or then: {line}"),
                    ));
                }
            };
            let head = Line { number, text: rest.to_owned() };
            steps.push(Step { keyword, head, details: Vec::new() });
        }
    }
    Ok(stories)
}
