"""The market itself, which goes on behind a recording too: own fills, places in the queue, alerts."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.client.queue_position import QueuePositions
from mexchange.domain.events import Filled
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.shell import Shell
from mexchange.tui.trading import telling
from mexchange.tui.trading.alarm import Alarm
from mexchange.tui.trading.fill_log import FillLog
from mexchange.tui.trading.lookout import Lookout
from mexchange.tui.trading.own_queue import OwnQueue

FILLS_TOLD_S: Final = 0.3
"""Fills of one order within this time are told together."""

Start = Callable[[Coroutine[Any, Any, None]], object]


class LiveMarket:
    """Follows the shell's live scene through reconnections and other markets. On the running loop."""

    def __init__(self, shell: Shell, start: Start) -> None:
        """`start` runs something until the app ends."""
        self.alarm = Alarm(shell.settings, shell.notices, shell.save)
        self.fills = FillLog()
        self._shell, self._start = shell, start
        self._lookout = Lookout(lambda: shell.frame.mark(Part.ALERTS))
        self._desk: Desk | None = None
        """The last one there was."""
        self._queue = OwnQueue()
        self._client: Client | None = None
        """The one whose fills are followed."""
        self._untold: dict[int, list[Filled]] = {}

    @property
    def positions(self) -> QueuePositions:
        """Of own orders in the queues of the market."""
        return self._queue.positions

    def last_of(self, symbol: str) -> tuple[int, str]:
        """The last price of a market that an alert waits for: ticks, and in words; 0 and empty: not known."""
        last = self._lookout.last(symbol)
        if not last or self._desk is None:
            return 0, ""
        markets = self._desk.markets
        return last, markets.show_price(markets.by_symbol(symbol).market, last, thousands=True)

    def pulse(self) -> None:
        """Called with every frame that may have changed something."""
        live = self._shell.live
        if live is None or live.desk is None:
            return
        if live.client is not None and live.client is not self._client:
            self._follow(live.client)
        desk = live.desk
        if desk is not self._desk:
            self._desk, self._queue = desk, OwnQueue()
        self._lookout.follow(live.source, desk.markets, (alert.market for alert in self.alarm.alerts))
        if self.alarm.look(desk.markets, self._lookout.last):
            self._shell.frame.mark(Part.ALERTS)
        if desk.book is not None and desk.orders is not None:
            self._queue.follow(desk.book, desk.orders, desk.trades, desk.market.market)

    def close(self) -> None:
        """No price is waited for any more."""
        self._lookout.close()

    # Fills.

    def _follow(self, client: Client) -> None:
        """Of another connection: the past ones, then as they happen."""
        self._client = client
        if client.session.account:
            self._start(self._follow_fills(client))

    async def _follow_fills(self, client: Client) -> None:
        flow = client.own_events()
        if trouble := await self.fills.read_past(client):
            self._shell.notices.note(Notice(Kind.INFO, f"past fills: {trouble}", severity="warning"))
        self._shell.frame.mark(Part.ORDERS)
        try:
            async for event in flow:
                if isinstance(event, Filled):
                    self._heard(event, client.server_time_ns())
        except ClientError:
            return  # the connection is over; the next one is followed anew
        finally:
            flow.close()

    def _heard(self, event: Filled, now_ns: int) -> None:
        self.fills.happened(event, now_ns)
        self.positions.filled(event.order_id, event.leaves)
        self._shell.frame.mark(Part.ORDERS)
        if not self._untold:
            asyncio.get_running_loop().call_later(FILLS_TOLD_S, self._tell)
        self._untold.setdefault(event.order_id, []).append(event)

    def _tell(self) -> None:
        untold, self._untold = self._untold, {}
        for fills in untold.values():
            if self._desk is not None:
                self._shell.notices.tell(telling.filled(fills, self._desk.markets))
