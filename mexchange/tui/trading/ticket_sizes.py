"""Sizes that keys put into a ticket: the presets of the settings, and a share of what is free. Pure functions, lots."""

from collections.abc import Iterable, Sequence

from mexchange.client.balances_view import BalancesView
from mexchange.client.markets import Markets
from mexchange.client.order_cost import protection_price
from mexchange.client.sizing import share
from mexchange.domain.order import OrderType, Side
from mexchange.domain.text import TextError
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.draft import Entry, Problem


def presets(registry: Markets, market: int, typed: Iterable[str]) -> list[int]:
    """Smallest first; what is no size of this market is left out."""
    found = []
    for size in typed:
        try:
            found.append(registry.quantity(market, size))
        except TextError:
            continue
    return sorted(found)


def next_preset(sizes: Sequence[int], lots: int, steps: int) -> int:
    """The next larger (steps above 0) or smaller of the sizes, which are sorted; 0: there is none."""
    further = [size for size in sizes if (size > lots if steps > 0 else size < lots)]
    if not further:
        return 0
    return further[0] if steps > 0 else further[-1]


def share_of_free(entry: Entry, sight: Sight, balances: BalancesView, percent: int) -> int | Problem:
    """So many hundredths of what is free to pay with; a market order is counted at the worst price it may get."""
    market, side = sight.market, entry.side
    price = entry.ticks(sight.registry)
    if entry.order_type is OrderType.MARKET:
        price = protection_price(market, side, sight.reference)
    if side is Side.BUY and not price:
        return Problem("price", "a price first: how much you can buy depends on it")
    balance = balances.balances.get(market.quote if side is Side.BUY else market.base)
    free = balance.available if balance is not None else 0
    lots = share(market, side, percent=percent, available=free, price=price)
    return lots or Problem("size", f"{percent} % of what is free is less than one lot")
