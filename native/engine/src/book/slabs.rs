//! Where orders and levels live: arrays of small nodes that link to each other by slot.
//!
//! The slot freed last is given out next, as it is still in the nearest cache. Slot 0 is written to and never read, so
//! that an order without a neighbour is unlinked without a branch. Empty, a slab owns no memory.

use std::hint::select_unpredictable;

use super::order::{Level, Side};

/// An order, in one cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Node<P> {
    pub id: u64,
    pub leaves: i64,
    /// Later in time at the same price; in a free slot the next free one.
    pub next: u32,
    /// Earlier in time.
    pub previous: u32,
    /// 0: the slot is free.
    pub level: u32,
    pub owner: u64,
    pub payload: P,
}

impl<P> Node<P> {
    pub(super) const fn is_free(&self) -> bool {
        self.level == 0
    }
}

#[derive(Debug, Clone)]
pub(super) struct Orders<P> {
    pub nodes: Vec<Node<P>>,
    free: u32,
}

impl<P: Copy + Default> Orders<P> {
    pub(super) const fn new() -> Self {
        Self { nodes: Vec::new(), free: 0 }
    }

    #[inline(always)]
    pub(super) fn put(&mut self, node: Node<P>) -> u32 {
        if self.free == 0 {
            self.grow();
        }
        let slot = self.free;
        // Field by field: as a whole it would be put together elsewhere and copied, which is slower.
        let place = &mut self.nodes[slot as usize];
        self.free = place.next;
        place.id = node.id;
        place.leaves = node.leaves;
        place.next = node.next;
        place.previous = node.previous;
        place.level = node.level;
        place.owner = node.owner;
        place.payload = node.payload;
        slot
    }

    /// A free slot more.
    #[cold]
    fn grow(&mut self) {
        let len = self.nodes.len().max(1) + 1;
        self.nodes.resize(len, Node::default());
        self.free = u32::try_from(len - 1).expect("a book has fewer than 2^32 orders");
    }

    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        let node = &mut self.nodes[slot as usize];
        node.level = 0;
        node.next = self.free;
        self.free = slot;
    }
}

/// All orders at one price.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
pub(super) struct LevelNode {
    /// The smallest is the best.
    pub key: i64,
    /// Lots.
    pub quantity: i64,
    /// Oldest order; in a free slot the next free one.
    pub head: u32,
    /// Youngest.
    pub tail: u32,
    pub orders: u32,
    pub side: Side,
    /// In the list of levels to tell, and not the first of it.
    pub touched: bool,
}

const EMPTY: LevelNode =
    LevelNode { key: 0, quantity: 0, head: 0, tail: 0, orders: 0, side: Side::Buy, touched: false };

#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    pub nodes: Vec<LevelNode>,
    free: u32,
}

impl LevelNode {
    #[inline]
    pub(super) fn told(&self) -> Level {
        let Self { key, quantity, orders, side, .. } = *self;
        Level { side, price: side.key(key), quantity, orders }
    }
}

impl Levels {
    /// The level at this place of a ladder, which gets a new one without orders where it has none. Whether it has is as
    /// good as random where prices move, so nothing branches on it.
    #[inline]
    pub(super) fn open(&mut self, place: &mut u32, side: Side, key: i64) -> (u32, &mut LevelNode) {
        if self.free == 0 {
            self.grow();
        }
        let is_new = *place == 0;
        let slot = select_unpredictable(is_new, self.free, *place);
        *place = slot;
        self.free = select_unpredictable(is_new, self.nodes[self.free as usize].head, self.free);
        let level = &mut self.nodes[slot as usize];
        level.key = key;
        level.side = side;
        (slot, level)
    }

    #[cold]
    fn grow(&mut self) {
        self.nodes.resize(self.nodes.len().max(1) + 1, EMPTY);
        self.free = u32::try_from(self.nodes.len() - 1).expect("a book has fewer than 2^32 levels");
    }

    /// The level has no orders and no place on a ladder.
    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        self.nodes[slot as usize].head = self.free;
        self.free = slot;
    }
}
