//! A house of its own for a measurement: a database, a shop, and the program that serves it.

use crate::{
    http::{Ask, Line},
    maker::Maker,
};
use anyhow::{Context, Result, bail};
use domain::{id::ShopId, moment::Moment};
use engine::{
    ports::Store,
    rows::{Commit, CommitVerdict},
};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

/// The shop of every measurement.
pub const SHOP: &str = "bench";
/// How long the program may take to answer for the first time.
const START_MAX: Duration = Duration::from_secs(60);
/// How long it may take to follow what was filled in.
const FOLLOW_MAX: Duration = Duration::from_secs(300);
/// Orders written in one transaction.
const BATCH: u64 = 512;

/// Where a measurement is made.
pub struct House {
    wanbi: PathBuf,
    folder: PathBuf,
    /// The database's address.
    pub url: String,
    /// The owner's token.
    pub token: String,
    /// The owner's invitation to the pages.
    invited: String,
    /// The store, opened beside the program.
    pub store: Arc<dyn Store>,
    /// What makes orders in it.
    pub maker: Maker,
}

/// A program that serves; stopped when it is dropped.
pub struct Served {
    child: Child,
    /// Host and port.
    pub host: String,
    /// How long it took until it answered, in milliseconds.
    pub start_ms: f64,
}

impl House {
    /// Opens a shop in a fresh database.
    pub async fn new(wanbi: &Path, folder: &Path, url: String) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let mut opens = command(wanbi, folder, &url);
        opens.args(["shop", "open", SHOP, "--name", "量具店"]);
        let opened = opens.output().context("open the shop")?;
        if !opened.status.success() {
            bail!("the shop was not opened in {url}");
        }
        let token = String::from_utf8(opened.stdout)?.trim().to_owned();
        let said = String::from_utf8(opened.stderr)?;
        let link = said.split_whitespace().find_map(|word| Some(word.split_once("/m/join/")?.1));
        let invited = link.context("the owner is invited")?.to_owned();
        let store = store::open(&url, &store::Options::default()).await?;
        let maker = Maker::new(ShopId::parse(SHOP)?, now());
        Ok(Self { wanbi: wanbi.into(), folder: folder.into(), url, token, invited, store, maker })
    }

    /// Writes the stories of these numbers. The next ones are made while the last are written.
    pub async fn fill(
        &self,
        numbers: std::ops::Range<u64>,
        story: impl Fn(u64) -> Result<Commit> + Send + Sync + 'static,
    ) -> Result<()> {
        let story = Arc::new(story);
        let make = |first: u64| {
            let (story, end) = (Arc::clone(&story), numbers.end);
            tokio::task::spawn_blocking(move || {
                let last = first.saturating_add(BATCH).min(end);
                (first..last).map(|n| story(n)).collect::<Result<Vec<_>>>()
            })
        };
        let mut first = numbers.start;
        let mut made = make(first);
        while first < numbers.end {
            let batch = made.await??;
            first = first.saturating_add(BATCH);
            made = make(first);
            let verdicts = self.store.commit(&batch).await?;
            if verdicts.iter().any(|verdict| *verdict != CommitVerdict::Committed) {
                bail!("an order before {first} was there already");
            }
        }
        self.settled().await
    }

    /// What was filled in is in the file and no longer in the log: it came long ago.
    async fn settled(&self) -> Result<()> {
        if self.url.starts_with("sqlite:") {
            let mut file = SqliteConnection::connect(&self.url).await?;
            sqlx::query("pragma wal_checkpoint(truncate)").fetch_all(&mut file).await?;
            file.close().await?;
        } else {
            let mut server = PgConnection::connect(&self.url).await?;
            let done = sqlx::query("checkpoint").execute(&mut server).await;
            done.context("only who may order a checkpoint can measure PostgreSQL")?;
            server.close().await?;
        }
        Ok(())
    }

    /// Waits until a program that serves has made figures and words of all that was filled in: a
    /// shop's day does not begin with a year of arrears. What the measured commands write is
    /// followed while they are measured.
    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    pub async fn followed(&self) -> Result<()> {
        let begin = Instant::now();
        while !self.store.shops_with_news(1).await?.is_empty() {
            if begin.elapsed() > FOLLOW_MAX {
                bail!("the program does not follow what was filled in");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Starts the program, and waits until it answers.
    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    pub async fn serve(&self) -> Result<Served> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let host = free.to_string();
        let mut serves = command(&self.wanbi, &self.folder, &self.url);
        serves.env("WANBI_SERVER_LISTEN", &host);
        serves.env("WANBI_SERVER_PUBLIC_URL", format!("http://{host}"));
        let begin = Instant::now();
        let child = serves.arg("serve").stdout(Stdio::null()).spawn().context("start wanbi")?;
        let mut served = Served { child, host, start_ms: 0.0 };
        loop {
            if let Ok(mut line) = Line::open(&served.host).await
                && line.send(&Ask::get("/readyz", &self.token)).await?.status == 200
            {
                break;
            }
            if begin.elapsed() > START_MAX {
                bail!("the program did not answer in time");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        served.start_ms = begin.elapsed().as_secs_f64() * 1_000.0;
        Ok(served)
    }

    /// Lets the owner in at the desk: the cookie of the session. Once for each house.
    pub async fn sign_in(&self, host: &str) -> Result<String> {
        let mut line = Line::open(host).await?;
        let password = "password=measured+and+weighed";
        let join = format!("/m/join/{}", self.invited);
        let again = format!("{password}&again=measured+and+weighed");
        let joined = line.send(&Ask::form(&join, again)).await?;
        let person = joined.location.as_deref().and_then(|to| to.split_once('?'));
        let (_, person) = person.with_context(|| format!("join: {}", joined.status))?;
        let signs_in = format!("{person}&{password}");
        let signed_in = line.send(&Ask::form("/m/sign-in", signs_in)).await?;
        signed_in.cookie.with_context(|| format!("sign in: {}", signed_in.status))
    }

    /// The bytes of the database's files, or of the database.
    pub async fn bytes(&self) -> Result<u64> {
        match self.url.split_once("://") {
            Some(("sqlite", file)) => {
                let file = file.split('?').next().unwrap_or(file);
                let size = |end: &str| fs::metadata(format!("{file}{end}")).map_or(0, |m| m.len());
                let beside =
                    fs::metadata(store::figures_beside(Path::new(file))).map_or(0, |m| m.len());
                Ok(size("") + size("-wal") + beside)
            }
            _ => {
                let pool = sqlx::PgPool::connect(&self.url).await?;
                let size = sqlx::query_scalar("select pg_database_size(current_database())");
                let bytes: i64 = size.fetch_one(&pool).await?;
                Ok(u64::try_from(bytes)?)
            }
        }
    }
}

impl Served {
    /// Resident memory, in MB.
    pub fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()).context("VmRSS")?;
        Ok(kib.parse::<f64>()? / 1_024.0)
    }

    /// Stops it as an operator does, and waits for its end.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id())?;
        // SAFETY is the kernel's: a signal to a child of ours that nobody has waited for.
        #[expect(unsafe_code, reason = "the standard library cannot send SIGTERM")]
        unsafe {
            libc::kill(pid, libc::SIGTERM);
        }
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ended = self.end();
    }
}

fn command(wanbi: &Path, folder: &Path, url: &str) -> Command {
    let mut command = Command::new(wanbi);
    command
        .env("WANBI_DATABASE_URL", url)
        .env("WANBI_FILES_URL", folder.join("files"))
        .env("WANBI_SECURITY_SECRET", "measured-measured-measured-measured")
        .env("WANBI_LOG_FILTER", "error")
        .stdin(Stdio::null());
    command
}

/// Now, for what is made.
#[expect(clippy::disallowed_methods, reason = "what is made is as old as it says")]
pub fn now() -> Moment {
    Moment::from_ms(jiff::Timestamp::now().as_millisecond())
}
