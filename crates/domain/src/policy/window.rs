//! Windows (F6): how long after signing an application may be made, by category and reason.

use crate::{
    facts::Category,
    moment::Span,
    policy::{
        document::{Placed, Section},
        mistake::{Incomplete, Mistakes, Problem},
        parameter::Parameters,
        reason::{Reason, Reasons},
        word::{self, Word},
    },
};

/// The longest window in days (two years, the civil-law term for defects).
const DAYS_MAX: u32 = 730;

/// One row: a category, a reason or group of reasons, and the time after signing.
struct Row {
    category: Category,
    reasons: String,
    span: Span,
}

/// The place of a category in [`Reason::windows`].
const fn place(category: Category) -> usize {
    match category {
        Category::Ordinary => 0,
        Category::Fresh => 1,
        Category::MadeToOrder => 2,
        Category::Virtual => 3,
        Category::CrossBorder => 4,
    }
}

impl Reason {
    /// How long after signing it may be given for goods of that category (F6).
    #[must_use]
    pub fn window(&self, category: Category) -> Span {
        self.windows.get(place(category)).copied().unwrap_or(Span::days(0))
    }
}

/// Reads `[[windows]]` and gives every reason its window for every category. The row for the
/// reason itself counts first, then its groups up to the root, then `no_reason`, then `any`.
pub(crate) fn read(
    document: &mut Section<'_>,
    mistakes: &mut Mistakes<'_>,
    parameters: &mut Parameters,
    reasons: &mut Reasons,
) {
    let mut rows: Vec<Row> = Vec::new();
    for section in document.sections(mistakes, "windows") {
        let Some((row, place)) = read_one(section, mistakes, reasons) else { continue };
        let name = format!("window_{}_{}_hours", row.category.word(), row.reasons);
        if parameters.get(&name).is_some() {
            let twice = format!("{} {}", row.category.word(), row.reasons);
            mistakes.add(place.at, place.key, &Problem::Twice(twice));
            continue;
        }
        parameters.count(name, u32::try_from(row.span.ms() / 3_600_000).unwrap_or(u32::MAX));
        rows.push(row);
    }
    for (word, category) in Category::WORDS {
        if !rows.iter().any(|row| row.category == *category && row.reasons == "any") {
            document.wrong(mistakes, "windows", &Incomplete::NoWindowFor(word).into());
        }
    }
    let windows: Vec<[Span; 5]> =
        reasons.list().iter().map(|reason| resolve(&rows, reasons, reason)).collect();
    for (reason, windows) in reasons.list_mut().iter_mut().zip(windows) {
        reason.windows = windows;
    }
}

fn read_one(
    mut section: Section<'_>,
    mistakes: &mut Mistakes<'_>,
    reasons: &Reasons,
) -> Option<(Row, Placed)> {
    let category = section.text(mistakes, "category");
    let category = category.and_then(|word| word::read(&word, mistakes));
    let place = section.text(mistakes, "reasons");
    if let Some(place) = &place
        && !["any", "no_reason"].contains(&place.text.as_str())
        && !reasons.list().iter().any(|reason| reason.code.as_str() == place.text)
    {
        let problem = Incomplete::NoSuchReason(place.text.clone()).into();
        mistakes.add(place.at.clone(), place.key.as_str(), &problem);
    }
    if section.has("days") == section.has("hours") {
        section.wrong(mistakes, "days", &Problem::DaysOrHours);
    }
    let span = if section.has("hours") {
        Span::hours(section.number(mistakes, "hours", 1..=DAYS_MAX * 24, 24))
    } else if section.has("days") {
        Span::days(section.number(mistakes, "days", 1..=DAYS_MAX, 1))
    } else {
        Span::days(1)
    };
    section.finish(mistakes);
    let place = place?;
    Some((Row { category: category?, reasons: place.text.clone(), span }, place))
}

fn resolve(rows: &[Row], reasons: &Reasons, reason: &Reason) -> [Span; 5] {
    let mut windows = [Span::days(0); 5];
    for ((_, category), window) in Category::WORDS.iter().zip(windows.iter_mut()) {
        let row =
            |name: &str| rows.iter().find(|row| row.category == *category && row.reasons == name);
        let own = reasons.line(reason).find_map(|reason| row(reason.code.as_str()));
        let free = if reason.no_reason { row("no_reason") } else { None };
        let found = own.or(free).or_else(|| row("any"));
        *window = found.map_or(Span::days(0), |row| row.span);
    }
    windows
}
