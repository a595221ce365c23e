"""No datagram that tells of a command leaves before the fdatasync that makes it durable has returned.

Seen from outside the process: strace notes the calls, the visitors keep each datagram as it came and what it told of.
"""

import os
import shutil
import time
from collections.abc import Callable
from typing import Final

import pytest

from mexchange.codec import MessageType, decode, encode, encode_orders
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import (
    AccountQuery,
    Channel,
    Message,
    OrdersQuery,
    Preview,
    Reports,
    Subscribe,
    TickerQuery,
    Trades,
)
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.protocol.client_events import ClientEvent, HeartbeatReceived, LoggedIn
from mexchange.protocol.login import AnonymousLogin, EnrollLogin
from tests.integration.daemon.market import PROGRAM, Market, Visitor
from tests.integration.durability.mutant import acknowledge_early, program, skip_the_sync
from tests.integration.durability.trace import STRACE, Verdict, judge, wait_for_end

MARKET: Final = MarketId(1)
MINE: Final = AccountId(0)
ORDERS: Final = 300
WINDOW: Final = 24
DATAGRAMS_MIN: Final = 50


class Eavesdropper(Visitor):
    """Keeps each datagram, and the greatest sequence that it tells of."""

    named: dict[bytes, int]

    def _receive(self, datagram: bytes) -> None:
        self._told = 0
        super()._receive(datagram)
        self._listen()
        if self._told:
            self.__dict__.setdefault("named", {})[datagram] = self._told

    def _hear(self, event: ClientEvent) -> None:
        before = len(self.inbox)
        super()._hear(event)
        for message_type, _, payload in self.inbox[before:]:
            self._note(decode(message_type, payload))
        if isinstance(event, HeartbeatReceived):
            self._note(event.heartbeat)
        elif isinstance(event, LoggedIn):
            self._note(event.accepted)

    def _note(self, message: Message) -> None:
        told = [int(getattr(message, "sequence", 0))]
        if isinstance(message, Reports):
            told += [int(event.sequence) for event in decode_reports(message)]
        elif isinstance(message, Trades):
            told += [int(trade.sequence) for trade in message.trades]
        self._told = max(self._told, *told)


def order(number: int) -> PlaceOrder:
    """Buys and sells that meet each other at times."""
    side = Side.BUY if number % 2 else Side.SELL
    price = 100_000 + (number * 7919 % 40 - 25) * (1 if side is Side.BUY else -1)
    return PlaceOrder(MINE, parse(f"t{number}"), MARKET, side, Lots(2 + number % 5), Ticks(price))


def trade(ann: Visitor, bob: Visitor) -> None:
    """Ann keeps a window of orders under way and asks about a state that is not durable yet; bob watches."""
    for channel in (Channel.BOOK, Channel.TRADES, Channel.TICKER):
        bob.ask(encode(Subscribe(channel=channel, market=MARKET, depth=10)))
    for number in range(ORDERS):
        ann.tell(encode(order(number)))
        if number % 16 == 0:
            for question in (AccountQuery(), OrdersQuery(limit=5), Preview(encode_orders([order(-1 - number)]))):
                ann.session.request(encode(question), time.monotonic_ns())
            bob.session.request(encode(TickerQuery(MARKET)), time.monotonic_ns())
        ann.wait(lambda n=number: accepted(ann) > n - WINDOW)  # type: ignore[misc]
        bob.turn(0)
    ann.wait(lambda: accepted(ann) == ORDERS)
    bob.wait(lambda: any(kind == MessageType.BOOK_DELTA for kind, _, _ in bob.inbox))


def accepted(ann: Visitor) -> int:
    """Orders of hers that she knows to be in the market."""
    return sum(isinstance(event, Accepted) for event in ann.events)


def watch(market: Market, *, plant: Callable[[], None] | None = None) -> Verdict:
    """Some trade under strace, judged."""
    trace = market.data.parent / "trace"
    wrap = (*STRACE, "-o", os.fspath(trace))
    run = market.start(wrap=wrap, program=PROGRAM if plant is None else program(plant))
    ann = Eavesdropper(run, EnrollLogin(os.urandom(32), "ann"))
    bob = Eavesdropper(run, AnonymousLogin())
    try:
        trade(ann, bob)
    finally:
        ann.close()
        bob.close()
    assert market.stop() == 0, market.log()
    wait_for_end(trace, run.pid)
    named = ann.named | bob.named
    verdict = judge(trace, named)
    assert verdict.datagrams == len(named), "every datagram that arrived was seen to leave"
    return verdict


@pytest.fixture(autouse=True)
def _needs_strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: nobody can watch the order of the daemon's system calls")


def test_nothing_leaves_before_its_sync(market: Market) -> None:
    verdict = watch(market)
    print(verdict)
    assert verdict.early == []
    assert verdict.datagrams >= DATAGRAMS_MIN
    assert verdict.frames <= verdict.syncs


@pytest.mark.parametrize("plant", [skip_the_sync, acknowledge_early])
def test_a_planted_bug_is_seen(market: Market, plant: Callable[[], None]) -> None:
    verdict = watch(market, plant=plant)
    print(verdict._replace(early=verdict.early[:5]))
    assert verdict.early
