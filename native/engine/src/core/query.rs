//! Questions that the engine's state answers: account, open order, book, markets, assets, balances. Changes nothing.
//!
//! A question gets one page and asks for the next by its cursor; a book comes in all its pages at once. What does not
//! exist is refused by name, except that an order may be unknown.

use super::book_query::book_pages;
use super::execute::find_open;
use super::page::{ACCOUNT_NOT_FOUND, UNSUPPORTED, refused, room};
use super::risk;
use super::state::{Account, Answer, MarketState, Order, State};
use crate::codec::CodecError;
use crate::codec::blocks::{DATAGRAM_BLOCKS_MAX, split};
use crate::codec::generated::{
    AccountPage, AccountQuery, AssetInfo, AssetsPage, AssetsQuery, BalanceS, Balances, BookQuery, MarketInfo,
    MarketsPage, MarketsQuery, OpenOrderS, OrderAnswer, OrderQuery, OrderSummaryS, order_state, rewrite,
};
use crate::codec::table::{Message, Table};
use crate::domain::client_id::ClientOrderId;

/// Cursors of `AccountQuery` with this bit are asset ids: more balances than one page takes. Others are order ids.
const BALANCES_CURSOR: u64 = 1 << 63;
/// Message types of commands, which are no questions.
const COMMANDS: std::ops::Range<u16> = 100..300;

/// Reply blocks for one question block.
///
/// # Errors
/// Malformed for bytes that are none, `UnknownMessage`.
pub fn answer(state: &State, block: &[u8]) -> Result<Vec<Vec<u8>>, CodecError> {
    let mut blocks = split(block)?;
    let (Some(question), true) = (blocks.next(), blocks.is_empty()) else {
        return Err(CodecError::Malformed("a question is one block"));
    };
    let (payload, correlation) = (question.payload, question.correlation);
    match question.message_type {
        AccountQuery::NUMBER => account_page(state, &AccountQuery::read(payload)?, correlation),
        Balances::NUMBER => balances(state, &Balances::read(payload)?, correlation),
        OrderQuery::NUMBER => order(state, &OrderQuery::read(payload)?, correlation),
        BookQuery::NUMBER => book_pages(state, &BookQuery::read(payload)?, correlation),
        MarketsQuery::NUMBER => Ok(vec![markets_page(state, &MarketsQuery::read(payload)?, correlation)?]),
        AssetsQuery::NUMBER => Ok(vec![assets_page(state, &AssetsQuery::read(payload)?, correlation)?]),
        command if COMMANDS.contains(&command) => Err(CodecError::UnknownMessage(command)),
        other => {
            rewrite(other, payload)?; // judged, like any question
            refused(UNSUPPORTED, correlation)
        }
    }
}

/// Balances by asset, then open orders by order id. The cursor says where the page before it stopped.
fn account_page(state: &State, question: &AccountQuery, correlation: u32) -> Result<Vec<Vec<u8>>, CodecError> {
    let Some(place) = state.account_place(question.account) else {
        return refused(ACCOUNT_NOT_FOUND, correlation);
    };
    let account = &state.accounts[place];
    let cursor = question.first_order;
    let fee = state.markets.get(0).map(|market| market.fee(account.fee_tier)).unwrap_or_default();
    let mut page = AccountPage {
        account: question.account,
        account_sequence: account.sequence,
        sequence: state.head.sequence,
        status: account.status as u8,
        fee_tier: u32::from(account.fee_tier),
        stp: account.self_trade_prevention as u8,
        maker_ppm: fee.maker_ppm,
        taker_ppm: fee.taker_ppm,
        time_ns: state.head.time_ns,
        ..AccountPage::default()
    };
    let is_balances = cursor & BALANCES_CURSOR != 0;
    let mut fit = room(&page, BalanceS::SIZE)?;
    if cursor == 0 || is_balances {
        let first = cursor & !BALANCES_CURSOR;
        page.balances = balance_rows(account).filter(|row| row.available != 0 || row.held != 0).collect();
        page.balances.retain(|row| u64::from(row.asset) >= first);
        if let Some(next) = page.balances.get(fit) {
            page.next_order = BALANCES_CURSOR | u64::from(next.asset);
            page.balances.truncate(fit);
            return Ok(vec![page.encode(correlation)?]);
        }
    }
    let first = if is_balances { 0 } else { cursor };
    fit = room(&page, OpenOrderS::SIZE)?;
    for (_, order) in state.open_orders(place).filter(|(_, order)| order.order_id >= first) {
        if page.orders.len() == fit {
            page.next_order = order.order_id;
            break;
        }
        page.orders.push(open_order(state, order));
    }
    Ok(vec![page.encode(correlation)?])
}

/// Zeros too, once touched.
fn balance_rows(account: &Account) -> impl Iterator<Item = BalanceS> {
    account.balances.iter().map(|(asset, one)| BalanceS { asset, available: one.available, held: one.held })
}

fn open_order(state: &State, order: &Order) -> OpenOrderS {
    let market = &state.markets[order.market_id as usize - 1];
    OpenOrderS {
        order_id: order.order_id,
        client_order_id: order.client_order_id,
        price: order.price,
        quantity: order.quantity,
        leaves: order.leaves(),
        filled: order.filled,
        expiry_ns: order.expiry_ns,
        placed_sequence: order.placed_sequence,
        held: risk::needs_of(market, order, order.leaves()),
        market: order.market_id,
        side: order.side as u8,
        type_tif: type_tif(order),
        stp: order.self_trade_prevention as u8,
        flags: order.flags,
    }
}

fn type_tif(order: &Order) -> u8 {
    order.order_type as u8 | (order.time_in_force as u8) << 4
}

/// A Balances block that names an account and says no more asks for the rest of it: zeros too, once touched.
fn balances(state: &State, question: &Balances, correlation: u32) -> Result<Vec<Vec<u8>>, CodecError> {
    let Some(account) = state.account(question.account) else {
        return refused(ACCOUNT_NOT_FOUND, correlation);
    };
    let head = Balances {
        account: question.account,
        account_sequence: account.sequence,
        sequence: state.head.sequence,
        time_ns: state.head.time_ns,
        balances: Vec::new(),
    };
    let rows: Vec<BalanceS> = balance_rows(account).collect();
    if rows.is_empty() {
        return Ok(vec![head.encode(correlation)?]);
    }
    let fit = room(&head, BalanceS::SIZE)?;
    rows.chunks(fit).map(|rows| Balances { balances: rows.to_vec(), ..head.clone() }.encode(correlation)).collect()
}

/// An open order as it stands; else what the memory of client order ids still says of it.
fn order(state: &State, question: &OrderQuery, correlation: u32) -> Result<Vec<Vec<u8>>, CodecError> {
    let Some(place) = state.account_place(question.account) else {
        return refused(ACCOUNT_NOT_FOUND, correlation);
    };
    let known = state.answer(place, &question.client_order_id);
    let order_id = match question.order_id {
        0 => known.map_or(0, |answer| answer.order_id),
        order_id => order_id,
    };
    let slot = find_open(state, place, order_id);
    let summary = match known {
        _ if slot != 0 => Some(open_summary(state.orders.get(slot))),
        Some(answer) if question.order_id == 0 => Some(remembered(&question.client_order_id, answer)),
        _ => None,
    };
    let (known, orders) = (summary.is_some(), summary.into_iter().collect());
    Ok(vec![OrderAnswer { known, orders, sequence: state.head.sequence }.encode(correlation)?])
}

fn open_summary(order: &Order) -> OrderSummaryS {
    OrderSummaryS {
        order_id: order.order_id,
        client_order_id: order.client_order_id,
        price: order.price,
        quantity: order.quantity,
        leaves: order.leaves(),
        filled: order.filled,
        expiry_ns: order.expiry_ns,
        placed_sequence: order.placed_sequence,
        last_sequence: order.placed_sequence,
        market: order.market_id,
        side: order.side as u8,
        type_tif: type_tif(order),
        stp: order.self_trade_prevention as u8,
        flags: order.flags,
        state: if order.filled == 0 { order_state::OPEN } else { order_state::PARTIALLY_FILLED },
        ..nothing()
    }
}

/// What is left of it here: the first answer. The rest is history's.
fn remembered(client_order_id: &ClientOrderId, first: &Answer) -> OrderSummaryS {
    OrderSummaryS {
        order_id: first.order_id,
        client_order_id: *client_order_id,
        placed_sequence: first.sequence,
        last_sequence: first.sequence,
        market: first.market_id,
        state: if first.reason == 0 { order_state::FORGOTTEN } else { order_state::REJECTED },
        reject_reason: u16::from(first.reason),
        ..nothing()
    }
}

fn nothing() -> OrderSummaryS {
    OrderSummaryS::read(&[0; OrderSummaryS::SIZE])
}

fn markets_page(state: &State, question: &MarketsQuery, correlation: u32) -> Result<Vec<u8>, CodecError> {
    let mut page = MarketsPage { sequence: state.head.sequence, ..MarketsPage::default() };
    for market in state.markets.iter().filter(|market| market.market_id >= question.first) {
        page.markets.push(market_info(market));
        page.next = market.market_id;
        if page.encode(correlation)?.len() > DATAGRAM_BLOCKS_MAX {
            page.markets.pop();
            return page.encode(correlation);
        }
    }
    page.next = 0;
    page.encode(correlation)
}

fn market_info(market: &MarketState) -> MarketInfo {
    let fee = market.fee(0);
    MarketInfo {
        market: market.market_id,
        symbol: market.symbol.clone(),
        base: market.base,
        quote: market.quote,
        tick_size: market.tick_size,
        lot_size: market.lot_size,
        atoms_per_tick_lot: market.atoms_per_tick_lot,
        quantity_min: market.quantity_min,
        quantity_max: market.quantity_max,
        notional_min: market.notional_min,
        band_ppm: market.band_ppm,
        maker_ppm: fee.maker_ppm,
        taker_ppm: fee.taker_ppm,
        status: market.status as u8,
        reference_price: market.reference_price,
    }
}

fn assets_page(state: &State, question: &AssetsQuery, correlation: u32) -> Result<Vec<u8>, CodecError> {
    let mut page = AssetsPage { sequence: state.head.sequence, ..AssetsPage::default() };
    for asset in state.assets.iter().filter(|asset| asset.asset_id >= question.first) {
        page.assets.push(AssetInfo {
            asset: asset.asset_id,
            symbol: asset.symbol.clone(),
            scale: asset.scale,
            display_decimals: asset.display_decimals,
            supply_max: asset.supply_max,
        });
        page.next = asset.asset_id;
        if page.encode(correlation)?.len() > DATAGRAM_BLOCKS_MAX {
            page.assets.pop();
            return page.encode(correlation);
        }
    }
    page.next = 0;
    page.encode(correlation)
}
