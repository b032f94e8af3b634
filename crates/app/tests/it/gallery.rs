//! Every page, filled with the demo's data. The pages are taken from the table of routes, so none
//! can be forgotten: what is rendered in both languages, looked over by axe-core and put into
//! pictures is the same list.

mod facts;
mod languages;
pub mod samples;
mod scene;

pub use samples::Sample;
pub use scene::Scene;
