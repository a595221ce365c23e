"""A row of a ladder as a strip of cells."""

from collections.abc import Callable
from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mexchange.domain.order import Side
from mexchange.tui.glyphs import GlyphSet, Look
from mexchange.tui.widgets.fit import fit_price, fit_size, without_zeros
from mexchange.tui.widgets.ladder_columns import Columns
from mexchange.tui.widgets.ladder_data import DOUBTFUL, LadderData, LadderState
from mexchange.tui.widgets.ladder_rows import Kind, Row, Sides
from mexchange.tui.widgets.line import Line
from mexchange.tui.widgets.shown import Shown

Ink = Callable[..., Style]
"""`ink(name, on=name)`."""

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
    dim: bool = False


def paint_row(seen: Seen, paper: Paper, ink: Ink) -> Strip:
    """A price: cursor, own orders, size, cumulative size, price, bar."""
    row, columns, glyphs = seen.row, paper.columns, paper.look.glyphs
    ask = row.side == Side.SELL
    line = Line(columns.width)
    blank = ink("ladder--row-cursor" if seen.cursor else "ladder--row")
    if row.kind is Kind.BLANK:
        return line.strip(blank)
    on = "ladder--row-cursor" if seen.cursor else "ladder--row"
    line.add(glyphs.cursor if seen.cursor else " ", ink("ladder--cursor", on=on))
    if columns.own:
        text = "" if row.own is None else own_text(row, columns.own, paper.shown, glyphs)
        style = ink("ladder--ghost" if seen.ghost else "ladder--own", on=on)
        line.add((glyphs.own if seen.ghost and not text else text).ljust(columns.own), style)
    if columns.size:
        text = fit_size(paper.shown.size(row.size), columns.size, glyphs.ellipsis) if row.size else ""
        if row.kind is Kind.BEYOND:
            text = glyphs.beyond
        line.add(" ", blank)
        line.add(text.rjust(columns.size), ink("ladder--flash" if seen.flash else "ladder--size", on=on))
    if columns.cum:
        text = fit_size(paper.shown.size(row.cum), columns.cum, glyphs.ellipsis) if row.cum else ""
        line.add(" ", blank)
        line.add(text.rjust(columns.cum), ink("ladder--cum", on=on))
    if line.position > 1:
        line.add(" ", blank)
    price = fit_price(paper.shown.price(row.price), columns.price, glyphs.ellipsis)
    line.add(price.rjust(columns.price), ink(_price_ink(row, ask), on=on))
    line.add(glyphs.last if row.is_last else " ", ink("ladder--last", on=on))
    if columns.bar and row.size:
        _add_bar(line, row.size, ask, paper, ink, on)
    strip = line.strip(blank)
    if not columns.bar and row.size:
        return _laid_over(strip, row.size, ask, paper, ink)
    return strip


def own_text(row: Row, width: int, shown: Shown, glyphs: GlyphSet) -> str:
    """`●12`, or `5+3` where 3 lots trade before the own 5."""
    own = row.own
    assert own is not None
    size = without_zeros(shown.size(own.size))
    if own.ahead is not None:
        both = f"{size}+{without_zeros(shown.size(own.ahead))}"
        if len(both) <= width:
            return both
    return glyphs.own + fit_size(size, width - 1, glyphs.ellipsis)


def _price_ink(row: Row, ask: bool) -> str:
    if row.kind in (Kind.EMPTY, Kind.BEYOND):
        return "ladder--empty"
    return "ladder--ask" if ask else "ladder--bid"


def _add_bar(line: Line, size: int, ask: bool, paper: Paper, ink: Ink, on: str) -> None:
    """Whole cells as background, the last part as a glyph."""
    glyphs = paper.look.glyphs
    parts = len(glyphs.left_parts)
    name = "ladder--ask-bar" if ask else "ladder--bid-bar"
    whole, part = divmod(bar_parts(size, paper, parts), parts)
    if paper.look.textured or parts == 1:
        fill = glyphs.ask_fill if ask else glyphs.bid_fill
        line.add(fill * (whole + (part * 2 >= parts)), ink(name + "-edge", on=on))
        return
    line.add(" " * whole, ink(name))
    if part:
        line.add(glyphs.left_parts[part - 1], ink(name + "-edge", on=on))


def bar_parts(size: int, paper: Paper, parts: int) -> int:
    """Length of a bar in parts of a cell: at least one, and never longer than the column."""
    cells = paper.columns.bar or paper.columns.width
    return max(1, min(cells * parts, size * cells * parts // max(1, paper.scale)))


def _laid_over(strip: Strip, size: int, ask: bool, paper: Paper, ink: Ink) -> Strip:
    """Without a column of its own the bar lies behind the numbers."""
    cells = bar_parts(size, paper, 1)
    behind = Style(bgcolor=ink("ladder--ask-bar" if ask else "ladder--bid-bar").bgcolor)
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


def paint_heading(data: LadderData, paper: Paper, ink: Ink) -> Strip:
    """The names of the columns, or hatching and the reason why the book may not be right."""
    columns, line = paper.columns, Line(paper.columns.width)
    if data.state in DOUBTFUL:
        text = f" {state_text(data)} "[: columns.width]
        hatch = paper.look.glyphs.hatch * columns.width
        begin = (columns.width - len(text)) // 2
        style = ink("ladder--doubt")
        line.add(hatch[:begin], style)
        line.add(text, ink("ladder--doubt-text"))
        line.add(hatch, style)
        return line.strip(style)
    style = ink("ladder--heading")
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
    if data.state is LadderState.STALE:
        return f"STALE {data.age_ns // SECOND_NS}.{data.age_ns // (SECOND_NS // 10) % 10} s"
    return data.state.name


def paint_middle(sides: Sides, data: LadderData, paper: Paper, ink: Ink) -> Strip:
    """Middle, spread in price and basis points, last trade: as many of these as there is room for, in that order."""
    width, glyphs, shown = paper.columns.width, paper.look.glyphs, paper.shown
    pieces = _middle_pieces(sides, data, shown, glyphs, ink)
    taken: list[tuple[str, Style]] = []
    room = width - 1
    for text, style in pieces:
        if len(text) + 2 > room + 2 * (not taken):
            break
        taken.append((text, style))
        room -= len(text) + 2
    line, dash = Line(width), ink("ladder--middle")
    if not taken:
        line.add(fit_price(pieces[0][0].removesuffix(" mid"), width, glyphs.ellipsis), pieces[0][1])
        return line.strip(dash)
    padding = (width - sum(len(text) + 2 for text, _ in taken)) // 2
    line.add(glyphs.dash * padding, dash)
    for text, style in taken:
        line.add(f" {text} ", style)
    line.add(glyphs.dash * width, dash)
    return line.strip(dash)


def _middle_pieces(sides: Sides, data: LadderData, shown: Shown, glyphs: GlyphSet, ink: Ink) -> list[tuple[str, Style]]:
    plain, strong = ink("ladder--middle-text"), ink("ladder--middle-price")
    last = _last_piece(data, shown, glyphs, ink)
    if not sides.bids and not sides.asks:
        return [("no orders", plain), *last]
    if not sides.bids or not sides.asks:
        return [("no bids" if sides.asks else "no asks", plain), *last]
    bid, ask = sides.bids[0][0], sides.asks[0][0]
    middle = (f"{shown.middle(bid + ask)} mid", strong)
    if sides.crossed:
        return [middle, ("crossed", plain), *last]
    tenths = (ask - bid) * 200_000 // (ask + bid)
    basis = f"{tenths // 10}.{tenths % 10} bp"
    return [middle, (f"spread {shown.price(ask - bid)} · {basis}".replace("·", glyphs.dot), plain), *last]


def _last_piece(data: LadderData, shown: Shown, glyphs: GlyphSet, ink: Ink) -> list[tuple[str, Style]]:
    """`▲ 999.57`: bought or sold, and at what price."""
    if not data.last_price:
        return []
    if data.last_side is None:
        return [(shown.price(data.last_price), ink("ladder--middle-text"))]
    bought = data.last_side is Side.BUY
    name = "ladder--bid" if bought else "ladder--ask"
    return [(f"{glyphs.up if bought else glyphs.down} {shown.price(data.last_price)}", ink(name))]
