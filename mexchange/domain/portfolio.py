"""What an account's holdings are worth and what they won, in exact integers.

A price turns one asset into another by a fraction: a lot of the base is worth price × atoms_per_tick_lot quote atoms.
An asset that no market trades against the one that is wanted goes over others, over as few markets as possible, the
earliest ones first. The fractions along the way are multiplied and divided once: every value is the exact one rounded
down, so that a gain is never shown greater and a loss never smaller than it is.

The cost of what is held is its average cost: each buy adds what it cost, each sell takes out its share of the cost so
far and realises the difference. What was not bought here has no cost and takes no part in profit and loss.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from mexchange.domain.units import AssetId, MarketId, Ticks, div_floor


class Quote(msgspec.Struct, frozen=True):
    """What a market says of the price of its base."""

    market: MarketId
    base: AssetId
    quote: AssetId
    lot_size: int
    """Base atoms."""
    atoms_per_tick_lot: int
    price: Ticks
    """0: none known, the market is of no use here."""


class Rate(NamedTuple):
    """Atoms of the wanted asset for one atom, as a fraction, and the markets that it comes from, in order."""

    numerator: int
    denominator: int
    path: tuple[MarketId, ...] = ()

    def value(self, atoms: int) -> int:
        """What so many atoms are worth, rounded down."""
        return div_floor(atoms * self.numerator, self.denominator)


class Lot(msgspec.Struct, frozen=True):
    """What was bought in a market and not sold there again."""

    market: MarketId
    quantity: int
    """Base atoms."""
    cost: int
    """Quote atoms."""
    realised: int
    """Quote atoms that selling has won so far; negative: lost."""


class LotValue(msgspec.Struct, frozen=True):
    """A lot at the present price. Quote atoms of its market; None without a price."""

    lot: Lot
    value: int | None
    unrealised: int | None
    """Value less cost."""


class Position(msgspec.Struct, frozen=True):
    """What there is of one asset, and its value in the wanted one; None: no market leads there."""

    asset: AssetId
    amount: int
    value: int | None


class Portfolio(msgspec.Struct, frozen=True):
    """Everything, in atoms of `asset`. What has no value or no price is left out of the sums and makes them partial."""

    asset: AssetId
    positions: list[Position]
    lots: list[LotValue]
    value: int
    cost: int
    unrealised: int
    realised: int
    is_partial: bool


class DayBalance(NamedTuple):
    """What there was of an asset at the end of a day since 1970."""

    asset: AssetId
    day: int
    amount: int


class EquityPoint(NamedTuple):
    """What the account was worth at the end of a day; partial: some asset had no price yet."""

    day: int
    value: int
    is_partial: bool


def rates_to(asset: AssetId, quotes: Iterable[Quote]) -> dict[AssetId, Rate]:
    """The rate of every asset that leads to `asset`, itself among them."""
    edges: dict[AssetId, list[Quote]] = {}
    for quote in sorted(quotes, key=lambda quote: quote.market):
        if quote.price:
            edges.setdefault(quote.base, []).append(quote)
            edges.setdefault(quote.quote, []).append(quote)
    rates = {asset: Rate(1, 1)}
    waiting = deque([asset])
    while waiting:
        known = waiting.popleft()
        for quote in edges.get(known, ()):
            other = quote.base if quote.quote == known else quote.quote
            if other not in rates:
                rates[other] = _step(other, quote, rates[known])
                waiting.append(other)
    return rates


def _step(asset: AssetId, quote: Quote, onward: Rate) -> Rate:
    """From `asset` over one market, then on."""
    notional = quote.price * quote.atoms_per_tick_lot
    over, under = (notional, quote.lot_size) if asset == quote.base else (quote.lot_size, notional)
    return Rate(over * onward.numerator, under * onward.denominator, (quote.market, *onward.path))


def portfolio(
    asset: AssetId, balances: Mapping[AssetId, int], lots: Iterable[Lot], quotes: Iterable[Quote]
) -> Portfolio:
    """Value what an account has, available and held together, at these prices."""
    by_market = {quote.market: quote for quote in quotes}
    rates = rates_to(asset, by_market.values())
    positions = [_position(held, amount, rates) for held, amount in sorted(balances.items()) if amount]
    valued = [_lot_value(lot, by_market.get(lot.market)) for lot in lots]
    sums = [0, 0, 0]
    is_partial = any(position.value is None for position in positions)
    for each in valued:
        quote = by_market.get(each.lot.market)
        rate = rates.get(quote.quote) if quote is not None else None
        if rate is None or each.unrealised is None:
            is_partial = True
            continue
        for place, atoms in enumerate((each.lot.cost, each.unrealised, each.lot.realised)):
            sums[place] += rate.value(atoms)
    cost, unrealised, realised = sums
    return Portfolio(
        asset=asset,
        positions=positions,
        lots=valued,
        value=sum(position.value or 0 for position in positions),
        cost=cost,
        unrealised=unrealised,
        realised=realised,
        is_partial=is_partial,
    )


def _position(asset: AssetId, amount: int, rates: Mapping[AssetId, Rate]) -> Position:
    rate = rates.get(asset)
    return Position(asset, amount, None if rate is None else rate.value(amount))


def _lot_value(lot: Lot, quote: Quote | None) -> LotValue:
    if lot.quantity == 0:
        return LotValue(lot, 0, -lot.cost)
    if quote is None or not quote.price:
        return LotValue(lot, None, None)
    value = div_floor(lot.quantity * quote.price * quote.atoms_per_tick_lot, quote.lot_size)
    return LotValue(lot, value, value - lot.cost)


def equity_curve(
    asset: AssetId,
    days: range,
    balances: Iterable[DayBalance],
    quotes: Iterable[Quote],
    closes: Mapping[MarketId, Mapping[int, Ticks]],
) -> list[EquityPoint]:
    """The worth at the end of each day. Balances and closes hold until the next one, from before the first day on.

    `quotes` say which markets lead where; their prices are not used, those of `closes` (market → day → price) are.
    """
    quotes = list(quotes)
    changes: dict[int, dict[AssetId, int]] = {}
    for row in sorted(balances, key=lambda row: row.day):
        changes.setdefault(max(row.day, days.start), {})[row.asset] = row.amount
    prices: dict[int, dict[MarketId, Ticks]] = {}
    for market, of_market in closes.items():
        for day in sorted(of_market):
            prices.setdefault(max(day, days.start), {})[market] = of_market[day]
    held: dict[AssetId, int] = {}
    known: dict[MarketId, Ticks] = {}
    points = []
    for day in days:
        held.update(changes.get(day, {}))
        known.update(prices.get(day, {}))
        priced = [msgspec.structs.replace(quote, price=known.get(quote.market, Ticks(0))) for quote in quotes]
        rates = rates_to(asset, priced)
        worth = [_position(each, amount, rates) for each, amount in held.items() if amount]
        points.append(
            EquityPoint(day, sum(each.value or 0 for each in worth), any(each.value is None for each in worth))
        )
    return points
