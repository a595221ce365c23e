"""The top line: the market at a glance, and what one has of its two assets."""

from textual.content import Content

from mexchange.domain.text import format_decimal
from mexchange.tui.desk import Desk
from mexchange.tui.edges.one_line import OneLine, Piece, justified, piece
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.plain import narrow
from mexchange.tui.widgets.fit import fit_size

_PPM = 1_000_000


class Header(OneLine):
    """Called `header` in the arrangement."""

    def __init__(self) -> None:
        super().__init__("header")

    def show(self, desk: Desk | None, who: str, glyphs: GlyphSet, *, sounds: bool) -> None:
        """Everything that the desk knows, in as much room as there is."""
        width = self.app.size.width
        if desk is None:
            self.say(justified([piece("mExchange", "bold")], [piece(who, "$muted", 1)], width))
            return
        name = "mExchange" if width >= 160 else "mx" if width >= 100 else ""
        left = [piece(name, "bold $primary"), _market(desk, glyphs), *_day(desk, glyphs)]
        note = "♪" if sounds else ""
        right = [*_balances(desk), piece(who, "$muted", 6), piece("" if glyphs.parts == 1 else note, "$muted", 9)]
        self.say(justified(left, right, width))


def _market(desk: Desk, glyphs: GlyphSet) -> Piece:
    arrow = "v" if glyphs.parts == 1 else "▾"
    name = Content.styled(f"{desk.shown.symbol} {arrow}", "bold")
    return Piece(name.stylize("@click=screen.search_market"), 0)


def _day(desk: Desk, glyphs: GlyphSet) -> list[Piece]:
    ticker = desk.ticker
    if ticker is None:
        return []
    if not ticker.last:
        return [piece("no trades yet", "$muted", 1)]
    price = desk.shown.price
    rose = ticker.last >= ticker.open_24h or not ticker.open_24h
    colour, mark = ("$bid", glyphs.up) if rose else ("$ask", glyphs.down)
    pieces = [piece(f"{price(ticker.last)} {mark}", f"bold {colour}", 0)]
    if ticker.open_24h:
        pieces.append(piece(change(ticker.last, ticker.open_24h, glyphs), colour, 1))
    if ticker.high_24h:
        pieces.append(_labelled("H", price(ticker.high_24h), 4))
        pieces.append(_labelled("L", price(ticker.low_24h), 4))
        volume = fit_size(desk.shown.size(int(ticker.volume_24h or "0")), 11, glyphs.ellipsis)
        pieces.append(_labelled("Vol", f"{volume} {desk.shown.base}", 5))
        pieces.append(_labelled("Turnover", _turnover(desk, glyphs), 8))
    return pieces


def _turnover(desk: Desk, glyphs: GlyphSet) -> str:
    ticker = desk.ticker
    assert ticker is not None
    quote = desk.markets.asset(desk.market.quote)
    amount = desk.markets.show_amount(quote.asset, int(ticker.turnover_24h or "0"), thousands=True)
    return f"{fit_size(amount, 12, glyphs.ellipsis)} {narrow(quote.symbol, 12)}"


def _balances(desk: Desk) -> list[Piece]:
    if desk.balances is None:
        return []
    pieces = []
    for asset in (desk.market.quote, desk.market.base):
        held = desk.balances.balances.get(asset)
        amount = desk.markets.show_amount(asset, held.available if held else 0, thousands=True)
        pieces.append(_labelled(narrow(desk.markets.asset(asset).symbol, 12), amount, 2))
    return pieces


def _labelled(label: str, value: str, rank: int) -> Piece:
    return Piece(Content.assemble((label, "$muted"), " ", value), rank)


def change(last: int, before: int, glyphs: GlyphSet) -> str:
    """`+0.01%`, rounded toward zero."""
    ppm = (abs(last - before) * _PPM) // before
    sign = "+" if last >= before else glyphs.minus
    return f"{sign}{format_decimal(ppm, 4, 2)}%"
