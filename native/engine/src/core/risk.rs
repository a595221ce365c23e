//! May this be done, and what does it hold. Knows accounts and markets, and nothing of books.
//!
//! Each check is a column: one condition, one return, in the order of `RejectReason`; nothing changes before the last
//! check has passed. What an order needs: a buy price × leaves in quote atoms (by quote amount, what is left of it), a
//! sell its leaves in base atoms. Held equals the needs of open orders plus pending withdrawals, at every sequence.

use super::state::{Account, Balance, MarketState, Order};
use crate::codec::generated::NewOrderS;
use crate::domain::market::{AccountStatus, MarketStatus, OPEN_ORDERS_PER_MARKET};
use crate::domain::order::{
    FLAGS_ALL, OrderType, POST_ONLY, QUOTE_AMOUNT, SLIDE, SelfTradePrevention, Side, TimeInForce,
};
use crate::domain::rejects::RejectReason;
use crate::domain::units::{
    AssetId, Atoms, Lots, NOTIONAL_MAX, PPM_ONE, PRICE_MAX, Ticks, TimeNs, div_ceil, div_floor, notional,
};

/// A new order that the checks have passed, in the words of the domain.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Buy or sell.
    pub side: Side,
    /// Limit or market.
    pub order_type: OrderType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
    /// Never the account's default: that is filled in.
    pub self_trade_prevention: SelfTradePrevention,
    /// Limit or protection price.
    pub price: Ticks,
}

/// What the order wants. The caller asks last whether the funds suffice.
///
/// # Errors
/// The first check that fails, in order of precedence.
pub fn check_place_order(
    account: &Account,
    market: Option<&MarketState>,
    row: &NewOrderS,
    now_ns: TimeNs,
) -> Result<Wanted, RejectReason> {
    if let Some(reason) = check_account(account) {
        return Err(reason);
    }
    let Some(market) = market else {
        return Err(RejectReason::MarketNotFound);
    };
    if let Some(reason) = check_market(market) {
        return Err(reason);
    }
    let side = Side::of(row.side);
    if account.status == AccountStatus::ReduceOnly && side == Some(Side::Buy) {
        return Err(RejectReason::AccountReduceOnly);
    }
    let Some(side) = side else {
        return Err(RejectReason::SideInvalid);
    };
    let Some((order_type, time_in_force)) = kind_of_order(row.type_tif, row.flags) else {
        return Err(RejectReason::OrderTypeInvalid);
    };
    let Some(self_trade_prevention) = prevention(account, row.stp) else {
        return Err(RejectReason::OrderTypeInvalid);
    };
    if row.flags & QUOTE_AMOUNT != 0 && side != Side::Buy {
        return Err(RejectReason::OrderTypeInvalid);
    }
    if if time_in_force == TimeInForce::Gtd { row.expiry_ns <= now_ns } else { row.expiry_ns != 0 } {
        return Err(RejectReason::ExpiryInvalid);
    }
    let price = price_of(market, row, order_type, side);
    if !(1..=PRICE_MAX).contains(&price) {
        return Err(RejectReason::PriceInvalid);
    }
    if row.quantity <= 0 {
        return Err(RejectReason::QuantityInvalid);
    }
    if let Some(reason) = check_size(account, market, row, order_type, price) {
        return Err(reason);
    }
    if time_in_force.rests() && open_orders_reached(account, market).is_some() {
        return Err(RejectReason::TooManyOrders);
    }
    Ok(Wanted { side, order_type, time_in_force, self_trade_prevention, price })
}

/// Does this combination exist.
fn kind_of_order(type_tif: u8, flags: u8) -> Option<(OrderType, TimeInForce)> {
    let (order_type, time_in_force) = (OrderType::of(type_tif & 15)?, TimeInForce::of(type_tif >> 4)?);
    let may_rest = order_type == OrderType::Limit && time_in_force.rests();
    let exists = flags & !FLAGS_ALL == 0
        && (may_rest || !time_in_force.rests())
        && (flags & QUOTE_AMOUNT == 0 || order_type == OrderType::Market)
        && (flags & SLIDE == 0 || flags & POST_ONLY != 0)
        && (may_rest || flags & POST_ONLY == 0);
    exists.then_some((order_type, time_in_force))
}

fn prevention(account: &Account, mode: u8) -> Option<SelfTradePrevention> {
    if mode == 0 { Some(account.self_trade_prevention) } else { SelfTradePrevention::of(mode) }
}

fn price_of(market: &MarketState, row: &NewOrderS, order_type: OrderType, side: Side) -> Ticks {
    match (order_type, row.price) {
        (OrderType::Market, 0) => protection_price(market, side),
        (_, price) => price,
    }
}

fn check_size(
    account: &Account,
    market: &MarketState,
    row: &NewOrderS,
    order_type: OrderType,
    price: Ticks,
) -> Option<RejectReason> {
    let (smallest, largest);
    if row.flags & QUOTE_AMOUNT != 0 {
        smallest = i128::from(row.quantity);
        largest = smallest;
    } else {
        if row.quantity < market.quantity_min {
            return Some(RejectReason::QuantityBelowMin);
        }
        if row.quantity > market.quantity_max {
            return Some(RejectReason::QuantityAboveMax);
        }
        largest = notional(price, row.quantity, market.atoms_per_tick_lot);
        smallest = match order_type {
            OrderType::Limit => largest,
            // what it is worth, not what it would bear
            OrderType::Market => notional(market.reference_price, row.quantity, market.atoms_per_tick_lot),
        };
    }
    if smallest < i128::from(market.notional_min) {
        return Some(RejectReason::NotionalBelowMin);
    }
    (largest > i128::from(notional_max(account))).then_some(RejectReason::NotionalAboveMax)
}

/// Quote atoms that one order of this account may be worth.
fn notional_max(account: &Account) -> Atoms {
    match account.order_notional_max {
        0 => NOTIONAL_MAX,
        most => most.min(NOTIONAL_MAX),
    }
}

/// The limit of open orders that the account has reached, in this market or over all.
fn open_orders_reached(account: &Account, market: &MarketState) -> Option<u32> {
    if account.open_orders >= account.open_orders_max {
        return Some(account.open_orders_max);
    }
    (account.open_in(market.market_id) >= OPEN_ORDERS_PER_MARKET).then_some(OPEN_ORDERS_PER_MARKET)
}

/// As `check_place_order`, for a resting order; `price` and `quantity` are the values asked for, 0 leaves one.
pub fn check_amend_order(
    account: &Account,
    market: &MarketState,
    order: &Order,
    price: Ticks,
    quantity: Lots,
    expected_filled: Lots,
) -> Option<RejectReason> {
    let (new_price, new_quantity) = (or(price, order.price), or(quantity, order.quantity));
    let is_only_smaller = new_price == order.price && new_quantity < order.quantity;
    if let Some(reason) = check_account(account) {
        return Some(reason);
    }
    if let Some(reason) = check_market(market)
        && !(reason == RejectReason::MarketCancelOnly && is_only_smaller)
    {
        return Some(reason);
    }
    if account.status == AccountStatus::ReduceOnly && order.side == Side::Buy && !is_only_smaller {
        return Some(RejectReason::AccountReduceOnly);
    }
    if expected_filled != -1 && expected_filled != order.filled {
        return Some(RejectReason::FilledMeanwhile);
    }
    if new_price == order.price && new_quantity == order.quantity {
        return Some(RejectReason::AmendInvalid);
    }
    if !(1..=PRICE_MAX).contains(&new_price) {
        return Some(RejectReason::PriceInvalid);
    }
    if new_quantity < 0 {
        return Some(RejectReason::QuantityInvalid);
    }
    if new_quantity <= order.filled {
        return None; // ends the order, whatever its size
    }
    if new_quantity < market.quantity_min {
        return Some(RejectReason::QuantityBelowMin);
    }
    if new_quantity > market.quantity_max {
        return Some(RejectReason::QuantityAboveMax);
    }
    let worth = notional(new_price, new_quantity, market.atoms_per_tick_lot);
    if worth < i128::from(market.notional_min) {
        return Some(RejectReason::NotionalBelowMin);
    }
    (worth > i128::from(notional_max(account))).then_some(RejectReason::NotionalAboveMax)
}

/// The value asked for, or the one there is.
pub fn or(value: i64, current: i64) -> i64 {
    if value == 0 { current } else { value }
}

/// Why this account may not change anything, or None.
pub fn check_account(account: &Account) -> Option<RejectReason> {
    match account.status {
        AccountStatus::Active | AccountStatus::ReduceOnly => None,
        AccountStatus::Frozen => Some(RejectReason::AccountFrozen),
        AccountStatus::Closed => Some(RejectReason::AccountClosed),
    }
}

fn check_market(market: &MarketState) -> Option<RejectReason> {
    match market.status {
        MarketStatus::Open => None,
        MarketStatus::CancelOnly => Some(RejectReason::MarketCancelOnly),
        MarketStatus::Halted => Some(RejectReason::MarketHalted),
        MarketStatus::Closed => Some(RejectReason::MarketClosed),
    }
}

/// The number that goes with a reject of a new or amended order, other than for lack of funds.
pub fn place_detail(account: &Account, market: &MarketState, filled: Lots, reason: RejectReason) -> i64 {
    match reason {
        RejectReason::QuantityBelowMin => market.quantity_min,
        RejectReason::QuantityAboveMax => market.quantity_max,
        RejectReason::NotionalBelowMin => market.notional_min,
        RejectReason::NotionalAboveMax => notional_max(account),
        RejectReason::TooManyOrders => open_orders_reached(account, market).map_or(0, i64::from),
        RejectReason::FilledMeanwhile => filled,
        _ => 0,
    }
}

/// Where a market order without a price of its own stops: reference ± band, rounded toward the reference.
///
/// The rounding favours the trader: never a tick worse than the band says.
pub fn protection_price(market: &MarketState, side: Side) -> Ticks {
    let (reference, one, band) = (i128::from(market.reference_price), i128::from(PPM_ONE), i128::from(market.band_ppm));
    let price = match side {
        Side::Buy => div_floor(reference * (one + band), one).min(i128::from(PRICE_MAX)),
        Side::Sell => div_ceil(reference * (one - band), one).max(1),
    };
    price as Ticks // between 1 and PRICE_MAX, as the reference is and the band is at most one
}

/// The asset that an order of this side draws on.
#[inline]
pub fn held_asset(market: &MarketState, side: Side) -> AssetId {
    match side {
        Side::Buy => market.quote,
        Side::Sell => market.base,
    }
}

/// The balance that an order of this side draws on.
#[inline]
pub fn holding<'a>(account: &'a mut Account, market: &MarketState, side: Side) -> &'a mut Balance {
    account.balances.get_mut(held_asset(market, side))
}

/// Atoms that so many lots (or quote atoms, by quote amount) of an order need at this price, held or not.
pub fn needs(market: &MarketState, side: Side, flags: u8, price: Ticks, leaves: i64) -> i128 {
    if flags & QUOTE_AMOUNT != 0 {
        return i128::from(leaves);
    }
    match side {
        Side::Buy => notional(price, leaves, market.atoms_per_tick_lot),
        Side::Sell => i128::from(leaves) * i128::from(market.lot_size),
    }
}

/// Atoms that an order, which is held for, holds for this many of its lots (quote atoms, by quote amount).
#[inline]
pub fn needs_of(market: &MarketState, order: &Order, leaves: i64) -> Atoms {
    if order.flags & QUOTE_AMOUNT != 0 {
        return leaves;
    }
    // What is held was available, so it fits in 64 bits, and so does each product on the way.
    match order.side {
        Side::Buy => order.price * leaves * market.atoms_per_tick_lot,
        Side::Sell => leaves * market.lot_size,
    }
}

/// From available to held. Asked for and checked before.
#[inline]
pub fn hold(balance: &mut Balance, atoms: Atoms) {
    balance.available -= atoms;
    balance.held += atoms;
    assert!(balance.available >= 0);
}

/// From held to available.
#[inline]
pub fn release(balance: &mut Balance, atoms: Atoms) {
    balance.available += atoms;
    balance.held -= atoms;
    assert!(balance.held >= 0);
}
