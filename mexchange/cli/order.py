"""`mx order`: buy, sell, amend, cancel, cancel-all, get, list, batch."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import order_entry, order_list, order_names, show
from mexchange.cli.completion import market_names, order_ids
from mexchange.cli.errors import UNKNOWN_OUTCOME, USAGE, CliError
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.cli.listing import SideName
from mexchange.cli.order_entry import Wish
from mexchange.cli.period import Since, Until
from mexchange.domain import order_id
from mexchange.domain.client_id import NO_ID, parse
from mexchange.domain.commands import AmendOrder
from mexchange.domain.events import MassCancelled
from mexchange.domain.order import Side
from mexchange.domain.text import trimmed
from mexchange.domain.units import AccountId, Atoms, Lots, MarketId, OrderId, Ticks

if TYPE_CHECKING:
    from mexchange.client.calls import Answer
    from mexchange.client.orders import OwnOrder
    from mexchange.domain.commands import PlaceOrder

app = typer.Typer(no_args_is_help=True, add_completion=False)
WAITS: Final = ("ack", "open", "done", "filled")
NS_PER_10_US: Final = 10_000

Market = Annotated[str, typer.Argument(help="Such as KCN/EUR.", autocompletion=market_names)]
Quantity = Annotated[str | None, typer.Argument(help="In the base asset, such as 5 or 0.25.")]
Price = Annotated[str | None, typer.Option("-p", "--price", help="Limit price, or protection price of a market order.")]
Type = Annotated[str, typer.Option("--type", help="limit or market")]
Tif = Annotated[str, typer.Option("--tif", help="gtc ioc fok gtd")]
Expire = Annotated[str | None, typer.Option(help="End of a GTD order: 10m, or 2026-12-24T18:00:00Z.")]
PostOnly = Annotated[bool, typer.Option("--post-only", help="Refused rather than taking.")]
Slide = Annotated[bool, typer.Option("--slide", help="Post-only, one tick off the opposite best if it would take.")]
QuoteAmount = Annotated[str | None, typer.Option("--quote-amount", help="Spend so much of the quote asset.")]
SelfTrade = Annotated[str | None, typer.Option("--stp", help="none cancel-taker cancel-maker cancel-both decrement")]
ClientId = Annotated[
    str | None, typer.Option("--client-order-id", help="A UUID or up to 16 characters; makes a rerun harmless.")
]
Wait = Annotated[str, typer.Option(help="ack open done filled")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="What would happen; nothing is sent to the book.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command()
def buy(
    ctx: typer.Context, market: Market, quantity: Quantity = None, price: Price = None, order_type: Type = "",
    tif: Tif = "", expire: Expire = None, post_only: PostOnly = False, slide: Slide = False,
    quote_amount: QuoteAmount = None, stp: SelfTrade = None, client_order_id: ClientId = None, wait: Wait = "ack",
    dry_run: DryRun = False, yes: Yes = False,
) -> None:  # fmt: skip
    """Buy. With -p a limit order, without one a market order."""
    wish = Wish(
        side=Side.BUY, market=market, quantity=quantity, price=price, order_type=order_type, time_in_force=tif,
        expire=expire, post_only=post_only, slide=slide, quote_amount=quote_amount, self_trade=stp,
        client_order_id=client_order_id,
    )  # fmt: skip
    _enter(ctx.obj, wish, wait=wait, dry_run=dry_run, yes=yes)


@app.command()
def sell(
    ctx: typer.Context, market: Market, quantity: Quantity = None, price: Price = None, order_type: Type = "",
    tif: Tif = "", expire: Expire = None, post_only: PostOnly = False, slide: Slide = False, stp: SelfTrade = None,
    client_order_id: ClientId = None, wait: Wait = "ack", dry_run: DryRun = False, yes: Yes = False,
) -> None:  # fmt: skip
    """Sell. With -p a limit order, without one a market order."""
    wish = Wish(
        side=Side.SELL, market=market, quantity=quantity, price=price, order_type=order_type, time_in_force=tif,
        expire=expire, post_only=post_only, slide=slide, self_trade=stp, client_order_id=client_order_id,
    )  # fmt: skip
    _enter(ctx.obj, wish, wait=wait, dry_run=dry_run, yes=yes)


@app.command()
def amend(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="Id, @last, @-2 or c:CLIENTID.", autocompletion=order_ids)],
    price: Annotated[str | None, typer.Option("-p", "--price")] = None,
    quantity: Annotated[str | None, typer.Option("-q", "--quantity", help="New total, filled part included.")] = None,
    client_order_id: ClientId = None,
    yes: Yes = False,
) -> None:
    """Change price and/or total quantity. Only a smaller quantity keeps the place in the queue."""
    from mexchange.client.guard import guard_amend

    mx: Invocation = ctx.obj
    if price is None and quantity is None:
        raise CliError("E_USAGE", "an amend needs -p, -q or both", exit_code=USAGE)
    found = order_names.find(mx.client, order, mx.account())
    registry = mx.client.markets()
    market = registry[MarketId(found.market)]
    command = AmendOrder(
        AccountId(mx.client.session.account),
        NO_ID,
        OrderId(found.order_id),
        price=registry.price(market.market, price) if price is not None else Ticks(0),
        quantity=registry.quantity(market.market, quantity) if quantity is not None else Lots(0),
    )
    guard_amend(command, found, registry, order_entry.limits(mx.settings))
    answer_to = f"amends {order_id.show(found.order_id)}"
    if not mx.confirm(f"AMEND {order_id.show(found.order_id)}?", answer_to, yes=yes):
        return
    answer = mx.client.amend(
        found.order_id,
        price=command.price,
        quantity=command.quantity,
        account=mx.account(),
        client_order_id=parse(client_order_id) if client_order_id else None,
    )
    _print(mx, answer, mx.client.order(found.order_id, account=mx.account()), word="amended")


@app.command()
def cancel(
    ctx: typer.Context,
    orders: Annotated[list[str], typer.Argument(help="Ids, @last, @-2 or c:CLIENTID.", autocompletion=order_ids)],
) -> None:
    """Take orders off the book."""
    mx: Invocation = ctx.obj
    failed: Exception | None = None
    for name in orders:
        try:
            _cancel_one(mx, order_names.find(mx.client, name, mx.account()))
        except Exception as error:
            if len(orders) == 1:
                raise
            failed = error
            mx.note(f"{name}: {error}")
    if failed is not None:
        raise failed


@app.command("cancel-all")
def cancel_all(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Option("-m", "--market", autocompletion=market_names)] = None,
    side: Annotated[str | None, typer.Option(help="buy or sell")] = None,
    yes: Yes = False,
) -> None:
    """Cancel every open order, of one market or side if named."""
    mx: Invocation = ctx.obj
    if side is not None and side.upper() not in Side.__members__:
        raise CliError("E_USAGE", f"--side is buy or sell, not {side!r}", exit_code=USAGE)
    market_id = mx.client.markets().by_symbol(market.upper()).market if market else 0
    open_orders = [
        order
        for order in mx.client.orders(open_only=True, market=market_id, limit=10_000, account=mx.account())
        if side is None or order.side is Side[side.upper()]
    ]
    what = f"{len(open_orders)} order{'' if len(open_orders) == 1 else 's'}"
    if not mx.confirm(f"Cancel {what}?", f"cancels {what}", yes=yes):
        return
    answer = mx.client.mass_cancel(market_id, Side[side.upper()].value if side else 0, account=mx.account())
    count = answer.event.orders if isinstance(answer.event, MassCancelled) else len(open_orders)
    if mx.output.is_table:
        mx.output.say(f"✓ cancelled {count} order{'' if count == 1 else 's'}")
    else:
        mx.output.line({"cancelled": count, "seq": answer.sequence, "duplicate": answer.duplicate})


@app.command()
def get(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="Id, @last, @-2 or c:CLIENTID.", autocompletion=order_ids)],
) -> None:
    """What became of an order."""
    mx: Invocation = ctx.obj
    found = order_names.find(mx.client, order, mx.account())
    row = show.order_row(found, mx.client.markets(), table=mx.output.is_table)
    mx.output.one(show.ORDER_COLUMNS, row)


@app.command("list")
def list_orders(
    ctx: typer.Context,
    only_open: Annotated[bool, typer.Option("--open", help="Open ones, the default.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Finished ones.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Open and finished, all that ever were.")] = False,
    status: Annotated[str | None, typer.Option("--status", help=" ".join(order_list.STATES))] = None,
    market: Annotated[str | None, typer.Option("-m", "--market", autocompletion=market_names)] = None,
    side: SideName = None,
    since: Since = None,
    until: Until = None,
    count: Annotated[int | None, typer.Option("-n", help="At most so many; 100 unless exported.", min=1)] = None,
    csv: CsvFile = None,
) -> None:
    """Your orders, the latest first."""
    is_every = every or bool(since or until or csv)
    wish = order_list.Wish(
        state=order_list.state(status, is_open=only_open, is_closed=closed, is_every=is_every),
        market=market,
        side=side,
        since=since,
        until=until,
        count=count,
        csv=csv,
    )  # fmt: skip
    order_list.show_orders(ctx.obj, wish)


@app.command()
def batch(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="Lines of JSON; - is standard input.")] = "-",
    id_prefix: Annotated[
        str | None, typer.Option("--id-prefix", help="Ids PREFIX-LINE, so that a rerun is harmless.")
    ] = None,
    max_inflight: Annotated[int, typer.Option("--max-inflight")] = 256,
    rate: Annotated[str | None, typer.Option(help="At most so many a second, such as 500/s.")] = None,
    stop_on_error: Annotated[bool, typer.Option("--stop-on-error")] = False,
) -> None:
    """One command a line: {"op":"buy","market":"KCN/EUR","qty":"5","price":"999.55"}; one result a line."""
    from mexchange.cli.order_batch import run_batch

    run_batch(ctx.obj, file, id_prefix=id_prefix, max_inflight=max_inflight, rate=rate, stop_on_error=stop_on_error)


def _enter(mx: Invocation, wish: Wish, *, wait: str, dry_run: bool, yes: bool) -> None:
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
        _print(mx, answer, answer.order)
    else:
        _wait(mx, answer, wait)


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


def _print(mx: Invocation, answer: "Answer", order: "OwnOrder | None", *, word: str = "") -> None:
    row = _answer_row(mx, answer, order)
    if not mx.output.is_table:
        mx.output.line(row)
        return
    status = word or row["status"]
    parts = [
        f"✓ {status} {row['id']}",
        f"client {show.short_id(answer.client_order_id)}",
        f"filled {row['filled']} @ {row['avg_price']}" if order is not None and order.filled else "",
        "duplicate: answered before" if answer.duplicate else "",
        f"ack {_ms(answer.elapsed_ns)} ms",
    ]
    mx.output.say("  ".join(part for part in parts if part))


def _answer_row(mx: Invocation, answer: "Answer", order: "OwnOrder | None") -> dict[str, object]:
    row: dict[str, object] = (
        show.order_row(order, mx.client.markets(), table=False)
        if order is not None
        else {"id": order_id.show(answer.order_id), "status": "unknown", "filled": None, "avg_price": None}
    )
    row["seq"] = answer.sequence
    row["ack_ms"] = _ms(answer.elapsed_ns)
    if answer.duplicate:
        row["duplicate"] = True
    return row


def _wait(mx: Invocation, answer: "Answer", until: str) -> None:
    timeout_s = mx.settings.timeout_ns / NS_PER_S
    order = mx.client.wait_order(answer.order_id, until, timeout_s)
    reached = {"open": True, "done": not order.is_open, "filled": show.status_word(order) == "filled"}[until]
    if mx.output.is_table:
        _print(mx, answer, order)
    else:
        row = _answer_row(mx, answer, order)
        row["timed_out"] = not reached
        mx.output.line(row)
    if not reached and order.is_open:
        if mx.output.is_table:
            mx.note(f"  still {show.status_word(order)} after {timeout_s:g} s")
        raise typer.Exit(UNKNOWN_OUTCOME)
    if not reached:
        raise typer.Exit(5)


def _cancel_one(mx: Invocation, order: "OwnOrder") -> None:
    registry = mx.client.markets()
    market = registry[MarketId(order.market)]
    answer = mx.client.cancel(order.order_id, account=mx.account())
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
