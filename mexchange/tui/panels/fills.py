"""Our sides of trades, the latest first."""

from typing import ClassVar

from textual.binding import BindingType

from mexchange.domain import order_id
from mexchange.domain.order import Side
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import TablePanel
from mexchange.tui.trading.fill_log import OwnFill


class FillsPanel(TablePanel):
    """Of every market."""

    PARTS: ClassVar[Part] = Part.ORDERS
    NAME: ClassVar[str] = "fills"
    EMPTY: ClassVar[str] = "no fills yet"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("fills")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("time", 8),
        Column("side", 6),
        Column("price", 12, right=True),
        Column("size", 12, right=True),
        Column("fee", 16, right=True, rank=2),
        Column("role", 5, rank=3),
        Column("order", 8, rank=1),
        Column("market", 9, rank=4),
    )

    def rows(self, desk: Desk) -> list[Row]:
        """The newest first."""
        return [self._row(fill, desk) for fill in self.dealer.fills.newest_first()]

    def _row(self, fill: OwnFill, desk: Desk) -> Row:
        markets = desk.markets
        received = markets.received_asset(fill.market, fill.side)
        glyphs = self.dealer.shell.look.glyphs
        side = f"BUY {glyphs.up}" if fill.side is Side.BUY else f"SELL{glyphs.down}"
        role = "maker" if fill.is_maker else "taker"
        symbol = markets[fill.market].symbol
        cells = (
            Cell(desk.shown.time(fill.time_ns), fill.time_ns, "muted"),
            Cell(side, fill.side, "bid" if fill.side is Side.BUY else "ask"),
            Cell(markets.show_price(fill.market, fill.price, thousands=True), fill.price),
            Cell(markets.show_quantity(fill.market, fill.quantity, thousands=True), fill.quantity),
            Cell(f"{markets.show_money(received.asset, fill.fee)} {received.symbol}", fill.fee, "muted"),
            Cell(role, role),
            Cell(order_id.show(fill.order_id), fill.order_id, "muted"),
            Cell(symbol, symbol),
        )
        return Row(f"{fill.market}/{fill.trade_id}/{fill.order_id}", cells)
