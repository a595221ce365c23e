"""Deposits and withdrawals as rows: the same fields, named the same way, for their owner and for operators."""

from typing import TYPE_CHECKING

from mexchange.cli.invocation import Invocation
from mexchange.codec.messages import DepositState, WithdrawalState

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import DepositInfo, WithdrawalInfo


def deposit_row(each: "DepositInfo", needed: int, registry: "Markets") -> dict[str, object]:
    """A deposit; `needed` confirmations make it count."""
    state = DepositState(each.state).name.lower()
    depth = f" {min(each.confirmations, needed)}/{needed}" if each.state == DepositState.SEEN else ""
    return {
        "kind": "deposit",
        "asset": registry.asset(each.asset).symbol,
        "amount": registry.show_amount(each.asset, each.amount),
        "state": state + depth,
        "id": each.reference,
        "seq": each.sequence or None,
    }


def withdrawal_row(each: "WithdrawalInfo", registry: "Markets") -> dict[str, object]:
    """A withdrawal, as it is listed for its owner and for operators."""
    return {
        "kind": "withdrawal",
        "asset": registry.asset(each.asset).symbol,
        "amount": registry.show_amount(each.asset, each.amount),
        "state": WithdrawalState(each.state).name.lower(),
        "id": each.request_id,
        "account": each.account,
        "address": each.address or None,
        "reference": each.reference or None,
        "reason": each.reason or None,
    }


def told(mx: Invocation, withdrawal: "WithdrawalInfo") -> None:
    """How far it has come."""
    registry = mx.client.markets()
    row = withdrawal_row(withdrawal, registry)
    if not mx.output.is_table:
        mx.output.line(row)
        return
    reason = f"  {withdrawal.reason}" if withdrawal.reason else ""
    mx.output.say(f"✓ {row['amount']} {row['asset']} to {row['address']}: {row['state']}{reason}")
