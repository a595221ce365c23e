"""The questions of the trader, one function each: what will happen, in the words and numbers of the market."""

from collections.abc import Sequence

from mexchange.client import order_cost
from mexchange.client.balances_view import BalancesView
from mexchange.client.guard import notional
from mexchange.client.markets import Markets
from mexchange.client.order_cost import OrderCost
from mexchange.client.orders import OwnOrder
from mexchange.domain import order_id
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.text import trimmed
from mexchange.tui.trading.cancelling import count
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.draft import OrderDraft
from mexchange.tui.trading.flatten import FlattenPlan
from mexchange.tui.trading.question import Question

ARROWS = {Side.BUY: "▲", Side.SELL: "▼"}


def cost_of(draft: OrderDraft, sight: Sight) -> OrderCost:
    """What a draft costs: a limit order at its price, a market order by the book as it stands."""
    may_rest = draft.order_type is OrderType.LIMIT and draft.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
    rate = order_cost.fee_ppm(sight.market, may_take=not draft.post_only, may_rest=may_rest)
    if draft.order_type is OrderType.LIMIT:
        return order_cost.limit_cost(sight.market, draft.side, price=draft.price, quantity=draft.quantity, fee_ppm=rate)
    protection = order_cost.protection_price(sight.market, draft.side, sight.reference)
    taken = order_cost.sweep(sight.opposite(draft.side), draft.quantity, side=draft.side, protection=protection)
    return order_cost.sweep_cost(sight.market, draft.side, taken, fee_ppm=rate)


def of_order(draft: OrderDraft, sight: Sight, balances: BalancesView, why: str) -> Question:
    """A new order."""
    registry, cost = sight.registry, cost_of(draft, sight)
    is_market = draft.order_type is OrderType.MARKET
    pays, into = registry.asset(cost.pays), registry.asset(cost.receives)
    balance = balances.balances.get(cost.pays)
    free = balance.available if balance is not None else 0
    lines = [
        ("Cost" if draft.side is Side.BUY else "Give", f"{registry.show_money(pays.asset, cost.gives)} {pays.symbol}"),
        ("Fee at most", f"{registry.show_money(into.asset, cost.fee)} {into.symbol}"),
        ("Receive" if is_market else "Receive at least", f"{registry.show_money(into.asset, cost.net)} {into.symbol}"),
        ("After", f"{registry.show_money(pays.asset, cost.after(free))} {pays.symbol}"),
    ]
    if is_market:
        lines = [(name, f"about {value}") for name, value in lines]
    return Question(
        title=f"{ARROWS[draft.side]} {draft.shown(registry)}",
        lines=lines,
        notes=[why],
        affirm=f"Send {draft.side.name.lower()}",
    )


def of_amend(order: OwnOrder, sight: Sight, *, price: int, quantity: int, why: str) -> Question:
    """Another price and/or total."""
    registry, market = sight.registry, order.market
    quote = registry.asset(sight.market.quote)
    keeps = price == order.price and quantity < order.quantity
    return Question(
        title=f"Amend {order_id.show(order.order_id)} {order.side.name}",
        lines=[
            ("Price", f"{registry.show_price(market, order.price)} → {registry.show_price(market, price)}"),
            ("Total", f"{_size(registry, market, order.quantity)} → {_size(registry, market, quantity)}"),
            ("Worth", f"{registry.show_money(quote.asset, notional(sight.market, price, quantity))} {quote.symbol}"),
        ],
        notes=[why, "keeps its place in the queue" if keeps else "goes to the end of the queue"],
        affirm="Amend",
    )


def of_cancel(order: OwnOrder, sight: Sight) -> Question:
    """One order."""
    registry = sight.registry
    price = f" @ {registry.show_price(order.market, order.price)}" if order.price else ""
    left = _size(registry, order.market, order.leaves)
    return Question(
        title=f"Cancel {order_id.show(order.order_id)} {order.side.name} {left}{price}?", affirm="Cancel it"
    )


def of_cancel_all(chosen: Sequence[OwnOrder], scope: str, registry: Markets) -> Question:
    """Several, by scope: how many in which market."""
    by_market: dict[int, int] = {}
    for order in chosen:
        by_market[order.market] = by_market.get(order.market, 0) + 1
    return Question(
        title=f"Cancel {count(len(chosen))}: {scope}?",
        lines=[(registry[market].symbol, count(number)) for market, number in sorted(by_market.items())],
        affirm=f"Cancel {count(len(chosen))}",
        is_grave=True,
    )


def of_flatten(plan: FlattenPlan, sight: Sight, orders: Sequence[OwnOrder]) -> Question:
    """What flat means here, step by step."""
    registry, market = sight.registry, sight.market
    base, quote = registry.asset(market.base), registry.asset(market.quote)
    rate = order_cost.fee_ppm(market, may_take=True, may_rest=False)
    cost = order_cost.sweep_cost(market, Side.SELL, plan.taken, fee_ppm=rate)
    average = registry.show_average(market.market, cost.gross, plan.taken.filled) or "no bids"
    receive = f"{registry.show_amount(quote.asset, cost.net, thousands=True)} {quote.symbol}"
    notes = ["A spot market has no short position: flat means that nothing of the base is left."]
    if plan.taken.filled < plan.draft.quantity:
        missing = plan.draft.quantity - plan.taken.filled
        notes.append(f"{_size(registry, market.market, missing)} {base.symbol} find no bid within the band and stay")
    if plan.rest:
        notes.append(f"{registry.show_money(base.asset, plan.rest)} {base.symbol} are no whole lot and stay")
    return Question(
        title=f"Flatten {market.symbol}?",
        lines=[
            ("1. Cancel", f"{count(len(orders))} in {market.symbol}"),
            ("2. Sell", f"{_size(registry, market.market, plan.draft.quantity)} {base.symbol} at the market"),
            (
                "Receive",
                f"about {receive} after fees",
            ),
            ("Average", f"about {average}"),
        ],
        notes=notes,
        affirm="Flatten",
        is_grave=True,
    )


def _size(registry: Markets, market: int, lots: int) -> str:
    return trimmed(registry.show_quantity(market, lots, thousands=True))
