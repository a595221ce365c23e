"""How a chart lies in its widget: which slots are in view, in which columns, on which scale.

data, right edge, size ── Framing.picture ──> Picture ──> cells, labels, what is under the pointer
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.geometry import Size

from mexchange.domain.candles import Candle
from mexchange.tui.glyphs import Look
from mexchange.tui.widgets.chart_data import ChartData
from mexchange.tui.widgets.chart_plot import Plot, body_width
from mexchange.tui.widgets.chart_slots import History, Slot
from mexchange.tui.widgets.price_scale import PriceScale, rescale, volume_scale
from mexchange.tui.widgets.shown import Shown

AXIS_WIDTH_MIN: Final = 8
PLOT_WIDTH_MIN: Final = 8
TIME_HEIGHT_MIN: Final = 6
VOLUME_HEIGHT_MIN: Final = 10
VOLUME_PERCENT: Final = 18


class Cross(NamedTuple):
    """Where the crosshair stands: a slot, by its time, and a row."""

    time_ns: int
    row: int


class Picture(NamedTuple):
    """What is in view, and where."""

    plot: Plot
    slots: Sequence[Slot]
    """Oldest first, at least one."""
    left: int
    """The column of the first slot."""
    axis_width: int
    """Cells of the price axis at the right; 0: there is no room for one."""
    step_ns: int

    @property
    def width(self) -> int:
        """Of plot and axis."""
        return self.plot.width + self.axis_width

    def continues(self, old: "Picture") -> bool:
        """Is it the old one, but for what the last slot shows."""
        same_place = (self.plot, self.left, len(self.slots)) == (old.plot, old.left, len(old.slots))
        return same_place and self.slots[:-1] == old.slots[:-1]

    def slot_at(self, time_ns: int) -> Slot | None:
        """The slot that begins then; None: it is not in view."""
        return self._slot(self._index(time_ns))

    def slot_under(self, x: int) -> Slot | None:
        """The slot in a column; None: there is none."""
        return self._slot((x - self.left) // self.plot.density)

    def column_of(self, time_ns: int) -> int:
        """The middle column of a slot; may lie outside."""
        return self.left + self._index(time_ns) * self.plot.density + body_width(self.plot.density) // 2

    def _index(self, time_ns: int) -> int:
        return (time_ns - self.slots[0].open_ns) // self.step_ns

    def _slot(self, index: int) -> Slot | None:
        return self.slots[index] if 0 <= index < len(self.slots) else None


class Framing:
    """Remembers what keeps one picture like the one before: the scales, and the longest price so far."""

    def __init__(self) -> None:
        self._plot: Plot | None = None
        self._axis_needed = 0
        """Cells; they only grow."""

    def forget_scales(self) -> None:
        """Of another size."""
        self._plot = None

    def picture(
        self, data: ChartData, history: History, shown: Shown, right_ns: int, *, size: Size, density: int, look: Look
    ) -> Picture | None:
        """With the slot of `right_ns` at the right edge, as far back as there is room; None: no candle is in view."""
        while True:
            axis = min(max(self._axis_needed, AXIS_WIDTH_MIN), size.width // 2)
            axis = axis if axis >= AXIS_WIDTH_MIN and size.width - axis >= PLOT_WIDTH_MIN else 0
            width = size.width - axis
            margin = 1 if width > 2 * PLOT_WIDTH_MIN else 0
            count = max(1, (width - margin) // density)
            slots = history.slots(data, right_ns, count)
            candles = [slot.candle for slot in slots if slot.candle is not None]
            if not candles:
                self._plot = None
                return None
            scale, volume_rows, volume = self._scales(candles, size.height)
            needed = len(shown.price(scale.high)) + 2
            if needed <= self._axis_needed:
                self._plot = Plot(width, scale, volume_rows, volume, density, look, data.indicators)
                return Picture(self._plot, slots, width - margin - count * density, axis, data.interval.ns)
            self._axis_needed = needed

    def _scales(self, candles: Sequence[Candle], height: int) -> tuple[PriceScale, int, int]:
        """Of prices, the rows of the volume, and the lots that fill them."""
        body = height - (1 if height >= TIME_HEIGHT_MIN else 0)
        volume_rows = max(1, body * VOLUME_PERCENT // 100) if body >= VOLUME_HEIGHT_MIN else 0
        old = self._plot
        low, high = min(candle.low for candle in candles), max(candle.high for candle in candles)
        scale = rescale(old.scale if old is not None else None, low, high, body - volume_rows)
        largest = max(candle.volume for candle in candles)
        return scale, volume_rows, volume_scale(old.volume_max if old is not None else 0, largest)
