//! Changes of behaviour since the first version. Each is in force from the sequence on that its mark in the journal
//! names, so that what was written before keeps its meaning.

use crate::domain::units::Sequence;

/// Digests of content and output as in [`super::digest`]; before it, `BLAKE2b`.
pub const QUICK_DIGESTS: u32 = 1;

/// Which of them are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The first command that is digested quickly.
    pub quick_digests: Option<Sequence>,
}

impl Features {
    /// (number, first sequence) of those in force, by number.
    pub fn rows(&self) -> impl Iterator<Item = (u32, Sequence)> {
        self.quick_digests.map(|from| (QUICK_DIGESTS, from)).into_iter()
    }

    /// One more is in force. False: this version does not know it, or it was in force.
    pub fn add(&mut self, number: u32, from: Sequence) -> bool {
        if number != QUICK_DIGESTS || self.quick_digests.is_some() {
            return false;
        }
        self.quick_digests = Some(from);
        true
    }
}
