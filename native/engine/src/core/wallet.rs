//! Money in, out and across: deposits, withdrawals in two steps, transfers between accounts.
//!
//! A withdrawal is held first; then it is either confirmed, and leaves to the external account, or released.

use super::answer::{Asking, NO_MARKET, NO_ORDER, admit, conclude, next_in_stream, refuse};
use super::digest::Content;
use super::state::{EXTERNAL, State, Withdrawal};
use super::{ledger, risk};
use crate::codec::record_packers::pack_moved;
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::commands::{ConfirmWithdrawal, Deposit, ReleaseWithdrawal, Transfer, Withdraw};
use crate::domain::events::EventKind;
use crate::domain::market::{AccountStatus, PENDING_WITHDRAWALS_MAX};
use crate::domain::rejects::RejectReason;
use crate::domain::units::{AccountId, AssetId, Atoms};

/// external → available. A frozen account may be credited, a closed one not.
pub fn deposit(state: &mut State, out: &mut Vec<u8>, command: &Deposit, content: &Content) {
    let id = &command.client_order_id;
    let Some(asking) = admit(state, out, command.account, id, content, NO_MARKET, NO_ORDER) else {
        return;
    };
    if let Err((reason, detail)) = check_deposit(state, &asking, command) {
        return refuse(state, out, &asking, reason, detail, NO_MARKET, NO_ORDER);
    }
    let balances = &mut state.accounts.get_mut(asking.account).balances;
    ledger::transfer(&mut state.system[EXTERNAL as usize - 1], balances, command.asset, command.amount);
    moved(state, out, asking.account, EventKind::Deposited, command.asset, id, command.amount, 0);
    conclude(state, &asking, EventKind::Deposited, NO_MARKET, NO_ORDER);
}

fn check_deposit(state: &State, asking: &Asking, command: &Deposit) -> Result<(), (RejectReason, i64)> {
    if state.accounts[asking.account].status == AccountStatus::Closed {
        return Err((RejectReason::AccountClosed, 0));
    }
    let supply_max = check_amount(state, command.asset, command.amount)?;
    let room = supply_max - ledger::supply(state, command.asset); // neither is below zero
    if command.amount > room {
        return Err((RejectReason::SupplyExceeded, room));
    }
    Ok(())
}

/// How many atoms of the asset there may be, if the amount is one of it.
fn check_amount(state: &State, asset_id: AssetId, amount: Atoms) -> Result<Atoms, (RejectReason, i64)> {
    let Some(asset) = state.asset(asset_id) else {
        return Err((RejectReason::AssetNotFound, 0));
    };
    if !(1..=asset.supply_max).contains(&amount) {
        return Err((RejectReason::AmountInvalid, 0));
    }
    Ok(asset.supply_max)
}

/// available → held. A closed account may still withdraw.
pub fn withdraw(state: &mut State, out: &mut Vec<u8>, command: &Withdraw, content: &Content) {
    let (id, asset_id, amount) = (&command.client_order_id, command.asset, command.amount);
    let Some(asking) = admit(state, out, command.account, id, content, NO_MARKET, NO_ORDER) else {
        return;
    };
    if let Err((reason, detail)) = check_withdraw(state, &asking, command) {
        return refuse(state, out, &asking, reason, detail, NO_MARKET, NO_ORDER);
    }
    let withdrawal_id = state.next_withdrawal_id();
    let account = state.accounts.get_mut(asking.account);
    risk::hold(account.balances.get_mut(asset_id), amount);
    account.withdrawals.push(Withdrawal { withdrawal_id, asset_id, amount });
    moved(state, out, asking.account, EventKind::WithdrawalHeld, asset_id, id, amount, withdrawal_id);
    conclude(state, &asking, EventKind::WithdrawalHeld, NO_MARKET, withdrawal_id);
}

fn check_withdraw(state: &mut State, asking: &Asking, command: &Withdraw) -> Result<(), (RejectReason, i64)> {
    if state.accounts[asking.account].status == AccountStatus::Frozen {
        return Err((RejectReason::AccountFrozen, 0));
    }
    check_amount(state, command.asset, command.amount)?;
    if state.accounts[asking.account].withdrawals.len() >= PENDING_WITHDRAWALS_MAX {
        return Err((RejectReason::TooManyWithdrawals, PENDING_WITHDRAWALS_MAX as i64));
    }
    check_available(state, asking.account, command.asset, command.amount)
}

fn check_available(
    state: &mut State,
    account: usize,
    asset_id: AssetId,
    amount: Atoms,
) -> Result<(), (RejectReason, i64)> {
    let available = state.accounts.get_mut(account).balances.get_mut(asset_id).available;
    if available < amount { Err((RejectReason::InsufficientFunds, available)) } else { Ok(()) }
}

/// held → external. Not while the account is frozen.
pub fn confirm_withdrawal(state: &mut State, out: &mut Vec<u8>, command: &ConfirmWithdrawal, content: &Content) {
    let ConfirmWithdrawal { account, client_order_id, withdrawal_id, .. } = command;
    let Some(asking) = admit(state, out, *account, client_order_id, content, NO_MARKET, *withdrawal_id) else {
        return;
    };
    if state.accounts[asking.account].status == AccountStatus::Frozen {
        return refuse(state, out, &asking, RejectReason::AccountFrozen, 0, NO_MARKET, *withdrawal_id);
    }
    let Some(withdrawal) = end_withdrawal(state, &asking, *withdrawal_id) else {
        return refuse(state, out, &asking, RejectReason::WithdrawalNotFound, 0, NO_MARKET, *withdrawal_id);
    };
    let balances = &mut state.accounts.get_mut(asking.account).balances;
    ledger::transfer(balances, &mut state.system[EXTERNAL as usize - 1], withdrawal.asset_id, withdrawal.amount);
    withdrawal_ended(state, out, &asking, &withdrawal, EventKind::WithdrawalConfirmed);
}

/// held → available. Always possible while the withdrawal is pending.
pub fn release_withdrawal(state: &mut State, out: &mut Vec<u8>, command: &ReleaseWithdrawal, content: &Content) {
    let ReleaseWithdrawal { account, client_order_id, withdrawal_id, .. } = command;
    let Some(asking) = admit(state, out, *account, client_order_id, content, NO_MARKET, *withdrawal_id) else {
        return;
    };
    match end_withdrawal(state, &asking, *withdrawal_id) {
        None => refuse(state, out, &asking, RejectReason::WithdrawalNotFound, 0, NO_MARKET, *withdrawal_id),
        Some(withdrawal) => withdrawal_ended(state, out, &asking, &withdrawal, EventKind::WithdrawalReleased),
    }
}

/// Take the pending withdrawal, if there is one of this id, and release what it held.
fn end_withdrawal(state: &mut State, asking: &Asking, withdrawal_id: u64) -> Option<Withdrawal> {
    let pending = &state.accounts[asking.account].withdrawals;
    let place = pending.iter().position(|each| each.withdrawal_id == withdrawal_id)?;
    let account = state.accounts.get_mut(asking.account);
    let withdrawal = account.withdrawals.remove(place);
    risk::release(account.balances.get_mut(withdrawal.asset_id), withdrawal.amount);
    Some(withdrawal)
}

fn withdrawal_ended(state: &mut State, out: &mut Vec<u8>, asking: &Asking, withdrawal: &Withdrawal, kind: EventKind) {
    let Withdrawal { withdrawal_id, asset_id, amount } = *withdrawal;
    moved(state, out, asking.account, kind, asset_id, asking.client_order_id, amount, withdrawal_id);
    conclude(state, asking, kind, NO_MARKET, withdrawal_id);
}

/// available → another user's available. A closed account may still send.
pub fn transfer(state: &mut State, out: &mut Vec<u8>, command: &Transfer, content: &Content) {
    let (id, asset_id, amount) = (&command.client_order_id, command.asset, command.amount);
    let Some(asking) = admit(state, out, command.account, id, content, NO_MARKET, NO_ORDER) else {
        return;
    };
    let receiver = match check_transfer(state, &asking, command) {
        Ok(receiver) => receiver,
        Err((reason, detail)) => return refuse(state, out, &asking, reason, detail, NO_MARKET, NO_ORDER),
    };
    // In two steps, as two accounts cannot be borrowed at once; sender and receiver differ.
    state.accounts.get_mut(asking.account).balances.get_mut(asset_id).available -= amount;
    state.accounts.get_mut(receiver).balances.get_mut(asset_id).available += amount;
    let (kind, sender_id) = (EventKind::Transferred, state.accounts[asking.account].account_id);
    moved(state, out, asking.account, kind, asset_id, id, -amount, command.to_account);
    moved(state, out, receiver, kind, asset_id, &NO_ID, amount, sender_id);
    conclude(state, &asking, kind, NO_MARKET, NO_ORDER);
}

/// The place of the receiver.
fn check_transfer(state: &mut State, asking: &Asking, command: &Transfer) -> Result<usize, (RejectReason, i64)> {
    if state.accounts[asking.account].status == AccountStatus::Frozen {
        return Err((RejectReason::AccountFrozen, 0));
    }
    check_amount(state, command.asset, command.amount)?;
    let receiver = state.account_place(command.to_account);
    let Some(receiver) = receiver.filter(|&place| is_other_and_open(state, asking.account, place)) else {
        return Err((RejectReason::TransferInvalid, 0));
    };
    check_available(state, asking.account, command.asset, command.amount)?;
    Ok(receiver)
}

fn is_other_and_open(state: &State, sender: usize, receiver: usize) -> bool {
    receiver != sender && state.accounts[receiver].status != AccountStatus::Closed
}

fn moved(
    state: &mut State,
    out: &mut Vec<u8>,
    account: usize,
    kind: EventKind,
    asset_id: AssetId,
    client_order_id: &ClientOrderId,
    amount: Atoms,
    reference: AccountId,
) {
    let account = state.accounts.get_mut(account);
    let balance = *account.balances.get_mut(asset_id);
    pack_moved(
        out,
        account.account_id,
        next_in_stream(account),
        state.head.sequence,
        kind,
        asset_id,
        reference,
        client_order_id,
        amount,
        balance.available,
        balance.held,
    );
}
