//! Streams of messages from a seed. The baseline runs along while one is made, so that cancels and amends name orders
//! that rest.
//!
//! Realistic: mixed; calm, trending, swings, wide swings and crash, where orders have short lives around a price that
//! moves; live20k and live200k with cancels of any order. Adversarial: levels100k, sparse, deep level, beside 10,000
//! levels, sweep.

mod adversarial;
mod lively;
mod standing;

use mexchange_engine::book::Side;

use crate::baseline::Baseline;
use crate::message::{Act, Message, Nothing};
use crate::random::{Random, mix};

/// Where prices begin, in ticks.
const PRICE: i64 = 1_000_000;
const OWNERS: i64 = 1_000;

/// A flow: what is sent before the clock starts, and after.
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) setup: Vec<Message>,
    pub(crate) messages: Vec<Message>,
    /// Orders that rest at the end.
    pub(crate) live: usize,
    /// Levels that have orders at the end.
    pub(crate) levels: usize,
}

/// (name, is it adversarial, what makes it of at least so many messages).
pub(crate) type Kind = (&'static str, bool, fn(&'static str, usize) -> Flow);

/// All of them.
pub(crate) const KINDS: [Kind; 13] = [
    ("mixed", false, lively::mixed),
    ("calm", false, lively::calm),
    ("trending", false, lively::trending),
    ("swings", false, lively::swings),
    ("wide_swings", false, lively::wide_swings),
    ("crash", false, lively::crash),
    ("live20k", false, standing::live20k),
    ("live200k", false, standing::live200k),
    ("levels100k", true, adversarial::levels100k),
    ("sparse", true, adversarial::sparse),
    ("deep_level", true, adversarial::deep_level),
    ("beside_10k_levels", true, adversarial::beside_10k_levels),
    ("sweep_1k_levels", true, adversarial::sweep_1k_levels),
];

/// Writes one flow, keeping the baseline in step.
struct Maker {
    flow: Flow,
    random: Random,
    book: Baseline,
    next: u64,
    /// Do ids come in sequence, or in an order that means nothing.
    in_sequence: bool,
    target: usize,
}

impl Maker {
    fn new(name: &'static str, seed: u64, in_sequence: bool, messages: usize) -> Self {
        let flow = Flow { name, setup: Vec::new(), messages: Vec::new(), live: 0, levels: 0 };
        Self { flow, random: Random::new(seed), book: Baseline::default(), next: 0, in_sequence, target: messages }
    }

    /// Is there more to write.
    fn goes_on(&self) -> bool {
        self.flow.messages.len() < self.target
    }

    fn send(&mut self, message: Message) {
        self.book.send(&message, &mut Nothing);
        self.flow.messages.push(message);
    }

    /// What was sent so far happens before the clock starts.
    fn setup_ends(&mut self) {
        self.flow.setup = std::mem::take(&mut self.flow.messages);
    }

    fn order(&mut self, act: Act, side: Side, price: i64, quantity: i64) -> Message {
        self.next += 1;
        let id = if self.in_sequence { self.next } else { mix(self.next) };
        let owner = u16::try_from(self.random.below(OWNERS)).expect("owners are few");
        let quantity = u32::try_from(quantity).expect("lots are few");
        Message { id, price, quantity, owner, act, side }
    }

    /// The id, whether or not it rests now.
    fn place(&mut self, side: Side, price: i64, quantity: i64) -> u64 {
        let message = self.order(Act::Place, side, price, quantity);
        self.send(message);
        message.id
    }

    fn immediate(&mut self, side: Side, price: i64, quantity: i64) {
        let message = self.order(Act::Immediate, side, price, quantity);
        self.send(message);
    }

    fn quantity(&mut self) -> i64 {
        1 + self.random.below(100)
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.random.place(2)]
    }

    /// The side's best, or `other`.
    fn best(&self, side: Side, other: i64) -> i64 {
        self.book.best(side).unwrap_or(other)
    }

    /// Cancels one of these, any of them; forgets those that it meets that rest no longer.
    fn cancel_any(&mut self, ids: &mut Vec<u64>) {
        while !ids.is_empty() {
            let place = self.random.place(ids.len());
            let id = ids.swap_remove(place);
            if self.book.has(id) {
                return self.send(Message::cancel(id));
            }
        }
    }

    fn finished(mut self) -> Flow {
        self.flow.live = self.book.len();
        self.flow.levels = self.book.levels();
        self.flow
    }
}

/// A price this far on the passive side of another.
fn off(side: Side, price: i64, ticks: i64) -> i64 {
    if side == Side::Buy { price - ticks } else { price + ticks }
}
