"""Open orders of the shown market or of all, those on their way, and what is being done to each."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable

from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import OrderState
from mexchange.domain import client_id, order_id
from mexchange.domain.order import OrderFlag, OrderType, Side
from mexchange.domain.units import OrderId
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.panels.amender import Amender
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import TablePanel
from mexchange.tui.trading.rows import Mark, PendingOrder, Stage

if TYPE_CHECKING:
    from mexchange.client.markets import Markets

_INKS = {Side.BUY: "bid", Side.SELL: "ask"}
_WORDS = {OrderState.OPEN: "open", OrderState.PARTIALLY_FILLED: "part"}
_NS_PER_MS = 1_000_000


class OrdersPanel(TablePanel):
    """Keys of rows: the order id in decimal, or `c` and the client order id in hexadecimal."""

    PARTS: ClassVar[Part] = Part.ORDERS
    NAME: ClassVar[str] = "orders"
    EMPTY: ClassVar[str] = "no open orders · b buys, s sells at the cursor"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("orders")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("side", 6),
        Column("price", 12, right=True),
        Column("size", 11, right=True),
        Column("filled", 11, right=True, rank=2),
        Column("st", 8),
        Column("id", 8, rank=1),
        Column("market", 9, rank=3),
        Column("type", 9, rank=4),
        Column("tif", 4, rank=4),
        Column("ahead", 10, right=True, rank=5),
        Column("placed", 8, rank=6),
    )

    def compose(self) -> ComposeResult:
        """The table, and the line to amend in."""
        yield from super().compose()
        yield Amender()

    def amend(self, order: OwnOrder) -> None:
        """Open the line for this order."""
        desk = self.dealer.shell.desk
        if desk is not None:
            self.query_one(Amender).open(order, desk.markets, self.table)

    def action_amend_chosen(self) -> None:
        """The order under the cursor."""
        orders, chosen = self.dealer.orders.open, self.chosen_order
        if chosen is not None and chosen in orders:
            self.amend(orders[OrderId(chosen)])

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter, or a second click."""
        event.stop()
        self.action_amend_chosen()

    def heading(self) -> str:
        """What keys do here."""
        return "enter edit · c cancel · X all"

    def badge(self) -> int:
        """How many are open."""
        return len(self.dealer.orders.open)

    def rows(self, desk: Desk) -> list[Row]:
        """On their way first, then the open ones, the latest first."""
        if desk.orders is None:
            return []
        rows = self.dealer.trader.rows
        known = {order.client_order_id for order in desk.orders.open.values()}
        pending = [row for key, row in rows.pending.items() if key not in known]
        orders = sorted(desk.orders.open.values(), key=lambda order: order.order_id, reverse=True)
        return [
            *(self._pending_row(row, desk) for row in reversed(pending)),
            *(self._row(order, rows.marks.get(order.order_id), desk) for order in orders),
        ]

    @property
    def chosen_order(self) -> int | None:
        """The id of the open order under the cursor."""
        return int(self.chosen) if self.chosen is not None and self.chosen.isdecimal() else None

    @property
    def chosen_pending(self) -> bytes | None:
        """The client order id of the unconfirmed order under the cursor."""
        return bytes.fromhex(self.chosen[1:]) if self.chosen is not None and self.chosen.startswith("c") else None

    def _row(self, order: OwnOrder, mark: Mark | None, desk: Desk) -> Row:
        markets, market = desk.markets, order.market
        price, size, state = _becoming(order, mark, markets)
        placed_ns = order.placed_ns or client_id.minted_ms(order.client_order_id) * _NS_PER_MS
        ahead = self.dealer.ahead(order.order_id)
        struck = mark is not None and mark.is_cancel
        cells = (
            Cell(self._side(order.side), order.side, _INKS[order.side], struck=struck),
            Cell(price, order.price, struck=struck),
            Cell(size, order.quantity, struck=struck),
            Cell(markets.show_quantity(market, order.filled, thousands=True), order.filled, struck=struck),
            Cell(state, state, "warn" if mark is not None else "", struck=False),
            Cell(order_id.show(order.order_id), order.order_id, "muted", struck=struck),
            Cell(markets[market].symbol, markets[market].symbol, struck=struck),
            Cell(_kind(order), int(order.order_type), struck=struck),
            Cell(order.time_in_force.name, int(order.time_in_force), struck=struck),
            Cell("" if ahead is None else markets.show_quantity(market, ahead, thousands=True), ahead or 0, "muted"),
            Cell(desk.shown.time(placed_ns) if placed_ns else "", placed_ns, "muted"),
        )
        return Row(str(order.order_id), cells)

    def _pending_row(self, row: PendingOrder, desk: Desk) -> Row:
        markets, draft = desk.markets, row.draft
        price = markets.show_price(draft.market, draft.price, thousands=True) if draft.price else "market"
        symbol = markets[draft.market].symbol
        ink = "warn" if row.stage is Stage.UNKNOWN else "muted"
        cells = (
            Cell(self._side(draft.side), draft.side, _INKS[draft.side], faint=True),
            Cell(price, draft.price, faint=True),
            Cell(markets.show_quantity(draft.market, draft.quantity, thousands=True), draft.quantity, faint=True),
            Cell("", 0),
            Cell(row.stage.value, row.stage.value, ink),
            Cell("?" if row.stage is Stage.UNKNOWN else "", 0, ink),
            Cell(symbol, symbol, faint=True),
            Cell(draft.order_type.name.lower(), int(draft.order_type), faint=True),
            Cell(draft.time_in_force.name, int(draft.time_in_force), faint=True),
            Cell("", 0),
            Cell(desk.shown.time(row.since_ns), row.since_ns, "muted"),
        )
        return Row(f"c{row.client_order_id.hex()}", cells)

    def _side(self, side: Side) -> str:
        glyphs = self.dealer.shell.look.glyphs
        return f"BUY {glyphs.up}" if side is Side.BUY else f"SELL{glyphs.down}"


def _becoming(order: OwnOrder, mark: Mark | None, markets: "Markets") -> tuple[str, str, str]:
    """Price, size and state, with what they are about to become."""
    market = order.market
    price = markets.show_price(market, order.price, thousands=True) if order.price else "market"
    size = markets.show_quantity(market, order.quantity, thousands=True)
    state = _WORDS.get(order.state, order.state.name.lower())
    if mark is None:
        return price, size, state
    if mark.is_cancel:
        return price, size, "cancel?" if mark.is_unknown else "cancel"
    if mark.price:
        price = f"→{markets.show_price(market, mark.price, thousands=True)}"
    if mark.quantity:
        size = f"→{markets.show_quantity(market, mark.quantity, thousands=True)}"
    return price, size, "amend?" if mark.is_unknown else "amend"


def _kind(order: OwnOrder) -> str:
    if order.flags & OrderFlag.POST_ONLY:
        return "post-only"
    return OrderType(order.order_type).name.lower()
