//! What a test stands on: a database of its own, and the store in it.

use engine::ports::Store;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    panic::resume_unwind,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use store::{Options, figures_beside};
use tempfile::TempDir;

const VARIABLE: &str = "WANBI_TEST_POSTGRES";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A fresh database with a store.
pub struct Ground {
    pub backend: Backend,
    pub url: String,
    pub store: Arc<dyn Store>,
    place: Place,
}

/// What must be cleaned up.
enum Place {
    Folder { _kept: TempDir },
    Database { server: String, name: String },
}

impl Ground {
    pub async fn sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("wanbi.db").display());
        let store = open(&url).await;
        Self { backend: Backend::Sqlite, url, store, place: Place::Folder { _kept: folder } }
    }

    pub async fn postgres() -> Self {
        let server = server();
        let name = name();
        // Names of processes come again; what an earlier one left is not ours to keep.
        run(&server, format!("drop database if exists {name} with (force)")).await;
        run(&server, format!("create database {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        let url = format!("{base}/{name}");
        let store = open(&url).await;
        Self { backend: Backend::Postgres, url, store, place: Place::Database { server, name } }
    }

    /// Holds a fact to this ground, and cleans up whether it held or not.
    pub async fn hold<F: Future<Output = ()> + Send + 'static>(
        self,
        fact: impl FnOnce(Arc<Self>) -> F,
    ) {
        let ground = Arc::new(self);
        let result = tokio::spawn(fact(Arc::clone(&ground))).await;
        if let Place::Database { server, name } = &ground.place {
            run(server, format!("drop database if exists {name} with (force)")).await;
        }
        if let Err(error) = result {
            resume_unwind(error.into_panic());
        }
    }

    /// A second store in the same database, as another process would have.
    pub async fn another(&self) -> Arc<dyn Store> {
        open(&self.url).await
    }

    /// Runs one statement behind the store's back.
    pub async fn tamper(&self, sql: &'static str) {
        match &self.place {
            Place::Folder { .. } => {
                let mut connection =
                    sqlx::SqliteConnection::connect(&self.url).await.expect("the file opens");
                sqlx::query("attach ?1 as views")
                    .bind(beside(&self.url))
                    .execute(&mut connection)
                    .await
                    .expect("the file beside it is attached");
                sqlx::query(sql).execute(&mut connection).await.expect("the statement runs");
            }
            Place::Database { .. } => run(&self.url, sql.to_owned()).await,
        }
    }
}

/// The file of figures beside a SQLite file.
pub fn beside(url: &str) -> String {
    let file = Path::new(url.trim_start_matches("sqlite://"));
    figures_beside(file).to_string_lossy().into_owned()
}

pub async fn open(url: &str) -> Arc<dyn Store> {
    store::open(url, &Options { serves: true, ..Options::default() })
        .await
        .expect("the store opens")
}

#[expect(clippy::disallowed_methods, reason = "only the environment knows where the server is")]
fn server() -> String {
    let server = std::env::var(VARIABLE);
    server.unwrap_or_else(|_| {
        panic!("{VARIABLE} is not set: run `cargo xtask test`, or set it to the URL of a server")
    })
}

fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("wanbi_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn run(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.expect("the server answers");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the statement runs");
    connection.close().await.expect("the connection closes");
}
