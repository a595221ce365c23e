"""The menu of the trade screen: by the right button, or by its key for what has the focus."""

from textual import on
from textual.geometry import Offset

from mexchange.client.orders import OwnOrder
from mexchange.domain.order import Side
from mexchange.tui.desk import Desk
from mexchange.tui.keymap import Key, of_scope
from mexchange.tui.panels.row_table import RowTable
from mexchange.tui.screens.context_menu import ContextMenu, MenuEntry
from mexchange.tui.screens.trade_keys import TradeKeys
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.panel import Panel

_ORDER = ("order.amend", "order.up", "order.down", "order.cancel", "order.yank")


class MenuKeys(TradeKeys):
    """The part of the trade screen that says what can be done with a price, an order, or a panel."""

    def action_context_menu(self) -> None:
        """For the cursor of what has the focus."""
        panel = self.focused_panel
        if panel is not None:
            self._open_menu(panel, panel.region.offset + Offset(2, 2))

    @on(Ladder.MenuWanted)
    def _menu_of_price(self, event: Ladder.MenuWanted) -> None:
        self._open_menu(self.desktop.panels["ladder"], Offset(event.x, event.y))

    @on(RowTable.MenuWanted)
    def _menu_of_row(self, event: RowTable.MenuWanted) -> None:
        panel = self.focused_panel
        if panel is not None:
            self._open_menu(panel, event.place)

    def _open_menu(self, panel: Panel, place: Offset) -> None:
        self.focus_panel(panel)
        entries = self._entries(panel)

        async def chosen(key: Key | None) -> None:
            if key is not None:
                await self.app.run_action(key.action, self if key.scope == "trade" else panel.content)

        if entries:
            self.app.push_screen(ContextMenu(entries, place), chosen)

    def _entries(self, panel: Panel) -> list[MenuEntry]:
        """What can be done here; what has a line of its own is not said again."""
        desk, keys = self.dealer.shell.desk, self.dealer.shell.user_keys
        if desk is None:
            return []
        found: list[MenuEntry] = []
        if panel.panel == "orders" and (orders := self.chosen_orders()):
            found = self._of_order(desk, orders)
        elif panel.panel == "ladder" and self.ladder.cursor:
            found = self._of_price(desk, self.ladder.cursor)
        own = [key for key in of_scope(panel.panel, keys) if key.hint and key.id != "orders.amend"]
        return [*found, *(MenuEntry(key, key.description) for key in own)]

    def _of_price(self, desk: Desk, price: int) -> list[MenuEntry]:
        text = desk.shown.price(price)
        entries = [
            MenuEntry(self._key("order.buy"), f"Buy at {text} …"),
            MenuEntry(self._key("order.sell"), f"Sell at {text} …"),
        ]
        if orders := self.market.orders_at(None, (price,)):
            entries += self._of_order(desk, orders)
        has_alert = any(target == price for _, target in self.dealer.alarm.prices(desk))
        alert = f"Take back the alert at {text}" if has_alert else f"Alert at {text}"
        return [*entries, MenuEntry(self._key("alert.set"), alert), MenuEntry(self._key("ladder.arm"), self._arming())]

    def _of_order(self, desk: Desk, orders: list[OwnOrder]) -> list[MenuEntry]:
        markets, order, others = desk.markets, orders[0], len(orders) - 1
        side = "buy" if order.side is Side.BUY else "sell"
        size = markets.show_quantity(order.market, order.leaves, thousands=True)
        price = f" @ {markets.show_price(order.market, order.price, thousands=True)}" if order.price else ""
        what = f"{side} {size}{price}" + (f" and {others} more" if others else "")
        titles = (f"Amend {what} …", "A tick up", "A tick down", f"Cancel {what}", "Copy the command that places it")
        return [MenuEntry(self._key(name), title) for name, title in zip(_ORDER, titles, strict=True)]

    def _arming(self) -> str:
        return "Disarm the ladder" if self.dealer.arming.is_armed else "Arm the ladder"

    def _key(self, name: str) -> Key:
        return next(key for key in of_scope("trade", self.dealer.shell.user_keys) if key.id == name)
