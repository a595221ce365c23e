//! What was done to a book can be taken back: that is how a dry run leaves no trace.

use super::order::Side;
use super::slabs::Node;
use super::{Book, Ladder};

/// One change, with what it takes to undo it.
#[derive(Debug, Clone)]
pub(super) enum Change<P> {
    /// The order in this slot came to rest.
    Rested(u32),
    /// It lost so many lots.
    Reduced(u32, i64),
    /// It left, and this is how it was.
    TakenOut(Box<Left<P>>),
}

/// An order that left, with its neighbours at that moment.
#[derive(Debug, Clone)]
pub(super) struct Left<P> {
    pub slot: u32,
    pub side: Side,
    pub key: i64,
    pub node: Node<P>,
}

#[derive(Debug, Clone)]
pub(super) struct Undo<P> {
    changes: Vec<Change<P>>,
    trade_id: u64,
}

impl<P> Undo<P> {
    pub(super) fn push(&mut self, change: Change<P>) {
        self.changes.push(change);
    }
}

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    /// From now on, remember how to take back what is done. Levels touched before have been told.
    pub fn record(&mut self) {
        debug_assert_eq!(self.touched, 0);
        self.undo = Some(Box::new(Undo { changes: Vec::new(), trade_id: self.trade_id }));
    }

    /// As it was at `record`, which is over: the same orders behind the same handles, in the same order. Payloads that
    /// were changed in place stay so.
    pub fn roll_back(&mut self) {
        let Some(undo) = self.undo.take() else { return };
        self.trade_id = undo.trade_id;
        for change in undo.changes.into_iter().rev() {
            match change {
                Change::Rested(slot) => self.unlink(slot),
                Change::Reduced(slot, lots) => self.give_back(slot, lots),
                Change::TakenOut(left) => self.put_back(&left),
            }
            self.levels_changed(|_| ());
        }
    }

    /// Before the order in this slot leaves.
    #[cold]
    pub(super) fn remember(&mut self, slot: u32) {
        let Some(undo) = &mut self.undo else { return };
        let node = self.orders.nodes[slot as usize];
        let level = &self.levels.nodes[node.level as usize];
        undo.push(Change::TakenOut(Box::new(Left { slot, side: level.side, key: level.key, node })));
    }

    fn give_back(&mut self, slot: u32, lots: i64) {
        let node = &mut self.orders.nodes[slot as usize];
        node.leaves += lots;
        self.levels.nodes[node.level as usize].quantity += lots;
    }

    /// Whatever came after it was undone already, so its slot was freed last and its neighbours stand as they did.
    fn put_back(&mut self, left: &Left<P>) {
        let (level_slot, _) = self.sides[left.side.place()].open(&mut self.levels, left.side, left.key);
        self.touch(level_slot);
        let Node { leaves, next, previous, .. } = left.node;
        let slot = self.orders.put(Node { level: level_slot, ..left.node });
        assert_eq!(slot, left.slot, "changes are undone in reverse");
        self.orders.nodes[previous as usize].next = slot;
        self.orders.nodes[next as usize].previous = slot;
        let level = &mut self.levels.nodes[level_slot as usize];
        level.head = if previous == 0 { slot } else { level.head };
        level.tail = if next == 0 { slot } else { level.tail };
        level.quantity += leaves;
        level.orders += 1;
        self.len += 1;
    }
}
