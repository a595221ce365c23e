//! Orders with short lives around a price that moves.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use mexchange_engine::book::Side;

use super::{Flow, Maker, PRICE, off};
use crate::message::Message;
use crate::random::mix;

/// The mixed flow cancels its oldest orders above this.
const MIXED_LIVE_MAX: usize = 4_000;
/// What is farther off than this was meant as a market order.
const FAR: i64 = PRICE / 20;

/// 70 % limit orders, a tenth of them cancelled at once; 30 % market orders.
pub(super) fn mixed(name: &'static str, messages: usize) -> Flow {
    let mut maker = Maker::new(name, 1, true, messages);
    let mut oldest = VecDeque::new();
    while maker.goes_on() {
        let side = maker.side();
        if maker.random.percent(70) {
            let best = maker.best(side.opposite(), PRICE);
            let (offset, quantity) = (maker.random.near(100), maker.quantity());
            let id = maker.place(side, off(side, best, offset), quantity);
            if maker.random.percent(10) {
                maker.send(Message::cancel(id));
            } else {
                oldest.push_back(id);
            }
        } else if let Some(best) = maker.book.best(side.opposite()) {
            let quantity = maker.quantity();
            maker.immediate(side, off(side.opposite(), best, FAR), quantity);
        }
        while maker.book.len() > MIXED_LIVE_MAX {
            let id = oldest.pop_front().expect("the oldest rest among them");
            if maker.book.has(id) {
                maker.send(Message::cancel(id));
            }
        }
    }
    maker.finished()
}

pub(super) fn calm(name: &'static str, messages: usize) -> Flow {
    lively(name, 2, messages, |_, _| 0)
}

/// Always up, a tick in forty messages.
pub(super) fn trending(name: &'static str, messages: usize) -> Flow {
    lively(name, 3, messages, |now, _| now / 40)
}

/// 2,000 ticks up and down, five times in a hundred thousand messages.
pub(super) fn swings(name: &'static str, messages: usize) -> Flow {
    lively(name, 4, messages, |now, _| triangle(now, 20_000, 2_000))
}

/// 40,000 ticks up and down, across twenty pages of 4,096.
pub(super) fn wide_swings(name: &'static str, messages: usize) -> Flow {
    lively(name, 5, messages, |now, _| triangle(now, 100_000, 40_000))
}

/// Calm, then 30 % down within a fifth of the flow, and calm again.
pub(super) fn crash(name: &'static str, messages: usize) -> Flow {
    lively(name, 6, messages, |now, all| -((now - all * 2 / 5).clamp(0, all / 5) * (PRICE * 3 / 10) / (all / 5)))
}

fn triangle(now: i64, period: i64, height: i64) -> i64 {
    let phase = now % period;
    phase.min(period - phase) * 2 * height / period
}

/// What happens to an order after a while, by (time, id).
type Due = Reverse<(usize, u64, bool)>;

/// 15 % of the orders are immediate; of the others 20 % are to be amended and 95 % to be cancelled soon, the rest late,
/// and earlier where the price moves to them.
fn lively(name: &'static str, seed: u64, messages: usize, drift: impl Fn(i64, i64) -> i64) -> Flow {
    let mut maker = Maker::new(name, seed, false, messages);
    let mut due: BinaryHeap<Due> = BinaryHeap::new();
    let mut noise = 0;
    let all = i64::try_from(messages).expect("fits");
    for round in 0.. {
        if !maker.goes_on() {
            break;
        }
        let now = maker.flow.messages.len();
        while let Some(&Reverse((when, id, cancels))) = due.peek().filter(|next| next.0.0 <= round) {
            due.pop();
            debug_assert!(when <= round);
            if maker.book.has(id) {
                if cancels { maker.send(Message::cancel(id)) } else { amend(&mut maker, id) }
            }
        }
        noise += maker.random.below(3) - 1;
        let middle = PRICE + noise / 8 + drift(i64::try_from(now).expect("fits"), all);
        pull(&mut maker, middle);
        enter(&mut maker, &mut due, round, middle);
    }
    maker.finished()
}

/// Who stands where the price has moved to goes, all but one in twenty, who stays to be traded with.
fn pull(maker: &mut Maker, middle: i64) {
    for side in Side::BOTH {
        while let Some((id, price)) = maker.book.first(side) {
            let is_passed = if side == Side::Buy { price >= middle } else { price <= middle };
            if !is_passed || mix(id).is_multiple_of(20) {
                break;
            }
            maker.send(Message::cancel(id));
        }
    }
}

fn enter(maker: &mut Maker, due: &mut BinaryHeap<Due>, round: usize, middle: i64) {
    let (side, quantity) = (maker.side(), maker.quantity());
    let offset = maker.random.near(60);
    if maker.random.percent(15) {
        return maker.immediate(side, off(side.opposite(), middle, offset), quantity);
    }
    let id = maker.place(side, off(side, middle, offset), quantity);
    if maker.book.has(id) {
        let life = if maker.random.percent(95) { 2_000 } else { 60_000 };
        let life = 1 + maker.random.place(life);
        due.push(Reverse((round + life, id, true)));
        if maker.random.percent(20) {
            due.push(Reverse((round + 1 + life / 2, id, false)));
        }
    }
}

/// Half of them smaller, half of them a few ticks farther off.
fn amend(maker: &mut Maker, id: u64) {
    let (side, price, leaves) = maker.book.order(id);
    if leaves > 1 && maker.random.percent(50) {
        let leaves = 1 + maker.random.below(leaves - 1);
        maker.send(Message::amend(id, price, leaves));
    } else {
        let offset = maker.random.near(10);
        maker.send(Message::amend(id, off(side, price, offset), leaves));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Act;

    #[test]
    fn a_triangle_goes_up_and_down_again() {
        let heights: Vec<_> = (0..9).map(|now| triangle(now, 8, 100)).collect();
        assert_eq!(heights, [0, 25, 50, 75, 100, 75, 50, 25, 0]);
    }

    #[test]
    fn short_lives_leave_a_book_of_a_few_thousand_orders() {
        let flow = calm("calm", 100_000);
        assert!((1_000..5_000).contains(&flow.live), "{} orders", flow.live);
        let takers = flow.messages.iter().filter(|message| message.act == Act::Immediate).count();
        assert!((5_000..12_000).contains(&takers), "{takers} takers");
        assert!(flow.messages.iter().any(|message| message.side == Side::Sell));
    }
}
