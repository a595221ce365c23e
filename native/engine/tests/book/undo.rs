//! A book that was rolled back is the book that it was, and goes on like one that never recorded.

use std::collections::HashMap;

use crate::random::Random;
use mexchange_engine::book::{Book, Handle, Resting, SelfTradePrevention, Side, Steps, Taker};
use mexchange_engine::book::{Prevention, Trade};

/// A book whose caller keeps the handles, as an engine does.
#[derive(Clone, Default)]
struct Driven {
    book: Book<u64>,
    handles: HashMap<u64, Handle>,
    next: u64,
}

#[derive(Default)]
struct Told {
    lines: Vec<String>,
    gone: Vec<u64>,
}

impl Steps<u64> for Told {
    fn trade(&mut self, trade: &Trade, &mut id: &mut u64) {
        let Trade { trade_id, maker_id, price, quantity, maker_leaves, taker_leaves, .. } = *trade;
        assert_eq!(maker_id, id);
        self.lines.push(format!("trade {trade_id} {id} {price} {quantity} {maker_leaves} {taker_leaves}"));
        self.gone.extend((maker_leaves == 0).then_some(id));
    }

    fn prevented(&mut self, prevention: &Prevention, &mut id: &mut u64) {
        let Prevention { decremented, maker_ends, .. } = *prevention;
        self.lines.push(format!("prevented {id} {decremented} {maker_ends}"));
        self.gone.extend(maker_ends.then_some(id));
    }
}

impl Driven {
    /// One random command; what it told.
    fn step(&mut self, random: &mut Random) -> Vec<String> {
        let mut told = Told::default();
        match random.below(8) {
            0..5 => self.place(random, &mut told),
            5..7 => self.cancel(random),
            _ => self.reduce(random),
        }
        for id in told.gone.drain(..) {
            self.handles.remove(&id);
        }
        self.book.levels_changed(|level| told.lines.push(format!("{level:?}")));
        told.lines
    }

    fn place(&mut self, random: &mut Random, told: &mut Told) {
        let (side, owner) = (random.of(&Side::BOTH), random.below(3));
        let (price, leaves) = (random.below(9).cast_signed() * 1_000, 1 + random.below(9).cast_signed());
        let modes = [SelfTradePrevention::None, SelfTradePrevention::CancelMaker, SelfTradePrevention::Decrement];
        let prevention = random.of(&modes);
        self.next += 1;
        let mut taker = Taker { owner, side, price, leaves, prevention, quote_unit: 0 };
        self.book.take(&mut taker, told);
        if taker.leaves > 0 && !self.book.crosses(side, price) {
            let order = Resting { id: self.next, owner, side, price, leaves: taker.leaves };
            self.handles.insert(self.next, self.book.rest(&order, self.next));
        }
    }

    fn any(&self, random: &mut Random) -> Option<u64> {
        let ids: Vec<u64> = self.orders().iter().map(|order| order.1).collect();
        (!ids.is_empty()).then(|| random.of(&ids))
    }

    fn cancel(&mut self, random: &mut Random) {
        if let Some(id) = self.any(random) {
            let handle = self.handles.remove(&id).expect("it rests");
            assert_eq!(self.book.take_out(handle).1, id);
        }
    }

    fn reduce(&mut self, random: &mut Random) {
        if let Some(id) = self.any(random) {
            let handle = self.handles[&id];
            let leaves = self.book.order(handle).leaves;
            self.book.reduce(handle, leaves - 1);
        }
    }

    fn orders(&self) -> Vec<(Resting, u64)> {
        let sides = Side::BOTH.into_iter();
        sides.flat_map(|side| self.book.orders(side).map(|(order, &id)| (order, id))).collect()
    }

    fn check_handles(&self) {
        assert_eq!(self.handles.len(), self.book.len());
        for (order, id) in self.orders() {
            assert_eq!(self.book.order(self.handles[&id]), order);
        }
    }
}

#[test]
fn a_book_rolled_back_is_the_book_that_it_was_and_goes_on_like_it() {
    for seed in 0..100 {
        let random = &mut Random(seed);
        let mut driven = Driven::default();
        let mut twin = Driven::default();
        for _ in 0..20 {
            let handles = driven.handles.clone();
            driven.book.record();
            let tries = random.below(30);
            (0..tries).for_each(|_| drop(driven.step(random)));
            driven.book.roll_back();
            driven.handles = handles;
            driven.next = twin.next;
            driven.check_handles();
            assert_eq!(driven.orders(), twin.orders(), "seed {seed}");
            assert_eq!(driven.book.trade_id(), twin.book.trade_id());
            let start = random.next();
            for _ in 0..random.below(30) {
                let (first, second) = (&mut Random(start), &mut Random(start));
                assert_eq!(driven.step(first), twin.step(second), "seed {seed}");
            }
        }
    }
}

#[test]
fn rolling_back_without_a_record_changes_nothing() {
    let mut driven = Driven::default();
    let random = &mut Random(1);
    (0..50).for_each(|_| drop(driven.step(random)));
    let before = driven.orders();
    driven.book.roll_back();
    assert!(!before.is_empty());
    assert_eq!(driven.orders(), before);
}
