"""What is seen of a ticket: its parts, and the texts and colours that an entry and its quote give them.

    Entry + TicketQuote ── show ──> text and class of every part

It decides nothing and knows no desk; where the parts stand is in `ticket_places`.
"""

from collections.abc import Iterator
from typing import Final

from textual.widget import Widget

from mexchange.domain.order import OrderType, Side
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.plain import narrow
from mexchange.tui.trading.draft import Entry
from mexchange.tui.trading.quote import TicketQuote
from mexchange.tui.trading.ticket_parts import Chip, DurationField, Figure, NumberField, Part, Send, Turn

PERCENT: Final = {"p25": 25, "p50": 50, "p75": 75, "p100": 100}
"""Chip, and the share that it stands for."""

_FIELDS: Final = ("price", "size", "expiry")
_LONGEST: Final = 200
"""Cells of a text; more finds no room anywhere."""

_Texts = Iterator[tuple[str, tuple[str, ...]]]
"""A part, and its texts from the longest to the shortest."""


class TicketFace:
    """The widgets of one ticket, by name."""

    def __init__(self) -> None:
        self._named = {str(part.name): part for part in _parts()}

    def __iter__(self) -> Iterator[Widget]:
        """In the order in which the focus goes through them."""
        yield from self._named.values()

    def field(self, name: str) -> NumberField:
        """`price`, `size` or `expiry`."""
        field = self._named[name]
        assert isinstance(field, NumberField)
        return field

    def put(self, entry: Entry) -> None:
        """Write the fields."""
        for name in _FIELDS:
            self.field(name).put(getattr(entry, name))

    def show(self, entry: Entry, quote: TicketQuote, *, base: str, is_reviewed: bool, glyphs: GlyphSet) -> None:
        """Everything but what stands in the fields. `base`: the unit of the size. `is_reviewed`: sending asks first."""
        for texts in (_order_texts(entry, base, glyphs), _quote_texts(quote)):
            for part, words in texts:
                self._put_text(part, words)
        self._put_text("send", _send_texts(entry, quote, is_reviewed=is_reviewed))
        is_buy, is_market = entry.side is Side.BUY, entry.order_type is OrderType.MARKET
        self._mark("side", "-buy", is_buy)
        self._mark("side", "-sell", not is_buy)
        self._mark("post", "-off", is_market)
        self._mark("send", "-off", quote.problem is not None)
        self._mark("after", "-short", quote.after.startswith("-"))
        self._rename("gives", "Cost" if is_buy else "Give")
        self._rename("after", "After" if quote.after else "Free")
        for name in _FIELDS:
            self._mark(name, "-wrong", quote.problem is not None and quote.problem.is_about(name))
        self.field("price").disabled = is_market

    def _put_text(self, part: str, texts: tuple[str, ...]) -> None:
        widget = self._named[part]
        assert isinstance(widget, Part)
        widget.text = tuple(narrow(text, _LONGEST) for text in texts)

    def _mark(self, part: str, name: str, is_so: bool) -> None:
        self._named[part].set_class(is_so, name)

    def _rename(self, part: str, name: str) -> None:
        figure = self._named[part]
        assert isinstance(figure, Figure)
        figure.rename((name,))


def _parts() -> Iterator[Widget]:
    yield Turn("side")
    yield Turn("type")
    yield Turn("tif")
    yield Part("price-label", "Price", classes="-muted")
    yield NumberField("price", placeholder="price")
    yield from (Chip("bid", "B"), Chip("ask", "A"), Chip("mid", "M"))
    yield Part("size-label", "Size", classes="-muted")
    yield NumberField("size", placeholder="size")
    yield Part("unit", classes="-muted")
    for name, percent in PERCENT.items():
        chip = Chip(name)
        chip.text = (f"{percent}%", str(percent))
        yield chip
    yield Turn("post")
    yield Part("reduce", classes="-off")
    yield DurationField("expiry")
    yield Figure("gives", ("Cost",))
    yield Figure("gets", ("You get at least", "Get at least", "Get >=", "Get"))
    yield Figure("fee", ("Fee at most", "Fee max", "Fee"))
    yield Figure("after", ("After",))
    yield Send("send")


def _order_texts(entry: Entry, base: str, glyphs: GlyphSet) -> _Texts:
    is_buy, box = entry.side is Side.BUY, "[x]" if entry.post_only else "[ ]"
    buy, sell = f"BUY {glyphs.up}", f"SELL {glyphs.down}"
    both = f"[ {buy} ]  {sell}" if is_buy else f"  {buy}  [ {sell} ]"
    yield "side", (both, f"{glyphs.up}BUY" if is_buy else f"{glyphs.down}SELL")
    kind = entry.order_type.name.capitalize()
    yield "type", (f"Type  {kind}", kind)
    yield "tif", (entry.time_in_force.name,)
    yield "unit", (base,)
    yield "post", (f"{box} post-only", f"{box}post", "post")
    yield "reduce", ("[ ] reduce-only", "[ ] reduce", "red")


def _quote_texts(quote: TicketQuote) -> _Texts:
    about = "~ " if quote.is_estimate else ""
    for part, text in (("gives", quote.gives), ("gets", quote.receives), ("fee", quote.fee)):
        yield part, (f"{about}{text}" if text else "",)
    yield "after", (quote.after or quote.available,)


def _send_texts(entry: Entry, quote: TicketQuote, *, is_reviewed: bool) -> tuple[str, ...]:
    """What Enter does, or why it does nothing."""
    if (problem := quote.problem) is not None:
        remedy = (problem.hint,) if problem.hint and problem.field != "order" else ()
        return (problem.whole, *remedy, problem.text, problem.code or "not now")
    verb = f"Send {entry.side.name.lower()}"
    if is_reviewed:
        return (f"⏎ Review → ⏎ {verb}", "⏎ Review")
    return (f"⏎ {verb} at once", f"⏎ {verb}", "⏎")
