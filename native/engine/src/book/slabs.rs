//! Where orders and levels live: arrays of small nodes that link to each other by slot.
//!
//! The slot freed last is given out next, as it is still in the nearest cache. Slot 0 is written to and never read, so
//! that an order without a neighbour is unlinked without a branch. Empty, a slab owns no memory.

use super::order::Side;

/// The half of an order that every message touches: two to a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
pub(super) struct Node {
    pub id: u64,
    pub leaves: i64,
    /// Later in time at the same price; in a free slot the next free one.
    pub next: u32,
    /// Earlier in time.
    pub previous: u32,
    /// 0: the slot is free.
    pub level: u32,
}

impl Node {
    pub(super) const fn is_free(&self) -> bool {
        self.level == 0
    }
}

/// The half that only matching needs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Holder<P> {
    pub owner: u64,
    pub payload: P,
}

#[derive(Debug, Clone)]
pub(super) struct Orders<P> {
    pub nodes: Vec<Node>,
    pub holders: Vec<Holder<P>>,
    free: u32,
}

impl<P: Copy + Default> Orders<P> {
    pub(super) const fn new() -> Self {
        Self { nodes: Vec::new(), holders: Vec::new(), free: 0 }
    }

    #[inline]
    pub(super) fn put(&mut self, node: Node, holder: Holder<P>) -> u32 {
        let slot = self.free;
        if slot == 0 {
            return self.push(node, holder);
        }
        self.free = self.nodes[slot as usize].next;
        self.nodes[slot as usize] = node;
        self.holders[slot as usize] = holder;
        slot
    }

    #[cold]
    fn push(&mut self, node: Node, holder: Holder<P>) -> u32 {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
            self.holders.push(Holder::default());
        }
        let slot = u32::try_from(self.nodes.len()).expect("a book has fewer than 2^32 orders");
        self.nodes.push(node);
        self.holders.push(holder);
        slot
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
    /// In the list of levels to tell.
    pub touched: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    pub nodes: Vec<LevelNode>,
    free: u32,
}

impl Levels {
    #[inline]
    pub(super) fn put(&mut self, side: Side, key: i64) -> u32 {
        let node = LevelNode { key, quantity: 0, head: 0, tail: 0, orders: 0, side, touched: false };
        let slot = self.free;
        if slot == 0 {
            return self.push(node);
        }
        self.free = self.nodes[slot as usize].head;
        self.nodes[slot as usize] = node;
        slot
    }

    #[cold]
    fn push(&mut self, node: LevelNode) -> u32 {
        if self.nodes.is_empty() {
            self.nodes.push(node);
        }
        let slot = u32::try_from(self.nodes.len()).expect("a book has fewer than 2^32 levels");
        self.nodes.push(node);
        slot
    }

    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        self.nodes[slot as usize].head = self.free;
        self.free = slot;
    }
}
