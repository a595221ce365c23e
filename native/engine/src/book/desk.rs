//! A whole order book: one call per message, everything that happened told to a sink.
//!
//! The events of one message, in order: what it did (accepted, amended), then each step of the walk, the end of a
//! maker after the step that ended it, the end of the taker, and last the levels that changed, bids first.

use super::order::{Handle, Level, Prevention, Resting, SelfTradePrevention, Side, Steps, Stop, Taker, Trade};
use super::{Book, Ladder, PageLadder};
use crate::index::Index;

/// The largest price in ticks, either way from zero.
pub const PRICE_MAX: i64 = 1 << 48;
/// The largest quantity in lots.
pub const QUANTITY_MAX: i64 = 1 << 48;

/// How long an order lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// Rests until it is filled or cancelled.
    Rests,
    /// Rests, and is refused where it would trade at once.
    PostOnly,
    /// As `PostOnly`, with a price one tick off the opposite best instead of the refusal.
    PostOnlySlide,
    /// What can be filled at once; the rest is cancelled.
    Immediate,
    /// All at once or nothing.
    FillOrKill,
}

/// An order to place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Not in the book.
    pub id: u64,
    /// Whose it is.
    pub owner: u64,
    /// Buy or sell.
    pub side: Side,
    /// Ticks: the limit, or a market order's protection.
    pub price: i64,
    /// Lots.
    pub quantity: i64,
    /// How long it lives.
    pub life: Life,
    /// What to do where it meets its owner.
    pub prevention: SelfTradePrevention,
}

impl Request {
    /// A limit order that may rest and cancels itself where it meets its owner.
    #[must_use]
    pub const fn limit(id: u64, owner: u64, side: Side, price: i64, quantity: i64) -> Self {
        let prevention = SelfTradePrevention::CancelTaker;
        Self { id, owner, side, price, quantity, life: Life::Rests, prevention }
    }
}

/// Why a message changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// An order of this id rests.
    DuplicateId,
    /// No order of this id rests.
    UnknownId,
    /// Less than 1 lot or more than `QUANTITY_MAX`.
    Quantity,
    /// Farther from zero than `PRICE_MAX`.
    Price,
    /// A post-only order would trade.
    WouldTake,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::DuplicateId => "an order of this id rests already",
            Self::UnknownId => "no order of this id rests",
            Self::Quantity => "the quantity is not within 1 and 2^48 lots",
            Self::Price => "the price is farther from zero than 2^48 ticks",
            Self::WouldTake => "a post-only order would trade",
        })
    }
}

impl std::error::Error for Refusal {}

/// What became of an order that was placed or amended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// It is in the book now.
    pub rests: bool,
    /// Lots that were neither traded nor prevented.
    pub leaves: i64,
}

/// Why an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Ending {
    /// Nothing is left.
    Filled = 1,
    /// By [`Desk::cancel`].
    Cancelled = 2,
    /// An immediate order found no more.
    ImmediateRemainder = 3,
    /// It met its owner.
    SelfTrade = 7,
    /// Not all could be filled at once.
    FillOrKill = 11,
}

/// Is told what happens, in order.
pub trait Sink<P>: Steps<P> {
    /// The order entered, at this price.
    fn accepted(&mut self, order: &Resting);
    /// The order has a new price or new leaves.
    fn amended(&mut self, order: &Resting);
    /// The order is gone, with so many lots left.
    fn done(&mut self, id: u64, ending: Ending, leaves: i64, payload: &P);
    /// A level is like this now.
    fn level_changed(&mut self, level: &Level);
}

/// Wants to know nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl<P> Steps<P> for Silent {
    fn trade(&mut self, _: &Trade, _: &mut P) {}
    fn prevented(&mut self, _: &Prevention, _: &mut P) {}
}

impl<P> Sink<P> for Silent {
    fn accepted(&mut self, _: &Resting) {}
    fn amended(&mut self, _: &Resting) {}
    fn done(&mut self, _: u64, _: Ending, _: i64, _: &P) {}
    fn level_changed(&mut self, _: &Level) {}
}

/// A book that finds its orders by id, and takes whole messages.
#[derive(Debug, Clone)]
pub struct Desk<P = (), L = PageLadder> {
    pub(super) book: Book<P, L>,
    pub(super) ids: Index<4>,
    /// Where the makers that the walk in hand ended were kept.
    gone: Vec<Handle>,
}

impl<P: Copy + Default, L: Ladder> Default for Desk<P, L> {
    fn default() -> Self {
        Self { book: Book::default(), ids: Index::default(), gone: Vec::new() }
    }
}

/// Where a walk ends makers, tells it and remembers them.
struct Ends<'a, S> {
    sink: &'a mut S,
    gone: &'a mut Vec<Handle>,
}

impl<P, S: Sink<P>> Steps<P> for Ends<'_, S> {
    #[inline]
    fn trade(&mut self, trade: &Trade, maker: &mut P) {
        self.sink.trade(trade, maker);
        if trade.maker_leaves == 0 {
            self.sink.done(trade.maker_id, Ending::Filled, 0, maker);
            self.gone.push(trade.maker);
        }
    }

    fn prevented(&mut self, prevention: &Prevention, maker: &mut P) {
        self.sink.prevented(prevention, maker);
        if prevention.maker_ends {
            self.sink.done(prevention.maker_id, Ending::SelfTrade, prevention.maker_leaves, maker);
            self.gone.push(prevention.maker);
        }
    }
}

impl<P: Copy + Default, L: Ladder> Desk<P, L> {
    /// Empty, and without memory of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// To look at.
    #[must_use]
    #[inline]
    pub const fn book(&self) -> &Book<P, L> {
        &self.book
    }

    /// The resting order of this id.
    #[must_use]
    #[inline]
    pub fn find(&self, id: u64) -> Option<Handle> {
        let slot = self.ids.find(id, |slot| self.book.id(Handle(slot)) == id);
        (slot != 0).then_some(Handle(slot))
    }

    /// Match an order, and let it rest or end.
    ///
    /// # Errors
    /// A refusal, which changes nothing and tells nothing.
    #[inline(always)]
    pub fn place(&mut self, request: &Request, payload: P, sink: &mut impl Sink<P>) -> Result<Placed, Refusal> {
        let price = self.check(request)?;
        let vacancy = self.ids.vacancy(request.id, |slot| self.book.id(Handle(slot)));
        let vacancy = vacancy.ok_or(Refusal::DuplicateId)?;
        let Request { id, owner, side, quantity: leaves, .. } = *request;
        let order = Resting { id, owner, side, price, leaves };
        sink.accepted(&order);
        let may_rest = !matches!(request.life, Life::Immediate | Life::FillOrKill);
        if may_rest && !self.book.crosses(order.side, order.price) {
            let (slot, _, level) = self.book.join(&order, payload);
            self.ids.insert_at(vacancy, slot);
            sink.level_changed(&level);
            return Ok(Placed { rests: true, leaves: order.leaves });
        }
        let placed = self.enter(order, request.life, request.prevention, payload, sink);
        self.book.levels_changed(|level| sink.level_changed(level));
        Ok(placed)
    }

    /// The price at which it enters, after a slide; or the first check that fails.
    #[inline(always)]
    fn check(&self, request: &Request) -> Result<i64, Refusal> {
        let Request { id, side, mut price, quantity, life, .. } = *request;
        if !(1..=QUANTITY_MAX).contains(&quantity) {
            return Err(Refusal::Quantity);
        }
        if !(-PRICE_MAX..=PRICE_MAX).contains(&price) {
            return Err(Refusal::Price);
        }
        if matches!(life, Life::PostOnly | Life::PostOnlySlide) && self.book.crosses(side, price) {
            if self.find(id).is_some() {
                return Err(Refusal::DuplicateId);
            }
            if life == Life::PostOnly {
                return Err(Refusal::WouldTake);
            }
            price = self.book.slide_price(side, price);
        }
        Ok(price)
    }

    /// Match, then rest or end.
    #[inline(never)]
    fn enter(
        &mut self,
        mut order: Resting,
        life: Life,
        prevention: SelfTradePrevention,
        payload: P,
        sink: &mut impl Sink<P>,
    ) -> Placed {
        let immediate = matches!(life, Life::Immediate | Life::FillOrKill);
        if immediate || self.book.crosses(order.side, order.price) {
            let Resting { owner, side, price, leaves, .. } = order;
            let mut taker = Taker { owner, side, price, leaves, prevention, quote_unit: 0 };
            let ending = if life == Life::FillOrKill && !self.book.fills_whole(&taker) {
                Some(Ending::FillOrKill)
            } else {
                match self.book.take(&mut taker, &mut Ends { sink, gone: &mut self.gone }) {
                    Stop::Filled => Some(Ending::Filled),
                    Stop::SelfTrade => Some(Ending::SelfTrade),
                    Stop::Empty | Stop::Price | Stop::Dust => immediate.then_some(Ending::ImmediateRemainder),
                }
            };
            self.forget_gone();
            order.leaves = taker.leaves;
            if let Some(ending) = ending {
                sink.done(order.id, ending, order.leaves, &payload);
                return Placed { rests: false, leaves: order.leaves };
            }
        }
        let handle = self.book.rest(&order, payload);
        self.ids.insert(order.id, handle.0, |slot| self.book.id(Handle(slot)));
        Placed { rests: true, leaves: order.leaves }
    }

    /// A slot that was freed keeps its id until it is used again.
    #[inline(always)]
    fn forget_gone(&mut self) {
        for maker in self.gone.drain(..) {
            self.ids.remove(self.book.id(maker), maker.0, |slot| self.book.id(Handle(slot)));
        }
    }

    /// End a resting order.
    ///
    /// # Errors
    /// `UnknownId`, which changes nothing and tells nothing.
    #[inline(always)]
    pub fn cancel(&mut self, id: u64, sink: &mut impl Sink<P>) -> Result<Resting, Refusal> {
        let slot = self.ids.take(id, |slot| self.book.id(Handle(slot)));
        if slot == 0 {
            return Err(Refusal::UnknownId);
        }
        let (order, payload) = (self.book.order(Handle(slot)), *self.book.payload(Handle(slot)));
        let (level_slot, level) = self.book.part(slot);
        sink.done(id, Ending::Cancelled, order.leaves, &payload);
        sink.level_changed(&level);
        if level.orders == 0 {
            self.book.close_level(level_slot);
        }
        Ok(order)
    }

    /// Give a resting order a new price and new leaves. Only leaves down keep its place in time; everything else goes
    /// in again, trades where it crosses, and cancels itself where it meets its owner.
    ///
    /// # Errors
    /// A refusal, which changes nothing and tells nothing.
    #[inline(never)]
    pub fn amend(&mut self, id: u64, price: i64, leaves: i64, sink: &mut impl Sink<P>) -> Result<Placed, Refusal> {
        let handle = self.find(id).ok_or(Refusal::UnknownId)?;
        if !(1..=QUANTITY_MAX).contains(&leaves) {
            return Err(Refusal::Quantity);
        }
        if !(-PRICE_MAX..=PRICE_MAX).contains(&price) {
            return Err(Refusal::Price);
        }
        let order = self.book.order(handle);
        let amended = Resting { price, leaves, ..order };
        let placed = if price == order.price && leaves < order.leaves {
            self.book.reduce(handle, order.leaves - leaves);
            sink.amended(&amended);
            Placed { rests: true, leaves }
        } else {
            self.ids.remove(id, handle.0, |slot| self.book.id(Handle(slot)));
            let (_, payload) = self.book.take_out(handle);
            sink.amended(&amended);
            self.enter(amended, Life::Rests, SelfTradePrevention::CancelTaker, payload, sink)
        };
        self.book.levels_changed(|level| sink.level_changed(level));
        Ok(placed)
    }
}
