"""The ticket: fields that make an order, what it costs and brings, and the way to send it.

    click or cursor ──> fields <── keys      every change ──> quote_of ──> figures, or why not
                          └── Enter ──> trader.place (which asks, if the settings say so)

The widget computes nothing: sizes, costs and steps come from the client's pure functions.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import NULL_SPACING, Offset, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget
from textual.widgets import Input

from mexchange.client.order_cost import protection_price
from mexchange.client.sizing import share, stepped_price, stepped_size
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.text import TextError, trimmed
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part as Dirty
from mexchange.tui.keymap import bindings
from mexchange.tui.plain import narrow
from mexchange.tui.trading import yank
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.draft import Entry, OrderDraft, Problem
from mexchange.tui.trading.question import is_asked
from mexchange.tui.trading.quote import TicketQuote, quote_of
from mexchange.tui.trading.ticket_parts import Chip, DurationField, Figure, NumberField, Part, Send, Turn
from mexchange.tui.trading.ticket_places import places

_LIMIT_TIFS: Final = (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD)
_MARKET_TIFS: Final = (TimeInForce.IOC, TimeInForce.FOK)
_PERCENT: Final = {"p25": 25, "p50": 50, "p75": 75, "p100": 100}
NO_POSITIONS: Final = "reduce-only is for positions, and spot markets have none"


class Places(Layout):
    """Puts the children where `ticket_places` says."""

    name = "ticket"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Children without a place are not shown."""
        assert isinstance(parent, Ticket)
        parent.pre_layout(self)
        has_expiry = parent.entry.time_in_force is TimeInForce.GTD
        has_problem = parent.quote.problem is not None and parent.quote.problem.is_long
        found = places(size.width, size.height, has_expiry=has_expiry, has_problem=has_problem)
        return [
            WidgetPlacement(found[str(child.name)], Offset(0, 0), NULL_SPACING, child)
            for child in children
            if child.name in found
        ]


class Ticket(Widget):
    """One order at a time. Numbers are text here; `quote` says what they mean."""

    PARTS: ClassVar[Dirty] = Dirty.BOOK | Dirty.BALANCES | Dirty.STATE | Dirty.TICKET | Dirty.TICKER
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ticket")]

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer
        self.entry = Entry(market=0, size=dealer.shell.settings.size)
        self.quote = TicketQuote()
        self._desk: Desk | None = None
        self._layout = Places()
        self._percent = 0
        self._named: dict[str, Widget] = {}
        """What was composed, by name."""

    @property
    def layout(self) -> Layout:
        """Ours, whatever the style says."""
        return self._layout

    def compose(self) -> ComposeResult:
        """Every part; the layout decides which are seen."""
        self._named = {str(part.name): part for part in _parts()}
        yield from self._named.values()

    def on_mount(self) -> None:
        """The size that the settings begin with."""
        self._field("size").put(self.entry.size)

    # What the screen calls.

    def heading(self) -> str:
        """What keys do here."""
        return "b/s side · tab field · ⏎ send · esc"

    def paint(self, desk: Desk, parts: Dirty) -> None:
        """Costs follow the book and the balances."""
        if self._desk is not desk:
            same_market = self._desk is not None and self._desk.market.market == desk.market.market
            self._desk = desk
            self.entry = msgspec.structs.replace(
                self.entry, market=desk.market.market, price=self.entry.price if same_market else ""
            )
            self._field("price").put(self.entry.price)
        self._requote()

    def take(self, *, side: Side | None = None, price: int = 0, size: int = 0) -> None:
        """From the ladder, the tape, a key: what is given replaces what stands there. Ticks and lots."""
        if self._desk is None:
            return
        shown, entry = self._desk.markets, self.entry
        changes: dict[str, object] = {}
        if side is not None:
            changes["side"] = side
        if price:
            changes["price"] = shown.show_price(entry.market, price)
        if size:
            changes["size"] = trimmed(shown.show_quantity(entry.market, size))
        self._change(**changes)

    def set_size(self, typed: str) -> None:
        """As the user wrote it."""
        self._change(size=typed)

    def step_preset(self, steps: int) -> None:
        """The next larger or smaller of the preset sizes."""
        now = self._read_number("size")
        presets = sorted(self._presets())
        further = [lots for lots in presets if (lots > now if steps > 0 else lots < now)]
        if further:
            self.take(size=further[0] if steps > 0 else further[-1])

    @property
    def size_lots(self) -> int:
        """For orders that are clicked; 0: what stands there is no size."""
        return self._read_number("size")

    def focus_field(self, name: str = "size") -> None:
        """What is typed next."""
        field = self._field(name)
        if field.display and not field.disabled:
            field.focus()

    # Keys and presses.

    def action_send(self) -> None:
        """Review or send; what cannot be sent says why."""
        self._requote()
        if self.quote.problem is not None or self.quote.draft is None:
            self.dealer.tell(self.quote.problem)
            return
        draft = self.quote.draft
        self.dealer.go(lambda trader: trader.place(draft))

    def action_side(self, side: str = "") -> None:
        """Buy, sell, or the other one."""
        chosen = Side[side.upper()] if side else self.entry.side.opposite
        self._change(side=chosen)

    def action_type(self) -> None:
        """Limit or market."""
        is_market = self.entry.order_type is OrderType.LIMIT
        self._change(
            order_type=OrderType.MARKET if is_market else OrderType.LIMIT,
            time_in_force=TimeInForce.IOC if is_market else TimeInForce.GTC,
            post_only=False,
        )

    def action_tif(self) -> None:
        """The next one that the type allows."""
        choices = _LIMIT_TIFS if self.entry.order_type is OrderType.LIMIT else _MARKET_TIFS
        place = choices.index(self.entry.time_in_force) if self.entry.time_in_force in choices else -1
        following = choices[(place + 1) % len(choices)]
        rests = following in (TimeInForce.GTC, TimeInForce.GTD)
        self._change(time_in_force=following, post_only=self.entry.post_only and rests)
        self.refresh(layout=True)

    def action_post(self) -> None:
        """Post-only, if the order can rest."""
        entry = self.entry
        if entry.order_type is OrderType.MARKET or entry.time_in_force in (TimeInForce.IOC, TimeInForce.FOK):
            self.dealer.tell(Problem("order", "post-only rests: it is for limit orders, GTC or GTD"))
            return
        self._change(post_only=not entry.post_only)

    def action_fill(self, where: str) -> None:
        """The price: best bid, best ask, or between them."""
        sight = self.dealer.sight()
        price = {"bid": sight.bid, "ask": sight.ask, "mid": sight.mid}[where] if sight is not None else 0
        if not price:
            self.dealer.tell(Problem("price", f"there is no {where} in the book"))
            return
        self.take(price=price)

    def action_percent(self, percent: int) -> None:
        """The size: so much of what is free."""
        sight, desk = self.dealer.sight(), self._desk
        if sight is None or desk is None or desk.balances is None:
            return
        side = self.entry.side
        price = self._read_number("price")
        if self.entry.order_type is OrderType.MARKET:
            price = protection_price(sight.market, side, sight.reference)
        if side is Side.BUY and not price:
            self.dealer.tell(Problem("price", "a price first: how much you can buy depends on it"))
            return
        balance = desk.balances.balances.get(sight.market.quote if side is Side.BUY else sight.market.base)
        free = balance.available if balance is not None else 0
        lots = share(sight.market, side, percent=percent, available=free, price=price)
        if not lots:
            self.dealer.tell(Problem("size", f"{percent} % of what is free is less than one lot"))
            return
        self.take(size=lots)

    def action_next_percent(self) -> None:
        """25, 50, 75, 100, and from the beginning."""
        choices = list(_PERCENT.values())
        self._percent = choices[(choices.index(self._percent) + 1) % len(choices)] if self._percent else choices[0]
        self.action_percent(self._percent)

    def action_step(self, steps: int) -> None:
        """Ticks in the price, lots of the smallest preset in the size: whichever field has the focus."""
        field = self.app.focused
        if isinstance(field, NumberField) and field.name == "size":
            step = min(self._presets(), default=1)
            self.take(size=stepped_size(self._read_number("size") or step, steps, step=step))
        elif price := self._read_number("price"):
            self.take(price=stepped_price(price, steps))
        else:
            self.action_fill("bid" if self.entry.side is Side.BUY else "ask")

    def action_field(self, steps: int) -> None:
        """The next part that can be typed into or turned, and after the last the next panel."""
        parts = [child for child in self.children if child.can_focus and child.display and child.region.area]
        focused = self.app.focused
        place = parts.index(focused) + steps if focused in parts else 0
        if 0 <= place < len(parts):
            parts[place].focus()
        else:
            self.call_later(self.screen.run_action, f"focus_{'next' if steps > 0 else 'previous'}_panel")

    def action_press(self) -> None:
        """Space: what has the focus turns."""
        if isinstance(self.app.focused, Turn | Send):
            self._press(str(self.app.focused.name), 0)

    def action_clear(self) -> None:
        """Empty fields; then the screen's own meaning of escape."""
        if self.entry.price or self.entry.expiry:
            self._change(price="", expiry="")
        else:
            self.call_later(self.screen.run_action, "back")

    def action_yank(self) -> None:
        """The command that would send this order."""
        if self.quote.draft is None or self._desk is None:
            self.dealer.tell(self.quote.problem)
        else:
            self.dealer.yank(yank.place(self.quote.draft, self._desk.markets))

    def on_part_pressed(self, event: Part.Pressed) -> None:
        """With the mouse."""
        event.stop()
        self._press(event.part, event.place)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typed."""
        event.stop()
        name = str(event.input.name)
        if getattr(self.entry, name) != event.value:
            self.entry = msgspec.structs.replace(self.entry, **{name: event.value})
            self._requote()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field."""
        event.stop()
        self.action_send()

    def on_resize(self, event: events.Resize) -> None:
        """Texts of other widths."""
        self._show()

    def _press(self, part: str, place: int) -> None:
        if part == "side":
            self.action_side("buy" if place < 50 else "sell") if place else self.action_side()
        elif part in ("bid", "ask", "mid"):
            self.action_fill(part)
        elif part in _PERCENT:
            self.action_percent(_PERCENT[part])
        elif part == "reduce":
            self.dealer.tell(Problem("order", NO_POSITIONS))
        elif part in ("type", "tif", "post", "send"):
            getattr(self, f"action_{part}")()

    # What is shown.

    def _change(self, **changes: object) -> None:
        self.entry = msgspec.structs.replace(self.entry, **changes)
        for name in ("price", "size", "expiry"):
            self._field(name).put(getattr(self.entry, name))
        self._requote()

    def _requote(self) -> None:
        desk, sight = self._desk, self.dealer.sight()
        if desk is None or sight is None:
            return
        obstacle = self.dealer.obstacle()
        limits = self.dealer.terms().limits
        now_ns = desk.source.server_time_ns()
        before = self.quote.problem
        self.quote = quote_of(self.entry, sight, desk.balances, limits, now_ns, obstacle=obstacle)
        if self.quote.problem != before:
            self.refresh(layout=True)
        self._show()

    def _show(self) -> None:
        desk = self._desk
        if desk is None or not self.is_mounted:
            return
        for part, texts in self._texts(desk):
            self._part(part).text = tuple(narrow(text, 200) for text in texts)
        side, quote = self._part("side"), self.quote
        side.set_class(self.entry.side is Side.BUY, "-buy")
        side.set_class(self.entry.side is Side.SELL, "-sell")
        self._part("post").set_class(self.entry.order_type is OrderType.MARKET, "-off")
        self._part("send").set_class(quote.problem is not None, "-off")
        self._part("after").set_class(quote.after.startswith("-"), "-short")
        self._figure("gives").rename(("Cost",) if self.entry.side is Side.BUY else ("Give",))
        self._figure("after").rename(("After",) if quote.after else ("Free",))
        for name in ("price", "size", "expiry"):
            wrong = quote.problem is not None and quote.problem.field == name and bool(quote.problem.code)
            self._field(name).set_class(wrong, "-wrong")
        self._field("price").disabled = self.entry.order_type is OrderType.MARKET

    def _texts(self, desk: Desk) -> Iterable[tuple[str, tuple[str, ...]]]:
        entry, quote, glyphs = self.entry, self.quote, self.dealer.shell.look.glyphs
        is_buy, box = entry.side is Side.BUY, "[x]" if entry.post_only else "[ ]"
        buy, sell = f"BUY {glyphs.up}", f"SELL {glyphs.down}"
        both = f"[ {buy} ]  {sell}" if is_buy else f"  {buy}  [ {sell} ]"
        yield "side", (both, f"{glyphs.up}BUY" if is_buy else f"{glyphs.down}SELL")
        kind = entry.order_type.name.capitalize()
        yield "type", (f"Type  {kind}", kind)
        yield "tif", (entry.time_in_force.name,)
        yield "unit", (desk.shown.base,)
        yield "post", (f"{box} post-only", f"{box}post", "post")
        yield "reduce", ("[ ] reduce-only", "[ ] reduce", "red")
        about = "~ " if quote.is_estimate else ""
        for part, text in (("gives", quote.gives), ("gets", quote.receives), ("fee", quote.fee)):
            yield part, (f"{about}{text}" if text else "",)
        yield "after", (quote.after or quote.available,)
        yield "send", self._send_texts()

    def _send_texts(self) -> tuple[str, ...]:
        quote = self.quote
        if quote.problem is not None:
            problem = quote.problem
            remedy = (problem.hint,) if problem.hint and problem.field != "order" else ()
            return (problem.whole, *remedy, problem.text, problem.code or "no")
        verb = f"Send {self.entry.side.name.lower()}"
        if quote.draft is not None and self._is_reviewed(quote.draft):
            return (f"⏎ Review → ⏎ {verb}", "⏎ Review")
        return (f"⏎ {verb} at once", f"⏎ {verb}", "⏎")

    def _is_reviewed(self, draft: OrderDraft) -> bool:
        sight: Sight | None = self.dealer.sight()
        return sight is not None and bool(
            is_asked(
                self.dealer.terms().thresholds, sight,
                order_type=draft.order_type, price=draft.price, quantity=draft.quantity,
            )
        )  # fmt: skip

    # Small things.

    def _field(self, name: str) -> NumberField:
        field = self._named[name]
        assert isinstance(field, NumberField)
        return field

    def _part(self, name: str) -> Part:
        part = self._named[name]
        assert isinstance(part, Part)
        return part

    def _figure(self, name: str) -> Figure:
        figure = self._named[name]
        assert isinstance(figure, Figure)
        return figure

    def _read_number(self, name: str) -> int:
        """Ticks or lots; 0: no such number."""
        if self._desk is None:
            return 0
        read = self._desk.markets.price if name == "price" else self._desk.markets.quantity
        try:
            return read(self.entry.market, getattr(self.entry, name))
        except TextError:
            return 0

    def _presets(self) -> list[int]:
        """In lots; those that are sizes of this market."""
        found: list[int] = []
        for preset in self.dealer.shell.settings.sizes:
            try:
                if self._desk is not None:
                    found.append(self._desk.markets.quantity(self.entry.market, preset))
            except TextError:
                continue
        return found


def _parts() -> Iterable[Widget]:
    yield Turn("side")
    yield Turn("type")
    yield Turn("tif")
    yield Part("price-label", "Price", classes="-muted")
    yield NumberField("price", placeholder="price")
    yield from (Chip("bid", "B"), Chip("ask", "A"), Chip("mid", "M"))
    yield Part("size-label", "Size", classes="-muted")
    yield NumberField("size", placeholder="size")
    yield Part("unit", classes="-muted")
    for name, percent in _PERCENT.items():
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
