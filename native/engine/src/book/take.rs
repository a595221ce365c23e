//! A taker walks the other side, price by price and oldest first.

use std::hint::select_unpredictable;

use super::order::{Prevention, SelfTradePrevention, Side, Steps, Stop, Taker, Trade};
use super::undo::Change;
use super::{Book, Handle, Ladder};

/// What became of a taker at a level.
enum Met {
    /// The level is used up: the next one.
    GoesOn,
    /// This order of its owner stands first.
    Own(Handle),
    /// The taker ends here.
    Ends(Stop),
}

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    /// Trade as far as price and quantity allow, and tell each step. Makers without leaves have left the book when the
    /// next step is told; `taker.leaves` is what is left. The taker is not in the book.
    ///
    /// Fill-or-kill is the caller's to ask for first, by [`Book::fills_whole`]. By quote amount, prices are positive.
    #[inline]
    pub fn take(&mut self, taker: &mut Taker, steps: &mut impl Steps<P>) -> Stop {
        let side = taker.side.opposite();
        let limit = side.key(taker.price);
        let quote_unit = taker.quote_unit;
        loop {
            let best = self.sides[side.place()].best;
            if best.key > limit || best.slot == 0 {
                return if best.slot == 0 { Stop::Empty } else { Stop::Price };
            }
            let unit = unit(quote_unit, side.key(best.key));
            let ends = match self.take_level(best.slot, side, unit, taker, steps) {
                Met::GoesOn => None,
                Met::Own(maker) => self.prevent(taker, maker, steps),
                Met::Ends(stop) => Some(stop),
            };
            if let Some(stop) = ends {
                return stop;
            }
        }
    }

    /// Oldest first. The level's head, tail and sums, and the link of its new head, are written once, at the end; lots
    /// that trade are among those of both sides, so that no sum of them overflows.
    #[inline(always)]
    fn take_level(
        &mut self,
        level_slot: u32,
        side: Side,
        unit: i64,
        taker: &mut Taker,
        steps: &mut impl Steps<P>,
    ) -> Met {
        let level = &self.levels.nodes[level_slot as usize];
        let price = side.key(level.key);
        let (mut head, mut leaves, mut traded, mut gone) = (level.head, taker.leaves, 0_i64, 0_u32);
        let met = loop {
            let node = &mut self.orders.nodes[head as usize];
            let quantity = affordable(leaves, unit).min(node.leaves);
            if quantity == 0 {
                break Met::Ends(if leaves == 0 { Stop::Filled } else { Stop::Dust });
            }
            if node.owner == taker.owner && taker.prevention != SelfTradePrevention::None {
                break Met::Own(Handle(head));
            }
            leaves -= quantity * unit;
            traded = traded.wrapping_add(quantity);
            self.trade_id = self.trade_id.wrapping_add(1);
            let (maker_id, maker_leaves, next) = (node.id, node.leaves.wrapping_sub(quantity), node.next);
            let trade = Trade {
                trade_id: self.trade_id,
                maker: Handle(head),
                maker_id,
                price,
                quantity,
                maker_leaves,
                taker_leaves: leaves,
            };
            steps.trade(&trade, &mut node.payload);
            if maker_leaves > 0 {
                node.leaves = maker_leaves;
                if let Some(undo) = &mut self.undo {
                    undo.push(Change::Reduced(head, quantity));
                }
                break Met::Ends(if leaves == 0 { Stop::Filled } else { Stop::Dust });
            }
            if self.undo.is_some() {
                self.orders.nodes[head as usize].previous = 0;
                self.remember(head);
            }
            self.orders.free(head);
            gone = gone.wrapping_add(1);
            head = next;
            if head == 0 {
                break if leaves == 0 { Met::Ends(Stop::Filled) } else { Met::GoesOn };
            }
        };
        taker.leaves = leaves;
        if traded > 0 {
            self.cut(level_slot, side, head, traded, gone);
        }
        met
    }

    /// So many lots and orders left a level from its head, which is now `head`, or 0 if none are left.
    #[inline(always)]
    fn cut(&mut self, level_slot: u32, side: Side, head: u32, lots: i64, orders: u32) {
        self.orders.nodes[head as usize].previous = 0;
        self.len = self.len.wrapping_sub(orders as usize);
        let level = &mut self.levels.nodes[level_slot as usize];
        level.head = head;
        level.tail = select_unpredictable(head == 0, 0, level.tail);
        level.quantity = level.quantity.wrapping_sub(lots);
        level.orders = level.orders.wrapping_sub(orders);
        self.touch(level_slot);
        if head == 0 {
            self.next_best(side);
        }
    }

    /// Taker and maker belong to one owner. Why the taker ends, if it does.
    #[cold]
    fn prevent(&mut self, taker: &mut Taker, maker: Handle, steps: &mut impl Steps<P>) -> Option<Stop> {
        let order = self.order(maker);
        let unit = unit(taker.quote_unit, order.price);
        let quantity = affordable(taker.leaves, unit).min(order.leaves);
        let mut prevention = Prevention {
            maker,
            maker_id: order.id,
            price: order.price,
            quantity,
            decremented: 0,
            maker_leaves: order.leaves,
            taker_leaves: taker.leaves,
            maker_ends: false,
        };
        let taker_ends;
        match taker.prevention {
            SelfTradePrevention::None | SelfTradePrevention::CancelTaker => taker_ends = true,
            SelfTradePrevention::CancelMaker => {
                (taker_ends, prevention.maker_ends) = (false, true);
            }
            SelfTradePrevention::CancelBoth => {
                (taker_ends, prevention.maker_ends) = (true, true);
            }
            SelfTradePrevention::Decrement => {
                taker.leaves -= quantity * unit;
                self.reduce(maker, quantity);
                prevention.decremented = quantity;
                prevention.maker_leaves -= quantity;
                prevention.taker_leaves = taker.leaves;
                prevention.maker_ends = prevention.maker_leaves == 0;
                taker_ends = taker.leaves == 0;
            }
        }
        steps.prevented(&prevention, self.payload_mut(maker));
        if prevention.maker_ends {
            self.take_out(maker);
        }
        taker_ends.then_some(Stop::SelfTrade)
    }

    /// Would the walk that `take` goes fill the taker to the end. Changes nothing.
    ///
    /// Own orders are skipped where they would be cancelled on the way; in the other modes the walk ends at the first.
    /// By quote amount, whole means that less than one lot at the last price is left.
    #[must_use]
    pub fn fills_whole(&self, taker: &Taker) -> bool {
        let mut left = taker.leaves;
        let mut last_unit = 0;
        for maker in self.orders(taker.side.opposite()).map(|(order, _)| order) {
            if taker.side.opposite().key(maker.price) > taker.side.opposite().key(taker.price) {
                break;
            }
            let is_own = maker.owner == taker.owner && taker.prevention != SelfTradePrevention::None;
            if is_own && taker.prevention == SelfTradePrevention::CancelMaker {
                continue;
            }
            let unit = unit(taker.quote_unit, maker.price);
            let quantity = affordable(left, unit).min(maker.leaves);
            if is_own || quantity == 0 {
                break;
            }
            left -= quantity * unit;
            last_unit = unit;
            if left == 0 {
                return true;
            }
        }
        if taker.quote_unit == 0 { left == 0 } else { left < last_unit }
    }
}

/// What one lot costs of the taker's leaves. More than any amount where it does not fit.
#[inline]
fn unit(quote_unit: i64, price: i64) -> i64 {
    if quote_unit == 0 { 1 } else { price.saturating_mul(quote_unit) }
}

/// Lots, rounded down: never more than the amount buys.
#[inline]
fn affordable(leaves: i64, unit: i64) -> i64 {
    if unit == 1 { leaves } else { leaves / unit }
}
