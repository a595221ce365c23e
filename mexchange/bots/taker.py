"""The taker: now and then it buys or sells at once, at random, and so that its inventory comes home.

Home is the split between its two assets that it began with. The farther it is from there, the likelier is the side
that leads back; and no order is more than a small part of the lesser of the two, or of what is offered. So it trades
for weeks without running out of either, and never empties a book. Seeded: the same views, the same orders.
"""

import random
from typing import Final

import msgspec

from mexchange.bots.market_view import MarketView
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import Command, PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import PPM_ONE, AccountId, Lots, Ticks

OWN: Final = AccountId(0)
"""The account of the session."""
S_NS: Final = 1_000_000_000


class TakerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how much."""

    pause_ns_min: int = S_NS
    pause_ns_max: int = 5 * S_NS
    amount_min: int
    """Quote atoms of the smallest order, and of the largest."""
    amount_max: int
    wealth_ppm: int = 10_000
    """No order is larger than this part of the lesser of its two holdings."""
    depth_ppm: int = 300_000
    """Nor larger than this part of what others offer."""
    pull_ppm: int = 4_000_000
    """How strongly it is drawn home: 4,000,000 makes the side certain at a tilt of 250,000 ppm."""
    reach_ppm: int = 300
    """How far beyond the best price a limit order may go."""
    market_order_ppm: int = 500_000
    """Part of its orders that are market orders."""


class Taker:
    """Decides for one market."""

    def __init__(self, settings: TakerSettings, seed: int) -> None:
        assert 0 < settings.amount_min <= settings.amount_max
        self._settings = settings
        self._random = random.Random(seed)
        self._next_ns = 0
        self._home_ppm: int | None = None

    def decide(self, view: MarketView, now_ns: int) -> list[Command]:
        """At most one order, when its pause is over and there is somebody to trade with. `now_ns` is monotonic."""
        if self._home_ppm is None:
            self._home_ppm = view.tilt_ppm
        if now_ns < self._next_ns:
            return []
        self._next_ns = now_ns + self._random.randint(self._settings.pause_ns_min, self._settings.pause_ns_max)
        side = self._side(view.tilt_ppm - self._home_ppm)
        best = view.best_ask if side is Side.BUY else view.best_bid
        quantity = self._quantity(view, side, best) if best else 0
        return [self._order(view, side, best, quantity)] if quantity else []

    def _side(self, away_ppm: int) -> Side:
        """A fair coin at home, weighted elsewhere."""
        buy_ppm = PPM_ONE // 2 - away_ppm * self._settings.pull_ppm // PPM_ONE // 2
        return Side.BUY if self._random.randrange(PPM_ONE) < buy_ppm else Side.SELL

    def _quantity(self, view: MarketView, side: Side, price: int) -> int:
        """Small orders are likelier than large ones; never more than there is. 0: too little."""
        settings = self._settings
        least = min(view.base_value, view.quote)
        largest = min(settings.amount_max, least * settings.wealth_ppm // PPM_ONE)
        span = max(largest - settings.amount_min, 0)
        amount = settings.amount_min + span * self._random.randrange(1_000) ** 2 // 10**6
        offered = (view.ask_lots if side is Side.BUY else view.bid_lots) * settings.depth_ppm // PPM_ONE
        lots = min(view.lots_for(amount, price), offered, view.info.quantity_max)
        return lots if lots >= view.lots_min(price) and least >= 2 * amount else 0

    def _order(self, view: MarketView, side: Side, best: int, quantity: int) -> PlaceOrder:
        is_market = self._random.randrange(PPM_ONE) < self._settings.market_order_ppm
        reach = best * self._settings.reach_ppm // PPM_ONE
        worst = max(1, best + self._random.randint(0, reach) * (1 if side is Side.BUY else -1))
        return PlaceOrder(
            OWN,
            NO_ID,
            view.info.market,
            side,
            Lots(quantity),
            Ticks(0 if is_market else worst),
            OrderType.MARKET if is_market else OrderType.LIMIT,
            TimeInForce.IOC,
        )
