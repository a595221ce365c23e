//! The whole state as bytes and back: sections in a fixed order, each sorted, so that equal states are equal bytes.
//!
//! ```text
//! "mXsnap" | version u16 | section*        section = id u16 | rows u32 | bytes u64 | bytes
//! ```
//!
//! Little-endian. Sections and their rows, by id; a list inside a row is preceded by its length as u32:
//!
//! ```text
//! 1 HEAD       sequence, time, running digest, counters
//! 2 ASSETS     by asset id
//! 3 MARKETS    by market id, with fees per tier, reference price and last trade id
//! 4 SYSTEM     balances of the system accounts, by account id
//! 5 ACCOUNTS   by account id: settings, balances by asset, pending withdrawals by id
//! 6 ORDERS     by market; bids then asks, best price first, oldest first: the order of the rows is the queue
//! 7 MEMORIES   client order ids by account (0: the operator): answers by id, then the queues of finished ones
//! 8 FEATURES   in force, by number, and from which sequence on; the section is left out if there are none
//! ```
//!
//! Zero balances are left out. Everything else (which orders an account has open, expiries) follows from these.
#![allow(missing_docs)] // the fields are those of the state

use crate::codec::row::layout;

pub const MAGIC: [u8; 6] = *b"mXsnap";
pub const VERSION: u16 = 1;

layout! {
    /// At the beginning.
    Prefix, 8; 0, magic: [u8; 6]; 6, version: u16;
}

layout! {
    /// Before each section.
    Section, 14; 0, number: u16; 2, rows: u32; 6, size: u64;
}

layout! {
    /// Section 1, one row.
    HeadRow, 56;
    0, sequence: u64;
    8, time_ns: i64;
    16, digest: [u8; 16];
    32, account_counter: u64;
    40, order_counter: u64;
    48, withdrawal_counter: u64;
}

layout! {
    /// Section 2.
    AssetRow, 24;
    0, asset_id: u32;
    4, scale: u8;
    5, display_decimals: u8;
    6, supply_max: i64;
    14, symbol: [u8; 10];
}

layout! {
    /// Section 3, followed by a list of fees.
    MarketRow, 112;
    0, market_id: u32;
    4, base: u32;
    8, quote: u32;
    12, status: u32;
    16, tick_size: i64;
    24, lot_size: i64;
    32, atoms_per_tick_lot: i64;
    40, quantity_min: i64;
    48, quantity_max: i64;
    56, notional_min: i64;
    64, band_ppm: i64;
    72, reference_price: i64;
    80, trade_id: u64;
    88, symbol: [u8; 24];
}

layout! {
    /// Of one tier.
    FeeRow, 20; 0, tier: u32; 4, maker_ppm: i64; 12, taker_ppm: i64;
}

layout! {
    /// Of one asset.
    BalanceRow, 20; 0, asset_id: u32; 4, available: i64; 12, held: i64;
}

layout! {
    /// Section 5, followed by lists of balances and withdrawals.
    AccountRow, 44;
    0, account_id: u64;
    8, owner: u64;
    16, number: u32;
    20, status: u8;
    21, self_trade_prevention: u8;
    22, fee_tier: u16;
    24, open_orders_max: u32;
    28, order_notional_max: i64;
    36, sequence: u64;
}

layout! {
    /// Pending.
    WithdrawalRow, 20; 0, withdrawal_id: u64; 8, asset_id: u32; 12, amount: i64;
}

layout! {
    /// Section 6.
    OrderRow, 97;
    0, order_id: u64;
    8, client_order_id: [u8; 16];
    24, account_id: u64;
    32, owner: u64;
    40, market_id: u32;
    44, side: u8;
    45, order_type: u8;
    46, time_in_force: u8;
    47, self_trade_prevention: u8;
    48, flags: u8;
    49, price: i64;
    57, quantity: i64;
    65, expiry_ns: i64;
    73, leaves: i64;
    81, filled: i64;
    89, placed_sequence: u64;
}

layout! {
    /// Section 7, followed by lists of answers, recent ids, settled ids and text ids.
    MemoryRow, 24; 0, account_id: u64; 8, evicted: [u8; 16];
}

layout! {
    /// To one client order id.
    AnswerRow, 46;
    0, client_order_id: [u8; 16];
    16, digest: u64;
    24, kind: u8;
    25, reason: u8;
    26, market_id: u32;
    30, order_id: u64;
    38, sequence: u64;
}

layout! {
    /// When an id was finished.
    RecentRow, 24; 0, finished_ns: i64; 8, client_order_id: [u8; 16];
}

layout! {
    /// A client order id.
    IdRow, 16; 0, client_order_id: [u8; 16];
}

layout! {
    /// Section 8.
    FeatureRow, 12; 0, number: u32; 4, from: u64;
}
