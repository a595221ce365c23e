"""Everything that trading needs on a screen, in one place: the trader, arming, fills, places in the queue, worth.

Built once; what it shows follows the shell's source and desk through reconnections and other markets.
"""

import time
from collections.abc import Callable, Coroutine
from typing import Any

from mexchange.client.balances_view import BalancesView
from mexchange.client.errors import ClientError
from mexchange.client.guard import Limits
from mexchange.client.orders_view import OrdersView
from mexchange.client.queue_position import QueuePositions
from mexchange.client.worth import Worth
from mexchange.domain.market import MarketStatus
from mexchange.domain.scopes import Scope
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.shell import Shell
from mexchange.tui.trading import telling
from mexchange.tui.trading.alarm import Alarm
from mexchange.tui.trading.arming import Arming, Cause
from mexchange.tui.trading.dealing import Dealing, Sight, Terms
from mexchange.tui.trading.draft import Problem
from mexchange.tui.trading.fill_log import FillLog
from mexchange.tui.trading.live_market import LiveMarket, Start
from mexchange.tui.trading.thresholds import Thresholds
from mexchange.tui.trading.trader import Ask, Trader
from mexchange.tui.vitals import ScreenState


class Dealer:
    """Implements Floor. On the running loop."""

    def __init__(self, shell: Shell, *, ask: Ask, copy: Callable[[str], None], start: Start) -> None:
        """`ask` shows a question, `copy` fills the clipboard, `start` runs something until the app ends."""
        self.shell = shell
        self._copy = copy
        self._start = start
        self._live = LiveMarket(shell, start)
        self._replayed_fills = FillLog()
        self.trader = Trader(self, shell.notices, ask, monotonic_ns=time.monotonic_ns)
        self.arming = Arming(shell.settings.arm_seconds, self._arming_changed)
        self._no_orders, self._no_balances = OrdersView(), BalancesView()
        self._nothing_ahead = QueuePositions()
        self._worth: Worth | None = None
        self._shown: Desk | None = None
        """The last one that was shown."""

    # Floor.

    @property
    def dealing(self) -> Dealing | None:
        """The client, where there is one that may trade."""
        return self.shell.client

    @property
    def orders(self) -> OrdersView:
        """Ours; none while nothing is known."""
        desk = self.shell.desk
        return desk.orders if desk is not None and desk.orders is not None else self._no_orders

    @property
    def balances(self) -> BalancesView:
        """Ours; none while nothing is known."""
        desk = self.shell.desk
        return desk.balances if desk is not None and desk.balances is not None else self._no_balances

    def locked(self) -> str:
        """Why nothing at all can be sent."""
        shell = self.shell
        if shell.replay is not None or not shell.has_live:
            return "this is a recording"
        if shell.options.read_only:
            return "read-only: started with --read-only"
        if shell.client is None or shell.desk is None:
            return "there is no connection yet"
        if not shell.is_signed_in:
            return "read-only: not signed in, an order needs an account"
        if not shell.client.session.scopes & Scope.TRADE:
            return "read-only: this key may look, not trade"
        return ""

    def sight_of(self, market: int) -> Sight:
        """As the desk shows it; of another market only its rules and the last price that was heard of."""
        desk = self.shell.desk
        assert desk is not None, "locked() says so"
        if market in (0, desk.market.market):
            book, ticker = desk.book, desk.ticker
            return Sight(
                registry=desk.markets,
                market=desk.market,
                status=desk.status,
                bids=book.bids if book is not None else (),
                asks=book.asks if book is not None else (),
                last=ticker.last if ticker is not None else 0,
            )
        info = desk.markets[market]
        return Sight(registry=desk.markets, market=info, status=info.status or MarketStatus.OPEN)

    def sight(self) -> Sight | None:
        """The shown market."""
        return self.sight_of(0) if self.shell.desk is not None else None

    def terms(self) -> Terms:
        """What the profile and tui.toml say."""
        settings, own = self.shell.options.settings, self.shell.settings
        limits = Limits(
            max_notional=settings.max_notional, price_band=settings.price_band, is_kept_from_giving_away=True
        )
        level = own.confirm if own.confirm != "never" or own.understood else "over"
        thresholds = Thresholds(level=level, worth=own.confirm_over, from_mid=own.confirm_from_mid)
        return Terms(limits=limits, thresholds=thresholds)

    def changed(self) -> None:
        """Own input: shown at once."""
        self.shell.frame.now(Part.ORDERS | Part.TICKET)

    # What panels ask for.

    def obstacle(self) -> str:
        """Why no order can be sent to the shown market; empty: it can."""
        desk = self.shell.desk
        return self.trader.obstacle(desk.market.market) if desk is not None else self.locked()

    def value(self, asset: int, atoms: int) -> tuple[int, int] | None:
        """The asset to value in, and the worth in its atoms; None: no market leads there."""
        desk = self.shell.desk
        if desk is None:
            return None
        if self._worth is None or self._worth.markets is not desk.markets:
            first = next(iter(desk.markets))
            self._worth = Worth(desk.markets, first.quote)
        if desk.ticker is not None:
            self._worth.heard(desk.market.market, desk.ticker.last)
        value = self._worth.value(asset, atoms)
        return None if value is None else (self._worth.asset, value)

    def ahead(self, order_id: int) -> int | None:
        """Lots that trade before this order, at most; None: not known."""
        return self.queue.ahead(order_id)

    def last_of(self, symbol: str) -> tuple[int, str]:
        """The last price of a market that an alert waits for: ticks, and in words; 0 and empty: not known."""
        return self._live.last_of(symbol)

    @property
    def alarm(self) -> Alarm:
        """Of the alerts."""
        return self._live.alarm

    @property
    def queue(self) -> QueuePositions:
        """Of the shown market; a recording does not know who was there first."""
        return self._nothing_ahead if self.shell.replay is not None else self._live.positions

    @property
    def fills(self) -> FillLog:
        """Ours; in a recording those of it."""
        if (replay := self.shell.replay) is None:
            return self._live.fills
        self._replayed_fills.show(replay.own_fills)
        return self._replayed_fills

    # Jobs.

    def go(self, job: Callable[[Trader], Coroutine[Any, Any, object]]) -> None:
        """Let the trader do something, and do not wait for it."""
        self.arming.touch(time.monotonic_ns())
        self._start(self._run(job(self.trader)))

    def tell(self, problem: Problem | None) -> None:
        """Why a key did nothing."""
        if problem is not None:
            code = f"{problem.code}: " if problem.code else ""
            self.shell.notices.tell(Notice(Kind.REJECT, f"{code}{problem.text}", problem.hint, "error"))

    def yank(self, text: str) -> None:
        """Copy, and say so: not every terminal lets a program fill its clipboard."""
        self._copy(text)
        self.shell.notices.tell(Notice(Kind.INFO, f"copied: {text}"))

    def refuse(self, why: str) -> None:
        """The same, for what is not about an order."""
        self.shell.notices.tell(telling.refused(why))

    async def stop(self) -> None:
        """Nothing more is done."""
        self._live.close()
        await self.trader.close()

    async def _run(self, job: Coroutine[Any, Any, object]) -> None:
        try:
            await job
        except ClientError as error:
            self.shell.notices.tell(Notice(Kind.ERROR, f"{error.code}: {error}", error.hint, "error"))

    # What happens.

    def pulse(self) -> None:
        """Called with every frame that may have changed something: another desk, another state."""
        self._look_at_arming()
        self._live.pulse()

    def _look_at_arming(self) -> None:
        """What a click would hit is another market, or nothing."""
        before, desk = self._shown, self.shell.desk
        self._shown = desk
        is_other = before is not None and desk is not None and before.market.market != desk.market.market
        if is_other or self.shell.replay is not None:
            self.arming.disarm(Cause.MARKET)
        if desk is not None:
            is_live, is_open = self.shell.vitals.state <= ScreenState.SLOW, desk.status is MarketStatus.OPEN
            self.arming.tick(time.monotonic_ns(), is_live=is_live, is_open=is_open)

    def _arming_changed(self, cause: Cause | None) -> None:
        if cause is None:
            text = "DOM ARMED: a click in the ladder is an order · Esc or d disarms"
            self.shell.notices.note(Notice(Kind.INFO, text, severity="warning"))
        else:
            self.shell.notices.tell(Notice(Kind.INFO, f"DOM disarmed: {cause.value}", severity="warning"))
        self.shell.frame.mark(Part.STATE | Part.BOOK)
