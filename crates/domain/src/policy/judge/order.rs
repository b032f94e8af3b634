//! F1: is the order in a state that fits the type of the application?

use super::{Judge, moment};
use crate::{application::CaseType, facts::Progress, policy::catalogue::Code};

impl Judge<'_> {
    /// F1 (退款失败原因 1): an order not yet sent is cancelled first; one already sent cannot be
    /// cancelled any more.
    pub(super) fn order_fits(&mut self) -> bool {
        let facts = self.question.facts;
        let cancels = self.case_type() == CaseType::Cancellation;
        match facts.progress {
            Progress::AwaitingPayment => {
                self.find(Code::OrderUnpaid, [moment("placed_at", facts.placed_at)]);
                false
            }
            Progress::Cancelled => {
                self.find(Code::OrderCancelled, []);
                false
            }
            Progress::AwaitingShipment if !cancels => {
                self.find(Code::OrderNotShipped, []);
                false
            }
            Progress::PartlyShipped | Progress::Shipped | Progress::Completed if cancels => {
                self.find(Code::OrderAlreadyShipped, []);
                false
            }
            Progress::AwaitingShipment
            | Progress::PartlyShipped
            | Progress::Shipped
            | Progress::Completed => true,
        }
    }
}
