"""A second exchange, fed with nothing but the files of the first one: its journal must say what it promised."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from mexchange.codec.events import KIND_AT, RECORD_SIZE, decode_records
from mexchange.core.engine import Engine
from mexchange.daemon.recovery import enable
from mexchange.domain.events import Accepted, Deposited, Done, EventKind, MassCancelled, Rejected
from mexchange.store.disk import RealDisk
from mexchange.store.frame import FrameType
from mexchange.store.reader import feature_of, read_whole_segments
from tests.engine.audit import audit

EFFECT_KINDS: Final = frozenset(
    {EventKind.ACCEPTED, EventKind.REJECTED, EventKind.DONE, EventKind.MASS_CANCELLED, EventKind.DEPOSITED}
)


class Effect(NamedTuple):
    """What the engine did for a command the first time that it saw its id."""

    kind: str
    sequence: int
    order_id: int
    """Of an order that was accepted, else 0."""


class Promise(NamedTuple):
    """What a client was told about a command."""

    account: int
    client_order_id: bytes
    effect: Effect


class Replica:
    """An engine of ours at the journal's end as of the last `catch_up`. Reads only; a writer may be at work."""

    def __init__(self, data: Path) -> None:
        self._disk = RealDisk(data)
        self.engine = Engine()
        self.effects: dict[tuple[int, bytes], list[Effect]] = {}
        self._digests: dict[int, bytes] = {}
        """Last sequence of each frame of commands → its digest, which stands for everything up to there."""
        self.state_hashes: dict[int, bytes] = {}
        """Filled for the sequences of `catch_up(watch=...)`."""

    @property
    def sequence(self) -> int:
        """Of the last command seen."""
        return int(self.engine.sequence)

    def digest(self) -> bytes:
        """Of the last frame seen."""
        return self._digests[self.sequence]

    def digest_at(self, sequence: int) -> bytes:
        """Of the frame that ends with this command."""
        return self._digests[sequence]

    def catch_up(self, watch: frozenset[int] = frozenset()) -> int:
        """Apply what is new; the number of its commands. AssertionError if what was read before has changed."""
        before = self.sequence
        for frame in read_whole_segments(self._disk, from_sequence=before + 1):
            if frame.type is FrameType.FEATURE:
                enable(self.engine, [feature_of(frame)])
            if frame.type is not FrameType.COMMANDS:
                continue
            last = frame.next_sequence - 1
            if last <= before:
                assert self._digests[last] == frame.digest, f"the frame that ends at {last} was rewritten"
                continue
            assert frame.first_sequence == self.sequence + 1
            self._note(self.engine.apply_batch(frame.body, frame.first_sequence, frame.time_ns))
            self._digests[last] = frame.digest
            if last in watch:
                self.state_hashes[last] = self.engine.state_hash()
        return self.sequence - before

    def _note(self, records: bytes) -> None:
        for at in range(0, len(records), RECORD_SIZE):
            if records[at + KIND_AT] not in EFFECT_KINDS:
                continue
            (event,) = decode_records(records[at : at + RECORD_SIZE])
            assert isinstance(event, Accepted | Rejected | Done | MassCancelled | Deposited)
            if any(event.client_order_id):
                order_id = int(event.order_id) if isinstance(event, Accepted) else 0
                effect = Effect(type(event).__name__, int(event.sequence), order_id)
                self.effects.setdefault((int(event.account), bytes(event.client_order_id)), []).append(effect)

    def check(self, promises: list[Promise]) -> None:
        """Nothing that was acknowledged is lost or different, nothing was done twice."""
        for promise in promises:
            done = self.effects.get((promise.account, promise.client_order_id), [])
            assert done == [promise.effect], f"told {promise}, but the journal says {done}"

    def check_twice(self) -> None:
        """No id had two effects, asked for or not."""
        twice = {key: done for key, done in self.effects.items() if len(done) > 1}
        assert not twice, twice

    def check_state(self, hashes: Mapping[int, bytes]) -> None:
        """Money is conserved, holds are exact; and the states that the daemon showed are those of the replay."""
        audit(self.engine)
        for sequence, state_hash in hashes.items():
            assert self.state_hashes.get(sequence) == state_hash, f"another state at sequence {sequence}"
