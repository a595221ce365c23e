"""A small file system that really fills up under load, and empties again."""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from mexchange.codec import encode, encode_orders
from mexchange.daemon import offline
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Rejected
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.integration.daemon.market import Market, Visitor

SIZE_MIB: Final = 24
SEGMENT_BYTES: Final = 1 << 20
KEPT: Final = 20
LET_GO_S: Final = 60
"""A projector whose daemon was killed notices it, ends and lets go of its files; it need not be faster."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A tmpfs of its own. It cannot lose power, but it can be full."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    folder = tmp_path / "small"
    folder.mkdir()
    options = f"size={SIZE_MIB}m,mode=0700,uid={os.geteuid()}"
    mounted = subprocess.run([*root, "mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("mounting needs root or sudo")
    yield folder
    deadline = time.monotonic() + LET_GO_S
    while (ended := subprocess.run([*root, "umount", folder], capture_output=True, text=True)).returncode:
        assert time.monotonic() < deadline, ended.stderr
        time.sleep(0.05)


def order(name: str) -> PlaceOrder:
    return PlaceOrder(AccountId(0), parse(name), MarketId(1), Side.BUY, Lots(2), Ticks(60_000))


def churn(visitor: Visitor, stem: str) -> bool:
    """Sixteen orders and their cancels. False as soon as one is refused because the disk is full."""
    begin = len(visitor.events)
    visitor.tell(encode_orders([order(f"{stem}-{number}") for number in range(16)]))
    visitor.wait(lambda: len([e for e in visitor.events[begin:] if isinstance(e, Accepted | Rejected)]) >= 16)
    placed = visitor.events[begin:]
    for number, event in enumerate(placed):
        if isinstance(event, Accepted):
            visitor.tell(encode(CancelOrder(AccountId(0), parse(f"c{stem}-{number}"), OrderId(event.order_id))))
    accepted = sum(isinstance(event, Accepted) for event in placed)
    visitor.wait(lambda: sum(isinstance(event, Done) for event in visitor.events[begin:]) >= accepted)
    refused = [event for event in placed if isinstance(event, Rejected)]
    assert all(event.reason is RejectReason.READ_ONLY for event in refused), refused
    return not refused


def test_a_disk_fills_up_under_load_orders_wait_cancels_work_and_room_heals(small: Path) -> None:
    data = small / "data"
    market = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(SEGMENT_BYTES),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_FRAME_BYTES_MAX=str(SEGMENT_BYTES // 8),
        MX_DAEMON_LIMITS_ORDERS_PER_SECOND="100000",
    )
    try:
        market.start()
        ann = market.visit()
        kept = []
        for number in range(KEPT):
            ann.tell(encode(order(f"kept-{number}")))
        ann.wait(lambda: sum(isinstance(event, Accepted) for event in ann.events) == KEPT)
        kept = [event.order_id for event in ann.events if isinstance(event, Accepted)]
        ballast = small / "ballast"
        fill(ballast)
        rounds = 0
        deadline = time.monotonic() + 60
        while churn(ann, f"r{rounds}"):
            rounds += 1
            assert time.monotonic() < deadline, "it never filled up"
        begin = len(ann.events)
        for number, order_id in enumerate(kept):
            ann.tell(encode(CancelOrder(AccountId(0), parse(f"last-{number}"), OrderId(order_id))))
        ann.wait(lambda: sum(isinstance(event, Done) for event in ann.events[begin:]) == KEPT)
        ballast.unlink()
        deadline = time.monotonic() + 10
        healed = 0
        while not churn(ann, f"h{healed}"):
            healed += 1
            time.sleep(0.05)
            assert time.monotonic() < deadline, "it did not heal"
        assert market.stop() == 0, market.log()
        assert offline.verify(data)["ok"]
        assert offline.replay(data)["ok"]
    finally:
        market.end()


def fill(path: Path) -> None:
    """Take everything that is left."""
    # Without a buffer: what did not fit would be written once more by closing, and fail where nobody expects it.
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            assert shutil.disk_usage(path.parent).free < 1 << 16
