//! Generated from schemas/*.fbs by schemas/generate.sh. Do not edit.

use super::row::row;
use super::table::{messages, table};

/// `Channel` of the schemas.
pub mod channel {
    pub const NONE: u8 = 0;
    pub const BOOK: u8 = 1;
    pub const TRADES: u8 = 2;
    pub const TICKER: u8 = 3;
    pub const CANDLES: u8 = 4;
}

/// `DepositState` of the schemas.
pub mod deposit_state {
    pub const NONE: u8 = 0;
    pub const SEEN: u8 = 1;
    pub const CREDITING: u8 = 2;
    pub const CREDITED: u8 = 3;
    pub const REFUSED: u8 = 4;
    pub const UNCLEAR: u8 = 5;
    pub const VANISHED: u8 = 6;
}

/// `FundingKind` of the schemas.
pub mod funding_kind {
    pub const NONE: u8 = 0;
    pub const DEPOSIT: u8 = 1;
    pub const WITHDRAWAL: u8 = 2;
}

/// `FundingStatus` of the schemas.
pub mod funding_status {
    pub const NONE: u8 = 0;
    pub const HELD: u8 = 1;
    pub const CONFIRMED: u8 = 2;
    pub const RELEASED: u8 = 3;
}

/// `KeyKind` of the schemas.
pub mod key_kind {
    pub const NONE: u8 = 0;
    pub const DEVICE: u8 = 1;
    pub const API: u8 = 2;
    pub const SERVICE: u8 = 3;
}

/// `LedgerKind` of the schemas.
pub mod ledger_kind {
    pub const NONE: u8 = 0;
    pub const TRADE: u8 = 1;
    pub const FEE: u8 = 2;
    pub const DEPOSIT: u8 = 3;
    pub const WITHDRAWAL: u8 = 4;
    pub const TRANSFER: u8 = 5;
}

/// `LoginMethod` of the schemas.
pub mod login_method {
    pub const NONE: u8 = 0;
    pub const ANONYMOUS: u8 = 1;
    pub const KEY: u8 = 2;
    pub const ENROLL: u8 = 3;
    pub const WEB: u8 = 4;
}

/// `LoginRefusal` of the schemas.
pub mod login_refusal {
    pub const NONE: u8 = 0;
    pub const UNKNOWN_KEY: u8 = 1;
    pub const BAD_SIGNATURE: u8 = 2;
    pub const CLOCK_SKEW: u8 = 3;
    pub const TOO_MANY_SESSIONS: u8 = 4;
    pub const METHOD_OFF: u8 = 5;
    pub const KEY_REVOKED: u8 = 6;
    pub const MALFORMED: u8 = 7;
    pub const ADDRESS: u8 = 8;
    pub const DISABLED: u8 = 9;
    pub const SESSION_ENDED: u8 = 10;
    pub const UNAVAILABLE: u8 = 11;
}

/// `MessageType` of the schemas.
pub mod message_type {
    pub const NONE: u16 = 0;
    pub const LOGIN: u16 = 1;
    pub const LOGIN_ACCEPTED: u16 = 2;
    pub const LOGIN_REFUSED: u16 = 3;
    pub const LOGOUT: u16 = 4;
    pub const HEARTBEAT: u16 = 5;
    pub const UNSUPPORTED: u16 = 6;
    pub const THROTTLED: u16 = 7;
    pub const PATH_CHALLENGE: u16 = 20;
    pub const PATH_RESPONSE: u16 = 21;
    pub const CANCEL_ALL_AFTER: u16 = 22;
    pub const DELEGATE: u16 = 23;
    pub const NEW_ORDERS: u16 = 100;
    pub const CANCELS: u16 = 101;
    pub const AMENDS: u16 = 102;
    pub const MASS_CANCEL: u16 = 103;
    pub const WITHDRAW: u16 = 104;
    pub const TRANSFER: u16 = 105;
    pub const OPEN_ACCOUNT: u16 = 200;
    pub const CHANGE_ACCOUNT: u16 = 201;
    pub const DEPOSIT: u16 = 202;
    pub const CONFIRM_WITHDRAWAL: u16 = 203;
    pub const RELEASE_WITHDRAWAL: u16 = 204;
    pub const CREATE_ASSET: u16 = 205;
    pub const CHANGE_ASSET: u16 = 206;
    pub const CREATE_MARKET: u16 = 207;
    pub const CHANGE_MARKET: u16 = 208;
    pub const SET_MARKET_STATUS: u16 = 209;
    pub const SET_FEES: u16 = 210;
    pub const ADVANCE_TIME: u16 = 211;
    pub const REPORTS: u16 = 300;
    pub const GAP_REQUEST: u16 = 301;
    pub const GAP_UNAVAILABLE: u16 = 302;
    pub const BALANCES: u16 = 303;
    pub const SUBSCRIBE: u16 = 400;
    pub const SUBSCRIBED: u16 = 401;
    pub const UNSUBSCRIBE: u16 = 402;
    pub const BOOK_SNAPSHOT: u16 = 403;
    pub const BOOK_DELTA: u16 = 404;
    pub const TRADES: u16 = 405;
    pub const TICKER: u16 = 406;
    pub const SUBSCRIBE_REFUSED: u16 = 407;
    pub const CANDLES: u16 = 410;
    pub const MARKETS_QUERY: u16 = 500;
    pub const MARKETS_PAGE: u16 = 501;
    pub const ASSETS_QUERY: u16 = 502;
    pub const ASSETS_PAGE: u16 = 503;
    pub const ACCOUNT_QUERY: u16 = 504;
    pub const ACCOUNT_PAGE: u16 = 505;
    pub const ORDER_QUERY: u16 = 506;
    pub const ORDER_ANSWER: u16 = 507;
    pub const BOOK_QUERY: u16 = 508;
    pub const TRADES_QUERY: u16 = 509;
    pub const TICKER_QUERY: u16 = 510;
    pub const PREVIEW_ANSWER: u16 = 511;
    pub const PREVIEW: u16 = 512;
    pub const ORDERS_QUERY: u16 = 513;
    pub const ORDERS_PAGE: u16 = 514;
    pub const TRADE_HISTORY_QUERY: u16 = 515;
    pub const TRADE_HISTORY_PAGE: u16 = 516;
    pub const ORDER_HISTORY_QUERY: u16 = 517;
    pub const ORDER_HISTORY_PAGE: u16 = 518;
    pub const FILLS_QUERY: u16 = 519;
    pub const FILLS_PAGE: u16 = 520;
    pub const LEDGER_QUERY: u16 = 521;
    pub const LEDGER_PAGE: u16 = 522;
    pub const FUNDING_QUERY: u16 = 523;
    pub const FUNDING_PAGE: u16 = 524;
    pub const CANDLES_QUERY: u16 = 525;
    pub const CANDLES_PAGE: u16 = 526;
    pub const HOLDINGS_QUERY: u16 = 527;
    pub const HOLDINGS_PAGE: u16 = 528;
    pub const DAY_BALANCES_QUERY: u16 = 529;
    pub const DAY_BALANCES_PAGE: u16 = 530;
    pub const STATUS_QUERY: u16 = 600;
    pub const STATUS_ANSWER: u16 = 601;
    pub const QUERY_REFUSED: u16 = 602;
    pub const CODE_REQUEST: u16 = 610;
    pub const CODE_SENT: u16 = 611;
    pub const DEVICE_SIGN_IN: u16 = 612;
    pub const DEVICE_SIGNED_IN: u16 = 613;
    pub const WEB_SIGN_IN: u16 = 614;
    pub const WEB_TOKENS: u16 = 615;
    pub const WEB_REFRESH: u16 = 616;
    pub const WEB_SIGN_OUT: u16 = 617;
    pub const PROFILE_QUERY: u16 = 620;
    pub const PROFILE: u16 = 621;
    pub const KEYS_QUERY: u16 = 622;
    pub const KEYS_PAGE: u16 = 623;
    pub const KEY_REQUEST: u16 = 624;
    pub const KEY_REVOKE: u16 = 625;
    pub const SESSIONS_QUERY: u16 = 626;
    pub const SESSIONS_PAGE: u16 = 627;
    pub const SESSION_REVOKE: u16 = 628;
    pub const CONFIRMATION_SENT: u16 = 630;
    pub const CONFIRM: u16 = 631;
    pub const CONFIRMED: u16 = 632;
    pub const EMAIL_CHANGE: u16 = 633;
    pub const TOTP_BEGIN: u16 = 634;
    pub const TOTP_SECRET: u16 = 635;
    pub const TOTP_ENABLE: u16 = 636;
    pub const BACKUP_CODES: u16 = 637;
    pub const TOTP_DISABLE: u16 = 638;
    pub const DONE: u16 = 639;
    pub const PEOPLE_QUERY: u16 = 640;
    pub const PEOPLE_PAGE: u16 = 641;
    pub const FAUCET_REQUEST: u16 = 660;
    pub const FAUCET_ANSWER: u16 = 661;
    pub const ACCOUNTS_QUERY: u16 = 662;
    pub const ACCOUNTS_PAGE: u16 = 663;
    pub const OPEN_SUB_ACCOUNT: u16 = 664;
    pub const ADDRESS_REQUEST: u16 = 665;
    pub const ADDRESS_ANSWER: u16 = 666;
    pub const DEPOSITS_QUERY: u16 = 667;
    pub const DEPOSITS_PAGE: u16 = 668;
    pub const SIMULATE_DEPOSIT: u16 = 669;
    pub const WITHDRAWAL_REQUEST: u16 = 670;
    pub const WITHDRAWALS_QUERY: u16 = 671;
    pub const WITHDRAWALS_PAGE: u16 = 672;
    pub const WITHDRAWAL_CANCEL: u16 = 673;
    pub const WITHDRAWAL_DECISION: u16 = 674;
    pub const NAME_ACCOUNT: u16 = 675;
}

/// `OrderFilter` of the schemas.
pub mod order_filter {
    pub const ALL: u8 = 0;
    pub const OPEN: u8 = 1;
    pub const CLOSED: u8 = 2;
    pub const FILLED: u8 = 3;
    pub const CANCELLED: u8 = 4;
    pub const EXPIRED: u8 = 5;
    pub const REJECTED: u8 = 6;
}

/// `OrderState` of the schemas.
pub mod order_state {
    pub const UNKNOWN: u8 = 0;
    pub const OPEN: u8 = 1;
    pub const PARTIALLY_FILLED: u8 = 2;
    pub const FILLED: u8 = 3;
    pub const CANCELLED: u8 = 4;
    pub const REJECTED: u8 = 5;
    pub const EXPIRED: u8 = 6;
    pub const FORGOTTEN: u8 = 7;
}

/// `RateClass` of the schemas.
pub mod rate_class {
    pub const FAST: u8 = 0;
    pub const NORMAL: u8 = 1;
    pub const SLOW: u8 = 2;
}

/// `SignInIntent` of the schemas.
pub mod sign_in_intent {
    pub const ANY: u8 = 0;
    pub const SIGN_IN: u8 = 1;
    pub const SIGN_UP: u8 = 2;
}

/// `WithdrawalState` of the schemas.
pub mod withdrawal_state {
    pub const NONE: u8 = 0;
    pub const HOLDING: u8 = 1;
    pub const PENDING_CODE: u8 = 2;
    pub const PENDING_ADMIN: u8 = 3;
    pub const CONFIRMING: u8 = 4;
    pub const PAYING: u8 = 5;
    pub const PAID: u8 = 6;
    pub const RELEASING: u8 = 7;
    pub const CANCELLED: u8 = 8;
    pub const RETURNING: u8 = 9;
    pub const FAILED: u8 = 10;
}

row! { AmendS, 48;
    0, client_order_id: [u8; 16];
    16, order_id: u64;
    24, price: i64;
    32, quantity: i64;
    40, expected_filled: i64;
}

row! { BalanceS, 24;
    0, asset: u32;
    8, available: i64;
    16, held: i64;
}

row! { CancelS, 40;
    0, client_order_id: [u8; 16];
    16, target: [u8; 16];
    32, order_id: u64;
}

row! { CandleRowS, 96;
    0, open_ns: i64;
    8, open: i64;
    16, high: i64;
    24, low: i64;
    32, close: i64;
    40, volume_low: u64;
    48, volume_high: u64;
    56, turnover_low: u64;
    64, turnover_high: u64;
    72, trades: u64;
    80, first_trade_id: u64;
    88, last_trade_id: u64;
}

row! { ClientId, 16;
    0, head: u64;
    8, tail: u64;
}

row! { DayBalanceS, 16;
    0, balance: i64;
    8, asset: u32;
    12, day: u32;
}

row! { EventS, 64;
    0, sequence: u64;
    8, kind: u8;
    9, flags: u8;
    10, info: u16;
    12, market: u32;
    16, order_id: u64;
    24, v0: i64;
    32, v1: i64;
    40, v2: i64;
    48, v3: i64;
    56, v4: i64;
}

row! { FillS, 88;
    0, account_sequence: u64;
    8, sequence: u64;
    16, time_ns: i64;
    24, trade_id: u64;
    32, order_id: u64;
    40, price: i64;
    48, quantity: i64;
    56, value: i64;
    64, fee: i64;
    72, realised: i64;
    80, market: u32;
    84, side: u8;
    85, is_maker: u8;
}

row! { FundingRowS, 64;
    0, time_ns: i64;
    8, id: u64;
    16, sequence: u64;
    24, client_order_id: [u8; 16];
    40, amount: i64;
    48, ended_ns: i64;
    56, asset: u32;
    60, kind: u8;
    61, status: u8;
}

row! { HoldingS, 64;
    0, quantity: i64;
    8, cost_low: u64;
    16, cost_high: i64;
    24, realised_low: u64;
    32, realised_high: i64;
    40, market: u32;
}

row! { LedgerEntryS, 64;
    0, time_ns: i64;
    8, entry: u64;
    16, sequence: u64;
    24, amount: i64;
    32, balance: i64;
    40, reference: u64;
    48, asset: u32;
    52, market: u32;
    56, kind: u8;
}

row! { LevelS, 24;
    0, price: i64;
    8, quantity: i64;
    16, orders: u32;
    20, side: u32;
}

row! { NewOrderS, 48;
    0, client_order_id: [u8; 16];
    16, price: i64;
    24, quantity: i64;
    32, expiry_ns: i64;
    40, market: u32;
    44, side: u8;
    45, type_tif: u8;
    46, stp: u8;
    47, flags: u8;
}

row! { OpenOrderS, 88;
    0, order_id: u64;
    8, client_order_id: [u8; 16];
    24, price: i64;
    32, quantity: i64;
    40, leaves: i64;
    48, filled: i64;
    56, expiry_ns: i64;
    64, placed_sequence: u64;
    72, held: i64;
    80, market: u32;
    84, side: u8;
    85, type_tif: u8;
    86, stp: u8;
    87, flags: u8;
}

row! { OrderSummaryS, 120;
    0, order_id: u64;
    8, client_order_id: [u8; 16];
    24, price: i64;
    32, quantity: i64;
    40, leaves: i64;
    48, filled: i64;
    56, expiry_ns: i64;
    64, placed_sequence: u64;
    72, last_sequence: u64;
    80, placed_ns: i64;
    88, last_ns: i64;
    96, notional: i64;
    104, market: u32;
    108, side: u8;
    109, type_tif: u8;
    110, stp: u8;
    111, flags: u8;
    112, state: u8;
    113, done_reason: u8;
    114, reject_reason: u16;
}

row! { RecordS, 80;
    0, account: u64;
    8, account_sequence: u64;
    16, event: [u8; 64];
}

row! { StreamHeadS, 16;
    0, stream: u64;
    8, head: u64;
}

row! { TradeS, 48;
    0, trade_id: u64;
    8, sequence: u64;
    16, time_ns: i64;
    24, price: i64;
    32, quantity: i64;
    40, side: u8;
    41, flags: u8;
}

table! { AccountPage;
    0, account: u64 = 0;
    1, account_sequence: u64 = 0;
    2, sequence: u64 = 0;
    3, status: u8 = 0;
    4, fee_tier: u32 = 0;
    5, stp: u8 = 0;
    6, balances: Vec<BalanceS> = Vec::new();
    7, orders: Vec<OpenOrderS> = Vec::new();
    8, next_order: u64 = 0;
    9, maker_ppm: i64 = 0;
    10, taker_ppm: i64 = 0;
    11, time_ns: i64 = 0;
    order [11, 10, 9, 8, 2, 1, 0, 4, 5, 3, 7, 6]
}

table! { AccountQuery;
    0, account: u64 = 0;
    1, first_order: u64 = 0;
    order [1, 0]
    fixed b"\x0c\x00\x00\x00\x08\x00\x14\x00\x04\x00\x0c\x00\x08\x00\x00\x00", [16, 24], 32
}

table! { AccountsPage;
    0, accounts: Vec<OwnedAccount> = Vec::new();
    1, next: u32 = 0;
    order [1, 0]
}

table! { AccountsQuery;
    0, account: u64 = 0;
    1, first: u32 = 0;
    order [0, 1]
    fixed b"\x10\x00\x00\x00\x00\x00\x00\x00\x08\x00\x10\x00\x08\x00\x04\x00\x08\x00\x00\x00", [24, 20], 32
}

table! { AddressAnswer;
    0, account: u64 = 0;
    1, asset: u32 = 0;
    2, address: String = String::new();
    3, confirmations: u32 = 0;
    order [0, 3, 1, 2]
}

table! { AddressRequest;
    0, account: u64 = 0;
    1, asset: u32 = 0;
    order [0, 1]
    fixed b"\x10\x00\x00\x00\x00\x00\x00\x00\x08\x00\x10\x00\x08\x00\x04\x00\x08\x00\x00\x00", [24, 20], 32
}

table! { AdvanceTime;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { Amends;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, amends: Vec<AmendS> = Vec::new();
    order [2, 1, 0, 3]
    fixed b"\x10\x00\x00\x00\x0c\x00\x24\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00\x20\x00\x00\x00", [24, 32, 40, 0], 56
}

table! { AssetInfo;
    0, asset: u32 = 0;
    1, symbol: String = String::new();
    2, scale: u8 = 0;
    3, display_decimals: u8 = 0;
    4, supply_max: i64 = 0;
    order [4, 0, 3, 2, 1]
}

table! { AssetsPage;
    0, assets: Vec<AssetInfo> = Vec::new();
    1, next: u32 = 0;
    2, sequence: u64 = 0;
    order [2, 1, 0]
}

table! { AssetsQuery;
    0, first: u32 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00", [16], 20
}

table! { BackupCodes;
    0, codes: String = String::new();
    order [0]
}

table! { Balances;
    0, account: u64 = 0;
    1, account_sequence: u64 = 0;
    2, sequence: u64 = 0;
    3, time_ns: i64 = 0;
    4, balances: Vec<BalanceS> = Vec::new();
    order [3, 2, 1, 0, 4]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x2c\x00\x08\x00\x10\x00\x18\x00\x20\x00\x04\x00\x0e\x00\x00\x00\x28\x00\x00\x00", [32, 40, 48, 56, 0], 72
}

table! { BookDelta;
    0, subscription: u64 = 0;
    1, market: u32 = 0;
    2, previous_sequence: u64 = 0;
    3, sequence: u64 = 0;
    4, checksum: u32 = 0;
    5, time_ns: i64 = 0;
    6, levels: Vec<LevelS> = Vec::new();
    7, page: u16 = 0;
    8, pages: u16 = 0;
    order [5, 3, 2, 0, 4, 1, 8, 7, 6]
    fixed b"\x1c\x00\x00\x00\x00\x00\x16\x00\x38\x00\x14\x00\x0c\x00\x1c\x00\x24\x00\x10\x00\x2c\x00\x04\x00\x08\x00\x0a\x00\x16\x00\x00\x00\x34\x00\x00\x00", [48, 40, 56, 64, 44, 72, 0, 36, 38], 88
}

table! { BookQuery;
    0, market: u32 = 0;
    1, depth: u32 = 0;
    2, group_ticks: u64 = 1;
    order [2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x14\x00\x04\x00\x08\x00\x0c\x00\x0a\x00\x00\x00", [24, 28, 32], 40
}

table! { BookSnapshot;
    0, subscription: u64 = 0;
    1, market: u32 = 0;
    2, sequence: u64 = 0;
    3, page: u16 = 0;
    4, pages: u16 = 0;
    5, checksum: u32 = 0;
    6, time_ns: i64 = 0;
    7, levels: Vec<LevelS> = Vec::new();
    8, group_ticks: u64 = 1;
    order [8, 6, 2, 0, 5, 1, 4, 3, 7]
    fixed b"\x1c\x00\x00\x00\x00\x00\x16\x00\x38\x00\x14\x00\x0c\x00\x1c\x00\x08\x00\x0a\x00\x10\x00\x24\x00\x04\x00\x2c\x00\x16\x00\x00\x00\x34\x00\x00\x00", [48, 40, 56, 36, 38, 44, 64, 0, 72], 88
}

table! { Cancels;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, cancels: Vec<CancelS> = Vec::new();
    order [2, 1, 0, 3]
    fixed b"\x10\x00\x00\x00\x0c\x00\x24\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00\x20\x00\x00\x00", [24, 32, 40, 0], 56
}

table! { Candles;
    0, subscription: u64 = 0;
    1, market: u32 = 0;
    2, interval: u8 = 0;
    3, sequence: u64 = 0;
    4, time_ns: i64 = 0;
    5, candles: Vec<CandleRowS> = Vec::new();
    order [4, 3, 0, 1, 2, 5]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00\x2c\x00\x10\x00\x0c\x00\x0b\x00\x18\x00\x20\x00\x04\x00\x10\x00\x00\x00\x28\x00\x00\x00", [40, 36, 35, 48, 56, 0], 72
}

table! { CandlesPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<CandleRowS> = Vec::new();
    6, market: u32 = 0;
    7, interval: u8 = 0;
    8, close_before: i64 = 0;
    order [8, 1, 0, 6, 3, 2, 7, 5, 4]
}

table! { CandlesQuery;
    0, market: u32 = 0;
    1, interval: u8 = 0;
    2, since_ns: i64 = 0;
    3, until_ns: i64 = 0;
    4, limit: u32 = 0;
    5, oldest_first: bool = false;
    6, cursor: Vec<u8> = Vec::new();
    order [3, 2, 4, 0, 5, 1, 6]
}

table! { ChangeAccount;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    3, setting: u8 = 0;
    4, value: i64 = 0;
    order [4, 2, 1, 0, 3]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x30\x00\x08\x00\x10\x00\x18\x00\x07\x00\x28\x00\x0e\x00\x00\x00", [32, 40, 48, 31, 64], 72
}

table! { ChangeAsset;
    0, asset: u32 = 0;
    1, display_decimals: i8 = -1;
    2, supply_max: i64 = 0;
    3, client_order_id: [u8; 16] = [0; 16];
    order [3, 2, 0, 1]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00\x24\x00\x08\x00\x07\x00\x0c\x00\x14\x00\x0c\x00\x00\x00", [28, 27, 32, 40], 56
}

table! { ChangeMarket;
    0, market: u32 = 0;
    1, quantity_min: i64 = -1;
    2, quantity_max: i64 = -1;
    3, notional_min: i64 = -1;
    4, band_ppm: i64 = -1;
    5, client_order_id: [u8; 16] = [0; 16];
    order [5, 4, 3, 2, 1, 0]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00\x38\x00\x04\x00\x08\x00\x10\x00\x18\x00\x20\x00\x28\x00\x10\x00\x00\x00", [28, 32, 40, 48, 56, 64], 80
}

table! { CodeRequest;
    0, email: String = String::new();
    1, host: String = String::new();
    order [1, 0]
}

table! { CodeSent;
    0, request_id: Vec<u8> = Vec::new();
    1, expires_ns: i64 = 0;
    order [1, 0]
}

table! { Confirm;
    0, request_id: Vec<u8> = Vec::new();
    1, code: String = String::new();
    2, second_factor: String = String::new();
    order [2, 1, 0]
}

table! { ConfirmWithdrawal;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    3, withdrawal_id: u64 = 0;
    order [3, 2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00\x2c\x00\x04\x00\x0c\x00\x14\x00\x24\x00\x0c\x00\x00\x00", [24, 32, 40, 56], 64
}

table! { ConfirmationSent;
    0, request_id: Vec<u8> = Vec::new();
    1, expires_ns: i64 = 0;
    2, text: String = String::new();
    order [1, 2, 0]
}

table! { Confirmed;
    0, text: String = String::new();
    1, key_id: String = String::new();
    order [1, 0]
}

table! { CounterInfo;
    0, name: String = String::new();
    1, value: i64 = 0;
    order [1, 0]
}

table! { CreateAsset;
    0, symbol: String = String::new();
    1, scale: u8 = 0;
    2, display_decimals: u8 = 0;
    3, supply_max: i64 = 0;
    4, client_order_id: [u8; 16] = [0; 16];
    order [4, 3, 2, 1, 0]
}

table! { CreateMarket;
    0, base: u32 = 0;
    1, quote: u32 = 0;
    2, tick_size: i64 = 0;
    3, lot_size: i64 = 0;
    4, reference_price: i64 = 0;
    5, quantity_min: i64 = 0;
    6, quantity_max: i64 = 0;
    7, notional_min: i64 = 0;
    8, band_ppm: i64 = 0;
    9, maker_ppm: i64 = 0;
    10, taker_ppm: i64 = 0;
    11, status: u8 = 0;
    12, client_order_id: [u8; 16] = [0; 16];
    order [12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11]
    fixed b"\x28\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1e\x00\x68\x00\x08\x00\x0c\x00\x10\x00\x18\x00\x20\x00\x28\x00\x30\x00\x38\x00\x40\x00\x48\x00\x50\x00\x07\x00\x58\x00\x1e\x00\x00\x00", [48, 52, 56, 64, 72, 80, 88, 96, 104, 112, 120, 47, 128], 144
}

table! { DayBalancesPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<DayBalanceS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { DayBalancesQuery;
    0, account: u64 = 0;
    1, since_day: u32 = 0;
    2, cursor: Vec<u8> = Vec::new();
    order [0, 1, 2]
}

table! { Deposit;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    3, asset: u32 = 0;
    4, amount: i64 = 0;
    order [4, 2, 1, 0, 3]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x30\x00\x08\x00\x10\x00\x18\x00\x04\x00\x28\x00\x0e\x00\x00\x00", [32, 40, 48, 28, 64], 72
}

table! { DepositInfo;
    0, reference: String = String::new();
    1, asset: u32 = 0;
    2, amount: i64 = 0;
    3, confirmations: u32 = 0;
    4, state: u8 = 0;
    5, seen_ns: i64 = 0;
    6, credited_ns: i64 = 0;
    7, sequence: u64 = 0;
    8, reason: u16 = 0;
    order [7, 6, 5, 2, 3, 1, 8, 4, 0]
}

table! { DepositsPage;
    0, account: u64 = 0;
    1, deposits: Vec<DepositInfo> = Vec::new();
    2, more: bool = false;
    3, needed: u32 = 0;
    order [0, 3, 2, 1]
}

table! { DepositsQuery;
    0, account: u64 = 0;
    1, before_ns: i64 = 0;
    2, before_reference: String = String::new();
    order [1, 0, 2]
}

table! { DeviceSignIn;
    0, request_id: Vec<u8> = Vec::new();
    1, code: String = String::new();
    2, second_factor: String = String::new();
    3, intent: u8 = 0;
    4, public_key: Vec<u8> = Vec::new();
    5, signature: Vec<u8> = Vec::new();
    6, label: String = String::new();
    order [3, 6, 5, 4, 2, 1, 0]
}

table! { DeviceSignedIn;
    0, key_id: String = String::new();
    1, owner: u64 = 0;
    2, is_new: bool = false;
    order [1, 2, 0]
}

table! { Done;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { EmailChange;
    0, email: String = String::new();
    order [0]
}

table! { FaucetAnswer;
    0, account: u64 = 0;
    1, asset: u32 = 0;
    2, amount: i64 = 0;
    3, claimed_ns: i64 = 0;
    4, next_ns: i64 = 0;
    order [4, 3, 2, 0, 1]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x28\x00\x08\x00\x04\x00\x10\x00\x18\x00\x20\x00\x0e\x00\x00\x00", [32, 28, 40, 48, 56], 64
}

table! { FaucetRequest;
    0, claim: bool = false;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { FillsPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<FillS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { FillsQuery;
    0, account: u64 = 0;
    1, market: u32 = 0;
    2, side: u8 = 0;
    3, order_id: u64 = 0;
    4, since_ns: i64 = 0;
    5, until_ns: i64 = 0;
    6, limit: u32 = 0;
    7, oldest_first: bool = false;
    8, cursor: Vec<u8> = Vec::new();
    order [5, 4, 3, 0, 6, 1, 7, 2, 8]
}

table! { FundingPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<FundingRowS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { FundingQuery;
    0, account: u64 = 0;
    1, asset: u32 = 0;
    2, kind: u8 = 0;
    3, since_ns: i64 = 0;
    4, until_ns: i64 = 0;
    5, limit: u32 = 0;
    6, oldest_first: bool = false;
    7, cursor: Vec<u8> = Vec::new();
    order [4, 3, 0, 5, 1, 6, 2, 7]
}

table! { GapRequest;
    0, account: u64 = 0;
    1, first: u64 = 0;
    2, last: u64 = 0;
    order [2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x1c\x00\x04\x00\x0c\x00\x14\x00\x0a\x00\x00\x00", [24, 32, 40], 48
}

table! { GapUnavailable;
    0, account: u64 = 0;
    1, first_available: u64 = 0;
    2, head: u64 = 0;
    order [2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x1c\x00\x04\x00\x0c\x00\x14\x00\x0a\x00\x00\x00", [24, 32, 40], 48
}

table! { Heartbeat;
    0, boot_id: u64 = 0;
    1, time_ns: i64 = 0;
    2, sequence: u64 = 0;
    3, credit: u32 = 0;
    4, heads: Vec<StreamHeadS> = Vec::new();
    5, echo_ns: i64 = 0;
    order [5, 2, 1, 0, 3, 4]
    fixed b"\x14\x00\x00\x00\x10\x00\x30\x00\x0c\x00\x14\x00\x1c\x00\x08\x00\x04\x00\x24\x00\x10\x00\x00\x00\x2c\x00\x00\x00", [32, 40, 48, 28, 0, 56], 72
}

table! { HoldingsPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<HoldingS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { HoldingsQuery;
    0, account: u64 = 0;
    1, cursor: Vec<u8> = Vec::new();
    order [0, 1]
}

table! { KeyInfo;
    0, key_id: String = String::new();
    1, kind: u8 = 0;
    2, label: String = String::new();
    3, scopes: u32 = 0;
    4, created_ns: i64 = 0;
    5, expires_ns: i64 = 0;
    6, revoked_ns: i64 = 0;
    7, used_ns: i64 = 0;
    8, addresses: String = String::new();
    9, markets: String = String::new();
    10, notional_asset: u32 = 0;
    11, notional_per_hour: i64 = 0;
    12, reduce_only: bool = false;
    order [11, 7, 6, 5, 4, 10, 3, 12, 1, 9, 8, 2, 0]
}

table! { KeyRequest;
    0, public_key: Vec<u8> = Vec::new();
    1, signature: Vec<u8> = Vec::new();
    2, label: String = String::new();
    3, scopes: u32 = 0;
    4, expires_ns: i64 = 0;
    5, addresses: String = String::new();
    6, markets: String = String::new();
    7, notional_asset: u32 = 0;
    8, notional_per_hour: i64 = 0;
    9, reduce_only: bool = false;
    order [8, 4, 7, 3, 9, 6, 5, 2, 1, 0]
}

table! { KeyRevoke;
    0, key_id: String = String::new();
    order [0]
}

table! { KeysPage;
    0, keys: Vec<KeyInfo> = Vec::new();
    1, next: String = String::new();
    order [1, 0]
}

table! { KeysQuery;
    0, after: String = String::new();
    order [0]
}

table! { LedgerPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<LedgerEntryS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { LedgerQuery;
    0, account: u64 = 0;
    1, asset: u32 = 0;
    2, kind: u8 = 0;
    3, since_ns: i64 = 0;
    4, until_ns: i64 = 0;
    5, limit: u32 = 0;
    6, oldest_first: bool = false;
    7, cursor: Vec<u8> = Vec::new();
    order [4, 3, 0, 5, 1, 6, 2, 7]
}

table! { Login;
    0, method: u8 = 0;
    1, key_id: String = String::new();
    2, public_key: Vec<u8> = Vec::new();
    3, unix_ms: i64 = 0;
    4, signature: Vec<u8> = Vec::new();
    5, label: String = String::new();
    6, client: String = String::new();
    7, token: Vec<u8> = Vec::new();
    8, host: String = String::new();
    order [3, 0, 8, 7, 6, 5, 4, 2, 1]
}

table! { LoginAccepted;
    0, account: u64 = 0;
    1, owner: u64 = 0;
    2, scopes: u32 = 0;
    3, boot_id: u64 = 0;
    4, server_time_ns: i64 = 0;
    5, account_sequence: u64 = 0;
    6, sequence: u64 = 0;
    7, credit: u32 = 0;
    8, orders_per_second: u32 = 0;
    9, subscriptions_max: u32 = 0;
    10, key_id: String = String::new();
    11, features: u64 = 0;
    order [11, 6, 5, 4, 3, 1, 0, 9, 8, 7, 2, 10]
}

table! { LoginRefused;
    0, refusal: u8 = 0;
    1, text: String = String::new();
    order [0, 1]
}

table! { Logout;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { MarketInfo;
    0, market: u32 = 0;
    1, symbol: String = String::new();
    2, base: u32 = 0;
    3, quote: u32 = 0;
    4, tick_size: i64 = 0;
    5, lot_size: i64 = 0;
    6, atoms_per_tick_lot: i64 = 0;
    7, quantity_min: i64 = 0;
    8, quantity_max: i64 = 0;
    9, notional_min: i64 = 0;
    10, band_ppm: i64 = 0;
    11, maker_ppm: i64 = 0;
    12, taker_ppm: i64 = 0;
    13, status: u8 = 0;
    14, reference_price: i64 = 0;
    order [14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0, 13, 1]
}

table! { MarketsPage;
    0, markets: Vec<MarketInfo> = Vec::new();
    1, next: u32 = 0;
    2, sequence: u64 = 0;
    order [2, 1, 0]
}

table! { MarketsQuery;
    0, first: u32 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00", [16], 20
}

table! { MassCancel;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, client_order_id: [u8; 16] = [0; 16];
    4, market: u32 = 0;
    5, side: u8 = 0;
    order [3, 2, 1, 0, 4, 5]
    fixed b"\x14\x00\x00\x00\x10\x00\x34\x00\x0c\x00\x14\x00\x1c\x00\x24\x00\x08\x00\x07\x00\x10\x00\x00\x00", [32, 40, 48, 56, 28, 27], 72
}

table! { NameAccount;
    0, account: u64 = 0;
    1, name: String = String::new();
    order [0, 1]
}

table! { NewOrders;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, orders: Vec<NewOrderS> = Vec::new();
    order [2, 1, 0, 3]
    fixed b"\x10\x00\x00\x00\x0c\x00\x24\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00\x20\x00\x00\x00", [24, 32, 40, 0], 56
}

table! { OpenAccount;
    0, owner: u64 = 0;
    1, number: u32 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    order [2, 0, 1]
    fixed b"\x10\x00\x00\x00\x00\x00\x0a\x00\x20\x00\x08\x00\x04\x00\x10\x00\x0a\x00\x00\x00", [24, 20, 32], 48
}

table! { OpenSubAccount;
    0, number: u32 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00", [16], 20
}

table! { OrderAnswer;
    0, known: bool = false;
    1, orders: Vec<OrderSummaryS> = Vec::new();
    2, sequence: u64 = 0;
    order [2, 0, 1]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x18\x00\x0b\x00\x04\x00\x0c\x00\x0a\x00\x00\x00\x14\x00\x00\x00", [31, 0, 32], 48
}

table! { OrderHistoryPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<OrderSummaryS> = Vec::new();
    order [1, 0, 3, 2, 5, 4]
}

table! { OrderHistoryQuery;
    0, account: u64 = 0;
    1, market: u32 = 0;
    2, side: u8 = 0;
    3, state: u8 = 0;
    4, since_ns: i64 = 0;
    5, until_ns: i64 = 0;
    6, limit: u32 = 0;
    7, oldest_first: bool = false;
    8, cursor: Vec<u8> = Vec::new();
    order [5, 4, 0, 6, 1, 7, 3, 2, 8]
}

table! { OrderQuery;
    0, account: u64 = 0;
    1, order_id: u64 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    order [2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x24\x00\x04\x00\x0c\x00\x14\x00\x0a\x00\x00\x00", [24, 32, 40], 56
}

table! { OrdersPage;
    0, orders: Vec<OrderSummaryS> = Vec::new();
    1, next_before: u64 = 0;
    2, sequence: u64 = 0;
    order [2, 1, 0]
    fixed b"\x10\x00\x00\x00\x00\x00\x0a\x00\x1c\x00\x04\x00\x08\x00\x10\x00\x0a\x00\x00\x00\x18\x00\x00\x00", [0, 24, 32], 48
}

table! { OrdersQuery;
    0, account: u64 = 0;
    1, before: u64 = 0;
    2, limit: u32 = 0;
    3, open_only: bool = false;
    4, market: u32 = 0;
    order [1, 0, 4, 2, 3]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x20\x00\x10\x00\x18\x00\x08\x00\x07\x00\x0c\x00\x0e\x00\x00\x00", [40, 48, 32, 31, 36], 56
}

table! { OwnedAccount;
    0, account: u64 = 0;
    1, number: u32 = 0;
    2, name: String = String::new();
    order [0, 1, 2]
}

table! { PeoplePage;
    0, people: Vec<PersonInfo> = Vec::new();
    1, next: u64 = 0;
    order [1, 0]
}

table! { PeopleQuery;
    0, after: u64 = 0;
    1, search: String = String::new();
    order [0, 1]
}

table! { PersonInfo;
    0, owner: u64 = 0;
    1, label: String = String::new();
    2, email: String = String::new();
    3, role: u8 = 0;
    4, totp: bool = false;
    5, is_disabled: bool = false;
    6, is_erased: bool = false;
    7, created_ns: i64 = 0;
    8, account: u64 = 0;
    9, status: u8 = 0;
    10, fee_tier: u8 = 0;
    11, accounts: u32 = 0;
    order [8, 7, 0, 11, 10, 9, 6, 5, 4, 3, 2, 1]
}

table! { Preview;
    0, block: Vec<u8> = Vec::new();
    order [0]
}

table! { PreviewAnswer;
    0, sequence: u64 = 0;
    1, records: Vec<RecordS> = Vec::new();
    2, state_hash: Vec<u8> = Vec::new();
    3, journal_bytes: u64 = 0;
    4, truncated: bool = false;
    order [3, 0, 4, 2, 1]
}

table! { Profile;
    0, owner: u64 = 0;
    1, email: String = String::new();
    2, role: u8 = 0;
    3, totp: bool = false;
    4, backup_codes: u32 = 0;
    5, created_ns: i64 = 0;
    order [5, 0, 4, 3, 2, 1]
}

table! { ProfileQuery;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { QueryRefused;
    0, code: String = String::new();
    1, text: String = String::new();
    order [1, 0]
}

table! { ReleaseWithdrawal;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    3, withdrawal_id: u64 = 0;
    order [3, 2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00\x2c\x00\x04\x00\x0c\x00\x14\x00\x24\x00\x0c\x00\x00\x00", [24, 32, 40, 56], 64
}

table! { Reports;
    0, account: u64 = 0;
    1, first_account_sequence: u64 = 0;
    2, time_ns: i64 = 0;
    3, events: Vec<EventS> = Vec::new();
    order [2, 1, 0, 3]
    fixed b"\x10\x00\x00\x00\x0c\x00\x24\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00\x20\x00\x00\x00", [24, 32, 40, 0], 56
}

table! { SessionInfo;
    0, session_id: String = String::new();
    1, kind: String = String::new();
    2, key_id: String = String::new();
    3, label: String = String::new();
    4, host: String = String::new();
    5, since_ns: i64 = 0;
    6, seen_ns: i64 = 0;
    7, is_this: bool = false;
    order [6, 5, 7, 4, 3, 2, 1, 0]
}

table! { SessionRevoke;
    0, session_id: String = String::new();
    order [0]
}

table! { SessionsPage;
    0, sessions: Vec<SessionInfo> = Vec::new();
    1, next: String = String::new();
    order [1, 0]
}

table! { SessionsQuery;
    0, after: String = String::new();
    order [0]
}

table! { SetFees;
    0, market: u32 = 0;
    1, tier: u32 = 0;
    2, maker_ppm: i64 = 0;
    3, taker_ppm: i64 = 0;
    4, client_order_id: [u8; 16] = [0; 16];
    order [4, 3, 2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x0e\x00\x2c\x00\x04\x00\x08\x00\x0c\x00\x14\x00\x1c\x00\x0e\x00\x00\x00", [24, 28, 32, 40, 48], 64
}

table! { SetMarketStatus;
    0, market: u32 = 0;
    1, status: u8 = 0;
    2, client_order_id: [u8; 16] = [0; 16];
    order [2, 0, 1]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x1c\x00\x08\x00\x07\x00\x0c\x00\x0a\x00\x00\x00", [28, 27, 32], 48
}

table! { SimulateDeposit;
    0, account: u64 = 0;
    1, request_id: [u8; 16] = [0; 16];
    2, asset: u32 = 0;
    3, amount: i64 = 0;
    order [3, 1, 0, 2]
    fixed b"\x10\x00\x00\x00\x0c\x00\x28\x00\x08\x00\x10\x00\x04\x00\x20\x00\x0c\x00\x00\x00", [24, 32, 20, 48], 56
}

table! { StatusAnswer;
    0, text: String = String::new();
    1, counters: Vec<CounterInfo> = Vec::new();
    order [1, 0]
}

table! { StatusQuery;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { Subscribe;
    0, channel: u8 = 0;
    1, market: u32 = 0;
    2, depth: u32 = 0;
    3, group_ticks: u64 = 1;
    4, rate: u8 = 0;
    5, interval: u8 = 0;
    order [3, 2, 1, 5, 4, 0]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00\x18\x00\x05\x00\x08\x00\x0c\x00\x10\x00\x06\x00\x07\x00\x10\x00\x00\x00", [29, 32, 36, 40, 30, 31], 48
}

table! { SubscribeRefused;
    0, text: String = String::new();
    1, code: String = String::new();
    order [1, 0]
}

table! { Subscribed;
    0, subscription: u64 = 0;
    1, channel: u8 = 0;
    2, market: u32 = 0;
    3, depth: u32 = 0;
    4, group_ticks: u64 = 1;
    5, rate: u8 = 0;
    6, interval: u8 = 0;
    order [4, 0, 3, 2, 6, 5, 1]
    fixed b"\x18\x00\x00\x00\x00\x00\x12\x00\x20\x00\x10\x00\x05\x00\x08\x00\x0c\x00\x18\x00\x06\x00\x07\x00\x12\x00\x00\x00", [40, 29, 32, 36, 48, 30, 31], 56
}

table! { Throttled;
    0, retry_ms: u32 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00", [16], 20
}

table! { Ticker;
    0, subscription: u64 = 0;
    1, market: u32 = 0;
    2, sequence: u64 = 0;
    3, time_ns: i64 = 0;
    4, last: i64 = 0;
    5, bid: i64 = 0;
    6, ask: i64 = 0;
    7, open_24h: i64 = 0;
    8, high_24h: i64 = 0;
    9, low_24h: i64 = 0;
    10, volume_24h: String = String::new();
    11, turnover_24h: String = String::new();
    12, status: u8 = 0;
    13, trades_24h: u64 = 0;
    14, page: u16 = 0;
    15, pages: u16 = 0;
    order [13, 9, 8, 7, 6, 5, 4, 3, 2, 0, 1, 15, 14, 12, 11, 10]
}

table! { TickerQuery;
    0, market: u32 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00", [16], 20
}

table! { TotpBegin;
    0, unused: u8 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00", [19], 20
}

table! { TotpDisable;
    0, second_factor: String = String::new();
    order [0]
}

table! { TotpEnable;
    0, code: String = String::new();
    order [0]
}

table! { TotpSecret;
    0, uri: String = String::new();
    1, secret: String = String::new();
    order [1, 0]
}

table! { TradeHistoryPage;
    0, as_of: u64 = 0;
    1, head: u64 = 0;
    2, page: u16 = 0;
    3, pages: u16 = 0;
    4, next: Vec<u8> = Vec::new();
    5, rows: Vec<TradeS> = Vec::new();
    6, market: u32 = 0;
    order [1, 0, 6, 3, 2, 5, 4]
}

table! { TradeHistoryQuery;
    0, market: u32 = 0;
    1, side: u8 = 0;
    2, since_ns: i64 = 0;
    3, until_ns: i64 = 0;
    4, limit: u32 = 0;
    5, oldest_first: bool = false;
    6, cursor: Vec<u8> = Vec::new();
    order [3, 2, 4, 0, 5, 1, 6]
}

table! { Trades;
    0, subscription: u64 = 0;
    1, market: u32 = 0;
    2, trades: Vec<TradeS> = Vec::new();
    3, page: u16 = 0;
    4, pages: u16 = 0;
    order [0, 1, 4, 3, 2]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x1c\x00\x10\x00\x0c\x00\x04\x00\x08\x00\x0a\x00\x0e\x00\x00\x00\x18\x00\x00\x00", [40, 36, 0, 32, 34], 56
}

table! { TradesQuery;
    0, market: u32 = 0;
    1, limit: u32 = 0;
    2, before: u64 = 0;
    order [2, 1, 0]
    fixed b"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x14\x00\x04\x00\x08\x00\x0c\x00\x0a\x00\x00\x00", [24, 28, 32], 40
}

table! { Transfer;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, client_order_id: [u8; 16] = [0; 16];
    4, asset: u32 = 0;
    5, amount: i64 = 0;
    6, to_account: u64 = 0;
    order [6, 5, 3, 2, 1, 0, 4]
    fixed b"\x18\x00\x00\x00\x00\x00\x12\x00\x40\x00\x08\x00\x10\x00\x18\x00\x20\x00\x04\x00\x30\x00\x38\x00\x12\x00\x00\x00", [32, 40, 48, 56, 28, 72, 80], 88
}

table! { Unsubscribe;
    0, subscription: u64 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x0c\x00\x04\x00\x06\x00\x00\x00", [16], 24
}

table! { Unsupported;
    0, message_type: u16 = 0;
    order [0]
    fixed b"\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x06\x00\x06\x00\x00\x00", [18], 20
}

table! { WebRefresh;
    0, refresh: Vec<u8> = Vec::new();
    1, host: String = String::new();
    order [1, 0]
}

table! { WebSignIn;
    0, request_id: Vec<u8> = Vec::new();
    1, code: String = String::new();
    2, second_factor: String = String::new();
    3, intent: u8 = 0;
    4, label: String = String::new();
    5, host: String = String::new();
    6, email: String = String::new();
    order [3, 6, 5, 4, 2, 1, 0]
}

table! { WebSignOut;
    0, token: Vec<u8> = Vec::new();
    order [0]
}

table! { WebTokens;
    0, session_id: Vec<u8> = Vec::new();
    1, token: Vec<u8> = Vec::new();
    2, refresh: Vec<u8> = Vec::new();
    3, owner: u64 = 0;
    4, idle_until_ns: i64 = 0;
    5, ends_ns: i64 = 0;
    6, is_new: bool = false;
    7, email: String = String::new();
    order [5, 4, 3, 6, 7, 2, 1, 0]
}

table! { Withdraw;
    0, account: u64 = 0;
    1, actor: u64 = 0;
    2, deadline_ns: i64 = 0;
    3, client_order_id: [u8; 16] = [0; 16];
    4, asset: u32 = 0;
    5, amount: i64 = 0;
    order [5, 3, 2, 1, 0, 4]
    fixed b"\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00\x38\x00\x08\x00\x10\x00\x18\x00\x20\x00\x04\x00\x30\x00\x10\x00\x00\x00", [32, 40, 48, 56, 28, 72], 80
}

table! { WithdrawalCancel;
    0, account: u64 = 0;
    1, request_id: [u8; 16] = [0; 16];
    order [1, 0]
    fixed b"\x0c\x00\x00\x00\x08\x00\x1c\x00\x04\x00\x0c\x00\x08\x00\x00\x00", [16, 24], 40
}

table! { WithdrawalDecision;
    0, account: u64 = 0;
    1, request_id: [u8; 16] = [0; 16];
    2, approve: bool = false;
    order [1, 0, 2]
    fixed b"\x10\x00\x00\x00\x00\x00\x0a\x00\x20\x00\x08\x00\x10\x00\x07\x00\x0a\x00\x00\x00", [24, 32, 23], 48
}

table! { WithdrawalInfo;
    0, account: u64 = 0;
    1, request_id: String = String::new();
    2, asset: u32 = 0;
    3, amount: i64 = 0;
    4, address: String = String::new();
    5, state: u8 = 0;
    6, created_ns: i64 = 0;
    7, updated_ns: i64 = 0;
    8, reference: String = String::new();
    9, reason: String = String::new();
    order [7, 6, 3, 0, 2, 5, 9, 8, 4, 1]
}

table! { WithdrawalRequest;
    0, account: u64 = 0;
    1, request_id: [u8; 16] = [0; 16];
    2, asset: u32 = 0;
    3, amount: i64 = 0;
    4, address: String = String::new();
    order [3, 1, 0, 2, 4]
}

table! { WithdrawalsPage;
    0, withdrawals: Vec<WithdrawalInfo> = Vec::new();
    1, more: bool = false;
    order [1, 0]
}

table! { WithdrawalsQuery;
    0, account: u64 = 0;
    1, before_ns: i64 = 0;
    2, before_id: String = String::new();
    3, waiting: bool = false;
    order [1, 0, 3, 2]
}

messages! {
    1, Login;
    2, LoginAccepted;
    3, LoginRefused;
    4, Logout;
    5, Heartbeat;
    6, Unsupported;
    7, Throttled;
    100, NewOrders;
    101, Cancels;
    102, Amends;
    103, MassCancel;
    104, Withdraw;
    105, Transfer;
    200, OpenAccount;
    201, ChangeAccount;
    202, Deposit;
    203, ConfirmWithdrawal;
    204, ReleaseWithdrawal;
    205, CreateAsset;
    206, ChangeAsset;
    207, CreateMarket;
    208, ChangeMarket;
    209, SetMarketStatus;
    210, SetFees;
    211, AdvanceTime;
    300, Reports;
    301, GapRequest;
    302, GapUnavailable;
    303, Balances;
    400, Subscribe;
    401, Subscribed;
    402, Unsubscribe;
    403, BookSnapshot;
    404, BookDelta;
    405, Trades;
    406, Ticker;
    407, SubscribeRefused;
    410, Candles;
    500, MarketsQuery;
    501, MarketsPage;
    502, AssetsQuery;
    503, AssetsPage;
    504, AccountQuery;
    505, AccountPage;
    506, OrderQuery;
    507, OrderAnswer;
    508, BookQuery;
    509, TradesQuery;
    510, TickerQuery;
    511, PreviewAnswer;
    512, Preview;
    513, OrdersQuery;
    514, OrdersPage;
    515, TradeHistoryQuery;
    516, TradeHistoryPage;
    517, OrderHistoryQuery;
    518, OrderHistoryPage;
    519, FillsQuery;
    520, FillsPage;
    521, LedgerQuery;
    522, LedgerPage;
    523, FundingQuery;
    524, FundingPage;
    525, CandlesQuery;
    526, CandlesPage;
    527, HoldingsQuery;
    528, HoldingsPage;
    529, DayBalancesQuery;
    530, DayBalancesPage;
    600, StatusQuery;
    601, StatusAnswer;
    602, QueryRefused;
    610, CodeRequest;
    611, CodeSent;
    612, DeviceSignIn;
    613, DeviceSignedIn;
    614, WebSignIn;
    615, WebTokens;
    616, WebRefresh;
    617, WebSignOut;
    620, ProfileQuery;
    621, Profile;
    622, KeysQuery;
    623, KeysPage;
    624, KeyRequest;
    625, KeyRevoke;
    626, SessionsQuery;
    627, SessionsPage;
    628, SessionRevoke;
    630, ConfirmationSent;
    631, Confirm;
    632, Confirmed;
    633, EmailChange;
    634, TotpBegin;
    635, TotpSecret;
    636, TotpEnable;
    637, BackupCodes;
    638, TotpDisable;
    639, Done;
    640, PeopleQuery;
    641, PeoplePage;
    660, FaucetRequest;
    661, FaucetAnswer;
    662, AccountsQuery;
    663, AccountsPage;
    664, OpenSubAccount;
    665, AddressRequest;
    666, AddressAnswer;
    667, DepositsQuery;
    668, DepositsPage;
    669, SimulateDeposit;
    670, WithdrawalRequest;
    671, WithdrawalsQuery;
    672, WithdrawalsPage;
    673, WithdrawalCancel;
    674, WithdrawalDecision;
    675, NameAccount;
}
