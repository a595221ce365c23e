"""What an operator does to the databases: bring their tables up to date, make all rows of history again."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mexchange.config.daemon import DaemonSettings
from mexchange.daemon.engine_choice import choose
from mexchange.daemon.projection import tables
from mexchange.daemon.projection.projector import Projector
from mexchange.daemon.projection.report import WAITING, Report
from mexchange.daemon.projection.retention import days_of
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, Place, place_of
from mexchange.store.disk import RealDisk
from mexchange.store.errors import DatabaseDown, FolderInUse, StoreError
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.lock import FolderLock
from mexchange.store.reader import read_frames
from mexchange.store.segment import segment_names

WATCH_S: Final = 0.25
Progress = Callable[[int, int], None]
"""(sequence that the rows reach, sequence that they are to reach)"""


def migrate(data: Path, settings: DaemonSettings) -> dict[str, object]:
    """All databases to the tables of this version; where they are, and their revisions. StoreError."""
    report: dict[str, object] = {"ok": True}
    for name in DatabaseName:
        place = place_of(name, settings.database, data)
        report[name.value] = str(place)
        report[f"{name.value}_revision"] = asyncio.run(_upgrade(place))
    return report


def rebuild(data: Path, settings: DaemonSettings, *, goes_on: bool, progress: Progress) -> dict[str, object]:
    """Drop all rows of history and make them again from the journal. StoreError.

    `goes_on` keeps what there is: for one that was interrupted. A running daemon makes the rows itself, and is watched.
    """
    place = place_of(DatabaseName.HISTORY, settings.database, data)
    end = journal_end(data)
    begin_s = time.monotonic()
    if not goes_on:
        asyncio.run(tables.empty(place))
    try:
        with FolderLock(data):
            asyncio.run(_project(data, settings, place, end, progress))
        by = "this command"
    except FolderInUse:
        asyncio.run(_watch(place, end, progress))
        by = "the running daemon"
    seconds = max(time.monotonic() - begin_s, 1e-9)
    return {"ok": True, "sequence": end, "database": str(place), "made_by": by, "ms": int(seconds * 1_000)}


def journal_end(data: Path) -> int:
    """Sequence of the last command that stands in the journal. JournalCorrupt, DiskFailed."""
    disk = RealDisk(data)
    names = segment_names(disk, JOURNAL_FOLDER)
    if not names:
        return 0
    end = names[-1].first_sequence - 1
    for frame in read_frames(disk, from_sequence=names[-1].first_sequence):
        end = frame.next_sequence - 1
    return end


async def _upgrade(place: Place) -> str:
    database = Database(place)
    try:
        return await migration.upgrade(database)
    finally:
        await database.close()


async def _project(data: Path, settings: DaemonSettings, place: Place, end: int, progress: Progress) -> None:
    problem = ""

    def tell(report: Report) -> None:
        nonlocal problem
        if report.state == WAITING:
            problem = report.problem
            projector.ask_to_stop()  # nobody has to wait for a database that a person can look after
        progress(report.sequence, end)

    projector = Projector(
        place,
        RealDisk(data),
        lambda: choose(os.environ).kind,
        durable_sequence=end,
        free_bytes_min=settings.history_free_bytes_min,
        candle_days=days_of(settings.candles),
        tell=tell,
    )
    if end:
        await projector.run(until_sequence=end)
    if problem:
        raise StoreError(f"{problem}; go on with: mx daemon rebuild --continue")


async def _watch(place: Place, end: int, progress: Progress) -> None:
    sequence = -1
    while sequence < end:
        try:
            sequence = await tables.cursor_sequence(place)
        except DatabaseDown:  # the daemon writes, or waits for it as we do
            sequence = max(sequence, 0)
        progress(sequence, end)
        await asyncio.sleep(WATCH_S)
