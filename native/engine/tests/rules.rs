//! The main rules, told by what comes out.
#![allow(clippy::unwrap_used)] // a test

mod exchange;

use exchange::{
    ANN, ANN2, BASE, BOB, BUY, CAT, Exchange, FOK, FUNDS, GTD, IOC, LIMIT, LOT, MARKET, QUOTE, SELL, UNIT, place_block,
};
use mexchange_engine::codec::generated::{AmendS, CancelS, NewOrderS};
use mexchange_engine::core::ledger::total;
use mexchange_engine::domain::commands::{
    Command, ConfirmWithdrawal, MassCancel, ReleaseWithdrawal, SetMarketStatus, Transfer, Withdraw,
};
use mexchange_engine::domain::order::{POST_ONLY, QUOTE_AMOUNT, SLIDE};

const CANCEL_MAKER: u8 = 3;
const DECREMENT: u8 = 5;

#[test]
fn a_taker_takes_the_best_price_then_the_oldest_order() {
    let mut exchange = Exchange::open();
    exchange.limit(ANN, SELL, 3, 101);
    exchange.limit(BOB, SELL, 2, 100);
    exchange.limit(ANN, SELL, 5, 101);
    assert_eq!(
        exchange.limit(CAT, BUY, 6, 101),
        [
            "cat accepted 4: 6 @ 101",
            "cat filled 4: 2 @ 100, 4 left, fee 200",
            "bob filled 2: 2 @ 100, 0 left, fee 200",
            "bob done 2: reason 1, 0 left, 2 filled, 0 released",
            "cat filled 4: 3 @ 101, 1 left, fee 300",
            "ann filled 1: 3 @ 101, 0 left, fee 303",
            "ann done 1: reason 1, 0 left, 3 filled, 0 released",
            "cat filled 4: 1 @ 101, 0 left, fee 100",
            "ann filled 3: 1 @ 101, 4 left, fee 101",
            "cat done 4: reason 1, 0 left, 6 filled, 0 released",
            "- level ask: 0 @ 100 in 0",
            "- level ask: 4 @ 101 in 1",
        ]
    );
    assert_eq!(exchange.balance(CAT, QUOTE), (FUNDS - (200 + 404) * UNIT, 0));
    assert_eq!(exchange.balance(CAT, BASE), (FUNDS + 6 * LOT - 600, 0));
    assert_eq!(exchange.balance(ANN, BASE), (FUNDS - 8 * LOT, 4 * LOT));
    assert_eq!(exchange.balance(ANN, QUOTE), (FUNDS + 404 * UNIT - 404, 0));
}

#[test]
fn an_id_is_answered_once_and_asked_again_says_the_same() {
    let mut exchange = Exchange::open();
    let row = exchange.row(BUY, 3, 99);
    let sequence = exchange.engine.sequence() + 1;
    exchange.place(ANN, &row);
    assert_eq!(exchange.place(ANN, &row), [format!("ann repeated: 1 0, sequence {sequence}")]);
    let other = NewOrderS { quantity: 4, ..row };
    assert_eq!(exchange.place(ANN, &other), [format!("ann rejected: 21, {sequence}")]);
    assert_eq!(exchange.place(BOB, &other)[0], "bob accepted 2: 4 @ 99");
    let nameless = NewOrderS { client_order_id: [0; 16], ..row };
    assert_eq!(exchange.place(ANN, &nameless), ["ann rejected: 20, 0"]);
    assert_eq!(exchange.place(99, &row), ["ann2 rejected: 23, 0"]);
}

#[test]
fn an_owner_does_not_trade_with_itself() {
    let mut exchange = Exchange::open();
    exchange.limit(ANN, SELL, 3, 100);
    assert_eq!(
        exchange.limit(ANN2, BUY, 5, 100)[1..],
        [
            "ann2 prevented 2: mode 2, 3 @ 100, 5 left",
            "ann prevented 1: mode 2, 3 @ 100, 3 left",
            "ann2 done 2: reason 7, 5 left, 0 filled, 500000 released",
        ]
    );
    let row = NewOrderS { stp: DECREMENT, ..exchange.row(BUY, 2, 100) };
    assert_eq!(
        exchange.place(ANN2, &row)[1..],
        [
            "ann2 prevented 3: mode 5, 2 @ 100, 0 left",
            "ann prevented 1: mode 5, 2 @ 100, 1 left",
            "ann2 done 3: reason 7, 0 left, 0 filled, 0 released",
            "- level ask: 1 @ 100 in 1",
        ]
    );
    assert_eq!(exchange.balance(ANN, BASE), (FUNDS - LOT, LOT));
    let row = NewOrderS { stp: CANCEL_MAKER, ..exchange.row(BUY, 2, 100) };
    assert_eq!(
        exchange.place(ANN2, &row)[1..],
        [
            "ann2 prevented 4: mode 3, 1 @ 100, 2 left",
            "ann prevented 1: mode 3, 1 @ 100, 1 left",
            "ann done 1: reason 7, 1 left, 0 filled, 100000 released",
            "- level bid: 2 @ 100 in 1",
            "- level ask: 0 @ 100 in 0",
        ]
    );
}

#[test]
fn what_may_not_rest_ends_with_its_reason() {
    let mut exchange = Exchange::open();
    exchange.limit(ANN, SELL, 3, 100);
    let row = NewOrderS { type_tif: LIMIT | FOK, ..exchange.row(BUY, 4, 100) };
    assert_eq!(exchange.place(BOB, &row)[1..], ["bob done 2: reason 11, 4 left, 0 filled, 400000 released"]);
    let row = NewOrderS { type_tif: LIMIT | IOC, ..exchange.row(BUY, 4, 100) };
    assert_eq!(exchange.place(BOB, &row)[4], "bob done 3: reason 3, 1 left, 3 filled, 100000 released");
    let row = NewOrderS { type_tif: MARKET | IOC, ..exchange.row(BUY, 4, 0) };
    assert_eq!(
        exchange.place(BOB, &row),
        ["bob accepted 4: 4 @ 105", "bob done 4: reason 5, 4 left, 0 filled, 420000 released"]
    );
    exchange.limit(ANN, SELL, 3, 106);
    let row = NewOrderS { type_tif: MARKET | IOC, ..exchange.row(BUY, 4, 0) };
    assert_eq!(exchange.place(BOB, &row)[1..], ["bob done 6: reason 6, 4 left, 0 filled, 420000 released"]);
    let row = NewOrderS { type_tif: MARKET | IOC, flags: QUOTE_AMOUNT, ..exchange.row(BUY, 250 * UNIT, 200) };
    assert_eq!(
        exchange.place(BOB, &row)[1..],
        [
            "bob filled 7: 2 @ 106, 38000 left, fee 200",
            "ann filled 5: 2 @ 106, 1 left, fee 212",
            "bob done 7: reason 12, 38000 left, 2 filled, 38000 released",
            "- level ask: 1 @ 106 in 1",
        ]
    );
}

#[test]
fn a_post_only_order_is_refused_or_slides() {
    let mut exchange = Exchange::open();
    exchange.limit(ANN, SELL, 3, 100);
    let row = NewOrderS { flags: POST_ONLY, ..exchange.row(BUY, 4, 102) };
    assert_eq!(exchange.place(BOB, &row), ["bob rejected: 65, 100"]);
    let row = NewOrderS { flags: POST_ONLY | SLIDE, ..exchange.row(BUY, 4, 102) };
    assert_eq!(exchange.place(BOB, &row), ["bob accepted 2: 4 @ 99", "- level bid: 4 @ 99 in 1"]);
    assert_eq!(exchange.balance(BOB, QUOTE), (FUNDS - 396 * UNIT, 396 * UNIT));
}

#[test]
fn only_less_keeps_the_place() {
    let mut exchange = Exchange::open();
    exchange.limit(ANN, BUY, 5, 100);
    exchange.limit(BOB, BUY, 5, 100);
    assert_eq!(
        exchange.amend(ANN, 1, 3, 0),
        ["ann amended 1: 3 @ 100, 3 left, keeps place 1", "- level bid: 8 @ 100 in 2"]
    );
    assert_eq!(exchange.limit(CAT, SELL, 1, 100)[2], "ann filled 1: 1 @ 100, 2 left, fee 100");
    assert_eq!(exchange.amend(ANN, 1, 4, 0)[0], "ann amended 1: 4 @ 100, 3 left, keeps place 0");
    assert_eq!(exchange.limit(CAT, SELL, 1, 100)[2], "bob filled 2: 1 @ 100, 4 left, fee 100");
    assert_eq!(exchange.amend(ANN, 1, 1, 0)[0], "ann done 1: reason 10, 3 left, 1 filled, 300000 released");
    assert_eq!(exchange.amend(ANN, 1, 1, 0), ["ann rejected: 50, 0"]);
    exchange.limit(CAT, SELL, 2, 103);
    assert_eq!(
        exchange.amend(BOB, 2, 5, 104),
        [
            "bob amended 2: 5 @ 104, 4 left, keeps place 0",
            "bob filled 2: 2 @ 103, 2 left, fee 200",
            "cat filled 5: 2 @ 103, 0 left, fee 206",
            "cat done 5: reason 1, 0 left, 2 filled, 0 released",
            "- level bid: 0 @ 100 in 0",
            "- level bid: 2 @ 104 in 1",
            "- level ask: 0 @ 103 in 0",
        ]
    );
}

#[test]
fn orders_are_cancelled_by_id_by_name_and_all_at_once() {
    let mut exchange = Exchange::open();
    let named = exchange.row(BUY, 5, 100);
    exchange.place(ANN, &named);
    exchange.limit(ANN, BUY, 5, 99);
    exchange.limit(ANN, SELL, 5, 110);
    assert_eq!(exchange.cancel(BOB, 2), ["bob rejected: 50, 0"]);
    assert_eq!(exchange.cancel(ANN, 2)[0], "ann done 2: reason 2, 5 left, 0 filled, 495000 released");
    let row = CancelS { client_order_id: exchange.new_id(), target: named.client_order_id, order_id: 0 };
    let told = exchange.apply(&exchange::cancel_block(ANN, &row));
    assert_eq!(told[0], "ann done 1: reason 2, 5 left, 0 filled, 500000 released");
    exchange.limit(ANN, BUY, 5, 98);
    let client_order_id = exchange.new_id();
    let all = MassCancel { account: ANN, client_order_id, market: 0, side: 0, actor: 0, deadline_ns: 0 };
    assert_eq!(
        exchange.tell(Command::MassCancel(all)),
        [
            "ann done 3: reason 2, 5 left, 0 filled, 500000 released",
            "ann done 4: reason 2, 5 left, 0 filled, 490000 released",
            "ann mass cancelled: 2",
            "- level bid: 0 @ 98 in 0",
            "- level ask: 0 @ 110 in 0",
        ]
    );
    assert_eq!(exchange.balance(ANN, QUOTE), (FUNDS, 0));
}

#[test]
fn orders_expire_at_the_start_of_a_frame_and_closing_a_market_ends_the_rest() {
    let mut exchange = Exchange::open();
    let later = exchange.now_ns + 100;
    for (price, expiry_ns) in [(98, later), (99, later - 1), (97, later + 50)] {
        let row = NewOrderS { type_tif: LIMIT | GTD, expiry_ns, ..exchange.row(BUY, 1, price) };
        exchange.place(ANN, &row);
    }
    assert_eq!(exchange.engine.next_expiry_ns(), Some(later - 1));
    exchange.now_ns = later - 1;
    let told = exchange.tell(Command::AdvanceTime);
    assert_eq!(told[0], "ann done 2: reason 4, 1 left, 0 filled, 99000 released");
    assert_eq!(told[1], "ann done 1: reason 4, 1 left, 0 filled, 98000 released");
    assert_eq!(told[2..], ["- level bid: 0 @ 99 in 0", "- level bid: 0 @ 98 in 0"]);
    let close = SetMarketStatus { market: 1, status: 4, client_order_id: [0; 16] };
    let told = exchange.tell(Command::SetMarketStatus(close));
    assert_eq!(told[1..], ["ann done 3: reason 8, 1 left, 0 filled, 97000 released", "- level bid: 0 @ 97 in 0"]);
    assert_eq!(exchange.engine.next_expiry_ns(), None);
    assert_eq!(exchange.limit(ANN, BUY, 1, 100), ["ann rejected: 45, 0"]);
}

#[test]
fn money_is_held_before_it_leaves() {
    let mut exchange = Exchange::open();
    let (account, actor, deadline_ns, asset) = (ANN, 0, 0, QUOTE);
    for amount in [FUNDS + 1, 100, 200] {
        let client_order_id = exchange.new_id();
        exchange.tell(Command::Withdraw(Withdraw { account, client_order_id, asset, amount, actor, deadline_ns }));
    }
    assert_eq!(exchange.balance(ANN, QUOTE), (FUNDS - 300, 300));
    let client_order_id = exchange.new_id();
    let confirm = ConfirmWithdrawal { account, client_order_id, withdrawal_id: 1, actor };
    let told = exchange.tell(Command::ConfirmWithdrawal(confirm));
    assert_eq!(told, [format!("ann withdrawal 1: kind 32, 100, {} available, 200 held", FUNDS - 300)]);
    let client_order_id = exchange.new_id();
    let release = ReleaseWithdrawal { account, client_order_id, withdrawal_id: 2, actor };
    exchange.tell(Command::ReleaseWithdrawal(release));
    assert_eq!(exchange.balance(ANN, QUOTE), (FUNDS - 100, 0));
    let client_order_id = exchange.new_id();
    let to_account = BOB;
    let told = exchange.tell(Command::Transfer(Transfer {
        account,
        client_order_id,
        to_account,
        asset,
        amount: 50,
        actor,
        deadline_ns,
    }));
    assert_eq!(told[0], format!("ann transferred: -50, {} available", FUNDS - 150));
    assert_eq!(told[1], format!("bob transferred: 50, {} available", FUNDS + 50));
}

#[test]
fn numbers_at_the_edge_are_refused_and_not_wrapped() {
    let mut exchange = Exchange::open();
    let most = 1 << 48;
    for (price, quantity, reason) in [
        (most, most, 63),
        (most + 1, 1, 56),
        (i64::MIN, 1, 56),
        (i64::MAX, i64::MAX, 56),
        (100, i64::MIN, 59),
        (100, most + 1, 61),
    ] {
        for side in [BUY, SELL] {
            let row = exchange.row(side, quantity, price);
            assert!(exchange.place(ANN, &row)[0].starts_with(&format!("ann rejected: {reason},")), "{row:?}");
        }
    }
    exchange.limit(ANN, SELL, 1, 100);
    for (price, quantity, reason) in [(most, most, 63), (i64::MAX, 0, 56), (0, i64::MIN, 59), (0, i64::MAX, 61)] {
        assert!(exchange.amend(ANN, 1, quantity, price)[0].starts_with(&format!("ann rejected: {reason},")));
    }
    assert_eq!(exchange.limit(ANN, SELL, 1 << 20, 100), [format!("ann rejected: 66, {}", FUNDS - LOT)]);
}

/// From a seed, without a crate for it.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }
}

fn block_at_random(exchange: &mut Exchange, dice: &mut Dice) -> Vec<u8> {
    let account = 16 + dice.below(4);
    let last_order = exchange.engine.state.head.order_counter;
    let client_order_id = exchange.new_id();
    let order_id = last_order.saturating_sub(dice.below(12)).max(1);
    let (price, quantity) = (95 + dice.below(10) as i64, 1 + dice.below(9) as i64);
    match dice.below(10) {
        0 => exchange::cancel_block(account, &CancelS { client_order_id, target: [0; 16], order_id }),
        1 => {
            exchange::amend_block(account, &AmendS { client_order_id, order_id, price, quantity, expected_filled: -1 })
        }
        kind => {
            let type_tif = [17, 17, 17, 65, 33, 49][dice.below(6) as usize];
            let expiry_ns = if type_tif == 65 { exchange.now_ns + 1 + dice.below(30) as i64 } else { 0 };
            let stp = dice.below(6) as u8;
            let side = 1 + (kind % 2) as u8;
            place_block(
                account,
                &NewOrderS { client_order_id, price, quantity, expiry_ns, market: 1, side, type_tif, stp, flags: 0 },
            )
        }
    }
}

#[test]
fn a_preview_tells_what_comes_and_leaves_no_trace() {
    let (mut exchange, mut dice) = (Exchange::open(), Dice(1));
    for _ in 0..500 {
        let block = block_at_random(&mut exchange, &mut dice);
        let before = exchange.engine.snapshot();
        let mut previewed = Vec::new();
        exchange.engine.preview(&block, exchange.now_ns + 1, &mut previewed).unwrap();
        assert!(exchange.engine.snapshot() == before);
        assert_eq!(exchange.apply(&block), exchange::lines(&previewed));
    }
    // Restoring audits everything: holds, sums, order of the books.
    let snapshot = exchange.engine.snapshot();
    assert!(mexchange_engine::Engine::restore(&snapshot).unwrap().snapshot() == snapshot);
    assert!(exchange.engine.state.books[0].trade_id() > 100);
    assert_eq!([BASE, QUOTE].map(|asset| total(&exchange.engine.state, asset)), [0, 0]);
}
