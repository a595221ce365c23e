//! The engine's book, told the same and made to write the same reports.

use mexchange_engine::book::{
    Desk, Ending, GLANCE_MAX, Ladder, Level, Life, Named, Prevention, Request, Resting, SelfTradePrevention, Sink,
    Steps, Trade,
};

use crate::message::{ACCEPTED, AMENDED, Act, DONE, LEVEL, Message, PREVENTED, REFUSED, TRADE, Tape};

struct Told<'a, T>(&'a mut T);

impl<T: Tape> Steps<()> for Told<'_, T> {
    #[inline]
    fn trade(&mut self, trade: &Trade, (): &mut ()) {
        let Trade { trade_id, maker_id, price, quantity, .. } = *trade;
        self.0.write([TRADE | trade_id << 8, maker_id, price.cast_unsigned(), quantity.cast_unsigned()]);
    }

    fn prevented(&mut self, prevention: &Prevention, (): &mut ()) {
        let Prevention { maker_id, price, maker_leaves, .. } = *prevention;
        self.0.write([PREVENTED, maker_id, price.cast_unsigned(), maker_leaves.cast_unsigned()]);
    }
}

impl<T: Tape> Sink<()> for Told<'_, T> {
    #[inline]
    fn accepted(&mut self, order: &Resting) {
        let what = ACCEPTED | (order.side as u64) << 8;
        self.0.write([what, order.id, order.price.cast_unsigned(), order.leaves.cast_unsigned()]);
    }

    #[inline]
    fn amended(&mut self, order: &Resting) {
        let what = AMENDED | (order.side as u64) << 8;
        self.0.write([what, order.id, order.price.cast_unsigned(), order.leaves.cast_unsigned()]);
    }

    #[inline]
    fn done(&mut self, id: u64, ending: Ending, leaves: i64, (): &()) {
        self.0.write([DONE | (ending as u64) << 8, id, 0, leaves.cast_unsigned()]);
    }

    #[inline]
    fn level_changed(&mut self, level: &Level) {
        let what = LEVEL | (level.side as u64) << 8 | u64::from(level.orders) << 32;
        self.0.write([what, 0, level.price.cast_unsigned(), level.quantity.cast_unsigned()]);
    }
}

/// Messages come in blocks, as they do in a frame of the journal, and the book may look at a block before its first.
#[inline(never)]
pub(crate) fn send_all<L: Ladder>(desk: &mut Desk<(), L>, messages: &[Message], tape: &mut impl Tape) {
    for block in messages.chunks(GLANCE_MAX) {
        desk.glance(block.iter().map(named));
        for message in block {
            send(desk, message, tape);
        }
    }
}

fn named(message: &Message) -> Named {
    let level = (message.act == Act::Place).then_some((message.side, message.price));
    Named { id: message.id, level }
}

#[inline]
fn send<L: Ladder>(desk: &mut Desk<(), L>, message: &Message, tape: &mut impl Tape) {
    let told = &mut Told(tape);
    let id = message.id;
    let refused = match message.act {
        Act::Place => desk.place(&request(message, Life::Rests), (), told).is_err(),
        Act::Immediate => desk.place(&request(message, Life::Immediate), (), told).is_err(),
        Act::Cancel => desk.cancel(id, told).is_err(),
        Act::Amend => desk.amend(id, message.price, i64::from(message.quantity), told).is_err(),
    };
    if refused {
        tape.write([REFUSED, id, 0, 0]);
    }
}

#[inline]
fn request(message: &Message, life: Life) -> Request {
    let Message { id, price, quantity, owner, side, .. } = *message;
    let (owner, quantity, prevention) = (u64::from(owner), i64::from(quantity), SelfTradePrevention::CancelTaker);
    Request { id, owner, side, price, quantity, life, prevention }
}
