"""Makes the golden exchange: a journal, a snapshot, and what must come out of them. Run once per format, then never.

    python -m tests.golden.make NAME

The files in this folder are promises to people who have such a journal on their disk. They are never made again to
please a test: if a test of them fails, the change is wrong, or it is a new behaviour that takes a FEATURE record and a
new folder beside the old ones. Hence this refuses to write over anything.

    exchange-1   the first version
    exchange-2   QUICK_DIGESTS from the middle on
"""

import random
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from mexchange.codec import encode
from mexchange.core.engine import Engine
from mexchange.core.features import QUICK_DIGESTS
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.market_data import MarketData
from mexchange.daemon.orders import RecentOrders
from mexchange.daemon.recovery import Kept
from mexchange.daemon.snapshotter import make_snapshot
from mexchange.daemon.views import Commit
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command, ConfirmWithdrawal, ReleaseWithdrawal, Withdraw
from mexchange.domain.units import AccountId, AssetId, Atoms
from mexchange.protocol.server_session import ServerSession
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from mexchange.store.snapshots import Snapshots
from tests.engine.commands_at_random import commands_at_random, setup

GOLDEN: Final = Path(__file__).parent
EXPECTED: Final = "expected.json"
SEED: Final = 20_261_123
COMMANDS: Final = 600
FEATURE_AFTER: Final = 200
"""So much of the journal is as the first version wrote it."""
SNAPSHOT_AFTER: Final = 400
RESTART_AFTER: Final = 300
FRAME_COMMANDS_MAX: Final = 12
SEGMENT_BYTES: Final = 1 << 15
SECOND_NS: Final = 10**9


class Expected(msgspec.Struct, frozen=True):
    """Hex, and sequences."""

    sequence: int
    time_ns: int
    journal_digest: str
    """Of the last frame."""
    engine_digest: str
    """Running over every byte that the engine put out; part of the state."""
    records_digest: str
    """BLAKE2b-256 of all records, in order."""
    state_hash: str
    snapshot_sequence: int
    snapshot_state_hash: str


class Silence:
    """Nobody listens to the views of this exchange."""

    def send(self, session: ServerSession, block: bytes) -> None:
        raise AssertionError("there are no sessions")

    answer = send


def rare() -> list[Command]:
    """What chance leaves out: withdrawals that end well, one that does not, and a command that comes twice."""
    ann, kcn = AccountId(16), AssetId(1)
    return [
        Withdraw(ann, parse("w1"), kcn, Atoms(1_000)),
        Withdraw(ann, parse("w2"), kcn, Atoms(2_000)),
        ConfirmWithdrawal(ann, parse("c1"), 1),
        ReleaseWithdrawal(ann, parse("r2"), 2),
        Withdraw(ann, parse("w1"), kcn, Atoms(1_000)),
    ]


def make(root: Path) -> Expected:
    """Write journal, snapshot and expectation; the same each time."""
    disk = RealDisk(root)
    rng = random.Random(SEED)
    engine = Engine()
    views = (MarketData(outbox=Silence(), engine=engine), RecentOrders(outbox=Silence(), engine=engine, archive=None))
    accounts = Accounts()
    parts: list[Kept] = [accounts, *views]
    blocks = [encode(command) for command in (*setup(), *rare(), *commands_at_random(rng, COMMANDS))]
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    records = blake2b(digest_size=32)
    snapshot = None
    while blocks:
        if engine.sequence >= FEATURE_AFTER and not engine.features:
            journal.append_feature(QUICK_DIGESTS)
            engine.enable(QUICK_DIGESTS, journal.next_sequence)
        count = min(rng.randint(1, FRAME_COMMANDS_MAX), len(blocks))
        body, first = b"".join(blocks[:count]), engine.sequence + 1
        del blocks[:count]
        time_ns = first * SECOND_NS
        journal.append(body, count=count, first_sequence=first, time_ns=time_ns)
        journal.sync()
        out = engine.apply_batch(body, first, time_ns)
        records.update(out)
        commit = Commit(out, first, count, time_ns, replayed=True)
        for part in (accounts, *views):
            part.on_commit(commit)
        if first <= RESTART_AFTER < first + count:
            journal.compress_closed()
            journal.close()
            journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
        if snapshot is None and engine.sequence >= SNAPSHOT_AFTER:
            snapshot = make_snapshot(engine, parts)
            Snapshots(disk).write(snapshot)
    assert snapshot is not None
    journal.close()
    (root / "journal" / "next.spare").unlink(missing_ok=True)
    expected = Expected(
        sequence=int(engine.sequence),
        time_ns=int(engine.time_ns),
        journal_digest=journal.digest.hex(),
        engine_digest=engine.state.digest.hex(),
        records_digest=records.hexdigest(),
        state_hash=engine.state_hash().hex(),
        snapshot_sequence=snapshot.sequence,
        snapshot_state_hash=snapshot.state_hash.hex(),
    )
    (root / EXPECTED).write_bytes(msgspec.json.format(msgspec.json.encode(expected)) + b"\n")
    return expected


if __name__ == "__main__":
    folder = GOLDEN / sys.argv[1]
    folder.mkdir()
    print(make(folder))
