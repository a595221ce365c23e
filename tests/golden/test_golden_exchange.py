"""The golden exchange (make.py) comes out as it did on the day it was made: bytes, chain, records, state, daemon."""

import shutil
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec
import pytest

from mexchange.codec import MessageType
from mexchange.codec.blocks import split
from mexchange.codec.commands import COMMAND_TYPES
from mexchange.codec.events import KIND_AT, RECORD_SIZE
from mexchange.core.features import FEATURES
from mexchange.daemon.errors import EXIT_USAGE
from mexchange.daemon.offline import replay
from mexchange.daemon.recovery import apply_unskipped
from mexchange.domain.events import EventKind
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from mexchange.store.recovery import Recovery
from mexchange.store.snapshots import Snapshots
from mexchange.store.verify import verify_journal
from tests.engine.audit import audit
from tests.engine.engines import ENGINES, state_of
from tests.golden.make import EXPECTED, GOLDEN, Expected
from tests.integration.daemon.market import READY_S, Market
from tests.integration.durability.replica import Replica

FOLDERS = sorted(path for path in GOLDEN.iterdir() if (path / EXPECTED).exists())
NO_SNAPSHOTS = "snapshots-are-not-read"


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy that a daemon may live in."""
    copy = tmp_path / "data"
    shutil.copytree(request.param, copy)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return copy


@pytest.fixture
def expected(folder: Path) -> Expected:
    return msgspec.json.decode((folder / EXPECTED).read_bytes(), type=Expected)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def market(folder: Path, engine_name: str) -> Iterator[Market]:
    """A daemon of this version on these files."""
    one = Market(folder, MX_ENGINE=engine_name, MX_DAEMON_SEGMENT_BYTES=str(1 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    yield one
    one.end()


def test_the_journal_replays_to_the_same_records_and_state(folder: Path, expected: Expected, engine_name: str) -> None:
    disk = RealDisk(folder)
    report = verify_journal(disk)
    assert (report.problem, report.digest.hex()) == (None, expected.journal_digest)
    engine, records, kinds = ENGINES[engine_name](), blake2b(digest_size=32), Counter[int]()
    seen: set[int] = set()
    for batch in Recovery(disk, snapshots_folder=NO_SNAPSHOTS).batches():
        out = apply_unskipped(engine, batch)
        records.update(out)
        kinds.update(out[at + KIND_AT] for at in range(0, len(out), RECORD_SIZE))
        seen |= {message_type for message_type, _, _ in split(batch.body)}
        if engine.sequence == expected.snapshot_sequence:
            assert engine.state_hash().hex() == expected.snapshot_state_hash
    audit(engine)
    assert (engine.sequence, engine.time_ns) == (expected.sequence, expected.time_ns)
    assert records.hexdigest() == expected.records_digest
    assert state_of(engine).digest.hex() == expected.engine_digest
    assert engine.state_hash().hex() == expected.state_hash
    assert seen >= COMMAND_TYPES - {MessageType.ADVANCE_TIME}
    assert set(kinds) >= set(EventKind)


def test_the_snapshot_is_a_shortcut_to_the_same_state(folder: Path, expected: Expected, engine_name: str) -> None:
    recovery = Recovery(RealDisk(folder))
    assert recovery.snapshot is not None
    engine = ENGINES[engine_name].restore(recovery.snapshot.engine)
    assert engine.sequence == expected.snapshot_sequence
    assert engine.state_hash().hex() == expected.snapshot_state_hash == recovery.snapshot.state_hash.hex()
    assert engine.snapshot() == recovery.snapshot.engine
    for batch in recovery.batches():
        apply_unskipped(engine, batch)
    assert engine.state_hash().hex() == expected.state_hash


def test_an_operator_replays_it_to_the_same_state(folder: Path, expected: Expected, engine_name: str) -> None:
    report = replay(folder, engine=engine_name)
    assert (report["ok"], report["state_hash"]) == (True, expected.state_hash)
    assert report["snapshots_equal"] == [expected.snapshot_sequence]


def test_a_daemon_goes_on_with_it(market: Market, expected: Expected) -> None:
    market.start(demo=False)
    assert market.stop() == 0, market.log()
    replica = Replica(market.data)
    replica.catch_up(watch=frozenset({expected.sequence}))
    assert replica.state_hashes[expected.sequence].hex() == expected.state_hash
    assert replica.sequence in (expected.sequence, expected.sequence + 1), "orders that expired meanwhile may have left"
    newest, bad = Snapshots(RealDisk(market.data)).newest_valid()
    assert newest is not None
    assert (newest.sequence, newest.state_hash, bad) == (replica.sequence, replica.engine.state_hash(), ())


def test_a_daemon_switches_on_what_it_does_otherwise_once(market: Market) -> None:
    for _ in range(2):
        market.start(demo=False)
        assert market.stop() == 0, market.log()
    assert verify_journal(RealDisk(market.data)).features == sorted(FEATURES)


def test_a_feature_of_the_future_is_refused(market: Market) -> None:
    journal = Journal(RealDisk(market.data), segment_bytes=1 << 20)
    journal.append_feature(99)
    journal.close()
    before = verify_journal(RealDisk(market.data))
    market.launch(demo=False)
    assert market.process is not None
    assert market.process.wait(READY_S) == EXIT_USAGE
    assert "the journal uses feature 99, which this version does not know" in market.log()
    after = verify_journal(RealDisk(market.data))
    assert (after.problem, after.commands, after.features) == (None, before.commands, before.features)
