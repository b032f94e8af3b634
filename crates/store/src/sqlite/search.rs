//! Words of cases: their grams in an FTS5 index, the text beside it.

use super::write::hex;
use crate::{
    column::{Columns, signed},
    decode::{all, limited},
    fault::failing,
    figure::{self, json},
    search::{Asked, found},
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseText, Stretch},
    ports::StoreFault,
    search::{Found, LOOKED_AT_MAX, marked},
};
use sqlx::{SqliteConnection, SqlitePool};

/// The texts that have the grams, the last first, until enough of them have the words or so many
/// were looked at: the inner query gives them one by one, in its order. A cross join keeps its
/// order: left to itself, SQLite goes through every text of the shop and asks the index about each,
/// which takes seconds for a word that is in many of them.
pub(super) const FOUND: &str = "select case_text.case_id as case_id from (select rowid as row_no \
    from case_gram where case_gram match ?1 and rowid < ?2 order by rowid desc limit ?3) as gram \
    cross join case_text on case_text.row_no = gram.row_no where case_text.shop_id = ?4 \
    and not exists (select 1 from json_each(?5) as word where \
    instr(case_text.text, word.value) = 0) limit ?6";
/// The last of the texts that were looked at, if they were so many.
pub(super) const LOOKED_AT: &str = "select case_text.case_id as case_id from (select rowid as \
    row_no from case_gram where case_gram match ?1 and rowid < ?2 order by rowid desc limit 1 \
    offset ?3 - 1) as gram cross join case_text on case_text.row_no = gram.row_no";

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
    // Rows are numbered as they come: in the order of opening, whatever orders they are of.
    let mut opened: Vec<&CaseText> = stretch.texts.iter().collect();
    opened.sort_unstable_by_key(|text| text.case_id);
    let rows = opened.into_iter().map(|text| {
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
pub(super) async fn search(readers: &SqlitePool, asked: &Asked<'_>) -> Result<Found, StoreFault> {
    if asked.wanted.grams.is_empty() {
        return by_looking(readers, asked).await;
    }
    let grams = asked.wanted.marked(asked.shop_id);
    let grams: Vec<String> = grams.iter().map(|gram| format!("\"{gram}\"")).collect();
    let grams = grams.join(" AND ");
    let below = row_no(readers, asked).await?;
    let limit = limited(asked.limit);
    let rows = sqlx::query(FOUND)
        .bind(&grams)
        .bind(below)
        .bind(LOOKED_AT_MAX)
        .bind(asked.shop_id.as_str())
        .bind(json(asked.wanted.words.iter().map(Ok))?)
        .bind(limit.saturating_add(1))
        .fetch_all(readers)
        .await
        .map_err(failing("search cases"))?;
    let looked_at =
        sqlx::query(LOOKED_AT).bind(&grams).bind(below).bind(LOOKED_AT_MAX).fetch_optional(readers);
    found(&rows, limit, async { looked_at.await.map_err(failing("see how far a search looked")) })
        .await
}

/// Below which number texts are looked at: all of them if no case is given, or its words are just
/// being made anew. Served by `case_text_by_case`.
async fn row_no(readers: &SqlitePool, asked: &Asked<'_>) -> Result<i64, StoreFault> {
    let Some(before) = asked.before else { return Ok(i64::MAX) };
    let row = sqlx::query("select row_no from case_text where shop_id = ?1 and case_id = ?2")
        .bind(asked.shop_id.as_str())
        .bind(before.uuid())
        .fetch_optional(readers)
        .await
        .map_err(failing("look where a search goes on"))?;
    row.map_or(Ok(i64::MAX), |row| row.number("row_no"))
}

/// Words too short for the index are looked for in the last opened cases of the shop. Served by
/// `case_text_by_case`.
async fn by_looking(readers: &SqlitePool, asked: &Asked<'_>) -> Result<Found, StoreFault> {
    // Without a case all are before seventeen bytes of ones.
    let before = asked.before.map(|case_id| case_id.uuid());
    let limit = limited(asked.limit);
    let rows = sqlx::query(
        "select case_id from (select case_id, text from case_text where shop_id = ?1 \
         and case_id < coalesce(?2, x'ffffffffffffffffffffffffffffffffff') \
         order by case_id desc limit ?3) as last where not exists \
         (select 1 from json_each(?4) as word where instr(last.text, word.value) = 0) \
         order by case_id desc limit ?5",
    )
    .bind(asked.shop_id.as_str())
    .bind(before)
    .bind(LOOKED_AT_MAX)
    .bind(json(asked.wanted.words.iter().map(Ok))?)
    .bind(limit.saturating_add(1))
    .fetch_all(readers)
    .await
    .map_err(failing("search cases for a short word"))?;
    let looked_at = sqlx::query(
        "select case_id from case_text where shop_id = ?1 \
         and case_id < coalesce(?2, x'ffffffffffffffffffffffffffffffffff') \
         order by case_id desc limit 1 offset ?3 - 1",
    )
    .bind(asked.shop_id.as_str())
    .bind(before)
    .bind(LOOKED_AT_MAX)
    .fetch_optional(readers);
    found(&rows, limit, async { looked_at.await.map_err(failing("see how far a search looked")) })
        .await
}
