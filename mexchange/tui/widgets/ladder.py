"""The ladder: the book by price, the own orders in it, and a mouse that knows which row it saw.

A press counts for the price that was painted in that row, whatever has come in since; two presses are a double press
only if they were for one price.
"""

import time
from collections.abc import Callable
from typing import Final, Literal

from textual import events
from textual.message import Message

from mexchange.domain.order import Side
from mexchange.tui.widgets.grouping import next_group
from mexchange.tui.widgets.ladder_columns import Column
from mexchange.tui.widgets.ladder_rows import Place, Row
from mexchange.tui.widgets.ladder_view import LadderView
from mexchange.tui.widgets.ladder_walk import FARTHEST, price_after

WHEEL_ROWS: Final = 3
LEFT_BUTTON: Final = 1
RIGHT_BUTTON: Final = 3


class Ladder(LadderView):
    """A LadderView with keys and a mouse."""

    class PricePressed(Message):
        """A row was pressed. `side`: where an order at this price would rest."""

        def __init__(
            self, side: Side, price: int, size_cum: int, column: Column, *, double: bool, shift: bool, ctrl: bool
        ) -> None:
            super().__init__()
            self.side, self.price, self.size_cum, self.column = side, price, size_cum, column
            self.double, self.shift, self.ctrl = double, shift, ctrl

    class OwnPressed(Message):
        """Own orders were pressed; `prices` are all exact ones in that row, best first, `price` the first."""

        def __init__(self, side: Side, prices: tuple[int, ...]) -> None:
            super().__init__()
            self.side, self.price, self.prices = side, prices[0], prices

    class OwnDragged(Message):
        """The own orders at one price were let go over another."""

        def __init__(self, side: Side, from_price: int, to_price: int) -> None:
            super().__init__()
            self.side, self.from_price, self.to_price = side, from_price, to_price

    class CursorMoved(Message):
        """The cursor stands at this price now."""

        def __init__(self, price: int) -> None:
            super().__init__()
            self.price = price

    class SizeWheel(Message):
        """The wheel was turned with ctrl: larger (1) or smaller (-1)."""

        def __init__(self, delta: int) -> None:
            super().__init__()
            self.delta = delta

    class GroupWanted(Message):
        """Another grouping is asked for."""

        def __init__(self, group_ticks: int) -> None:
            super().__init__()
            self.group_ticks = group_ticks

    class MenuWanted(Message):
        """The right button was pressed on a price, at this place of the screen."""

        def __init__(self, price: int, x: int, y: int) -> None:
            super().__init__()
            self.price, self.x, self.y = price, x, y

    def __init__(
        self,
        *,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(clock_ns=clock_ns, id=id, classes=classes)
        self._pressed: tuple[Row, Column] | None = None
        self._clicked = 0
        """The price of the last press."""
        self._drag: Row | None = None

    # Keys: the app binds these.

    def action_cursor_up(self) -> None:
        """One row up."""
        self._move(-1)

    def action_cursor_down(self) -> None:
        """One row down."""
        self._move(1)

    def action_cursor_page_up(self) -> None:
        """A screen up."""
        self._move(-max(1, len(self._seen) - 1))

    def action_cursor_page_down(self) -> None:
        """A screen down."""
        self._move(max(1, len(self._seen) - 1))

    def action_cursor_home(self) -> None:
        """The highest price."""
        self._move(-FARTHEST)

    def action_cursor_end(self) -> None:
        """The lowest price."""
        self._move(FARTHEST)

    def action_recentre(self) -> None:
        """The middle of the book into the middle of the ladder; locked prices stay locked, in their new rows."""
        locked = self.locked
        self._place, self._cursor = Place(), None
        self.update()
        if locked:
            self.action_lock()

    def action_lock(self) -> None:
        """Keep prices in their rows, or follow the middle again."""
        if self.locked:
            self._place = Place()
        else:
            self._anchor(0)
        self.update()

    def action_group(self, step: int = 1) -> None:
        """Ask for coarser (1) or finer (-1) steps."""
        self.post_message(self.GroupWanted(next_group(max(1, self._data.group_ticks), step)))

    def _move(self, rows: int) -> None:
        group, is_dom = max(1, self._data.group_ticks), self._data.dom
        price = price_after(self._sides, self._cursor, rows, group=group, is_dom=is_dom)
        if price is None:
            return
        self._set_cursor(price)
        if all(each.row.price != price for each in self._seen):
            self._place.anchor = price
            self._place.row = 0 if rows < 0 else max(0, len(self._seen) - 1 - self._data.dom)
            self.update()

    def _set_cursor(self, price: int) -> None:
        if price == self._cursor:
            return
        self._cursor = price
        self.update()
        self.post_message(self.CursorMoved(price))

    # Mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember what was painted under the pointer."""
        self._pressed = self._row_at(event)
        if self._pressed is None or event.button != LEFT_BUTTON:
            return
        row, column = self._pressed
        if column is Column.OWN and row.own is not None and len(row.own.prices) == 1:
            self._drag = row
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the dragged order would go."""
        if self._drag is None:
            return
        target = self._row_at(event)
        price = target[0].price if target is not None else None
        if price != self._drag_to:
            self._drag_to = price if price != self._drag.price else None
            self.update()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the dragged order."""
        drag, to_price = self._drag, self._drag_to
        if drag is None or drag.own is None:
            return
        self.release_mouse()
        self._drag = self._drag_to = None
        self.update()
        if to_price:
            event.stop()
            self._pressed = None
            self.post_message(self.OwnDragged(Side(drag.side), drag.own.prices[0], to_price))

    def on_click(self, event: events.Click) -> None:
        """Left: the price or the own orders; right: a menu."""
        if self._pressed is None:
            return
        row, column = self._pressed
        self._pressed = None
        event.stop()
        if event.button == RIGHT_BUTTON:
            self._set_cursor(row.price)
            self.post_message(self.MenuWanted(row.price, int(event.screen_x), int(event.screen_y)))
        elif event.button == LEFT_BUTTON:
            self._press(event, row, column)

    def _press(self, event: events.Click, row: Row, column: Column) -> None:
        double = event.chain >= 2 and self._clicked == row.price
        self._clicked = row.price
        self._set_cursor(row.price)
        side = Side(row.side)
        if column is Column.OWN and row.own is not None:
            self.post_message(self.OwnPressed(side, row.own.prices))
            return
        self.post_message(
            self.PricePressed(
                side, row.price, row.cum, column, double=double, shift=event.shift, ctrl=event.ctrl or event.meta
            )
        )

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Higher prices, or a larger size."""
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Lower prices, or a smaller size."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: Literal[1, -1]) -> None:
        event.stop()
        if event.ctrl:
            self.post_message(self.SizeWheel(direction))
            return
        self._anchor(direction * WHEEL_ROWS)
        self.update()

    def _row_at(self, event: events.MouseEvent) -> tuple[Row, Column] | None:
        """The row with a price that was last painted under the pointer."""
        offset = event.get_content_offset(self)
        if offset is None or self._paper is None:
            return None
        row = self._painted.get(offset.y)
        if row is None or not row.price or offset.y >= self.extent.height:
            return None
        return row, self._paper.columns.at(offset.x)
