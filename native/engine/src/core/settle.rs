//! A trade becomes transfers. Everything it needs is held already, so it cannot fail.
//!
//! ```text
//! quote   buyer.held  → seller.available → fees      price × lots × atoms_per_tick_lot, less the seller's fee
//! base    seller.held → buyer.available  → fees      lots × lot_size, less the buyer's fee
//! quote   buyer.held  → buyer.available              (limit − price) × lots × atoms_per_tick_lot, price improvement
//! ```
//!
//! Fees are charged in what is received, per fill, rounded up; rebates are negative fees, rounded toward zero: both in
//! favour of the house, so it never loses an atom to rounding.

use super::ledger::rebate_allowed;
use super::state::{FEES, Order, State};
use crate::book::Trade;
use crate::domain::order::{QUOTE_AMOUNT, Side};
use crate::domain::units::{AssetId, Atoms, PPM_ONE, Ppm, div_ceil};

/// Returns (taker's fee, maker's fee) in atoms of what each receives. Accounts and market are given by their places.
pub fn settle(
    state: &mut State,
    market: usize,
    taker: &Order,
    taker_account: usize,
    maker_account: usize,
    trade: &Trade,
) -> (Atoms, Atoms) {
    let rules = state.markets.get_mut(market);
    rules.reference_price = trade.price;
    let (base_asset, quote_asset, unit) = (rules.base, rules.quote, rules.atoms_per_tick_lot);
    // Both are held by somebody, so they fit in 64 bits.
    let notional = trade.price * trade.quantity * unit;
    let base = trade.quantity * rules.lot_size;
    let taker_ppm = rules.fee(state.accounts[taker_account].fee_tier).taker_ppm;
    let maker_ppm = rules.fee(state.accounts[maker_account].fee_tier).maker_ppm;
    let (buyer, buyer_ppm, seller, seller_ppm) = match taker.side {
        Side::Buy => (taker_account, taker_ppm, maker_account, maker_ppm),
        Side::Sell => (maker_account, maker_ppm, taker_account, taker_ppm),
    };
    let base_fee = fee_of(state, base_asset, base, buyer_ppm);
    let quote_fee = fee_of(state, quote_asset, notional, seller_ppm);

    let balances = &mut state.accounts.get_mut(buyer).balances;
    let paying = balances.get_mut(quote_asset);
    if taker.side == Side::Buy && taker.flags & QUOTE_AMOUNT == 0 {
        let improvement = (taker.price - trade.price) * trade.quantity * unit;
        paying.held -= improvement;
        paying.available += improvement;
    }
    paying.held -= notional;
    assert!(paying.held >= 0);
    balances.get_mut(base_asset).available += base - base_fee;

    let balances = &mut state.accounts.get_mut(seller).balances;
    let delivering = balances.get_mut(base_asset);
    delivering.held -= base;
    assert!(delivering.held >= 0);
    balances.get_mut(quote_asset).available += notional - quote_fee;

    let fees = state.system_mut(FEES);
    fees.get_mut(base_asset).available += base_fee;
    fees.get_mut(quote_asset).available += quote_fee;
    match taker.side {
        Side::Buy => (base_fee, quote_fee),
        Side::Sell => (quote_fee, base_fee),
    }
}

/// Rounded up. A negative fee is rounded toward zero by that, and cut to what the fees account may still owe.
fn fee_of(state: &State, asset_id: AssetId, amount: Atoms, ppm: Ppm) -> Atoms {
    let fee = match amount.checked_mul(ppm) {
        Some(product) => -(-product).div_euclid(PPM_ONE),
        // 2^62 atoms at a tenth: beyond 64 bits on the way, within them again at the end
        None => div_ceil(i128::from(amount) * i128::from(ppm), i128::from(PPM_ONE)) as Atoms,
    };
    if fee < 0 { fee.max(-rebate_allowed(state, asset_id)) } else { fee }
}
