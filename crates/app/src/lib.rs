//! What is offered: the API, the workers, the command line. The only crate where the real clock,
//! network, disk and environment are let in.

pub mod access;
pub mod api;
pub mod assembly;
pub mod audit;
pub mod bulletin;
pub mod carriers;
pub mod cli;
pub mod config;
pub mod demo;
pub mod evidence;
pub mod figures;
pub mod i18n;
pub mod import;
pub mod live;
pub mod metrics;
pub mod onboarding;
pub mod pages;
pub mod registry;
pub mod replies;
pub mod server;
pub mod spreadsheet;
pub mod vault;
pub mod workers;
pub mod world;
