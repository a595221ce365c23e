"""Runs the strategies of one bot over a client: looks, decides, sends, waits for the outcomes, sleeps.

One decision at a time, and every outcome is awaited before the next, so that no strategy ever acts on a market that its
own orders are still on their way to. What stays unknown is looked up in the account's orders, which the client keeps
right; while the connection is not live the bot waits.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

import msgspec

from mexchange.bots.market_view import MarketView, OwnQuote
from mexchange.bots.reference import fair_price
from mexchange.bots.shapes import home_price
from mexchange.client.answer import Outcome
from mexchange.client.api import Client
from mexchange.client.balances_view import BalancesView
from mexchange.client.book_view import BookView
from mexchange.client.errors import ClientError, Rejected, Unreachable
from mexchange.client.liveness import LivenessState
from mexchange.client.orders import OwnOrder
from mexchange.client.orders_view import OrdersView
from mexchange.codec.messages import Level, MarketInfo, RateClass
from mexchange.domain.commands import Command
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.telemetry import logs

TURN_S: Final = 1.0
"""Between two decisions about a market."""
REST_S: Final = 15.0
"""For how long a market is left alone that does not take orders."""
GONE_NS: Final = 8_000_000_000
LEAVE_S: Final = 4.0
"""For what is still on its way, and then for a last cancel."""
BOOK_DEPTH: Final = 10
GLIDE_NS: Final = 20 * 60 * 10**9
"""A market is taken over at the price at which it is found, and led to the fair one within this time."""
RESTING: Final = frozenset({RejectReason.MARKET_CLOSED, RejectReason.MARKET_HALTED, RejectReason.MARKET_CANCEL_ONLY})

_log = logs.get("bots.driver")


class Strategy(Protocol):
    """What decides about one market."""

    def decide(self, view: MarketView, now_ns: int) -> Sequence[Command]:
        """Commands in the order in which they are to be executed. `now_ns` is monotonic."""
        ...


class Desk(msgspec.Struct, kw_only=True):
    """One market of a bot."""

    info: MarketInfo
    home: int
    strategy: Strategy
    book: BookView
    away: int = 0
    """How far the price was from the fair one when the bot came, in ticks."""
    came_ns: int = 0
    """Server time."""
    rests_until_ns: int = 0

    def price(self, fair: int, time_ns: int) -> int:
        """What the asset is worth to this bot, in ticks, when it is worth `fair` to one that was always there."""
        left_ns = max(0, GLIDE_NS - (time_ns - self.came_ns))
        return max(1, fair + self.away * left_ns // GLIDE_NS)


class Driver:
    """The markets of one bot on one client."""

    def __init__(self, client: Client, *, seed: int, orders: OrdersView, balances: BalancesView) -> None:
        self._client = client
        self._seed = seed
        self._orders = orders
        self._balances = balances
        self._desks: list[Desk] = []
        self._sending: asyncio.Future[list[Outcome]] | None = None

    @classmethod
    async def open(
        cls, client: Client, infos: Sequence[MarketInfo], strategy: Callable[[MarketInfo], Strategy], *, seed: int
    ) -> "Driver":
        """Cancels what an earlier run left behind, also when it is stopped in the middle, and begins to listen."""
        try:
            for info in infos:
                await client.mass_cancel(info.market)
        except asyncio.CancelledError:
            await _take_back(client)
            raise
        driver = cls(client, seed=seed, orders=await client.orders_view(), balances=await client.balances_view())
        for info in infos:
            book = await client.subscribe_book(info.market, BOOK_DEPTH, rate=RateClass.NORMAL)
            desk = Desk(info=info, home=home_price(info), strategy=strategy(info), book=book)
            desk.came_ns = client.server_time_ns()
            desk.away = info.reference_price - driver._fair(desk, desk.came_ns)
            driver._desks.append(desk)
        return driver

    async def run(self) -> None:
        """Until cancelled. Raises Unreachable when the market is gone for so long that it may be found elsewhere."""
        live_ns = self._client.exchange.now_ns
        while True:
            if self._client.may_trade:
                live_ns = self._client.exchange.now_ns
            elif self._client.exchange.now_ns - live_ns > GONE_NS:
                raise Unreachable("the market has not answered for a while")
            for desk in self._desks:
                await self.turn(desk)
                await asyncio.sleep(TURN_S / len(self._desks))

    async def leave(self) -> None:
        """Take back what rests, as far as the market still listens: quotes of a bot that is gone are nobody's word.

        Orders that were on their way when the bot was stopped come first: under load a cancel may overtake them.
        """
        if self._client.liveness().state >= LivenessState.RECONNECT:
            return
        if self._sending is not None:
            await asyncio.wait([self._sending], timeout=LEAVE_S)
        await _take_back(self._client)

    async def turn(self, desk: Desk) -> None:
        """Look at one market, decide, act."""
        now_ns = self._client.exchange.now_ns
        if now_ns < desk.rests_until_ns or not self._sees(desk):
            return
        commands = desk.strategy.decide(self.view(desk), now_ns)
        if commands:
            await self._send(desk, commands)

    def view(self, desk: Desk) -> MarketView:
        """What is known of the market now."""
        own = [order for order in self._orders.open.values() if order.market == desk.info.market]
        bids, asks = _of_others(desk.book.bids, own, Side.BUY), _of_others(desk.book.asks, own, Side.SELL)
        time_ns = self._client.server_time_ns()
        return MarketView(
            info=desk.info,
            fair=desk.price(self._fair(desk, time_ns), time_ns),
            best_bid=bids[0][0] if bids else 0,
            best_ask=asks[0][0] if asks else 0,
            bid_lots=sum(lots for _, lots in bids),
            ask_lots=sum(lots for _, lots in asks),
            base=self._funds(desk.info.base),
            quote=self._funds(desk.info.quote) // len(self._desks),
            orders=tuple(OwnQuote(o.order_id, o.side, o.price, o.leaves, o.filled) for o in own),
        )

    def _fair(self, desk: Desk, time_ns: int) -> int:
        return fair_price(seed=self._seed, market=desk.info.market, home=desk.home, time_ns=time_ns)

    def _sees(self, desk: Desk) -> bool:
        """May we act: the connection is live, the book right, the account complete."""
        return self._client.may_trade and desk.book.verified and self._orders.complete and not self._orders.gap

    def _funds(self, asset: int) -> int:
        balance = self._balances.balances.get(asset)
        return balance.available + balance.held if balance is not None else 0

    async def _send(self, desk: Desk, commands: Sequence[Command]) -> None:
        """Refusals are part of the trade: the next look at the market is the answer to them."""
        try:
            self._sending = asyncio.ensure_future(self._client.submit_many(commands))
            outcomes = await asyncio.shield(self._sending)
        except ClientError as error:
            _log.warning("not sent", market=desk.info.symbol, error=error.code)
            return
        refused = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
        if any(outcome.reason in RESTING for outcome in refused):
            desk.rests_until_ns = self._client.exchange.now_ns + round(REST_S * 10**9)
            _log.info("market does not take orders", market=desk.info.symbol)
        elif refused:
            _log.debug("refused", market=desk.info.symbol, code=refused[0].code, of=len(outcomes))


async def _take_back(client: Client) -> None:
    with suppress(ClientError):
        await client.mass_cancel(timeout_s=LEAVE_S)


def _of_others(levels: Sequence[Level], own: Sequence[OwnOrder], side: Side) -> list[tuple[int, int]]:
    """(price, lots) of the levels that hold more than our own orders, best first."""
    mine: dict[int, int] = {}
    for order in own:
        if order.side is side:
            mine[order.price] = mine.get(order.price, 0) + order.leaves
    rest = [(int(level.price), level.quantity - mine.get(level.price, 0)) for level in levels]
    return [(price, lots) for price, lots in rest if lots > 0]
