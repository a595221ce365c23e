//! What an enemy of the book would send.

use mexchange_engine::book::Side;

use super::{Flow, Maker, PRICE, off};
use crate::message::{Act, Message};
use crate::random::Random;

/// 100,000 orders at as many prices, over two million ticks.
pub(super) fn levels100k(name: &'static str, messages: usize) -> Flow {
    spread(name, 9, messages, 100_000, 1_000_000)
}

/// 20,000 orders over 2^41 ticks.
pub(super) fn sparse(name: &'static str, messages: usize) -> Flow {
    spread(name, 10, messages, 20_000, 1 << 40)
}

/// So many orders, evenly up to `width` ticks away from the middle; one message in twenty takes the best.
fn spread(name: &'static str, seed: u64, messages: usize, live: usize, width: i64) -> Flow {
    let mut maker = Maker::new(name, seed, true, messages);
    let mut ids = Vec::with_capacity(live);
    let middle = width.max(PRICE) + 1;
    let passive = |maker: &mut Maker| {
        let (side, quantity, offset) = (maker.side(), maker.quantity(), 1 + maker.random.below(width));
        maker.place(side, off(side, middle, offset), quantity)
    };
    while maker.book.len() < live {
        ids.push(passive(&mut maker));
    }
    maker.setup_ends();
    while maker.goes_on() {
        if maker.random.percent(5) {
            let (side, quantity) = (maker.side(), maker.quantity());
            let best = maker.best(side.opposite(), middle);
            maker.immediate(side, best, quantity);
        } else if maker.book.len() < live {
            ids.push(passive(&mut maker));
        } else {
            maker.cancel_any(&mut ids);
        }
    }
    maker.finished()
}

/// A level of 10,000 orders: one from anywhere among them goes, another comes.
pub(super) fn deep_level(name: &'static str, messages: usize) -> Flow {
    let mut maker = Maker::new(name, 11, true, messages);
    let mut ids: Vec<_> = (0..10_000).map(|_| maker.place(Side::Buy, PRICE, 10)).collect();
    maker.setup_ends();
    while maker.goes_on() {
        maker.cancel_any(&mut ids);
        ids.push(maker.place(Side::Buy, PRICE, 10));
    }
    maker.finished()
}

/// Bids come and go while 10,000 levels of asks stand by.
pub(super) fn beside_10k_levels(name: &'static str, messages: usize) -> Flow {
    let mut maker = Maker::new(name, 12, true, messages);
    for level in 1..=10_000 {
        maker.place(Side::Sell, PRICE + level, 10);
    }
    let mut ids = Vec::new();
    let passive = |maker: &mut Maker| {
        let (offset, quantity) = (maker.random.below(100), maker.quantity());
        maker.place(Side::Buy, PRICE - offset, quantity)
    };
    for _ in 0..100 {
        ids.push(passive(&mut maker));
    }
    maker.setup_ends();
    while maker.goes_on() {
        ids.push(passive(&mut maker));
        maker.cancel_any(&mut ids);
    }
    maker.finished()
}

/// An order at each of 1,000 prices, then one that takes them all.
pub(super) fn sweep_1k_levels(name: &'static str, messages: usize) -> Flow {
    let mut maker = Maker::new(name, 13, true, messages);
    while maker.goes_on() {
        let mut prices: Vec<i64> = (1..=1_000).map(|level| PRICE + level).collect();
        shuffle(&mut maker.random, &mut prices);
        for price in prices {
            let order = maker.order(Act::Place, Side::Sell, price, 10);
            maker.send(Message { owner: 0, ..order });
        }
        let order = maker.order(Act::Immediate, Side::Buy, PRICE + 1_000, 10_000);
        maker.send(Message { owner: 1, ..order });
    }
    maker.finished()
}

fn shuffle(random: &mut Random, prices: &mut [i64]) {
    for last in (1..prices.len()).rev() {
        prices.swap(last, random.place(last + 1));
    }
}
