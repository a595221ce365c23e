//! Which prices have levels, and which of them comes next.

use std::collections::BTreeMap;
use std::ops::Bound;

/// A key that is in a ladder, and the slot of its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rung {
    /// The smallest is the best.
    pub key: i64,
    /// 0 if there is none.
    pub slot: u32,
}

impl Rung {
    /// Behind the last one. No price crosses it.
    pub const NONE: Self = Self { key: i64::MAX, slot: 0 };
}

/// From keys, in order, to the slots of their levels. One is kept per side of a book, and the smallest key is the best
/// price.
pub trait Ladder: Default {
    /// The slot at this key, to be filled in: a key that was not in it gets a place with 0.
    fn entry(&mut self, key: i64) -> &mut u32;
    /// The slot at this key, or 0.
    fn find(&self, key: i64) -> u32;
    /// The key, which is in it, goes. If it was the best one, the next one is.
    fn remove(&mut self, key: i64, best: &mut Rung);
    /// The smallest key that is greater than this one.
    fn after(&self, key: i64) -> Rung;
}

/// The plain one: correct for any prices, and the measure of the others.
#[derive(Debug, Clone, Default)]
pub struct TreeLadder(BTreeMap<i64, u32>);

impl TreeLadder {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Ladder for TreeLadder {
    fn entry(&mut self, key: i64) -> &mut u32 {
        self.0.entry(key).or_default()
    }

    fn find(&self, key: i64) -> u32 {
        self.0.get(&key).copied().unwrap_or(0)
    }

    fn remove(&mut self, key: i64, best: &mut Rung) {
        self.0.remove(&key);
        if best.key == key {
            *best = self.after(key);
        }
    }

    fn after(&self, key: i64) -> Rung {
        let next = self.0.range((Bound::Excluded(key), Bound::Unbounded)).next();
        next.map_or(Rung::NONE, |(&key, &slot)| Rung { key, slot })
    }
}
