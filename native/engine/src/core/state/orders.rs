//! Every open order: a slab of them, found by order id, and linked account by account.
//!
//! A book knows of an order what matching needs, and its slot; the rest stands here.

use crate::book::Handle;
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::order::{OrderType, SelfTradePrevention, Side, TimeInForce};
use crate::domain::units::{Lots, MarketId, OrderId, Sequence, Ticks, TimeNs};
use crate::index::Index;
use crate::paged::Paged;

/// An order, resting or on its way.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Given by the engine; 0 until then. Of a free slot: 0.
    pub order_id: OrderId,
    /// Limit price; of market orders the protection price.
    pub price: Ticks,
    /// Lots, filled part included; quote atoms by quote amount, and such an order never rests.
    pub quantity: i64,
    /// Traded so far.
    pub filled: Lots,
    /// The place of its account among the accounts.
    pub account: u32,
    /// Where it trades.
    pub market_id: MarketId,
    /// Where the book keeps it, while it rests.
    pub handle: Handle,
    /// The account's next open order by id; 0 is none. Of a free slot: the next free one.
    pub next: u32,
    /// The account's open order before it; 0 is none.
    pub previous: u32,
    /// Buy or sell.
    pub side: Side,
    /// Limit or market.
    pub order_type: OrderType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
    /// Its mode as a taker.
    pub self_trade_prevention: SelfTradePrevention,
    /// Bits of `domain::order`.
    pub flags: u8,
    /// What its owner calls it.
    pub client_order_id: ClientOrderId,
    /// GTD only.
    pub expiry_ns: TimeNs,
    /// Of the command that placed it.
    pub placed_sequence: Sequence,
}

impl Order {
    /// Of nobody, before it becomes somebody's.
    pub const NOBODY: Self = Self {
        order_id: 0,
        price: 0,
        quantity: 0,
        filled: 0,
        account: 0,
        market_id: 0,
        handle: Handle(0),
        next: 0,
        previous: 0,
        side: Side::Buy,
        order_type: OrderType::Limit,
        time_in_force: TimeInForce::Gtc,
        self_trade_prevention: SelfTradePrevention::CancelTaker,
        flags: 0,
        client_order_id: NO_ID,
        expiry_ns: 0,
        placed_sequence: 0,
    };

    /// Lots that a resting order still wants.
    #[inline]
    pub fn leaves(&self) -> Lots {
        self.quantity - self.filled
    }
}

/// A slab of orders. Slot 0 is nobody's.
#[derive(Debug)]
pub struct Orders {
    slots: Paged<Order, 4096>,
    ids: Index,
    free: u32,
    free_recorded: u32,
    log: Option<Vec<Change>>,
}

#[derive(Debug)]
enum Change {
    Added(OrderId, u32),
    Removed(OrderId, u32),
}

impl Orders {
    pub(super) fn new() -> Self {
        let mut slots = Paged::new();
        slots.push(Order::NOBODY);
        Self { slots, ids: Index::default(), free: 0, free_recorded: 0, log: None }
    }

    /// How many orders are open.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Is no order open.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slot of the open order with this id; 0 if there is none.
    #[inline]
    pub fn find(&self, order_id: OrderId) -> u32 {
        self.ids.find(order_id, |slot| self.slots[slot as usize].order_id == order_id)
    }

    /// The order in this slot.
    #[inline]
    pub fn get(&self, slot: u32) -> &Order {
        &self.slots[slot as usize]
    }

    /// The order in this slot, to be changed.
    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> &mut Order {
        self.slots.get_mut(slot as usize)
    }

    /// One more open order, which has its id.
    pub fn insert(&mut self, order: Order) -> u32 {
        let slot = if self.free == 0 {
            u32::try_from(self.slots.push(order)).expect("fewer than 2^32 orders are open")
        } else {
            let slot = self.free;
            let place = self.slots.get_mut(slot as usize);
            self.free = place.next;
            *place = order;
            slot
        };
        self.ids.insert(order.order_id, slot, |slot| self.slots[slot as usize].order_id);
        if let Some(log) = &mut self.log {
            log.push(Change::Added(order.order_id, slot));
        }
        slot
    }

    /// The order is open no more, and in no list.
    pub fn remove(&mut self, slot: u32) {
        let order_id = self.get(slot).order_id;
        self.ids.remove(order_id, slot, |slot| self.slots[slot as usize].order_id);
        let free = self.free;
        let place = self.slots.get_mut(slot as usize);
        place.order_id = 0;
        place.next = free;
        self.free = slot;
        if let Some(log) = &mut self.log {
            log.push(Change::Removed(order_id, slot));
        }
    }

    /// The order in this slot and those that are linked behind it.
    pub fn list(&self, first: u32) -> impl Iterator<Item = (u32, &Order)> {
        let mut slot = first;
        std::iter::from_fn(move || {
            let at = slot;
            (at != 0).then(|| {
                let order = self.get(at);
                slot = order.next;
                (at, order)
            })
        })
    }

    pub(super) fn record(&mut self) {
        self.slots.record();
        self.free_recorded = self.free;
        self.log = Some(Vec::new());
    }

    pub(super) fn roll_back(&mut self) {
        let log = self.log.take().unwrap_or_default();
        // The index asks the slots for their ids, so each step needs these as they were then.
        for change in log.into_iter().rev() {
            match change {
                Change::Added(order_id, slot) => {
                    self.ids.remove(order_id, slot, |slot| self.slots[slot as usize].order_id);
                    self.slots.get_mut(slot as usize).order_id = 0;
                }
                Change::Removed(order_id, slot) => {
                    self.slots.get_mut(slot as usize).order_id = order_id;
                    self.ids.insert(order_id, slot, |slot| self.slots[slot as usize].order_id);
                }
            }
        }
        self.slots.roll_back();
        self.free = self.free_recorded;
    }
}
