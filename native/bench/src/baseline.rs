//! The book to compare with, frozen: what one writes with the standard library and care, and without tricks.
//!
//! A `BTreeMap` of levels a side, orders linked within a level, a `HashMap` with its own hasher from id to order. It
//! does what the flows ask for and tells the same reports. It is not to be made faster or slower.

use std::collections::{BTreeMap, HashMap};

use mexchange_engine::book::Side;

use crate::message::{ACCEPTED, AMENDED, Act, DONE, LEVEL, Message, PREVENTED, REFUSED, TRADE, Tape};

#[derive(Clone, Copy)]
struct Order {
    id: u64,
    owner: u64,
    side: Side,
    price: i64,
    leaves: i64,
    previous: Option<usize>,
    next: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Level {
    quantity: i64,
    orders: u64,
    head: Option<usize>,
    tail: Option<usize>,
}

#[derive(Default)]
pub(crate) struct Baseline {
    bids: BTreeMap<i64, Level>,
    asks: BTreeMap<i64, Level>,
    orders: Vec<Order>,
    free: Vec<usize>,
    ids: HashMap<u64, usize>,
    trade_id: u64,
    /// (price, level as it is now) of the message in hand, in order of their first touch.
    changed_bids: Vec<(i64, Level)>,
    changed_asks: Vec<(i64, Level)>,
}

impl Baseline {
    /// Does an order of this id rest.
    pub(crate) fn has(&self, id: u64) -> bool {
        self.ids.contains_key(&id)
    }

    /// (side, price, leaves) of a resting order.
    pub(crate) fn order(&self, id: u64) -> (Side, i64, i64) {
        let order = &self.orders[self.ids[&id]];
        (order.side, order.price, order.leaves)
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn levels(&self) -> usize {
        self.bids.len() + self.asks.len()
    }

    pub(crate) fn best(&self, side: Side) -> Option<i64> {
        match side {
            Side::Buy => self.bids.last_key_value().map(|(&price, _)| price),
            Side::Sell => self.asks.first_key_value().map(|(&price, _)| price),
        }
    }

    /// (id, price) of the order that a taker would meet first.
    pub(crate) fn first(&self, side: Side) -> Option<(u64, i64)> {
        let best = match side {
            Side::Buy => self.bids.last_key_value(),
            Side::Sell => self.asks.first_key_value(),
        };
        best.and_then(|(&price, level)| level.head.map(|head| (self.orders[head].id, price)))
    }

    pub(crate) fn send(&mut self, message: &Message, tape: &mut impl Tape) {
        match message.act {
            Act::Place | Act::Immediate => self.place(message, tape),
            Act::Cancel => self.cancel(message.id, tape),
            Act::Amend => self.amend(message.id, message.price, i64::from(message.quantity), tape),
        }
        self.tell_levels(tape);
    }

    fn place(&mut self, message: &Message, tape: &mut impl Tape) {
        let Message { id, price, side, .. } = *message;
        let (owner, leaves) = (u64::from(message.owner), i64::from(message.quantity));
        if leaves < 1 || self.ids.contains_key(&id) {
            return tape.write([REFUSED, id, 0, 0]);
        }
        tape.write([ACCEPTED | (side as u64) << 8, id, price.cast_unsigned(), leaves.cast_unsigned()]);
        let order = Order { id, owner, side, price, leaves, previous: None, next: None };
        self.enter(order, message.act == Act::Place, tape);
    }

    fn enter(&mut self, mut order: Order, may_rest: bool, tape: &mut impl Tape) {
        let ending = self.walk(&mut order, tape);
        match ending {
            Some(ending) => done(order.id, ending, order.leaves, tape),
            None if may_rest => self.rest(order),
            None => done(order.id, 3, order.leaves, tape),
        }
    }

    /// Trade as far as possible; why the taker ends, if it does.
    fn walk(&mut self, taker: &mut Order, tape: &mut impl Tape) -> Option<u64> {
        loop {
            let mut entry = match taker.side {
                Side::Buy => self.asks.first_entry()?,
                Side::Sell => self.bids.last_entry()?,
            };
            let price = *entry.key();
            let crosses = if taker.side == Side::Buy { price <= taker.price } else { price >= taker.price };
            if !crosses {
                return None;
            }
            let level = entry.get_mut();
            let (mut met_own, mut traded) = (false, false);
            while let Some(slot) = level.head {
                let maker = &mut self.orders[slot];
                if taker.leaves == 0 {
                    break;
                }
                if maker.owner == taker.owner {
                    tape.write([PREVENTED, maker.id, price.cast_unsigned(), maker.leaves.cast_unsigned()]);
                    met_own = true;
                    break;
                }
                let quantity = taker.leaves.min(maker.leaves);
                traded = true;
                taker.leaves -= quantity;
                maker.leaves -= quantity;
                level.quantity -= quantity;
                self.trade_id += 1;
                tape.write([TRADE | self.trade_id << 8, maker.id, price.cast_unsigned(), quantity.cast_unsigned()]);
                if maker.leaves > 0 {
                    break;
                }
                done(maker.id, 1, 0, tape);
                self.ids.remove(&maker.id);
                level.head = maker.next;
                level.orders -= 1;
                self.free.push(slot);
                match level.head {
                    Some(head) => self.orders[head].previous = None,
                    None => level.tail = None,
                }
            }
            let after = *level;
            if after.orders == 0 {
                entry.remove();
            }
            if traded {
                note(self.changed(taker.side.opposite()), price, after);
            }
            if met_own {
                return Some(7);
            }
            if taker.leaves == 0 {
                return Some(1);
            }
        }
    }

    fn rest(&mut self, mut order: Order) {
        let levels = if order.side == Side::Buy { &mut self.bids } else { &mut self.asks };
        let level = levels.entry(order.price).or_default();
        order.previous = level.tail;
        let slot = if let Some(slot) = self.free.pop() {
            self.orders[slot] = order;
            slot
        } else {
            self.orders.push(order);
            self.orders.len() - 1
        };
        match level.tail {
            Some(tail) => self.orders[tail].next = Some(slot),
            None => level.head = Some(slot),
        }
        level.tail = Some(slot);
        level.quantity += order.leaves;
        level.orders += 1;
        let after = *level;
        self.ids.insert(order.id, slot);
        note(self.changed(order.side), order.price, after);
    }

    /// The order, out of its level.
    fn take_out(&mut self, id: u64) -> Option<Order> {
        let slot = self.ids.remove(&id)?;
        let order = self.orders[slot];
        self.free.push(slot);
        let levels = if order.side == Side::Buy { &mut self.bids } else { &mut self.asks };
        let level = levels.get_mut(&order.price).expect("a resting order has a level");
        match order.previous {
            Some(previous) => self.orders[previous].next = order.next,
            None => level.head = order.next,
        }
        match order.next {
            Some(next) => self.orders[next].previous = order.previous,
            None => level.tail = order.previous,
        }
        level.quantity -= order.leaves;
        level.orders -= 1;
        let after = *level;
        if after.orders == 0 {
            levels.remove(&order.price);
        }
        note(self.changed(order.side), order.price, after);
        Some(order)
    }

    fn cancel(&mut self, id: u64, tape: &mut impl Tape) {
        match self.take_out(id) {
            Some(order) => done(id, 2, order.leaves, tape),
            None => tape.write([REFUSED, id, 0, 0]),
        }
    }

    fn amend(&mut self, id: u64, price: i64, leaves: i64, tape: &mut impl Tape) {
        let Some(&slot) = self.ids.get(&id) else {
            return tape.write([REFUSED, id, 0, 0]);
        };
        let order = &mut self.orders[slot];
        tape.write([AMENDED | (order.side as u64) << 8, id, price.cast_unsigned(), leaves.cast_unsigned()]);
        if price != order.price || leaves >= order.leaves {
            let order = self.take_out(id).expect("it rests");
            self.enter(Order { price, leaves, previous: None, next: None, ..order }, true, tape);
            return;
        }
        let (side, less) = (order.side, order.leaves - leaves);
        order.leaves = leaves;
        let levels = if side == Side::Buy { &mut self.bids } else { &mut self.asks };
        let level = levels.get_mut(&price).expect("a resting order has a level");
        level.quantity -= less;
        let after = *level;
        note(self.changed(side), price, after);
    }

    fn changed(&mut self, side: Side) -> &mut Vec<(i64, Level)> {
        if side == Side::Buy { &mut self.changed_bids } else { &mut self.changed_asks }
    }

    fn tell_levels(&mut self, tape: &mut impl Tape) {
        for (side, changed) in [(Side::Buy, &mut self.changed_bids), (Side::Sell, &mut self.changed_asks)] {
            for (price, level) in changed.drain(..) {
                let what = LEVEL | (side as u64) << 8 | level.orders << 32;
                tape.write([what, 0, price.cast_unsigned(), level.quantity.cast_unsigned()]);
            }
        }
    }
}

/// Within one message a level is touched again only where it was touched last.
fn note(changed: &mut Vec<(i64, Level)>, price: i64, level: Level) {
    match changed.last_mut() {
        Some(last) if last.0 == price => last.1 = level,
        _ => changed.push((price, level)),
    }
}

fn done(id: u64, ending: u64, leaves: i64, tape: &mut impl Tape) {
    tape.write([DONE | ending << 8, id, 0, leaves.cast_unsigned()]);
}
