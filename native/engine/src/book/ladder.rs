//! Which prices have orders, and which of them comes next.

use std::collections::BTreeSet;
use std::ops::Bound;

/// A set of keys, in order. One of them is kept per side of a book, and the smallest key is the best price.
pub trait Ladder: Default {
    /// The key is not in it yet.
    fn insert(&mut self, key: i64);
    /// The key is in it.
    fn remove(&mut self, key: i64);
    /// The smallest key that is greater than this one.
    fn after(&self, key: i64) -> Option<i64>;
}

/// The plain one: correct for any prices, and the measure of the others.
#[derive(Debug, Clone, Default)]
pub struct TreeLadder(BTreeSet<i64>);

impl Ladder for TreeLadder {
    fn insert(&mut self, key: i64) {
        self.0.insert(key);
    }

    fn remove(&mut self, key: i64) {
        self.0.remove(&key);
    }

    fn after(&self, key: i64) -> Option<i64> {
        self.0.range((Bound::Excluded(key), Bound::Unbounded)).next().copied()
    }
}
