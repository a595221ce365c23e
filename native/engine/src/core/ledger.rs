//! Double entry: every movement is a transfer between two accounts, so each asset sums to zero over all accounts.
//!
//! System accounts stand beside those of users: external (the mirror of what was deposited, negative), fees (negative
//! where rebates exceed fees), insurance and rounding.

use super::state::{Balances, EXTERNAL, FEES, State};
use crate::domain::units::{AssetId, Atoms, SUPPLY_MAX};

/// The fees account owes at most so many atoms of an asset; further rebates are cut.
pub const REBATE_DEFICIT_MAX: Atoms = 1 << 61;

// What users may have together fits in 64 bits: no credit overflows.
const _: () = assert!(SUPPLY_MAX.checked_add(REBATE_DEFICIT_MAX).is_some());

/// Move an available amount. The debited account has it, or is a system account.
pub fn transfer(debit: &mut Balances, credit: &mut Balances, asset_id: AssetId, amount: Atoms) {
    assert!(amount >= 0);
    debit.get_mut(asset_id).available -= amount;
    credit.get_mut(asset_id).available += amount;
}

/// Atoms that have come in and not left.
pub fn supply(state: &State, asset_id: AssetId) -> Atoms {
    -state.system(EXTERNAL).get(asset_id).available
}

/// Atoms that the fees account may still pay out.
pub fn rebate_allowed(state: &State, asset_id: AssetId) -> Atoms {
    state.system(FEES).get(asset_id).available + REBATE_DEFICIT_MAX
}

/// Over all accounts, held amounts included. Always zero; for tests and audits, it visits every account.
pub fn total(state: &State, asset_id: AssetId) -> i128 {
    let users = state.accounts.iter().map(|account| &account.balances);
    let balances = state.system.iter().chain(users).map(|one| one.get(asset_id));
    balances.map(|balance| i128::from(balance.available) + i128::from(balance.held)).sum()
}
