//! What ingress does to a block of commands before it is sequenced: judge its bytes, and write in who asked.
//!
//! Senders may lay out a message as they like, within `FlatBuffers`; the journal and the engine see one layout only.

use super::CodecError;
use super::blocks::pack;
use super::commands::{decode_unjudged, encode_command};
use super::generated::{AdvanceTime, message_type};
use super::raw::{AMENDS, Batch, BatchTable, CANCELS, NEW_ORDERS};
use super::table::{Message, Table};
use crate::domain::commands::Command;
use crate::domain::units::{AccountId, TimeNs};

/// A block for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// Header included.
    pub block: Vec<u8>,
    /// How many commands it holds.
    pub count: usize,
    /// 0: none.
    pub deadline_ns: TimeNs,
}

/// The block that goes into the journal.
///
/// `account` is written in unless it is None, as for operators' commands that name the account they act on; `actor` is
/// written in where the command has one. Says nothing about enums, amounts or rights.
///
/// # Errors
/// `UnknownMessage` if the type is not a command's, Malformed if the bytes are bad or hold no command.
pub fn canonical(
    message_type: u16,
    correlation: u32,
    payload: &[u8],
    account: Option<AccountId>,
    actor: AccountId,
) -> Result<Canonical, CodecError> {
    if let Some(table) = batch_table(message_type) {
        let given = table.read(payload)?;
        if given.rows.is_empty() {
            return Err(CodecError::Malformed("a batch without a command"));
        }
        let batch = Batch { account: account.unwrap_or(given.account), actor, ..given };
        let block = pack(message_type, &table.write(&batch), correlation)?;
        return Ok(Canonical { block, count: given.rows.len() / table.row_size, deadline_ns: given.deadline_ns });
    }
    if message_type == AdvanceTime::NUMBER {
        let block = AdvanceTime::read(payload)?.encode(correlation)?; // its unused byte stays
        return Ok(Canonical { block, count: 1, deadline_ns: 0 });
    }
    let mut command = decode_unjudged(message_type, payload)?;
    if let Some(asked) = asked_mut(&mut command) {
        *asked.account = account.unwrap_or(*asked.account);
        *asked.actor = actor;
    }
    let deadline_ns = deadline_of(&command);
    Ok(Canonical { block: encode_command(command, correlation)?, count: 1, deadline_ns })
}

/// The table of a batched command.
pub fn batch_table(message_type: u16) -> Option<&'static BatchTable> {
    match message_type {
        message_type::NEW_ORDERS => Some(&NEW_ORDERS),
        message_type::CANCELS => Some(&CANCELS),
        message_type::AMENDS => Some(&AMENDS),
        _ => None,
    }
}

struct Asked<'a> {
    account: &'a mut AccountId,
    actor: &'a mut AccountId,
}

/// Who asked for whom, in commands that say so: all that name an account name an actor.
fn asked_mut(command: &mut Command) -> Option<Asked<'_>> {
    let (account, actor) = match command {
        Command::MassCancel(each) => (&mut each.account, &mut each.actor),
        Command::Withdraw(each) => (&mut each.account, &mut each.actor),
        Command::Transfer(each) => (&mut each.account, &mut each.actor),
        Command::ChangeAccount(each) => (&mut each.account, &mut each.actor),
        Command::Deposit(each) => (&mut each.account, &mut each.actor),
        Command::ConfirmWithdrawal(each) => (&mut each.account, &mut each.actor),
        Command::ReleaseWithdrawal(each) => (&mut each.account, &mut each.actor),
        Command::OpenAccount(_)
        | Command::CreateAsset(_)
        | Command::ChangeAsset(_)
        | Command::CreateMarket(_)
        | Command::ChangeMarket(_)
        | Command::SetMarketStatus(_)
        | Command::SetFees(_)
        | Command::AdvanceTime => return None,
    };
    Some(Asked { account, actor })
}

fn deadline_of(command: &Command) -> TimeNs {
    match command {
        Command::MassCancel(each) => each.deadline_ns,
        Command::Withdraw(each) => each.deadline_ns,
        Command::Transfer(each) => each.deadline_ns,
        _ => 0,
    }
}
