//! A book that keeps its orders in one list and looks for everything by scanning it.

use mexchange_engine::book::{
    Ending, Handle, Level, Life, PRICE_MAX, Prevention, QUANTITY_MAX, Refusal, Request, Resting, SelfTradePrevention,
    Side, Sink, Steps, Trade,
};

/// Slots are a book's own affair.
const NOWHERE: Handle = Handle(0);

/// What a book is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Message {
    Place(Request),
    Cancel(u64),
    Amend(u64, i64, i64),
}

/// What a book tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Accepted(Resting),
    Amended(Resting),
    Trade(Trade, u64),
    Prevented(Prevention, u64),
    Done(u64, Ending, i64, u64),
    LevelChanged(Level),
    Refused(Refusal),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Events(pub(crate) Vec<Event>);

impl Steps<u64> for Events {
    fn trade(&mut self, trade: &Trade, maker: &mut u64) {
        self.0.push(Event::Trade(Trade { maker: NOWHERE, ..*trade }, *maker));
    }

    fn prevented(&mut self, prevention: &Prevention, maker: &mut u64) {
        self.0.push(Event::Prevented(Prevention { maker: NOWHERE, ..*prevention }, *maker));
    }
}

impl Sink<u64> for Events {
    fn accepted(&mut self, order: &Resting) {
        self.0.push(Event::Accepted(*order));
    }

    fn amended(&mut self, order: &Resting) {
        self.0.push(Event::Amended(*order));
    }

    fn done(&mut self, id: u64, ending: Ending, leaves: i64, payload: &u64) {
        self.0.push(Event::Done(id, ending, leaves, *payload));
    }

    fn level_changed(&mut self, level: &Level) {
        self.0.push(Event::LevelChanged(*level));
    }
}

#[derive(Default)]
pub(crate) struct NaiveBook {
    /// In order of arrival.
    orders: Vec<Resting>,
    trade_id: u64,
    touched: Vec<(Side, i64)>,
}

impl NaiveBook {
    pub(crate) fn orders(&self, side: Side) -> Vec<Resting> {
        let mut orders: Vec<_> = self.orders.iter().copied().filter(|order| order.side == side).collect();
        orders.sort_by_key(|order| if side == Side::Buy { -order.price } else { order.price });
        orders
    }

    pub(crate) fn levels(&self, side: Side) -> Vec<Level> {
        let mut prices: Vec<_> = self.orders(side).iter().map(|order| order.price).collect();
        prices.dedup();
        prices.iter().map(|&price| self.level(side, price)).collect()
    }

    fn level(&self, side: Side, price: i64) -> Level {
        let there = || self.orders.iter().filter(move |order| order.side == side && order.price == price);
        let orders = u32::try_from(there().count()).expect("fits");
        Level { side, price, quantity: there().map(|order| order.leaves).sum(), orders }
    }

    pub(crate) fn send(&mut self, message: Message, events: &mut Events) {
        let refusal = match message {
            Message::Place(request) => self.place(&request, events).err(),
            Message::Cancel(id) => self.cancel(id, events).err(),
            Message::Amend(id, price, leaves) => self.amend(id, price, leaves, events).err(),
        };
        events.0.extend(refusal.map(Event::Refused));
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_by_key(|&(side, _)| side);
        for (at, &(side, price)) in touched.iter().enumerate() {
            if !touched[..at].contains(&(side, price)) {
                events.0.push(Event::LevelChanged(self.level(side, price)));
            }
        }
    }

    fn crosses(&self, side: Side, price: i64) -> bool {
        self.orders(side.opposite()).first().is_some_and(|best| reaches(side, price, best.price))
    }

    fn place(&mut self, request: &Request, events: &mut Events) -> Result<(), Refusal> {
        let Request { id, owner, side, mut price, quantity, life, prevention } = *request;
        if !(1..=QUANTITY_MAX).contains(&quantity) {
            return Err(Refusal::Quantity);
        }
        if price.abs() > PRICE_MAX {
            return Err(Refusal::Price);
        }
        if self.orders.iter().any(|order| order.id == id) {
            return Err(Refusal::DuplicateId);
        }
        if self.crosses(side, price) && matches!(life, Life::PostOnly | Life::PostOnlySlide) {
            if life == Life::PostOnly {
                return Err(Refusal::WouldTake);
            }
            let best = self.orders(side.opposite())[0].price;
            price = if side == Side::Buy { best - 1 } else { best + 1 };
        }
        let order = Resting { id, owner, side, price, leaves: quantity };
        events.accepted(&order);
        self.enter(order, life, prevention, events);
        Ok(())
    }

    fn enter(&mut self, mut order: Resting, life: Life, mode: SelfTradePrevention, events: &mut Events) {
        if life == Life::FillOrKill && !self.fills_whole(order, mode) {
            return events.done(order.id, Ending::FillOrKill, order.leaves, &order.id);
        }
        let ending = self.walk(&mut order, mode, events);
        let remainder = matches!(life, Life::Immediate | Life::FillOrKill).then_some(Ending::ImmediateRemainder);
        if let Some(ending) = ending.or(remainder) {
            return events.done(order.id, ending, order.leaves, &order.id);
        }
        self.orders.push(order);
        self.touched.push((order.side, order.price));
    }

    fn walk(&mut self, taker: &mut Resting, mode: SelfTradePrevention, events: &mut Events) -> Option<Ending> {
        while taker.leaves > 0 {
            let maker = self.orders(taker.side.opposite()).first().copied();
            let maker = maker.filter(|maker| reaches(taker.side, taker.price, maker.price))?;
            let quantity = taker.leaves.min(maker.leaves);
            if maker.owner != taker.owner || mode == SelfTradePrevention::None {
                self.trade_id += 1;
                taker.leaves -= quantity;
                let maker_leaves = self.reduce(maker.id, quantity);
                let (trade_id, price, taker_leaves) = (self.trade_id, maker.price, taker.leaves);
                let trade =
                    Trade { trade_id, maker: NOWHERE, maker_id: maker.id, price, quantity, maker_leaves, taker_leaves };
                events.0.push(Event::Trade(trade, maker.id));
                if maker_leaves == 0 {
                    self.remove(maker.id);
                    events.done(maker.id, Ending::Filled, 0, &maker.id);
                }
            } else if self.prevent(taker, &maker, quantity, mode, events) {
                return Some(Ending::SelfTrade);
            }
        }
        Some(Ending::Filled)
    }

    /// Does the taker end.
    fn prevent(
        &mut self,
        taker: &mut Resting,
        maker: &Resting,
        quantity: i64,
        mode: SelfTradePrevention,
        events: &mut Events,
    ) -> bool {
        let decremented = if mode == SelfTradePrevention::Decrement { quantity } else { 0 };
        let mut maker_leaves = maker.leaves;
        if decremented > 0 {
            taker.leaves -= decremented;
            maker_leaves = self.reduce(maker.id, decremented);
        }
        let maker_ends = match mode {
            SelfTradePrevention::Decrement => maker_leaves == 0,
            mode => matches!(mode, SelfTradePrevention::CancelMaker | SelfTradePrevention::CancelBoth),
        };
        let (price, taker_leaves) = (maker.price, taker.leaves);
        let prevention = Prevention {
            maker: NOWHERE,
            maker_id: maker.id,
            price,
            quantity,
            decremented,
            maker_leaves,
            taker_leaves,
            maker_ends,
        };
        events.0.push(Event::Prevented(prevention, maker.id));
        if maker_ends {
            self.remove(maker.id);
            events.done(maker.id, Ending::SelfTrade, maker_leaves, &maker.id);
        }
        match mode {
            SelfTradePrevention::Decrement => taker.leaves == 0,
            mode => mode != SelfTradePrevention::CancelMaker,
        }
    }

    fn fills_whole(&self, taker: Resting, mode: SelfTradePrevention) -> bool {
        let mut reached = self.orders(taker.side.opposite());
        reached.retain(|maker| reaches(taker.side, taker.price, maker.price));
        let is_own = |maker: &Resting| maker.owner == taker.owner && mode != SelfTradePrevention::None;
        if mode == SelfTradePrevention::CancelMaker {
            reached.retain(|maker| !is_own(maker));
        }
        let lots: i64 = reached.iter().take_while(|maker| !is_own(maker)).map(|maker| maker.leaves).sum();
        lots >= taker.leaves
    }

    fn cancel(&mut self, id: u64, events: &mut Events) -> Result<(), Refusal> {
        let order = self.remove(id).ok_or(Refusal::UnknownId)?;
        events.done(id, Ending::Cancelled, order.leaves, &id);
        Ok(())
    }

    fn amend(&mut self, id: u64, price: i64, leaves: i64, events: &mut Events) -> Result<(), Refusal> {
        let order = self.orders.iter().find(|order| order.id == id).copied().ok_or(Refusal::UnknownId)?;
        if !(1..=QUANTITY_MAX).contains(&leaves) {
            return Err(Refusal::Quantity);
        }
        if price.abs() > PRICE_MAX {
            return Err(Refusal::Price);
        }
        let amended = Resting { price, leaves, ..order };
        if price == order.price && leaves < order.leaves {
            self.reduce(id, order.leaves - leaves);
            events.amended(&amended);
        } else {
            self.remove(id);
            events.amended(&amended);
            self.enter(amended, Life::Rests, SelfTradePrevention::CancelTaker, events);
        }
        Ok(())
    }

    fn reduce(&mut self, id: u64, lots: i64) -> i64 {
        let order = self.orders.iter_mut().find(|order| order.id == id).expect("rests");
        order.leaves -= lots;
        self.touched.push((order.side, order.price));
        order.leaves
    }

    fn remove(&mut self, id: u64) -> Option<Resting> {
        let at = self.orders.iter().position(|order| order.id == id)?;
        let order = self.orders.remove(at);
        self.touched.push((order.side, order.price));
        Some(order)
    }
}

fn reaches(side: Side, limit: i64, price: i64) -> bool {
    if side == Side::Buy { price <= limit } else { price >= limit }
}
