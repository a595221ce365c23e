"""The projector's loop: entries in, rows out, the cursor with them; whatever goes wrong, again from the cursor.

    prepare tables ─► cursor ─► is it of this journal? ─► read ─► apply ─► write ─► read …
          ▲                            no: empty                     │
          └────── wait ◄── the database does not answer ◄────────────┘

Rows and cursor are written in one transaction, so that entries which come twice change nothing. Nobody waits for the
projector; what it is doing it says in reports.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from mexchange.daemon.projection import tables
from mexchange.daemon.projection.project import Diverged, Projection
from mexchange.daemon.projection.report import FOLLOWING, REPLAYING, STARTING, WAITING, Report
from mexchange.daemon.projection.row_store import NotOurs, RowStore
from mexchange.daemon.projection.rows import Cursor
from mexchange.daemon.projection.source import Source, is_in_journal
from mexchange.domain.candles import Interval
from mexchange.domain.history import DAY_NS
from mexchange.store.database import Place
from mexchange.store.errors import DatabaseDown, DiskFull
from mexchange.telemetry import logs
from mexchange.world.disk import Disk

if TYPE_CHECKING:
    from mexchange.daemon.engine_choice import Engine

IDLE_S: Final = 0.02
"""How often an idle projector looks: so late is a row at most, besides the writing."""
ASK_S: Final = 1.0
"""How often an idle projector asks whether the database is still there, and as it left it."""
EVENTS_PER_WRITE: Final = 8_000
WAIT_S: Final = (0.2, 0.5, 1.0, 2.0)
"""Between attempts to reach a database; the last one over and over."""
FORGET_NS: Final = 3_600 * 10**9
"""Old candles are dropped once in so much of the market's time."""


class Projector:
    """Brings one database after one journal."""

    def __init__(
        self,
        place: Place,
        disk: Disk,
        engine_kind: "Callable[[], type[Engine]]",
        *,
        durable_sequence: int,
        free_bytes_min: int,
        candle_days: Mapping[Interval, int],
        tell: Callable[[Report], None],
    ) -> None:
        """`free_bytes_min`: with less left nothing is written to a file of that disk.

        `candle_days`: how long candles of an interval are kept; for ever without one.
        """
        self._place = place
        self._disk = disk
        self._engine_kind = engine_kind
        self._durable = durable_sequence
        self._free_bytes_min = free_bytes_min
        self._candle_days = candle_days
        self._tell = tell
        self._log = logs.get("projector")
        self._cursor = Cursor()
        self._stopping = asyncio.Event()
        self._until = 0
        self._failures = 0

    def ask_to_stop(self) -> None:
        """Soon, when what there is has been written."""
        self._stopping.set()

    async def run(self, until_sequence: int = 0) -> None:
        """Until `ask_to_stop`, or until the rows reach that sequence. StoreError if the journal cannot be read."""
        self._until = until_sequence
        while not self._is_over(idle=False):
            try:
                await self._session()
                return
            except (DatabaseDown, DiskFull) as error:
                await self._wait(str(error))
            except NotOurs as error:
                self._log.warning("the database stands elsewhere, going on from there", reason=str(error))
            except Diverged as error:
                self._log.error("rows and events disagree, making all of them again", reason=str(error))
                await self._wait(str(error))
                await tables.empty(self._place)

    async def _session(self) -> None:
        """As long as the database answers."""
        self._say(STARTING)
        self._look_after_room()
        await tables.prepare(self._place)
        store = tables.row_store(self._place)
        try:
            cursor, markets = await store.open()
            if not is_in_journal(self._disk, cursor):
                self._log.warning("the rows are of another journal, making all of them again", sequence=cursor.sequence)
                await tables.empty(self._place)
                cursor, markets = await store.open()
            source = Source(self._disk, cursor, self._engine_kind, durable_sequence=self._durable)
            try:
                await self._follow(store, source, Projection(cursor, markets))
            finally:
                source.close()
        finally:
            await store.close()

    async def _follow(self, store: RowStore, source: Source, projection: Projection) -> None:
        self._cursor = projection.cursor
        asked_s = time.monotonic()
        while True:
            entries = source.read()
            if not entries:
                source.drop_read()
                self._say(FOLLOWING)
                if self._is_over(idle=True):
                    return
                await self._rest()
                if time.monotonic() - asked_s > ASK_S:
                    asked_s = time.monotonic()
                    await self._ask(store)
                continue
            accounts, markets = projection.wants(entries)
            if accounts or markets:
                projection.learn(accounts, markets, await store.known(accounts, markets))
            for entry in entries:
                projection.apply(entry)
                if projection.rows.events >= EVENTS_PER_WRITE:
                    await self._write(store, projection)
            await self._write(store, projection)
            self._say(REPLAYING if source.is_replaying else FOLLOWING)
            if self._is_over(idle=False):
                return

    async def _ask(self, store: RowStore) -> None:
        if await store.cursor() != self._cursor:
            raise NotOurs("the rows were changed, or dropped to be made again")

    async def _write(self, store: RowStore, projection: Projection) -> None:
        rows = projection.take()
        if rows.after == rows.before:
            return
        self._look_after_room()
        await store.write(rows)
        self._failures = 0
        before, self._cursor = self._cursor, rows.after
        if rows.after.time_ns // FORGET_NS != before.time_ns // FORGET_NS:
            for interval, days in self._candle_days.items():
                for market in projection.markets():
                    await store.forget_candles(market, interval, rows.after.time_ns - days * DAY_NS)

    def _look_after_room(self) -> None:
        if self._place.is_sqlite and self._disk.free_bytes() < self._free_bytes_min:
            raise DiskFull("what is left of the disk belongs to the journal")

    def _is_over(self, *, idle: bool) -> bool:
        if self._until and self._cursor.sequence >= self._until:
            return True
        return self._stopping.is_set() and idle

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), IDLE_S)
        except TimeoutError:
            return

    async def _wait(self, problem: str) -> None:
        """The world is not as it should be: say so, and try again a little later."""
        seconds = WAIT_S[min(self._failures, len(WAIT_S) - 1)]
        if not self._failures:
            self._log.warning("waiting for the database", reason=problem)
        self._failures += 1
        self._say(WAITING, problem)
        if self._stopping.is_set():
            return
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    def _say(self, state: str, problem: str = "") -> None:
        self._tell(Report(state, self._cursor.sequence, self._cursor.time_ns, problem))
