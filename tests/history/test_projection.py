"""Rows equal what a replay says, on both databases, however the events come: in which portions, and how often."""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from mexchange.codec import encode
from mexchange.codec.events import RECORD_SIZE
from mexchange.daemon.events_of import entry_of
from mexchange.daemon.projection import tables
from mexchange.daemon.projection.project import Diverged, Projection
from mexchange.daemon.projection.row_store import NotOurs, RowStore
from mexchange.daemon.projection.rows import Rows
from mexchange.daemon.views import Commit
from mexchange.store.database import DatabaseName, place_of
from mexchange.store.spool import Entry
from tests.engine.commands_at_random import SECOND, commands_at_random, setup
from tests.history.oracle import Past, read_tables

COMMANDS = 1_500


@dataclass
class History:
    """A random history: its entries, and what a replay keeps of it."""

    past: Past
    entries: list[Entry]


def random_history(seed: int, commands: int = COMMANDS) -> History:
    """Frames of one to nine commands, over some days."""
    rng, past, entries = random.Random(seed), Past(), []
    waiting = [encode(command) for command in (*setup(), *commands_at_random(rng, commands))]
    time_ns = 0
    while waiting:
        count = min(rng.randint(1, 9), len(waiting))
        body, waiting = b"".join(waiting[:count]), waiting[count:]
        time_ns += rng.choice((1, SECOND // 3, SECOND, 20 * SECOND, 900 * SECOND))
        first = past.engine.sequence + 1
        records = past.play(body, first, time_ns)
        digest = rng.randbytes(16)
        entries.append(entry_of(Commit(records, first, count, time_ns, replayed=True, digest=digest), past.engine))
    return History(past, entries)


async def feed(store: RowStore, projection: Projection, entries: list[Entry]) -> Rows:
    """As the projector does; the rows that were written."""
    wanted = projection.wants(entries)
    projection.learn(*wanted, await store.known(*wanted))
    for entry in entries:
        projection.apply(entry)
    rows = projection.take()
    await store.write(rows)
    return rows


@pytest.mark.parametrize("number", range(3))
async def test_rows_equal_a_replay_whatever_the_portions(number: int, database: str, tmp_path: Path, seed: int) -> None:
    history, rng = random_history(seed + number), random.Random(seed)
    place = place_of(DatabaseName.HISTORY, database, tmp_path)
    await tables.prepare(place)
    store = tables.row_store(place)
    projection = Projection(*await store.open())
    at = 0
    while at < len(history.entries):
        count = rng.choice((1, 2, 7, 40, 200))
        await feed(store, projection, history.entries[at : at + count])
        at += count
        if rng.random() < 0.2:  # another process takes over, which knows only what the tables say
            projection = Projection(*await store.open())
    await store.close()
    rows = await read_tables(database, tmp_path)
    assert all(rows.values()), "something of everything happened"
    history.past.check(rows)


async def test_rows_that_were_written_are_not_written_again(database: str, tmp_path: Path, seed: int) -> None:
    history = random_history(seed, 400)
    place = place_of(DatabaseName.HISTORY, database, tmp_path)
    await tables.prepare(place)
    store = tables.row_store(place)
    rows = await feed(store, Projection(*await store.open()), history.entries)
    with pytest.raises(NotOurs):
        await store.write(rows)
    with pytest.raises(Diverged):
        await feed(store, Projection(*await store.open()), history.entries)
    await store.close()
    history.past.check(await read_tables(database, tmp_path))


async def test_a_balance_that_the_engine_does_not_have_is_noticed(tmp_path: Path) -> None:
    history = random_history(1, 200)
    place = place_of(DatabaseName.HISTORY, "", tmp_path)
    await tables.prepare(place)
    store = tables.row_store(place)
    changed = [_with_another_fee(entry) for entry in history.entries]
    with pytest.raises(Diverged, match="in the rows"):
        await feed(store, Projection(*await store.open()), changed)
    await store.close()


def _with_another_fee(entry: Entry) -> Entry:
    """Every fill cost an atom more than it did."""
    records = bytearray(entry.records)
    for at in range(0, len(records), RECORD_SIZE):
        if records[at + 24] == 2:
            fee = int.from_bytes(records[at + 72 : at + 80], "little", signed=True)
            records[at + 72 : at + 80] = (fee + 1).to_bytes(8, "little", signed=True)
    return Entry(entry.first_sequence, entry.count, entry.time_ns, entry.digest, bytes(records), entry.definitions)


async def test_tables_of_another_projector_are_emptied(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = random_history(3, 100)
    place = place_of(DatabaseName.HISTORY, database, tmp_path)
    await tables.prepare(place)
    store = tables.row_store(place)
    await feed(store, Projection(*await store.open()), history.entries)
    await store.close()
    monkeypatch.setattr(tables, "PROJECTION_VERSION", 99)
    await tables.prepare(place)
    assert not any((await read_tables(database, tmp_path)).values())
