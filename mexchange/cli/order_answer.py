"""What `mx order` prints of the exchange's answer to a command."""

from typing import TYPE_CHECKING, Final

import typer

from mexchange.cli import show as words
from mexchange.cli.errors import UNKNOWN_OUTCOME
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.domain import order_id
from mexchange.domain.order import Side
from mexchange.domain.text import trimmed
from mexchange.domain.units import Atoms, Lots, MarketId

if TYPE_CHECKING:
    from mexchange.client.calls import Answer
    from mexchange.client.orders import OwnOrder

NS_PER_10_US: Final = 10_000


def show(mx: Invocation, answer: "Answer", order: "OwnOrder | None", *, word: str = "") -> None:
    """`✓ open 001058 …`, or a line of JSON. `word`: instead of the order's state."""
    row = _answer_row(mx, answer, order)
    if not mx.output.is_table:
        mx.output.line(row)
        return
    status = word or row["status"]
    parts = [
        f"✓ {status} {row['id']}",
        f"client {words.short_id(answer.client_order_id)}",
        f"filled {row['filled']} @ {row['avg_price']}" if order is not None and order.filled else "",
        "duplicate: answered before" if answer.duplicate else "",
        f"ack {_ms(answer.elapsed_ns)} ms",
    ]
    mx.output.say("  ".join(part for part in parts if part))


def _answer_row(mx: Invocation, answer: "Answer", order: "OwnOrder | None") -> dict[str, object]:
    row: dict[str, object] = (
        words.order_row(order, mx.client.markets(), table=False)
        if order is not None
        else {"id": order_id.show(answer.order_id), "status": "unknown", "filled": None, "avg_price": None}
    )
    row["seq"] = answer.sequence
    row["ack_ms"] = _ms(answer.elapsed_ns)
    if answer.duplicate:
        row["duplicate"] = True
    return row


def wait(mx: Invocation, answer: "Answer", until: str) -> None:
    """Until the order is `open`, `done` or `filled`, then as `show`; exit codes say if it did not come to that."""
    timeout_s = mx.settings.timeout_ns / NS_PER_S
    order = mx.client.wait_order(answer.order_id, until, timeout_s)
    reached = {"open": True, "done": not order.is_open, "filled": words.status_word(order) == "filled"}[until]
    if mx.output.is_table:
        show(mx, answer, order)
    else:
        row = _answer_row(mx, answer, order)
        row["timed_out"] = not reached
        mx.output.line(row)
    if not reached and order.is_open:
        if mx.output.is_table:
            mx.note(f"  still {words.status_word(order)} after {timeout_s:g} s")
        raise typer.Exit(UNKNOWN_OUTCOME)
    if not reached:
        raise typer.Exit(5)


def show_cancelled(mx: Invocation, order: "OwnOrder", answer: "Answer") -> None:
    """With what of it was filled, and what its hold gave back."""
    registry = mx.client.markets()
    market = registry[MarketId(order.market)]
    pays = registry.asset(market.quote if order.side is Side.BUY else market.base)
    released = Atoms(getattr(answer.event, "released", 0))
    filled = registry.show_quantity(market.market, Lots(getattr(answer.event, "filled", order.filled)))
    if mx.output.is_table:
        mx.output.say(
            f"✓ cancelled {order_id.show(order.order_id)} ({trimmed(filled)} filled), "
            f"{registry.show_money(pays.asset, released)} {pays.symbol} released"
        )
    else:
        mx.output.line(
            {
                "id": order_id.show(order.order_id),
                "status": "cancelled",
                "filled": filled,
                "released": f"{registry.show_amount(pays.asset, released)} {pays.symbol}",
                "seq": answer.sequence,
            }
        )


def _ms(elapsed_ns: int) -> str:
    """Milliseconds with two decimals."""
    hundredths = elapsed_ns // NS_PER_10_US
    return f"{hundredths // 100}.{hundredths % 100:02d}"
