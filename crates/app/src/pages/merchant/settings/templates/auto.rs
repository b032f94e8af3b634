//! What the system answers by itself: the form, and how it is saved.

use super::{PATH, page};
use crate::{
    api::{
        problem::Problem,
        replies::{AutoReply, SetAutoReplies, set_auto},
    },
    assembly::App,
    pages::{
        fields::Fields,
        merchant::settings::unfit,
        page::{Page, name_of},
        show::see,
        visit::Visit,
    },
    registry::Entry,
    replies::{
        auto::{AutoReplies, DAY_MINUTES, Hours, Occasion},
        shipped::{self, Shipped},
        template::Template,
    },
};
use axum::{extract::State, response::Response};
use domain::moment::Moment;
use std::sync::Arc;

use super::edit::Choice;

/// The form of the automatic replies.
pub struct Form {
    /// The version it was made from.
    pub version: u64,
    /// A line for each occasion.
    pub lines: Vec<Line>,
    /// From when the desk is open: `09:00`.
    pub from: String,
    /// Until when.
    pub until: String,
    /// On which days.
    pub days: Vec<Choice>,
}

/// One occasion with what may answer it.
pub struct Line {
    /// Its name on the wire.
    pub occasion: String,
    /// Its name in words.
    pub word: String,
    /// What may answer it; nothing chosen means that nothing does.
    pub choices: Vec<Choice>,
    /// Since when something does.
    pub since: Option<Moment>,
}

/// The form as it was typed, where it was not taken.
pub struct Typed(Fields);

/// The form of what is set, or as it was typed.
#[must_use]
pub fn form(
    (version, set): (u64, &AutoReplies),
    own: &[Entry<Template>],
    typed: Option<Typed>,
    p: &Page,
) -> Form {
    let typed = typed.map_or_else(|| fields(version, set), |Typed(fields)| fields);
    let line = |occasion: Occasion| {
        let name = name_of(&occasion);
        let chosen = typed.one(&name);
        Line {
            word: p.word_in("occasion", &occasion),
            choices: choices((occasion, chosen), own, p),
            since: set.on.get(&occasion).map(|on| on.since),
            occasion: name,
        }
    };
    let day = |day: u8| {
        let value = day.to_string();
        Choice { word: p.t(&format!("weekday-{day}")), chosen: typed.chose("days", &value), value }
    };
    Form {
        version: typed.one("version").parse().unwrap_or(version),
        lines: Occasion::ALL.map(line).into(),
        from: typed.one("from").to_owned(),
        until: typed.one("until").to_owned(),
        days: (1..=7).map(day).collect(),
    }
}

/// The shop's own first; those of the house after them, the one made for the occasion before the
/// others.
fn choices((occasion, chosen): (Occasion, &str), own: &[Entry<Template>], p: &Page) -> Vec<Choice> {
    let mine = own
        .iter()
        .filter(|entry| entry.body.active || entry.id == chosen)
        .map(|entry| (entry.id.clone(), entry.body.name.clone()));
    let mut house: Vec<&Shipped> = shipped::all().iter().collect();
    house.sort_by_key(|shipped| shipped.occasion != Some(occasion));
    let house = house.into_iter().map(|shipped| {
        let name = shipped.template(p.texts.0).name;
        (shipped.id(), p.t1("templates-of-house", "name", name))
    });
    let choice = |(value, word): (String, String)| Choice { chosen: value == chosen, value, word };
    mine.chain(house).map(choice).collect()
}

/// What is set, as its form has it.
fn fields(version: u64, set: &AutoReplies) -> Fields {
    let mut pairs = vec![("version".to_owned(), version.to_string())];
    pairs.extend(set.on.iter().map(|(occasion, on)| (name_of(occasion), on.template.clone())));
    if let Some(hours) = &set.hours {
        pairs.push(("from".to_owned(), clock(hours.from)));
        pairs.push(("until".to_owned(), clock(hours.until)));
        pairs.extend(hours.days.iter().map(|day| ("days".to_owned(), day.to_string())));
    }
    Fields::new(pairs)
}

/// `09:00`; midnight at the end of a day as at its beginning.
fn clock(minute: u16) -> String {
    let minute = minute % DAY_MINUTES;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A minute of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text
        .trim()
        .replace('：', ":")
        .split_once(':')
        .map(|(hours, minutes)| (hours.parse::<u16>().ok(), minutes.parse::<u16>().ok()))?;
    let (hours, minutes) = (hours?, minutes?);
    (hours < 24 && minutes < 60).then(|| hours.saturating_mul(60).saturating_add(minutes))
}

/// `POST /m/settings/templates/auto`
///
/// # Errors
/// A [`Problem`] if it could not be done now.
pub async fn save(
    State(app): State<Arc<App>>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, Problem> {
    let Err(problem) = try_save(&app, &visit, &fields).await else {
        return Ok(see(PATH, "auto-saved"));
    };
    visit.page.problem = Some(problem);
    page(&app, visit, Some(Typed(fields))).await
}

async fn try_save(app: &App, visit: &Visit, fields: &Fields) -> Result<(), Problem> {
    let on = Occasion::ALL.into_iter().filter_map(|occasion| {
        let template_id = fields.some(&name_of(&occasion))?.to_owned();
        Some(AutoReply { occasion, template_id })
    });
    let version = fields.one("version").parse().unwrap_or(0);
    let (on, hours) = (on.collect(), hours(visit, fields)?);
    set_auto(app, &visit.asked, SetAutoReplies { version, on, hours }).await
}

/// The hours as typed; none if no field of them is filled in.
fn hours(visit: &Visit, fields: &Fields) -> Result<Option<Hours>, Problem> {
    let days: Vec<u8> = fields.all("days").filter_map(|day| day.parse().ok()).collect();
    if fields.some("from").is_none() && fields.some("until").is_none() && days.is_empty() {
        return Ok(None);
    }
    let unfit = || unfit(visit, "hours_unfit");
    let from = minute(fields.one("from")).ok_or_else(unfit)?;
    // Until midnight is until the end of the day.
    let until = minute(fields.one("until")).ok_or_else(unfit)?;
    let until = if until == 0 { DAY_MINUTES } else { until };
    Ok(Some(Hours { from, until, days }))
}

#[cfg(test)]
mod tests {
    use super::{clock, minute};

    #[test]
    fn a_time_of_the_day_is_read_as_it_is_written() {
        for (text, expected) in [("09:00", Some(540)), ("23：59", Some(1_439)), ("0:5", Some(5))] {
            assert_eq!(minute(text), expected, "{text}");
        }
        for text in ["", "9", "24:00", "12:60", "a:b", "-1:00"] {
            assert_eq!(minute(text), None, "{text}");
        }
        assert_eq!((clock(540), clock(1_440)), ("09:00".to_owned(), "00:00".to_owned()));
    }
}
