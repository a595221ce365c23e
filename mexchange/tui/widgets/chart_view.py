"""What a chart shows of its data: slots, scale, the cells of candles, labels.

While nothing but the growing candle changes, its columns alone are computed and drawn again.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from mexchange.domain.candles import Candle, Interval
from mexchange.tui.widgets.axis import BLANK, Label, Mark, price_labels, time_axis
from mexchange.tui.widgets.chart_data import ChartData, Indicator
from mexchange.tui.widgets.chart_paint import INKS, MARKS, CellStyles, label_segment, with_cross
from mexchange.tui.widgets.chart_picture import Cross, Framing, Picture
from mexchange.tui.widgets.chart_plot import Grid, draw, redraw_last, runs
from mexchange.tui.widgets.chart_slots import History, Slot
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.line import Line
from mexchange.tui.widgets.readout import readout
from mexchange.tui.widgets.shown import NO_SHOWN, Shown

INTERVALS: Final = (Interval.M1, Interval.M5, Interval.M15, Interval.H1, Interval.H4, Interval.D1)
"""Those in the frame; keys reach the others too."""


class ChartView(Drawn):
    """Shows a ChartData."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *INKS.values(), *MARKS.values(),
        "chart--last-up", "chart--last-down", "chart--time", "chart--text", "chart--readout",
    }  # fmt: skip
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
        self._framing = Framing()
        self.picture: Picture | None = None
        """What is in view; None: nothing."""
        self._grid: Grid = []
        self._fills: tuple[object, ...] = ()
        self._labels: list[Label] = []
        self._times = ""
        self._right_ns: int | None = None
        """The slot at the right edge, None while the growing candle is."""
        self._cross: Cross | None = None
        self._drag: Label | None = None
        """The own order that is being dragged, and over which row."""
        self._drag_row = 0
        self._cell_styles = CellStyles(self)

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
        if self._cross is None or self.picture is None:
            return None
        return self.picture.plot.scale.price_at(self._cross.row)

    def _forget(self) -> None:
        """Another market or interval: nothing of the old one stays."""
        self.picture, self._right_ns, self._cross, self._drag = None, None, None, None
        self._framing, self._history = Framing(), History()

    def forget_arrangement(self) -> None:
        """Columns for the new size."""
        self.picture = None
        self._framing.forget_scales()

    def watch_density(self, _density: int) -> None:
        """Draw wider or narrower candles."""
        self.update()

    def notify_style_update(self) -> None:
        """Colours are asked for again."""
        self._cell_styles.forget()
        super().notify_style_update()

    def update(self) -> None:
        """Compute the picture, and have drawn what of it is new."""
        size = self.extent
        if not self.is_mounted or not size.width or not size.height:
            return
        data, old, fills = self._data, self.picture, tuple(self._data.fills)
        self._entitle()
        self._history.take(data)
        newest_ns = self._history.newest_ns(data)
        right_ns = newest_ns if self._right_ns is None else self._right_ns
        picture = self.picture = self._framing.picture(
            data, self._history, self._shown, right_ns, size=size, density=self.density, look=self.look
        )
        if picture is None:
            self._labels = []
            self.refresh()
            return
        if old is None or not picture.continues(old) or fills != self._fills:
            self._draw(picture)
        elif picture.slots[-1] != old.slots[-1]:
            self._draw_last(picture)
        self._fills = fills
        self._relabel(picture)
        self.arranged(picture.slots)

    def _draw(self, picture: Picture) -> None:
        plot, slots, left = picture.plot, picture.slots, picture.left
        self._grid = draw(plot, slots, left, self._data.fills, picture.step_ns)
        self._times = time_axis(
            slots, self._shown, self.glyphs, self._data.interval, left=left, density=plot.density, width=plot.width
        )
        self.refresh()

    def _draw_last(self, picture: Picture) -> None:
        """The growing candle; the crosshair may go through it."""
        plot, slots, left = picture.plot, picture.slots, picture.left
        changed = redraw_last(self._grid, plot, slots, left, self._data.fills, picture.step_ns)
        if self._cross is not None:
            self.refresh()
        elif changed:
            self.refresh(*changed)

    def _relabel(self, picture: Picture) -> None:
        """The price axis; only rows that look different are drawn again."""
        old, self._labels = self._labels, self._labels_of(picture)
        if len(old) != len(self._labels):
            self.refresh()
            return
        changed = [y for y, label in enumerate(self._labels) if label != old[y]]
        if changed:
            self.refresh(*[Region(picture.plot.width, y, picture.axis_width, 1) for y in changed])

    def _labels_of(self, picture: Picture) -> list[Label]:
        """Of the data, and over them the crosshair and the order that is being dragged."""
        plot, shown = picture.plot, self._shown
        if not picture.axis_width:
            return []
        labels = price_labels(
            self._data, plot.scale, shown, self.glyphs,
            width=picture.axis_width, height=plot.height, volume_max=plot.volume_max,
        )  # fmt: skip
        if self._cross is not None and 0 <= self._cross.row < plot.scale.rows:
            price = plot.scale.price_at(self._cross.row)
            labels[self._cross.row] = Label(Mark.CROSS, self.glyphs.axis, shown.price(price))
        if self._drag is not None and 0 <= self._drag_row < plot.scale.rows:
            price = plot.scale.price_at(self._drag_row)
            labels[self._drag_row] = Label(Mark.GHOST, self.glyphs.last, shown.price(price))
        return labels

    def arranged(self, slots: Sequence[Slot]) -> None:
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
        picture = self.picture
        if picture is None or picture.width != width:
            return self._text_line(y, width)
        if y < picture.plot.height:
            return Strip([*self._plot_segments(picture, y), *self._label_segments(picture, y)], width)
        line = Line(width)
        if y == picture.plot.height:
            line.add(self._times, self.ink("chart--time"))
        return line.strip(self.ink("chart--plot"))

    def _text_line(self, y: int, width: int) -> Strip:
        line, text = Line(width), self._data.text
        if y == self.extent.height // 2:
            line.fill_to(max(0, (width - len(text)) // 2), self.ink("chart--plot"))
            line.add(text, self.ink("chart--text"))
        return line.strip(self.ink("chart--plot"))

    def _plot_segments(self, picture: Picture, y: int) -> list[Segment]:
        row, cross = self._grid[y], self._cross
        if cross is not None:
            row = with_cross(row, self.glyphs, column=picture.column_of(cross.time_ns), whole=y == cross.row)
        segments = [Segment(text, self._cell_styles.of(*inks)) for text, inks in runs(row)]
        if cross is not None and y == 0:
            return self._with_readout(picture, segments, cross.time_ns)
        return segments

    def _with_readout(self, picture: Picture, segments: list[Segment], time_ns: int) -> list[Segment]:
        slot, width = picture.slot_at(time_ns), picture.plot.width
        text = readout(slot, self._shown, width) if slot is not None else ""
        rest = Strip(segments, width).crop(len(text), width)
        return [Segment(text, self.ink("chart--readout")), *rest] if text else segments

    def _label_segments(self, picture: Picture, y: int) -> list[Segment]:
        if not picture.axis_width:
            return []
        label = self._labels[y] if y < len(self._labels) else BLANK
        return [label_segment(label, picture.axis_width, self.glyphs, self)]
