"""Ladder, tape, depth and chart as panels: the widgets, with their keys, reading from the desk."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.binding import BindingType

from mexchange.domain.candles import INTERVALS_BY_TEXT
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import OrderFlag, Side
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.vitals import ScreenState
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.chart_data import ChartData, FillMark, Indicator, OrderMark
from mexchange.tui.widgets.depth import DepthChart
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_data import LadderData, LadderState, OwnAt
from mexchange.tui.widgets.shown import NO_SHOWN
from mexchange.tui.widgets.tape import Tape

_STATES: Final = {
    ScreenState.LIVE: LadderState.LIVE,
    ScreenState.SLOW: LadderState.SLOW,
    ScreenState.GAP: LadderState.GAP,
    ScreenState.STALE: LadderState.STALE,
    ScreenState.RECONNECT: LadderState.RECONNECTING,
    ScreenState.OFFLINE: LadderState.OFFLINE,
    ScreenState.REPLAY: LadderState.REPLAY,
}


class LadderPanel(Ladder):
    """The book of the desk."""

    PARTS: ClassVar[Part] = Part.BOOK | Part.ORDERS | Part.TRADES | Part.STATE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ladder")]

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer
        self.data = LadderData(state=LadderState.LOADING)

    def paint(self, desk: Desk, parts: Part) -> None:
        """Rows that changed."""
        data, book = self.data, desk.book
        if book is not None:
            data.bids, data.asks = book.bids, book.asks
            data.group_ticks, data.depth = book.group_ticks, book.depth
        if parts & (Part.ORDERS | Part.BOOK | Part.TRADES):
            data.own = own_at(desk, self.dealer)
        data.armed = self.dealer.arming.is_armed
        if desk.trades:
            data.last_price, data.last_side = desk.trades[0].price, Side(desk.trades[0].side)
        else:
            data.last_price, data.last_side = 0, None
        data.state, data.age_ns = ladder_state(desk), desk.age_ns
        self.show(data, desk.shown)

    def action_every_price(self) -> None:
        """A row for every price, or for every level."""
        self.data.dom = not self.data.dom
        self.show(self.data, self._shown)


class TapePanel(Tape):
    """The trades of the desk."""

    PARTS: ClassVar[Part] = Part.TRADES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("tape")]
    _sizes: list[int]

    def __init__(self) -> None:
        super().__init__()
        self._sizes = []

    def paint(self, desk: Desk, parts: Part) -> None:
        """Newest first. Nothing is said of a market of which nothing was heard yet."""
        self.show(desk.trades, desk.shown if desk.trades_known else NO_SHOWN)

    def use_sizes(self, sizes: list[int]) -> None:
        """The presets in lots, from small to large, between which the filter steps."""
        self._sizes = sizes

    def action_next_filter(self) -> None:
        """The next preset, after the last one none."""
        larger = [size for size in self._sizes if size > self.min_size]
        self.min_size = larger[0] if larger else 0


class DepthPanel(DepthChart):
    """The book of the desk, summed up."""

    PARTS: ClassVar[Part] = Part.BOOK
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("depth")]

    def paint(self, desk: Desk, parts: Part) -> None:
        """As far as the book reaches."""
        if desk.book is not None:
            self.show(desk.book.bids, desk.book.asks, desk.shown, depth=desk.book.depth)


class ChartPanel(Chart):
    """The candles of the desk, with the own marks in them."""

    PARTS: ClassVar[Part] = Part.CANDLES | Part.LIVE_CANDLE | Part.ORDERS | Part.STATE | Part.ALERTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chart")]
    HEADING_LINKS: ClassVar[Mapping[str, str]] = {text: f"screen.use_interval('{text}')" for text in INTERVALS_BY_TEXT}

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer
        self.data = ChartData(text="loading")
        """Of which `indicators` are the screen's to set."""
        self._second = 0

    def paint(self, desk: Desk, parts: Part) -> None:
        """The last column for a live candle, the countdown each second, everything otherwise."""
        data, candles = self.data, desk.candles
        now_ns = desk.source.server_time_ns()
        second = now_ns // 1_000_000_000
        if parts == Part.STATE and second == self._second:
            return
        self._second = second
        if candles:
            data.live = candles[-1]
            data.last_price = candles[-1].close
            data.countdown_ns = max(0, candles[-1].open_ns + desk.interval.ns - now_ns)
        if parts & Part.CANDLES:
            data.interval, data.candles = desk.interval, candles[:-1]
            data.live = candles[-1] if candles else None
            data.text = _why_empty(desk)
            data.is_complete = desk.candle_row.is_complete
        if parts & Part.ORDERS:
            data.orders = _order_marks(desk)
            fills = self.dealer.fills.of_market(desk.market.market)
            data.fills = [FillMark(fill.time_ns, fill.side, fill.price) for fill in fills]
        if parts & Part.ALERTS:
            data.alerts = [price for _, price in self.dealer.alarm.prices(desk)]
        self.show(data, desk.shown)

    def use_indicators(self, names: list[str]) -> None:
        """Those of these names."""
        self.data.indicators = frozenset(each for each in Indicator if each.name in names)


def ladder_state(desk: Desk) -> LadderState:
    """The screen's state, and that of the market where the screen is to be trusted."""
    if desk.book is None or not desk.book.sequence:
        return LadderState.LOADING
    if desk.state <= ScreenState.SLOW and desk.status is not MarketStatus.OPEN:
        return LadderState.HALTED
    return _STATES[desk.state]


def own_at(desk: Desk, dealer: Dealer) -> Mapping[tuple[Side, int], OwnAt]:
    """Own resting lots of this market, by side and price."""
    found: dict[tuple[Side, int], OwnAt] = {}
    if desk.orders is None:
        return found
    for order in desk.orders.open.values():
        if order.market == desk.market.market and order.price and not order.flags & OrderFlag.QUOTE_AMOUNT:
            key = (order.side, order.price)
            before = found.get(key, OwnAt(0))
            found[key] = OwnAt(before.size + order.leaves, dealer.queue.first_ahead(order.side, order.price))
    return found


def _why_empty(desk: Desk) -> str:
    if desk.candle_row.loading:
        return "loading"
    return desk.candle_row.trouble or "no trades yet"


def _order_marks(desk: Desk) -> list[OrderMark]:
    if desk.orders is None:
        return []
    orders = desk.orders.open.values()
    return [
        OrderMark(order.order_id, order.side, order.price)
        for order in orders
        if order.market == desk.market.market and order.price
    ]
