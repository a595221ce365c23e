//! Levels and orders in order of price, then time: for snapshots, queries and dry runs.

use super::order::{Level, Resting, Side};
use super::{Book, Handle, Ladder};

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    /// Every level of a side, best price first.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        self.level_slots(side).map(move |slot| {
            let level = &self.levels.nodes[slot as usize];
            Level { side, price: side.key(level.key), quantity: level.quantity, orders: level.orders }
        })
    }

    /// Every resting order of a side with its payload, best price first, then oldest first.
    pub fn orders(&self, side: Side) -> impl Iterator<Item = (Resting, &P)> + '_ {
        self.handles(side).map(|handle| (self.order(handle), self.payload(handle)))
    }

    /// As `orders`, without looking at them.
    pub fn handles(&self, side: Side) -> impl Iterator<Item = Handle> + '_ {
        self.level_slots(side).flat_map(|level| {
            let head = self.levels.nodes[level as usize].head;
            std::iter::successors(slot(head), |&order| slot(self.orders.nodes[order as usize].next)).map(Handle)
        })
    }

    fn level_slots(&self, side: Side) -> impl Iterator<Item = u32> + '_ {
        let own = &self.sides[side.place()];
        std::iter::successors(slot(own.best.slot), move |&level| {
            slot(own.ladder.after(self.levels.nodes[level as usize].key).slot)
        })
        .filter(|&level| self.levels.nodes[level as usize].orders > 0)
    }
}

fn slot(slot: u32) -> Option<u32> {
    (slot != 0).then_some(slot)
}
