"""`mx order`: buy, sell, amend, cancel, cancel-all, get, list, batch."""

from typing import Annotated

import typer

from mexchange.cli import order_answer, order_entry, order_list, order_names, order_sending, show
from mexchange.cli.completion import market_names, order_ids
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import SideName
from mexchange.cli.order_entry import Wish
from mexchange.cli.period import Since, Until
from mexchange.domain import order_id
from mexchange.domain.client_id import NO_ID, parse
from mexchange.domain.commands import AmendOrder
from mexchange.domain.events import MassCancelled
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks

app = typer.Typer(no_args_is_help=True, add_completion=False)

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
    order_sending.enter(ctx.obj, wish, wait=wait, dry_run=dry_run, yes=yes)


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
    order_sending.enter(ctx.obj, wish, wait=wait, dry_run=dry_run, yes=yes)


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
    order_answer.show(mx, answer, mx.client.order(found.order_id, account=mx.account()), word="amended")


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
            order = order_names.find(mx.client, name, mx.account())
            order_answer.show_cancelled(mx, order, mx.client.cancel(order.order_id, account=mx.account()))
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
