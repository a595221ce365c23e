"""Where the parts of a ticket stand, for each size of its place: a pure function, and the layout that asks it.

flat     two lines, of a narrow screen: fields in the first, figures in the second
small    four lines or fewer columns
full     a field a line
"""

from collections.abc import Callable
from typing import NamedTuple

from textual.geometry import NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

PARTS = (
    "side", "type", "tif", "price-label", "price", "bid", "ask", "mid", "size-label", "size", "unit",
    "p25", "p50", "p75", "p100", "post", "reduce", "expiry", "gives", "gets", "fee", "after", "send",
)  # fmt: skip

Places = dict[str, Region]
_NEEDED = ("side", "price", "size", "send")
"""First served where there is no room for all."""


class Needs(NamedTuple):
    """What a ticket wants room for at the moment."""

    has_expiry: bool
    has_problem: bool


class TicketLayout(Layout):
    """Of the children by name."""

    name = "ticket"

    def __init__(self, needs: Callable[[], Needs]) -> None:
        self._needs = needs

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Children without a place are not shown."""
        parent.pre_layout(self)
        needs = self._needs()
        found = places(size.width, size.height, has_expiry=needs.has_expiry, has_problem=needs.has_problem)
        return [
            WidgetPlacement(found[str(child.name)], Offset(0, 0), NULL_SPACING, child)
            for child in children
            if child.name in found
        ]


def places(width: int, height: int, *, has_expiry: bool, has_problem: bool = False) -> Places:
    """Regions by part; parts that find no room are left out, what is needed to send an order goes first.

    `has_problem`: the last part says why an order cannot be sent, and wants three lines for it.
    """
    if width <= 0 or height <= 0:
        return {}
    build = _flat if height <= 3 else _full
    found = build(width, height, has_expiry, has_problem)
    whole = Region(0, 0, width, height)
    kept: Places = {}
    for name in sorted(found, key=lambda name: name not in _NEEDED):
        region = found[name]
        if whole.contains_region(region) and region.area and not any(region.overlaps(other) for other in kept.values()):
            kept[name] = region
    return kept


def _row(y: int, x: int, *parts: tuple[str, int], gap: int = 1) -> Places:
    placed = {}
    for name, width in parts:
        if name:
            placed[name] = Region(x, y, width, 1)
        x += width + gap
    return placed


def _flat(width: int, height: int, has_expiry: bool, has_problem: bool) -> Places:
    """One line for what is asked, the others for what comes of it."""
    middle = ("expiry", 5) if has_expiry else ("", 0)
    number = max(6, min(16, (width - 50 - (6 if has_expiry else 0)) // 2))
    first = _row(
        0, 0,
        ("side", 5), ("type", 6), ("tif", 3), middle, ("price", number), ("bid", 1), ("ask", 1), ("mid", 1),
        ("size", number), ("p25", 2), ("p50", 2), ("p75", 2), ("p100", 4), ("post", 7), ("reduce", 3),
    )  # fmt: skip
    send = max(8, width * 3 // 4 if has_problem else width // 5)
    third = max(0, width - send - 1) // 3
    second = {
        "gives": Region(0, 1, third - 1, 1),
        "gets": Region(third, 1, third + 1, 1),
        "after": Region(third * 2 + 2, 1, third - 1, 1),
        "send": Region(width - send, 1, send, 1),
    }
    if has_problem:
        second = {"gives": Region(0, 1, max(0, width - send - 1), 1), "send": second["send"]}
    if height == 1:
        second = {}
    if height >= 3:
        second["fee"] = Region(0, 2, third - 1, 1)
    return first | second


def _full(width: int, height: int, has_expiry: bool, has_problem: bool) -> Places:
    """From the top what is typed, from the bottom what is pressed; figures between, as far as there is room."""
    half = width // 2
    number = max(4, width - 6 - 6)
    lines = [
        _row(0, 0, ("side", width)),
        _row(0, 0, ("type", half), ("tif", 5), *((("expiry", max(0, width - half - 7)),) if has_expiry else ())),
        _row(0, 0, ("price-label", 5), ("price", number), ("bid", 1), ("ask", 1), ("mid", 1)),
        _row(0, 0, ("size-label", 5), ("size", number), ("unit", 5)),
        _row(0, 0, *((name, max(3, (width - 3) // 4)) for name in ("p25", "p50", "p75", "p100"))),
        _row(0, 0, ("post", min(13, half)), ("reduce", max(0, width - min(13, half) - 1))),
        _row(0, 0, ("gives", width)),
        _row(0, 0, ("gets", width)),
        _row(0, 0, ("fee", width)),
        _row(0, 0, ("after", width)),
    ]
    send_lines = max(3 if has_problem and height >= 8 else 1, min(3, height - len(lines)))
    wanted = min(len(lines), height - send_lines)
    order = (0, 2, 3, 1, 6, 4, 5, 9, 7, 8)
    kept = sorted(order[:wanted])
    placed: Places = {}
    for y, line in enumerate(kept):
        placed |= {name: region.translate((0, y)) for name, region in lines[line].items()}
    placed["send"] = Region(0, len(kept), width, min(send_lines, height - len(kept)))
    return placed
