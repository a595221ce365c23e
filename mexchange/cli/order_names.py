"""How people name orders: `7f3a21`, a unique beginning of six digits or more, `@last`, `@-2`, `c:CLIENTID`."""

import re
from typing import TYPE_CHECKING, Final

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import not_found
from mexchange.domain import client_id
from mexchange.domain.order_id import DIGITS_MIN, show
from mexchange.domain.units import OrderId

if TYPE_CHECKING:
    from mexchange.client.blocking import BlockingClient
    from mexchange.client.orders import OwnOrder

RECENT_MAX: Final = 1_000
_HEX: Final = re.compile(r"[0-9a-f]{1,16}")
_RECENT: Final = re.compile(r"@(?:last|-(\d{1,3}))")


def find(client: "BlockingClient", name: str, account: int | None = None) -> "OwnOrder":
    """The order of that name, of an account (None: the session's). Raises CliError unless there is exactly one."""
    if name.startswith("c:"):
        found = client.order(client_order_id=client_id.parse(name[2:]), account=account)
        if found is None:
            raise not_found(f"order with client order id {name[2:]}")
        return found
    recent = _RECENT.fullmatch(name)
    if recent is not None:
        return _recent(client, int(recent.group(1) or 1), account)
    return _by_digits(client, name.lower().removeprefix("0x"), account)


def _recent(client: "BlockingClient", place: int, account: int | None) -> "OwnOrder":
    if place < 1:
        raise CliError("E_USAGE", "@-1 is the last order, @-2 the one before", exit_code=USAGE)
    orders = client.orders(limit=place, account=account)
    if len(orders) < place:
        raise not_found(f"order @-{place}: the account has {len(orders)} recent ones", "mx order list --all")
    return orders[place - 1]


def _by_digits(client: "BlockingClient", digits: str, account: int | None) -> "OwnOrder":
    if _HEX.fullmatch(digits) is None or len(digits) < DIGITS_MIN:
        raise CliError(
            "E_ORDER_ID",
            f"{digits!r} does not name an order",
            hint="an id of six hexadecimal digits or more, @last, @-2, or c:CLIENT_ORDER_ID",
            exit_code=USAGE,
        )
    exact = client.order(OrderId(int(digits, 16)), account=account)
    if exact is not None:
        return exact
    begins = [
        order for order in client.orders(limit=RECENT_MAX, account=account) if show(order.order_id).startswith(digits)
    ]
    if len(begins) > 1:
        raise CliError(
            "E_ORDER_ID", f"{len(begins)} orders begin with {digits}", hint="give more digits", exit_code=USAGE
        )
    if not begins:
        raise not_found(f"order {digits}", "mx order list")
    return begins[0]
