"""Money in, out and across: deposits, withdrawals in two steps, transfers between accounts.

A withdrawal is held first; then it is either confirmed, and leaves to the external account, or released.
"""

from typing import Final

from mexchange.codec.events import pack_moved
from mexchange.core import ledger, risk
from mexchange.core.answer import NO_MARKET, admit, conclude, next_in_stream, refuse
from mexchange.core.digest import Content
from mexchange.core.state import EXTERNAL, Account, State, Withdrawal
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import ConfirmWithdrawal, Deposit, ReleaseWithdrawal, Transfer, Withdraw
from mexchange.domain.events import EventKind
from mexchange.domain.market import PENDING_WITHDRAWALS_MAX, AccountStatus
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AssetId, OrderId

CLOSED: Final = AccountStatus.CLOSED
FROZEN: Final = AccountStatus.FROZEN


def deposit(state: State, out: list[bytes], command: Deposit, content: Content) -> None:
    """external → available. A frozen account may be credited, a closed one not."""
    account = admit(state, out, command.account, command.client_order_id, content)
    if account is None:
        return None
    reason = _check_deposit(state, account, command)
    if reason is not None:
        detail = 0
        if reason is RejectReason.SUPPLY_EXCEEDED:
            detail = state.assets[command.asset].supply_max - ledger.supply(state, command.asset)
        return refuse(state, out, account, command.client_order_id, content, reason, detail)
    ledger.transfer(state.system[EXTERNAL], account.balances, command.asset, command.amount)
    _moved(state, out, account, EventKind.DEPOSITED, command.asset, command.client_order_id, command.amount)
    return conclude(state, account, command.client_order_id, content, EventKind.DEPOSITED)


def _check_deposit(state: State, account: Account, command: Deposit) -> RejectReason | None:
    if account.status == CLOSED:
        return RejectReason.ACCOUNT_CLOSED
    reason = _check_amount(state, command.asset, command.amount)
    if reason is not None:
        return reason
    if ledger.supply(state, command.asset) + command.amount > state.assets[command.asset].supply_max:
        return RejectReason.SUPPLY_EXCEEDED
    return None


def _check_amount(state: State, asset_id: AssetId, amount: int) -> RejectReason | None:
    asset = state.assets.get(asset_id)
    if asset is None:
        return RejectReason.ASSET_NOT_FOUND
    if not 1 <= amount <= asset.supply_max:
        return RejectReason.AMOUNT_INVALID
    return None


def withdraw(state: State, out: list[bytes], command: Withdraw, content: Content) -> None:
    """available → held. A closed account may still withdraw."""
    account = admit(state, out, command.account, command.client_order_id, content)
    if account is None:
        return None
    reason = _check_withdraw(state, account, command)
    if reason is not None:
        detail = _refusal_detail(account, command.asset, reason)
        return refuse(state, out, account, command.client_order_id, content, reason, detail)
    risk.hold(account.balances[command.asset], command.amount)
    withdrawal = Withdrawal(state.next_withdrawal_id(), command.asset, command.amount)
    account.withdrawals[withdrawal.withdrawal_id] = withdrawal
    kind, reference = EventKind.WITHDRAWAL_HELD, withdrawal.withdrawal_id
    _moved(state, out, account, kind, command.asset, command.client_order_id, command.amount, reference)
    return conclude(state, account, command.client_order_id, content, kind, order_id=reference)


def _check_withdraw(state: State, account: Account, command: Withdraw) -> RejectReason | None:
    if account.status == FROZEN:
        return RejectReason.ACCOUNT_FROZEN
    reason = _check_amount(state, command.asset, command.amount)
    if reason is not None:
        return reason
    if len(account.withdrawals) >= PENDING_WITHDRAWALS_MAX:
        return RejectReason.TOO_MANY_WITHDRAWALS
    if account.balances[command.asset].available < command.amount:
        return RejectReason.INSUFFICIENT_FUNDS
    return None


def _refusal_detail(account: Account, asset_id: AssetId, reason: RejectReason) -> int:
    if reason is RejectReason.INSUFFICIENT_FUNDS:
        return account.balances[asset_id].available
    if reason is RejectReason.TOO_MANY_WITHDRAWALS:
        return PENDING_WITHDRAWALS_MAX
    return 0


def confirm_withdrawal(state: State, out: list[bytes], command: ConfirmWithdrawal, content: Content) -> None:
    """held → external. Not while the account is frozen."""
    _end_withdrawal(state, out, command, content, EventKind.WITHDRAWAL_CONFIRMED)


def release_withdrawal(state: State, out: list[bytes], command: ReleaseWithdrawal, content: Content) -> None:
    """held → available. Always possible while the withdrawal is pending."""
    _end_withdrawal(state, out, command, content, EventKind.WITHDRAWAL_RELEASED)


def _end_withdrawal(
    state: State,
    out: list[bytes],
    command: ConfirmWithdrawal | ReleaseWithdrawal,
    content: Content,
    kind: EventKind,
) -> None:
    """Nothing is held for it any more; confirmed, it also leaves."""
    name, reference = command.client_order_id, OrderId(command.withdrawal_id)
    account = admit(state, out, command.account, name, content, NO_MARKET, reference)
    if account is None:
        return None
    leaves = kind is EventKind.WITHDRAWAL_CONFIRMED
    if leaves and account.status == FROZEN:
        return refuse(state, out, account, name, content, RejectReason.ACCOUNT_FROZEN, order_id=reference)
    withdrawal = account.withdrawals.pop(reference, None)
    if withdrawal is None:
        return refuse(state, out, account, name, content, RejectReason.WITHDRAWAL_NOT_FOUND, order_id=reference)
    risk.release(account.balances[withdrawal.asset_id], withdrawal.amount)
    if leaves:
        ledger.transfer(account.balances, state.system[EXTERNAL], withdrawal.asset_id, withdrawal.amount)
    _moved(state, out, account, kind, withdrawal.asset_id, name, withdrawal.amount, reference)
    return conclude(state, account, name, content, kind, order_id=reference)


def transfer(state: State, out: list[bytes], command: Transfer, content: Content) -> None:
    """available → another user's available. A closed account may still send."""
    account = admit(state, out, command.account, command.client_order_id, content)
    if account is None:
        return None
    reason = _check_transfer(state, account, command)
    if reason is not None:
        detail = _refusal_detail(account, command.asset, reason)
        return refuse(state, out, account, command.client_order_id, content, reason, detail)
    receiver = state.accounts[command.to_account]
    ledger.transfer(account.balances, receiver.balances, command.asset, command.amount)
    kind, asset_id, amount = EventKind.TRANSFERRED, command.asset, command.amount
    _moved(state, out, account, kind, asset_id, command.client_order_id, -amount, receiver.account_id)
    _moved(state, out, receiver, kind, asset_id, NO_ID, amount, account.account_id)
    return conclude(state, account, command.client_order_id, content, kind)


def _check_transfer(state: State, account: Account, command: Transfer) -> RejectReason | None:
    if account.status == FROZEN:
        return RejectReason.ACCOUNT_FROZEN
    reason = _check_amount(state, command.asset, command.amount)
    if reason is not None:
        return reason
    receiver = state.accounts.get(command.to_account)
    if receiver is None or receiver is account or receiver.status == CLOSED:
        return RejectReason.TRANSFER_INVALID
    if account.balances[command.asset].available < command.amount:
        return RejectReason.INSUFFICIENT_FUNDS
    return None


def _moved(
    state: State,
    out: list[bytes],
    account: Account,
    kind: EventKind,
    asset_id: AssetId,
    client_order_id: bytes,
    amount: int,
    reference: int = 0,
) -> None:
    balance = account.balances[asset_id]
    out.append(
        pack_moved(
            account.account_id,
            next_in_stream(account),
            state.sequence,
            kind,
            asset_id,
            reference,
            client_order_id,
            amount,
            balance.available,
            balance.held,
        )
    )
