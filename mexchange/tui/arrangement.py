"""Which panel stands where, for every size of the terminal: a function of width and height.

    tiny     below 80x24       one panel, and what fits of header, status and keys
    narrow   from 80x24        ladder | tabs, a ticket of two lines below
    mid      from 110x32       ladder | chart | ticket over tape, tabs below
    wide     from 160x50       watch over depth | ladder | chart | ticket over tape, two rows of tables below

A slot with several panels shows one of them; their names are its tabs. Regions never overlap and fill the screen.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from textual.geometry import Region

PANELS: Final = {
    "ladder": "Ladder",
    "chart": "Chart",
    "tape": "Tape",
    "depth": "Depth",
    "orders": "Orders",
    "positions": "Positions",
    "balances": "Balances",
    "fills": "Fills",
    "alerts": "Alerts",
    "log": "Log",
    "ticket": "Ticket",
    "watch": "Watch",
}
"""By name, with what people read."""
NUMBERS: Final = {
    "ladder": 0,
    "chart": 1,
    "tape": 2,
    "depth": 3,
    "orders": 4,
    "positions": 5,
    "balances": 6,
    "fills": 7,
    "alerts": 8,
    "log": 9,
}
"""The keys that show them."""
LINES: Final = ("header", "banner", "status", "hints")
"""What is not a panel."""

_TABLES: Final = ("orders", "positions", "balances", "fills", "alerts", "log")


class Slot(msgspec.Struct, frozen=True):
    """A place, and the panels that share it."""

    region: Region
    panels: tuple[str, ...]


class Arrangement(msgspec.Struct, frozen=True):
    """The whole screen."""

    size_class: str
    slots: tuple[Slot, ...]
    lines: dict[str, Region]

    def slot_of(self, panel: str) -> int | None:
        """The number of the slot that may show this panel."""
        return next((number for number, slot in enumerate(self.slots) if panel in slot.panels), None)


def arrange(width: int, height: int, *, banner: int = 0, layout: str = "standard", zoomed: str = "") -> Arrangement:
    """`banner`: lines that it wants. `zoomed`: this panel alone."""
    size_class = size_class_of(width, height)
    lines, body = _lines(width, height, banner, size_class)
    if zoomed or size_class == "tiny":
        first = (zoomed,) if zoomed else ()
        panels = (*first, *(name for name in ("ladder", "ticket", *PANELS) if name not in first))
        return Arrangement(size_class, (Slot(body, tuple(dict.fromkeys(panels))),), lines)
    if layout == "dom":
        return Arrangement(size_class, tuple(_dom(body)), lines)
    if layout == "compact":
        return Arrangement(size_class, tuple(_narrow(body)), lines)
    builder = {"narrow": _narrow, "mid": _mid, "wide": _wide}[size_class]
    return Arrangement(size_class, tuple(builder(body)), lines)


def size_class_of(width: int, height: int) -> str:
    """The greatest that fits."""
    for name, least_width, least_height in (("wide", 160, 50), ("mid", 110, 32), ("narrow", 80, 24)):
        if width >= least_width and height >= least_height:
            return name
    return "tiny"


def _lines(width: int, height: int, banner: int, size_class: str) -> tuple[dict[str, Region], Region]:
    """The lines at the edges, and what is left for panels."""
    lines, top, bottom = {}, 0, height
    if height >= 2:
        bottom -= 1
        lines["status"] = Region(0, bottom, width, 1)
    if size_class != "tiny" or height >= 10:
        lines["hints"] = Region(0, bottom, width, 1)
        lines["status"] = Region(0, bottom - 1, width, 1)
        bottom -= 1
        lines["header"] = Region(0, 0, width, 1)
        top = 1
    if banner and bottom - top > banner:
        lines["banner"] = Region(0, top, width, banner)
        top += banner
    return lines, Region(0, top, width, max(0, bottom - top))


def _narrow(body: Region) -> Iterable[Slot]:
    left = min(48, max(38, body.width * 38 // 80))
    upper, ticket = body.split_horizontal(-4)
    ladder, right = upper.split_vertical(left)
    return (
        Slot(ladder, ("ladder",)),
        Slot(right, ("chart", "tape", "depth", *_TABLES, "watch")),
        Slot(ticket, ("ticket",)),
    )


def _mid(body: Region) -> Iterable[Slot]:
    upper, lower = body.split_horizontal(-max(9, body.height // 4))
    ladder, rest = upper.split_vertical(min(48, max(42, body.width // 4)))
    chart, right = rest.split_vertical(-max(28, body.width // 6))
    ticket, tape = right.split_horizontal(13)
    return (
        Slot(ladder, ("ladder",)),
        Slot(chart, ("chart",)),
        Slot(ticket, ("ticket",)),
        Slot(tape, ("tape", "depth")),
        Slot(lower, (*_TABLES, "watch")),
    )


def _wide(body: Region) -> Iterable[Slot]:
    upper, lower = body.split_horizontal(-max(18, body.height * 21 // 57))
    left, middle = upper.split_vertical(max(34, body.width * 36 // 200))
    ladder, rest = middle.split_vertical(max(44, body.width * 46 // 200))
    chart, right = rest.split_vertical(-max(30, body.width * 32 // 200))
    watch, depth = left.split_horizontal(max(8, left.height * 21 // 36))
    ticket, tape = right.split_horizontal(13)
    tables, below = lower.split_horizontal((lower.height + 1) // 2)
    orders, positions = tables.split_vertical(tables.width * 3 // 5)
    balances, others = below.split_vertical(below.width // 3)
    fills, log = others.split_vertical(others.width // 2)
    return (
        Slot(watch, ("watch",)),
        Slot(depth, ("depth",)),
        Slot(ladder, ("ladder",)),
        Slot(chart, ("chart",)),
        Slot(ticket, ("ticket",)),
        Slot(tape, ("tape",)),
        Slot(orders, ("orders",)),
        Slot(positions, ("positions", "alerts")),
        Slot(balances, ("balances",)),
        Slot(fills, ("fills",)),
        Slot(log, ("log",)),
    )


def _dom(body: Region) -> Iterable[Slot]:
    ladder, right = body.split_vertical(max(38, body.width * 3 // 5))
    ticket, tables = right.split_horizontal(min(13, right.height // 2))
    return (
        Slot(ladder, ("ladder",)),
        Slot(ticket, ("ticket",)),
        Slot(tables, (*_TABLES, "chart", "tape", "depth", "watch")),
    )
