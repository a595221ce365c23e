//! What both books are told, and what they write down.

use mexchange_engine::book::Side;

/// A message, as plain as any book takes it, and as small as a stream of them is in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) price: i64,
    /// Lots; of an amended order what is to be left of it.
    pub(crate) quantity: u32,
    pub(crate) owner: u16,
    pub(crate) act: Act,
    pub(crate) side: Side,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Match, end where it meets its owner, or rest.
    Place,
    /// Match, and end.
    Immediate,
    /// End a resting order.
    Cancel,
    /// Only leaves down keep the place.
    Amend,
}

impl Message {
    pub(crate) const fn cancel(id: u64) -> Self {
        Self { id, price: 0, quantity: 0, owner: 0, act: Act::Cancel, side: Side::Buy }
    }

    pub(crate) fn amend(id: u64, price: i64, leaves: i64) -> Self {
        Self { price, quantity: u32::try_from(leaves).expect("lots are few"), act: Act::Amend, ..Self::cancel(id) }
    }
}

/// One line of the report stream, as words that mean (what | side | details, id, price, quantity).
pub(crate) type Report = [u64; 4];

pub(crate) const ACCEPTED: u64 = 1;
pub(crate) const AMENDED: u64 = 2;
pub(crate) const TRADE: u64 = 3;
pub(crate) const PREVENTED: u64 = 4;
pub(crate) const DONE: u64 = 5;
pub(crate) const LEVEL: u64 = 6;
pub(crate) const REFUSED: u64 = 7;

/// Takes the reports of a book.
pub(crate) trait Tape {
    fn write(&mut self, report: Report);
}

/// Reports that a reader has not taken yet are this many at most: they stay in a near cache, as a ring's do.
const RING: usize = 4_096;

/// Writes each report out, over the oldest.
pub(crate) struct Ring {
    reports: Box<[Report; RING]>,
    /// How many were written.
    pub(crate) count: usize,
}

impl Ring {
    pub(crate) fn new() -> Self {
        let reports = vec![[0; 4]; RING].into_boxed_slice().try_into().expect("it has as many");
        Self { reports, count: 0 }
    }
}

impl Tape for Ring {
    #[inline]
    fn write(&mut self, report: Report) {
        self.reports[self.count % RING] = report;
        self.count += 1;
    }
}

/// Folds the reports into one number, which depends on each bit of them and on their order.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub(crate) struct Checksum {
    pub(crate) value: u64,
    pub(crate) count: usize,
    pub(crate) refused: usize,
}

impl Tape for Checksum {
    fn write(&mut self, report: Report) {
        self.count += 1;
        self.refused += usize::from(report[0] == REFUSED);
        for word in report {
            self.value = (self.value ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        }
    }
}

/// Wants none of them.
pub(crate) struct Nothing;

impl Tape for Nothing {
    fn write(&mut self, _: Report) {}
}
