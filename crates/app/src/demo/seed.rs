//! The past of the demo: two shops, people, some three hundred orders, and every case told by the
//! commands that people would have sent, on a clock that begins three weeks ago.

mod agenda;
mod canvas;
mod dice;
mod goods;
mod marks;
mod order;
mod people;
mod picture;
mod play;
mod shop;
mod tale;
mod tales;

use super::{CHAHE, DemoFault, QINGCI, time::TimeMachine};
use agenda::Agenda;
use domain::moment::Span;
pub use people::shop_name;
use play::Player;
use std::sync::Arc;
use tales::{CHAHE_TALES, QINGCI_TALES};

/// How far the past reaches back.
pub const PAST: Span = Span::days(20);
/// The seed of the dice.
const SEED: u64 = 20_26;
/// Orders of each shop that nobody complains about.
const QUIET_ORDERS: u32 = 115;

/// An order with goods made to order, to ask why they cannot be sent back.
pub const MADE_TO_ORDER: &str = "3729000000000000001";
/// An order of tea that nobody has complained about yet.
pub const UNTOUCHED: &str = "3729000000000000002";

/// Fills an empty demo. The clock stands [`PAST`] behind, and at today's when it is done.
pub async fn seed(time: &Arc<TimeMachine>) -> Result<(), DemoFault> {
    let today = time.app.desk.now().after(PAST);
    people::move_in(time).await?;
    let mut agenda = Agenda::new(SEED, today);
    agenda.add_example(CHAHE, (UNTOUCHED, "TGY-250"), 0)?;
    agenda.add_example(QINGCI, (MADE_TO_ORDER, "DZ-PAIR"), 2)?;
    for shop in [CHAHE, QINGCI] {
        agenda.add_quiet_orders(shop, QUIET_ORDERS)?;
    }
    for (shop, tales) in [(CHAHE, CHAHE_TALES), (QINGCI, QINGCI_TALES)] {
        for tale in tales {
            agenda.add_tale(shop, tale)?;
        }
    }
    agenda.add_restless_buyer(CHAHE)?;
    let mut player = Player::new(Arc::clone(time));
    player.play(agenda).await?;
    people::appeal(time).await?;
    time.end_apart(0).await?;
    for shop in [CHAHE, QINGCI] {
        shop::answer_by_itself(time, shop).await?;
    }
    Ok(())
}
