//! An exchange with one market and four people in it, for tests: commands in, lines of text out.

use mexchange_engine::Engine;
use mexchange_engine::codec::blocks::pack;
use mexchange_engine::codec::commands::encode_command;
use mexchange_engine::codec::generated::{AmendS, Amends, CancelS, Cancels, EventS, NewOrderS, NewOrders, RecordS};
use mexchange_engine::codec::raw::{AMENDS, Batch, CANCELS, NEW_ORDERS};
use mexchange_engine::codec::table::Message;
use mexchange_engine::domain::commands::{Command, CreateAsset, CreateMarket, Deposit, OpenAccount};

pub(crate) const ANN: u64 = 16;
pub(crate) const BOB: u64 = 17;
pub(crate) const CAT: u64 = 18;
/// The second account of Ann.
pub(crate) const ANN2: u64 = 19;
pub(crate) const BASE: u32 = 1;
pub(crate) const QUOTE: u32 = 2;
pub(crate) const BUY: u8 = 1;
pub(crate) const SELL: u8 = 2;
pub(crate) const LIMIT: u8 = 1;
pub(crate) const MARKET: u8 = 2;
pub(crate) const GTC: u8 = 1 << 4;
pub(crate) const IOC: u8 = 2 << 4;
pub(crate) const FOK: u8 = 3 << 4;
pub(crate) const GTD: u8 = 4 << 4;
/// Quote atoms of one lot at one tick, and base atoms of one lot.
pub(crate) const UNIT: i64 = 1_000;
pub(crate) const LOT: i64 = 100_000;
pub(crate) const FUNDS: i64 = 1_000_000_000;

pub(crate) struct Exchange {
    pub(crate) engine: Engine,
    pub(crate) now_ns: i64,
    ids: u64,
}

impl Exchange {
    /// Fees of 1,000 ppm each, everybody rich.
    pub(crate) fn open() -> Self {
        let mut exchange = Self { engine: Engine::new(), now_ns: 0, ids: 0 };
        for symbol in ["KCN", "EUR"] {
            let symbol = symbol.to_owned();
            let (scale, supply_max) = (8, 1 << 62);
            exchange.tell(Command::CreateAsset(CreateAsset {
                symbol,
                scale,
                display_decimals: 8,
                supply_max,
                client_order_id: [0; 16],
            }));
        }
        exchange.tell(Command::CreateMarket(CreateMarket {
            base: BASE,
            quote: QUOTE,
            tick_size: 10_000_000,
            lot_size: LOT,
            reference_price: 100,
            quantity_min: 1,
            quantity_max: 1 << 48,
            notional_min: 0,
            band_ppm: 50_000,
            maker_ppm: 1_000,
            taker_ppm: 1_000,
            status: 1,
            client_order_id: [0; 16],
        }));
        for (owner, number) in [(1, 0), (2, 0), (3, 0), (1, 1)] {
            exchange.tell(Command::OpenAccount(OpenAccount { owner, number, client_order_id: [0; 16] }));
        }
        for account in [ANN, BOB, CAT, ANN2] {
            for asset in [BASE, QUOTE] {
                let client_order_id = exchange.new_id();
                let (amount, actor) = (FUNDS, 0);
                exchange.tell(Command::Deposit(Deposit { account, client_order_id, asset, amount, actor }));
            }
        }
        exchange
    }

    /// A UUID that sorts behind those before it.
    pub(crate) fn new_id(&mut self) -> [u8; 16] {
        self.ids += 1;
        let mut id = [0; 16];
        id[0] = 1;
        id[8..].copy_from_slice(&self.ids.to_be_bytes());
        id
    }

    pub(crate) fn tell(&mut self, command: Command) -> Vec<String> {
        self.apply(&encode_command(command, 0).unwrap())
    }

    pub(crate) fn apply(&mut self, block: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        self.now_ns += 1;
        self.engine.apply_batch(block, self.engine.sequence() + 1, self.now_ns, &mut out).unwrap();
        lines(&out)
    }

    pub(crate) fn row(&mut self, side: u8, quantity: i64, price: i64) -> NewOrderS {
        let client_order_id = self.new_id();
        NewOrderS {
            client_order_id,
            price,
            quantity,
            expiry_ns: 0,
            market: 1,
            side,
            type_tif: LIMIT | GTC,
            stp: 0,
            flags: 0,
        }
    }

    pub(crate) fn place(&mut self, account: u64, row: &NewOrderS) -> Vec<String> {
        self.apply(&place_block(account, row))
    }

    pub(crate) fn limit(&mut self, account: u64, side: u8, quantity: i64, price: i64) -> Vec<String> {
        let row = self.row(side, quantity, price);
        self.place(account, &row)
    }

    pub(crate) fn cancel(&mut self, account: u64, order_id: u64) -> Vec<String> {
        let row = CancelS { client_order_id: self.new_id(), target: [0; 16], order_id };
        self.apply(&cancel_block(account, &row))
    }

    pub(crate) fn amend(&mut self, account: u64, order_id: u64, quantity: i64, price: i64) -> Vec<String> {
        let row = AmendS { client_order_id: self.new_id(), order_id, price, quantity, expected_filled: -1 };
        self.apply(&amend_block(account, &row))
    }

    /// (available, held)
    pub(crate) fn balance(&self, account: u64, asset: u32) -> (i64, i64) {
        let balance = self.engine.state.account(account).unwrap().balances.get(asset);
        (balance.available, balance.held)
    }
}

fn block(message_type: u16, payload: &[u8]) -> Vec<u8> {
    pack(message_type, payload, 0).unwrap()
}

pub(crate) fn place_block(account: u64, row: &NewOrderS) -> Vec<u8> {
    block(NewOrders::NUMBER, &NEW_ORDERS.write(&Batch { account, actor: 0, deadline_ns: 0, rows: &row.write() }))
}

pub(crate) fn cancel_block(account: u64, row: &CancelS) -> Vec<u8> {
    block(Cancels::NUMBER, &CANCELS.write(&Batch { account, actor: 0, deadline_ns: 0, rows: &row.write() }))
}

pub(crate) fn amend_block(account: u64, row: &AmendS) -> Vec<u8> {
    block(Amends::NUMBER, &AMENDS.write(&Batch { account, actor: 0, deadline_ns: 0, rows: &row.write() }))
}

/// One line an event: who (`-`: everybody), what, and its numbers.
pub(crate) fn lines(records: &[u8]) -> Vec<String> {
    assert_eq!(records.len() % RecordS::SIZE, 0);
    RecordS::rows(records).map(|record| line(record.account, &EventS::read(&record.event))).collect()
}

fn line(account: u64, event: &EventS) -> String {
    let who = match account {
        0 => "-",
        ANN => "ann",
        BOB => "bob",
        CAT => "cat",
        _ => "ann2",
    };
    let EventS { order_id, flags, info, v0, v1, v2, v3, v4, .. } = event;
    let what = match event.kind {
        1 => format!("accepted {order_id}: {v3} @ {v2}"),
        2 => format!("filled {order_id}: {v2} @ {v1}, {v3} left, fee {v4}"),
        3 => format!("done {order_id}: reason {info}, {v2} left, {v3} filled, {v4} released"),
        4 => format!("amended {order_id}: {v3} @ {v2}, {v4} left, keeps place {}", flags >> 3),
        5 => format!("rejected: {info}, {v2}"),
        6 => format!("repeated: {} {}, sequence {v2}", info >> 8, info & 255),
        7 => format!("prevented {order_id}: mode {info}, {v2} @ {v1}, {v3} left"),
        8 => format!("mass cancelled: {v2}"),
        31..=33 => format!("withdrawal {order_id}: kind {}, {v2}, {v3} available, {v4} held", event.kind),
        34 => format!("transferred: {v2}, {v3} available"),
        50 => format!("level {}: {v1} @ {v0} in {v2}", if flags & 3 == BUY { "bid" } else { "ask" }),
        kind => format!("{kind}"),
    };
    format!("{who} {what}")
}
