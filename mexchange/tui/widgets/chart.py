"""The chart: candles, volume, lines, and the trader's own marks; it follows the growing candle until it is scrolled."""

from collections.abc import Sequence
from typing import Final, Literal

from textual import events
from textual.message import Message

from mexchange.tui.widgets.axis import BLANK, Label, Mark
from mexchange.tui.widgets.chart_data import Indicator
from mexchange.tui.widgets.chart_picture import Cross
from mexchange.tui.widgets.chart_slots import Slot
from mexchange.tui.widgets.chart_view import ChartView
from mexchange.tui.widgets.price_scale import PriceScale

DENSITIES: Final = (1, 2, 4, 6, 8)
"""Cells per candle."""
SCROLL_SLOTS: Final = 8


class Chart(ChartView):
    """A ChartView with keys and a mouse."""

    class IntervalWanted(Message):
        """Another interval is asked for, so many steps longer (shorter if negative)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class IndicatorsWanted(Message):
        """These lines are asked for."""

        def __init__(self, indicators: frozenset[Indicator]) -> None:
            super().__init__()
            self.indicators = indicators

    class OlderWanted(Message):
        """Candles from before this time would be seen if there were any; asked once for each time."""

        def __init__(self, before_ns: int) -> None:
            super().__init__()
            self.before_ns = before_ns

    class OrderDragged(Message):
        """An own order was let go over another price."""

        def __init__(self, order_id: int, from_price: int, to_price: int) -> None:
            super().__init__()
            self.order_id, self.from_price, self.to_price = order_id, from_price, to_price

    class PriceMarked(Message):
        """An alert is asked for at this price."""

        def __init__(self, price: int) -> None:
            super().__init__()
            self.price = price

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._pan: tuple[int, int] | None = None
        """Where the picture was taken hold of, and by how many slots it was moved since."""
        self._asked_ns = -1

    def _forget(self) -> None:
        super()._forget()
        self._asked_ns = -1

    def arranged(self, slots: Sequence[Slot]) -> None:
        """Ask for older candles where these begin before the first one known, once for each time."""
        first_ns = self._history.first_ns
        if self._data.is_complete or not first_ns or slots[0].open_ns >= first_ns or self._asked_ns == first_ns:
            return
        self._asked_ns = first_ns
        self.post_message(self.OlderWanted(first_ns))

    # Keys: the app binds these.

    def action_zoom(self, step: int = 1) -> None:
        """Wider (1) or narrower (-1) candles."""
        index = DENSITIES.index(self.density) + step
        self.density = DENSITIES[max(0, min(len(DENSITIES) - 1, index))]

    def action_pan(self, slots: int = SCROLL_SLOTS) -> None:
        """So many candles to the right; at the newest it follows again."""
        newest_ns, picture = self._history.newest_ns(self._data), self.picture
        if picture is None:
            return
        step = self._data.interval.ns
        right_ns = (newest_ns if self._right_ns is None else self._right_ns) + slots * step
        oldest_ns = (self._history.first_ns or newest_ns) + (len(picture.slots) // 4) * step
        right_ns = max(right_ns, min(oldest_ns, newest_ns))
        self._right_ns = right_ns if right_ns < newest_ns else None
        self.update()

    def action_follow(self) -> None:
        """Back to the growing candle."""
        self._right_ns = None
        self.update()

    def action_interval(self, step: int = 1) -> None:
        """Longer (1) or shorter (-1) candles."""
        self.post_message(self.IntervalWanted(step))

    def action_indicators(self) -> None:
        """The next choice of lines: none, EMA, VWAP, both."""
        choices = [
            frozenset[Indicator](),
            frozenset({Indicator.EMA}),
            frozenset({Indicator.VWAP}),
            frozenset(Indicator),
        ]
        index = choices.index(self._data.indicators) if self._data.indicators in choices else -1
        self.post_message(self.IndicatorsWanted(choices[(index + 1) % len(choices)]))

    def action_crosshair(self) -> None:
        """Show or hide the crosshair; it begins at the newest candle's close."""
        if self._cross is not None:
            self._cross = None
        elif self.picture is not None:
            slots, scale = self.picture.slots, self.picture.plot.scale
            slot = next((each for each in reversed(slots) if each.candle is not None), slots[-1])
            price = slot.candle.close if slot.candle is not None else scale.low
            self._cross = Cross(slot.open_ns, max(0, min(scale.rows - 1, scale.row(price))))
        self.refresh()
        self.update()

    def action_mark(self) -> None:
        """Ask for an alert at the crosshair, or at the last price."""
        price = self.cross_price or self._data.last_price
        if price and price > 0:
            self.post_message(self.PriceMarked(price))

    def action_cursor_left(self) -> None:
        """The crosshair, or the view, to the left."""
        self._step(-1, 0)

    def action_cursor_right(self) -> None:
        """The crosshair, or the view, to the right."""
        self._step(1, 0)

    def action_cursor_up(self) -> None:
        """The crosshair up."""
        self._step(0, -1)

    def action_cursor_down(self) -> None:
        """The crosshair down."""
        self._step(0, 1)

    def _step(self, slots: int, rows: int) -> None:
        cross, picture = self._cross, self.picture
        if cross is None or picture is None:
            if slots:
                self.action_pan(slots * SCROLL_SLOTS)
            return
        time_ns = cross.time_ns + slots * self._data.interval.ns
        row = max(0, min(picture.plot.scale.rows - 1, cross.row + rows))
        if time_ns < picture.slots[0].open_ns:
            self.action_pan(-SCROLL_SLOTS)
        elif time_ns > picture.slots[-1].open_ns:
            self.action_pan(SCROLL_SLOTS)
        if self.picture is not None and self.picture.slot_at(time_ns) is not None:
            self._cross = Cross(time_ns, row)
        self.refresh()
        self.update()

    # Mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of an own order on the axis, or of the picture."""
        offset, picture = event.get_content_offset(self), self.picture
        if offset is None or picture is None:
            return
        if offset.x >= picture.plot.width:
            label = self._labels[offset.y] if offset.y < len(self._labels) else BLANK
            order = self._order_in(offset.y, picture.plot.scale) if label.mark is Mark.LAST else label
            if order is not None and order.order_id:
                self._drag, self._drag_row = order, offset.y
                self.capture_mouse()
                self._relabel(picture)
        else:
            self._pan = (offset.x, 0)
            self.capture_mouse()

    def _order_in(self, row: int, scale: PriceScale) -> Label | None:
        """The own order that stands in a row where the last price is written."""
        for order in self._data.orders:
            if scale.row(order.price) == row:
                return Label(Mark.ORDER, order_id=order.order_id, price=order.price)
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag, pan, or lead the crosshair."""
        picture = self.picture
        if picture is None:
            return
        x, y = int(event.x) - self.gutter.left, int(event.y) - self.gutter.top
        rows = picture.plot.scale.rows
        if self._drag is not None:
            self._drag_row = max(0, min(rows - 1, y))
            self._relabel(picture)
        elif self._pan is not None:
            start, done = self._pan
            slots = (start - x) // self.density
            if slots != done:
                self._pan = (start, slots)
                self.action_pan(slots - done)
        elif self._cross is not None and 0 <= y < rows and 0 <= x < picture.plot.width:
            slot = picture.slot_under(x)
            if slot is not None:
                self._cross = Cross(slot.open_ns, y)
                self.refresh()
                self.update()

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go."""
        drag, pan, picture = self._drag, self._pan, self.picture
        self._drag = self._pan = None
        if drag is not None or pan is not None:
            self.release_mouse()
        if picture is None or drag is None:
            return
        scale = picture.plot.scale
        moved, to_price = self._drag_row != scale.row(drag.price), scale.price_at(self._drag_row)
        self._relabel(picture)
        if moved and to_price > 0:
            self.post_message(self.OrderDragged(drag.order_id, drag.price, to_price))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Older candles, or wider ones."""
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Newer candles, or narrower ones."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: Literal[1, -1]) -> None:
        event.stop()
        if event.ctrl:
            self.action_zoom(direction)
        else:
            self.action_pan(-direction * SCROLL_SLOTS)
