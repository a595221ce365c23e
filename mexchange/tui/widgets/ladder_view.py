"""What a ladder shows of its data: rows, cursor, flashes; and which row was painted where.

Columns only grow and the scale of the bars has some play, so that the picture stays calm.
"""

import time
from collections.abc import Callable
from typing import ClassVar, Final

from textual.strip import Strip

from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.flashes import Flashes
from mexchange.tui.widgets.ladder_columns import columns_of
from mexchange.tui.widgets.ladder_data import DOUBTFUL, LadderData
from mexchange.tui.widgets.ladder_paint import Paper, Seen, paint_heading, paint_middle, paint_row
from mexchange.tui.widgets.ladder_rows import Kind, Place, Row, Sides, book_rows, dom_rows, sides_of
from mexchange.tui.widgets.shown import NO_SHOWN, Shown

HEADING_HEIGHT_MIN: Final = 4


class LadderView(Drawn):
    """Shows a LadderData. `clock_ns`: monotonic, for flashes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ladder--row",
        "ladder--row-cursor",
        "ladder--heading",
        "ladder--cursor",
        "ladder--own",
        "ladder--ghost",
        "ladder--size",
        "ladder--flash",
        "ladder--cum",
        "ladder--bid",
        "ladder--ask",
        "ladder--empty",
        "ladder--last",
        "ladder--bid-bar",
        "ladder--ask-bar",
        "ladder--middle",
        "ladder--middle-text",
        "ladder--middle-price",
        "ladder--doubt",
        "ladder--doubt-text",
    }
    DEFAULT_CSS = """
    LadderView {
        & > .ladder--row-cursor { background: $foreground 12%; }
        & > .ladder--heading { color: $muted; }
        & > .ladder--cursor { color: $accent; text-style: bold; }
        & > .ladder--own { color: $own; text-style: bold; }
        & > .ladder--ghost { color: $own; text-style: reverse; }
        & > .ladder--flash { color: $flash; text-style: bold; }
        & > .ladder--cum { color: $muted; }
        & > .ladder--bid { color: $bid; }
        & > .ladder--ask { color: $ask; }
        & > .ladder--empty { color: $faint; }
        & > .ladder--last { color: $last-price; }
        & > .ladder--bid-bar { color: $bid-bar; }
        & > .ladder--ask-bar { color: $ask-bar; }
        & > .ladder--middle { color: $faint; }
        & > .ladder--middle-text { color: $muted; }
        & > .ladder--middle-price { color: $last-price; text-style: bold; }
        & > .ladder--doubt { color: $warn; }
        & > .ladder--doubt-text { color: $warn; text-style: bold reverse; }
        &.-doubtful > .ladder--row { color: $foreground 40%; }
        &.-doubtful > .ladder--size { color: $foreground 40%; }
        &.-doubtful > .ladder--flash { color: $foreground 40%; text-style: none; }
        &.-doubtful > .ladder--cum { color: $muted 40%; }
        &.-doubtful > .ladder--own { color: $own 55%; }
        &.-doubtful > .ladder--bid { color: $bid 45%; }
        &.-doubtful > .ladder--ask { color: $ask 45%; }
        &.-doubtful > .ladder--bid-bar { color: $bid-bar 45%; }
        &.-doubtful > .ladder--ask-bar { color: $ask-bar 45%; }
        &.-doubtful > .ladder--last { color: $last-price 40%; }
        &.-doubtful > .ladder--middle-text { color: $muted 40%; }
        &.-doubtful > .ladder--middle-price { color: $last-price 40%; }
    }
    """

    def __init__(
        self,
        *,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._data = LadderData()
        self._shown = NO_SHOWN
        self._mode = (self._shown, self._data.group_ticks, self._data.dom)
        """Of what was shown last; the data itself may be the same object, changed."""
        self._sides = Sides((), (), {})
        self._seen: list[Seen] = []
        self._painted: dict[int, Row] = {}
        self._paper: Paper | None = None
        self._middle: tuple[object, ...] = ()
        self._heading: tuple[object, ...] = ()
        self._place = Place()
        self._cursor: int | None = None
        self._flashes = Flashes(clock_ns)
        self._is_fading = False
        self._is_doubtful = False
        self._drag_to: int | None = None

    def show(self, data: LadderData, shown: Shown) -> None:
        """Show this. What has not changed is not drawn again."""
        mode = (shown, data.group_ticks, data.dom)
        if mode[:2] != self._mode[:2]:
            self._forget()
        elif mode != self._mode:
            self._place = Place()
        self._data, self._shown, self._mode = data, shown, mode
        self.update()

    @property
    def cursor(self) -> int | None:
        """The price at the cursor, None until it was moved."""
        return self._cursor

    @property
    def locked(self) -> bool:
        """Prices stay in their rows."""
        return self._place.anchor is not None

    def _forget(self) -> None:
        """Another market or grouping: nothing of the old one stays."""
        self._place, self._cursor, self._drag_to, self._paper = Place(), None, None, None
        self._flashes.forget()
        self._seen = []

    def forget_arrangement(self) -> None:
        """Columns for the new size."""
        self._paper = None

    @property
    def _head(self) -> int:
        return 1 if self.extent.height >= HEADING_HEIGHT_MIN else 0

    def update(self) -> None:
        """Compute the rows and have those drawn that look different now."""
        width, height = self.extent
        data = self._data
        if not self.is_mounted or not width or not height or self._shown is NO_SHOWN:
            return
        if (data.state in DOUBTFUL) != self._is_doubtful:
            self._is_doubtful = not self._is_doubtful
            self.set_class(self._is_doubtful, "-doubtful")
        self._entitle()
        self._sides = sides_of(data)
        seen = self._see(self._rows(height - self._head))
        paper = self._paper_for([each.row for each in seen], width)
        middle = (self._sides.bids[:1], self._sides.asks[:1], data.last_price, data.last_side)
        heading = (data.state, data.age_ns // 100_000_000 if data.state in DOUBTFUL else 0)
        if paper != self._paper or len(seen) != len(self._seen):
            self._seen, self._paper = seen, paper
            self.refresh()
        else:
            changed = [y + self._head for y, (new, old) in enumerate(zip(seen, self._seen, strict=True)) if new != old]
            if middle != self._middle:
                changed += [y + self._head for y, each in enumerate(seen) if each.row.kind is Kind.MIDDLE]
            if heading != self._heading and self._head:
                changed.append(0)
            self._seen = seen
            self.refresh_lines(set(changed))
        self._middle, self._heading = middle, heading

    def _rows(self, height: int) -> list[Row]:
        if self._data.dom and not self._sides.crossed:
            last = [Row(Kind.MIDDLE)] if height > 2 else []
            return dom_rows(self._sides, self._data, height - len(last), self._place) + last
        return book_rows(self._sides, self._data, height, self._place, self._cursor)

    def _see(self, rows: list[Row]) -> list[Seen]:
        """Rows with cursor, flashes of changed sizes, and what is being dragged."""
        self._flashes.look(rows, (each.row for each in self._seen), motion=self.look.motion)
        self._fade_later()
        flashes, cursor, ghost = self._flashes, self._cursor, self._drag_to
        return [
            Seen(
                row,
                cursor is not None and row.price == cursor,
                row in flashes,
                ghost is not None and row.price == ghost,
            )
            for row in rows
        ]

    def _fade_later(self) -> None:
        """Come back when the first flash is over."""
        wait_s = self._flashes.next_end_s
        if wait_s is not None and not self._is_fading:
            self._is_fading = True
            self.set_timer(wait_s, self._fade)

    def _fade(self) -> None:
        self._is_fading = False
        self.update()

    def _paper_for(self, rows: list[Row], width: int) -> Paper:
        """Columns only grow and the scale has some play, so that the picture stays calm."""
        shown, old = self._shown, self._paper
        size_max = max((row.size for row in rows), default=0)
        size = len(shown.size(size_max))
        cum = len(shown.size(max((row.cum for row in rows), default=0)))
        price = len(shown.price(max((row.price for row in rows), default=0)))
        scale = size_max
        if old is not None:
            size, cum = max(size, old.columns.size), max(cum, old.columns.cum)
            price = max(price, old.columns.price)
            if old.scale * 7 <= size_max * 10 <= old.scale * 10:
                scale = old.scale
        columns = columns_of(width, size=size, cum=cum, price=price)
        return Paper(columns, scale, self.look, shown)

    def _entitle(self) -> None:
        data = self._data
        group = f"grp {self._shown.price(max(1, data.group_ticks))}"
        mode = "DOM ARMED" if data.armed else ("DOM" if data.dom else "DOM off")
        lock = " lock" if self.locked else ""
        self.titles = ("Ladder", f"{group} {self.glyphs.dot} {mode}{lock}")

    def draw_line(self, y: int, width: int) -> Strip:
        """Heading, row or middle."""
        paper = self._paper
        if paper is None or paper.columns.width != width or y - self._head >= len(self._seen):
            return Strip.blank(width, self.ink("ladder--row"))
        if y < self._head:
            return paint_heading(self._data, paper, self)
        seen = self._seen[y - self._head]
        self._painted[y] = seen.row
        if seen.row.kind is Kind.MIDDLE:
            return paint_middle(self._sides, self._data, paper, self)
        return paint_row(seen, paper, self)

    def _anchor(self, shift: int) -> None:
        """Keep the price nearest to the middle row, that many rows lower than it stands."""
        centre = len(self._seen) // 2
        priced = [(abs(y - centre), y, each.row.price) for y, each in enumerate(self._seen) if each.row.price]
        if priced:
            _, y, price = min(priced)
            self._place.anchor, self._place.row = price, y + shift
