"""`mx stream`: one JSON object a line, each with the journal sequence or the trade it stands for, until stopped.

Runs on the asyncio client, so that several markets and channels share one session. Gaps in your own stream are filled
before a line is printed; what could not be filled is said on a line of its own (`"gap":true`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from mexchange.cli import candles, show, ticker
from mexchange.cli.completion import market_names
from mexchange.cli.errors import AUTH, USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.cli.own_events import OrderLines
from mexchange.config import values
from mexchange.domain.candles import INTERVALS_BY_TEXT, Interval

if TYPE_CHECKING:
    from mexchange.client.api import Client
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import MarketInfo

app = typer.Typer(add_completion=False)
CHANNELS: Final = ("book", "trades", "ticker", "candles", "orders", "fills", "all")
BOOK_DEPTH: Final = 10
LINES_WAITING_MAX: Final = 10_000
Line = dict[str, object]


class Wanted(NamedTuple):
    """What the command line asks for."""

    channel: str
    markets: list[str]
    interval: Interval
    from_sequence: int | None


@app.command()
def stream(
    ctx: typer.Context,
    channel: Annotated[str, typer.Argument(help=" ".join(CHANNELS))],
    markets: Annotated[list[str] | None, typer.Option("-m", "--market", autocompletion=market_names)] = None,
    interval: Annotated[
        str, typer.Option("-i", "--interval", help=f"Of candles: {' '.join(INTERVALS_BY_TEXT)}.")
    ] = "1m",
    from_seq: Annotated[
        int | None, typer.Option("--from-seq", help="Own events from this sequence on, then live.")
    ] = None,
    for_time: Annotated[str | None, typer.Option("--for", help="End after, such as 30s.")] = None,
    count: Annotated[int | None, typer.Option("--count", help="End after so many lines.")] = None,
) -> None:
    """Books, trades, tickers, candles, your orders or your fills as they happen; `all` is all but candles."""
    mx: Invocation = ctx.obj
    if channel not in CHANNELS:
        raise CliError("E_USAGE", f"there is no channel {channel!r}", hint=" ".join(CHANNELS), exit_code=USAGE)
    if from_seq is not None and channel not in ("orders", "fills"):
        raise CliError("E_USAGE", "--from-seq is for orders and fills", exit_code=USAGE)
    try:
        limit_s = values.duration_ns(for_time) / NS_PER_S if for_time else None
    except ValueError as error:
        raise CliError("E_USAGE", f"--for: {error}", exit_code=USAGE) from None
    wanted = Wanted(channel, markets or [], candles.interval_named(interval), from_seq)
    asyncio.run(_run(mx, wanted, limit_s, count))


async def _run(mx: Invocation, wanted: Wanted, limit_s: float | None, count: int | None) -> None:
    from mexchange.client.api import Client

    async with await Client.connect(mx.connection()) as client:
        registry = await client.markets()
        chosen = [registry.by_symbol(name.upper()) for name in wanted.markets] or _default_markets(mx, registry)
        if wanted.channel in ("orders", "fills") and not client.session.account:
            raise CliError("E_AUTH", "own orders need a key", hint="mx auth login", exit_code=AUTH)
        sources = _sources(client, wanted, chosen, registry, mx.account())
        try:
            async with asyncio.timeout(limit_s):
                await _print(mx, sources, count)
        except TimeoutError:
            return


def _default_markets(mx: Invocation, registry: "Markets") -> "list[MarketInfo]":
    return [registry.by_symbol(mx.settings.market.upper())] if mx.settings.market else list(registry)


def _sources(
    client: "Client", wanted: Wanted, chosen: "list[MarketInfo]", registry: "Markets", account: int | None
) -> list[AsyncIterator[Line]]:
    channel = wanted.channel
    public: dict[str, Callable[..., AsyncIterator[Line]]] = {
        "book": _book,
        "trades": _trades,
        "ticker": _ticker,
        "candles": partial(_candles, interval=wanted.interval),
    }
    names = ["book", "trades", "ticker"] if channel == "all" else [channel]
    sources = [public[name](client, market, registry) for name in names if name in public for market in chosen]
    if channel in ("orders", "fills") or (channel == "all" and client.session.account):
        numbers = {int(market.market) for market in chosen}
        lines = OrderLines(client, registry, numbers, fills_only=channel == "fills", account=account)
        sources.append(lines.lines(wanted.from_sequence))
    return sources


async def _print(mx: Invocation, sources: list[AsyncIterator[Line]], count: int | None) -> None:
    """Lines of all sources in the order in which they come, until `count`."""
    queue: asyncio.Queue[Line] = asyncio.Queue(LINES_WAITING_MAX)

    async def forward(source: AsyncIterator[Line]) -> None:
        async for line in source:
            await queue.put(line)

    async def write() -> None:
        printed = 0
        while count is None or printed < count:
            mx.output.line(await queue.get())
            printed += 1

    await _first_done([write(), *(forward(source) for source in sources)])


async def _first_done(jobs: list[Coroutine[Any, Any, None]]) -> None:
    """Until one of the jobs ends, with its error if it has one; the others are cancelled."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _trades(client: "Client", market: "MarketInfo", registry: "Markets") -> AsyncIterator[Line]:
    async for trade in client.trades_stream(market.market):
        yield show.trade_row(trade, market, registry)


async def _ticker(client: "Client", market: "MarketInfo", registry: "Markets") -> AsyncIterator[Line]:
    async for news in client.ticker_stream(market.market):
        yield ticker.row(news, registry)


async def _candles(
    client: "Client", market: "MarketInfo", registry: "Markets", *, interval: Interval
) -> AsyncIterator[Line]:
    async for candle in client.candles_stream(market.market, interval):
        yield candles.row(candle, interval, market, registry)


async def _book(client: "Client", market: "MarketInfo", registry: "Markets") -> AsyncIterator[Line]:
    view = await client.subscribe_book(market.market, depth=BOOK_DEPTH)
    while True:
        await view.changed()
        sides = {
            name: [
                [registry.show_price(market.market, lv.price), registry.show_quantity(market.market, lv.quantity)]
                for lv in levels
            ]
            for name, levels in (("bids", view.bids), ("asks", view.asks))
        }
        yield {
            "seq": view.sequence,
            "market": market.symbol,
            **sides,
            "gap": view.gap,
            "ts": show.rfc3339(view.time_ns),
        }
