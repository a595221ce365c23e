//! What operators do to assets and markets: rules, fees, statuses. Each is a command in the journal like any other.

use super::answer::{Asking, NO_MARKET, NO_ORDER, admit_operator, conclude, refuse};
use super::digest::Content;
use super::execute::end_all;
use super::ledger;
use super::state::{Book, Fee, MarketState, State};
use crate::codec::record_packers::{pack_asset_changed, pack_fees_changed, pack_market_changed};
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::commands::{ChangeAsset, ChangeMarket, CreateAsset, CreateMarket, SetFees, SetMarketStatus};
use crate::domain::events::EventKind;
use crate::domain::market::{
    ASSETS_MAX, ATOMS_PER_LOT_MIN, Asset, FEE_PPM_MAX, FEE_TIERS, MARKETS_MAX, MarketStatus, atoms_per_tick_lot,
    nearest_lot_size,
};
use crate::domain::order::{DoneReason, Side};
use crate::domain::rejects::RejectReason;
use crate::domain::units::{
    AssetId, Atoms, Lots, MarketId, NOTIONAL_MAX, PPM_ONE, PRICE_MAX, Ppm, QUANTITY_MAX, SCALE_MAX, SUPPLY_MAX,
};

const SYMBOL_LENGTH_MAX: usize = 10;

/// The next asset id.
pub fn create_asset(state: &mut State, out: &mut Vec<u8>, command: &CreateAsset, content: &Content) {
    let Some(asking) = admit_operator(state, out, &command.client_order_id, content) else {
        return;
    };
    if let Err((reason, detail)) = check_asset(state, command) {
        return refuse(state, out, &asking, reason, detail, NO_MARKET, NO_ORDER);
    }
    let asset_id = state.assets.len() as AssetId + 1;
    state.assets.push(Asset {
        asset_id,
        symbol: command.symbol.clone(),
        scale: command.scale,
        display_decimals: command.display_decimals,
        supply_max: command.supply_max,
    });
    state.asset_ids.insert(command.symbol.clone(), asset_id);
    asset_changed(state, out, asset_id, &asking);
}

fn check_asset(state: &State, command: &CreateAsset) -> Result<(), (RejectReason, i64)> {
    let symbol = command.symbol.as_bytes();
    if !(1..=SYMBOL_LENGTH_MAX).contains(&symbol.len())
        || !symbol.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return Err((RejectReason::AssetInvalid, 0));
    }
    if command.display_decimals > command.scale || command.scale > SCALE_MAX {
        return Err((RejectReason::AssetInvalid, 0));
    }
    if !(1..=SUPPLY_MAX).contains(&command.supply_max) {
        return Err((RejectReason::AssetInvalid, 0));
    }
    if let Some(&taken) = state.asset_ids.get(&command.symbol) {
        return Err((RejectReason::SymbolTaken, i64::from(taken)));
    }
    if state.assets.len() >= ASSETS_MAX {
        return Err((RejectReason::TooManyAssets, 0));
    }
    Ok(())
}

/// How it is shown, and how much of it there may be: never less than there is.
pub fn change_asset(state: &mut State, out: &mut Vec<u8>, command: &ChangeAsset, content: &Content) {
    let Some(asking) = admit_operator(state, out, &command.client_order_id, content) else {
        return;
    };
    let Some(asset) = state.asset(command.asset) else {
        return refuse(state, out, &asking, RejectReason::AssetNotFound, 0, NO_MARKET, NO_ORDER);
    };
    let decimals = match command.display_decimals {
        -1 => Some(asset.display_decimals),
        decimals => u8::try_from(decimals).ok().filter(|&decimals| decimals <= asset.scale),
    };
    let supply_max = if command.supply_max == 0 { asset.supply_max } else { command.supply_max };
    let supply = ledger::supply(state, command.asset);
    let (Some(decimals), true) = (decimals, (supply.max(1)..=SUPPLY_MAX).contains(&supply_max)) else {
        return refuse(state, out, &asking, RejectReason::AssetInvalid, 0, NO_MARKET, NO_ORDER);
    };
    let asset = state.assets.get_mut(command.asset as usize - 1);
    asset.display_decimals = decimals;
    asset.supply_max = supply_max;
    asset_changed(state, out, command.asset, &asking);
}

fn asset_changed(state: &mut State, out: &mut Vec<u8>, asset_id: AssetId, asking: &Asking) {
    pack_asset_changed(out, state.head.sequence, asset_id, asking.client_order_id);
    conclude(state, asking, EventKind::AssetChanged, NO_MARKET, u64::from(asset_id));
}

/// The next market id. Its tick and lot must make whole atoms of the quote asset.
pub fn create_market(state: &mut State, out: &mut Vec<u8>, command: &CreateMarket, content: &Content) {
    let Some(asking) = admit_operator(state, out, &command.client_order_id, content) else {
        return;
    };
    let market = match check_market(state, command) {
        Ok(market) => market,
        Err((reason, detail)) => return refuse(state, out, &asking, reason, detail, NO_MARKET, NO_ORDER),
    };
    let market_id = market.market_id;
    state.market_ids.insert((market.base, market.quote), market_id);
    state.markets.push(market);
    state.books.push(Book::default());
    market_changed(state, out, market_id, &asking);
}

/// The market as it would be, or (reason, detail).
fn check_market(state: &State, command: &CreateMarket) -> Result<MarketState, (RejectReason, i64)> {
    let (Some(base), Some(quote)) = (state.asset(command.base), state.asset(command.quote)) else {
        return Err((RejectReason::AssetNotFound, 0));
    };
    if let Some(&taken) = state.market_ids.get(&(command.base, command.quote)) {
        return Err((RejectReason::SymbolTaken, i64::from(taken)));
    }
    let status = MarketStatus::of(command.status).filter(|_| command.base != command.quote);
    let Some(status) = status.filter(|_| are_sizes(command)) else {
        return Err((RejectReason::MarketInvalid, 0));
    };
    if !are_limits(command.quantity_min, command.quantity_max, command.notional_min, command.band_ppm) {
        return Err((RejectReason::MarketInvalid, 0));
    }
    let (tick_size, lot_size) = (command.tick_size, command.lot_size);
    let unit = atoms_per_tick_lot(tick_size, lot_size, base.scale, quote.scale);
    let Some(unit) = unit.filter(|_| lot_size >= ATOMS_PER_LOT_MIN) else {
        let nearest = nearest_lot_size(tick_size, lot_size, base.scale, quote.scale);
        return Err((RejectReason::MarketInexact, nearest.unwrap_or(0)));
    };
    let Some(unit) = Atoms::try_from(unit).ok().filter(|&unit| unit <= NOTIONAL_MAX) else {
        return Err((RejectReason::MarketInvalid, 0));
    };
    if state.markets.len() >= MARKETS_MAX {
        return Err((RejectReason::TooManyMarkets, 0));
    }
    let fee = Fee { maker_ppm: command.maker_ppm, taker_ppm: command.taker_ppm };
    let mut fees_set = [None; FEE_TIERS];
    fees_set[0] = Some(fee);
    if !are_fees(&fees_set) {
        return Err((RejectReason::FeesInvalid, 0));
    }
    Ok(MarketState {
        market_id: state.markets.len() as MarketId + 1,
        base: command.base,
        quote: command.quote,
        status,
        lot_size,
        atoms_per_tick_lot: unit,
        quantity_min: command.quantity_min,
        quantity_max: command.quantity_max,
        notional_min: command.notional_min,
        band_ppm: command.band_ppm,
        reference_price: command.reference_price,
        tick_size,
        symbol: format!("{}/{}", base.symbol, quote.symbol),
        fees_set,
    })
}

fn are_sizes(command: &CreateMarket) -> bool {
    (1..=NOTIONAL_MAX).contains(&command.tick_size)
        && (1..=NOTIONAL_MAX).contains(&command.lot_size)
        && (1..=PRICE_MAX).contains(&command.reference_price)
}

pub(super) fn are_limits(quantity_min: Lots, quantity_max: Lots, notional_min: Atoms, band_ppm: Ppm) -> bool {
    1 <= quantity_min
        && quantity_min <= quantity_max
        && quantity_max <= QUANTITY_MAX
        && (0..=NOTIONAL_MAX).contains(&notional_min)
        && (1..=PPM_ONE).contains(&band_ppm)
}

/// Each within bounds, and every pair of a maker's and a taker's at least zero, whatever their tiers.
pub(super) fn are_fees(fees: &[Option<Fee>; FEE_TIERS]) -> bool {
    let mut lowest = Fee { maker_ppm: FEE_PPM_MAX, taker_ppm: FEE_PPM_MAX };
    for fee in fees.iter().flatten() {
        if [fee.maker_ppm, fee.taker_ppm].iter().any(|rate| !(-FEE_PPM_MAX..=FEE_PPM_MAX).contains(rate)) {
            return false;
        }
        lowest.maker_ppm = lowest.maker_ppm.min(fee.maker_ppm);
        lowest.taker_ppm = lowest.taker_ppm.min(fee.taker_ppm);
    }
    lowest.maker_ppm + lowest.taker_ppm >= 0
}

/// Limits and band. Resting orders stay as they are.
pub fn change_market(state: &mut State, out: &mut Vec<u8>, command: &ChangeMarket, content: &Content) {
    let id = &command.client_order_id;
    let Some((asking, place)) = admit_market(state, out, command.market, id, content) else {
        return;
    };
    let rules = &state.markets[place];
    let quantity_min = or(command.quantity_min, rules.quantity_min);
    let quantity_max = or(command.quantity_max, rules.quantity_max);
    let notional_min = or(command.notional_min, rules.notional_min);
    let band_ppm = or(command.band_ppm, rules.band_ppm);
    if !are_limits(quantity_min, quantity_max, notional_min, band_ppm) {
        return refuse(state, out, &asking, RejectReason::MarketInvalid, 0, command.market, NO_ORDER);
    }
    let rules = state.markets.get_mut(place);
    (rules.quantity_min, rules.quantity_max) = (quantity_min, quantity_max);
    (rules.notional_min, rules.band_ppm) = (notional_min, band_ppm);
    market_changed(state, out, command.market, &asking);
}

fn or(value: i64, current: i64) -> i64 {
    if value == -1 { current } else { value }
}

/// The command and the place of its market, or None: it is answered already.
fn admit_market<'a>(
    state: &mut State,
    out: &mut Vec<u8>,
    market_id: MarketId,
    client_order_id: &'a ClientOrderId,
    content: &'a Content<'a>,
) -> Option<(Asking<'a>, usize)> {
    let asking = admit_operator(state, out, client_order_id, content)?;
    let place = state.market_place(market_id);
    if place.is_none() {
        refuse(state, out, &asking, RejectReason::MarketNotFound, 0, market_id, NO_ORDER);
    }
    place.map(|place| (asking, place))
}

fn market_changed(state: &mut State, out: &mut Vec<u8>, market_id: MarketId, asking: &Asking) {
    let status = state.markets[market_id as usize - 1].status;
    pack_market_changed(out, state.head.sequence, market_id, asking.client_order_id, status as u8);
    conclude(state, asking, EventKind::MarketChanged, market_id, NO_ORDER);
}

/// From any status to any other. Entering CLOSED ends every order, bids first, best first.
pub fn set_market_status(state: &mut State, out: &mut Vec<u8>, command: &SetMarketStatus, content: &Content) {
    let id = &command.client_order_id;
    let Some((asking, place)) = admit_market(state, out, command.market, id, content) else {
        return;
    };
    let Some(status) = MarketStatus::of(command.status) else {
        return refuse(state, out, &asking, RejectReason::MarketInvalid, 0, command.market, NO_ORDER);
    };
    state.markets.get_mut(place).status = status;
    market_changed(state, out, command.market, &asking);
    if status == MarketStatus::Closed {
        let book = &state.books[place];
        let sides = Side::BOTH.into_iter();
        let slots: Vec<u32> = sides.flat_map(|side| book.orders(side)).map(|(_, slot)| *slot).collect();
        end_all(state, out, &slots, DoneReason::MarketClosed, &NO_ID, |_, _| ());
    }
}

/// Of one tier, from the next fill on. Tiers that were never set pay as tier 0.
pub fn set_fees(state: &mut State, out: &mut Vec<u8>, command: &SetFees, content: &Content) {
    let id = &command.client_order_id;
    let Some((asking, place)) = admit_market(state, out, command.market, id, content) else {
        return;
    };
    let SetFees { market, tier, maker_ppm, taker_ppm, .. } = *command;
    let mut fees_set = state.markets[place].fees_set;
    let row = usize::try_from(tier).ok().and_then(|tier| fees_set.get_mut(tier));
    let is_tier = row.map(|row| *row = Some(Fee { maker_ppm, taker_ppm })).is_some();
    if !is_tier || !are_fees(&fees_set) {
        return refuse(state, out, &asking, RejectReason::FeesInvalid, 0, market, NO_ORDER);
    }
    state.markets.get_mut(place).fees_set = fees_set;
    pack_fees_changed(out, state.head.sequence, market, id, tier as u16, maker_ppm, taker_ppm);
    conclude(state, &asking, EventKind::FeesChanged, market, NO_ORDER);
}
