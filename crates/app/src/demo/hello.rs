//! What a demo says when it is up: where to go, who can get in, what to try.

use super::{CHAHE, Demo, DemoFault, QINGCI, folder, seed, tokens::Tokens};
use crate::access::people::Office;
use domain::{application::CaseType, case::Stage, id::ShopId, policy::money};
use engine::rows::{CaseFilter, CaseOrder, CaseRow};
use std::fmt::Write;

/// Waiting cases looked at for one that fits the examples.
const LOOKED_AT: u32 = 50;
/// Examples are about no more than this, in fen: an agent may approve it alone.
const SMALL_FEN: i64 = 30_000;

/// An application to send back one piece without a reason.
const APPLICATION: &str = r#"{"type":"return_and_refund","reason":"unwanted_seven_days","items":[{"item_id":"A01","quantity":1}]}"#;

/// The whole text.
///
/// # Errors
/// [`DemoFault`] if the cases cannot be read.
pub async fn hello(demo: &Demo) -> Result<String, DemoFault> {
    let waiting = waiting(demo).await?;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _written = addresses(&mut text, demo)
        .and_then(|()| people(&mut text, &demo.tokens))
        .and_then(|()| tries(&mut text, demo, &waiting));
    Ok(text)
}

/// Cases of the tea shop that wait for it and whose money goes back at once when approved,
/// nearest deadline first.
async fn waiting(demo: &Demo) -> Result<Vec<CaseRow>, DemoFault> {
    let filter = CaseFilter {
        stage: Some(Stage::UnderReview.as_str().to_owned()),
        case_type: Some(CaseType::RefundOnly),
        order: CaseOrder::Deadline,
        ..CaseFilter::all(ShopId::parse(CHAHE).ok(), LOOKED_AT)
    };
    let page = demo.app.desk.store().cases(&filter).await?;
    Ok(page.rows.into_iter().filter(|row| row.amount.minor() <= SMALL_FEN).collect())
}

fn addresses(text: &mut String, demo: &Demo) -> std::fmt::Result {
    let (url, sandbox) = (&demo.running.url, &demo.running.sandbox_url);
    writeln!(text, "\n完璧 Wanbi · 演示 demo\n")?;
    writeln!(text, "  从这里开始 start here   {url}/\n")?;
    writeln!(text, "  API            {url}/api/v1")?;
    writeln!(text, "  文档 docs       {url}/api/docs")?;
    writeln!(text, "  OpenAPI        {url}/api/v1/openapi.json")?;
    writeln!(text, "  支付替身 pay    {sandbox}/sandbox/state   (WeChat Pay stand-in)")?;
    writeln!(text, "  文件夹 folder   {}", demo.folder.path().display())?;
    let ahead_s = demo.app.clock.apart_ms() / 1_000;
    if ahead_s > 0 {
        let (days, hours) = (ahead_s / 86_400, ahead_s % 86_400 / 3_600);
        writeln!(text, "  时钟 clock      +{days}d {hours}h 快于真实时间 ahead of real time")?;
    }
    Ok(())
}

fn people(text: &mut String, tokens: &Tokens) -> std::fmt::Result {
    writeln!(text, "\n令牌 tokens (also in tokens.json)\n")?;
    for person in &tokens.people {
        let office = serde_json::to_string(&person.office).unwrap_or_default();
        let office = office.trim_matches('"');
        writeln!(text, "  {:<9}{office:<12}{}", person.shop, person.token)?;
    }
    for key in &tokens.keys {
        let scope = serde_json::to_string(&key.scope).unwrap_or_default();
        let name = format!("key:{}", scope.trim_matches('"'));
        writeln!(text, "  {:<9}{name:<12}{}", key.shop, key.token)?;
    }
    for buyer in &tokens.buyers {
        writeln!(text, "  {:<9}{:<12}{}", buyer.shop.as_str(), "buyer", buyer.token)?;
        writeln!(text, "  {:<21}^ {} {}", "", buyer.name, buyer.buyer)?;
    }
    Ok(())
}

fn tries(text: &mut String, demo: &Demo, waiting: &[CaseRow]) -> std::fmt::Result {
    let (wanbi, url) = (wanbi(demo), demo.running.url.as_str());
    let agent = demo.tokens.of(CHAHE, Office::Agent);
    let words = Words { wanbi: &wanbi, url, agent };
    writeln!(text, "\n试一试 what to try, in this order (add | python3 -m json.tool)")?;
    heading(
        text,
        (1, "待商家处理的售后单，按时限排序"),
        "what waits for the merchant, by deadline",
    )?;
    let list = "/api/v1/cases?waits_for=merchant&sort=deadline&limit=5";
    writeln!(text, "  {}", words.get(list))?;
    heading(text, (2, "为什么不能退：定制商品"), "why not: goods made to order")?;
    let owner = demo.tokens.of(QINGCI, Office::Owner);
    let order = format!("{url}/api/v1/orders/{}/check", seed::MADE_TO_ORDER);
    let curl = format!("curl -s -H \"Authorization: Bearer {owner}\" -H \"Accept-Language: en\"");
    writeln!(text, "  {curl} \\\n    \"{order}\" -d '{APPLICATION}'")?;
    heading(text, (3, "买家申请退货退款"), "a buyer applies")?;
    let buyer = demo.tokens.buyers.first().map_or("", |buyer| &buyer.token);
    let order = format!("{url}/api/v1/orders/{}/cases", seed::UNTOUCHED);
    let curl = format!("curl -s -H \"Authorization: Bearer {buyer}\"");
    writeln!(text, "  {curl} \\\n    \"{order}\" -d '{APPLICATION}'")?;
    match waiting {
        [] => nothing_waits(text)?,
        [last] => words.silence(text, last)?,
        [first, last] => {
            words.shortage(text, last)?;
            words.silence(text, first)?;
        }
        [first, .., other, last] => {
            words.shortage(text, last)?;
            words.lost_notice(text, other)?;
            words.silence(text, first)?;
        }
    }
    writeln!(text, "\n更多故障 more trouble: {wanbi} faults --help")?;
    writeln!(text, "Ctrl-C 停止，数据保留；--fresh 重来 · stops, data stay; --fresh starts over")
}

/// This program as it was called, or how it is usually called.
fn program() -> String {
    let called = std::env::args().next().filter(|name| name.ends_with("wanbi"));
    format!("{} demo", called.unwrap_or_else(|| "wanbi".to_owned()))
}

/// How the commands begin, so that they find this demo again.
fn wanbi(demo: &Demo) -> String {
    let program = program();
    let path = demo.folder.path();
    let usual = folder::usual().canonicalize().ok();
    if usual.as_deref() == Some(path) {
        return program;
    }
    format!("{program} --folder '{}'", path.display())
}

fn heading(text: &mut String, (n, zh): (u32, &str), en: &str) -> std::fmt::Result {
    writeln!(text, "\n {n}. {zh} · {en}")
}

fn nothing_waits(text: &mut String) -> std::fmt::Result {
    heading(text, (4, "没有待处理的仅退款单；--fresh 重来"), "nothing waits any more; use --fresh")
}

/// What every example is made of.
struct Words<'a> {
    wanbi: &'a str,
    url: &'a str,
    agent: &'a str,
}

impl Words<'_> {
    fn get(&self, path: &str) -> String {
        format!("curl -s -H \"Authorization: Bearer {}\" \"{}{path}\"", self.agent, self.url)
    }

    fn approve(&self, row: &CaseRow) -> String {
        let Self { url, agent, .. } = self;
        let path = format!("{url}/api/v1/cases/{}/approve", row.case_id);
        format!("curl -s -X POST -H \"Authorization: Bearer {agent}\" {path}")
    }

    fn timeline(&self, row: &CaseRow) -> String {
        self.get(&format!("/api/v1/cases/{}/timeline", row.case_id))
    }

    fn shortage(&self, text: &mut String, row: &CaseRow) -> std::fmt::Result {
        let zh = format!("商户余额不足：退款（{}）等待，补足后自动继续", money(row.amount));
        let en = "the balance is short: the refund waits and goes on by itself";
        heading(text, (4, &zh), en)?;
        let wanbi = self.wanbi;
        writeln!(text, "  {wanbi} faults short-balance")?;
        writeln!(text, "  {}", self.approve(row))?;
        writeln!(text, "  {wanbi} clock +10m     # refund_waits (NOT_ENOUGH)")?;
        writeln!(text, "  {wanbi} faults clear")?;
        writeln!(text, "  {wanbi} clock +10m     # refund_succeeded")
    }

    fn lost_notice(&self, text: &mut String, row: &CaseRow) -> std::fmt::Result {
        let en = "a notice is lost: the system asks by itself";
        heading(text, (5, "退款通知丢失：系统仍会自己查到"), en)?;
        let wanbi = self.wanbi;
        writeln!(text, "  {wanbi} faults lose-notice")?;
        writeln!(text, "  {}", self.approve(row))?;
        writeln!(text, "  {wanbi} clock +3m      # refund_succeeded, by a query")
    }

    fn silence(&self, text: &mut String, row: &CaseRow) -> std::fmt::Result {
        let zh = format!("48 小时不处理，系统自动同意并退款（{}）", money(row.amount));
        let en = "nobody acts for 48 h: approved and refunded by itself";
        heading(text, (6, &zh), en)?;
        writeln!(text, "  {}", self.get(&format!("/api/v1/cases/{}", row.case_id)))?;
        writeln!(text, "  {} clock +48h", self.wanbi)?;
        writeln!(text, "  {}", self.timeline(row))
    }
}
