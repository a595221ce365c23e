"""What something cost that is held, and what was gained by selling it: average cost, one account in one market.

Fees count: what is bought is what arrived, what a sale brings is what arrived. A deposit has no price, so what was not
bought in this market has no cost, and selling it gains nothing that could be named.
"""

from typing import Final, NamedTuple

from mexchange.domain.units import div_floor


class Holding(NamedTuple):
    """`quantity` base atoms bought in this market and not sold in it, for `cost` quote atoms in all."""

    quantity: int
    cost: int
    realised: int
    """Quote atoms gained so far; any size, as cost is."""


NOTHING: Final = Holding(0, 0, 0)


def bought(holding: Holding, *, quantity: int, cost: int) -> Holding:
    """After `quantity` arrived for `cost`."""
    return Holding(holding.quantity + quantity, holding.cost + cost, holding.realised)


def sold(holding: Holding, *, quantity: int, proceeds: int) -> Holding:
    """After `quantity` left for `proceeds`; the gain is the difference in `realised`.

    Both shares are rounded down: the rest of a cost stays with what is left and is counted with its last atom.
    """
    known = min(quantity, holding.quantity)
    if known <= 0:
        return holding
    cost = div_floor(holding.cost * known, holding.quantity)
    gain = div_floor(proceeds * known, quantity) - cost
    return Holding(holding.quantity - known, holding.cost - cost, holding.realised + gain)
