//! The first answers to client order ids: one slab for all accounts, each of which has an index into it.
//!
//! An index per account stays small, so that it grows in no time to speak of; the slab is dense, so that an answer costs
//! its own size. Clients choose their ids, and could choose them so that all meet in one place of an index: the hash has
//! a secret salt. It decides where an id stands in memory, and nothing that is ever seen.

use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

use super::account::Account;
use super::id_index::IdIndex;
use crate::domain::client_id::ClientOrderId;
use crate::domain::units::{MarketId, OrderId, Sequence};
use crate::paged::Paged;

/// The first answer to a client order id.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// What it answers.
    pub client_order_id: ClientOrderId,
    /// Of the command's content.
    pub digest: u64,
    /// Of the command.
    pub sequence: Sequence,
    /// 0 where there is none. Of a free slot: the next free one.
    pub order_id: OrderId,
    /// 0 where there is none.
    pub market_id: MarketId,
    /// `EventKind` of the answer.
    pub kind: u8,
    /// `RejectReason`, 0 unless rejected.
    pub reason: u8,
}

/// A slab of answers. Slot 0 is nobody's.
#[derive(Debug)]
pub struct Answers {
    slots: Paged<Answer, 4096>,
    free: u32,
    free_recorded: u32,
    salt: [u64; 2],
}

impl Answers {
    pub(super) fn new() -> Self {
        let mut slots = Paged::new();
        slots.push(Answer::default());
        let random = RandomState::new();
        Self { slots, free: 0, free_recorded: 0, salt: [random.hash_one(0), random.hash_one(1)] }
    }

    /// The answer that this index has for the id.
    #[inline]
    pub fn find(&self, index: &IdIndex, id: &ClientOrderId) -> Option<&Answer> {
        let slot = index.find(self.hash(id), |slot| self.slots[slot as usize].client_order_id == *id);
        (slot != 0).then(|| &self.slots[slot as usize])
    }

    /// Looks at where these ids would be, so that they are near when they are asked for.
    #[inline]
    pub fn glance<'a>(&self, index: &IdIndex, ids: impl Iterator<Item = &'a ClientOrderId>) {
        black_box(ids.fold(0, |seen, id| seen ^ index.glance(self.hash(id))));
    }

    /// Remember the answer in this account, which has none to this id yet.
    pub fn insert(&mut self, account: &mut Account, answer: Answer) {
        let slot = if self.free == 0 {
            u32::try_from(self.slots.push(answer)).expect("fewer than 2^32 answers are remembered")
        } else {
            let slot = self.free;
            let place = self.slots.get_mut(slot as usize);
            self.free = place.order_id as u32;
            *place = answer;
            slot
        };
        account.answers.insert(self.hash(&answer.client_order_id), slot);
    }

    /// Forget the answer to this id, if there is one.
    pub fn remove(&mut self, account: &mut Account, id: &ClientOrderId) {
        let hash = self.hash(id);
        let slot = account.answers.find(hash, |slot| self.slots[slot as usize].client_order_id == *id);
        debug_assert_ne!(slot, 0, "what is forgotten was remembered");
        if slot == 0 {
            return;
        }
        account.answers.remove(hash, slot);
        *self.slots.get_mut(slot as usize) = Answer { order_id: u64::from(self.free), ..Answer::default() };
        self.free = slot;
    }

    /// Every answer that this index has, sorted by id.
    pub fn sorted(&self, index: &IdIndex) -> Vec<&Answer> {
        let mut answers: Vec<_> = index.slots().map(|slot| &self.slots[slot as usize]).collect();
        answers.sort_unstable_by_key(|answer| answer.client_order_id);
        answers
    }

    #[inline]
    fn hash(&self, id: &ClientOrderId) -> u32 {
        let [head, tail] = halves(id);
        // Both halves of a product of two unknown factors: what a client does not know it cannot aim at.
        let product = u128::from(head ^ self.salt[0]) * u128::from(tail ^ self.salt[1]);
        ((product >> 64) as u64 ^ product as u64) as u32
    }

    pub(super) fn record(&mut self) {
        self.slots.record();
        self.free_recorded = self.free;
    }

    pub(super) fn roll_back(&mut self) {
        self.slots.roll_back();
        self.free = self.free_recorded;
    }
}

#[inline]
fn halves(id: &ClientOrderId) -> [u64; 2] {
    let number = u128::from_le_bytes(*id);
    [number as u64, (number >> 64) as u64]
}
