//! The exchange as a function: command blocks in, records out, everything in between is a [`core::state::State`].
//!
//! The twin of the Python package `mexchange.core`, file by file and function by function; what comes out is the same to
//! the last bit. No clock, no randomness, no input or output, no floating point numbers.

#![forbid(unsafe_code)]

pub mod book;
pub mod codec;
pub mod core;
pub mod domain;
mod index;
pub mod paged;

pub use codec::CodecError;
pub use core::engine::Engine;
