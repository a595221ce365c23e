//! A look at what the next messages are about to touch. In turn each of them would wait for memory several times, as an
//! index leads to an order and an order to its neighbours; looked at together they wait once for each step.

use std::hint::black_box;

use super::order::Side;
use super::{Book, Desk, Ladder};

/// Messages of which a glance takes notice: what they need fits the nearest cache.
pub const GLANCE_MAX: usize = 64;
/// Up to so many orders, what is wanted is mostly in a near cache: two megabytes of them.
const SLOTS_MIN: usize = 1 << 15;

/// What a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The order.
    pub id: u64,
    /// Where it would rest: the side and price of a new order.
    pub level: Option<(Side, i64)>,
}

impl<P: Copy + Default, L: Ladder> Desk<P, L> {
    /// What the next messages name, at most `GLANCE_MAX` of them. Changes nothing but how soon they are done, where many
    /// orders rest.
    pub fn glance(&self, next: impl IntoIterator<Item = Named>) {
        if !self.book.is_worth_a_glance() {
            return;
        }
        let (mut orders, mut tails) = ([0; GLANCE_MAX], [0; GLANCE_MAX]);
        for ((order, tail), named) in orders.iter_mut().zip(&mut tails).zip(next) {
            *order = self.ids.glance(named.id);
            *tail = named.level.map_or(0, |(side, price)| self.book.youngest(side, price));
        }
        self.book.glance(&orders, &tails);
    }
}

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    fn is_worth_a_glance(&self) -> bool {
        self.orders.nodes.len() >= SLOTS_MIN
    }

    /// The slot behind which an order would rest, or 0.
    fn youngest(&self, side: Side, price: i64) -> u32 {
        let level = self.sides[side.place()].ladder.find(side.key(price));
        self.levels.nodes.get(level as usize).map_or(0, |level| level.tail)
    }

    /// Orders that are about to leave, and those that others are about to be linked to, by slot.
    fn glance(&self, leaving: &[u32; GLANCE_MAX], linked: &[u32; GLANCE_MAX]) {
        let nodes = &self.orders.nodes[..];
        let mut neighbours = [(0, 0); GLANCE_MAX];
        let mut seen = 0;
        for ((pair, &slot), &other) in neighbours.iter_mut().zip(leaving).zip(linked) {
            let node = &nodes[slot as usize];
            *pair = (node.previous, node.next);
            seen ^= nodes[other as usize].id;
        }
        for (previous, next) in neighbours {
            seen ^= nodes[previous as usize].id ^ nodes[next as usize].id;
        }
        black_box(seen);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Request, Silent};
    use super::*;

    #[test]
    fn a_glance_takes_any_names_and_changes_nothing() {
        let mut desk: Desk = Desk::new();
        for id in 1..=SLOTS_MIN as u64 {
            let price = (id % 1_000).cast_signed();
            desk.place(&Request::limit(id, 1, Side::Buy, price, 1), (), &mut Silent).expect("it is new");
        }
        assert!(desk.book().is_worth_a_glance());
        let before = format!("{desk:?}");
        let levels = [None, Some((Side::Buy, 7)), Some((Side::Sell, 7)), Some((Side::Sell, i64::MAX - 1))];
        desk.glance((0..1_000).map(|id| Named { id: id << 10, level: levels[id as usize % 4] }));
        desk.glance([]);
        assert_eq!(format!("{desk:?}"), before);
    }
}
