//! State to canonical bytes, back, and their hash: equal states are equal bytes, in every engine.

use std::fmt;

pub use super::snapshot_reader::load;
pub use super::snapshot_writer::dump;

/// The bytes are not a snapshot that this engine reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSnapshot(pub &'static str);

impl fmt::Display for BadSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a snapshot of an exchange: {}", self.0)
    }
}

impl std::error::Error for BadSnapshot {}

/// Bytes of a state hash.
pub const HASH_SIZE: usize = 32;

/// BLAKE2b-256 of a snapshot's bytes: the state hash.
pub fn hash_of(snapshot: &[u8]) -> [u8; HASH_SIZE] {
    let hash = blake2b_simd::Params::new().hash_length(HASH_SIZE).hash(snapshot);
    crate::codec::row::bytes_at(hash.as_bytes(), 0)
}
