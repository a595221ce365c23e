//! What stands for the content of a command, and for everything that the engine has put out.
//!
//! Two engines that ever differ in one byte differ in their running digest from then on; one client order id with two
//! contents is told by their digests. Both run for every command, so they are quick: they catch accidents. Nobody gains
//! by a collision: a client could only hide from itself that it used an id twice. The state hash, which is compared
//! between machines, is `BLAKE2b` as ever, and covers the digests.

use super::features::{Features, QUICK_DIGESTS};
use super::state::Head;
use crate::codec::row::{Plain, bytes_at};
use crate::domain::commands::Command;
use crate::domain::units::Sequence;

/// Where the words of a content begin to be mixed.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
/// Odd, so that a step loses nothing: contents of one type that differ in one word differ in their digest.
const FACTOR: u64 = 0xD6E8_FEB8_6659_FD93;
const WORD: usize = 8;
const RECORD: u64 = crate::domain::events::RECORD_SIZE as u64;

/// What makes two commands the same under one id: message type, and every field but account, actor and deadline.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    message_type: u16,
    fields: &'a [u8],
    digest: u64,
    quick_from: Option<Sequence>,
}

impl<'a> Content<'a> {
    /// Of a command that is executed with these features.
    #[inline]
    pub fn new(features: Features, message_type: u16, fields: &'a [u8]) -> Self {
        let quick_from = features.quick_digests;
        let digest = match quick_from {
            Some(_) => mixed(message_type, fields),
            None => blake(message_type, fields),
        };
        Self { message_type, fields, digest, quick_from }
    }

    /// What is remembered of it.
    #[inline]
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// Is this the content that was remembered as `digest` at `sequence`, by the rule of that time.
    pub fn is_of(&self, digest: u64, sequence: Sequence) -> bool {
        match self.quick_from {
            Some(from) if sequence < from => blake(self.message_type, self.fields) == digest,
            _ => self.digest == digest,
        }
    }
}

/// Words of eight bytes, little-endian, the last one filled up with zeros.
#[inline]
fn mixed(message_type: u16, fields: &[u8]) -> u64 {
    let words = fields.chunks_exact(WORD);
    let mut last = [0; WORD];
    let rest = words.remainder();
    last[..rest.len()].copy_from_slice(rest);
    let digest = words.fold(SEED ^ u64::from(message_type), |digest, word| step(digest, bytes_at(word, 0)));
    if rest.is_empty() { digest } else { step(digest, last) }
}

#[inline]
fn step(digest: u64, word: [u8; WORD]) -> u64 {
    let product = (digest ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    product ^ product >> 32
}

fn blake(message_type: u16, fields: &[u8]) -> u64 {
    let mut state = blake2b_simd::Params::new().hash_length(WORD).to_state();
    state.update(&message_type.to_le_bytes()).update(fields);
    u64::from_le_bytes(bytes_at(state.finalize().as_bytes(), 0))
}

/// Fields of a command that is not batched: integers as eight bytes, little-endian two's complement; ids as they are;
/// text as UTF-8 behind its length. In the order of the Python class.
pub fn content(command: &Command) -> Vec<u8> {
    let mut fields = Fields::default();
    match command {
        Command::MassCancel(c) => fields.id(&c.client_order_id).of(c.market).of(c.side),
        Command::OpenAccount(c) => fields.bits(c.owner).of(c.number).id(&c.client_order_id),
        Command::ChangeAccount(c) => fields.of(c.setting).of(c.value).id(&c.client_order_id),
        Command::Deposit(c) => fields.id(&c.client_order_id).of(c.asset).of(c.amount),
        Command::Withdraw(c) => fields.id(&c.client_order_id).of(c.asset).of(c.amount),
        Command::ConfirmWithdrawal(c) => fields.id(&c.client_order_id).bits(c.withdrawal_id),
        Command::ReleaseWithdrawal(c) => fields.id(&c.client_order_id).bits(c.withdrawal_id),
        Command::Transfer(c) => fields.id(&c.client_order_id).bits(c.to_account).of(c.asset).of(c.amount),
        Command::CreateAsset(c) => {
            fields.text(&c.symbol).of(c.scale).of(c.display_decimals).of(c.supply_max).id(&c.client_order_id)
        }
        Command::ChangeAsset(c) => fields.of(c.asset).of(c.display_decimals).of(c.supply_max).id(&c.client_order_id),
        Command::CreateMarket(c) => fields
            .of(c.base)
            .of(c.quote)
            .of(c.tick_size)
            .of(c.lot_size)
            .of(c.reference_price)
            .of(c.quantity_min)
            .of(c.quantity_max)
            .of(c.notional_min)
            .of(c.band_ppm)
            .of(c.maker_ppm)
            .of(c.taker_ppm)
            .of(c.status)
            .id(&c.client_order_id),
        Command::ChangeMarket(c) => fields
            .of(c.market)
            .of(c.quantity_min)
            .of(c.quantity_max)
            .of(c.notional_min)
            .of(c.band_ppm)
            .id(&c.client_order_id),
        Command::SetMarketStatus(c) => fields.of(c.market).of(c.status).id(&c.client_order_id),
        Command::SetFees(c) => fields.of(c.market).of(c.tier).of(c.maker_ppm).of(c.taker_ppm).id(&c.client_order_id),
        Command::AdvanceTime => &mut fields,
    };
    fields.0
}

#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn of(&mut self, value: impl Into<i64>) -> &mut Self {
        self.0.extend_from_slice(&value.into().to_le_bytes());
        self
    }

    fn bits(&mut self, value: u64) -> &mut Self {
        self.of(value.cast_signed())
    }

    fn id(&mut self, id: &[u8; 16]) -> &mut Self {
        self.0.extend_from_slice(id);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bits(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
        self
    }
}

/// The running digest of a batch in hand: `records u64 | CRC-32 u32 | 0 u32`, over all records since the feature; before
/// it `BLAKE2b`-128 over the digest before and the records of each command.
#[derive(Debug)]
pub struct Running {
    is_quick: bool,
    /// Where the records begin that are not digested yet.
    start: usize,
    /// Where those of the last finished command end.
    end: usize,
}

impl Running {
    /// Of a batch whose records are appended to `out`.
    pub fn begin(head: &Head, out: &[u8]) -> Self {
        Self { is_quick: head.features.quick_digests.is_some(), start: out.len(), end: out.len() }
    }

    /// A command has put out what it had to.
    #[inline]
    pub fn end_command(&mut self, head: &mut Head, out: &[u8]) {
        self.end = out.len();
        if !self.is_quick {
            let mut state = blake2b_simd::Params::new().hash_length(head.digest.len()).to_state();
            state.update(&head.digest).update(&out[self.start..]);
            head.digest = bytes_at(state.finalize().as_bytes(), 0);
            self.start = self.end;
        }
    }

    /// The batch is over, or failed behind the last finished command. A CRC does not mind where it is cut.
    pub fn end_batch(self, head: &mut Head, out: &[u8]) {
        if self.is_quick && self.end > self.start {
            let records = &out[self.start..self.end];
            let mut crc = crc32fast::Hasher::new_with_initial(u32::get(&head.digest, 8));
            crc.update(records);
            (u64::get(&head.digest, 0) + records.len() as u64 / RECORD).set(&mut head.digest, 0);
            crc.finalize().set(&mut head.digest, 8);
        }
    }
}

/// From this sequence on, behind the last command, the feature is in force, if this version knows it and it is not in
/// force yet.
pub fn enable(head: &mut Head, number: u32, from: Sequence) {
    if head.features.add(number, from) && number == QUICK_DIGESTS {
        assert!(from > head.sequence, "features come into force behind the last command");
        let crc = crc32fast::hash(&head.digest);
        head.digest = [0; 16];
        crc.set(&mut head.digest, 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::state::State;

    const QUICK: Features = Features { quick_digests: Some(10) };

    fn fields() -> Vec<u8> {
        (0..48).collect()
    }

    /// The same numbers stand in `tests/engine/test_digest.py`.
    #[test]
    fn digests_are_those_of_the_python_engine() {
        assert_eq!(Content::new(Features::default(), 100, &fields()).digest(), 0xC4F0_6991_C193_0957);
        assert_eq!(Content::new(QUICK, 100, &fields()).digest(), 0x71C8_0E91_CA10_EDBD);
        assert_eq!(Content::new(QUICK, 205, &fields()[..41]).digest(), 0x32DE_9AE7_DC13_9A55);
    }

    #[test]
    fn contents_that_differ_in_one_word_differ_in_their_digest() {
        let one = Content::new(QUICK, 100, &fields()).digest();
        for at in 0..48 {
            for bit in 0..8 {
                let mut other = fields();
                other[at] ^= 1 << bit;
                assert_ne!(Content::new(QUICK, 100, &other).digest(), one);
            }
        }
        assert_ne!(Content::new(QUICK, 102, &fields()).digest(), one);
    }

    #[test]
    fn what_was_remembered_before_the_feature_is_still_known() {
        let fields = fields();
        let before = Content::new(Features::default(), 100, &fields);
        let after = Content::new(QUICK, 100, &fields);
        assert!(before.is_of(before.digest(), 9));
        assert!(after.is_of(before.digest(), 9));
        assert!(after.is_of(after.digest(), 10));
        assert!(!after.is_of(before.digest(), 10));
        assert!(!after.is_of(after.digest(), 9));
    }

    fn digest_of(cuts: &[usize], features: bool) -> [u8; 16] {
        let mut head = State::new().head;
        if features {
            enable(&mut head, QUICK_DIGESTS, 1);
        }
        let mut out = Vec::new();
        for &records in cuts {
            let mut running = Running::begin(&head, &out);
            for _ in 0..records {
                out.extend_from_slice(&[(out.len() / 80) as u8; 80]);
                running.end_command(&mut head, &out);
            }
            out.extend_from_slice(&[1; 80]); // of a command that did not come to its end
            running.end_batch(&mut head, &out);
            out.truncate(out.len() - 80);
        }
        head.digest
    }

    #[test]
    fn a_batch_may_be_cut_anywhere() {
        for features in [false, true] {
            let whole = digest_of(&[6], features);
            assert_eq!(digest_of(&[1, 2, 3], features), whole);
            assert_eq!(digest_of(&[5, 0, 1], features), whole);
            assert_ne!(digest_of(&[5], features), whole);
        }
    }

    #[test]
    fn a_feature_is_enabled_once() {
        let mut head = State::new().head;
        enable(&mut head, QUICK_DIGESTS, 7);
        let digest = head.digest;
        enable(&mut head, QUICK_DIGESTS, 9);
        assert_eq!((head.features.quick_digests, head.digest), (Some(7), digest));
    }
}
