//! The pages as people see them: in a real browser, driven.
//!
//! Every test starts the application and a browser of its own. What a page writes to the console,
//! what its security policy refuses, and what it asks of another site fails the test that saw it.

mod apply;
mod axe;
mod crowded;
mod decisions;
mod doors;
mod driver;
mod every_page;
mod harness;
mod pictures;
mod replies;
mod script;
mod shop;
mod watch;
mod window;
