//! The order book against a naive one that scans a list: the same events for the same messages, whatever the ladder.

mod naive_book;
mod random;
mod undo;

use mexchange_engine::book::{
    Book, Desk, Ladder, Life, PageLadder, Request, Resting, SelfTradePrevention, Side, Stop, Taker, Trade, TreeLadder,
};
use naive_book::{Event, Events, Message, NaiveBook};
use random::Random;

/// How prices are drawn.
#[derive(Debug, Clone, Copy)]
enum Prices {
    Few,
    AcrossPages,
    Sparse,
}

impl Prices {
    fn draw(self, random: &mut Random) -> i64 {
        match self {
            Self::Few => random.below(12).cast_signed() - 6,
            Self::AcrossPages => random.below(3).cast_signed() * 4096 - 4096 + random.below(6).cast_signed(),
            Self::Sparse => (random.below(1 << 49).cast_signed() - (1 << 48)) & !0xFFF,
        }
    }
}

fn message(random: &mut Random, prices: Prices, ids: u64) -> Message {
    let id = random.below(ids);
    let quantity = random.below(9).cast_signed();
    match random.below(10) {
        0..6 => Message::Place(Request {
            id,
            owner: random.below(4),
            side: random.of(&Side::BOTH),
            price: prices.draw(random),
            quantity,
            life: random.of(&[
                Life::Rests,
                Life::Rests,
                Life::Rests,
                Life::PostOnly,
                Life::PostOnlySlide,
                Life::Immediate,
                Life::FillOrKill,
            ]),
            prevention: random.of(&[
                SelfTradePrevention::None,
                SelfTradePrevention::CancelTaker,
                SelfTradePrevention::CancelMaker,
                SelfTradePrevention::CancelBoth,
                SelfTradePrevention::Decrement,
            ]),
        }),
        6..8 => Message::Cancel(id),
        _ => Message::Amend(id, prices.draw(random), quantity),
    }
}

fn send<L: Ladder>(desk: &mut Desk<u64, L>, message: Message, events: &mut Events) {
    let refused = match message {
        Message::Place(request) => desk.place(&request, request.id, events).err(),
        Message::Cancel(id) => desk.cancel(id, events).err(),
        Message::Amend(id, price, leaves) => desk.amend(id, price, leaves, events).err(),
    };
    events.0.extend(refused.map(Event::Refused));
}

fn compare<L: Ladder>(seed: u64, prices: Prices, messages: u32, ids: u64) {
    let mut random = Random(seed);
    let mut naive = NaiveBook::default();
    let mut desk = Desk::<u64, L>::new();
    for number in 0..messages {
        let message = message(&mut random, prices, ids);
        let (mut expected, mut found) = (Events::default(), Events::default());
        naive.send(message, &mut expected);
        send(&mut desk, message, &mut found);
        assert_eq!(found, expected, "seed {seed}, {prices:?}, message {number}: {message:?}");
        if number % 64 == 0 {
            check_state(&desk, &naive);
        }
    }
    check_state(&desk, &naive);
}

fn check_state<L: Ladder>(desk: &Desk<u64, L>, naive: &NaiveBook) {
    let book = desk.book();
    for side in Side::BOTH {
        let orders: Vec<_> = book.orders(side).map(|(order, _)| order).collect();
        assert_eq!(orders, naive.orders(side));
        assert!(book.orders(side).all(|(order, &payload)| order.id == payload));
        assert_eq!(book.levels(side).collect::<Vec<_>>(), naive.levels(side));
        assert_eq!(book.best(side), orders.first().map(|order| order.price));
        assert!(orders.iter().all(|order| desk.find(order.id).map(|handle| book.order(handle)) == Some(*order)));
    }
    assert_eq!(book.len(), naive.orders(Side::Buy).len() + naive.orders(Side::Sell).len());
}

fn compare_all<L: Ladder>() {
    for seed in 0..12 {
        for prices in [Prices::Few, Prices::AcrossPages, Prices::Sparse] {
            compare::<L>(seed, prices, 1_500, 40);
            compare::<L>(seed + 1_000, prices, 1_500, 400);
        }
    }
}

#[test]
fn a_book_with_a_tree_does_what_the_naive_book_does() {
    compare_all::<TreeLadder>();
}

#[test]
fn a_book_with_pages_does_what_the_naive_book_does() {
    compare_all::<PageLadder>();
}

/// Tells nothing but the levels.
fn levels_told<L: Ladder>(book: &mut Book<u64, L>) -> Vec<(Side, i64, i64, u32)> {
    let mut told = Vec::new();
    book.levels_changed(|level| told.push((level.side, level.price, level.quantity, level.orders)));
    told
}

#[test]
fn levels_are_told_once_bids_first_in_the_order_of_their_first_touch() {
    let mut book: Book<u64> = Book::new();
    let rows = [(1, Side::Sell, 11), (2, Side::Sell, 12), (3, Side::Buy, 9), (4, Side::Buy, 8)];
    let handles = rows.map(|(id, side, price)| book.rest(&Resting { id, owner: id, side, price, leaves: 5 }, id));
    levels_told(&mut book);
    for at in [1, 3, 0, 2] {
        let (order, payload) = book.take_out(handles[at]);
        if order.id == 4 {
            book.rest(&order, payload);
        }
    }
    let expected = [(Side::Buy, 8, 5, 1), (Side::Buy, 9, 0, 0), (Side::Sell, 12, 0, 0), (Side::Sell, 11, 0, 0)];
    assert_eq!(levels_told(&mut book), expected);
    assert_eq!(levels_told(&mut book), []);
}

#[test]
fn a_level_without_orders_is_passed_over_before_it_is_told() {
    let mut book = asks(&[(10, 1), (11, 1), (12, 1), (13, 1)]);
    let handles: Vec<_> = book.handles(Side::Sell).collect();
    for at in [1, 2, 0] {
        book.take_out(handles[at]);
    }
    assert_eq!((book.best(Side::Sell), book.levels(Side::Sell).count()), (Some(13), 1));
    book.rest(&Resting { id: 5, owner: 5, side: Side::Sell, price: 11, leaves: 7 }, 5);
    assert_eq!(book.best(Side::Sell), Some(11));
    let expected = [(Side::Sell, 11, 7, 1), (Side::Sell, 12, 0, 0), (Side::Sell, 10, 0, 0)];
    assert_eq!(levels_told(&mut book), expected);
    assert_eq!(book.levels(Side::Sell).map(|level| level.price).collect::<Vec<_>>(), [11, 13]);
}

/// (price, lots) of each trade, and why the walk stopped.
fn walk(book: &mut Book<u64>, taker: &mut Taker) -> (Vec<(i64, i64)>, Stop) {
    let mut events = Events::default();
    let stop = book.take(taker, &mut events);
    let trades = events.0.iter().filter_map(|event| match event {
        Event::Trade(trade, _) => Some((trade.price, trade.quantity)),
        _ => None,
    });
    (trades.collect(), stop)
}

fn asks(rows: &[(i64, i64)]) -> Book<u64> {
    let mut book = Book::new();
    for (id, &(price, lots)) in (1..).zip(rows) {
        book.rest(&Resting { id, owner: id, side: Side::Sell, price, leaves: lots }, id);
    }
    book.levels_changed(|_| ());
    book
}

fn spender(leaves: i64, price: i64, quote_unit: i64) -> Taker {
    let prevention = SelfTradePrevention::CancelTaker;
    Taker { owner: 99, side: Side::Buy, price, leaves, prevention, quote_unit }
}

#[test]
fn an_amount_buys_whole_lots_and_leaves_less_than_the_next_one_costs() {
    let mut book = asks(&[(10, 3), (20, 3)]);
    let mut taker = spender(300 + 450, 50, 10);
    assert_eq!(walk(&mut book, &mut taker), (vec![(10, 3), (20, 2)], Stop::Dust));
    assert_eq!(taker.leaves, 50);
}

#[test]
fn an_amount_is_whole_when_less_than_one_lot_at_the_last_price_is_left() {
    let book = asks(&[(10, 3), (20, 3)]);
    assert!(book.fills_whole(&spender(300, 50, 10)));
    assert!(book.fills_whole(&spender(399, 50, 10)), "99 is left, a lot cost 100");
    assert!(book.fills_whole(&spender(900 + 199, 50, 10)), "199 is left of an empty book, a lot cost 200");
    assert!(!book.fills_whole(&spender(900 + 200, 50, 10)));
    assert!(!book.fills_whole(&spender(99, 50, 10)), "it buys nothing");
    assert!(!book.fills_whole(&spender(500, 15, 10)), "200 is left at its limit, a lot cost 100");
}

#[test]
fn a_lot_dearer_than_any_amount_is_dust() {
    let mut book = asks(&[(1 << 40, 1)]);
    let mut taker = spender(i64::MAX - 1, 1 << 41, 1 << 40);
    assert_eq!(walk(&mut book, &mut taker), (vec![], Stop::Dust));
}

#[test]
fn trades_are_counted_on_from_where_a_restored_book_stands() {
    let mut book = asks(&[(10, 3)]);
    book.set_trade_id(41);
    let mut events = Events::default();
    book.take(&mut Taker { quote_unit: 0, ..spender(1, 10, 0) }, &mut events);
    assert_eq!(book.trade_id(), 42);
    assert!(matches!(events.0[..], [Event::Trade(Trade { trade_id: 42, .. }, 1)]));
}
