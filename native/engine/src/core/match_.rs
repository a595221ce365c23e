//! Price, then time. Knows books and orders, and nothing of accounts, balances or fees.
//!
//! The walk itself is the book's; here it gets its words. `match_` returns what happened step by step; who pays whom is
//! settled afterwards. Filled so far, a taker ends for one of these reasons, or may rest:
//!
//! ```text
//! nothing left                       FILLED
//! met an own order                   SELF_TRADE           cancel taker, cancel both, decremented to nothing
//! market: other side empty           NO_LIQUIDITY
//! market: next price beyond its own  PROTECTION_PRICE
//! quote amount: one lot is too dear  DUST
//! limit, IOC                         IMMEDIATE_REMAINDER
//! ```

use super::state::{Book, Order};
use crate::book::{Prevention, Steps, Stop, Taker, Trade};
use crate::domain::order::{DoneReason, OrderType, QUOTE_AMOUNT, SLIDE, TimeInForce};
use crate::domain::units::{Atoms, OwnerId, PRICE_MAX, Ticks};

/// What happened between the taker and one maker, whose slot is told with it.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// They traded.
    Trade(Trade, u32),
    /// They belong to one owner.
    Prevention(Prevention, u32),
}

impl Steps<u32> for Vec<Step> {
    #[inline]
    fn trade(&mut self, trade: &Trade, maker: &mut u32) {
        self.push(Step::Trade(*trade, *maker));
    }

    #[inline]
    fn prevented(&mut self, prevention: &Prevention, maker: &mut u32) {
        self.push(Step::Prevention(*prevention, *maker));
    }
}

/// The price at which a post-only order may enter, if need be after a slide, or None. Changes nothing.
pub fn may_enter(book: &Book, order: &Order) -> Option<Ticks> {
    if !book.crosses(order.side, order.price) {
        return Some(order.price);
    }
    let price = book.slide_price(order.side, order.price);
    (order.flags & SLIDE != 0 && (1..=PRICE_MAX).contains(&price)).then_some(price)
}

/// Trade as far as price and quantity allow. Returns what is left of the taker, and why it ends, or None if it is to
/// rest. `steps` is empty, and gets the steps.
///
/// The taker is not in the book. Makers without leaves have left it.
pub fn match_(
    book: &mut Book,
    order: &Order,
    owner: OwnerId,
    atoms_per_tick_lot: Atoms,
    steps: &mut Vec<Step>,
) -> (i64, Option<DoneReason>) {
    debug_assert!(steps.is_empty());
    let mut taker = Taker {
        owner,
        side: order.side,
        price: order.price,
        leaves: order.quantity - order.filled,
        prevention: order.self_trade_prevention,
        quote_unit: if order.flags & QUOTE_AMOUNT == 0 { 0 } else { atoms_per_tick_lot },
    };
    if order.time_in_force == TimeInForce::Fok && !book.fills_whole(&taker) {
        return (taker.leaves, Some(DoneReason::FillOrKill));
    }
    let stop = book.take(&mut taker, steps);
    (taker.leaves, ending(stop, order))
}

fn ending(stop: Stop, order: &Order) -> Option<DoneReason> {
    match (stop, order.order_type, order.time_in_force) {
        (Stop::Filled, ..) => Some(DoneReason::Filled),
        (Stop::SelfTrade, ..) => Some(DoneReason::SelfTrade),
        (Stop::Dust, ..) => Some(DoneReason::Dust),
        (Stop::Empty, OrderType::Market, _) => Some(DoneReason::NoLiquidity),
        (Stop::Price, OrderType::Market, _) => Some(DoneReason::ProtectionPrice),
        (_, OrderType::Limit, TimeInForce::Ioc) => Some(DoneReason::ImmediateRemainder),
        _ => None,
    }
}
