"""Flat, in a spot market: no open order, and all of the base turned into quote at the market.

There is no negative balance in a spot market, so there is never anything to buy back. What is less than a lot stays.
"""

from collections.abc import Sequence

import msgspec

from mexchange.client.balances_view import BalancesView
from mexchange.client.errors import Rejected
from mexchange.client.order_cost import Sweep, protection_price, sweep
from mexchange.client.order_rules import foreseen
from mexchange.client.orders import OwnOrder
from mexchange.client.reject_words import in_words
from mexchange.client.sizing import flattening
from mexchange.codec.messages import Balance
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.draft import OrderDraft


class FlattenPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What will be done, or why nothing can be."""

    draft: OrderDraft
    taken: Sweep
    """What the book as it stands gives for it."""
    rest: int = 0
    """Base atoms that stay."""
    refusal: str = ""
    hint: str = ""


def plan(sight: Sight, balances: BalancesView, orders: Sequence[OwnOrder]) -> FlattenPlan:
    """With what open orders of this market hold counted as free: they are taken back first."""
    balance = balances.balances.get(sight.market.base)
    held = sum(order.leaves * sight.market.lot_size for order in orders if order.side is Side.SELL)
    return _plan(sight, (balance.available if balance else 0) + held)


def plan_of(sight: Sight, balance: Balance | None) -> FlattenPlan:
    """With nothing but what is free."""
    return _plan(sight, balance.available if balance else 0)


def _plan(sight: Sight, amount: int) -> FlattenPlan:
    market = sight.market
    flat = flattening(market, amount=amount)
    draft = OrderDraft(
        market=market.market,
        side=Side.SELL,
        quantity=flat.quantity,
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.IOC,
    )
    protection = protection_price(market, Side.SELL, sight.reference)
    taken = sweep(sight.bids, flat.quantity, side=Side.SELL, protection=protection)
    base = sight.registry.asset(market.base).symbol
    if not flat.quantity:
        return FlattenPlan(draft=draft, taken=taken, refusal=f"you hold less than one lot of {base}: it is flat")
    why: Rejected | None = foreseen(
        draft.command(), market, status=sight.status, reference=sight.reference, opposite=sight.bid, available=amount
    )
    if why is not None:
        words = in_words(why, sight.registry, market.market, Side.SELL)
        return FlattenPlan(draft=draft, taken=taken, refusal=words, hint=why.hint)
    return FlattenPlan(draft=draft, taken=taken, rest=flat.rest)
