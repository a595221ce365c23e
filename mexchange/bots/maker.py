"""The market maker: several levels on both sides around the fair price, leaning against its inventory.

An order that is near enough to where it should be stays; one that is not is amended in one command, so that the side is
never without a quote between a cancel and a new order. New orders are post-only and slide: the maker never takes.
Everything that it knows is in the view that it is given; what it needs besides is a seeded source of sizes.
"""

import random
from typing import Final

import msgspec

from mexchange.bots.market_view import MarketView, OwnQuote
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from mexchange.domain.order import OrderFlag, Side
from mexchange.domain.units import PPM_ONE, AccountId, Lots, OrderId, Ticks

OWN: Final = AccountId(0)
"""The account of the session."""
ACTIONS_MAX: Final = 12
"""Commands of one decision; the rest follows with the next."""


class MakerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Shape of the quotes. Rates in ppm of the fair price."""

    levels: int = 6
    half_spread_ppm: int = 150
    gap_ppm: int = 160
    """Between one level and the next."""
    tolerance_ppm: int = 60
    """How far the best level may be off before it is moved; level n may be n times as far."""
    skew_ppm: int = 120
    """How far the centre leans when the inventory is all on one side. Less than half_spread_ppm."""
    level_amount: int
    """Quote atoms of the best level."""
    growth_ppm: int = 1_400_000
    """Size of each level as a part of the one before it."""
    budget_ppm: int = 700_000
    """Part of the funds that is quoted; the rest lets amends grow."""


class Target(msgspec.Struct, frozen=True):
    """One level as it should be."""

    side: Side
    price: int
    quantity: int
    tolerance: int


class Maker:
    """Decides for one market."""

    def __init__(self, settings: MakerSettings, seed: int) -> None:
        assert settings.skew_ppm < settings.half_spread_ppm, "its own sides never meet"
        self._settings = settings
        self._random = random.Random(seed)
        self._home_ppm: int | None = None
        """The tilt that it began with: the inventory that it leans back to."""

    def decide(self, view: MarketView, now_ns: int = 0) -> list[Command]:
        """What to do now, at most ACTIONS_MAX commands in the order in which they are to be executed."""
        if self._home_ppm is None:
            self._home_ppm = view.tilt_ppm
        bids, asks = self.targets(view, Side.BUY), self.targets(view, Side.SELL)
        own_bids, own_asks = _best_first(view, Side.BUY), _best_first(view, Side.SELL)
        # The side that moves away goes first: the other one then does not run into it.
        rising = bool(own_asks and asks and asks[0].price > own_asks[0].price)
        halves = [(own_asks, asks), (own_bids, bids)] if rising else [(own_bids, bids), (own_asks, asks)]
        commands = [command for own, wanted in halves for command in self._move(view, own, wanted)]
        return commands[:ACTIONS_MAX]

    def targets(self, view: MarketView, side: Side) -> list[Target]:
        """The levels of one side, best first; fewer when funds are short, none when they do not buy the minimum."""
        settings, away = self._settings, -1 if side is Side.BUY else 1
        tilt_ppm = max(-PPM_ONE, min(PPM_ONE, view.tilt_ppm - (self._home_ppm or 0)))
        centre = view.fair - _ppm(view.fair, settings.skew_ppm * tilt_ppm // PPM_ONE)
        left = _ppm(view.quote if side is Side.BUY else view.base_value, settings.budget_ppm)
        amount = min(settings.level_amount, left // settings.levels)
        targets: list[Target] = []
        for level in range(settings.levels):
            distance = max(1, _ppm(view.fair, settings.half_spread_ppm + level * settings.gap_ppm))
            price = _passive(view, side, max(1, centre + away * (distance + level)))
            quantity = min(view.lots_for(max(min(amount, left), 0), price), view.info.quantity_max)
            if not quantity:
                break
            left -= quantity * price * view.info.atoms_per_tick_lot
            targets.append(Target(side, price, quantity, max(1, _ppm(view.fair, settings.tolerance_ppm * (level + 1)))))
            amount = _ppm(amount, settings.growth_ppm)
        return targets

    def _move(self, view: MarketView, own: list[OwnQuote], wanted: list[Target]) -> list[Command]:
        """Best level first; orders that are too many go last."""
        commands: list[Command] = []
        for index, target in enumerate(wanted):
            if index >= len(own):
                commands.append(self._place(view, target))
            elif not _is_near(own[index], target):
                commands.append(self._amend(view, own[index], target))
        commands.extend(_cancel(order) for order in own[len(wanted) :])
        return commands

    def _place(self, view: MarketView, target: Target) -> PlaceOrder:
        return PlaceOrder(
            OWN,
            NO_ID,
            view.info.market,
            target.side,
            self._size(view, target),
            Ticks(target.price),
            flags=OrderFlag.POST_ONLY | OrderFlag.SLIDE,
        )

    def _amend(self, view: MarketView, order: OwnQuote, target: Target) -> AmendOrder:
        """A total that leaves what is wanted, however much of it is filled by now."""
        total = Lots(order.filled + self._size(view, target))
        return AmendOrder(OWN, NO_ID, OrderId(order.order_id), Ticks(target.price), total)

    def _size(self, view: MarketView, target: Target) -> Lots:
        """Not a round number each time: from 70 to 100 % of the target."""
        part = _ppm(target.quantity, self._random.randint(700_000, 1_000_000))
        return Lots(max(part, view.lots_min(target.price)))


def _is_near(order: OwnQuote, target: Target) -> bool:
    return abs(order.price - target.price) <= target.tolerance and order.leaves * 2 >= target.quantity


def _cancel(order: OwnQuote) -> CancelOrder:
    return CancelOrder(OWN, NO_ID, OrderId(order.order_id))


def _best_first(view: MarketView, side: Side) -> list[OwnQuote]:
    own = [order for order in view.orders if order.side is side]
    return sorted(own, key=lambda order: (-order.price if side is Side.BUY else order.price, order.order_id))


def _passive(view: MarketView, side: Side, price: int) -> int:
    """No better than one tick off the orders of others on the other side."""
    if side is Side.BUY:
        return max(1, min(price, view.best_ask - 1)) if view.best_ask else price
    return max(price, view.best_bid + 1)


def _ppm(value: int, rate: int) -> int:
    """Rounded down: sizes, distances and leanings need no exactness."""
    return value * rate // PPM_ONE
