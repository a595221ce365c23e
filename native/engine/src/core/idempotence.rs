//! A client order id is answered once. Whoever asks again gets the first answer again.
//!
//! The memory of an account, id → (digest of the command without its deadline, first answer):
//!
//! - ids of open orders are never forgotten;
//! - finished UUIDs stay for at least 60 s. Beyond `UUIDS_MAX` the smallest of those that are older goes. An unknown UUID
//!   at or below the greatest that went is stale and never executed: it may have been, once;
//! - finished text ids stay until `TEXTS_MAX` newer ones have finished.
//!
//! `UUIDS_MAX` is more than an account can finish in 60 s at the rate that ingress allows, so both promises hold; were
//! they to contradict each other, the bound on memory wins.

use std::cmp::Reverse;

use super::digest::Content;
use super::state::{Account, Answer, Answers, State};
use crate::domain::client_id::{ClientOrderId, NO_ID, is_uuid, is_valid};
use crate::domain::rejects::RejectReason;
use crate::domain::units::TimeNs;

/// Finished UUIDs of one account.
pub const UUIDS_MAX: usize = 65_536;
/// Finished text ids of one account.
pub const TEXTS_MAX: usize = 1_024;
/// How long a finished UUID is remembered at least.
pub const REMEMBERED_NS: TimeNs = 60_000_000_000;
/// Of one account, kept by ingress.
pub const COMMANDS_PER_SECOND_MAX: usize = 1_000;

const _: () = assert!(UUIDS_MAX > COMMANDS_PER_SECOND_MAX * 60);

/// What an account remembers of a client order id.
#[derive(Clone, Copy, Debug)]
pub enum Recalled {
    /// Nothing: the command may go on.
    New,
    /// It was answered, with this.
    Answered(Answer),
    /// There is no answer to give.
    Refused(RejectReason),
}

/// The first answer, or why there is none to give, or that the id is new. Changes nothing.
pub fn recall(state: &State, account: usize, client_order_id: &ClientOrderId, content: &Content) -> Recalled {
    if let Some(answer) = state.answer(account, client_order_id) {
        return if content.is_of(answer.digest, answer.sequence) {
            Recalled::Answered(*answer)
        } else {
            Recalled::Refused(RejectReason::ClientIdReused)
        };
    }
    if is_uuid(client_order_id) {
        return match *client_order_id {
            NO_ID => Recalled::Refused(RejectReason::ClientIdInvalid),
            id if id <= state.accounts[account].evicted => Recalled::Refused(RejectReason::StaleClientId),
            _ => Recalled::New,
        };
    }
    if is_valid(client_order_id) { Recalled::New } else { Recalled::Refused(RejectReason::ClientIdInvalid) }
}

/// What this id started has ended: from now on it may be forgotten, in its turn.
pub fn finish(answers: &mut Answers, account: &mut Account, client_order_id: &ClientOrderId, now_ns: TimeNs) {
    let finished = account.finished.get_or_insert_default();
    if !is_uuid(client_order_id) {
        finished.texts.push_back(*client_order_id);
        if finished.texts.len() > TEXTS_MAX
            && let Some(gone) = finished.texts.pop_front()
        {
            answers.remove(account, &gone);
        }
        return;
    }
    finished.recent.push_back((now_ns, *client_order_id));
    if finished.recent.len() + finished.settled.len() > UUIDS_MAX {
        forget_uuid(answers, account, now_ns);
    }
}

fn forget_uuid(answers: &mut Answers, account: &mut Account, now_ns: TimeNs) {
    let Some(finished) = &mut account.finished else { return };
    while let Some(&(finished_ns, id)) = finished.recent.front() {
        // No overflow: both are times that a frame had, and no frame's is negative.
        if now_ns.saturating_sub(finished_ns) < REMEMBERED_NS && !finished.settled.is_empty() {
            break;
        }
        finished.recent.pop_front();
        finished.settled.push(Reverse(id));
    }
    if let Some(Reverse(gone)) = finished.settled.pop() {
        account.evicted = account.evicted.max(gone);
        answers.remove(account, &gone);
    }
}
