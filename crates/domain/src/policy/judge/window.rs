//! F6: is the after-sale window still open, and does the right exist at all?

use super::{Judge, count, item, moment};
use crate::{
    application::CaseType,
    facts::{Category, Item},
    policy::{catalogue::Code, reason::Reason},
};

impl Judge<'_> {
    /// F6 (退款失败原因 6): the window of the reason and category, counted from signing. Several
    /// items are judged by the one whose window closes first. A cancellation has no window.
    pub(super) fn check_window(&mut self) {
        let Some(reason) = self.reason else { return };
        if self.case_type() == CaseType::Cancellation {
            return;
        }
        let first = self.lines().min_by_key(|line| reason.window(line.item.category));
        let Some(line) = first else { return };
        self.check_closing(reason, line.item);
        if reason.no_reason {
            let without = self.lines().find(|line| lacks_right(line.item));
            if let Some(line) = without {
                self.find(Code::NoSevenDayRight, [item(line.item)]);
            }
        }
    }

    fn check_closing(&mut self, reason: &Reason, goods: &Item) {
        let window = reason.window(goods.category);
        let window_hours = count("window_hours", window.ms() / 3_600_000);
        let Some(signed_at) = self.question.facts.signed_at else {
            self.find(Code::WindowNotStarted, [item(goods), window_hours]);
            return;
        };
        let closes_at = signed_at.after(window);
        let code =
            if self.question.at <= closes_at { Code::WindowOpen } else { Code::WindowClosed };
        let facts = [
            item(goods),
            moment("signed_at", signed_at),
            window_hours,
            moment("closes_at", closes_at),
        ];
        self.find(code, facts);
    }
}

/// Made-to-order goods are K2's, virtual goods Q3's to judge.
fn lacks_right(item: &Item) -> bool {
    match item.category {
        Category::MadeToOrder | Category::Virtual => false,
        Category::Ordinary | Category::Fresh | Category::CrossBorder => !item.has_seven_day_right(),
    }
}
