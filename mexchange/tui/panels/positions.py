"""Positions: of markets that have some. Spot markets have balances instead."""

from typing import ClassVar

from textual.binding import BindingType

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.panels.sheet import Column, Row
from mexchange.tui.panels.table import TablePanel


class PositionsPanel(TablePanel):
    """Empty as long as every market is a spot market."""

    PARTS: ClassVar[Part] = Part.BALANCES
    NAME: ClassVar[str] = "positions"
    EMPTY: ClassVar[str] = "spot markets have none: 6 Balances shows what you hold · f sells it all"
    BINDINGS: ClassVar[list[BindingType]] = []
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("market", 10),
        Column("side", 6),
        Column("size", 12, right=True),
        Column("entry", 12, right=True),
        Column("mark", 12, right=True, rank=1),
        Column("uPnL", 12, right=True, rank=1),
        Column("liq", 12, right=True, rank=2),
    )

    def rows(self, desk: Desk) -> list[Row]:
        """None."""
        return []
