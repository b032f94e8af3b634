//! `wanbi doctor`: configuration, database, keys, clock, files, reachability of the provider; and
//! for each what to do if it is not right.

use crate::{
    assembly::{App, calendar},
    config::Config,
    world::{WallClock, random_hex},
};
use domain::moment::Span;
use engine::ports::Clock;
use providers::wechat_pay::{WechatPay, answer::Answer, refund, sign::Stamp};
use std::{process::ExitCode, sync::Arc};

/// A calendar should reach so far ahead.
const CALENDAR_AHEAD: Span = Span::days(45);

/// One thing looked at.
struct Finding {
    what: String,
    wrong: Option<(String, &'static str)>,
}

/// Runs `wanbi doctor`.
///
/// # Errors
/// Never by itself: what is wrong is a finding.
pub async fn doctor(config: &Config) -> anyhow::Result<ExitCode> {
    let clock = Arc::new(WallClock::default());
    let mut findings = vec![secret(config), days(config, clock.as_ref())];
    match App::assemble(config, Arc::clone(&clock)).await {
        Ok(app) => {
            findings.push(right("database, merchant keys and files can be opened"));
            findings.push(database(&app).await);
            findings.push(outbox(&app).await);
            for (shop, account) in app.channel.shops() {
                findings.push(provider(shop.as_str(), &account.line, clock.as_ref()).await);
            }
        }
        Err(error) => findings.push(Finding {
            what: "everything can be opened".to_owned(),
            wrong: Some((error.to_string(), "mend what is named, then look again")),
        }),
    }
    let mut ill = 0;
    for finding in &findings {
        match &finding.wrong {
            None => println!("ok    {}", finding.what),
            Some((why, cure)) => {
                ill += 1;
                println!("WRONG {}: {why}\n      -> {cure}", finding.what);
            }
        }
    }
    println!("{} looked at, {ill} wrong", findings.len());
    Ok(if ill == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn right(what: impl Into<String>) -> Finding {
    Finding { what: what.into(), wrong: None }
}

fn secret(config: &Config) -> Finding {
    let unset = config.security.secret.is_empty();
    let cure = "set security.secret or WANBI_SECURITY_SECRET to 32 random characters";
    let wrong = unset.then(|| ("it is not set".to_owned(), cure));
    Finding { what: "the secret".to_owned(), wrong }
}

fn days(config: &Config, clock: &dyn Clock) -> Finding {
    let what = "the calendar of working days".to_owned();
    let cure = "set calendar.file to one that knows the coming months (State Council notice)";
    let wrong = match calendar(config) {
        Err(error) => Some((error.to_string(), cure)),
        Ok(calendar) => {
            let ahead = clock.now().after(CALENDAR_AHEAD);
            let until = calendar.valid_until();
            (ahead.date_in_china() > until).then(|| (format!("it ends on {until}"), cure))
        }
    };
    Finding { what, wrong }
}

async fn database(app: &App) -> Finding {
    let cure = "start the program that belongs to this database once, or restore the database";
    let wrong = app.desk.store().check().await.err().map(|fault| (fault.to_string(), cure));
    Finding { what: "the database answers and its schema fits".to_owned(), wrong }
}

async fn outbox(app: &App) -> Finding {
    let what = "the outbox".to_owned();
    let cure = "look at GET /api/v1/outbox?state=buried, mend the cause, retry";
    let wrong = match app.desk.store().outbox_counts(app.desk.now()).await {
        Err(fault) => Some((fault.to_string(), cure)),
        Ok(counts) if counts.buried > 0 => Some((format!("{} are buried", counts.buried), cure)),
        Ok(_) => None,
    };
    Finding { what, wrong }
}

/// A question about a refund that does not exist: a signed or well-formed answer proves network,
/// keys and clock at once.
async fn provider(shop: &str, line: &WechatPay, clock: &dyn Clock) -> Finding {
    let what = format!("WeChat Pay answers {shop} (network, keys, clock)");
    let cure = "compare merchant number, certificate serial, key files and the machine's clock";
    let nonce = random_hex::<16>();
    let stamp = Stamp { now_s: clock.now().seconds(), nonce: &nonce };
    let Ok(query) = refund::Query::new("WANBI-DOCTOR-0000") else { return right(what) };
    let wrong = match line.query_refund(&query, stamp).await {
        Answer::NotFound(_) | Answer::Known(_) => None,
        Answer::Declined(declined) => {
            Some((format!("{} {}", declined.http_status, declined.code), cure))
        }
        Answer::Unknown(unknown) => Some((unknown.why.to_string(), cure)),
    };
    Finding { what, wrong }
}
