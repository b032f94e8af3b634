//! The stories told: each is played from its first line to its last.

use super::{
    story::{
        Keyword, Line, Step, Story, given, read,
        scan::{Said, actor, scan, time},
        then::{Scene, may, tell},
        when,
    },
    world::World,
};
use domain::{
    actor::Actor,
    calendar::Calendar,
    case::Case,
    command::{Act, Command},
    event::Event,
    evolve::fold,
    id::CaseId,
    record::Record,
    refusal::Refusal,
};
use std::{fs, path::PathBuf, sync::Arc};

/// A story on its way.
struct Play {
    world: World,
    case: Option<CaseId>,
    last: Result<Vec<Event>, Refusal>,
    effects_before: usize,
    /// The line of a refusal that no `then` has named yet.
    unnamed: Option<Line>,
}

impl Play {
    fn of(story: &Story) -> Result<World, (usize, String)> {
        let mut play = Self {
            world: World::new(),
            case: None,
            last: Ok(Vec::new()),
            effects_before: 0,
            unnamed: None,
        };
        for step in &story.steps {
            play.step(step)?;
        }
        play.check_named()?;
        assert_eq!(fold(&play.world.records), play.world.order, "the log tells another order");
        Ok(play.world)
    }

    fn step(&mut self, step: &Step) -> Result<(), (usize, String)> {
        let at_head = |what| (step.head.number, what);
        match step.keyword {
            Keyword::Given => self.given(step).map_err(at_head),
            Keyword::When => {
                self.check_named()?;
                self.when(step).map_err(at_head)
            }
            Keyword::Then => {
                let mut lines = std::iter::once(&step.head).chain(&step.details);
                lines.try_for_each(|line| self.then(&line.text).map_err(|what| (line.number, what)))
            }
        }
    }

    fn check_named(&self) -> Result<(), (usize, String)> {
        let Some(line) = &self.unnamed else { return Ok(()) };
        Err((line.number, format!("was refused: {:?}", self.last.as_ref().err())))
    }

    fn given(&mut self, step: &Step) -> Said<()> {
        let Some(facts) = given::order(&step.head.text) else {
            return given::standing(&mut self.world, &step.head.text);
        };
        let mut facts = facts?;
        for line in &step.details {
            given::detail(&mut facts, line)?;
        }
        self.world = World::new();
        self.world.at = given::told_at(&facts);
        let told = self.world.give(&Actor::System, &Command::RecordOrder(Box::new(facts)));
        told.map(|_| ()).map_err(|refusal| format!("{refusal:?}"))
    }

    fn when(&mut self, step: &Step) -> Said<()> {
        let text = step.head.text.as_str();
        if let Some([day, clock, rest]) = scan("on {} {} {}", text) {
            self.world.at = time(&format!("{day} {clock}"))?;
            return self.happens(rest, step);
        }
        given::standing(&mut self.world, text)
    }

    fn happens(&mut self, text: &str, step: &Step) -> Said<()> {
        if let Some([year]) = scan("the calendar of {} is published", text) {
            let source = "source = \"国务院办公厅\"";
            let known = include_str!("../../calendar/china.toml");
            let calendar = format!("{known}\n[[years]]\nyear = {year}\n{source}\n");
            let calendar = Calendar::parse(&calendar).map_err(|e| format!("{e:?}"))?;
            self.world.calendar = Arc::new(calendar);
            return Ok(());
        }
        let text = self.choose_case(text)?;
        let buyer = self.world.facts().map(|facts| facts.buyer_id.clone());
        let (by, what) = match text {
            "time passes" => (Actor::System, "lets time pass"),
            _ => actor(text, buyer.as_ref())?,
        };
        let command = self.command(what, &step.details)?;
        self.effects_before = self.world.called.len();
        self.last = self.world.give(&by, &command);
        self.unnamed = self.last.is_err().then(|| step.head.clone());
        if matches!(command, Command::Open(_)) && self.last.is_ok() {
            self.case = self.world.order.cases.last().map(|case| case.case_id);
        }
        Ok(())
    }

    /// `in case 1 …` turns to that case.
    fn choose_case<'a>(&mut self, text: &'a str) -> Said<&'a str> {
        let Some([n, rest]) = scan("in case {} {}", text) else { return Ok(text) };
        let n: usize = super::story::scan::count(n)?;
        let case = n.checked_sub(1).and_then(|n| self.world.order.cases.get(n));
        self.case = Some(case.ok_or(format!("there is no case {n}"))?.case_id);
        Ok(rest)
    }

    fn command(&self, what: &str, details: &[Line]) -> Said<Command> {
        if let Some(filing) = what.strip_prefix("applies for ") {
            return Ok(Command::Open(Box::new(when::filing(filing, details)?)));
        }
        if what == "tells of the order" {
            let mut facts = self.world.facts().ok_or("there is no order")?.clone();
            for line in details {
                given::detail(&mut facts, line)?;
            }
            return Ok(Command::RecordOrder(Box::new(facts)));
        }
        let case = self.current().ok_or("there is no case yet")?;
        let case_id = case.case_id;
        if let Some(filing) = what.strip_prefix("amends it to ") {
            let filing = Box::new(when::filing(filing, details)?);
            return Ok(Command::Case { case_id, act: Act::Amend(filing) });
        }
        let act = when::act(what, case, self.world.at);
        let act = act.ok_or(format!("nobody can do “{what}”"))??;
        Ok(Command::Case { case_id, act })
    }

    fn current(&self) -> Option<&Case> {
        self.case.and_then(|case_id| self.world.order.case(case_id))
    }

    fn then(&mut self, text: &str) -> Said<()> {
        let text = self.choose_case(text)?;
        let scene = Scene {
            world: &self.world,
            case: self.current(),
            last: &self.last,
            effects: self.world.called.get(self.effects_before..).unwrap_or_default(),
        };
        let buyer = self.world.facts().map(|facts| &facts.buyer_id);
        if let Some(checked) = may(&scene, text, buyer) {
            return checked;
        }
        let found = text.find(" is ").map(|at| (at, 4)).or(text.find(" are ").map(|at| (at, 5)));
        let (at, len) = found.ok_or(format!("say what “{text}” is"))?;
        let (subject, wanted) = (&text[..at], &text[at + len..]);
        let told = tell(&scene, subject)?;
        if self.unnamed.is_some() && told.starts_with("refused") {
            self.unnamed = None;
        }
        if told == wanted {
            Ok(())
        } else {
            Err(format!("{subject} is\n    {told}\n  not\n    {wanted}"))
        }
    }
}

/// Every record of every story.
pub fn records() -> Vec<Record> {
    let stories = files().into_iter().flat_map(|(_, text)| read(&text).unwrap());
    stories.flat_map(|story| Play::of(&story).unwrap_or_else(|e| panic!("{e:?}")).records).collect()
}

fn files() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    paths.sort();
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).collect()
}

fn file_name(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_story_happens_as_it_is_told() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let name = file_name(&path);
        let stories = read(&text).unwrap_or_else(|(line, what)| panic!("{name}:{line}: {what}"));
        for story in stories {
            if let Err((line, what)) = Play::of(&story) {
                wrong.push(format!("{name}:{line}: {}\n  {what}", story.title.text));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_row_of_the_requirements_that_the_domain_decides_has_a_story() {
    let rows = "F1 F2 F3 F4 F5 F6 F7 F8 F9 S1 S2 S3 K1 K2 K3 Q1 Q2 Q3 Q4 B4 M3 M4 P1 Q5 I2 M1";
    let files = files();
    let titles: Vec<String> = files
        .iter()
        .flat_map(|(_, text)| read(text).unwrap())
        .map(|story| story.title.text)
        .collect();
    let cited = |row: &str| {
        let ids = |title: &String| {
            let ids = title.rsplit_once('(').map_or("", |(_, ids)| ids).to_owned();
            ids.trim_end_matches(')').split(", ").any(|id| id == row)
        };
        titles.iter().any(ids)
    };
    let missing: Vec<&str> = rows.split(' ').filter(|row| !cited(row)).collect();
    assert!(missing.is_empty(), "no story cites {missing:?}");
}

#[test]
fn no_two_stories_have_the_same_title() {
    let files = files();
    let mut titles: Vec<String> = files
        .iter()
        .flat_map(|(_, text)| read(text).unwrap())
        .map(|story| story.title.text)
        .collect();
    let all = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), all);
}
