//! The limits beside the figures: what the disk, the database and the network allow to a program
//! that does nothing else.

pub mod echo;
pub mod postgres;

mod sqlite;

use crate::{Scale, commands::Peaks, house::House, maker::Stage, report::Table, share};
use anyhow::{Context, Result};
use engine::rows::Commit;

/// The rows that opening a case writes, taken from one that was opened.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The bytes of each record.
    pub records: Vec<String>,
    /// The bytes of the case's row.
    pub summary: String,
}

impl Sample {
    /// Of a case opened in a house.
    fn of(house: &House) -> Result<Self> {
        let at = crate::house::now();
        let order = house.maker.story(7, Stage::Order, at)?.records.len();
        let opened: Commit = house.maker.story(7, Stage::Open, at)?;
        let records = opened.records.iter().skip(order).map(|record| record.body.clone());
        let row = opened.cases.first().context("a case was opened")?;
        Ok(Self { records: records.collect(), summary: row.summary.clone() })
    }
}

/// The limits beside the rates of opening a case.
pub async fn beside(house: &House, name: &str, scale: &Scale, peaks: &Peaks) -> Result<Table> {
    let sample = Sample::of(house)?;
    let method = "Bare SQLite: the same rows with the same bytes into tables of the same columns \
                  with keys in order and no second index, in one process, as many in a transaction \
                  as there are connections, each transaction forced to disk. PostgreSQL function: \
                  one call of one server-side function for each command, writing the same rows, \
                  over as many connections. Echo: axum answering the same bodies, nothing else, \
                  in a process of its own.";
    let heads = ["wanbi", "the limit", "axum echo"];
    let mut table =
        Table::new(&format!("Opening a case beside its limits, {name}"), method, &heads);
    let folder = tempfile::tempdir_in(house_folder(house))?;
    for (connections, figure) in peaks {
        let limit = if name == "SQLite" {
            sqlite::rate(folder.path(), &sample, *connections, scale).await?
        } else {
            postgres::rate(&house.url, &sample, *connections, scale).await?
        };
        let echo = echo::rate(*connections, scale).await?;
        let what = if name == "SQLite" { "bare SQLite" } else { "PostgreSQL function" };
        let remark =
            format!("{}: {}; {} (echo)", what, share(figure, &limit), share(figure, &echo));
        table.line(
            &format!("{connections} connections"),
            vec![figure.clone(), limit, echo],
            remark,
        );
    }
    Ok(table)
}

/// The folder on the disk that is measured.
fn house_folder(house: &House) -> std::path::PathBuf {
    let file = house.url.strip_prefix("sqlite://").map(std::path::Path::new);
    file.and_then(|file| file.parent())
        .map_or_else(std::env::temp_dir, std::path::Path::to_path_buf)
}
