//! A state from the bytes of a snapshot; everything that sections leave out because it follows is made here.
//!
//! Whatever the rules rely on is checked, so that bytes which pass give a state on which no command can fail. What one
//! row says is checked with the row; what rows say of each other in `snapshot_audit.rs`.

use std::cmp::Reverse;

use super::admin::{are_fees, are_limits};
use super::execute::open_order;
use super::ledger::REBATE_DEFICIT_MAX;
use super::snapshot::BadSnapshot;
use super::snapshot_audit::{check_books, check_funds, check_memories};
use super::snapshot_layout::{
    AccountRow, AnswerRow, AssetRow, BalanceRow, FeatureRow, FeeRow, HeadRow, IdRow, MAGIC, MarketRow, MemoryRow,
    OrderRow, Prefix, RecentRow, Section, VERSION, WithdrawalRow,
};
use super::state::{
    Account, Answer, Balances, Book, EXTERNAL, FEES, Fee, Finished, MarketState, OPERATOR, Order, SYSTEM_ACCOUNTS,
    State, Withdrawal,
};
use crate::book::Resting;
use crate::codec::row::bytes_at;
use crate::domain::client_id::{NO_ID, is_valid};
use crate::domain::market::{
    ACCOUNT_NUMBER_MAX, ATOMS_PER_LOT_MIN, AccountStatus, Asset, FEE_TIERS, MarketStatus, OPEN_ORDERS_PER_ACCOUNT,
    PENDING_WITHDRAWALS_MAX, atoms_per_tick_lot,
};
use crate::domain::order::{FLAGS_ALL, OrderType, QUOTE_AMOUNT, SelfTradePrevention, Side, TimeInForce};
use crate::domain::units::{AccountId, Atoms, NOTIONAL_MAX, PRICE_MAX, QUANTITY_MAX, SCALE_MAX, SUPPLY_MAX};

type Checked<T> = Result<T, BadSnapshot>;

/// `Err(BadSnapshot(text))` unless it holds.
pub(super) fn ensure(holds: bool, text: &'static str) -> Checked<()> {
    if holds { Ok(()) } else { Err(BadSnapshot(text)) }
}

/// Takes bytes apart, front to back.
struct Rows<'a> {
    rest: &'a [u8],
}

impl<'a> Rows<'a> {
    fn take(&mut self, size: usize) -> Checked<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(size).ok_or(BadSnapshot("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next bytes.
    fn row<const N: usize>(&mut self) -> Checked<[u8; N]> {
        Ok(bytes_at(self.take(N)?, 0))
    }

    /// A count, then so many rows of `size` bytes.
    fn list(&mut self, size: usize) -> Checked<&'a [u8]> {
        let count = u32::from_le_bytes(self.row()?) as usize;
        self.take(count.checked_mul(size).ok_or(BadSnapshot("a list that is longer than memory"))?)
    }
}

/// The state that `dump` made these bytes of.
///
/// # Errors
/// `BadSnapshot`, whatever is wrong.
pub fn load(data: &[u8]) -> Checked<State> {
    let mut reader = Rows { rest: data };
    let prefix = Prefix::read(&reader.row()?);
    ensure(prefix.magic == MAGIC && prefix.version == VERSION, "another magic, or another version")?;
    let mut state = State::new();
    let mut orders = Vec::new();
    section(&mut reader, 1, |rows, row| load_head(&mut state, rows, row))?;
    section(&mut reader, 2, |rows, row| load_asset(&mut state, rows, row))?;
    section(&mut reader, 3, |rows, row| load_market(&mut state, rows, row))?;
    section(&mut reader, 4, |rows, row| load_system(&mut state, rows, row))?;
    section(&mut reader, 5, |rows, row| load_account(&mut state, rows, row))?;
    section(&mut reader, 6, |rows, _| load_order(&state, rows).map(|order| orders.push(order)))?;
    check_funds(&state, &orders)?;
    check_books(&orders)?;
    rest_all(&mut state, orders)?;
    let mut remembers = None;
    section(&mut reader, 7, |rows, _| load_memory(&mut state, rows, &mut remembers))?;
    check_memories(&state)?;
    if !reader.rest.is_empty() {
        section(&mut reader, 8, |rows, _| load_feature(&mut state, rows))?;
        ensure(state.head.features.rows().next().is_some(), "a section of features without any")?;
    }
    ensure(reader.rest.is_empty(), "it goes on behind its end")?;
    ensure(state.head.account_counter == 15 + (state.accounts.len() as u64 - 1), "accounts that are not there")?;
    Ok(state)
}

/// The section that comes next, row by row, counted from 0.
fn section<'a>(
    reader: &mut Rows<'a>,
    number: u16,
    mut load: impl FnMut(&mut Rows<'a>, u32) -> Checked<()>,
) -> Checked<()> {
    let header = Section::read(&reader.row()?);
    ensure(header.number == number, "a section that is out of order")?;
    let size = usize::try_from(header.size).or(Err(BadSnapshot("a section that is longer than memory")))?;
    let mut rows = Rows { rest: reader.take(size)? };
    for row in 0..header.rows {
        load(&mut rows, row)?;
    }
    ensure(rows.rest.is_empty(), "a section that is longer than its rows")
}

fn load_head(state: &mut State, rows: &mut Rows, row: u32) -> Checked<()> {
    ensure(row == 0, "two heads")?;
    let head = HeadRow::read(&rows.row()?);
    ensure(head.time_ns >= 0, "a time before all times")?;
    ensure(head.order_counter < 1 << 48 && head.withdrawal_counter < 1 << 48, "a counter beyond its bits")?;
    state.head.sequence = head.sequence;
    state.head.time_ns = head.time_ns;
    state.head.digest = head.digest;
    state.head.account_counter = head.account_counter;
    state.head.order_counter = head.order_counter;
    state.head.withdrawal_counter = head.withdrawal_counter;
    Ok(())
}

/// What stands in a field that is filled up with zeros.
fn text(padded: &[u8]) -> Checked<String> {
    let length = padded.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let text = std::str::from_utf8(&padded[..length]).or(Err(BadSnapshot("a symbol that is not text")))?;
    ensure(text.bytes().all(|byte| byte.is_ascii_graphic()), "a symbol that cannot be")?;
    Ok(text.to_owned())
}

fn load_asset(state: &mut State, rows: &mut Rows, row: u32) -> Checked<()> {
    let asset = AssetRow::read(&rows.row()?);
    let symbol = text(&asset.symbol)?;
    ensure(asset.asset_id == row + 1, "assets that are not in order")?;
    ensure(asset.scale <= SCALE_MAX && asset.display_decimals <= asset.scale, "decimals that cannot be")?;
    ensure((1..=SUPPLY_MAX).contains(&asset.supply_max), "a supply that cannot be")?;
    let taken = state.asset_ids.insert(symbol.clone(), asset.asset_id);
    ensure(taken.is_none() && !symbol.is_empty(), "two assets of one symbol")?;
    state.assets.push(Asset {
        asset_id: asset.asset_id,
        symbol,
        scale: asset.scale,
        display_decimals: asset.display_decimals,
        supply_max: asset.supply_max,
    });
    Ok(())
}

fn load_market(state: &mut State, rows: &mut Rows, row: u32) -> Checked<()> {
    let market = MarketRow::read(&rows.row()?);
    ensure(market.market_id == row + 1, "markets that are not in order")?;
    let (Some(base), Some(quote)) = (state.asset(market.base), state.asset(market.quote)) else {
        return Err(BadSnapshot("a market of an asset that is not there"));
    };
    let symbol = format!("{}/{}", base.symbol, quote.symbol);
    ensure(text(&market.symbol)? == symbol && market.base != market.quote, "a market of another symbol")?;
    let sizes = (1..=NOTIONAL_MAX).contains(&market.tick_size) && market.lot_size >= ATOMS_PER_LOT_MIN;
    ensure(sizes && market.lot_size <= NOTIONAL_MAX, "a tick or a lot that cannot be")?;
    let unit = atoms_per_tick_lot(market.tick_size, market.lot_size, base.scale, quote.scale);
    ensure(unit == Some(i128::from(market.atoms_per_tick_lot)), "a tick of a lot that is worth something else")?;
    ensure(market.atoms_per_tick_lot <= NOTIONAL_MAX, "a tick of a lot that is worth too much")?;
    let MarketRow { quantity_min, quantity_max, notional_min, band_ppm, reference_price, .. } = market;
    ensure(are_limits(quantity_min, quantity_max, notional_min, band_ppm), "limits that cannot be")?;
    ensure((1..=PRICE_MAX).contains(&reference_price), "a price that cannot be")?;
    let status = u8::try_from(market.status).ok().and_then(MarketStatus::of);
    let fees_set = fees(rows.list(FeeRow::SIZE)?)?;
    let taken = state.market_ids.insert((market.base, market.quote), market.market_id);
    ensure(taken.is_none(), "two markets of one pair")?;
    state.markets.push(MarketState {
        market_id: market.market_id,
        base: market.base,
        quote: market.quote,
        status: status.ok_or(BadSnapshot("a status of a market that cannot be"))?,
        lot_size: market.lot_size,
        atoms_per_tick_lot: market.atoms_per_tick_lot,
        quantity_min,
        quantity_max,
        notional_min,
        band_ppm,
        reference_price,
        tick_size: market.tick_size,
        symbol,
        fees_set,
    });
    ensure(market.trade_id < 1 << 63, "a trade id that cannot be")?;
    let mut book = Book::default();
    book.set_trade_id(market.trade_id);
    state.books.push(book);
    Ok(())
}

fn fees(list: &[u8]) -> Checked<[Option<Fee>; FEE_TIERS]> {
    let mut fees = [None; FEE_TIERS];
    let mut next = 0;
    for row in FeeRow::rows(list) {
        ensure(row.tier >= next && (row.tier as usize) < FEE_TIERS, "tiers that are not in order")?;
        next = row.tier + 1;
        fees[row.tier as usize] = Some(Fee { maker_ppm: row.maker_ppm, taker_ppm: row.taker_ppm });
    }
    ensure(fees[0].is_some() && are_fees(&fees), "fees that cannot be")?;
    Ok(fees)
}

/// `smallest` is what may be owed: as each asset sums to zero, it bounds what anybody can have.
fn load_balances(state: &State, list: &[u8], smallest: Atoms) -> Checked<Balances> {
    let mut balances = Balances::default();
    let mut before = 0;
    for row in BalanceRow::rows(list) {
        ensure(row.asset_id > before && state.asset(row.asset_id).is_some(), "balances that are not in order")?;
        before = row.asset_id;
        ensure(row.available >= smallest && row.held >= 0, "a balance that cannot be")?;
        ensure(row.available != 0 || row.held != 0, "a balance of nothing")?;
        let balance = balances.get_mut(row.asset_id);
        (balance.available, balance.held) = (row.available, row.held);
    }
    Ok(balances)
}

fn load_system(state: &mut State, rows: &mut Rows, row: u32) -> Checked<()> {
    let number = u32::from_le_bytes(rows.row()?);
    ensure(number == row + 1 && row < SYSTEM_ACCOUNTS as u32, "system accounts that are not in order")?;
    let smallest = match AccountId::from(number) {
        EXTERNAL => -SUPPLY_MAX,
        FEES => -REBATE_DEFICIT_MAX,
        _ => 0,
    };
    let balances = load_balances(state, rows.list(BalanceRow::SIZE)?, smallest)?;
    ensure(balances.iter().all(|(_, balance)| balance.held == 0), "a system account that holds")?;
    state.system[row as usize] = balances;
    Ok(())
}

fn load_account(state: &mut State, rows: &mut Rows, row: u32) -> Checked<()> {
    let account = AccountRow::read(&rows.row()?);
    ensure(account.account_id == 16 + u64::from(row), "accounts that are not in order")?;
    ensure(account.owner != 0 && account.number <= ACCOUNT_NUMBER_MAX, "an owner that cannot be")?;
    let taken = state.account_ids.insert((account.owner, account.number), account.account_id);
    ensure(taken.is_none(), "two accounts of one number")?;
    let (Some(status), Some(prevention)) =
        (AccountStatus::of(account.status), SelfTradePrevention::of(account.self_trade_prevention))
    else {
        return Err(BadSnapshot("a setting of an account that cannot be"));
    };
    ensure(usize::from(account.fee_tier) < FEE_TIERS, "a tier that cannot be")?;
    ensure(account.open_orders_max <= OPEN_ORDERS_PER_ACCOUNT, "a limit that cannot be")?;
    ensure((0..=NOTIONAL_MAX).contains(&account.order_notional_max), "a limit that cannot be")?;
    ensure(account.sequence < 1 << 63, "an account sequence that cannot be")?;
    let balances = load_balances(state, rows.list(BalanceRow::SIZE)?, 0)?;
    let withdrawals = withdrawals(state, rows.list(WithdrawalRow::SIZE)?)?;
    state.accounts.push(Account {
        status,
        self_trade_prevention: prevention,
        fee_tier: account.fee_tier as u8,
        open_orders_max: account.open_orders_max,
        order_notional_max: account.order_notional_max,
        sequence: account.sequence,
        balances,
        withdrawals,
        ..Account::new(account.account_id, account.owner, account.number)
    });
    Ok(())
}

fn withdrawals(state: &State, list: &[u8]) -> Checked<Vec<Withdrawal>> {
    let mut withdrawals = Vec::new();
    let mut before = 0;
    for WithdrawalRow { withdrawal_id, asset_id, amount } in WithdrawalRow::rows(list) {
        ensure(withdrawal_id > before && withdrawal_id <= state.head.withdrawal_counter, "withdrawals out of order")?;
        ensure(state.asset(asset_id).is_some() && (1..=SUPPLY_MAX).contains(&amount), "a withdrawal that cannot be")?;
        before = withdrawal_id;
        withdrawals.push(Withdrawal { withdrawal_id, asset_id, amount });
    }
    ensure(withdrawals.len() <= PENDING_WITHDRAWALS_MAX, "too many withdrawals")?;
    Ok(withdrawals)
}

fn load_order(state: &State, rows: &mut Rows) -> Checked<Order> {
    let row = OrderRow::read(&rows.row()?);
    let Some(account) = state.account_place(row.account_id) else {
        return Err(BadSnapshot("an order of an account that is not there"));
    };
    ensure(state.accounts[account].owner == row.owner, "an order of another owner")?;
    let Some(market) = state.market_place(row.market_id) else {
        return Err(BadSnapshot("an order in a market that is not there"));
    };
    ensure(state.markets[market].status != MarketStatus::Closed, "an order in a closed market")?;
    let (side, tif) = (Side::of(row.side), TimeInForce::of(row.time_in_force));
    let (Some(side), Some(time_in_force)) = (side, tif.filter(|tif| tif.rests())) else {
        return Err(BadSnapshot("an order that does not rest"));
    };
    let prevention = SelfTradePrevention::of(row.self_trade_prevention);
    let self_trade_prevention = prevention.ok_or(BadSnapshot("a self-trade prevention that cannot be"))?;
    let rests = row.order_type == OrderType::Limit as u8 && row.flags & (QUOTE_AMOUNT | !FLAGS_ALL) == 0;
    ensure(rests && is_valid(&row.client_order_id), "an order that does not rest")?;
    ensure((1..=state.head.order_counter).contains(&row.order_id), "an order id that was not given")?;
    ensure((1..=PRICE_MAX).contains(&row.price) && row.quantity <= QUANTITY_MAX, "a price or quantity out of bounds")?;
    ensure(row.filled >= 0 && row.leaves > 0, "an order without leaves")?;
    ensure(row.filled.checked_add(row.leaves) == Some(row.quantity), "leaves that do not add up")?;
    ensure(time_in_force != TimeInForce::Gtd || row.expiry_ns > 0, "an expiry that cannot be")?;
    Ok(Order {
        order_id: row.order_id,
        price: row.price,
        quantity: row.quantity,
        filled: row.filled,
        account: account as u32,
        market_id: row.market_id,
        side,
        order_type: OrderType::Limit,
        time_in_force,
        self_trade_prevention,
        flags: row.flags,
        client_order_id: row.client_order_id,
        expiry_ns: row.expiry_ns,
        placed_sequence: row.placed_sequence,
        ..Order::NOBODY
    })
}

/// Into the books in the order of the rows, then to their accounts by order id.
fn rest_all(state: &mut State, orders: Vec<Order>) -> Checked<()> {
    let mut slots = Vec::with_capacity(orders.len());
    for order in orders {
        let owner = state.accounts[order.account as usize].owner;
        let Order { order_id: id, side, price, .. } = order;
        ensure(state.orders.find(id) == 0, "two orders of one id")?;
        let slot = state.orders.insert(order);
        let book = state.books.get_mut(order.market_id as usize - 1);
        let handle = book.rest(&Resting { id, owner, side, price, leaves: order.leaves() }, slot);
        state.orders.get_mut(slot).handle = handle;
        slots.push((id, slot));
    }
    slots.sort_unstable();
    for (_, slot) in slots {
        open_order(state, slot);
    }
    for place in 0..state.markets.len() {
        state.books.get_mut(place).levels_changed(|_| ());
    }
    Ok(())
}

/// `before` is the account of the row before.
fn load_memory(state: &mut State, rows: &mut Rows, before: &mut Option<AccountId>) -> Checked<()> {
    let memory = MemoryRow::read(&rows.row()?);
    ensure(*before < Some(memory.account_id), "memories that are not in order")?;
    *before = Some(memory.account_id);
    let place = if memory.account_id == 0 { Some(OPERATOR) } else { state.account_place(memory.account_id) };
    let place = place.ok_or(BadSnapshot("a memory of an account that is not there"))?;
    let account = state.accounts.get_mut(place);
    account.evicted = memory.evicted;
    let mut id_before = None;
    for row in AnswerRow::rows(rows.list(AnswerRow::SIZE)?) {
        let id = Some(row.client_order_id);
        ensure(id_before < id && is_valid(&row.client_order_id), "client order ids that are not in order")?;
        id_before = id;
        let AnswerRow { client_order_id, digest, sequence, order_id, market_id, kind, reason } = row;
        let answer = Answer { client_order_id, digest, sequence, order_id, market_id, kind, reason };
        state.answers.insert(account, answer);
    }
    let mut finished = Finished::default();
    let recent = RecentRow::rows(rows.list(RecentRow::SIZE)?);
    finished.recent = recent.map(|row| (row.finished_ns, row.client_order_id)).collect();
    let settled: Vec<_> = IdRow::rows(rows.list(IdRow::SIZE)?).map(|row| row.client_order_id).collect();
    ensure(settled.is_sorted(), "settled ids that are not in order")?;
    finished.settled = settled.into_iter().map(Reverse).collect();
    finished.texts = IdRow::rows(rows.list(IdRow::SIZE)?).map(|row| row.client_order_id).collect();
    account.finished = Some(Box::new(finished));
    ensure(!account.answers.is_empty() || account.evicted != NO_ID, "a memory of nothing")?;
    Ok(())
}

fn load_feature(state: &mut State, rows: &mut Rows) -> Checked<()> {
    let FeatureRow { number, from } = FeatureRow::read(&rows.row()?);
    ensure(state.head.features.add(number, from), "a feature that this version does not know")
}
