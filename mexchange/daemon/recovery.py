"""From the data directory to a running state: snapshot, then the journal behind it, then the views.

The state hash of the snapshot is that of the bytes which the engine reads. Commands that an operator skipped keep
their sequence and have no effect.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from mexchange.codec.blocks import pack, split
from mexchange.codec.commands import BATCH_TYPES
from mexchange.core.features import FEATURES
from mexchange.core.snapshot import BadSnapshot, hash_of
from mexchange.daemon.engine_choice import Engine
from mexchange.daemon.events_of import definitions_in
from mexchange.daemon.pipeline import PoisonCommand
from mexchange.daemon.views import Commit
from mexchange.store.ahead import made_ahead
from mexchange.store.errors import FormatTooNew, SnapshotCorrupt
from mexchange.store.journal import Journal
from mexchange.store.reader import Feature
from mexchange.store.recovery import Batch, Recovery
from mexchange.store.snapshots import Snapshot
from mexchange.telemetry import logs
from mexchange.world.clock import Clock
from mexchange.world.disk import Disk

MS_NS: Final = 1_000_000

APPLIED_AHEAD: Final = 8
"""Frames that the engine has applied while one is fed."""


class Kept(Protocol):
    """A part of the daemon with a place in the snapshot's unhashed section."""

    @property
    def name(self) -> str:
        """Its key there."""
        ...

    def save(self) -> bytes:
        """Its state."""
        ...

    def load(self, data: bytes) -> None:
        """What `save` gave."""
        ...


class Restart:
    """A start in two steps: `engine` stands at the snapshot, `replay` brings it and everybody else to the end.

    The journal has been opened before, so its tail is settled.
    """

    def __init__(self, disk: Disk, clock: Clock, engine_kind: type[Engine]) -> None:
        """JournalCorrupt, JournalGap, FormatTooNew, SnapshotCorrupt."""
        self._clock = clock
        self._recovery = Recovery(disk)
        unknown = [feature.number for feature in self._recovery.features if feature.number not in FEATURES]
        if unknown:
            raise FormatTooNew(f"the journal uses feature {unknown[0]}, which this version does not know")
        self.engine: Final = engine_at(engine_kind, self._recovery.snapshot)
        self.snapshot_sequence: Final = self.engine.sequence
        """0: there is no snapshot."""
        self.bad_snapshots: Final = self._recovery.bad_snapshots
        self.skipped: Final = self._recovery.skipped
        self.commands = 0
        """Replayed behind the snapshot."""
        self.replay_ns = 0
        """What engine and views took for them."""

    def switch_on(self, journal: Journal) -> None:
        """Everything from the journal's end on is done as this version does it. StoreError."""
        for number in sorted(FEATURES - self.engine.features.keys()):
            journal.append_feature(number)
            self.engine.enable(number, journal.next_sequence)

    def replay(self, parts: Sequence[Kept], feed: Callable[[Commit], None], *, next_sequence: int) -> None:
        """Give each part what it saved, then every later frame to the engine and to `feed`, up to `next_sequence`.

        The engine is ahead of `feed`, on a thread of its own. JournalCorrupt, JournalGap; PoisonCommand if it fails.
        """
        snapshot = self._recovery.snapshot
        load_parts(parts, b"" if snapshot is None else snapshot.views)
        begin_ns = self._clock.monotonic_ns()
        for commit in made_ahead(self._applied(next_sequence), APPLIED_AHEAD):
            feed(commit)
            self.commands += commit.count
        enable(self.engine, self._recovery.features)
        self.replay_ns = self._clock.monotonic_ns() - begin_ns

    def _applied(self, next_sequence: int) -> Iterator[Commit]:
        for batch in self._recovery.batches():
            try:
                records = apply_unskipped(self.engine, batch)
                definitions = definitions_in(records, self.engine)
            except Exception as error:
                raise PoisonCommand(max(self.engine.sequence, batch.first_sequence)) from error
            yield Commit(
                records,
                batch.first_sequence,
                batch.count,
                batch.time_ns,
                replayed=True,
                behind=next_sequence - batch.first_sequence - batch.count,
                digest=batch.digest,
                definitions=definitions,
            )

    def say(self, journal: Journal, took_ns: int) -> None:
        """To the log: what was found, and what was done about it."""
        log = logs.get("daemon")
        for bad in self.bad_snapshots:
            log.warning("snapshot unusable, an older one was taken", name=bad.name, reason=bad.reason)
        if journal.torn is not None:
            log.warning("an unfinished write was put aside", path=journal.torn.path, bytes=journal.torn.size_bytes)
        log.info(
            "recovered",
            sequence=journal.next_sequence - 1,
            snapshot=self.snapshot_sequence,
            replayed=self.commands,
            skipped=len(self.skipped),
            clean=journal.was_closed_cleanly,
            ms=took_ns // MS_NS,
        )


def engine_at(kind: type[Engine], snapshot: Snapshot | None) -> Engine:
    """As the snapshot was taken; empty without one. SnapshotCorrupt."""
    if snapshot is None:
        return kind()
    try:
        engine = kind.restore(snapshot.engine)
    except BadSnapshot as error:
        raise SnapshotCorrupt(f"the snapshot at sequence {snapshot.sequence} cannot be read: {error}") from error
    if hash_of(snapshot.engine) != snapshot.state_hash or engine.sequence != snapshot.sequence:
        raise SnapshotCorrupt(f"the snapshot at sequence {snapshot.sequence} does not give the state that it names")
    return engine


def save_parts(parts: Sequence[Kept]) -> bytes:
    """The unhashed section: name → bytes."""
    return msgspec.msgpack.encode({part.name: part.save() for part in parts})


def load_parts(parts: Sequence[Kept], data: bytes) -> None:
    """Give each part what it saved, if it is there."""
    saved = msgspec.msgpack.decode(data, type=dict[str, bytes]) if data else {}
    for part in parts:
        if part.name in saved:
            part.load(saved[part.name])


def enable(engine: Engine, features: Iterable[Feature]) -> None:
    """Switch on what the journal says is in force from the next command on."""
    for feature in features:
        if not engine.enable(feature.number, feature.first_sequence):
            raise FormatTooNew(f"the journal uses feature {feature.number}, which this version does not know")


def apply_unskipped(engine: Engine, batch: Batch) -> bytes:
    """Apply a frame without its skipped commands; the records of the others."""
    enable(engine, batch.features)
    if not batch.skipped:
        return engine.apply_batch(batch.body, batch.first_sequence, batch.time_ns)
    if len(batch.skipped) == batch.count:
        return b""  # it need not even be readable
    records = []
    sequence = batch.first_sequence
    for block in single_commands(batch.body):
        if sequence not in batch.skipped:
            records.append(engine.apply_batch(block, sequence, batch.time_ns))
        sequence += 1
    assert sequence == batch.first_sequence + batch.count
    return b"".join(records)


def single_commands(body: bytes) -> list[bytes]:
    """The blocks of a frame with one command each."""
    single: list[bytes] = []
    for message_type, correlation, payload in split(body):
        table = BATCH_TYPES.get(message_type)
        if table is None:
            single.append(pack(message_type, payload, correlation))
            continue
        *values, rows = table.read(payload)
        size = table.row.size
        for at in range(0, len(rows), size):
            single.append(pack(message_type, table.write(tuple(values), rows[at : at + size]), correlation))
    return single
