//! The words of the book: sides, orders, and what is told about them. Numbers equal those of the wire.

pub use crate::domain::order::{SelfTradePrevention, Side};

impl Side {
    #[inline]
    pub(super) const fn place(self) -> usize {
        self as usize - 1
    }

    /// The key of a price on this side: the smallest is the best. Its own inverse.
    #[inline]
    pub(super) const fn key(self, price: i64) -> i64 {
        price ^ (self as i64 - 2)
    }
}

/// A resting order, as the book knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting {
    /// Unique in the book.
    pub id: u64,
    /// Orders of one owner do not trade with each other, unless the taker says so.
    pub owner: u64,
    /// Where it rests.
    pub side: Side,
    /// Ticks, more than `i64::MIN` and less than `i64::MAX`.
    pub price: i64,
    /// Lots.
    pub leaves: i64,
}

/// Where a resting order is kept: found once by id, good until the order leaves the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Handle(pub u32);

/// An order on its way through the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// Whose it is.
    pub owner: u64,
    /// It trades with the opposite one.
    pub side: Side,
    /// The worst price that it accepts, in ticks: a limit or a protection price.
    pub price: i64,
    /// Lots; quote atoms with a `quote_unit`. Falls as it trades.
    pub leaves: i64,
    /// What to do where it meets its owner.
    pub prevention: SelfTradePrevention,
    /// 0, or the quote atoms that one lot costs per tick of price: then `leaves` is an amount to spend.
    pub quote_unit: i64,
}

/// Why a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Nothing is left of the taker, by trading.
    Filled,
    /// It met an order of its owner and ends, or was decremented to nothing.
    SelfTrade,
    /// Nothing is left on the other side.
    Empty,
    /// The next price is beyond its own.
    Price,
    /// By quote amount: one lot is too dear.
    Dust,
}

/// Taker met maker, at the maker's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "`trade_id` is the word of the wire")]
pub struct Trade {
    /// Contiguous in the book, from 1.
    pub trade_id: u64,
    /// Where the maker rests, or did until this step.
    pub maker: Handle,
    /// The resting order.
    pub maker_id: u64,
    /// Ticks.
    pub price: i64,
    /// Lots.
    pub quantity: i64,
    /// Lots. At 0 the maker has left the book.
    pub maker_leaves: i64,
    /// In the taker's unit.
    pub taker_leaves: i64,
}

/// Taker met an order of the same owner, and did not trade with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prevention {
    /// Where the maker rests, or did until this step.
    pub maker: Handle,
    /// The resting order.
    pub maker_id: u64,
    /// Ticks.
    pub price: i64,
    /// Lots that would have been traded.
    pub quantity: i64,
    /// Lots that were taken off both: `quantity` or 0.
    pub decremented: i64,
    /// Lots.
    pub maker_leaves: i64,
    /// In the taker's unit.
    pub taker_leaves: i64,
    /// The maker has left the book.
    pub maker_ends: bool,
}

/// What a level holds now; with 0 orders it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Bids or asks.
    pub side: Side,
    /// Ticks.
    pub price: i64,
    /// Lots.
    pub quantity: i64,
    /// How many orders rest at this price.
    pub orders: u32,
}

/// Told step by step while a taker walks the other side. `maker` is the payload that the maker rests with.
pub trait Steps<P> {
    /// They traded.
    fn trade(&mut self, trade: &Trade, maker: &mut P);
    /// They did not trade.
    fn prevented(&mut self, prevention: &Prevention, maker: &mut P);
}
