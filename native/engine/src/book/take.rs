//! A taker walks the other side, price by price and oldest first.

use super::order::{Prevention, SelfTradePrevention, Steps, Stop, Taker, Trade};
use super::{Book, Handle, Ladder};

/// What became of a taker at one order.
enum Met {
    /// The maker is used up, or gone: the next one.
    GoesOn,
    /// The taker ends here.
    Ends(Stop),
}

impl<P: Copy + Default, L: Ladder> Book<P, L> {
    /// Trade as far as price and quantity allow, and tell each step. Makers without leaves have left the book when the
    /// next step is told; `taker.leaves` is what is left. The taker is not in the book.
    ///
    /// Fill-or-kill is the caller's to ask for first, by [`Book::fills_whole`].
    #[inline]
    pub fn take(&mut self, taker: &mut Taker, steps: &mut impl Steps<P>) -> Stop {
        let opposite = taker.side.opposite();
        let limit = opposite.key(taker.price);
        loop {
            let own = &self.sides[opposite.place()];
            if own.best_level == 0 {
                return Stop::Empty;
            }
            if own.best_key > limit {
                return Stop::Price;
            }
            let level = own.best_level;
            let price = opposite.key(own.best_key);
            let slot = self.levels.nodes[level as usize].head;
            if let Met::Ends(stop) = self.meet(taker, Handle(slot), price, steps) {
                return stop;
            }
        }
    }

    #[inline]
    fn meet(&mut self, taker: &mut Taker, maker: Handle, price: i64, steps: &mut impl Steps<P>) -> Met {
        let node = &self.orders.nodes[maker.0 as usize];
        let unit = unit(taker, price);
        let quantity = affordable(taker.leaves, unit).min(node.leaves);
        if quantity == 0 {
            return Met::Ends(Stop::Dust);
        }
        let owner = self.orders.holders[maker.0 as usize].owner;
        if owner == taker.owner && taker.prevention != SelfTradePrevention::None {
            return self.prevent(taker, maker, quantity, unit, steps);
        }
        let (maker_id, maker_leaves) = (node.id, node.leaves - quantity);
        taker.leaves -= quantity * unit;
        self.trade_id += 1;
        let trade =
            Trade { trade_id: self.trade_id, maker_id, price, quantity, maker_leaves, taker_leaves: taker.leaves };
        steps.trade(&trade, self.payload_mut(maker));
        self.reduce(maker, quantity);
        if maker_leaves == 0 {
            self.take_out(maker);
        }
        if taker.leaves == 0 { Met::Ends(Stop::Filled) } else { Met::GoesOn }
    }

    #[cold]
    fn prevent(
        &mut self,
        taker: &mut Taker,
        maker: Handle,
        quantity: i64,
        unit: i64,
        steps: &mut impl Steps<P>,
    ) -> Met {
        let order = self.order(maker);
        let mut prevention = Prevention {
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
        if taker_ends { Met::Ends(Stop::SelfTrade) } else { Met::GoesOn }
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
            let unit = unit(taker, maker.price);
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
fn unit(taker: &Taker, price: i64) -> i64 {
    if taker.quote_unit == 0 { 1 } else { price.saturating_mul(taker.quote_unit) }
}

/// Lots, rounded down: never more than the amount buys.
#[inline]
fn affordable(leaves: i64, unit: i64) -> i64 {
    if unit == 1 { leaves } else { leaves / unit }
}
