//! An order goes through a book: match, settle, tell both sides, rest or end. And how a resting order ends.
//!
//! Everything here has been checked and held before; nothing is refused. Accounts and markets are given by their places,
//! resting orders by their slots.

use super::idempotence;
use super::match_::{Step, match_};
use super::risk;
use super::settle::settle;
use super::state::{Order, State};
use crate::book::{Prevention, Resting, Trade};
use crate::codec::record_packers::{pack_done, pack_filled, pack_level_changed, pack_prevented};
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::order::{DoneReason, QUOTE_AMOUNT, TimeInForce};
use crate::domain::units::{Atoms, OrderId};

/// Match and settle the order, which holds what it needs. Returns the slot in which it rests now, or None if it ended.
///
/// `slot` is where an open order is kept that was taken out of its book to go in again; 0 for a new one.
pub fn execute(
    state: &mut State,
    out: &mut Vec<u8>,
    account: usize,
    market: usize,
    order: &mut Order,
    slot: u32,
) -> Option<u32> {
    let book = state.books.get_mut(market);
    let owner = state.accounts[account].owner;
    if !order.time_in_force.rests() || book.crosses(order.side, order.price) {
        let unit = state.markets[market].atoms_per_tick_lot;
        let mut steps = std::mem::take(&mut state.steps);
        let (leaves, ending) = match_(book, order, owner, unit, &mut steps);
        for step in &steps {
            match step {
                Step::Trade(trade, maker) => report_trade(state, out, account, market, order, trade, *maker),
                Step::Prevention(prevention, maker) => {
                    report_prevention(state, out, account, market, order, prevention, *maker);
                }
            }
        }
        steps.clear();
        state.steps = steps;
        if let Some(reason) = ending {
            done(state, out, order, reason, leaves, &NO_ID);
            return None;
        }
    }
    Some(rest(state, market, order, owner, slot))
}

/// Last in time at its price. Returns the order's slot.
pub fn rest(state: &mut State, market: usize, order: &mut Order, owner: u64, slot: u32) -> u32 {
    let slot = if slot == 0 { state.orders.insert(*order) } else { slot };
    let (id, side, price, leaves) = (order.order_id, order.side, order.price, order.leaves());
    order.handle = state.books.get_mut(market).rest(&Resting { id, owner, side, price, leaves }, slot);
    let (next, previous) = {
        let kept = state.orders.get(slot);
        (kept.next, kept.previous)
    };
    *state.orders.get_mut(slot) = Order { next, previous, ..*order };
    slot
}

/// Settle a trade, and tell both sides.
fn report_trade(
    state: &mut State,
    out: &mut Vec<u8>,
    account: usize,
    market: usize,
    taker: &mut Order,
    trade: &Trade,
    slot: u32,
) {
    let maker = state.orders.get_mut(slot);
    maker.filled += trade.quantity;
    taker.filled += trade.quantity;
    let maker = *maker;
    let maker_account = maker.account as usize;
    let (taker_fee, maker_fee) = settle(state, market, taker, account, maker_account, trade);
    filled(state, out, account, taker, trade, false, trade.taker_leaves, taker_fee);
    filled(state, out, maker_account, &maker, trade, true, trade.maker_leaves, maker_fee);
    if trade.maker_leaves == 0 {
        close_order(state, slot);
        done(state, out, &maker, DoneReason::Filled, 0, &NO_ID);
    }
}

#[inline]
fn filled(
    state: &mut State,
    out: &mut Vec<u8>,
    account: usize,
    order: &Order,
    trade: &Trade,
    is_maker: bool,
    leaves: i64,
    fee: Atoms,
) {
    let (account_id, account_sequence) = next_event(state, account);
    pack_filled(
        out,
        account_id,
        account_sequence,
        state.head.sequence,
        order.market_id,
        order.order_id,
        trade.trade_id,
        order.side as u8,
        is_maker,
        trade.price,
        trade.quantity,
        leaves,
        fee,
    );
}

fn report_prevention(
    state: &mut State,
    out: &mut Vec<u8>,
    account: usize,
    market: usize,
    taker: &mut Order,
    prevention: &Prevention,
    slot: u32,
) {
    let maker_account = state.orders.get(slot).account as usize;
    if prevention.decremented != 0 {
        decrement(state, market, account, taker, prevention, slot);
    }
    let (maker, mode) = (*state.orders.get(slot), taker.self_trade_prevention);
    for (place, order, other, is_maker, leaves) in [
        (account, &*taker, &maker, false, prevention.taker_leaves),
        (maker_account, &maker, &*taker, true, prevention.maker_leaves),
    ] {
        let (account_id, account_sequence) = next_event(state, place);
        pack_prevented(
            out,
            account_id,
            account_sequence,
            state.head.sequence,
            order.market_id,
            order.order_id,
            other.order_id,
            order.side as u8,
            is_maker,
            mode as u8,
            prevention.price,
            prevention.quantity,
            leaves,
        );
    }
    if prevention.maker_ends {
        close_order(state, slot);
        done(state, out, &maker, DoneReason::SelfTrade, maker.leaves(), &NO_ID);
    }
}

/// Both orders want so many lots less, and hold less.
fn decrement(state: &mut State, market: usize, account: usize, taker: &mut Order, prevention: &Prevention, slot: u32) {
    let (rules, lots) = (&state.markets[market], prevention.decremented);
    let maker = state.orders.get_mut(slot);
    maker.quantity -= lots;
    let taker_atoms: Atoms = if taker.flags & QUOTE_AMOUNT == 0 {
        taker.quantity -= lots;
        risk::needs_of(rules, taker, lots)
    } else {
        prevention.price * lots * rules.atoms_per_tick_lot // less than what is left of the amount
    };
    let maker_atoms = risk::needs_of(rules, maker, lots);
    risk::release(risk::holding(state.accounts.get_mut(account), rules, taker.side), taker_atoms);
    risk::release(risk::holding(state.accounts.get_mut(maker.account as usize), rules, maker.side), maker_atoms);
}

/// Id of the account, which is a user's, and the sequence of its next event.
#[inline]
pub fn next_event(state: &mut State, account: usize) -> (u64, u64) {
    let account = state.accounts.get_mut(account);
    account.sequence += 1;
    (account.account_id, account.sequence)
}

/// The account has one open order more, whose id is greater than those of its others.
pub fn open_order(state: &mut State, slot: u32) {
    let Order { account, market_id, order_id, expiry_ns, time_in_force, .. } = *state.orders.get(slot);
    let account = state.accounts.get_mut(account as usize);
    account.open_orders += 1;
    *account.open_in_mut(market_id) += 1;
    let last = std::mem::replace(&mut account.last_order, slot);
    if last == 0 {
        account.first_order = slot;
    } else {
        debug_assert!(state.orders.get(last).order_id < order_id);
        state.orders.get_mut(last).next = slot;
    }
    let order = state.orders.get_mut(slot);
    (order.previous, order.next) = (last, 0);
    if time_in_force == TimeInForce::Gtd {
        state.expiries.add(expiry_ns, order_id);
    }
}

/// The account has one open order less; its client order id may be forgotten in its turn. The slot is free.
pub fn close_order(state: &mut State, slot: u32) {
    let order = *state.orders.get(slot);
    let account = state.accounts.get_mut(order.account as usize);
    account.open_orders -= 1;
    *account.open_in_mut(order.market_id) -= 1;
    match order.previous {
        0 => account.first_order = order.next,
        before => state.orders.get_mut(before).next = order.next,
    }
    match order.next {
        0 => account.last_order = order.previous,
        after => state.orders.get_mut(after).previous = order.previous,
    }
    if order.time_in_force == TimeInForce::Gtd {
        state.expiries.remove(order.expiry_ns, order.order_id);
    }
    idempotence::finish(&mut state.answers, account, &order.client_order_id, state.head.time_ns);
    state.orders.remove(slot);
}

/// Release what the order still holds for its `leaves`, and say that it is gone. It is in no book any more.
fn done(
    state: &mut State,
    out: &mut Vec<u8>,
    order: &Order,
    reason: DoneReason,
    leaves: i64,
    ended_by: &ClientOrderId,
) {
    let account = state.accounts.get_mut(order.account as usize);
    let mut released = 0;
    if leaves != 0 {
        let rules = &state.markets[order.market_id as usize - 1];
        released = risk::needs_of(rules, order, leaves);
        risk::release(risk::holding(account, rules, order.side), released);
    }
    account.sequence += 1;
    pack_done(
        out,
        account.account_id,
        account.sequence,
        state.head.sequence,
        order.market_id,
        order.order_id,
        ended_by,
        order.side as u8,
        reason as u8,
        leaves,
        order.filled,
        released,
    );
}

/// A resting order leaves its book for a reason of its own. The book's levels are still to be told.
pub fn end(state: &mut State, out: &mut Vec<u8>, slot: u32, reason: DoneReason, ended_by: &ClientOrderId) {
    let order = *state.orders.get(slot);
    state.books.get_mut(order.market_id as usize - 1).take_out(order.handle);
    close_order(state, slot);
    done(state, out, &order, reason, order.leaves(), ended_by);
}

/// End resting orders of any account, in the order given, and then tell the levels of their books, market by market in
/// the order of first appearance. `between` is called after the ends and before the levels.
pub fn end_all(
    state: &mut State,
    out: &mut Vec<u8>,
    slots: &[u32],
    reason: DoneReason,
    ended_by: &ClientOrderId,
    between: impl FnOnce(&mut State, &mut Vec<u8>),
) {
    let markets: Vec<usize> = slots.iter().map(|&slot| state.orders.get(slot).market_id as usize - 1).collect();
    for &slot in slots {
        end(state, out, slot, reason, ended_by);
    }
    between(state, out);
    for market in markets {
        levels_changed(state, out, market); // told once: it has nothing to tell the second time
    }
}

/// `LevelChanged` for each touched level, bids first, in the order in which they were first touched.
pub fn levels_changed(state: &mut State, out: &mut Vec<u8>, market: usize) {
    let (sequence, market_id) = (state.head.sequence, state.markets[market].market_id);
    state.books.get_mut(market).levels_changed(|level| {
        let orders = i64::from(level.orders);
        pack_level_changed(out, sequence, market_id, level.side as u8, level.price, level.quantity, orders);
    });
}

/// The slot of the account's open order with this id, or 0.
pub fn find_open(state: &State, account: usize, order_id: OrderId) -> u32 {
    let slot = state.orders.find(order_id);
    if slot != 0 && state.orders.get(slot).account as usize == account { slot } else { 0 }
}
