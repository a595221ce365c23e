"""Price alerts of every market, and where its price is."""

from typing import ClassVar

from textual.binding import BindingType

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import TablePanel


class AlertsPanel(TablePanel):
    """Keys of rows: the place in the list."""

    PARTS: ClassVar[Part] = Part.ALERTS
    NAME: ClassVar[str] = "alerts"
    EMPTY: ClassVar[str] = "no alerts · A sets one at the cursor's price"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("alerts")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("market", 10),
        Column("when", 4),
        Column("price", 16, right=True),
        Column("last", 16, right=True, rank=1),
    )

    def heading(self) -> str:
        """What keys do here."""
        return "A set · c take back"

    def badge(self) -> int:
        """How many there are."""
        return len(self.dealer.alarm.alerts)

    def rows(self, desk: Desk) -> list[Row]:
        """In the order in which they were set."""
        rows = []
        for number, alert in enumerate(self.dealer.alarm.alerts):
            last, shown = self.dealer.last_of(alert.market)
            cells = (
                Cell(alert.market, alert.market),
                Cell(">=" if alert.is_above else "<=", ""),
                Cell(alert.price, alert.price),
                Cell(shown, last, "muted"),
            )
            rows.append(Row(f"{number}", cells))
        return rows

    def action_remove(self) -> None:
        """Take the chosen one back."""
        alerts = self.dealer.alarm.alerts
        if self.chosen is not None and int(self.chosen) < len(alerts):
            self.dealer.alarm.remove(alerts[int(self.chosen)])
            self.paint_now()
            self.dealer.shell.frame.mark(Part.ALERTS)
