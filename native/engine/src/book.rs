//! An order book: price, then time. Orders in, events into the caller's sink; knows no accounts, balances or fees.
//!
//! Two ways in. A [`Desk`] is a whole order book: one call per message, refusals as values, everything that happened
//! told to a [`Sink`]. The [`Book`] in it is for an engine that finds orders itself, and checks and settles in between:
//! [`Book::take`], [`Book::rest`], [`Book::reduce`], [`Book::take_out`], [`Book::levels_changed`].
//!
//! Each order carries a payload `P`, plain data that means nothing to the book. An empty book owns no memory; a book
//! whose number of orders and levels does not grow beyond what it was before allocates none.
//!
//! ```
//! use mexchange_engine::book::{Desk, Request, Side, Silent};
//!
//! let mut desk: Desk = Desk::new();
//! desk.place(&Request::limit(1, 7, Side::Sell, 101, 5), (), &mut Silent)?;
//! let placed = desk.place(&Request::limit(2, 8, Side::Buy, 102, 3), (), &mut Silent)?;
//! assert!(!placed.rests);
//! assert_eq!(desk.book().best(Side::Sell), Some(101));
//! # Ok::<(), mexchange_engine::book::Refusal>(())
//! ```

#![expect(clippy::inline_always, reason = "measured: a fifth of the instructions of a message were calls and copies")]

mod desk;
mod glance;
mod ladder;
mod order;
mod pages;
mod slabs;
mod take;
mod undo;
mod walk;

use std::hint::select_unpredictable;

pub use desk::{Desk, Ending, Life, PRICE_MAX, Placed, QUANTITY_MAX, Refusal, Request, Silent, Sink};
pub use glance::{GLANCE_MAX, Named};
pub use ladder::{Ladder, Rung, TreeLadder};
pub use order::{Handle, Level, Prevention, Resting, SelfTradePrevention, Side, Steps, Stop, Taker, Trade};
pub use pages::PageLadder;

use slabs::{LevelNode, Levels, Node, Orders};
use undo::{Change, Undo};

/// One market's resting orders, each with a payload `P`.
#[derive(Debug, Clone)]
pub struct Book<P = (), L = PageLadder> {
    sides: [BookSide<L>; 2],
    levels: Levels,
    orders: Orders<P>,
    /// Counts that are bounded by the slots, here and in levels, are not checked again: it showed.
    len: usize,
    trade_id: u64,
    /// Levels that the command in hand has changed, in that order: the first, or 0, and the others.
    touched: u32,
    touched_next: Vec<u32>,
    undo: Option<Box<Undo<P>>>,
}

/// Bids or asks. Levels are keyed so that the smallest key is the best on both sides.
#[derive(Debug, Clone)]
struct BookSide<L> {
    best: Rung,
    ladder: L,
}

impl<L: Ladder> BookSide<L> {
    fn new() -> Self {
        Self { best: Rung::NONE, ladder: L::default() }
    }

    /// The level of this key, which has a place on the ladder and is about to get an order.
    #[inline(always)]
    fn open<'a>(&mut self, levels: &'a mut Levels, side: Side, key: i64) -> (u32, &'a mut LevelNode) {
        debug_assert!(key != i64::MAX && key != i64::MIN);
        let (slot, level) = levels.open(self.ladder.entry(key), side, key);
        self.best.slot = select_unpredictable(key < self.best.key, slot, self.best.slot);
        self.best.key = self.best.key.min(key);
        (slot, level)
    }
}

impl<P: Copy + Default, L: Ladder> Default for Book<P, L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    /// Empty, and without memory of its own.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sides: [BookSide::new(), BookSide::new()],
            levels: Levels::default(),
            orders: Orders::new(),
            len: 0,
            trade_id: 0,
            touched: 0,
            touched_next: Vec::new(),
            undo: None,
        }
    }

    /// How many orders rest.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Does no order rest.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Of the last trade, 0 before the first.
    #[must_use]
    pub const fn trade_id(&self) -> u64 {
        self.trade_id
    }

    /// Go on counting trades from here: for a book that is restored.
    pub const fn set_trade_id(&mut self, trade_id: u64) {
        self.trade_id = trade_id;
    }

    /// The best price of a side, in ticks.
    #[must_use]
    #[inline]
    pub fn best(&self, side: Side) -> Option<i64> {
        let own = &self.sides[side.place()];
        (own.best.slot != 0).then(|| side.key(own.best.key))
    }

    /// Would an order of this side trade at this price.
    #[must_use]
    #[inline]
    pub fn crosses(&self, side: Side, price: i64) -> bool {
        let opposite = side.opposite();
        self.sides[opposite.place()].best.key <= opposite.key(price)
    }

    /// Where a post-only order of this side would rest if it slides: its own price where that does not cross, else one
    /// tick off the opposite best.
    #[must_use]
    pub fn slide_price(&self, side: Side, price: i64) -> i64 {
        match (self.best(side.opposite()), side) {
            (Some(best), Side::Buy) => price.min(best - 1),
            (Some(best), Side::Sell) => price.max(best + 1),
            (None, _) => price,
        }
    }

    #[inline]
    fn id(&self, handle: Handle) -> u64 {
        self.orders.nodes[handle.0 as usize].id
    }

    /// What rests there.
    #[must_use]
    #[inline]
    pub fn order(&self, handle: Handle) -> Resting {
        let node = &self.orders.nodes[handle.0 as usize];
        let level = &self.levels.nodes[node.level as usize];
        Resting {
            id: node.id,
            owner: node.owner,
            side: level.side,
            price: level.side.key(level.key),
            leaves: node.leaves,
        }
    }

    /// The payload that the order was put in with.
    #[must_use]
    #[inline]
    pub fn payload(&self, handle: Handle) -> &P {
        &self.orders.nodes[handle.0 as usize].payload
    }

    /// To be changed at will: it means nothing to the book.
    #[inline]
    pub fn payload_mut(&mut self, handle: Handle) -> &mut P {
        &mut self.orders.nodes[handle.0 as usize].payload
    }

    /// Last in time at its price. The id is not in the book, the price crosses nothing, there is something left of it.
    ///
    /// # Panics
    /// If a level would hold more than `i64::MAX` lots, or the book 2^32 orders.
    #[inline(always)]
    pub fn rest(&mut self, order: &Resting, payload: P) -> Handle {
        let (slot, level_slot, _) = self.join(order, payload);
        self.touch(level_slot);
        if let Some(undo) = &mut self.undo {
            undo.push(Change::Rested(slot));
        }
        Handle(slot)
    }

    /// As `rest`, and somebody else tells the level. The slots of the order and of its level, and how that is now.
    #[inline(always)]
    fn join(&mut self, order: &Resting, payload: P) -> (u32, u32, Level) {
        debug_assert!(order.leaves > 0);
        debug_assert!(!self.crosses(order.side, order.price));
        let own = &mut self.sides[order.side.place()];
        let (level_slot, level) = own.open(&mut self.levels, order.side, order.side.key(order.price));
        level.quantity = level.quantity.checked_add(order.leaves).expect("a level holds less than 2^63 lots");
        let previous = level.tail;
        let Resting { id, owner, leaves, .. } = *order;
        let slot = self.orders.put(Node { id, leaves, next: 0, previous, level: level_slot, owner, payload });
        level.head = select_unpredictable(previous == 0, slot, level.head);
        level.tail = slot;
        level.orders = level.orders.wrapping_add(1);
        self.orders.nodes[previous as usize].next = slot;
        self.len = self.len.wrapping_add(1);
        (slot, level_slot, level.told())
    }

    /// The resting order wants this many lots less, and keeps its place. It may be left with none only if it is taken
    /// out before anything else.
    #[inline]
    pub fn reduce(&mut self, handle: Handle, lots: i64) {
        let node = &mut self.orders.nodes[handle.0 as usize];
        debug_assert!(!node.is_free() && 0 <= lots && lots <= node.leaves);
        node.leaves -= lots;
        let slot = node.level;
        self.levels.nodes[slot as usize].quantity -= lots;
        self.touch(slot);
        if let Some(undo) = &mut self.undo {
            undo.push(Change::Reduced(handle.0, lots));
        }
    }

    /// The order rests no longer; a level without orders goes. Returns what it was, and its payload.
    ///
    /// # Panics
    /// If the order has left the book before.
    #[inline(always)]
    pub fn take_out(&mut self, handle: Handle) -> (Resting, P) {
        let (order, payload) = (self.order(handle), *self.payload(handle));
        if self.undo.is_some() {
            self.remember(handle.0);
        }
        self.unlink(handle.0);
        (order, payload)
    }

    #[inline(always)]
    fn unlink(&mut self, slot: u32) {
        let (level_slot, level) = self.part(slot);
        self.touch(level_slot);
        if level.orders == 0 && self.sides[level.side.place()].best.slot == level_slot {
            self.next_best(level.side);
        }
    }

    /// The order leaves its level, of which the slot is returned and how it is now; somebody else tells it, and lets it
    /// go if it was its last order.
    #[inline(always)]
    fn part(&mut self, slot: u32) -> (u32, Level) {
        let Node { leaves, next, previous, level: level_slot, .. } = self.orders.nodes[slot as usize];
        assert_ne!(level_slot, 0, "the order rests no longer");
        self.orders.nodes[previous as usize].next = next;
        self.orders.nodes[next as usize].previous = previous;
        self.orders.free(slot);
        self.len = self.len.wrapping_sub(1);
        let level = &mut self.levels.nodes[level_slot as usize];
        level.head = select_unpredictable(previous == 0, next, level.head);
        level.tail = select_unpredictable(next == 0, previous, level.tail);
        level.quantity -= leaves;
        level.orders = level.orders.wrapping_sub(1);
        (level_slot, level.told())
    }

    #[inline(always)]
    fn touch(&mut self, slot: u32) {
        if self.touched == 0 {
            self.touched = slot;
        } else if self.touched != slot {
            self.touch_another(slot);
        }
    }

    #[inline(never)]
    fn touch_another(&mut self, slot: u32) {
        let level = &mut self.levels.nodes[slot as usize];
        if !level.touched {
            level.touched = true;
            self.touched_next.push(slot);
        }
    }

    /// The best level has no orders left. Those behind it may have none either, and wait to be told.
    #[inline]
    fn next_best(&mut self, side: Side) {
        let own = &mut self.sides[side.place()];
        loop {
            own.best = own.ladder.after(own.best.key);
            if own.best.slot == 0 || self.levels.nodes[own.best.slot as usize].orders > 0 {
                return;
            }
        }
    }

    /// Tells each level touched since the last call as it is now: bids first, in the order in which they were touched.
    /// Those without orders go.
    #[inline(always)]
    pub fn levels_changed(&mut self, mut tell: impl FnMut(&Level)) {
        let first = std::mem::take(&mut self.touched);
        if self.touched_next.is_empty() {
            if first != 0 {
                self.tell_level(first, &mut tell);
            }
            return;
        }
        for side in Side::BOTH {
            for at in 0..=self.touched_next.len() {
                let slot = if at == 0 { first } else { self.touched_next[at - 1] };
                if self.levels.nodes[slot as usize].side == side {
                    self.tell_level(slot, &mut tell);
                }
            }
        }
        for slot in self.touched_next.drain(..) {
            self.levels.nodes[slot as usize].touched = false;
        }
    }

    #[inline]
    fn tell_level(&mut self, slot: u32, tell: &mut impl FnMut(&Level)) {
        let level = self.levels.nodes[slot as usize].told();
        tell(&level);
        if level.orders == 0 {
            self.close_level(slot);
        }
    }

    /// The level has no orders, and was told.
    #[inline]
    fn close_level(&mut self, slot: u32) {
        let LevelNode { key, side, .. } = self.levels.nodes[slot as usize];
        let own = &mut self.sides[side.place()];
        own.ladder.remove(key, &mut own.best);
        self.levels.free(slot);
    }
}
