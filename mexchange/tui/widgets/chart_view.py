"""What a chart shows of its data: slots, scale, the cells of candles, labels.

While nothing but the growing candle changes, its columns alone are computed and drawn again.
"""

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from mexchange.domain.candles import Candle, Interval
from mexchange.tui.widgets.axis import BLANK, Label, Mark, price_labels, time_axis
from mexchange.tui.widgets.candle_cells import Ink
from mexchange.tui.widgets.chart_data import ChartData, Indicator
from mexchange.tui.widgets.chart_paint import INKS, MARKS, label_segment, with_cross
from mexchange.tui.widgets.chart_plot import Grid, Plot, body_width, draw, draw_slot, mark, runs
from mexchange.tui.widgets.chart_slots import History, Slot
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.line import Line
from mexchange.tui.widgets.price_scale import rescale, volume_scale
from mexchange.tui.widgets.readout import readout
from mexchange.tui.widgets.shown import Shown

INTERVALS: Final = (Interval.M1, Interval.M5, Interval.M15, Interval.H1, Interval.H4, Interval.D1)
"""Those in the frame; keys reach the others too."""
AXIS_WIDTH_MIN: Final = 8
PLOT_WIDTH_MIN: Final = 8
TIME_HEIGHT_MIN: Final = 6
VOLUME_HEIGHT_MIN: Final = 10
VOLUME_PERCENT: Final = 18
NO_SHOWN: Final = Shown("", 1, 1, 0)


class ChartView(Drawn):
    """Shows a ChartData."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *INKS.values(),
        *MARKS.values(),
        "chart--last-up",
        "chart--last-down",
        "chart--countdown",
        "chart--time",
        "chart--text",
        "chart--readout",
    }
    DEFAULT_CSS = """
    ChartView {
        & > .chart--up { color: $bid; }
        & > .chart--down { color: $ask; }
        & > .chart--up-wick { color: $bid-dim; }
        & > .chart--down-wick { color: $ask-dim; }
        & > .chart--up-volume { color: $bid 36%; }
        & > .chart--down-volume { color: $ask 36%; }
        & > .chart--gap { color: $faint; }
        & > .chart--ema { color: $line-ema; }
        & > .chart--vwap { color: $line-vwap; }
        & > .chart--bought { color: $own; text-style: bold; }
        & > .chart--sold { color: $own; text-style: bold; }
        & > .chart--cross { color: $muted; }
        & > .chart--axis { color: $muted; }
        & > .chart--alert { color: $warn; }
        & > .chart--order { color: $own; text-style: bold; }
        & > .chart--ghost { color: $own; text-style: bold reverse; }
        & > .chart--cross-label { color: $foreground; text-style: reverse; }
        & > .chart--last-up { color: $bid; text-style: bold reverse; }
        & > .chart--last-down { color: $ask; text-style: bold reverse; }
        & > .chart--countdown { color: $muted; }
        & > .chart--time { color: $muted; }
        & > .chart--text { color: $muted; }
        & > .chart--readout { color: $foreground; text-style: bold; }
    }
    """

    density: reactive[int] = reactive(1)
    """Cells per candle."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._data = ChartData()
        self._shown = NO_SHOWN
        self._interval = self._data.interval
        self._history = History()
        self._plot: Plot | None = None
        self._grid: Grid = []
        self._slots: list[Slot] = []
        self._left = 0
        self._fills: tuple[object, ...] = ()
        self._labels: list[Label] = []
        self._axis_width = 0
        self._axis_needed = 0
        """For the longest price so far; it only grows, so that the picture stays calm."""
        self._times = ""
        self._right_ns: int | None = None
        """The slot at the right edge, None while the growing candle is."""
        self._cross: tuple[int, int] | None = None
        """Slot (its time) and row of the crosshair."""
        self._drag: Label | None = None
        """The own order that is being dragged, and over which row."""
        self._drag_row = 0
        self._cell_styles: dict[tuple[Ink, Ink], Style] = {}

    def show(self, data: ChartData, shown: Shown) -> None:
        """Show this. What has not changed is not drawn again."""
        if shown != self._shown or data.interval is not self._interval:
            self._forget()
        self._data, self._shown, self._interval = data, shown, data.interval
        self.update()

    def live(self, candle: Candle) -> None:
        """The growing candle has grown; its columns alone are drawn again."""
        self._data.live = candle
        self.update()

    @property
    def follows(self) -> bool:
        """The growing candle is in view."""
        return self._right_ns is None

    @property
    def cross_price(self) -> int | None:
        """The price at the crosshair, None while there is none."""
        if self._cross is None or self._plot is None:
            return None
        return self._plot.scale.price_at(self._cross[1])

    def _forget(self) -> None:
        """Another market or interval: nothing of the old one stays."""
        self._plot, self._right_ns, self._cross, self._drag = None, None, None, None
        self._axis_needed = 0
        self._history = History()

    def forget_arrangement(self) -> None:
        """Columns for the new size."""
        self._plot = None

    def watch_density(self, _density: int) -> None:
        """Draw wider or narrower candles."""
        self.update()

    def notify_style_update(self) -> None:
        """Colours are asked for again."""
        self._cell_styles.clear()
        super().notify_style_update()

    def update(self) -> None:
        width, height = self.extent
        if not self.is_mounted or not width or not height:
            return
        self._entitle()
        self._history.take(self._data)
        newest_ns = self._history.newest_ns(self._data)
        right_ns = newest_ns if self._right_ns is None else self._right_ns
        slots, left, plot = self._arrange(right_ns, width, height) if newest_ns else ([], 0, None)
        if plot is None:
            self._show_nothing()
            return
        fills = tuple(self._data.fills)
        same = plot == self._plot and left == self._left and fills == self._fills
        if same and slots[:-1] == self._slots[:-1] and len(slots) == len(self._slots):
            if slots[-1] != self._slots[-1]:
                self._redraw_last(plot, slots, left)
        else:
            self._grid = draw(plot, slots, left, self._data.fills, self._data.interval.ns)
            self._times = time_axis(
                slots, self._shown, self.glyphs, self._data.interval, left=left, density=self.density, width=plot.width
            )
            self.refresh()
        self._plot, self._slots, self._left, self._fills = plot, slots, left, fills
        self._relabel(plot)
        self.arranged(slots)

    def _show_nothing(self) -> None:
        if self._plot is not None or not self._slots:
            self.refresh()
        self._plot, self._slots, self._labels = None, [], []

    def _arrange(self, right_ns: int, width: int, height: int) -> tuple[list[Slot], int, Plot | None]:
        """Slots, the column of the first one, and the frame; without a frame there is nothing to show."""
        while True:
            axis = min(max(self._axis_needed, AXIS_WIDTH_MIN), width // 2)
            self._axis_width = axis if axis >= AXIS_WIDTH_MIN and width - axis >= PLOT_WIDTH_MIN else 0
            plot_width = width - self._axis_width
            margin = 1 if plot_width > 2 * PLOT_WIDTH_MIN else 0
            count = max(1, (plot_width - margin) // self.density)
            slots = self._history.slots(self._data, right_ns, count)
            candles = [slot.candle for slot in slots if slot.candle is not None]
            if not candles:
                return slots, 0, None
            plot = self._plot_for(candles, plot_width, height)
            needed = len(self._shown.price(plot.scale.high)) + 2
            if needed <= self._axis_needed:
                return slots, plot_width - margin - count * self.density, plot
            self._axis_needed = needed

    def _plot_for(self, candles: list[Candle], width: int, height: int) -> Plot:
        body = height - (1 if height >= TIME_HEIGHT_MIN else 0)
        volume_rows = max(1, body * VOLUME_PERCENT // 100) if body >= VOLUME_HEIGHT_MIN else 0
        old = self._plot
        scale = rescale(
            old.scale if old is not None else None,
            min(candle.low for candle in candles),
            max(candle.high for candle in candles),
            body - volume_rows,
        )
        volume = volume_scale(old.volume_max if old is not None else 0, max(candle.volume for candle in candles))
        return Plot(width, scale, volume_rows, volume, self.density, self.look, self._data.indicators)

    def _redraw_last(self, plot: Plot, slots: list[Slot], left: int) -> None:
        """The last slot's columns, and of these the rows that look different."""
        x = left + (len(slots) - 1) * plot.density
        end = min(plot.width, x + plot.density)
        old = [row[x:end] for row in self._grid]
        draw_slot(self._grid, plot, slots[-1], slots[-2] if len(slots) > 1 else None, x)
        begin_ns = slots[-1].open_ns
        for fill in self._data.fills:
            if begin_ns <= fill.time_ns < begin_ns + self._data.interval.ns:
                mark(self._grid, plot, slots[-1], fill.side, x)
        changed = [y for y, row in enumerate(self._grid) if row[x:end] != old[y]]
        if self._cross is not None:
            self.refresh()
        elif changed:
            self.refresh(*[Region(x, y, end - x, 1) for y in changed])

    def _relabel(self, plot: Plot) -> None:
        """The price axis; only rows that look different are drawn again."""
        if not self._axis_width:
            self._labels = []
            return
        labels = price_labels(
            self._data,
            plot.scale,
            self._shown,
            self.glyphs,
            width=self._axis_width,
            height=plot.height,
            volume_max=plot.volume_max,
        )
        if self._cross is not None and self.cross_price is not None and 0 <= self._cross[1] < plot.scale.rows:
            text = self._shown.price(self.cross_price)
            labels[self._cross[1]] = Label(Mark.CROSS, self.glyphs.axis, text)
        if self._drag is not None and 0 <= self._drag_row < plot.scale.rows:
            text = self._shown.price(plot.scale.price_at(self._drag_row))
            labels[self._drag_row] = Label(Mark.GHOST, self.glyphs.last, text)
        old, self._labels = self._labels, labels
        if len(old) != len(labels):
            self.refresh()
            return
        changed = [y for y, label in enumerate(labels) if label != old[y]]
        if changed:
            self.refresh(*[Region(plot.width, y, self._axis_width, 1) for y in changed])

    def arranged(self, slots: list[Slot]) -> None:
        """These are in view now, oldest first."""

    def _entitle(self) -> None:
        data, dot = self._data, self.glyphs.dot
        parts = [f"{self._shown.symbol} {data.interval.text}".strip()]
        parts += [each.value for each in Indicator if each in data.indicators]
        if self._right_ns is not None:
            parts.append("scrolled")
        self.titles = (f" {dot} ".join(parts), " ".join(each.text for each in INTERVALS))

    def draw_line(self, y: int, width: int) -> Strip:
        """A row of the plot with its label, or the time axis."""
        plot = self._plot
        if plot is None or plot.width + self._axis_width != width:
            return self._text_line(y, width)
        if y < plot.height:
            return Strip([*self._plot_segments(plot, y), *self._label_segments(y)], width)
        line = Line(width)
        if y == plot.height:
            line.add(self._times, self.ink("chart--time"))
        return line.strip(self.ink("chart--plot"))

    def _text_line(self, y: int, width: int) -> Strip:
        line, text = Line(width), self._data.text or "no candles yet"
        if y == self.extent.height // 2:
            line.fill_to(max(0, (width - len(text)) // 2), self.ink("chart--plot"))
            line.add(text, self.ink("chart--text"))
        return line.strip(self.ink("chart--plot"))

    def _plot_segments(self, plot: Plot, y: int) -> list[Segment]:
        row, cross = self._grid[y], self._cross
        if cross is not None:
            row = with_cross(row, self.glyphs, column=self._column_of(cross[0], plot), whole=y == cross[1])
        segments = [Segment(text, self._cell_style(*inks)) for text, inks in runs(row)]
        if cross is not None and y == 0:
            return self._with_readout(plot, segments, cross[0])
        return segments

    def _with_readout(self, plot: Plot, segments: list[Segment], time_ns: int) -> list[Segment]:
        slot = self._slot_at(time_ns)
        text = readout(slot, self._shown, plot.width) if slot is not None else ""
        rest = Strip(segments, plot.width).crop(len(text), plot.width)
        return [Segment(text, self.ink("chart--readout")), *rest] if text else segments

    def _label_segments(self, y: int) -> list[Segment]:
        if not self._axis_width:
            return []
        label = self._labels[y] if y < len(self._labels) else BLANK
        return [label_segment(label, self._axis_width, self.glyphs, self)]

    def _cell_style(self, ink: Ink, on: Ink) -> Style:
        style = self._cell_styles.get((ink, on))
        if style is None:
            style = self.ink(INKS[ink])
            if on:
                back = self.ink(INKS[on]).color
                front = style.bgcolor if ink is Ink.NONE else style.color
                style = Style(color=front, bgcolor=back)
            self._cell_styles[ink, on] = style
        return style

    def _column_of(self, time_ns: int, plot: Plot) -> int:
        """The middle column of a slot."""
        if not self._slots:
            return -1
        index = (time_ns - self._slots[0].open_ns) // self._data.interval.ns
        return self._left + index * plot.density + body_width(plot.density) // 2

    def _slot_at(self, time_ns: int) -> Slot | None:
        if not self._slots:
            return None
        index = (time_ns - self._slots[0].open_ns) // self._data.interval.ns
        return self._slots[index] if 0 <= index < len(self._slots) else None
