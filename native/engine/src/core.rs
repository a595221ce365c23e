//! The rules: who may do what, and what comes of it. The twin of `mexchange.core`, file by file.

pub mod digest;
pub mod features;
pub mod state;
