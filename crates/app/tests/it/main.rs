//! The application as its callers see it: over real HTTP, with the real client against the
//! payment channel's stand-in, on both databases.

mod life;
mod world;
