"""A disk that fails or fills up under a running exchange."""

import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest

from mexchange.codec import encode
from mexchange.config.daemon import DaemonSettings, Limits
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Event, Rejected
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from mexchange.store.errors import DiskFailed
from mexchange.store.reader import read_frames
from tests.fakes.disk import SimulatedDisk
from tests.integration.daemon.housed import HousedDaemon
from tests.integration.daemon.market import Visitor

SEGMENT_BYTES: Final = 2 << 20
SETTINGS: Final = DaemonSettings(
    segment_bytes=SEGMENT_BYTES, free_bytes_min=1, limits=Limits(event_ring_events=1 << 14)
)
House = Callable[..., HousedDaemon]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Opens daemons on one data directory, one after the other; ends them."""
    opened: list[HousedDaemon] = []

    def open_house(disk: SimulatedDisk, settings: DaemonSettings = SETTINGS) -> HousedDaemon:
        opened.append(HousedDaemon(tmp_path, disk, settings))
        return opened[-1]

    yield open_house
    for housed in opened:
        housed.end()


def order(name: str) -> bytes:
    return encode(PlaceOrder(AccountId(0), parse(name), MarketId(1), Side.BUY, Lots(10), Ticks(50_000)))


def of(kind: type[Event], name: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind) and getattr(event, "client_order_id", b"") == parse(name)


@pytest.mark.parametrize("operation", ["write", "sync"])
def test_a_failed_write_or_sync_stops_the_daemon_at_once_and_nothing_of_it_is_told(
    house: House, operation: str
) -> None:
    disk = SimulatedDisk()
    housed = house(disk)
    ann = housed.visit()
    ann.tell(order("good"))
    ann.wait_event(of(Accepted, "good"))
    disk.fail_all(operation, "journal/journal-", errno.EIO)
    ann.tell(order("bad"))
    failure = housed.wait_for_failure()
    assert isinstance(failure, DiskFailed)
    for _ in range(20):
        ann.turn()
    assert not any(map(of(Accepted, "bad"), ann.events))
    disk.heal()
    disk.kill()
    again = house(disk).visit()
    assert again.account == ann.account + 1


def test_a_full_disk_refuses_new_orders_takes_cancels_and_heals_without_a_restart(house: House) -> None:
    disk = SimulatedDisk()
    housed = house(disk)
    ann = housed.visit()
    ids: list[int] = []
    for number in range(5):
        ann.tell(order(f"before-{number}"))
        accepted = ann.wait_event(of(Accepted, f"before-{number}"))
        assert isinstance(accepted, Accepted)
        ids.append(accepted.order_id)
    disk.capacity_bytes -= disk.free_bytes()  # somebody else took all there was
    settle(lambda: refused(ann, "read-only"))
    for number, order_id in enumerate(ids):
        ann.tell(encode(CancelOrder(AccountId(0), parse(f"cancel-{number}"), OrderId(order_id))))
        ann.wait_event(of(Done, f"cancel-{number}"))
    disk.capacity_bytes += 100 << 20
    settle(lambda: not refused(ann, "healed"))
    housed.end()
    commands = sum(frame.count for frame in read_frames(disk))
    assert commands == housed.daemon.sequence


def test_below_the_reserve_that_the_operator_set_orders_are_refused_too(house: House) -> None:
    disk = SimulatedDisk(capacity_bytes=64 << 20)
    housed = house(disk, msgspec.structs.replace(SETTINGS, free_bytes_min=32 << 20))
    ann = housed.visit()
    assert not refused(ann, "plenty")
    disk.capacity_bytes = 30 << 20
    settle(lambda: refused(ann, "little"))


def settle(holds: Callable[[], bool]) -> None:
    """The daemon looks at its room a few times a second."""
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline


def refused(visitor: Visitor, stem: str) -> bool:
    """Is an order refused now as READ_ONLY, rather than accepted."""
    name = f"{stem}-{len(visitor.events)}"
    visitor.tell(order(name))
    event = visitor.wait_event(lambda event: of(Accepted, name)(event) or of(Rejected, name)(event))
    if isinstance(event, Rejected):
        assert event.reason is RejectReason.READ_ONLY
        assert event.sequence == 0
        for _ in range(5):
            visitor.turn()
        return True
    return False
