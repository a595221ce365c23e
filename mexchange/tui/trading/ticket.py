"""The ticket: fields that make an order, what it costs and brings, and the way to send it.

    keys, clicks ──> Ticket ──> OrderForm (what is written in it) ── written, quoted ──> TicketFace (what is seen)
                       └── Enter ──> trader.place (which asks, if the settings say so)

The widget computes nothing: it turns keys and presses into calls of the form.
"""

from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.layout import Layout
from textual.widget import Widget
from textual.widgets import Input

from mexchange.domain.order import Side, TimeInForce
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part as Dirty
from mexchange.tui.keymap import bindings
from mexchange.tui.trading import yank
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.draft import Entry, Problem
from mexchange.tui.trading.order_form import OrderForm
from mexchange.tui.trading.quote import TicketQuote
from mexchange.tui.trading.ticket_face import PERCENT, TicketFace
from mexchange.tui.trading.ticket_parts import NumberField, Part, Send, Turn
from mexchange.tui.trading.ticket_places import Needs, TicketLayout

NO_POSITIONS: Final = "reduce-only is for positions, and spot markets have none"


class Ticket(Widget):
    """One order at a time. Numbers are text here; `quote` says what they mean."""

    PARTS: ClassVar[Dirty] = Dirty.BOOK | Dirty.BALANCES | Dirty.STATE | Dirty.TICKET | Dirty.TICKER
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ticket")]

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer
        self._face = TicketFace()
        self.form = OrderForm(dealer, written=self._face.put, quoted=self._quoted)
        self._layout = TicketLayout(self._needs)
        self._problem: Problem | None = None
        """The one that the layout has room for."""
        self._percent = 0

    @property
    def entry(self) -> Entry:
        """What stands in the fields."""
        return self.form.entry

    @property
    def quote(self) -> TicketQuote:
        """What it comes to."""
        return self.form.quote

    @property
    def layout(self) -> Layout:
        """Ours, whatever the style says."""
        return self._layout

    def compose(self) -> ComposeResult:
        """Every part; the layout decides which are seen."""
        yield from self._face

    def on_mount(self) -> None:
        """The size that the settings begin with."""
        self._face.put(self.entry)

    # What the screen calls.

    def heading(self) -> str:
        """What keys do here."""
        return "b/s side · tab field · ⏎ send · esc"

    def paint(self, desk: Desk, parts: Dirty) -> None:
        """Costs follow the book and the balances."""
        self.form.look_at(desk)

    def focus_field(self, name: str = "size") -> None:
        """What is typed next, in place of what stands there."""
        field = self._face.field(name)
        if field.display and not field.disabled:
            field.focus()
            field.select_all()

    # Keys.

    def action_send(self) -> None:
        """Review or send; what cannot be sent says why."""
        self.form.requote()
        draft = self.form.sendable
        if draft is None:
            self.dealer.tell(self.quote.problem)
        else:
            self.dealer.go(lambda trader: trader.place(draft))
            if isinstance(self.app.focused, NumberField):
                self.app.focused.select_all()  # the next number is not a longer one of this

    def action_side(self, side: str = "") -> None:
        """Buy, sell, or the other one."""
        self.form.change(side=Side[side.upper()] if side else self.entry.side.opposite)

    def action_type(self) -> None:
        """Limit or market."""
        self.form.become(self.entry.of_other_type())

    def action_tif(self) -> None:
        """The next one that the type allows."""
        self.form.become(self.entry.of_next_tif())
        self._rearrange()

    def action_post(self) -> None:
        """Post-only, if the order can rest."""
        self.form.turn_post_only()

    def action_fill(self, where: str) -> None:
        """The price: best bid, best ask, or between them."""
        self.form.take_price(where)

    def action_next_percent(self) -> None:
        """25, 50, 75, 100, and from the beginning."""
        choices = list(PERCENT.values())
        self._percent = choices[(choices.index(self._percent) + 1) % len(choices)] if self._percent else choices[0]
        self.form.take_share(self._percent)

    def action_step(self, steps: int) -> None:
        """Ticks in the price, lots of the smallest preset in the size: whichever field has the focus."""
        field = self.app.focused
        if isinstance(field, NumberField) and field.name == "size":
            self.form.step_size(steps)
        else:
            self.form.step_price(steps)

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
            self.form.change(price="", expiry="")
        else:
            self.call_later(self.screen.run_action, "back")

    def action_yank(self) -> None:
        """The command that would send this order."""
        if self.quote.draft is None or self.form.desk is None:
            self.dealer.tell(self.quote.problem)
        else:
            self.dealer.yank(yank.place(self.quote.draft, self.form.desk.markets))

    # Presses, and what is typed.

    def on_part_pressed(self, event: Part.Pressed) -> None:
        """With the mouse."""
        event.stop()
        self._press(event.part, event.place)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typed, or the echo of what was put there."""
        event.stop()
        self.form.typed(str(event.input.name), event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field."""
        event.stop()
        self.action_send()

    def _press(self, part: str, place: int) -> None:
        if part == "side":
            self.action_side("buy" if place < 50 else "sell") if place else self.action_side()
        elif part in ("bid", "ask", "mid"):
            self.form.take_price(part)
        elif part in PERCENT:
            self.form.take_share(PERCENT[part])
        elif part == "reduce":
            self.dealer.tell(Problem("order", NO_POSITIONS))
        elif part in ("type", "tif", "post", "send"):
            getattr(self, f"action_{part}")()

    # What is shown.

    def on_resize(self, event: events.Resize) -> None:
        """Texts of other widths."""
        self._show()

    def _needs(self) -> Needs:
        problem = self.quote.problem
        return Needs(self.entry.time_in_force is TimeInForce.GTD, problem is not None and problem.is_long)

    def _quoted(self) -> None:
        if self.quote.problem != self._problem:
            self._problem = self.quote.problem
            self._rearrange()
        self._show()

    def _rearrange(self) -> None:
        self._face.field("size").refresh(layout=True)  # the toolkit forgets the places of those above, not one's own

    def _show(self) -> None:
        desk, glyphs = self.form.desk, self.dealer.shell.look.glyphs
        if desk is not None and self.is_mounted:
            self._face.show(
                self.entry, self.quote, base=desk.shown.base, is_reviewed=self.form.is_reviewed, glyphs=glyphs
            )
