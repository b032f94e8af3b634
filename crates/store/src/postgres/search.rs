//! Words of cases: their grams in an index of PostgreSQL's own, the text beside it.

use crate::{
    column::{Columns, signed},
    decode::{all, limited},
    fault::failing,
    figure,
};
use domain::id::{CaseId, ShopId};
use engine::{
    figures::{CaseText, Stretch},
    ports::StoreFault,
    search::{SHORT_LOOKED_AT_MAX, Wanted, marked},
};
use sqlx::{PgConnection, PgPool};

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

pub(super) async fn search(
    pool: &PgPool,
    shop_id: &ShopId,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<CaseId>, StoreFault> {
    if wanted.grams.is_empty() {
        return by_looking(pool, shop_id, wanted, limit).await;
    }
    let rows = sqlx::query(
        "select case_id from case_text where shop_id = $1 and grams @> $2 and not exists \
         (select 1 from unnest($3::text[]) as word where strpos(text, word) = 0) \
         order by case_id desc limit $4",
    )
    .bind(shop_id.as_str())
    .bind(wanted.marked(shop_id))
    .bind(&wanted.words)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("search cases"))?;
    all(&rows, Columns::case_id)
}

/// Words too short for the index are looked for in the last opened cases of the shop. Served by
/// the primary key of `case_text`.
async fn by_looking(
    pool: &PgPool,
    shop_id: &ShopId,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<CaseId>, StoreFault> {
    let rows = sqlx::query(
        "select case_id from (select case_id, text from case_text where shop_id = $1 \
         order by case_id desc limit $2) as last where not exists \
         (select 1 from unnest($3::text[]) as word where strpos(text, word) = 0) \
         order by case_id desc limit $4",
    )
    .bind(shop_id.as_str())
    .bind(SHORT_LOOKED_AT_MAX)
    .bind(&wanted.words)
    .bind(limited(limit))
    .fetch_all(pool)
    .await
    .map_err(failing("search cases for a short word"))?;
    all(&rows, Columns::case_id)
}
