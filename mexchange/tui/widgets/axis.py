"""The axes of a chart: prices at the right, times below."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from mexchange.domain.candles import DAY_NS, WEEK_BEGINS_NS, Interval
from mexchange.domain.order import Side
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.widgets.candle_cells import is_up
from mexchange.tui.widgets.chart_data import ChartData
from mexchange.tui.widgets.chart_slots import Slot
from mexchange.tui.widgets.fit import fit_price, fit_size, without_zeros
from mexchange.tui.widgets.price_scale import PriceScale, labels
from mexchange.tui.widgets.shown import Shown

ROWS_PER_LABEL: Final = 4
SECOND_NS: Final = 1_000_000_000
MINUTE_NS: Final = 60 * SECOND_NS
HOUR_NS: Final = 60 * MINUTE_NS
STEPS_NS: Final = (
    *(count * SECOND_NS for count in (5, 10, 15, 30)),
    *(count * MINUTE_NS for count in (1, 2, 5, 10, 15, 30)),
    *(count * HOUR_NS for count in (1, 2, 4, 6, 12)),
    *(count * DAY_NS for count in (1, 2, 7, 14, 28, 91, 364)),
)


class Mark(IntEnum):
    """What an axis label is; a higher one takes the row from a lower one."""

    NONE = 0
    TICK = 1
    VOLUME = 2
    ALERT = 3
    COUNTDOWN = 4
    ORDER = 5
    CROSS = 6
    LAST = 7
    GHOST = 8


class Label(NamedTuple):
    """One row of the price axis."""

    mark: Mark = Mark.NONE
    glyph: str = " "
    text: str = ""
    up: bool = True
    """Rising, bought; for an own order, whether it buys."""
    order_id: int = 0
    price: int = 0


BLANK: Final = Label()


def price_labels(
    data: ChartData, scale: PriceScale, shown: Shown, glyphs: GlyphSet, *, width: int, height: int, volume_max: int
) -> list[Label]:
    """A label or a blank for each row."""
    room = width - 2
    rows = [BLANK] * height

    def put(row: int, label: Label) -> None:
        if 0 <= row < height and label.mark > rows[row].mark:
            rows[row] = label

    def text_of(price: int) -> str:
        return fit_price(shown.price(price), room, glyphs.ellipsis)

    for row, price in labels(scale, ROWS_PER_LABEL).items():
        put(row, Label(Mark.TICK, glyphs.axis, text_of(price)))
    if height > scale.rows:
        size = fit_size(without_zeros(shown.size(volume_max)), max(1, room - 3), glyphs.ellipsis)
        put(scale.rows, Label(Mark.VOLUME, glyphs.axis, f"vol {size}"))
    for price in data.alerts:
        if scale.low <= price < scale.high:
            put(scale.row(price), Label(Mark.ALERT, glyphs.alert, text_of(price)))
    for order in data.orders:
        if scale.low <= order.price < scale.high:
            label = Label(
                Mark.ORDER, glyphs.last, text_of(order.price), order.side is Side.BUY, order.order_id, order.price
            )
            put(scale.row(order.price), label)
    if data.last_price and scale.low <= data.last_price < scale.high:
        row = scale.row(data.last_price)
        up = data.live is None or is_up(data.live) if data.last_side is None else data.last_side is Side.BUY
        put(row, Label(Mark.LAST, glyphs.last, text_of(data.last_price), up))
        if data.countdown_ns > 0:
            text = f"in {countdown_text(data.countdown_ns)}"
            put(row + 1, Label(Mark.COUNTDOWN, " ", text[:room] if len(text) <= room else "", up))
    return rows


def countdown_text(left_ns: int) -> str:
    """`00:23`, `3:59:58`, `2d 05h`: rounded up, so that it ends at zero and not before."""
    seconds = -(-left_ns // SECOND_NS)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours >= 24:
        return f"{hours // 24}d {hours % 24:02d}h"
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes:02d}:{seconds % 60:02d}"


def time_axis(
    slots: Sequence[Slot], shown: Shown, glyphs: GlyphSet, interval: Interval, *, left: int, density: int, width: int
) -> str:
    """Round times under their slots, as far apart as their texts need."""
    line = [" "] * width
    need = len(moment_text(0, shown, DAY_NS)) + 3
    step = next((each for each in STEPS_NS if each >= interval.ns and each // interval.ns * density >= need), 0)
    if not step:
        return "".join(line)
    free, origin_ns = 0, WEEK_BEGINS_NS if step % (7 * DAY_NS) == 0 else 0
    for index, slot in enumerate(slots):
        x = left + index * density
        if (slot.open_ns - origin_ns + shown.offset_ns(slot.open_ns)) % step or not free <= x:
            continue
        text = glyphs.time_tick + moment_text(slot.open_ns, shown, step)
        if x + len(text) <= width:
            line[x : x + len(text)] = text
            free = x + len(text) + 1
    return "".join(line)


def moment_text(time_ns: int, shown: Shown, step_ns: int) -> str:
    """As precise as such steps need: `21:05:10`, `21:05`, `Nov 22`."""
    moment = shown.moment(time_ns)
    if step_ns >= DAY_NS or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.strftime("%b %d")
    return moment.strftime("%H:%M" if step_ns >= MINUTE_NS else "%H:%M:%S")
