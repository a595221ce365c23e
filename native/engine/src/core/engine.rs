//! The exchange as a function: command blocks in, records out, everything in between is [`State`].
//!
//! ```text
//! frame: first sequence, time ── expire what is due ── command ── command ── ... ── records
//!                                                         │
//!                          admit (seen before?) → risk → match → settle → remember
//! ```
//!
//! One sequence per command; a block may hold several. At the start of each frame every order whose expiry has come
//! ends: these events carry the frame's first sequence and stand before those of its first command. Frames have
//! ascending times; a frame may be applied in several batches of the same time, and comes out the same.
//!
//! The state's digest runs over the bytes that were put out, so that two engines which ever differ in one byte differ
//! from then on.

use std::hint::black_box;
use std::slice::ChunksExact;

use super::digest::{self, Content, Running};
use super::query;
use super::snapshot::{self, BadSnapshot, HASH_SIZE};
use super::state::State;
use super::{accounts, admin, orders, preview, wallet};
use crate::codec::CodecError;
use crate::codec::blocks::{Block, split};
use crate::codec::commands::decode_unjudged;
use crate::codec::generated::{AmendS, Amends, CancelS, Cancels, NewOrderS, NewOrders};
use crate::codec::raw::{AMENDS, BatchTable, CANCELS, NEW_ORDERS};
use crate::codec::row::{Plain, bytes_at};
use crate::codec::table::Message;
use crate::domain::commands::Command;
use crate::domain::units::{AccountId, Sequence, TimeNs};

/// One State and what may be done with it. Owned by one thread.
#[derive(Debug, Default)]
pub struct Engine {
    /// Everything it knows.
    pub state: State,
}

impl Engine {
    /// An exchange in which nothing has happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the last command applied.
    pub fn sequence(&self) -> Sequence {
        self.state.head.sequence
    }

    /// Of the last frame applied.
    pub fn time_ns(&self) -> TimeNs {
        self.state.head.time_ns
    }

    /// When the first of the open orders that expire does.
    pub fn next_expiry_ns(&self) -> Option<TimeNs> {
        self.state.expiries.first_ns()
    }

    /// Apply command blocks as `canonical` makes them; appends records of 80 bytes to `out`.
    ///
    /// Sequences ascend (there is a gap where the operator skipped one), and time never goes back.
    ///
    /// # Errors
    /// Malformed or `UnknownMessage`, with part of the batch applied, for bytes that should never have reached the journal.
    ///
    /// # Panics
    /// Before anything changes, if sequence or time go back.
    pub fn apply_batch(
        &mut self,
        blocks: &[u8],
        first_sequence: Sequence,
        time_ns: TimeNs,
        out: &mut Vec<u8>,
    ) -> Result<(), CodecError> {
        let state = &mut self.state;
        assert!(first_sequence > state.head.sequence, "sequences ascend");
        assert!(time_ns >= state.head.time_ns, "time never goes back");
        let mut commands = split(blocks)?;
        if commands.is_empty() {
            return Ok(());
        }
        let mut batch = Batch { running: Running::begin(&state.head, out), end: out.len() };
        state.head.time_ns = time_ns;
        if state.expiries.first_ns().is_some_and(|first_ns| first_ns <= time_ns) {
            state.head.sequence = first_sequence;
            orders::expire(state, out);
        }
        state.head.sequence = first_sequence - 1;
        let applied = commands.try_for_each(|block| batch.apply_block(state, &block, out));
        batch.running.end_batch(&mut state.head, out);
        out.truncate(batch.end);
        applied
    }

    /// Reply blocks to a question block, with its correlation, each small enough for a datagram.
    ///
    /// # Errors
    /// Malformed, `UnknownMessage`.
    pub fn query(&self, block: &[u8]) -> Result<Vec<Vec<u8>>, CodecError> {
        query::answer(&self.state, block)
    }

    /// The whole state, the same bytes from every engine in this state.
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::dump(&self.state)
    }

    /// The records that `apply_batch` would append if this frame came next. Changes nothing.
    ///
    /// # Errors
    /// As `apply_batch`.
    pub fn preview(&mut self, blocks: &[u8], time_ns: TimeNs, out: &mut Vec<u8>) -> Result<(), CodecError> {
        preview::preview(self, blocks, time_ns, out)
    }

    /// The engine that `snapshot` was taken of.
    ///
    /// # Errors
    /// `BadSnapshot`, whatever the bytes are.
    pub fn restore(data: &[u8]) -> Result<Self, BadSnapshot> {
        snapshot::load(data).map(|state| Self { state })
    }

    /// What stands for the whole state.
    pub fn state_hash(&self) -> [u8; HASH_SIZE] {
        snapshot::hash_of(&self.snapshot())
    }

    /// Changes of behaviour that are in force: number and the first sequence that they are in force for.
    pub fn features(&self) -> Vec<(u32, Sequence)> {
        self.state.head.features.rows().collect()
    }

    /// From `sequence` on, behind the last command, a change of behaviour is in force, unless it is already. False: this
    /// version does not know it.
    pub fn enable(&mut self, feature: u32, sequence: Sequence) -> bool {
        digest::enable(&mut self.state.head, feature, sequence);
        self.features().iter().any(|&(number, _)| number == feature)
    }
}

/// What is known of the batch in hand.
struct Batch {
    running: Running,
    /// Where the records of the last finished command end.
    end: usize,
}

impl Batch {
    fn apply_block(&mut self, state: &mut State, block: &Block, out: &mut Vec<u8>) -> Result<(), CodecError> {
        match block.message_type {
            NewOrders::NUMBER => {
                self.apply_rows(state, out, &NEW_ORDERS, None, block, |state, out, account, row, content| {
                    orders::place(state, out, account, &NewOrderS::read(&bytes_at(row, 0)), content);
                })
            }
            Cancels::NUMBER => {
                self.apply_rows(state, out, &CANCELS, Some(32), block, |state, out, account, row, content| {
                    orders::cancel(state, out, account, &CancelS::read(&bytes_at(row, 0)), content);
                })
            }
            Amends::NUMBER => {
                self.apply_rows(state, out, &AMENDS, Some(16), block, |state, out, account, row, content| {
                    orders::amend(state, out, account, &AmendS::read(&bytes_at(row, 0)), content);
                })
            }
            message_type => {
                let command = decode_unjudged(message_type, block.payload)?;
                let fields = digest::content(&command);
                state.head.sequence += 1;
                let content = Content::new(state.head.features, message_type, &fields);
                apply_single(state, out, &command, &content);
                self.end_command(state, out);
                Ok(())
            }
        }
    }

    #[inline]
    fn apply_rows(
        &mut self,
        state: &mut State,
        out: &mut Vec<u8>,
        table: &BatchTable,
        order_id_at: Option<usize>,
        block: &Block,
        apply_row: impl Fn(&mut State, &mut Vec<u8>, AccountId, &[u8], &Content),
    ) -> Result<(), CodecError> {
        let batch = table.read(block.payload)?;
        glance(state, batch.account, &batch.rows.chunks_exact(table.row_size), order_id_at);
        for row in batch.rows.chunks_exact(table.row_size) {
            state.head.sequence += 1;
            let content = Content::new(state.head.features, block.message_type, row);
            apply_row(state, out, batch.account, row, &content);
            self.end_command(state, out);
        }
        Ok(())
    }

    #[inline]
    fn end_command(&mut self, state: &mut State, out: &[u8]) {
        self.running.end_command(&mut state.head, out);
        self.end = out.len();
    }
}

/// What the rows of a block are about to look up: asked for one after the other each would wait for memory, together they
/// wait once.
#[inline]
fn glance(state: &State, account: AccountId, rows: &ChunksExact<u8>, order_id_at: Option<usize>) {
    if let Some(account) = state.account(account) {
        // The client order id stands first in each of the three rows.
        state.answers.glance(&account.answers, rows.clone().filter_map(<[u8]>::first_chunk));
    }
    if let Some(at) = order_id_at {
        let seen = rows.clone().fold(0, |seen, row| seen ^ state.glance(u64::get(row, at)));
        black_box(seen);
    }
}

fn apply_single(state: &mut State, out: &mut Vec<u8>, command: &Command, content: &Content) {
    match command {
        Command::MassCancel(command) => orders::mass_cancel(state, out, command, content),
        Command::OpenAccount(command) => accounts::open_account(state, out, command, content),
        Command::ChangeAccount(command) => accounts::change_account(state, out, command, content),
        Command::Deposit(command) => wallet::deposit(state, out, command, content),
        Command::Withdraw(command) => wallet::withdraw(state, out, command, content),
        Command::ConfirmWithdrawal(command) => wallet::confirm_withdrawal(state, out, command, content),
        Command::ReleaseWithdrawal(command) => wallet::release_withdrawal(state, out, command, content),
        Command::Transfer(command) => wallet::transfer(state, out, command, content),
        Command::CreateAsset(command) => admin::create_asset(state, out, command, content),
        Command::ChangeAsset(command) => admin::change_asset(state, out, command, content),
        Command::CreateMarket(command) => admin::create_market(state, out, command, content),
        Command::ChangeMarket(command) => admin::change_market(state, out, command, content),
        Command::SetMarketStatus(command) => admin::set_market_status(state, out, command, content),
        Command::SetFees(command) => admin::set_fees(state, out, command, content),
        Command::AdvanceTime => (),
    }
}
