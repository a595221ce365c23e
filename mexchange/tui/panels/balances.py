"""What there is: free, held, and its worth in one asset at the prices on the screen."""

from typing import ClassVar

from textual.binding import BindingType

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import TablePanel


class BalancesPanel(TablePanel):
    """In the order of the asset ids; the assets of the shown market first."""

    PARTS: ClassVar[Part] = Part.BALANCES | Part.TICKER
    NAME: ClassVar[str] = "balances"
    EMPTY: ClassVar[str] = "no balances"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("balances")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("asset", 7),
        Column("available", 18, right=True),
        Column("held", 18, right=True),
        Column("value", 18, right=True, rank=1),
        Column("in", 5, rank=1),
    )

    def rows(self, desk: Desk) -> list[Row]:
        """Nothing is said of assets of which there is nothing."""
        if desk.balances is None:
            return []
        markets = desk.markets
        shown_first = (desk.market.base, desk.market.quote)
        balances = [each for each in desk.balances.balances.values() if each.available or each.held]
        rows = []
        for balance in sorted(balances, key=lambda each: (each.asset not in shown_first, each.asset)):
            symbol = markets.asset(balance.asset).symbol
            asset, value = self.dealer.value(balance.asset, balance.available + balance.held) or (0, None)
            cells = (
                Cell(symbol, symbol),
                Cell(markets.show_money(balance.asset, balance.available), balance.available),
                Cell(markets.show_money(balance.asset, balance.held), balance.held, "" if balance.held else "muted"),
                Cell("" if value is None else markets.show_amount(asset, value, thousands=True), value or 0),
                Cell("" if value is None else markets.asset(asset).symbol, 0, "muted"),
            )
            rows.append(Row(str(balance.asset), cells))
        return rows
