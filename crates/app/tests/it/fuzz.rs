//! Whatever is sent to any route is answered, and never as if it were our fault. Good requests are
//! made a little wrong: paths, queries, forms and bodies of the interface and of the pages, by
//! people who may take the route and by people who may not. `cargo xtask fuzz` goes on for longer.

mod mutate;
mod target;

use crate::{
    money::case_of,
    stress::{dice::Dice, setting},
    world::{Database, World},
};
use app::{server, world::Stopwatch};
use axum::{Router, body::Body, http::Request};
use std::time::Duration;
use target::Targets;
use tower::ServiceExt;

/// Requests sent in a world before the next one begins: by then sessions are over and keys are
/// gone, and little but refusals would be seen.
const REQUESTS_IN_A_WORLD: u64 = 500;
/// Requests sent unless `WANBI_FUZZ_REQUESTS` says how many; they begin at `WANBI_FUZZ_SEED`.
const REQUESTS: u64 = 2_000;
/// No request may take longer, on a machine that has other things to do as well.
const SLOW: Duration = Duration::from_secs(20);

#[tokio::test]
async fn any_request_is_answered_and_never_as_our_fault() {
    let first: u64 = setting("WANBI_FUZZ_SEED").unwrap_or_default();
    let wanted = setting("WANBI_FUZZ_REQUESTS").unwrap_or(REQUESTS);
    let mut counts = [0_u64; 6];
    for seed in first..first + wanted.div_ceil(REQUESTS_IN_A_WORLD) {
        let world = World::new(Database::Sqlite).await;
        let case_id = case_of(&world, "oB1", "3900001", 5_900).await;
        let targets = Targets::new(&world, &case_id).await;
        let router = server::service(world.app.clone(), 64);
        let mut dice = Dice::new(seed);
        for n in 0..REQUESTS_IN_A_WORLD {
            let (line, request) = targets.request(&mut dice);
            let watch = Stopwatch::start();
            let status = answered(&router, request).await;
            let told = format!("seed {seed}, request {n}: {line} is answered with {status}");
            assert!(status < 500, "{told}");
            let took = watch.elapsed();
            assert!(took < SLOW, "{told} after {took:?}");
            counts[usize::from(status / 100)] += 1;
        }
        world.settle().await;
        let back: i64 = world.sandbox.books().refunds().map(|refund| refund.refund_fen).sum();
        assert!(back <= 11_800, "seed {seed}: {back} fen went back of 11800");
    }
    println!("answers by hundreds: {counts:?}");
    // A search in which everything is refused at the door searches nothing.
    assert!(counts[2] + counts[3] > counts.iter().sum::<u64>() / 20, "{counts:?}");
}

async fn answered(router: &Router, request: Request<Body>) -> u16 {
    let answer = router.clone().oneshot(request).await;
    answer.map_or(0, |answer| answer.status().as_u16())
}
