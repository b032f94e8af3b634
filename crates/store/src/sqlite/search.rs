//! Words of cases: their grams in an FTS5 index, the text beside it.

use super::write::hex;
use crate::{
    column::{Columns, signed},
    decode::{all, limited},
    fault::failing,
    figure::{self, json},
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseText, Stretch},
    ports::StoreFault,
    search::{SHORT_LOOKED_AT_MAX, Wanted, marked},
};
use sqlx::{SqliteConnection, SqlitePool};

/// A cross join keeps its order: left to itself, SQLite goes through every text of the shop and
/// asks the index about each, which takes seconds for a word that is in ten thousand of them.
pub(super) const FOUND: &str = "select case_text.case_id as case_id from case_gram cross join \
    case_text on case_text.row_no = case_gram.rowid where case_gram match ?1 and \
    case_text.shop_id = ?2 and not exists (select 1 from json_each(?3) as word where \
    instr(case_text.text, word.value) = 0) order by case_gram.rowid desc limit ?4";

/// A text that says the same as before is left as it is: its grams are the dear part.
pub(super) async fn write(tx: &mut SqliteConnection, stretch: &Stretch) -> Result<(), StoreFault> {
    let changed = texts(tx, stretch).await?;
    if changed.is_empty() {
        return Ok(());
    }
    let numbers = json(changed.iter().map(|(row_no, _)| Ok(row_no)))?;
    sqlx::query("delete from case_gram where rowid in (select value from json_each(?1))")
        .bind(numbers)
        .execute(&mut *tx)
        .await
        .map_err(failing("take old grams out of the index"))?;
    let shop_id = &stretch.shop_id;
    let rows = changed.iter().map(|(row_no, text)| Ok((row_no, marked(shop_id, text).join(" "))));
    sqlx::query(
        "insert into case_gram (rowid, grams) select value ->> 0, value ->> 1 \
         from json_each(?1)",
    )
    .bind(json(rows)?)
    .execute(tx)
    .await
    .map_err(failing("write grams into the index"))?;
    Ok(())
}

/// Writes the texts and gives those that were written, by number.
async fn texts(
    tx: &mut SqliteConnection,
    stretch: &Stretch,
) -> Result<Vec<(i64, String)>, StoreFault> {
    let rows = stretch.texts.iter().map(|text| {
        let (shop_id, order_id) = (text.key.shop_id.as_str(), text.key.order_id.as_str());
        let version = signed("version", text.version)?;
        Ok((shop_id, hex(text.case_id), order_id, version, text.text.as_str()))
    });
    let rows = sqlx::query(
        "insert into case_text (shop_id, case_id, order_id, version, text) \
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4 \
         from json_each(?1) where true \
         on conflict (shop_id, case_id) do update set version = excluded.version, \
         text = excluded.text \
         where case_text.version < excluded.version and case_text.text <> excluded.text \
         returning row_no, text",
    )
    .bind(json(rows)?)
    .fetch_all(tx)
    .await
    .map_err(failing("write the words of cases"))?;
    all(&rows, |row| Ok((row.number("row_no")?, row.text("text")?)))
}

/// Served by `case_text_by_case`.
pub(super) async fn one(
    readers: &SqlitePool,
    shop_id: &ShopId,
    case_id: CaseId,
) -> Result<Option<CaseText>, StoreFault> {
    let row = sqlx::query(
        "select shop_id, case_id, order_id, version, text from case_text \
         where shop_id = ?1 and case_id = ?2",
    )
    .bind(shop_id.as_str())
    .bind(case_id.uuid())
    .fetch_optional(readers)
    .await
    .map_err(failing("read the words of a case"))?;
    row.map(|row| figure::text(&row)).transpose()
}

/// Served by `case_gram`, whose rows are numbered in the order in which cases were followed, which
/// is that of opening: the last are read first, and no more than are wanted.
pub(super) async fn search(
    readers: &SqlitePool,
    shop_id: &ShopId,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<CaseId>, StoreFault> {
    if wanted.grams.is_empty() {
        return by_looking(readers, shop_id, wanted, limit).await;
    }
    let grams: Vec<String> =
        wanted.marked(shop_id).iter().map(|gram| format!("\"{gram}\"")).collect();
    let rows = sqlx::query(FOUND)
        .bind(grams.join(" AND "))
        .bind(shop_id.as_str())
        .bind(json(wanted.words.iter().map(Ok))?)
        .bind(limited(limit))
        .fetch_all(readers)
        .await
        .map_err(failing("search cases"))?;
    let mut found = all(&rows, Columns::case_id)?;
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// Words too short for the index are looked for in the last opened cases of the shop. Served by
/// `case_text_by_case`.
async fn by_looking(
    readers: &SqlitePool,
    shop_id: &ShopId,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<CaseId>, StoreFault> {
    let rows = sqlx::query(
        "select case_id from (select case_id, text from case_text where shop_id = ?1 \
         order by case_id desc limit ?2) as last where not exists \
         (select 1 from json_each(?3) as word where instr(last.text, word.value) = 0) \
         order by case_id desc limit ?4",
    )
    .bind(shop_id.as_str())
    .bind(SHORT_LOOKED_AT_MAX)
    .bind(json(wanted.words.iter().map(Ok))?)
    .bind(limited(limit))
    .fetch_all(readers)
    .await
    .map_err(failing("search cases for a short word"))?;
    all(&rows, Columns::case_id)
}
