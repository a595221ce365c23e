"""What keys, clicks and drags on the trade screen mean for orders. Every one of them ends at the trader."""

import time

from textual import events, on

from mexchange.client.orders import OwnOrder
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.order import Side
from mexchange.domain.units import OrderId
from mexchange.tui.frame import Part
from mexchange.tui.panels.amender import Amender
from mexchange.tui.panels.market import ChartPanel, LadderPanel
from mexchange.tui.panels.orders import OrdersPanel
from mexchange.tui.panels.table import TablePanel
from mexchange.tui.screens.market_keys import MarketKeys
from mexchange.tui.trading import yank
from mexchange.tui.trading.arming import Cause
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.shown_market import ShownMarket
from mexchange.tui.trading.ticket import Ticket
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.price_pressed import PricePressed


class TradeKeys(MarketKeys):
    """A screen with a ladder, a ticket and an orders panel."""

    dealer: Dealer
    market: ShownMarket
    _count: str | None = None
    """Digits typed after `n`."""

    @property
    def ticket(self) -> Ticket:
        """The one there is."""
        return self.query_one(Ticket)

    @property
    def ladder(self) -> LadderPanel:
        """The one there is."""
        return self.query_one(LadderPanel)

    @property
    def orders_panel(self) -> OrdersPanel:
        """The one there is."""
        return self.query_one(OrdersPanel)

    # The ticket.

    def action_ticket(self, side: str) -> None:
        """Buy or sell at the cursor's price, without a cursor at the best one; the size is what comes next."""
        chosen = Side[side.upper()]
        self.ticket.form.take(side=chosen, price=self.ladder.cursor or self.market.best(chosen))
        self.action_show_panel("ticket")
        self.call_after_refresh(self.ticket.focus_field)

    def action_order_type(self) -> None:
        """Limit or market."""
        self.ticket.action_type()

    def action_size(self, steps: int) -> None:
        """The next preset up or down from what stands in the ticket."""
        self.ticket.form.step_preset(steps)

    def action_use_size(self, typed: str) -> None:
        """As it was typed behind the colon."""
        self.ticket.form.change(size=typed)

    def action_export_table(self, name: str) -> None:
        """As a file, whether it is shown or not."""
        table = self.desktop.panels[name].content
        if isinstance(table, TablePanel) and self.dealer.shell.desk is not None:
            table.paint(self.dealer.shell.desk, Part.EVERYTHING)
            table.paint_now()
            table.action_export()

    def action_count(self) -> None:
        """Digits that follow are a size."""
        self._count = ""

    def action_join(self, side: str) -> None:
        """A limit order at the best price of the side: only while armed."""
        chosen = Side[side.upper()]
        if self.dealer.arming.is_armed:
            self.market.place(chosen, self.market.best(chosen), self.ticket.form.lots)
        else:
            self.dealer.refuse("joining the best price at once is for an armed ladder: d arms it")

    # Orders.

    def action_cancel_selected(self) -> None:
        """The order under the cursor of the ladder or of the list."""
        pending = self.orders_panel.chosen_pending
        if pending is not None and self.orders_panel.has_focus_within:
            self.dealer.go(lambda trader: trader.cancel_pending(ClientOrderId(pending)))
            return
        self.market.cancel(self._wanted_orders())

    def action_cancel_all(self) -> None:
        """This market; again within two seconds: all."""
        self.market.cancel_all()

    def action_cancel_scope(self, name: str) -> None:
        """One side of this market, what this session sent to it, or everything everywhere."""
        self.market.cancel_scope(name)

    def action_nudge(self, steps: int) -> None:
        """The selected orders, so many ticks."""
        self.market.nudge(self._wanted_orders(), steps)

    def action_amend(self) -> None:
        """Price and total of the selected order, in place."""
        if chosen := self._wanted_orders():
            self.action_show_panel("orders")
            self.call_after_refresh(self.orders_panel.amend, chosen[0])

    def action_flatten(self) -> None:
        """Sell all of the base."""
        self.market.flatten()

    def action_reverse(self) -> None:
        """Turn a position round."""
        self.market.reverse()

    def action_yank(self) -> None:
        """The command: of the order under the cursor, else of the ticket."""
        desk, chosen = self.dealer.shell.desk, self.chosen_orders()
        if desk is not None and chosen and not self.ticket.has_focus_within:
            self.dealer.yank(yank.again(chosen[0], desk.markets))
        else:
            self.ticket.action_yank()

    def action_arm(self) -> None:
        """Click-to-trade on or off."""
        arming = self.dealer.arming
        if arming.disarm(Cause.HAND):
            return
        if why := arming.arm(time.monotonic_ns(), obstacle=self.dealer.obstacle()):
            self.dealer.refuse(f"not armed: {why}")

    def action_alert(self) -> None:
        """At the cursor's price, of the chart if it has the focus."""
        chart = self.query_one(ChartPanel)
        if chart.has_focus:
            chart.action_mark()
        elif self.ladder.cursor:
            self.market.turn_alert(self.ladder.cursor)

    def action_back(self) -> None:
        """Disarm; else to the ladder."""
        if not self.dealer.arming.disarm(Cause.ESCAPE):
            self.action_show_panel("ladder")

    # Clicks and drags.

    @on(Ladder.PricePressed)
    def _price_pressed(self, event: Ladder.PricePressed) -> None:
        """Armed, or by a double click: an order. Else it fills the ticket; with ctrl also the size up to there."""
        side = event.side.opposite if event.shift else event.side
        armed = self.dealer.arming.is_armed
        if armed and event.double:
            return  # the first click of the two was the order
        if armed or event.double:
            self.market.place(side, event.price, self.ticket.form.lots)
        else:
            self.ticket.form.take(side=side, price=event.price, size=event.size_cum if event.ctrl else 0)

    @on(Ladder.OwnPressed)
    def _own_pressed(self, event: Ladder.OwnPressed) -> None:
        self.market.cancel(self.market.orders_at(event.side, event.prices))

    @on(Ladder.OwnDragged)
    def _own_dragged(self, event: Ladder.OwnDragged) -> None:
        dragged = self.market.orders_at(event.side, (event.from_price,))
        self.market.move((order.order_id for order in dragged), event.to_price)

    @on(Ladder.SizeWheel)
    def _size_wheel(self, event: Ladder.SizeWheel) -> None:
        self.ticket.form.step_preset(event.delta)

    @on(PricePressed)
    def _past_price_pressed(self, event: PricePressed) -> None:
        """In the depth chart or the tape: neither says what can be had there now, so it fills the ticket."""
        self.ticket.form.take(price=event.price)

    @on(Chart.OrderDragged)
    def _order_dragged(self, event: Chart.OrderDragged) -> None:
        self.market.amend(event.order_id, price=event.to_price)

    @on(Chart.PriceMarked)
    def _price_marked(self, event: Chart.PriceMarked) -> None:
        self.market.turn_alert(event.price)

    @on(Amender.Wanted)
    def _amend_wanted(self, event: Amender.Wanted) -> None:
        self.market.amend(event.order_id, price=event.price, quantity=event.quantity)

    def on_key(self, event: events.Key) -> None:
        """Somebody is there; and digits after `n` are a size."""
        self.dealer.arming.touch(time.monotonic_ns())
        if self._count is None:
            return
        if event.character is not None and event.character in "0123456789.":
            self._count += event.character
            self.ticket.form.change(size=self._count)
            event.stop()
            event.prevent_default()
        elif event.key != "n":
            self._count = None

    def on_mouse_move(self) -> None:
        """Somebody is there."""
        self.dealer.arming.touch(time.monotonic_ns())

    # Which orders a key means.

    def chosen_orders(self) -> list[OwnOrder]:
        """Under the cursor of what has the focus; else under that of the list."""
        if self.ladder.has_focus and self.ladder.cursor is not None:
            at_cursor = self.market.orders_at(None, (self.ladder.cursor,))
            if at_cursor:
                return at_cursor
        orders, chosen = self.dealer.orders.open, self.orders_panel.chosen_order
        return [orders[OrderId(chosen)]] if chosen is not None and chosen in orders else []

    def _wanted_orders(self) -> list[OwnOrder]:
        """The chosen ones; if there is none, the user is told."""
        chosen = self.chosen_orders()
        if not chosen:
            self.dealer.refuse("no own order under the cursor")
        return chosen
