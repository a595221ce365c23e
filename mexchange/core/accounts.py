"""Accounts: opening one for an owner, and setting what it may do."""

from typing import Final

from mexchange.codec.events import pack_account_changed, pack_account_opened
from mexchange.core.answer import admit_operator, admit_target, conclude, next_in_stream, refuse
from mexchange.core.digest import Content
from mexchange.core.execute import end_all, open_orders, tell_levels
from mexchange.core.state import Account, State
from mexchange.domain.commands import ChangeAccount, OpenAccount
from mexchange.domain.events import EventKind
from mexchange.domain.market import (
    ACCOUNT_NUMBER_MAX,
    FEE_TIER_MAX,
    OPEN_ORDERS_PER_ACCOUNT,
    AccountSetting,
    AccountStatus,
)
from mexchange.domain.order import DoneReason, SelfTradePrevention
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import NOTIONAL_MAX, AccountId, OrderId


def open_account(state: State, out: list[bytes], command: OpenAccount, content: Content) -> None:
    """A new account, or the old one named again, so that whoever asks after a crash asks again."""
    operator, client_order_id = state.operator, command.client_order_id
    if not admit_operator(state, out, operator, client_order_id, content):
        return None
    if command.owner == 0 or command.number > ACCOUNT_NUMBER_MAX:
        return refuse(state, out, operator, client_order_id, content, RejectReason.OWNER_INVALID)
    known = state.account_ids.get((command.owner, command.number))
    account_id = known or AccountId(state.account_counter + 1)
    account_sequence = 0
    if known is None:
        state.account_counter = account_id
        account = state.accounts[account_id] = Account(account_id, command.owner, command.number)
        state.account_ids[command.owner, command.number] = account_id
        account_sequence = next_in_stream(account)
    out.append(
        pack_account_opened(
            account_id, account_sequence, state.sequence, client_order_id, command.owner, command.number
        )
    )
    return conclude(state, operator, client_order_id, content, EventKind.ACCOUNT_OPENED, order_id=OrderId(account_id))


def change_account(state: State, out: list[bytes], command: ChangeAccount, content: Content) -> None:
    """One setting. Closing an account cancels its orders; what it holds may still leave."""
    account = admit_target(state, out, command.account, command.client_order_id, content)
    if account is None:
        return None
    reason = _check_setting(account, command)
    if reason is not None:
        return refuse(state, out, account, command.client_order_id, content, reason)
    match command.setting:
        case AccountSetting.STATUS:
            account.status = AccountStatus(command.value)
        case AccountSetting.FEE_TIER:
            account.fee_tier = command.value
        case AccountSetting.SELF_TRADE_PREVENTION:
            account.self_trade_prevention = command.value
        case AccountSetting.OPEN_ORDERS_MAX:
            account.open_orders_max = command.value
        case AccountSetting.ORDER_NOTIONAL_MAX:
            account.order_notional_max = command.value
    out.append(
        pack_account_changed(
            account.account_id,
            next_in_stream(account),
            state.sequence,
            command.client_order_id,
            command.setting,
            command.value,
        )
    )
    conclude(state, account, command.client_order_id, content, EventKind.ACCOUNT_CHANGED)
    if account.status == AccountStatus.CLOSED:
        orders = open_orders(state, account)
        end_all(state, out, orders, DoneReason.ACCOUNT_CLOSED)
        tell_levels(state, out, orders)
    return None


_SETTING_RANGES: Final = {
    AccountSetting.STATUS: (AccountStatus.ACTIVE, AccountStatus.CLOSED),
    AccountSetting.FEE_TIER: (0, FEE_TIER_MAX),
    AccountSetting.SELF_TRADE_PREVENTION: (SelfTradePrevention.NONE, SelfTradePrevention.DECREMENT),
    AccountSetting.OPEN_ORDERS_MAX: (0, OPEN_ORDERS_PER_ACCOUNT),
    AccountSetting.ORDER_NOTIONAL_MAX: (0, NOTIONAL_MAX),
}
"""setting → (least, greatest value)."""


def _check_setting(account: Account, command: ChangeAccount) -> RejectReason | None:
    if account.status == AccountStatus.CLOSED:
        return RejectReason.ACCOUNT_CLOSED
    values = _SETTING_RANGES.get(command.setting)
    if values is None or not values[0] <= command.value <= values[1]:
        return RejectReason.SETTING_INVALID
    return None
