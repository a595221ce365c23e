"""A disk that is full, and one that fails: the first is waited out, the second stops the daemon at once."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from mexchange.codec import encode
from mexchange.codec.messages import StatusAnswer, StatusQuery
from mexchange.daemon.errors import EXIT_DISK
from mexchange.domain.client_id import ClientOrderId, parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Event, Rejected, Repeated
from mexchange.domain.order import Side
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from mexchange.store.disk import RealDisk
from mexchange.store.verify import verify_journal
from tests.integration.daemon.market import Market, Visitor
from tests.integration.durability.ledger import Ledger
from tests.integration.durability.replica import Replica

MIB: Final = 1 << 20
PAGE_BYTES: Final = 4096
DISK_BYTES: Final = 16 * MIB
LEFT_BYTES: Final = MIB // 3
TRADERS: Final = 2
FULL_S: Final = 60
HEALED_S: Final = 60
PROMISES_MIN: Final = 100
MINE: Final = AccountId(0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "tmpfs", os.fspath(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("a disk that really fills up takes the right to mount one (run as root)")
    yield folder
    subprocess.run(["umount", "-l", os.fspath(folder)], check=True)


@pytest.fixture
def crowded(small_disk: Path) -> Iterator[Market]:
    """A market on the small disk, its log too."""
    data = small_disk / "data"
    data.mkdir(mode=0o700)
    one = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(MIB // 4),
        MX_DAEMON_FRAME_BYTES_MAX=str(MIB // 16),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_LIMITS_ORDERS_PER_SECOND="100000",
    )
    yield one
    one.end()


def order(name: str, side: Side = Side.BUY) -> PlaceOrder:
    """Far from the market, so that it rests."""
    price = 90_000 if side is Side.BUY else 110_000
    return PlaceOrder(MINE, parse(name), MarketId(1), side, Lots(2), Ticks(price))


def answer_to(visitor: Visitor, client_order_id: ClientOrderId) -> Event:
    """The first event that carries the id."""
    return visitor.wait_event(lambda event: getattr(event, "client_order_id", None) == client_order_id)


def place(visitor: Visitor, name: str) -> Event:
    """What comes of a new order."""
    visitor.tell(encode(order(name)))
    return answer_to(visitor, parse(name))


def mode_of(visitor: Visitor) -> str:
    """As `mx status` shows it."""
    (first, *_) = visitor.ask(encode(StatusQuery()))
    assert isinstance(first, StatusAnswer)
    return dict(line.split("=", 1) for line in first.text.splitlines())["mode"]


def fill(folder: Path, left_bytes: int) -> Path:
    """Somebody else's file takes all but so much."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        for _ in range((shutil.disk_usage(folder).free - left_bytes) // PAGE_BYTES):
            file.write(bytes(PAGE_BYTES))
    return ballast


def is_taken(visitor: Visitor, name: str) -> bool:
    """Is a new order accepted, or else refused as it should be when the disk is full."""
    event = place(visitor, name)
    if isinstance(event, Accepted):
        visitor.tell(encode(CancelOrder(MINE, parse(f"un-{name}"), event.order_id)))
        return True
    assert isinstance(event, Rejected)
    assert event.reason is RejectReason.READ_ONLY
    return False


def is_busy(ledger: Ledger) -> bool:
    """Has it been promised enough to lose."""
    ledger.read()
    return len(ledger.promises) > PROMISES_MIN


def test_a_full_disk_is_waited_out(crowded: Market, small_disk: Path) -> None:
    run = crowded.start()
    ann = crowded.visit()
    resting = [place(ann, f"rest{number}") for number in range(5)]
    with ExitStack() as stack:
        ledgers = [Ledger(run, small_disk.parent / f"trader-{number}", number) for number in range(TRADERS)]
        for ledger in ledgers:
            stack.callback(ledger.end)
        ann.wait(lambda: all(is_busy(ledger) for ledger in ledgers), timeout_s=FULL_S)
        ballast = fill(small_disk, LEFT_BYTES)
        numbers = iter(range(100_000))
        ann.wait(lambda: not is_taken(ann, f"probe{next(numbers)}"), timeout_s=FULL_S)
        # Closed segments are compressed and give some room back, until somebody else takes that too.
        ann.wait(lambda: fill(small_disk, 0) and not is_taken(ann, f"probe{next(numbers)}"), timeout_s=FULL_S)
        assert REJECTS[RejectReason.READ_ONLY].retryable
        assert mode_of(ann) == "read_only"
        for number, accepted in enumerate(resting):
            assert isinstance(accepted, Accepted)
            ann.tell(encode(CancelOrder(MINE, parse(f"out{number}"), OrderId(accepted.order_id))))
            assert isinstance(answer_to(ann, parse(f"out{number}")), Done)
        ballast.unlink()
        ann.wait(lambda: is_taken(ann, f"again{next(numbers)}"), timeout_s=HEALED_S)
        assert mode_of(ann) == "normal"
        for ledger in ledgers:
            ledger.stop()
    ann.close()
    assert crowded.run() == run, "without a restart"
    assert crowded.stop() == 0, crowded.log()
    replica = Replica(crowded.data)
    replica.catch_up()
    for ledger in ledgers:
        assert len(ledger.promises) > PROMISES_MIN
        replica.check(ledger.promises)
    replica.check_twice()
    replica.check_state({})
    assert verify_journal(RealDisk(crowded.data)).problem is None


@contextmanager
def failing(process: int, call: str) -> Iterator[None]:
    """Every such call of the process fails with EIO."""
    words = ["strace", "-f", "-p", str(process), "-e", f"trace={call}", "-e", f"inject={call}:error=EIO"]
    with subprocess.Popen([*words, "-o", os.devnull], stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        try:
            assert "attached" in tracer.stderr.readline()
            yield
        finally:
            tracer.terminate()


@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_a_failed_write_stops_it_at_once(market: Market, call: str) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: nobody can make the daemon's writes fail")
    run = market.start()
    ann = market.visit()
    assert isinstance(place(ann, "before"), Accepted)
    assert market.process is not None
    process = market.process
    with failing(run.pid, call):
        ann.tell(encode(order("during")))
        ann.wait(lambda: process.poll() is not None)
    for _ in range(20):
        ann.turn()
    assert not any(getattr(event, "client_order_id", None) == parse("during") for event in ann.events)
    assert process.returncode == EXIT_DISK
    # The journal's failure is said first. Other files of the same broken disk may complain behind it.
    complaint = next(line for line in market.log().splitlines() if "[info " not in line)
    assert "stopped at once" in complaint
    assert "the journal: Input/output error" in complaint
    market.start()
    bob = market.visit(ann.login)
    again = place(bob, "before")
    assert isinstance(again, Repeated)
    assert isinstance(place(bob, "during"), Accepted | Repeated)
    bob.close()
    market.kill()
    replica = Replica(market.data)
    replica.catch_up()
    replica.check_twice()
