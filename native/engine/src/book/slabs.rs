//! Where orders and levels live: arrays of small nodes that link to each other by slot.
//!
//! The slot freed last is given out next, as it is still in the nearest cache. Slot 0 is written to and never read, so
//! that an order without a neighbour is unlinked without a branch. Empty, a slab owns no memory.

use std::collections::VecDeque;

use super::order::Side;
use crate::index::Index;

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
        // Field by field: as a whole it would be put together elsewhere and copied, which is slower.
        let place = &mut self.nodes[slot as usize];
        self.free = place.next;
        place.id = node.id;
        place.leaves = node.leaves;
        place.next = node.next;
        place.previous = node.previous;
        place.level = node.level;
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
    /// Oldest order.
    pub head: u32,
    /// Youngest.
    pub tail: u32,
    pub orders: u32,
    pub side: Side,
    /// In the list of levels to tell, and not the first of it.
    pub touched: bool,
    /// In the list of levels that went empty.
    pub is_waiting: bool,
}

/// Levels stay for a while when their last order goes, as orders come again at the same prices. When a level is wanted
/// and 64 are empty, the one that went empty first is given up, so memory is bounded by what was in use at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    pub(super) nodes: Vec<LevelNode>,
    /// By key, bids and asks.
    slots: [Index<4>; 2],
    /// Levels that went empty, in that order, and may have orders again.
    waiting: VecDeque<u32>,
}

/// Levels that may wait for orders.
const WAITING_MAX: usize = 64;

impl Levels {
    /// The slot of this level, 0 if there is none.
    #[inline]
    pub(super) fn find(&self, side: Side, key: i64) -> u32 {
        self.slots[side.place()].find(key.cast_unsigned(), |slot| self.nodes[slot as usize].key == key)
    }

    /// A new level, without orders. `touched` is one that is still to be told.
    pub(super) fn open(&mut self, side: Side, key: i64, touched: u32) -> u32 {
        let node = LevelNode { key, quantity: 0, head: 0, tail: 0, orders: 0, side, touched: false, is_waiting: false };
        let slot = self.give_up(touched).unwrap_or_else(|| {
            self.nodes.resize(self.nodes.len().max(1) + 1, node);
            u32::try_from(self.nodes.len() - 1).expect("a book has fewer than 2^32 levels")
        });
        self.nodes[slot as usize] = node;
        let nodes = &self.nodes;
        let key_of = |slot: u32| nodes[slot as usize].key.cast_unsigned();
        self.slots[side.place()].insert(key.cast_unsigned(), slot, key_of);
        slot
    }

    /// The last order went.
    #[inline]
    pub(super) fn wait(&mut self, slot: u32) {
        let level = &mut self.nodes[slot as usize];
        if !level.is_waiting {
            level.is_waiting = true;
            self.waiting.push_back(slot);
        }
    }

    /// A slot that may be used again.
    #[inline]
    fn give_up(&mut self, touched: u32) -> Option<u32> {
        while self.waiting.len() > WAITING_MAX {
            let slot = self.waiting.pop_front()?;
            let level = &mut self.nodes[slot as usize];
            let LevelNode { side, key, .. } = *level;
            if level.touched || slot == touched {
                self.waiting.push_back(slot);
                return None;
            }
            level.is_waiting = false;
            if level.orders == 0 {
                let nodes = &self.nodes;
                let key_of = |slot: u32| nodes[slot as usize].key.cast_unsigned();
                self.slots[side.place()].remove(key.cast_unsigned(), slot, key_of);
                return Some(slot);
            }
        }
        None
    }
}
