"""Everything that a ticket shows beside its fields: what the order costs and brings, and why it cannot be sent.

A pure function of what was typed and what is known; the widget only shows the texts.
"""

import msgspec

from mexchange.client.balances_view import BalancesView
from mexchange.client.errors import BeyondOwnLimit
from mexchange.client.guard import Limits, guard
from mexchange.client.order_rules import foreseen
from mexchange.domain.order import OrderType, Side
from mexchange.domain.text import TextError
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.draft import Entry, OrderDraft, Problem, read, reject_problem
from mexchange.tui.trading.questions import cost_of


class TicketQuote(msgspec.Struct, frozen=True, kw_only=True):
    """Texts; empty where nothing can be said. `draft` is there once the words make an order, sendable or not."""

    draft: OrderDraft | None = None
    problem: Problem | None = None
    gives: str = ""
    receives: str = ""
    fee: str = ""
    after: str = ""
    available: str = ""
    is_estimate: bool = False
    """Of a market order: by the book as it stands."""


def quote_of(
    entry: Entry, sight: Sight, balances: BalancesView | None, limits: Limits, now_ns: int, *, obstacle: str = ""
) -> TicketQuote:
    """`obstacle`: why nothing can be sent at all; it goes before what is wrong with this order."""
    market, registry = sight.market, sight.registry
    pays = registry.asset(market.quote if entry.side is Side.BUY else market.base)
    balance = balances.balances.get(pays.asset) if balances is not None else None
    free = balance.available if balance is not None else 0
    available = f"{registry.show_money(pays.asset, free)} {pays.symbol}" if balances is not None else ""
    found = read(entry, registry, now_ns)
    blocked = Problem("order", obstacle) if obstacle else None
    if isinstance(found, Problem):
        return TicketQuote(problem=blocked or found, available=available)
    cost = cost_of(found, sight)
    into = registry.asset(cost.receives)
    return TicketQuote(
        draft=found,
        problem=blocked or _problem(found, sight, free if balances is not None else None, limits),
        gives=f"{registry.show_money(cost.pays, cost.gives)} {pays.symbol}",
        receives=f"{registry.show_money(into.asset, cost.net)} {into.symbol}",
        fee=f"{registry.show_money(into.asset, cost.fee)} {into.symbol}",
        after=f"{registry.show_money(cost.pays, cost.after(free))} {pays.symbol}" if balances is not None else "",
        available=available,
        is_estimate=found.order_type is OrderType.MARKET,
    )


def _problem(draft: OrderDraft, sight: Sight, available: int | None, limits: Limits) -> Problem | None:
    opposite = sight.ask if draft.side is Side.BUY else sight.bid
    if draft.order_type is OrderType.MARKET and not opposite:
        return Problem("order", "nobody is on the other side", "a limit order can wait for somebody")
    reject = foreseen(
        draft.command(), sight.market,
        status=sight.status, reference=sight.reference, opposite=opposite, available=available,
    )  # fmt: skip
    if reject is not None:
        return reject_problem(reject, sight.registry, draft.market, draft.side)
    try:
        guard(draft.command(), sight.registry, limits, sight.reference)
    except (BeyondOwnLimit, TextError) as error:
        return Problem("order", str(error), error.hint, error.code)
    return None
