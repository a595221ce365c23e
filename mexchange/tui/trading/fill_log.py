"""Our fills: the last ones of the past, once, and each as it happens, with a notice for it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

import msgspec

from mexchange.client.errors import ClientError
from mexchange.codec.messages import Fill
from mexchange.domain.events import Filled
from mexchange.domain.order import Side

PAST: Final = 200
KEPT_MAX: Final = 2_000

_Key = tuple[int, int, int]


class OwnFill(msgspec.Struct, frozen=True, kw_only=True):
    """Times in nanoseconds since the epoch, price in ticks, quantity in lots, fee in atoms of what was received."""

    time_ns: int
    market: int
    side: Side
    order_id: int
    trade_id: int
    price: int
    quantity: int
    fee: int
    is_maker: bool

    @property
    def key(self) -> _Key:
        """Which fill it is: an order that trades with its own has two of one trade."""
        return (self.market, self.trade_id, self.order_id)


class PastFills(Protocol):
    """The part of the client that remembers."""

    def fills(self) -> AsyncIterator[Fill]: ...


class FillLog:
    """In the order of their times, each once, whether it was told by the past or by the present."""

    def __init__(self) -> None:
        self._fills: dict[_Key, OwnFill] = {}
        self._shown: Sequence[Fill] = ()

    def __len__(self) -> int:
        return len(self._fills)

    def newest_first(self) -> list[OwnFill]:
        """All that are kept."""
        return sorted(self._fills.values(), key=lambda fill: (fill.time_ns, fill.trade_id), reverse=True)

    def of_market(self, market: int) -> list[OwnFill]:
        """Oldest first."""
        chosen = [fill for fill in self._fills.values() if fill.market == market]
        return sorted(chosen, key=lambda fill: (fill.time_ns, fill.trade_id))

    def happened(self, event: Filled, now_ns: int) -> OwnFill:
        """A fill of now: events carry no time of their own."""
        fill = OwnFill(
            time_ns=now_ns,
            market=event.market,
            side=event.side,
            order_id=event.order_id,
            trade_id=event.trade_id,
            price=event.price,
            quantity=event.quantity,
            fee=event.fee,
            is_maker=event.is_maker,
        )
        return self._keep(fill)

    def show(self, rows: Sequence[Fill]) -> None:
        """These and no others, as they stand in a recording. Nothing is done while they are the same object."""
        if rows is not self._shown:
            self._shown = rows
            self._fills = {fill.key: fill for fill in map(_of, rows)}

    async def read_past(self, past: PastFills) -> str:
        """The last fills of the history; why it could not be read, empty if it could."""
        count = 0
        try:
            async for row in past.fills():
                self._keep(_of(row))
                count += 1
                if count == PAST:
                    break
        except ClientError as error:
            return str(error)
        return ""

    def _keep(self, fill: OwnFill) -> OwnFill:
        self._fills[fill.key] = fill
        if len(self._fills) > KEPT_MAX:
            del self._fills[min(self._fills, key=lambda key: self._fills[key].time_ns)]
        return fill


def _of(row: Fill) -> OwnFill:
    return OwnFill(
        time_ns=row.time_ns,
        market=row.market,
        side=Side(row.side),
        order_id=row.order_id,
        trade_id=row.trade_id,
        price=row.price,
        quantity=row.quantity,
        fee=row.fee,
        is_maker=bool(row.is_maker),
    )
