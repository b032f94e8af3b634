//! Time is moved until nothing more happens by itself.

use super::book::Book;
use crate::world::settle;
use app::assembly::App;
use domain::moment::Span;
use sandbox::Sandbox;
use std::time::Duration;

/// The most moves of the clock.
const MOVES_MAX: usize = 400;

/// Moves the clocks, here and at the channel, and steps the workers.
pub async fn pass(app: &App, sandbox: &Sandbox, span: Span) {
    app.clock.move_forward(span);
    sandbox.advance(Duration::from_millis(u64::try_from(span.ms()).unwrap()));
    settle(app, sandbox).await;
}

/// Moves time on until the outbox is empty and every case has ended or waits for people who can
/// end it: minutes while money is on its way, half days while deadlines run.
pub async fn until_calm(app: &App, sandbox: &Sandbox) -> Book {
    for _ in 0..MOVES_MAX {
        let outbox = app.desk.store().outbox_counts(app.desk.now()).await.unwrap();
        if outbox.due + outbox.waiting > 0 {
            pass(app, sandbox, Span::seconds(62)).await;
            continue;
        }
        let book = Book::open(app.desk.store()).await;
        if book.cases().all(|case| !case.is_open() || super::book::waits_for_people(case)) {
            return book;
        }
        pass(app, sandbox, Span::hours(12)).await;
    }
    Book::open(app.desk.store()).await
}
