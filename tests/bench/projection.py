"""History: how fast events become rows, what that costs trading, and how long a page of a long past takes.

All tables and indexes, on SQLite and on a PostgreSQL of the bench's own, both with their syncs; events are those of the
mixed flow. Trading is measured with and without a projector, in turns; what it costs is the daemon's own time for an
order, since on a machine with as few cores as this one the wall clock also counts that the projector works at all.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import aiosqlite
import asyncpg

from mexchange.core.engine import Engine
from mexchange.daemon.events_of import entry_of
from mexchange.daemon.projection import tables
from mexchange.daemon.projection.project import Projection
from mexchange.daemon.projection.projector import EVENTS_PER_WRITE
from mexchange.daemon.projection.row_store import COLUMNS, RowStore
from mexchange.daemon.views import Commit
from mexchange.store.database import Database, DatabaseName, Place, place_of
from mexchange.store.history_pages import open_orders_page, orders_page
from mexchange.store.index_walk import Position, Span
from mexchange.store.spool import Entry
from tests import postgres
from tests.bench.end_to_end import LIMITS
from tests.bench.flows import mixed
from tests.bench.running_daemon import running_daemon

COMMANDS: Final = 60_000
ROUNDS: Final = 3
PROMISED_EVENTS: Final = 20_000
"""Per second."""
FRAME_NS: Final = 2_000_000
FRAMES_PER_READ: Final = 16
ORDERS: Final = 1_000_000
"""Of one account."""
ACCOUNT: Final = 16
MIDDLE: Final = (ORDERS // 2 * 1_000, ORDERS // 2)
"""A place in the middle of the past."""
PAGE: Final = 50
PAGES: Final = 200
PROMISED_PAGE_MS: Final = 5
LOAD_S: Final = 5


def measure() -> list[dict[str, Any]]:
    """Rows for the bench table. Without PostgreSQL only those of SQLite."""
    entries = events()
    rows: list[dict[str, Any]] = []
    with _databases() as settings:
        for kind, new in settings.items():
            rows += _throughput(kind, new, entries)
        for kind, new in settings.items():
            rows += _pages(kind, new())
        rows += _cost(settings)
    return rows


@contextmanager
def _databases() -> Iterator[dict[str, Any]]:
    """kind → a function that gives the setting of a new database."""
    programs = postgres.programs()
    if programs is None:
        print("PostgreSQL is not installed: SQLite alone is measured", file=sys.stderr)
        yield {"sqlite": str}
        return
    cluster = postgres.Cluster(programs, is_durable=True)
    try:
        yield {"sqlite": str, "postgresql": cluster.new_database}
    finally:
        cluster.end()


def events(commands: int = COMMANDS) -> list[Entry]:
    """Of the mixed flow, as the daemon gives them to the projector."""
    flow, engine, time_ns, entries = mixed(commands), Engine(), 1_800_000_000 * 10**9, []
    for frame in (*flow.setup, *flow.frames):
        time_ns += FRAME_NS
        first = engine.sequence + 1
        records = engine.apply_batch(frame, first, time_ns)
        commit = Commit(records, first, engine.sequence + 1 - first, time_ns, replayed=True, digest=bytes(16))
        entries.append(entry_of(commit, engine))
    return entries


def _throughput(kind: str, new: Any, entries: list[Entry]) -> list[dict[str, Any]]:
    count = sum(len(entry.records) // 80 for entry in entries)
    seconds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            place = place_of(DatabaseName.HISTORY, new(), Path(folder))
            seconds.append(asyncio.run(_project(place, entries)))
    rate = count / statistics.median(seconds)
    return [
        {
            "name": f"projection_{kind}",
            "value": round(rate),
            "unit": "events/s",
            "baseline": PROMISED_EVENTS,
            "ratio": rate / PROMISED_EVENTS,
            "events": count,
            "seconds": seconds,
        }
    ]


async def _project(place: Place, entries: list[Entry]) -> float:
    """Seconds from the first event to the last commit."""
    await tables.prepare(place)
    store = tables.row_store(place)
    projection = Projection(*await store.open())
    begin = time.perf_counter()
    for at in range(0, len(entries), FRAMES_PER_READ):
        await _take(store, projection, entries[at : at + FRAMES_PER_READ])
    await store.write(projection.take())
    seconds = time.perf_counter() - begin
    await store.close()
    return seconds


async def _take(store: RowStore, projection: Projection, entries: list[Entry]) -> None:
    accounts, markets = projection.wants(entries)
    if accounts or markets:
        projection.learn(accounts, markets, await store.known(accounts, markets))
    for entry in entries:
        projection.apply(entry)
    if projection.rows.events >= EVENTS_PER_WRITE:
        await store.write(projection.take())


def _pages(kind: str, setting: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_page_times(place_of(DatabaseName.HISTORY, setting, Path(folder))))
    return [
        {
            "name": f"page_of_{PAGE}_{name}_of_a_million_{kind}",
            "value": milliseconds,
            "unit": "ms",
            "baseline": PROMISED_PAGE_MS,
            "ratio": milliseconds / PROMISED_PAGE_MS,
        }
        for name, milliseconds in found.items()
    ]


async def _page_times(place: Place) -> dict[str, float]:
    """Medians over walks from the newest order back, and from the middle of the past."""
    await tables.prepare(place)
    await _fill(place)
    database = Database(place)
    found: dict[str, float] = {}
    for name, query in (("orders", orders_page), ("open_orders", open_orders_page)):
        took: list[float] = []
        for begin in (None, MIDDLE):
            took += await _walk(database, query, begin)
        found[name] = statistics.median(took) * 1_000
        found[f"{name}_p99"] = sorted(took)[len(took) * 99 // 100] * 1_000
    await database.close()
    return found


async def _walk(database: Database, query: Any, after: Position | None) -> list[float]:
    """Seconds of each page of a walk back from there."""
    took = []
    for _ in range(PAGES // 2):
        start = time.perf_counter()
        async with database.reading() as connection:
            page = await query(connection, ACCOUNT, Span(after=after, limit=PAGE))
        took.append(time.perf_counter() - start)
        assert len(page.rows) == PAGE
        after = page.next
    return took


def _order_rows() -> Iterator[tuple[Any, ...]]:
    """One in ten is open."""
    for number in range(1, ORDERS + 1):
        name = number.to_bytes(16, "big")
        reason = 0 if number % 10 == 0 else 1
        at = number * 1_000
        order = (
            number,
            ACCOUNT,
            name,
            1 + number % 3,
            1 + number % 2,
            1,
            1,
            0,
            100_000,
            10,
            0,
            10,
            10**9,
            10,
            reason,
            0,
        )
        yield (*order, at, number, at, number)


async def _fill(place: Place) -> None:
    columns = COLUMNS["orders"]
    if place.file is not None:
        async with aiosqlite.connect(place.file) as db:
            await db.executemany(f"INSERT INTO orders VALUES ({', '.join('?' * len(columns))})", _order_rows())
            await db.commit()
        return
    db = await asyncpg.connect(place.url.render_as_string(hide_password=False))
    await db.copy_records_to_table("orders", records=_order_rows(), columns=columns, schema_name=place.name.value)
    await db.execute("ANALYZE history.orders")
    await db.close()


def _cost(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Without and with a projector, in turns: orders per second, and the daemon's own time for an order at one rate."""

    def setting(kind: str) -> dict[str, str]:
        return {"MX_DAEMON_DATABASE": settings[kind]()} if kind in settings else {"MX_DAEMON_HISTORY": "false"}

    kinds = ("without", *settings)
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind in kinds:
            rates[kind].append(_trade(setting(kind), 0)[1])
    half = round(min(statistics.median(each) for each in rates.values()) / 2)
    for _ in range(ROUNDS):
        for kind in kinds:
            times[kind].append(_trade(setting(kind), half)[0])
    alone_us, alone = statistics.median(times["without"]), statistics.median(rates["without"])
    rows = []
    for kind in settings:
        us, rate = statistics.median(times[kind]), statistics.median(rates[kind])
        rows.append(_row(f"daemon_time_per_order_with_projector_{kind}", us, "µs", alone_us))
        rows.append(_row(f"orders_with_projector_{kind}_on_{os.cpu_count()}_cores", rate, "orders/s", alone))
    return rows


def _trade(setting: dict[str, str], rate: int) -> tuple[float, float]:
    """(µs of the daemon for an order, orders per second); `rate` 0: as fast as it goes."""
    with running_daemon({**LIMITS, **setting}) as (run, _):
        words = [run.host, str(run.port), run.server_key, str(run.pid), "--seconds", str(LOAD_S), "--rate", str(rate)]
        command = [sys.executable, "-m", "tests.bench.load", *words]
        load = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return load["daemon_cpu_seconds"] / load["outcomes"] * 1e6, load["orders_per_second"]


def _row(name: str, value: float, unit: str, baseline: float) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline}


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row))
