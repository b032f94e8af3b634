//! Words of cases: their grams in an index of PostgreSQL's own, the text beside it.

use crate::{
    column::signed,
    decode::limited,
    fault::failing,
    figure,
    search::{Asked, found},
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseText, Stretch},
    ports::StoreFault,
    search::{Found, LOOKED_AT_MAX, marked},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A text that says the same as before is left as it is: its grams are the dear part.
pub(super) async fn write(tx: &mut PgConnection, stretch: &Stretch) -> Result<(), StoreFault> {
    let texts = &stretch.texts;
    let versions = texts.iter().map(|text| signed("version", text.version));
    // Grams travel as one text a case: arrays of arrays must be of one length.
    let grams = texts.iter().map(|text| marked(&stretch.shop_id, &text.text).join(" "));
    sqlx::query(
        "insert into case_text (shop_id, case_id, order_id, version, text, grams) \
         select new.shop_id, new.case_id, new.order_id, new.version, new.text, \
         string_to_array(new.grams, ' ') \
         from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[]) \
         as new (shop_id, case_id, order_id, version, text, grams) \
         on conflict (shop_id, case_id) do update set version = excluded.version, \
         text = excluded.text, grams = excluded.grams \
         where case_text.version < excluded.version and case_text.text <> excluded.text",
    )
    .bind(texts.iter().map(|text| text.key.shop_id.as_str()).collect::<Vec<_>>())
    .bind(texts.iter().map(|text| text.case_id.uuid()).collect::<Vec<_>>())
    .bind(texts.iter().map(|text| text.key.order_id.as_str()).collect::<Vec<_>>())
    .bind(versions.collect::<Result<Vec<_>, _>>()?)
    .bind(texts.iter().map(|text| text.text.as_str()).collect::<Vec<_>>())
    .bind(grams.collect::<Vec<_>>())
    .execute(tx)
    .await
    .map_err(failing("write the words of cases"))?;
    Ok(())
}

/// Served by the primary key of `case_text`.
pub(super) async fn one(
    pool: &PgPool,
    shop_id: &ShopId,
    case_id: CaseId,
) -> Result<Option<CaseText>, StoreFault> {
    let row = sqlx::query(
        "select shop_id, case_id, order_id, version, text from case_text \
         where shop_id = $1 and case_id = $2",
    )
    .bind(shop_id.as_str())
    .bind(case_id.uuid())
    .fetch_optional(pool)
    .await
    .map_err(failing("read the words of a case"))?;
    row.map(|row| figure::text(&row)).transpose()
}

/// The texts that have the grams, the last first, until enough of them have the words or so many
/// were looked at. A word that most texts have is found by going through the primary key
/// backwards, another by `case_text_by_gram`: the statistics of the grams say which.
const FOUND: &str = "select case_id from (select case_id, text from case_text where shop_id = $1 \
    and grams @> $2 and case_id < $3 order by case_id desc limit $4) as last where not exists \
    (select 1 from unnest($5::text[]) as word where strpos(last.text, word) = 0) \
    order by case_id desc limit $6";
const LOOKED_AT: &str = "select case_id from case_text where shop_id = $1 and grams @> $2 \
    and case_id < $3 order by case_id desc limit 1 offset $4 - 1";
/// Words too short for the index are looked for in the last opened cases of the shop. Served by
/// the primary key of `case_text`.
const FOUND_SHORT: &str = "select case_id from (select case_id, text from case_text \
    where shop_id = $1 and $2::text[] is not null and case_id < $3 order by case_id desc limit $4) \
    as last where not exists (select 1 from unnest($5::text[]) as word \
    where strpos(last.text, word) = 0) order by case_id desc limit $6";
const LOOKED_AT_SHORT: &str = "select case_id from case_text where shop_id = $1 \
    and $2::text[] is not null and case_id < $3 order by case_id desc limit 1 offset $4 - 1";

pub(super) async fn search(pool: &PgPool, asked: &Asked<'_>) -> Result<Found, StoreFault> {
    let short = asked.wanted.grams.is_empty();
    let (find, look) = if short { (FOUND_SHORT, LOOKED_AT_SHORT) } else { (FOUND, LOOKED_AT) };
    let grams = asked.wanted.marked(asked.shop_id);
    let before = asked.before.map_or(Uuid::max(), |case_id| case_id.uuid());
    let limit = limited(asked.limit);
    let rows = sqlx::query(find)
        .bind(asked.shop_id.as_str())
        .bind(&grams)
        .bind(before)
        .bind(LOOKED_AT_MAX)
        .bind(&asked.wanted.words)
        .bind(limit.saturating_add(1))
        .fetch_all(pool)
        .await
        .map_err(failing("search cases"))?;
    let looked_at = sqlx::query(look)
        .bind(asked.shop_id.as_str())
        .bind(&grams)
        .bind(before)
        .bind(LOOKED_AT_MAX)
        .fetch_optional(pool);
    found(&rows, limit, async { looked_at.await.map_err(failing("see how far a search looked")) })
        .await
}
