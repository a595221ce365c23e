"""Pages put together are what sorting and filtering all rows gives, on both databases, whatever is added meanwhile."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.order import DoneReason
from mexchange.store import history_pages, migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.history_pages import Progress
from mexchange.store.history_tables import balances_daily, candles, cursor, fills, holdings, orders, rejects, trades
from mexchange.store.index_walk import SCANNED_MAX, Page, Span
from tests.fakes.history_rows import ANN, BOB, Rows, put, some_fills, some_orders

Walk = Callable[[AsyncConnection, Span], Awaitable[Page]]


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def history(database: str, tmp_path: Path, loop: asyncio.Runner) -> Iterator[Database]:
    opened = Database(place_of(DatabaseName.HISTORY, database, tmp_path))
    loop.run(migration.upgrade(opened))
    yield opened
    loop.run(opened.close())


async def walked(history: Database, walk: Walk, span: Span) -> tuple[Rows, list[int]]:
    """All rows, page by page, and how many each page had."""
    rows: Rows = []
    sizes = []
    after = None
    while True:
        async with history.reading() as connection:
            page = await walk(connection, span._replace(after=after))
        rows += [dict(row._mapping) for row in page.rows]
        sizes.append(len(page.rows))
        after = page.next
        if after is None:
            return rows, sizes


def naive(rows: Rows, span: Span, key: tuple[str, ...], **wanted: Any) -> Rows:
    """Everything at once."""

    def fits(row: dict[str, Any]) -> bool:
        time_ns = row[key[0]]
        return (
            all(row[name] in (value if isinstance(value, tuple) else (value,)) for name, value in wanted.items())
            and time_ns >= span.since_ns
            and (not span.until_ns or time_ns < span.until_ns)
        )

    found = [row for row in rows if fits(row)]
    return sorted(found, key=lambda row: tuple(row[name] for name in key), reverse=not span.oldest_first)


@pytest.mark.parametrize("oldest_first", [False, True])
def test_orders_come_once_each_in_order_with_every_filter(
    history: Database, loop: asyncio.Runner, seed: int, oldest_first: bool
) -> None:
    rng = random.Random(seed)
    rows = some_orders(rng, 400)
    loop.run(put(history, orders, rows))
    key = ("created_ns", "order_id")
    spans = [
        Span(oldest_first=oldest_first, limit=7),
        Span(oldest_first=oldest_first, limit=50, since_ns=1_031, until_ns=1_100),
        Span(oldest_first=oldest_first, limit=1_000),
    ]
    for span in spans:
        asked: list[tuple[Walk, dict[str, Any]]] = [
            (partial(history_pages.orders_page, account=ANN), {"account": ANN}),
            (partial(history_pages.orders_page, account=BOB, market=2), {"account": BOB, "market": 2}),
            (
                partial(history_pages.orders_page, account=ANN, side=2, reasons=(DoneReason.FILLED, DoneReason.DUST)),
                {"account": ANN, "side": 2, "reason": (DoneReason.FILLED, DoneReason.DUST)},
            ),
            (partial(history_pages.open_orders_page, account=ANN), {"account": ANN, "reason": 0}),
            (
                partial(history_pages.open_orders_page, account=ANN, market=1),
                {"account": ANN, "reason": 0, "market": 1},
            ),
            (partial(history_pages.orders_page, account=99), {"account": 99}),
        ]
        for call, wanted in asked:
            walk = lambda connection, span, call=call: call(connection, span=span)  # noqa: E731
            found, sizes = loop.run(walked(history, walk, span))
            assert found == naive(rows, span, key, **wanted), (span, wanted)
            assert max(sizes) <= span.limit


def test_a_filter_that_fits_nothing_costs_a_bounded_page_each_time(
    history: Database, loop: asyncio.Runner, seed: int
) -> None:
    rows = some_fills(random.Random(seed), 2 * SCANNED_MAX + 10)
    rows[3]["market"] = 9
    loop.run(put(history, fills, rows))
    walk: Walk = lambda connection, span: history_pages.fills_page(connection, ANN, span, market=9)  # noqa: E731
    found, sizes = loop.run(walked(history, walk, Span(limit=10)))
    assert found == [rows[3]]
    assert sizes == [0, 0, 1]
    walk = lambda connection, span: history_pages.fills_page(connection, ANN, span, order_id=40)  # noqa: E731
    found, _ = loop.run(walked(history, walk, Span(limit=2, oldest_first=True)))
    assert [row["account_sequence"] for row in found] == [200, 201, 202, 203, 204]


def test_what_is_added_while_somebody_reads_disturbs_nothing(
    history: Database, loop: asyncio.Runner, seed: int
) -> None:
    rng = random.Random(seed)
    rows = some_orders(rng, 100)
    loop.run(put(history, orders, rows))

    async def read() -> Rows:
        found: Rows = []
        after = None
        for turn in range(20):
            async with history.reading() as connection:
                page = await history_pages.orders_page(connection, ANN, Span(limit=9, after=after))
            found += [dict(row._mapping) for row in page.rows]
            after = page.next
            if after is None:
                break
            await put(history, orders, some_orders(rng, 5, first=200 + 10 * turn))
        return found

    assert loop.run(read()) == naive(rows, Span(), ("created_ns", "order_id"), account=ANN)


def test_public_trades_and_candles_are_of_their_market(history: Database, loop: asyncio.Runner) -> None:
    tape = [
        {
            "market": market,
            "time_ns": 100 * number,
            "trade_id": number,
            "sequence": number,
            "price": number,
            "quantity": 2**48,
            "side": 1 + number % 2,
        }
        for market in (1, 2)
        for number in range(1, 31)
    ]
    charts = [
        {
            "market": market,
            "interval": interval,
            "open_ns": 60 * number,
            "open": number,
            "high": number,
            "low": number,
            "close": number,
            "volume": str(2**70 + number),
            "turnover": str(2**90),
            "trades": 1,
            "first_trade_id": number,
            "last_trade_id": number,
        }
        for market in (1, 2)
        for interval in (1, 2)
        for number in range(1, 21)
    ]
    loop.run(put(history, trades, tape))
    loop.run(put(history, candles, charts))
    of_trades: Walk = lambda connection, span: history_pages.trades_page(connection, 2, span, side=2)  # noqa: E731
    span = Span(limit=4, since_ns=500)
    found, _ = loop.run(walked(history, of_trades, span))
    assert found == naive(tape, span, ("time_ns", "trade_id"), market=2, side=2)
    of_candles: Walk = lambda connection, span: history_pages.candles_page(connection, 1, 2, span)  # noqa: E731
    span = Span(limit=3, since_ns=120, until_ns=900, oldest_first=True)
    found, _ = loop.run(walked(history, of_candles, span))
    assert found == naive(charts, span, ("open_ns",), market=1, interval=2)

    async def before(time_ns: int) -> int:
        async with history.reading() as connection:
            return await history_pages.close_before(connection, 1, 2, time_ns)

    assert [loop.run(before(time_ns)) for time_ns in (60, 61, 120, 10**9)] == [0, 1, 1, 20]


def test_an_order_is_found_by_either_id_and_a_refusal_by_its_first(history: Database, loop: asyncio.Runner) -> None:
    rows = some_orders(random.Random(1), 5)
    for row in rows:
        row["account"] = ANN
    rows[4]["client_order_id"] = rows[1]["client_order_id"]
    refused: Rows = [
        {
            "account": ANN,
            "time_ns": 50 + number,
            "account_sequence": number,
            "sequence": number,
            "client_order_id": b"no".ljust(16, b"\0"),
            "market": 1,
            "order_id": 0,
            "reason": 60 + number,
            "detail": 0,
        }
        for number in (1, 2)
    ]
    loop.run(put(history, orders, rows))
    loop.run(put(history, rejects, refused))

    async def find(**wanted: Any) -> int | None:
        async with history.reading() as connection:
            row = await history_pages.find_order(connection, wanted.pop("account", ANN), **wanted)
        return row.order_id if row is not None else None

    async def refusal(name: bytes) -> int | None:
        async with history.reading() as connection:
            row = await history_pages.find_reject(connection, ANN, name)
        return row.reason if row is not None else None

    assert loop.run(find(order_id=3)) == 3
    assert loop.run(find(order_id=3, account=BOB)) is None
    assert loop.run(find(order_id=2**64 - 1)) is None
    assert loop.run(find(client_order_id=rows[1]["client_order_id"])) == 5, "the last that had it"
    assert loop.run(find(client_order_id=bytes(16))) is None
    assert loop.run(refusal(refused[0]["client_order_id"])) == 61
    assert loop.run(refusal(bytes(16))) is None


def test_balances_of_days_begin_with_the_last_one_before(history: Database, loop: asyncio.Runner) -> None:
    days = {1: (3, 5, 9, 12), 2: (10, 11), 3: (2,), 4: (20,)}
    rows = [
        {"account": account, "asset": asset, "day": day, "balance": 100 * asset + day + account}
        for account in (ANN, BOB)
        for asset, of_asset in days.items()
        for day in of_asset
    ]
    loop.run(put(history, balances_daily, rows))

    async def read(since_day: int, limit: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        after = None
        while True:
            async with history.reading() as connection:
                page = await history_pages.daily_balances(connection, ANN, since_day, after, limit)
            found += [(row.asset, row.day) for row in page]
            if len(page) < limit:
                return found
            after = found[-1]

    for limit in (1, 2, 100):
        assert loop.run(read(10, limit)) == [(1, 9), (1, 12), (2, 10), (2, 11), (3, 2), (4, 20)]
    assert loop.run(read(0, 100)) == [(asset, day) for asset, of_asset in days.items() for day in of_asset]


def test_holdings_and_progress_are_read_as_they_are(history: Database, loop: asyncio.Runner) -> None:
    rows = [
        {"account": ANN, "market": market, "quantity": 5, "cost": str(2**100), "realised": str(-(2**90))}
        for market in (1, 2, 3)
    ]

    async def read() -> tuple[list[int], Progress, Progress]:
        async with history.reading() as connection:
            nothing = await history_pages.progress(connection)
        await put(history, holdings, rows)
        await put(
            history, cursor, [{"one": 1, "version": 1, "sequence": 8, "time_ns": 9, "digest": bytes(16), "entries": 0}]
        )
        async with history.reading() as connection:
            found = await history_pages.holdings_of(connection, ANN, 1, 10)
            return [row.market for row in found], nothing, await history_pages.progress(connection)

    assert loop.run(read()) == ([2, 3], Progress(0, 0), Progress(8, 9))
