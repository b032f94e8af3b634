//! Replies: what a shop says often, written once. A template is filled with the values of a case,
//! by a person who sends it, or by the system where the shop has switched that on (I1).

pub mod auto;
pub mod fill;
pub mod follow;
pub mod sample;
pub mod shipped;
pub mod template;
pub mod variable;
