"""`mx order list`: open orders from the daemon's memory, all others from the history."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from mexchange.cli import completion, show
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import listing, rows_per_query, side_number
from mexchange.cli.output import Column
from mexchange.cli.period import time_ns
from mexchange.domain.rejects import REJECTS, RejectReason

if TYPE_CHECKING:
    from mexchange.client.orders import OwnOrder

STATES: Final = ("open", "closed", "filled", "cancelled", "expired", "rejected")
"""In the order of OrderFilter, from 1."""
ALL: Final = 0
OPEN: Final = 1
CLOSED: Final = 2
COUNT_DEFAULT: Final = 100
HISTORY_AWAY: Final = REJECTS[RejectReason.HISTORY_UNAVAILABLE].code
PAST_COLUMNS: Final = (Column("ts", "TIME"), *show.ORDER_COLUMNS)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    state: int
    """An OrderFilter."""
    market: str | None = None
    side: str | None = None
    since: str | None = None
    until: str | None = None
    count: int | None = None
    csv: Path | None = None


def state(status: str | None, *, is_open: bool, is_closed: bool, is_every: bool) -> int:
    """The OrderFilter that the flags mean. Raises CliError if they contradict each other."""
    if status is not None and status not in STATES:
        raise CliError("E_USAGE", f"there is no status {status!r}", hint=" ".join(STATES), exit_code=USAGE)
    named = [bool(status), is_open, is_closed]
    if sum(named) > 1:
        raise CliError("E_USAGE", "--status, --open and --closed exclude each other", exit_code=USAGE)
    if status is not None:
        return STATES.index(status) + 1
    if is_closed:
        return CLOSED
    return OPEN if is_open or not is_every else ALL


def show_orders(mx: Invocation, wish: Wish) -> None:
    """Print or export them. While the history is away, the recent ones of all are better than nothing."""
    from mexchange.client.errors import QueryRefused
    from mexchange.codec.messages import OrderFilter

    registry = mx.client.markets()
    market = registry.by_symbol(wish.market).market if wish.market else 0
    is_past = wish.state != OPEN or wish.since or wish.until or wish.csv
    if not is_past:
        side = side_number(wish.side)
        limit = wish.count or COUNT_DEFAULT
        orders = mx.client.orders(open_only=True, market=market, limit=limit, account=mx.account())
        rows = [
            show.order_row(order, registry, table=mx.output.is_table) for order in orders if side in (0, order.side)
        ]
        completion.remember_orders(rows)
        mx.output.rows(show.ORDER_COLUMNS, rows)
        return
    now_ns = mx.client.server_time_ns()
    count = wish.count if wish.csv is not None else wish.count or COUNT_DEFAULT
    past = mx.client.order_history(
        market=market,
        side=side_number(wish.side),
        state=OrderFilter(wish.state),
        since_ns=time_ns(wish.since, now_ns),
        until_ns=time_ns(wish.until, now_ns),
        oldest_first=wish.csv is not None,
        rows_per_query=rows_per_query(count, wish.csv),
        account=mx.account(),
    )

    def row_of(order: "OwnOrder") -> dict[str, object]:
        row = show.order_row(order, registry, table=mx.output.is_table and wish.csv is None)
        return {"ts": show.rfc3339(order.placed_ns, mx.time_zone), **row}

    try:
        listing(mx, PAST_COLUMNS, past, row_of, count=count, csv=wish.csv)
    except QueryRefused as refused:
        if refused.code != HISTORY_AWAY or wish != Wish(state=wish.state, market=wish.market, count=wish.count):
            raise
        mx.note(f"{refused}: these are the recent ones")
        recent = mx.client.orders(market=market, limit=count or COUNT_DEFAULT, account=mx.account())
        kept = [row_of(order) for order in recent if wish.state == ALL or (wish.state == CLOSED and not order.is_open)]
        mx.output.rows(PAST_COLUMNS, kept)
