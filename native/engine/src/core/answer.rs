//! How every command begins and ends: who is asking, was it answered before; and what is remembered of the answer.
//!
//! Commands without a client order id (operators may leave it out) are executed each time they come.

use super::digest::Content;
use super::idempotence::{self, Recalled};
use super::state::{Account, Answer, OPERATOR, State};
use crate::codec::record_packers::{pack_rejected, pack_repeated};
use crate::domain::client_id::{ClientOrderId, NO_ID, is_valid};
use crate::domain::events::EventKind;
use crate::domain::rejects::RejectReason;
use crate::domain::units::{AccountId, MarketId, OrderId};

/// The command names no market.
pub const NO_MARKET: MarketId = 0;
/// The command names no order.
pub const NO_ORDER: OrderId = 0;

/// A command on its way: which account it is for, under which id, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The place of the account among the accounts.
    pub account: usize,
    /// All zero where an operator left it out.
    pub client_order_id: &'a ClientOrderId,
    /// For the memory.
    pub content: &'a Content<'a>,
}

/// The user's account that the command is for, or None: then it is answered already.
///
/// Rejects given here are not remembered: there is nothing to remember them under.
pub fn admit<'a>(
    state: &mut State,
    out: &mut Vec<u8>,
    account_id: AccountId,
    client_order_id: &'a ClientOrderId,
    content: &'a Content<'a>,
    market_id: MarketId,
    order_id: OrderId,
) -> Option<Asking<'a>> {
    let Some(account) = state.account_place(account_id) else {
        let reason = if is_valid(client_order_id) || *client_order_id == NO_ID {
            RejectReason::AccountNotFound
        } else {
            RejectReason::ClientIdInvalid
        };
        let sequence = state.head.sequence;
        pack_rejected(out, account_id, 0, sequence, market_id, order_id, client_order_id, reason as u8, 0);
        return None;
    };
    let asking = Asking { account, client_order_id, content };
    is_new(state, out, &asking, market_id, order_id).then_some(asking)
}

/// As `admit`, for what an operator does to an account: the client order id may be left out.
pub fn admit_target<'a>(
    state: &mut State,
    out: &mut Vec<u8>,
    account_id: AccountId,
    client_order_id: &'a ClientOrderId,
    content: &'a Content<'a>,
) -> Option<Asking<'a>> {
    let Some(account) = state.account_place(account_id) else {
        return admit(state, out, account_id, client_order_id, content, NO_MARKET, NO_ORDER);
    };
    let asking = Asking { account, client_order_id, content };
    may_go_on(state, out, &asking).then_some(asking)
}

/// A command of the operator, to be remembered as its own, or None: it is answered already.
pub fn admit_operator<'a>(
    state: &mut State,
    out: &mut Vec<u8>,
    client_order_id: &'a ClientOrderId,
    content: &'a Content<'a>,
) -> Option<Asking<'a>> {
    let asking = Asking { account: OPERATOR, client_order_id, content };
    may_go_on(state, out, &asking).then_some(asking)
}

fn may_go_on(state: &mut State, out: &mut Vec<u8>, asking: &Asking) -> bool {
    *asking.client_order_id == NO_ID || is_new(state, out, asking, NO_MARKET, NO_ORDER)
}

fn is_new(state: &mut State, out: &mut Vec<u8>, asking: &Asking, market_id: MarketId, order_id: OrderId) -> bool {
    match idempotence::recall(state, asking.account, asking.client_order_id, asking.content) {
        Recalled::New => return true,
        Recalled::Answered(first) => repeat(state, out, asking, &first),
        Recalled::Refused(reason) => {
            let first = match reason {
                RejectReason::ClientIdReused => state.answer(asking.account, asking.client_order_id),
                _ => None,
            };
            let detail = first.map_or(0, |answer| answer.sequence.cast_signed());
            rejected(state, out, asking, reason, detail, market_id, order_id);
        }
    }
    false
}

fn repeat(state: &State, out: &mut Vec<u8>, asking: &Asking, first: &Answer) {
    pack_repeated(
        out,
        state.accounts[asking.account].account_id,
        0,
        state.head.sequence,
        first.market_id,
        first.order_id,
        asking.client_order_id,
        first.kind,
        first.reason,
        first.sequence,
    );
}

/// Say no, and remember it under the id.
pub fn refuse(
    state: &mut State,
    out: &mut Vec<u8>,
    asking: &Asking,
    reason: RejectReason,
    detail: i64,
    market_id: MarketId,
    order_id: OrderId,
) {
    rejected(state, out, asking, reason, detail, market_id, order_id);
    let answer = answer_of(state, asking, EventKind::Rejected, reason as u8, market_id, order_id);
    remember(state, asking, answer, false);
}

fn rejected(
    state: &mut State,
    out: &mut Vec<u8>,
    asking: &Asking,
    reason: RejectReason,
    detail: i64,
    market_id: MarketId,
    order_id: OrderId,
) {
    let sequence = state.head.sequence;
    let account = state.accounts.get_mut(asking.account);
    let (account_id, account_sequence) = (account.account_id, next_in_stream(account));
    let id = asking.client_order_id;
    pack_rejected(out, account_id, account_sequence, sequence, market_id, order_id, id, reason as u8, detail);
}

/// The next account sequence. The operator has no stream: 0.
#[inline]
pub fn next_in_stream(account: &mut Account) -> u64 {
    if account.account_id == 0 {
        return 0;
    }
    account.sequence += 1;
    account.sequence
}

/// Remember the first answer to this id, whose command is over.
pub fn conclude(state: &mut State, asking: &Asking, kind: EventKind, market_id: MarketId, order_id: OrderId) {
    let answer = answer_of(state, asking, kind, 0, market_id, order_id);
    remember(state, asking, answer, false);
}

/// Remember the first answer to an order; it is not to be forgotten while the order `stays_open`.
pub fn conclude_order(
    state: &mut State,
    asking: &Asking,
    kind: EventKind,
    market_id: MarketId,
    order_id: OrderId,
    stays_open: bool,
) {
    let answer = answer_of(state, asking, kind, 0, market_id, order_id);
    remember(state, asking, answer, stays_open);
}

fn answer_of(
    state: &State,
    asking: &Asking,
    kind: EventKind,
    reason: u8,
    market_id: MarketId,
    order_id: OrderId,
) -> Answer {
    Answer {
        client_order_id: *asking.client_order_id,
        digest: asking.content.digest(),
        sequence: state.head.sequence,
        order_id,
        market_id,
        kind: kind as u8,
        reason,
    }
}

fn remember(state: &mut State, asking: &Asking, answer: Answer, stays_open: bool) {
    if *asking.client_order_id == NO_ID {
        return;
    }
    let account = state.accounts.get_mut(asking.account);
    state.answers.insert(account, answer);
    if !stays_open {
        idempotence::finish(&mut state.answers, account, asking.client_order_id, state.head.time_ns);
    }
}
