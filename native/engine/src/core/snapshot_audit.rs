//! What the rows of a snapshot must say of each other, or commands would fail on the state later.

use std::collections::HashMap;

use super::snapshot::BadSnapshot;
use super::snapshot_reader::ensure;
use super::state::{Account, Balances, Order, State};
use super::{ledger, risk};
use crate::domain::client_id::{ClientOrderId, is_uuid};
use crate::domain::market::{OPEN_ORDERS_PER_ACCOUNT, OPEN_ORDERS_PER_MARKET};
use crate::domain::order::Side;
use crate::domain::units::{AssetId, MarketId, TimeNs};

type Checked<T> = Result<T, BadSnapshot>;

/// Each asset sums to zero over all accounts, and held is what open orders and withdrawals need, exactly.
pub(super) fn check_funds(state: &State, orders: &[Order]) -> Checked<()> {
    let mut needs: HashMap<(usize, AssetId), i128> = HashMap::new();
    let mut open: HashMap<(u32, MarketId), u32> = HashMap::new();
    for order in orders {
        let market = &state.markets[order.market_id as usize - 1];
        let asset_id = risk::held_asset(market, order.side);
        let atoms = risk::needs(market, order.side, order.flags, order.price, order.leaves());
        let needed = needs.entry((order.account as usize, asset_id)).or_default();
        *needed = needed.saturating_add(atoms);
        *open.entry((order.account, order.market_id)).or_default() += 1;
    }
    ensure(open.values().all(|&count| count <= OPEN_ORDERS_PER_MARKET), "too many orders of one account")?;
    let mut totals = vec![0_i128; state.assets.len()];
    for (place, account) in state.accounts.iter().enumerate() {
        for withdrawal in &account.withdrawals {
            *needs.entry((place, withdrawal.asset_id)).or_default() += i128::from(withdrawal.amount);
        }
        for (asset_id, balance) in account.balances.iter() {
            let needed = needs.remove(&(place, asset_id)).unwrap_or(0);
            ensure(needed == i128::from(balance.held), "a hold that nothing needs, or the other way round")?;
            totals[asset_id as usize - 1] += i128::from(balance.available) + i128::from(balance.held);
        }
    }
    ensure(needs.is_empty(), "an order that holds nothing")?;
    for (asset_id, balance) in state.system.iter().flat_map(Balances::iter) {
        totals[asset_id as usize - 1] += i128::from(balance.available) + i128::from(balance.held);
    }
    ensure(totals.iter().all(|&total| total == 0), "an asset that does not sum to zero")?;
    for asset in state.assets.iter() {
        let supply = ledger::supply(state, asset.asset_id);
        ensure((0..=asset.supply_max).contains(&supply), "more of an asset than there may be")?;
    }
    Ok(())
}

/// Rows go by market, bids before asks, best price first; and no book is crossed.
pub(super) fn check_books(orders: &[Order]) -> Checked<()> {
    let place = |order: &Order| match order.side {
        Side::Buy => (order.market_id, 0, -order.price),
        Side::Sell => (order.market_id, 1, order.price),
    };
    ensure(orders.is_sorted_by_key(place), "a book that is not in order")?;
    let mut best_bid = (0, 0);
    for order in orders {
        match order.side {
            Side::Buy if best_bid.0 != order.market_id => best_bid = (order.market_id, order.price),
            Side::Sell if best_bid.0 == order.market_id => ensure(best_bid.1 < order.price, "a book that is crossed")?,
            Side::Buy | Side::Sell => {}
        }
    }
    Ok(())
}

/// What is remembered is what waits to be forgotten and what is open, each once.
pub(super) fn check_memories(state: &State) -> Checked<()> {
    for (place, account) in state.accounts.iter().enumerate() {
        ensure(account.open_orders <= OPEN_ORDERS_PER_ACCOUNT, "too many orders of one account")?;
        let mut ids = finished_ids(account, state.head.time_ns)?;
        for (_, order) in state.open_orders(place) {
            let answer = state.answer(place, &order.client_order_id);
            ensure(answer.is_some_and(|answer| answer.order_id == order.order_id), "an order that nobody asked for")?;
            ids.push(order.client_order_id);
        }
        ids.sort_unstable();
        let known = state.answers.sorted(&account.answers);
        let is_same = known.iter().map(|answer| answer.client_order_id).eq(ids);
        ensure(is_same, "client order ids that are remembered for ever, or not at all")?;
    }
    Ok(())
}

fn finished_ids(account: &Account, time_ns: TimeNs) -> Checked<Vec<ClientOrderId>> {
    let Some(finished) = &account.finished else { return Ok(Vec::new()) };
    let times = finished.recent.iter().map(|&(finished_ns, _)| finished_ns);
    ensure(times.clone().is_sorted() && times.max() <= Some(time_ns), "ids that were finished in the future")?;
    let uuids = finished.recent.iter().map(|&(_, id)| id).chain(finished.settled.iter().map(|id| id.0));
    let texts = finished.texts.iter().copied();
    let is_kind = uuids.clone().all(|id| is_uuid(&id)) && texts.clone().all(|id| !is_uuid(&id));
    ensure(is_kind, "ids that wait in the wrong queue")?;
    Ok(uuids.chain(texts).collect())
}
