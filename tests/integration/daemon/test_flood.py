"""One account that sends all it can delays nobody else, and is itself only slowed down."""

import threading
import time
from typing import Final

from mexchange.codec import encode, encode_orders
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted, Rejected
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from tests.integration.daemon.market import Market, Visitor

ORDERS: Final = 60
DELAY_S_MAX: Final = 0.25
"""At the 90th per cent, on a machine that runs other tests too; a queue behind the flood would be seconds."""


def order(name: str) -> PlaceOrder:
    return PlaceOrder(AccountId(0), parse(name), MarketId(1), Side.BUY, Lots(2), Ticks(60_000))


class Flood:
    """Sends orders as fast as it can, without waiting for anything, until it is told to stop."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.blocks = 0

    def __enter__(self) -> "Flood":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            batch = [order(f"f{self.blocks}-{number}") for number in range(16)]
            self._visitor.session.send_block(encode_orders(batch))
            self._visitor.turn(0)
            self.blocks += 1


def delays(visitor: Visitor, stem: str) -> list[float]:
    """Seconds from sending an order to its report, one after the other."""
    took = []
    for number in range(ORDERS):
        name = f"{stem}-{number}"
        begin = time.monotonic()
        visitor.tell(encode(order(name)))
        visitor.wait_event(lambda event: isinstance(event, Accepted) and event.client_order_id == parse(name))  # noqa: B023
        took.append(time.monotonic() - begin)
    return sorted(took)


def test_a_flooding_account_delays_nobody_else(market: Market) -> None:
    market.start()
    ann, bob = market.visit(), market.visit()
    before = delays(ann, "calm")
    with Flood(bob) as flood:
        during = delays(ann, "storm")
    assert flood.blocks * 16 > 4 * ORDERS, "it was no flood"
    assert during[ORDERS * 9 // 10] < DELAY_S_MAX, (before, during)
    assert not any(isinstance(event, Rejected) for event in ann.events)
