"""The way of a new order from the command line to the exchange: guard, preview or question, send, wait."""

from typing import TYPE_CHECKING, Final

from mexchange.cli import order_answer, order_entry
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.order_entry import Wish
from mexchange.domain.client_id import NO_ID
from mexchange.domain.order import Side
from mexchange.domain.units import Atoms

if TYPE_CHECKING:
    from mexchange.client.calls import Answer
    from mexchange.domain.commands import PlaceOrder

WAITS: Final = ("ack", "open", "done", "filled")


def enter(mx: Invocation, wish: Wish, *, wait: str, dry_run: bool, yes: bool) -> None:
    """Judged by our own guard, asked about, sent, and waited for. Raises CliError; Rejected in words of this order."""
    from mexchange.client.guard import guard

    if wait not in WAITS:
        raise CliError("E_USAGE", f"--wait is one of {' '.join(WAITS)}, not {wait!r}", exit_code=USAGE)
    registry = mx.client.markets()
    account = mx.account() or mx.client.session.account
    order = order_entry.place_order(wish, registry, account=account, now_ns=mx.client.server_time_ns())
    guard(order, registry, order_entry.limits(mx.settings))
    if dry_run:
        _print_preview(mx, order)
        return
    if not _confirmed(mx, order, yes=yes):
        mx.note("nothing was sent")
        return
    answer = _send(mx, order)
    if wait == "ack" or answer.order is None:
        order_answer.show(mx, answer, answer.order)
    else:
        order_answer.wait(mx, answer, wait)


def _send(mx: Invocation, order: "PlaceOrder") -> "Answer":
    identifier = mx.client.mint() if order.client_order_id == NO_ID else order.client_order_id
    if mx.verbosity:
        from mexchange.domain import client_id

        mx.note(f"client order id {client_id.show(identifier)}")
    from mexchange.client.errors import Rejected

    try:
        return mx.client.place(
            order.market,
            order.side,
            order.quantity,
            order.price,
            order_type=order.order_type,
            time_in_force=order.time_in_force,
            flags=order.flags,
            self_trade_prevention=order.self_trade_prevention,
            expiry_ns=order.expiry_ns,
            client_order_id=identifier,
            account=order.account,
        )
    except Rejected as error:
        raise order_entry.refusal(error, order, mx.client.markets()) from error


def _confirmed(mx: Invocation, order: "PlaceOrder", *, yes: bool) -> bool:
    is_small = mx.settings.confirm == "over" and mx.settings.max_notional is not None  # the guard let it pass
    if yes or mx.settings.yes or mx.settings.confirm == "never" or is_small:
        return True
    registry = mx.client.markets()
    market = registry[order.market]
    pays = market.quote if order.side is Side.BUY else market.base
    available = next((held.available for held in mx.client.balances(mx.account()) if held.asset == pays), Atoms(0))
    asked = order_entry.question(order, registry, available)
    return mx.confirm(f"{asked}\nSend?", "sends an order", yes=False)


def _print_preview(mx: Invocation, order: "PlaceOrder") -> None:
    identified = order if order.client_order_id != NO_ID else _with_id(order, mx.client.mint())
    row = order_entry.preview_row(order, mx.client.preview(identified), mx.client.markets())
    if mx.output.is_table:
        for key, value in row.items():
            mx.output.say(f"{key:14} {value}")
    else:
        mx.output.line(row)


def _with_id(order: "PlaceOrder", identifier: bytes) -> "PlaceOrder":
    import msgspec

    return msgspec.structs.replace(order, client_order_id=identifier)
