"""The part of the client that trades, and what is known of a market at the moment of trading in it."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from mexchange.client.answer import Answer, Outcome
from mexchange.client.balances_view import BalancesView
from mexchange.client.guard import Limits
from mexchange.client.markets import Markets
from mexchange.client.order_rules import closed_reason
from mexchange.client.orders import OwnOrder
from mexchange.client.orders_view import OrdersView
from mexchange.client.sizing import middle
from mexchange.codec.messages import Balance, Level, MarketInfo
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import Command
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.rejects import REJECTS
from mexchange.domain.units import Ticks
from mexchange.tui.trading.thresholds import Thresholds


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the user set for themselves."""

    limits: Limits = Limits(is_kept_from_giving_away=True)
    thresholds: Thresholds = Thresholds()


class Dealing(Protocol):
    """What a recording does not have: nothing can be sent from one. `client.api.Client` has it."""

    def mint(self) -> ClientOrderId: ...

    async def submit(self, command: Command, *, timeout_s: float | None = None) -> Answer: ...

    async def submit_many(self, commands: Sequence[Command], *, timeout_s: float | None = None) -> list[Outcome]: ...

    async def resolve(self, client_order_id: ClientOrderId, *, timeout_s: float | None = None) -> Outcome | None: ...

    async def order(self, order_id: int = 0, *, client_order_id: ClientOrderId = NO_ID) -> OwnOrder | None: ...

    async def balances(self, account: int | None = None, *, timeout_s: float | None = None) -> list[Balance]: ...

    @property
    def may_trade(self) -> bool: ...

    def server_time_ns(self) -> int: ...


class Floor(Protocol):
    """Where a trader stands: what is known now. Everything may be another thing after a reconnection."""

    @property
    def dealing(self) -> Dealing | None:
        """None: nothing can be sent; `locked` says why."""
        ...

    @property
    def orders(self) -> OrdersView: ...

    @property
    def balances(self) -> BalancesView: ...

    def locked(self) -> str:
        """Why nothing at all can be sent, not even a cancel; empty: it can."""
        ...

    def sight_of(self, market: int) -> "Sight": ...

    def terms(self) -> Terms: ...

    def changed(self) -> None:
        """A row of what is under way came, changed or went."""
        ...


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A market as it stands on the screen. Prices in ticks, 0: none."""

    registry: Markets
    market: MarketInfo
    status: int = MarketStatus.OPEN
    bids: Sequence[Level] = ()
    """Best first."""
    asks: Sequence[Level] = ()
    last: int = 0

    @property
    def bid(self) -> Ticks:
        """The best one."""
        return self.bids[0].price if self.bids else Ticks(0)

    @property
    def ask(self) -> Ticks:
        """The best one."""
        return self.asks[0].price if self.asks else Ticks(0)

    @property
    def mid(self) -> Ticks:
        """Between the two."""
        return middle(self.bid, self.ask)

    @property
    def reference(self) -> Ticks:
        """What prices are measured by: the last trade, else the middle, else the market's own."""
        return Ticks(self.last or self.mid or self.market.reference_price)

    def opposite(self, side: Side) -> Sequence[Level]:
        """The levels that an order of this side trades with."""
        return self.asks if side is Side.BUY else self.bids

    @property
    def closed_because(self) -> str:
        """Why no order is taken now; empty: it is."""
        reason = closed_reason(self.status)
        return "" if reason is None else REJECTS[reason].text
