//! Many orders that stay, any of which may be cancelled.

use super::{Flow, Maker, PRICE, off};

/// Orders rest this far from the middle at most.
const WIDTH: i64 = 2_000;

pub(super) fn live20k(name: &'static str, messages: usize) -> Flow {
    standing(name, 7, messages, 20_000)
}

pub(super) fn live200k(name: &'static str, messages: usize) -> Flow {
    standing(name, 8, messages, 200_000)
}

/// About this many orders rest at any moment. Ids come in sequence.
fn standing(name: &'static str, seed: u64, messages: usize, live: usize) -> Flow {
    let mut maker = Maker::new(name, seed, true, messages);
    let mut ids = Vec::with_capacity(live);
    while maker.book.len() < live {
        ids.push(passive(&mut maker));
    }
    maker.setup_ends();
    while maker.goes_on() {
        if maker.random.percent(5) {
            let (side, quantity) = (maker.side(), maker.quantity());
            let best = maker.best(side.opposite(), PRICE);
            maker.immediate(side, best, quantity);
        } else if maker.book.len() < live {
            ids.push(passive(&mut maker));
        } else {
            maker.cancel_any(&mut ids);
        }
    }
    maker.finished()
}

/// Near the middle, never through it.
fn passive(maker: &mut Maker) -> u64 {
    let (side, quantity) = (maker.side(), maker.quantity());
    let offset = maker.random.near(WIDTH);
    maker.place(side, off(side, PRICE, offset), quantity)
}
