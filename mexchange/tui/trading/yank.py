"""The command line that would do the same: what `y` copies."""

import shlex
from datetime import UTC, datetime

from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.domain import order_id
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.text import trimmed
from mexchange.tui.trading.cancelling import CancelScope
from mexchange.tui.trading.draft import OrderDraft

_NS_PER_S = 1_000_000_000
_USUAL = {OrderType.LIMIT: TimeInForce.GTC, OrderType.MARKET: TimeInForce.IOC}


def place(draft: OrderDraft, registry: Markets) -> str:
    """`mx order buy KCN/EUR 5 -p 999.55`. The end of a GTD order loses its fraction of a second."""
    words = [
        "mx", "order", draft.side.name.lower(), registry[draft.market].symbol,
        trimmed(registry.show_quantity(draft.market, draft.quantity)),
    ]  # fmt: skip
    if draft.price:
        words += ["-p", registry.show_price(draft.market, draft.price)]
    if draft.order_type is OrderType.MARKET and draft.price:
        words += ["--type", "market"]
    if draft.time_in_force is TimeInForce.GTD:
        end = datetime.fromtimestamp(draft.expiry_ns // _NS_PER_S, UTC)
        words += ["--expire", end.strftime("%Y-%m-%dT%H:%M:%SZ")]
    elif draft.time_in_force is not _USUAL[draft.order_type]:
        words += ["--tif", draft.time_in_force.name.lower()]
    if draft.post_only:
        words.append("--post-only")
    return shlex.join(words)


def amend(order: OwnOrder, registry: Markets, *, price: int = 0, quantity: int = 0) -> str:
    """`mx order amend 7f3a21 -p 999.60`."""
    words = ["mx", "order", "amend", order_id.show(order.order_id)]
    if price:
        words += ["-p", registry.show_price(order.market, price)]
    if quantity:
        words += ["-q", trimmed(registry.show_quantity(order.market, quantity))]
    return shlex.join(words)


def cancel(order: OwnOrder) -> str:
    """`mx order cancel 7f3a21`."""
    return shlex.join(["mx", "order", "cancel", order_id.show(order.order_id)])


def cancel_all(scope: CancelScope, registry: Markets) -> str:
    """`mx order cancel-all -m KCN/EUR --side buy`."""
    words = ["mx", "order", "cancel-all"]
    if scope.market:
        words += ["-m", registry[scope.market].symbol]
    if scope.side is not None:
        words += ["--side", scope.side.name.lower()]
    return shlex.join(words)


def again(order: OwnOrder, registry: Markets) -> str:
    """What would place an order like this one."""
    draft = OrderDraft(
        market=order.market,
        side=Side(order.side),
        quantity=order.quantity,
        price=order.price if order.order_type is OrderType.LIMIT else 0,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        post_only=bool(order.flags & 1),
        expiry_ns=order.expiry_ns,
    )
    return place(draft, registry)
