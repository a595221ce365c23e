"""Rows of the history tables as they travel."""

from typing import Any, Final

from sqlalchemy import Row

from mexchange.codec.candles import row_of
from mexchange.codec.messages import (
    TRADE_SYNTHETIC,
    CandleRow,
    DayBalance,
    Fill,
    FundingKind,
    FundingRow,
    FundingStatus,
    Holding,
    LedgerEntry,
    OrderState,
    OrderSummary,
    Trade,
)
from mexchange.domain.candles import Candle
from mexchange.domain.order import DoneReason
from mexchange.domain.units import U64_MAX, Atoms, Lots, OrderId, Sequence, Ticks, TimeNs

_HALF_BITS: Final = 64
_STATES: Final = {
    int(DoneReason.FILLED): OrderState.FILLED,
    int(DoneReason.DUST): OrderState.FILLED,
    int(DoneReason.EXPIRED): OrderState.EXPIRED,
}
"""Every other reason cancels."""


def trade(row: Row[Any], synthetic_until: int) -> Trade:
    """A public trade."""
    flags = TRADE_SYNTHETIC if row.sequence <= synthetic_until else 0
    return Trade(row.trade_id, row.sequence, row.time_ns, row.price, row.quantity, row.side, flags)


def order(row: Row[Any]) -> OrderSummary:
    """An order that was accepted."""
    if row.reason:
        state = _STATES.get(row.reason, OrderState.CANCELLED)
    else:
        state = OrderState.PARTIALLY_FILLED if row.filled else OrderState.OPEN
    return OrderSummary(
        order_id=row.order_id,
        client_order_id=row.client_order_id,
        price=row.price,
        quantity=row.quantity,
        leaves=row.leaves,
        filled=row.filled,
        expiry_ns=row.expiry_ns,
        placed_sequence=row.created_sequence,
        last_sequence=row.updated_sequence,
        placed_ns=row.created_ns,
        last_ns=row.updated_ns,
        notional=row.filled_value,
        market=row.market,
        side=row.side,
        type_tif=row.order_type | row.time_in_force << 4,
        stp=0,
        flags=row.flags,
        state=state,
        done_reason=row.reason,
    )


def rejected_order(row: Row[Any]) -> OrderSummary:
    """A request that was refused; `order_id` is that of the order that it named, or 0."""
    return OrderSummary(
        order_id=OrderId(row.order_id),
        client_order_id=row.client_order_id,
        price=Ticks(0),
        quantity=Lots(0),
        leaves=Lots(0),
        filled=Lots(0),
        expiry_ns=TimeNs(0),
        placed_sequence=Sequence(row.sequence),
        last_sequence=Sequence(row.sequence),
        placed_ns=row.time_ns,
        last_ns=row.time_ns,
        notional=Atoms(0),
        market=row.market,
        side=0,
        type_tif=0,
        stp=0,
        flags=0,
        state=OrderState.REJECTED,
        reject_reason=row.reason,
    )


def fill(row: Row[Any]) -> Fill:
    """Our side of a trade."""
    return Fill(
        row.account_sequence,
        row.sequence,
        row.time_ns,
        row.trade_id,
        row.order_id,
        row.price,
        row.quantity,
        row.value,
        row.fee,
        row.realised,
        row.market,
        row.side,
        row.is_maker,
    )


def ledger_entry(row: Row[Any]) -> LedgerEntry:
    """An entry in the ledger."""
    return LedgerEntry(
        row.time_ns,
        row.entry,
        row.sequence,
        row.amount,
        row.balance,
        row.reference,
        row.asset,
        row.market,
        row.kind,
    )


def deposit(row: Row[Any]) -> FundingRow:
    """A deposit, which is final at once."""
    return FundingRow(
        time_ns=row.time_ns,
        id=row.account_sequence,
        sequence=row.sequence,
        client_order_id=row.client_order_id,
        amount=row.amount,
        ended_ns=row.time_ns,
        asset=row.asset,
        kind=FundingKind.DEPOSIT,
        status=FundingStatus.CONFIRMED,
    )


def withdrawal(row: Row[Any]) -> FundingRow:
    """A withdrawal as it stands."""
    return FundingRow(
        time_ns=row.requested_ns,
        id=row.withdrawal_id,
        sequence=row.requested_sequence,
        client_order_id=row.client_order_id,
        amount=row.amount,
        ended_ns=row.ended_ns,
        asset=row.asset,
        kind=FundingKind.WITHDRAWAL,
        status=row.status,
    )


def candle(row: Row[Any]) -> CandleRow:
    """A candle with trades."""
    return row_of(
        Candle(
            row.open_ns,
            row.open,
            row.high,
            row.low,
            row.close,
            int(row.volume),
            int(row.turnover),
            row.trades,
            row.first_trade_id,
            row.last_trade_id,
        )
    )


def holding(row: Row[Any]) -> Holding:
    """What was bought in a market and not sold there again."""
    cost, realised = int(row.cost), int(row.realised)
    return Holding(
        row.quantity,
        cost & U64_MAX,
        cost >> _HALF_BITS,
        realised & U64_MAX,
        realised >> _HALF_BITS,
        row.market,
    )


def day_balance(row: Row[Any]) -> DayBalance:
    """A balance at the end of a day."""
    return DayBalance(row.balance, row.asset, row.day)
