"""Double entry: every movement is a transfer between two accounts, so each asset sums to zero over all accounts.

System accounts stand beside those of users: external (the mirror of what was deposited, negative), fees (negative
where rebates exceed fees), insurance and rounding.
"""

from mexchange.core.state import EXTERNAL, FEES, Balances, State
from mexchange.domain.units import SUPPLY_MAX, AssetId

REBATE_DEFICIT_MAX = 2**61
"""The fees account owes at most so many atoms of an asset; further rebates are cut."""

assert SUPPLY_MAX + REBATE_DEFICIT_MAX < 2**63, "what users may have together fits in 64 bits: no credit overflows"


def transfer(debit: Balances, credit: Balances, asset_id: AssetId, amount: int) -> None:
    """Move an available amount. The debited account has it, or is a system account."""
    assert amount >= 0
    debit[asset_id].available -= amount
    credit[asset_id].available += amount


def supply(state: State, asset_id: AssetId) -> int:
    """Atoms that have come in and not left."""
    return -state.system[EXTERNAL][asset_id].available


def rebate_allowed(state: State, asset_id: AssetId) -> int:
    """Atoms that the fees account may still pay out."""
    return state.system[FEES][asset_id].available + REBATE_DEFICIT_MAX


def total(state: State, asset_id: AssetId) -> int:
    """Over all accounts, held amounts included. Always zero; for tests and audits, it visits every account."""
    everybody = [*state.system.values(), *(account.balances for account in state.accounts.values())]
    balances = [one[asset_id] for one in everybody if asset_id in one]
    return sum(balance.available + balance.held for balance in balances)
