"""What keys, clicks and drags do in the market that is shown: own orders at a price, and new ones there.

A key may mean several orders: each of them goes to the trader, who judges every one.
"""

from collections.abc import Iterable
from functools import partial

from mexchange.client.orders import OwnOrder
from mexchange.domain.order import Side
from mexchange.tui.frame import Part
from mexchange.tui.trading.cancelling import CancelScope
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.draft import OrderDraft
from mexchange.tui.trading.trader import Trader


class ShownMarket:
    """Prices in ticks, sizes in lots. Without a market nothing happens."""

    def __init__(self, dealer: Dealer) -> None:
        self._dealer = dealer

    @property
    def market(self) -> int:
        """Its number; 0: none is shown."""
        desk = self._dealer.shell.desk
        return desk.market.market if desk is not None else 0

    def best(self, side: Side) -> int:
        """The best price of a side; 0: it is empty."""
        sight = self._dealer.sight()
        return 0 if sight is None else sight.bid if side is Side.BUY else sight.ask

    def orders_at(self, side: Side | None, prices: tuple[int, ...]) -> list[OwnOrder]:
        """Own open ones at exactly these prices, of one side or of both."""
        market = self.market
        return [
            order
            for order in self._dealer.orders.open.values()
            if order.market == market and order.price in prices and side in (None, order.side)
        ]

    def place(self, side: Side, price: int, size: int) -> None:
        """A limit order at once; without a price or a size it says what is missing."""
        sight = self._dealer.sight()
        if sight is None:
            return
        if not price or not size:
            what = "price" if not price else "size: n5 sets it to 5"
            self._dealer.refuse(f"an order needs a {what}")
            return
        draft = OrderDraft(market=sight.market.market, side=side, quantity=size, price=price)
        self._dealer.go(lambda trader: trader.place(draft))

    def cancel(self, orders: Iterable[OwnOrder]) -> None:
        """Take these back."""
        for order in orders:
            self._dealer.go(partial(Trader.cancel, order_id=order.order_id))

    def nudge(self, orders: Iterable[OwnOrder], steps: int) -> None:
        """So many ticks up."""
        for order in orders:
            self._dealer.go(partial(Trader.nudge, order_id=order.order_id, steps=steps))

    def move(self, order_ids: Iterable[int], to_price: int) -> None:
        """To another price."""
        for order_id in order_ids:
            self.amend(order_id, price=to_price)

    def amend(self, order_id: int, *, price: int = 0, quantity: int = 0) -> None:
        """New price and/or total quantity; 0: as it is."""
        self._dealer.go(lambda trader: trader.amend(order_id, price=price, quantity=quantity))

    def cancel_all(self) -> None:
        """The key: this market; again within two seconds: all of them."""
        if market := self.market:
            self._dealer.go(lambda trader: trader.press_cancel_all(market))

    def cancel_scope(self, name: str) -> None:
        """`buy`, `sell`, `session` (what it sent) of this market, or `all` everywhere."""
        market = self.market
        if not market:
            return
        scope = {
            "buy": CancelScope(market=market, side=Side.BUY),
            "sell": CancelScope(market=market, side=Side.SELL),
            "session": CancelScope(market=market, is_session=True),
            "all": CancelScope(),
        }[name]
        self._dealer.go(lambda trader: trader.cancel_all(scope, at=market))

    def flatten(self) -> None:
        """Sell all of the base."""
        if market := self.market:
            self._dealer.go(lambda trader: trader.flatten(market))

    def reverse(self) -> None:
        """Turn a position round."""
        if market := self.market:
            self._dealer.go(lambda trader: trader.reverse(market))

    def turn_alert(self, price: int) -> None:
        """Set an alert there, or take it back."""
        dealer, desk = self._dealer, self._dealer.shell.desk
        if dealer.shell.replay is not None:
            dealer.refuse("alerts wait for prices to come: this is a recording")
        elif desk is not None:
            dealer.alarm.toggle(desk, price)
            dealer.shell.frame.now(Part.ALERTS)
