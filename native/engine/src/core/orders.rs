//! Orders from asking to ending: place, cancel, amend, mass cancel, expire. Composes risk, match and settle.
//!
//! The events of one command, in order: what it did (Accepted, Amended, Rejected), then per trade the taker's Filled and
//! the maker's, a maker's Done after its last fill, the taker's Done, and at the end `LevelChanged` per touched level.

use super::answer::{Asking, NO_MARKET, NO_ORDER, admit, conclude, conclude_order, next_in_stream, refuse};
use super::digest::Content;
use super::execute::{close_order, end, end_all, execute, find_open, levels_changed, next_event, open_order};
use super::match_::may_enter;
use super::risk;
use super::state::{Order, State};
use crate::codec::generated::{AmendS, CancelS, NewOrderS};
use crate::codec::record_packers::{pack_accepted, pack_amended, pack_mass_cancelled};
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::commands::MassCancel;
use crate::domain::events::EventKind;
use crate::domain::order::{DoneReason, POST_ONLY, Side};
use crate::domain::rejects::RejectReason;
use crate::domain::units::{AccountId, Lots, MarketId, OrderId, Ticks};

/// Check, hold, match, settle, and rest or end.
pub fn place(state: &mut State, out: &mut Vec<u8>, account_id: AccountId, row: &NewOrderS, content: &Content) {
    let market_id = row.market;
    let Some(asking) = admit(state, out, account_id, &row.client_order_id, content, market_id, NO_ORDER) else {
        return;
    };
    let (market, mut order) = match check_place(state, &asking, row) {
        Ok(checked) => checked,
        Err((reason, detail)) => return refuse(state, out, &asking, reason, detail, market_id, NO_ORDER),
    };
    order.order_id = state.next_order_id();
    let (account_id, account_sequence) = next_event(state, asking.account);
    pack_accepted(
        out,
        account_id,
        account_sequence,
        state.head.sequence,
        market_id,
        order.order_id,
        &row.client_order_id,
        row.side,
        row.type_tif,
        row.flags,
        order.price,
        row.quantity,
        row.expiry_ns,
    );
    let slot = execute(state, out, asking.account, market, &mut order, 0);
    conclude_order(state, &asking, EventKind::Accepted, market_id, order.order_id, slot.is_some());
    if let Some(slot) = slot {
        open_order(state, slot);
    }
    levels_changed(state, out, market);
}

/// The market's place and the order, for which its needs are held now, or (reason, detail).
fn check_place(state: &mut State, asking: &Asking, row: &NewOrderS) -> Result<(usize, Order), (RejectReason, i64)> {
    let place = state.market_place(row.market);
    let account = &state.accounts[asking.account];
    let rules = place.map(|place| &state.markets[place]);
    let wanted = risk::check_place_order(account, rules, row, state.head.time_ns)
        .map_err(|reason| (reason, rules.map_or(0, |rules| risk::place_detail(account, rules, 0, reason))))?;
    let (Some(market), Some(rules)) = (place, rules) else {
        return Err((RejectReason::MarketNotFound, 0));
    };
    let mut order = Order {
        price: wanted.price,
        quantity: row.quantity,
        account: asking.account as u32, // places of accounts fit: there is memory for less than 2^32 of them
        market_id: row.market,
        side: wanted.side,
        order_type: wanted.order_type,
        time_in_force: wanted.time_in_force,
        self_trade_prevention: wanted.self_trade_prevention,
        flags: row.flags,
        client_order_id: row.client_order_id,
        expiry_ns: row.expiry_ns,
        placed_sequence: state.head.sequence,
        ..Order::NOBODY
    };
    let mut enters_at = order.price;
    if row.flags & POST_ONLY != 0 {
        let book = &state.books[market];
        enters_at = may_enter(book, &order).ok_or_else(|| would_take(state, market, order.side))?;
    }
    let balance = risk::holding(state.accounts.get_mut(asking.account), rules, order.side);
    if i128::from(balance.available) < risk::needs(rules, order.side, order.flags, order.price, order.quantity) {
        return Err((RejectReason::InsufficientFunds, balance.available));
    }
    order.price = enters_at; // what a better price saves is not held at all
    risk::hold(balance, risk::needs_of(rules, &order, order.quantity));
    Ok((market, order))
}

fn would_take(state: &State, market: usize, side: Side) -> (RejectReason, i64) {
    let best = state.books[market].best(side.opposite());
    (RejectReason::PostOnlyWouldTake, best.unwrap_or(0))
}

/// By order id, or by the client order id that it was placed with. Always possible while the order is open.
pub fn cancel(state: &mut State, out: &mut Vec<u8>, account_id: AccountId, row: &CancelS, content: &Content) {
    let id = &row.client_order_id;
    let Some(asking) = admit(state, out, account_id, id, content, NO_MARKET, row.order_id) else {
        return;
    };
    let order_id = match row.order_id {
        0 => state.answer(asking.account, &row.target).map_or(0, |known| known.order_id),
        order_id => order_id,
    };
    let slot = find_open(state, asking.account, order_id);
    if slot == 0 {
        return refuse(state, out, &asking, RejectReason::OrderNotFound, 0, NO_MARKET, order_id);
    }
    let market_id = state.orders.get(slot).market_id;
    end(state, out, slot, DoneReason::CancelledByUser, id);
    conclude(state, &asking, EventKind::Done, market_id, order_id);
    levels_changed(state, out, market_id as usize - 1);
}

/// Only quantity down keeps the place in the queue; everything else goes in again as a taker and then rests.
pub fn amend(state: &mut State, out: &mut Vec<u8>, account_id: AccountId, row: &AmendS, content: &Content) {
    let (id, order_id) = (&row.client_order_id, row.order_id);
    let Some(asking) = admit(state, out, account_id, id, content, NO_MARKET, order_id) else {
        return;
    };
    let slot = find_open(state, asking.account, order_id);
    if slot == 0 {
        let reason = risk::check_account(&state.accounts[asking.account]).unwrap_or(RejectReason::OrderNotFound);
        return refuse(state, out, &asking, reason, 0, NO_MARKET, order_id);
    }
    let order = *state.orders.get(slot);
    if let Err((reason, detail)) = check_amend(state, &asking, &order, row) {
        return refuse(state, out, &asking, reason, detail, order.market_id, order_id);
    }
    let (price, quantity) = (risk::or(row.price, order.price), risk::or(row.quantity, order.quantity));
    let kind = if quantity <= order.filled {
        end(state, out, slot, DoneReason::AmendedAway, id);
        EventKind::Done
    } else {
        change(state, out, slot, price, quantity, id);
        EventKind::Amended
    };
    conclude(state, &asking, kind, order.market_id, order_id);
    levels_changed(state, out, order.market_id as usize - 1);
}

/// Ok, or (reason, detail). Changes nothing.
fn check_amend(state: &State, asking: &Asking, order: &Order, row: &AmendS) -> Result<(), (RejectReason, i64)> {
    let market = order.market_id as usize - 1;
    let (account, rules) = (&state.accounts[asking.account], &state.markets[market]);
    let checked = risk::check_amend_order(account, rules, order, row.price, row.quantity, row.expected_filled);
    if let Some(reason) = checked {
        return Err((reason, risk::place_detail(account, rules, order.filled, reason)));
    }
    let (price, quantity) = (risk::or(row.price, order.price), risk::or(row.quantity, order.quantity));
    if quantity <= order.filled {
        return Ok(());
    }
    let is_moved = price != order.price;
    if is_moved && order.flags & POST_ONLY != 0 && state.books[market].crosses(order.side, price) {
        return Err(would_take(state, market, order.side));
    }
    let available = account.balances.get(risk::held_asset(rules, order.side)).available;
    let needed = risk::needs(rules, order.side, order.flags, price, quantity - order.filled);
    if needed - i128::from(risk::needs_of(rules, order, order.leaves())) > i128::from(available) {
        return Err((RejectReason::InsufficientFunds, available));
    }
    Ok(())
}

/// Give a resting order its new values; everything was checked.
fn change(
    state: &mut State,
    out: &mut Vec<u8>,
    slot: u32,
    price: Ticks,
    quantity: Lots,
    client_order_id: &ClientOrderId,
) {
    let mut order = *state.orders.get(slot);
    let (account, market) = (order.account as usize, order.market_id as usize - 1);
    let keeps_place = price == order.price && quantity < order.quantity;
    let rules = &state.markets[market];
    let before = risk::needs_of(rules, &order, order.leaves());
    let fewer = order.quantity - quantity;
    (order.price, order.quantity) = (price, quantity);
    let more = risk::needs_of(rules, &order, order.leaves()) - before;
    let balance = risk::holding(state.accounts.get_mut(account), rules, order.side);
    balance.available -= more;
    balance.held += more;
    if keeps_place {
        state.books.get_mut(market).reduce(order.handle, fewer);
        state.orders.get_mut(slot).quantity = quantity;
    } else {
        state.books.get_mut(market).take_out(order.handle);
    }
    let (account_id, account_sequence) = next_event(state, account);
    pack_amended(
        out,
        account_id,
        account_sequence,
        state.head.sequence,
        order.market_id,
        order.order_id,
        client_order_id,
        order.side as u8,
        keeps_place,
        price,
        quantity,
        order.leaves(),
    );
    if !keeps_place && execute(state, out, account, market, &mut order, slot).is_none() {
        close_order(state, slot);
    }
}

/// Every open order of the account, of one market or all, of one side or both, oldest first.
pub fn mass_cancel(state: &mut State, out: &mut Vec<u8>, command: &MassCancel, content: &Content) {
    let (id, market_id, side) = (&command.client_order_id, command.market, command.side);
    let Some(asking) = admit(state, out, command.account, id, content, market_id, NO_ORDER) else {
        return;
    };
    if let Some(reason) = check_mass_cancel(state, market_id, side) {
        return refuse(state, out, &asking, reason, 0, market_id, NO_ORDER);
    }
    let slots: Vec<u32> = state
        .open_orders(asking.account)
        .filter(|(_, order)| market_id == 0 || market_id == order.market_id)
        .filter(|(_, order)| side == 0 || side == order.side as u8)
        .map(|(slot, _)| slot)
        .collect();
    end_all(state, out, &slots, DoneReason::CancelledByUser, id, |state, out| {
        let sequence = state.head.sequence;
        let account = state.accounts.get_mut(asking.account);
        let (account_id, account_sequence) = (account.account_id, next_in_stream(account));
        let count = slots.len() as i64;
        pack_mass_cancelled(out, account_id, account_sequence, sequence, market_id, id, side, count);
        conclude(state, &asking, EventKind::MassCancelled, market_id, NO_ORDER);
    });
}

fn check_mass_cancel(state: &State, market_id: MarketId, side: u8) -> Option<RejectReason> {
    if market_id != 0 && state.market_place(market_id).is_none() {
        return Some(RejectReason::MarketNotFound);
    }
    (side != 0 && Side::of(side).is_none()).then_some(RejectReason::SideInvalid)
}

/// End every order whose expiry has come, in all markets, whatever their status: by expiry, then order id.
pub fn expire(state: &mut State, out: &mut Vec<u8>) {
    let due = state.expiries.due(state.head.time_ns);
    let slots: Vec<u32> = due.into_iter().map(|order_id: OrderId| state.orders.find(order_id)).collect();
    end_all(state, out, &slots, DoneReason::Expired, &NO_ID, |_, _| ());
}
