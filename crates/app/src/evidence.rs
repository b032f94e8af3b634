//! Evidence files (B3, C3, P3).
#[cfg(test)]
pub(crate) mod fixture;
pub mod sniff;
