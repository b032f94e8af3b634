//! The schema on one page, and the index behind each `where`.

use super::ground::{Backend, Ground, beside};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

pub fn both_backends_have_the_same_migrations() {
    let names = |backend: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder("migrations").join(backend)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[expect(clippy::disallowed_methods, reason = "blessing is asked for in the environment")]
fn is_blessed() -> bool {
    std::env::var("WANBI_BLESS").is_ok()
}

pub async fn the_page_shows_todays_schema(ground: Arc<Ground>) {
    let (name, schema) = match ground.backend {
        Backend::Sqlite => ("sqlite", sqlite(&ground.url).await),
        Backend::Postgres => ("postgres", postgres(&ground.url).await),
    };
    let path = folder("schema").join(format!("{name}.sql"));
    let page = format!(
        "-- Today's schema on one page, as the migrations give it. Made by the conformance suite\n\
         -- with WANBI_BLESS=1; the reasons are in the migrations.\n\n{schema}"
    );
    if is_blessed() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, page, "{} is old: run the tests with WANBI_BLESS=1", path.display());
}

async fn sqlite(url: &str) -> String {
    let (log, figures) = (statements(url).await, statements(&beside(url)).await);
    format!("{log}\n-- In the file of figures beside it.\n\n{figures}")
}

/// SQLite keeps the statements themselves.
async fn statements(url: &str) -> String {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let rows = sqlx::query(
        "select sql from sqlite_schema where sql is not null and tbl_name not like '\\_sqlx%' \
         escape '\\' and tbl_name not like 'sqlite%' and tbl_name not like 'case\\_gram\\_%' \
         escape '\\' order by tbl_name, type desc, name",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let statements = rows.iter().map(|row| row.get::<String, _>("sql"));
    statements.map(|sql| format!("{}\n\n", lower(&sql))).collect::<String>().trim_end().to_owned()
        + "\n"
}

/// SQLite writes the first words of a statement in capitals, whatever was given.
fn lower(sql: &str) -> String {
    let ours = sql
        .replacen("CREATE TABLE", "create table", 1)
        .replacen("CREATE VIRTUAL TABLE", "create virtual table", 1)
        .replacen("CREATE UNIQUE INDEX", "create unique index", 1)
        .replacen("CREATE INDEX", "create index", 1);
    format!("{ours};")
}

/// PostgreSQL writes its own words in capitals, and some that go without saying.
fn plain(sql: &str) -> String {
    let words = [
        ("CREATE UNIQUE INDEX", "create unique index"),
        ("CREATE INDEX", "create index"),
        (" ON public.", " on "),
        (" USING btree", ""),
        (" USING gin", " using gin"),
        (" WHERE ", " where "),
        (" IS NOT NULL", " is not null"),
        ("PRIMARY KEY", "primary key"),
        ("CHECK ", "check "),
        ("ANY (ARRAY", "any (array"),
        ("::text", ""),
        ("::bigint", ""),
    ];
    words.iter().fold(sql.to_owned(), |sql, (theirs, ours)| sql.replace(theirs, ours))
}

/// PostgreSQL keeps facts, out of which the statements are put together again.
async fn postgres(url: &str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = sqlx::query(
        "select relname::text as name, array_to_string(reloptions, ', ') as options \
         from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace \
         and relname not like '\\_sqlx%' order by relname",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut page = String::new();
    for table in &tables {
        let name: String = table.get("name");
        let mut lines = columns(&mut connection, &name).await;
        lines.extend(constraints(&mut connection, &name).await);
        let options: Option<String> = table.get("options");
        let with = options.map(|options| format!(" with ({options})")).unwrap_or_default();
        page += &format!("create table {name} (\n    {}\n){with};\n\n", lines.join(",\n    "));
        for index in indexes(&mut connection, &name).await {
            page += &format!("{index};\n\n");
        }
    }
    page.trim_end().to_owned() + "\n"
}

async fn columns(connection: &mut PgConnection, table: &str) -> Vec<String> {
    let rows = sqlx::query(
        "select concat_ws(' ', attname, format_type(atttypid, atttypmod), \
         case when collname = 'C' then 'collate \"C\"' end, \
         case when attnotnull then 'not null' end, \
         case when attidentity = 'a' then 'generated always as identity' end, \
         case when attgenerated = 's' then 'generated always as (' \
         || lower(pg_get_expr(adbin, adrelid)) || ') stored' end) as line \
         from pg_attribute left join pg_collation on pg_collation.oid = attcollation \
         left join pg_attrdef on adrelid = attrelid and adnum = attnum \
         where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    rows.iter().map(|row| plain(row.get("line"))).collect()
}

async fn constraints(connection: &mut PgConnection, table: &str) -> Vec<String> {
    let rows = sqlx::query(
        "select pg_get_constraintdef(oid) as line from pg_constraint \
         where conrelid = $1::regclass order by contype, conname",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    rows.iter().map(|row| plain(row.get("line"))).collect()
}

async fn indexes(connection: &mut PgConnection, table: &str) -> Vec<String> {
    let rows = sqlx::query(
        "select pg_get_indexdef(indexrelid) as line from pg_index \
         where indrelid = $1::regclass and not indisprimary order by indexrelid::regclass::text",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    rows.iter().map(|row| plain(row.get("line"))).collect()
}
