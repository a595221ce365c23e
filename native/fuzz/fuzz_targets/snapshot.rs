//! Any bytes as a snapshot: refused, or a state that means just these bytes and on which every command works.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mexchange_engine::Engine;
use mexchange_engine::codec::commands::encode_command;
use mexchange_engine::codec::generated::{NewOrderS, NewOrders};
use mexchange_engine::codec::table::Message;
use mexchange_engine::domain::commands::{Command, MassCancel, SetMarketStatus};
use mexchange_fuzz::{audit, seed, snapshots};

const CLOSED: u8 = 4;

fuzz_target!(init: seed("snapshot", snapshots()), |data: &[u8]| {
    let Ok(mut engine) = Engine::restore(data) else { return };
    assert!(engine.snapshot() == data, "a snapshot of something else");
    if engine.sequence() > u64::MAX / 2 || engine.time_ns() > i64::MAX / 2 {
        return; // a journal does not come that far
    }
    let accounts: Vec<u64> = engine.state.accounts.iter().map(|account| account.account_id).take(8).collect();
    let markets: Vec<u32> = engine.state.markets.iter().map(|market| market.market_id).take(4).collect();
    for &account in &accounts {
        for &market in &markets {
            apply(&mut engine, &orders(account, market));
        }
    }
    for account in accounts {
        let id = id(b'm', account, 0);
        apply(
            &mut engine,
            &command(
                MassCancel { account, client_order_id: id, market: 0, side: 1, actor: 0, deadline_ns: 0 },
                Command::MassCancel,
            ),
        );
    }
    for market in markets {
        let closed = SetMarketStatus { market, status: CLOSED, client_order_id: [0; 16] };
        apply(&mut engine, &command(closed, Command::SetMarketStatus));
    }
    audit(&engine);
});

fn apply(engine: &mut Engine, blocks: &[u8]) {
    let mut out = Vec::new();
    engine.apply_batch(blocks, engine.sequence() + 1, engine.time_ns() + 1, &mut out).expect("good blocks");
}

fn command<T>(command: T, of: impl FnOnce(T) -> Command) -> Vec<u8> {
    encode_command(of(command), 0).expect("a command")
}

fn id(letter: u8, account: u64, number: u8) -> [u8; 16] {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&[letter, b'a' + (account % 16) as u8, b'a' + number, b'z']);
    id
}

/// A limit order a side that takes what there is, and one that rests.
fn orders(account: u64, market: u32) -> Vec<u8> {
    let order = |number: u8, side: u8, price: i64, type_tif: u8| NewOrderS {
        client_order_id: id(b'a' + market as u8 % 16, account, number),
        price,
        quantity: 7,
        expiry_ns: 0,
        market,
        side,
        type_tif,
        stp: number % 6,
        flags: 0,
    };
    let orders = vec![order(0, 1, 1 << 40, 0x21), order(1, 2, 1, 0x21), order(2, 1, 90, 0x11), order(3, 2, 110, 0x11)];
    NewOrders { account, orders, ..NewOrders::default() }.encode(0).expect("orders")
}
