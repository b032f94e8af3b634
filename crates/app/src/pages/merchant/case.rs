//! The merchant's case page: everything about one case in one place, with every decision on it.

pub mod form;

mod decide;
mod deed;
mod dossier;
mod evidence;
mod foresight;
mod line;
mod marks;
mod panel;
mod replies;
mod sheet;
mod speak;
mod warning;

use crate::pages::{Routes, live, sent::SENT_BYTES_MAX};
use axum::{
    extract::DefaultBodyLimit,
    routing::{get, post},
};

/// The paths of the decision panel; the last part names the form.
const FORMS: [&str; 18] = [
    "confirm-proposal",
    "decline-proposal",
    "approve",
    "approve-part",
    "offer",
    "request-evidence",
    "reject",
    "receive",
    "inspect",
    "send-replacement",
    "escalate",
    "refunds/{refund_no}/replace",
    "refunds/{refund_no}/name-card",
    "refunds/{refund_no}/name-account",
    "refunds/{refund_no}/approve-payout",
    "refunds/{refund_no}/mark-paid",
    "refunds/{refund_no}/ticket",
    "tickets/{ticket_no}/close",
];

/// The routes of the case page.
pub fn routes() -> Routes {
    let page = "/m/cases/{case_id}";
    let files = Routes::new()
        .route(&format!("{page}/evidence"), post(evidence::add))
        .route(&format!("{page}/messages"), post(speak::message))
        .route(&format!("{page}/notes"), post(speak::note));
    let forms = FORMS.iter().fold(files, |routes, form| {
        routes.route(&format!("{page}/{form}"), get(decide::open).post(decide::send))
    });
    forms
        .route(&format!("{page}/mark"), post(marks::save))
        .layer(DefaultBodyLimit::max(SENT_BYTES_MAX))
        .route(page, get(decide::show))
        .route(&format!("{page}/live"), get(live::merchants_case))
        .route(&format!("{page}/evidence/{{file_id}}"), get(evidence::look))
        .route("/m/files/{file_id}", get(evidence::file))
}
