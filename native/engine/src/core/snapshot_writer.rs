//! The sections of a snapshot, row by row; where they stand is said in `snapshot_layout.rs`.

use super::snapshot_layout::{
    AccountRow, AnswerRow, AssetRow, BalanceRow, FeatureRow, FeeRow, HeadRow, IdRow, MAGIC, MarketRow, MemoryRow,
    OrderRow, Prefix, RecentRow, Section, VERSION, WithdrawalRow,
};
use super::state::{Account, Balances, Finished, State};
use crate::book::Side;
use crate::codec::row::Plain;
use crate::domain::client_id::NO_ID;

/// The canonical bytes of the state.
pub fn dump(state: &State) -> Vec<u8> {
    let mut out = Vec::with_capacity(size_about(state));
    out.extend_from_slice(&Prefix { magic: MAGIC, version: VERSION }.write());
    for (number, write) in (1..).zip([head, assets, markets, system, accounts, orders, memories]) {
        section(&mut out, number, |out| write(state, out));
    }
    if state.head.features.rows().next().is_some() {
        section(&mut out, 8, |out| features(state, out));
    }
    out
}

/// Bytes, for one allocation.
fn size_about(state: &State) -> usize {
    let memories: usize = state.accounts.iter().map(|account| account.answers.len()).sum();
    4_096 + state.accounts.len() * 200 + state.markets.len() * 140 + state.orders.len() * OrderRow::SIZE + memories * 72
}

/// A header, then what `write` writes, which returns its number of rows.
fn section(out: &mut Vec<u8>, number: u16, write: impl FnOnce(&mut Vec<u8>) -> usize) {
    let header = out.len();
    out.resize(header + Section::SIZE, 0);
    let rows = write(out) as u32;
    let size = (out.len() - header - Section::SIZE) as u64;
    Section { number, rows, size }.write().set(out, header);
}

/// A length, then rows of so many bytes.
fn list<const N: usize>(out: &mut Vec<u8>, rows: impl Iterator<Item = [u8; N]>) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    let mut count = 0_u32;
    for row in rows {
        out.extend_from_slice(&row);
        count += 1;
    }
    count.set(out, at);
}

fn head(state: &State, out: &mut Vec<u8>) -> usize {
    let head = state.head;
    let row = HeadRow {
        sequence: head.sequence,
        time_ns: head.time_ns,
        digest: head.digest,
        account_counter: head.account_counter,
        order_counter: head.order_counter,
        withdrawal_counter: head.withdrawal_counter,
    };
    out.extend_from_slice(&row.write());
    1
}

fn assets(state: &State, out: &mut Vec<u8>) -> usize {
    for asset in state.assets.iter() {
        let row = AssetRow {
            asset_id: asset.asset_id,
            scale: asset.scale,
            display_decimals: asset.display_decimals,
            supply_max: asset.supply_max,
            symbol: padded(&asset.symbol),
        };
        out.extend_from_slice(&row.write());
    }
    state.assets.len()
}

fn markets(state: &State, out: &mut Vec<u8>) -> usize {
    for (market, book) in state.markets.iter().zip(state.books.iter()) {
        let row = MarketRow {
            market_id: market.market_id,
            base: market.base,
            quote: market.quote,
            status: u32::from(market.status as u8),
            tick_size: market.tick_size,
            lot_size: market.lot_size,
            atoms_per_tick_lot: market.atoms_per_tick_lot,
            quantity_min: market.quantity_min,
            quantity_max: market.quantity_max,
            notional_min: market.notional_min,
            band_ppm: market.band_ppm,
            reference_price: market.reference_price,
            trade_id: book.trade_id(),
            symbol: padded(&market.symbol),
        };
        out.extend_from_slice(&row.write());
        let fees = (0..).zip(&market.fees_set).filter_map(|(tier, fee)| fee.map(|fee| (tier, fee)));
        list(out, fees.map(|(tier, fee)| FeeRow { tier, maker_ppm: fee.maker_ppm, taker_ppm: fee.taker_ppm }.write()));
    }
    state.markets.len()
}

fn balances(out: &mut Vec<u8>, balances: &Balances) {
    let rows = balances.iter().filter(|(_, one)| one.available != 0 || one.held != 0);
    list(out, rows.map(|(asset_id, one)| BalanceRow { asset_id, available: one.available, held: one.held }.write()));
}

fn system(state: &State, out: &mut Vec<u8>) -> usize {
    for (number, one) in (1_u32..).zip(&state.system) {
        out.extend_from_slice(&number.to_le_bytes());
        balances(out, one);
    }
    state.system.len()
}

/// Without the operator.
fn users(state: &State) -> impl Iterator<Item = &Account> {
    state.accounts.iter().skip(1)
}

fn accounts(state: &State, out: &mut Vec<u8>) -> usize {
    for account in users(state) {
        let row = AccountRow {
            account_id: account.account_id,
            owner: account.owner,
            number: account.number,
            status: account.status as u8,
            self_trade_prevention: account.self_trade_prevention as u8,
            fee_tier: u16::from(account.fee_tier),
            open_orders_max: account.open_orders_max,
            order_notional_max: account.order_notional_max,
            sequence: account.sequence,
        };
        out.extend_from_slice(&row.write());
        balances(out, &account.balances);
        let row = |&one| {
            let super::state::Withdrawal { withdrawal_id, asset_id, amount } = one;
            WithdrawalRow { withdrawal_id, asset_id, amount }.write()
        };
        list(out, account.withdrawals.iter().map(row));
    }
    state.accounts.len() - 1
}

fn orders(state: &State, out: &mut Vec<u8>) -> usize {
    for book in state.books.iter() {
        for (resting, &slot) in book.orders(Side::Buy).chain(book.orders(Side::Sell)) {
            let order = state.orders.get(slot);
            let row = OrderRow {
                order_id: order.order_id,
                client_order_id: order.client_order_id,
                account_id: state.accounts[order.account as usize].account_id,
                owner: resting.owner,
                market_id: order.market_id,
                side: order.side as u8,
                order_type: order.order_type as u8,
                time_in_force: order.time_in_force as u8,
                self_trade_prevention: order.self_trade_prevention as u8,
                flags: order.flags,
                price: order.price,
                quantity: order.quantity,
                expiry_ns: order.expiry_ns,
                leaves: resting.leaves,
                filled: order.filled,
                placed_sequence: order.placed_sequence,
            };
            out.extend_from_slice(&row.write());
        }
    }
    state.orders.len()
}

fn memories(state: &State, out: &mut Vec<u8>) -> usize {
    let nothing = Finished::default();
    let mut rows = 0;
    for account in state.accounts.iter() {
        if account.answers.is_empty() && account.evicted == NO_ID {
            continue;
        }
        rows += 1;
        let row = MemoryRow { account_id: account.account_id, evicted: account.evicted };
        out.extend_from_slice(&row.write());
        let answers = state.answers.sorted(&account.answers);
        list(out, answers.into_iter().map(|answer| answer_row(answer).write()));
        let finished = account.finished.as_deref().unwrap_or(&nothing);
        let recent = finished.recent.iter();
        list(out, recent.map(|&(finished_ns, client_order_id)| RecentRow { finished_ns, client_order_id }.write()));
        let mut settled: Vec<_> = finished.settled.iter().map(|id| id.0).collect();
        settled.sort_unstable();
        list(out, settled.into_iter().map(|client_order_id| IdRow { client_order_id }.write()));
        list(out, finished.texts.iter().map(|&client_order_id| IdRow { client_order_id }.write()));
    }
    rows
}

fn answer_row(answer: &super::state::Answer) -> AnswerRow {
    AnswerRow {
        client_order_id: answer.client_order_id,
        digest: answer.digest,
        kind: answer.kind,
        reason: answer.reason,
        market_id: answer.market_id,
        order_id: answer.order_id,
        sequence: answer.sequence,
    }
}

fn features(state: &State, out: &mut Vec<u8>) -> usize {
    let rows = state.head.features.rows();
    rows.map(|(number, from)| out.extend_from_slice(&FeatureRow { number, from }.write())).count()
}

/// Filled up with zeros; symbols are as long as their field at most.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}
