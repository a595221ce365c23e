"""One line below the orders: another price and total for the chosen one, typed in place."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label

from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.client.sizing import stepped_price
from mexchange.domain import order_id
from mexchange.domain.text import TextError, trimmed
from mexchange.tui.trading.ticket_parts import NumberField


class Amender(Horizontal):
    """Shown while an order is amended. Enter sends, escape leaves it as it was."""

    DEFAULT_CSS = """
    Amender { display: none; height: 1; background: $primary 15%; }
    Amender.-open { display: block; }
    Amender Label { padding: 0 1; color: $foreground; }
    Amender NumberField { width: 14; margin: 0 1 0 0; }
    Amender #amend-why { color: $warn; width: 1fr; }
    """

    class Wanted(Message):
        """Ticks and lots; 0: as it was."""

        def __init__(self, order_id: int, price: int, quantity: int) -> None:
            super().__init__()
            self.order_id, self.price, self.quantity = order_id, price, quantity

    def __init__(self) -> None:
        super().__init__()
        self._order: OwnOrder | None = None
        self._markets: Markets | None = None
        self._back: Widget | None = None

    def compose(self) -> ComposeResult:
        """Name, two fields, what is wrong."""
        yield Label("", id="amend-name", markup=False)
        yield NumberField("price")
        yield Label("total")
        yield NumberField("total")
        yield Label("", id="amend-why", markup=False)

    def open(self, order: OwnOrder, markets: Markets, back: Widget | None) -> None:
        """Begin with the order as it is. `back` gets the focus at the end."""
        self._order, self._markets, self._back = order, markets, back
        self.query_one("#amend-name", Label).update(f"amend {order_id.show(order.order_id)} {order.side.name} price")
        self._field("price").put(markets.show_price(order.market, order.price))
        self._field("total").put(trimmed(markets.show_quantity(order.market, order.quantity)))
        self._tell("⏎ amends, esc leaves it")
        self.add_class("-open")
        self._field("price").focus()

    def close(self) -> None:
        """Done."""
        self.remove_class("-open")
        if self._back is not None and self._back.is_mounted:
            self._back.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Send what differs."""
        event.stop()
        order, markets = self._order, self._markets
        if order is None or markets is None:
            return
        try:
            price = markets.price(order.market, self._field("price").value)
            quantity = markets.quantity(order.market, self._field("total").value)
        except TextError as error:
            self._tell(f"{error.code}: {error.hint or error}")
            return
        wanted = self.Wanted(
            order.order_id, 0 if price == order.price else price, 0 if quantity == order.quantity else quantity
        )
        if wanted.price or wanted.quantity:
            self.post_message(wanted)
        self.close()

    def on_key(self, event: events.Key) -> None:
        """Escape leaves; up and down step the price by a tick; tab goes to the other field."""
        if event.key == "escape":
            self.close()
        elif event.key in ("up", "down"):
            self._step(1 if event.key == "up" else -1)
        elif event.key in ("tab", "shift+tab"):
            self._field("total" if self._field("price").has_focus else "price").focus()
        else:
            return
        event.stop()
        event.prevent_default()

    def _step(self, steps: int) -> None:
        if self._order is None or self._markets is None:
            return
        try:
            price: int = self._markets.price(self._order.market, self._field("price").value)
        except TextError:
            price = self._order.price
        stepped = stepped_price(price, steps)
        self._field("price").put(self._markets.show_price(self._order.market, stepped))

    def _field(self, name: str) -> NumberField:
        return next(field for field in self.query(NumberField) if field.name == name)

    def _tell(self, text: str) -> None:
        self.query_one("#amend-why", Label).update(text)
