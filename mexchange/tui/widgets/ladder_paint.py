"""A row of a ladder as a strip of cells."""

from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mexchange.domain.order import Side
from mexchange.tui.glyphs import GlyphSet, Look
from mexchange.tui.widgets.drawn import Pens
from mexchange.tui.widgets.fit import fit_price, fit_size, without_zeros
from mexchange.tui.widgets.ladder_columns import Columns
from mexchange.tui.widgets.ladder_data import DOUBTFUL, LadderData, LadderState
from mexchange.tui.widgets.ladder_rows import Kind, Row, Sides
from mexchange.tui.widgets.line import Line, add_bar, bar_parts
from mexchange.tui.widgets.shown import Shown

SECOND_NS: Final = 1_000_000_000


class Seen(NamedTuple):
    """A row and what the moment adds to it; equal ones look the same."""

    row: Row
    cursor: bool = False
    flash: bool = False
    ghost: bool = False
    """An own order is being dragged here."""


class Paper(NamedTuple):
    """What all rows have in common; when it changes all are drawn again."""

    columns: Columns
    scale: int
    """Lots that fill the bar."""
    look: Look
    shown: Shown


def paint_row(seen: Seen, paper: Paper, pens: Pens) -> Strip:
    """A price: cursor, own orders, size, cumulative size, price, bar."""
    row, columns, glyphs = seen.row, paper.columns, paper.look.glyphs
    ask = row.side == Side.SELL
    line = Line(columns.width)
    blank = pens.ink("ladder--row-cursor" if seen.cursor else "ladder--row")
    if row.kind is Kind.BLANK:
        return line.strip(blank)
    on = "ladder--row-cursor" if seen.cursor else "ladder--row"
    _add_own(line, seen, paper, pens, on)
    if columns.size:
        text = fit_size(paper.shown.size(row.size), columns.size, glyphs.ellipsis) if row.size else ""
        if row.kind is Kind.BEYOND:
            text = glyphs.beyond
        gap = " " if columns.own else ""
        line.add(f"{gap}{text:>{columns.size}}", pens.ink("ladder--flash" if seen.flash else "ladder--size", on))
    if columns.cum:
        text = fit_size(paper.shown.size(row.cum), columns.cum, glyphs.ellipsis) if row.cum else ""
        line.add(f" {text:>{columns.cum}}", pens.ink("ladder--cum", on))
    price = fit_price(paper.shown.price(row.price), columns.price, glyphs.ellipsis)
    gap = " " if line.position > 1 else ""
    after = "" if row.is_last else " "
    line.add(f"{gap}{price:>{columns.price}}{after}", pens.ink(_price_ink(row, ask), on))
    if row.is_last:
        line.add(glyphs.last, pens.ink("ladder--last", on))
    if columns.bar and row.size:
        _add_bar(line, row.size, ask, paper, pens, on)
    strip = line.strip(blank)
    if not columns.bar and row.size:
        return _laid_over(strip, row.size, ask, paper, pens)
    return strip


def _add_own(line: Line, seen: Seen, paper: Paper, pens: Pens, on: str) -> None:
    """The cursor, and what is the trader's own."""
    columns, glyphs, own = paper.columns, paper.look.glyphs, seen.row.own
    text = "" if own is None or not columns.own else own_text(seen.row, columns.own, paper.shown, glyphs)
    if seen.ghost and not text:
        text = glyphs.own
    if not seen.cursor and not text:
        line.add(" " * (1 + columns.own), pens.ink(on))
        return
    line.add(glyphs.cursor if seen.cursor else " ", pens.ink("ladder--cursor", on))
    line.add(text.ljust(columns.own)[: columns.own], pens.ink("ladder--ghost" if seen.ghost else "ladder--own", on))


def own_text(row: Row, width: int, shown: Shown, glyphs: GlyphSet) -> str:
    """`●12`, or `●5+3` where about 3 trade before the own 5; in whole units, rounded up, where digits lack room."""
    own = row.own
    assert own is not None
    size = without_zeros(shown.size(own.size))
    if own.ahead is not None:
        exact, about = without_zeros(shown.size(own.ahead)), shown.size_about(own.ahead)
        for text in (f"{glyphs.own}{size}+{exact}", f"{glyphs.own}{size}+{about}", f"{size}+{about}"):
            if len(text) <= width:
                return text
    return glyphs.own + fit_size(size, width - 1, glyphs.ellipsis)


def _price_ink(row: Row, ask: bool) -> str:
    if row.kind in (Kind.EMPTY, Kind.BEYOND):
        return "ladder--empty"
    return "ladder--ask" if ask else "ladder--bid"


def _add_bar(line: Line, size: int, ask: bool, paper: Paper, pens: Pens, on: str) -> None:
    glyphs = paper.look.glyphs
    name = "ladder--ask-bar" if ask else "ladder--bid-bar"
    parts = bar_parts(size, paper.scale, paper.columns.bar, len(glyphs.left_parts))
    fill = glyphs.ask_fill if ask else glyphs.bid_fill
    add_bar(line, parts, paper.look, fill, edge=pens.ink(name, on), solid=pens.solid(name))


def _laid_over(strip: Strip, size: int, ask: bool, paper: Paper, pens: Pens) -> Strip:
    """Without a column of its own the bar lies behind the numbers."""
    cells = bar_parts(size, paper.scale, paper.columns.width, 1)
    behind = Style(bgcolor=pens.ink("ladder--ask-bar" if ask else "ladder--bid-bar").color)
    segments: list[Segment] = []
    for segment in strip:
        over, rest = segment.text[:cells], segment.text[cells:]
        style = segment.style or Style()
        if over:
            segments.append(Segment(over, style + behind))
        if rest:
            segments.append(Segment(rest, style))
        cells -= len(over)
    return Strip(segments, strip.cell_length)


def paint_heading(data: LadderData, paper: Paper, pens: Pens) -> Strip:
    """The names of the columns, or hatching and the reason why the book may not be right."""
    columns, line = paper.columns, Line(paper.columns.width)
    if data.state in DOUBTFUL:
        text = f" {state_text(data)} "[: columns.width]
        hatch = paper.look.glyphs.hatch * columns.width
        begin = (columns.width - len(text)) // 2
        style = pens.ink("ladder--doubt")
        line.add(hatch[:begin], style)
        line.add(text, pens.ink("ladder--doubt-text"))
        line.add(hatch, style)
        return line.strip(style)
    style = pens.ink("ladder--heading")
    line.add(" ", style)
    if columns.own:
        line.add("own".ljust(columns.own), style)
    for name, width in (("size", columns.size), ("cum", columns.cum), ("price", columns.price)):
        if width:
            line.add(" " if line.position > 1 else "", style)
            line.add(name[:width].rjust(width), style)
    line.add(" depth" if columns.bar else "", style)
    return line.strip(style)


def state_text(data: LadderData) -> str:
    """`STALE 4.2 s`."""
    if data.age_ns and data.state in (LadderState.STALE, LadderState.RECONNECTING, LadderState.OFFLINE):
        return f"{data.state.name} {data.age_ns // SECOND_NS}.{data.age_ns // (SECOND_NS // 10) % 10} s"
    return data.state.name


def paint_middle(sides: Sides, data: LadderData, paper: Paper, pens: Pens) -> Strip:
    """Middle, spread in price and basis points, last trade: in the longest of their forms for which there is room."""
    width, glyphs = paper.columns.width, paper.look.glyphs
    line, dash = Line(width), pens.ink("ladder--middle")
    for names in _middle_forms(sides, data, paper.shown, glyphs):
        needed = sum(len(text) + 2 for text, _ in names)
        if needed <= width:
            line.add(glyphs.dash * ((width - needed) // 2), dash)
            for text, name in names:
                line.add(f" {text} ", pens.ink(name))
            line.add(glyphs.dash * width, dash)
            return line.strip(dash)
    line.add(fit_price(_middle_text(sides, paper.shown), width, glyphs.ellipsis), pens.ink("ladder--middle-price"))
    return line.strip(dash)


_Pieces = list[tuple[str, str]]
"""Texts and their component classes."""


def _middle_forms(sides: Sides, data: LadderData, shown: Shown, glyphs: GlyphSet) -> list[_Pieces]:
    """From the longest to the shortest."""
    last, plain = _last_pieces(data, shown, glyphs), "ladder--middle-text"
    arrow = [(text[:1], name) for text, name in last if data.last_side is not None]
    text = _middle_text(sides, shown)
    if not sides.bids or not sides.asks:
        return [[(text, plain), *last], [(text, plain)]]
    middle, price = (f"{text} mid", "ladder--middle-price"), (text, "ladder--middle-price")
    if sides.crossed:
        return [[middle, ("crossed", plain), *last], [middle, ("crossed", plain)], [price, ("crossed", plain)], [price]]
    bid, ask = sides.bids[0][0], sides.asks[0][0]
    tenths = (ask - bid) * 200_000 // (ask + bid)
    basis = f"{tenths // 10}.{tenths % 10} bp"
    spread = f"{shown.price(ask - bid)} {glyphs.dot} {basis}"
    return [
        [middle, (f"spread {spread}", plain), *last],
        [middle, (spread, plain), *last],
        [middle, (spread, plain), *arrow],
        [middle, (basis, plain), *arrow],
        [price, (basis, plain), *arrow],
        [price, *arrow],
        [price],
    ]


def _middle_text(sides: Sides, shown: Shown) -> str:
    if sides.bids and sides.asks:
        return shown.middle(sides.bids[0][0] + sides.asks[0][0])
    return "no bids" if sides.asks else "no asks" if sides.bids else "no orders"


def _last_pieces(data: LadderData, shown: Shown, glyphs: GlyphSet) -> _Pieces:
    """`▲ 999.57`: bought or sold, and at what price."""
    if not data.last_price:
        return []
    price = shown.price(data.last_price)
    if data.last_side is None:
        return [(price, "ladder--middle-text")]
    bought = data.last_side is Side.BUY
    return [(f"{glyphs.up if bought else glyphs.down} {price}", "ladder--bid" if bought else "ladder--ask")]
