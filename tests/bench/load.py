"""The load generator: a process that sends orders over many sessions and counts those whose outcome it received.

    python -m tests.bench.load HOST PORT SERVER_KEY DAEMON_PID [--sessions 16] [--orders-per-datagram 16] [--seconds 5]
        [--rate ORDERS_PER_S]

Each session enrols an account of its own (a demo daemon gives it funds) and trades around the reference price: about
half the orders rest, and the other half trades with them. Without --rate each session keeps WINDOW datagrams
unanswered; with it orders leave at that rate, whatever comes back, and latency is counted from when an order should
have left. One line of JSON.
"""

import argparse
import json
import os
import random
import selectors
import socket
import struct
import sys
import time
from collections import Counter
from typing import Any, Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.commands import encode_orders
from mexchange.codec.messages import MarketsPage, MarketsQuery, Reports
from mexchange.domain.client_id import mint
from mexchange.domain.commands import MassCancel, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.protocol.client_events import BlockReceived, ClientEvent, LoggedIn, Refused, TimedOut
from mexchange.protocol.client_session import ClientSession
from mexchange.protocol.login import EnrollLogin
from mexchange.protocol.server_key import ServerPin
from tests.bench.running_daemon import cpu_seconds

SESSIONS: Final = 16
STARTING: Final = 32
"""Sessions that shake hands at once."""
WINDOW: Final = 6
"""Unanswered datagrams per session, without a rate."""
WARM_UP_S: Final = 1.0
START_S: Final = 30
SPREAD: Final = 5
"""Buys come so many ticks above the reference, sells below: every order trades or is what the next one trades with, so
that the book stays small however long it goes on."""
RECEIVE_BYTES: Final = 4 * 2**20
CLEAR_ORDERS: Final = 480
"""After so many orders a session cancels what it has open: 1,000 per account and market are allowed."""
OUTCOMES: Final = frozenset({1, 5, 6})
"""ACCEPTED, REJECTED, REPEATED: the first word on an order."""
ACCEPTED: Final = 1
_EVENT: Final = struct.Struct("<8xBxHxxxx8x16s24x")
assert _EVENT.size == 64


class Trader:
    """One session with its socket and what it waits for."""

    def __init__(self, host: str, port: int, server_key: bytes, number: int) -> None:
        self.random = random.Random(number)
        self.session = ClientSession(
            login=EnrollLogin(os.urandom(32), f"load {number}"), pin=ServerPin(expected=server_key), random=os.urandom
        )
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self.socket = socket.socket(family, kind, protocol)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        self.socket.connect(address)
        self.socket.setblocking(False)
        self.account = 0
        self.market: tuple[int, int] | None = None
        """(market id, reference price)."""
        self.waiting: dict[bytes, tuple[int, int]] = {}
        """Client order id → (when it left, correlation)."""
        self.open_blocks: dict[int, int] = {}
        """Correlation → orders without outcome."""
        self.latencies_ns: list[int] = []
        self.clearing: dict[bytes, int] = {}
        """Client id of a mass cancel → correlation."""
        self.sent = 0
        """Since the last mass cancel."""
        self.accepted = 0
        self.refused: Counter[int] = Counter()
        """By number of the RejectReason."""
        self.unknown = 0

    def start(self) -> None:
        self.session.start(time.monotonic_ns())
        self.flush()

    def flush(self) -> None:
        for datagram in self.session.datagrams(time.monotonic_ns()):
            try:
                self.socket.send(datagram)
            except (BlockingIOError, ConnectionRefusedError):
                return  # as lost as any datagram: it is repeated

    def receive(self) -> None:
        """Take all datagrams that are there."""
        while True:
            try:
                datagram = self.socket.recv(2_048)
            except (BlockingIOError, ConnectionRefusedError):
                break
            self.session.receive(datagram, time.monotonic_ns())
        for event in self.session.events():
            self._take(event)
        self.flush()

    def tick(self) -> None:
        now_ns = time.monotonic_ns()
        due_ns = self.session.next_timer_ns()
        if due_ns is not None and now_ns >= due_ns:
            self.session.tick(now_ns)
            for event in self.session.events():
                self._take(event)
            self.flush()

    def send_orders(self, count: int, due_ns: int) -> None:
        """One block of `count` orders, whose time counts from `due_ns`."""
        assert self.market is not None
        market, reference = self.market
        now_ns = time.monotonic_ns()
        stamp_ms = self.session.server_time_ns(now_ns) // 1_000_000
        orders = []
        for _ in range(count):
            side = Side.BUY if self.random.random() < 0.5 else Side.SELL
            better = self.random.randrange(SPREAD)
            price = Ticks(reference + better if side is Side.BUY else reference - better)
            client_order_id = mint(stamp_ms, self.random.getrandbits(74))
            orders.append(PlaceOrder(AccountId(self.account), client_order_id, MarketId(market), side, Lots(2), price))
        block = encode_orders(orders)
        correlation = self.session.request(block, now_ns, settled_by_caller=True)
        self.open_blocks[correlation] = count
        self.sent += count
        if self.sent >= CLEAR_ORDERS:
            self.sent = 0
            clear = MassCancel(AccountId(self.account), mint(stamp_ms, self.random.getrandbits(74)))
            self.clearing[clear.client_order_id] = self.session.request(encode(clear), now_ns, settled_by_caller=True)
        for order in orders:
            self.waiting[order.client_order_id] = (due_ns, correlation)
        self.flush()

    def _take(self, event: ClientEvent) -> None:
        match event:
            case BlockReceived(MessageType.REPORTS, _, payload):
                self._take_reports(payload)
            case BlockReceived(MessageType.MARKETS_PAGE, _, payload):
                page = decode(MessageType.MARKETS_PAGE, payload)
                assert isinstance(page, MarketsPage)
                self.market = (page.markets[0].market, page.markets[0].reference_price)
            case LoggedIn(accepted):
                self.account = accepted.account
                self.session.request(encode(MarketsQuery()), time.monotonic_ns())
            case Refused(reason, text):
                raise SystemExit(f"refused: {reason.value}: {text}")
            case TimedOut(correlation):
                self.unknown += self.open_blocks.pop(correlation, 0)
            case _:
                pass

    def _take_reports(self, payload: bytes) -> None:
        reports = decode(MessageType.REPORTS, payload)
        assert isinstance(reports, Reports)
        now_ns = time.monotonic_ns()
        for kind, info, client_order_id in _EVENT.iter_unpack(reports.events):
            if client_order_id in self.clearing:
                self.session.settle(self.clearing.pop(client_order_id))
            if kind not in OUTCOMES or (sent := self.waiting.pop(client_order_id, None)) is None:
                continue
            left_ns, correlation = sent
            self.latencies_ns.append(now_ns - left_ns)
            self.accepted += kind == ACCEPTED
            if kind != ACCEPTED:
                self.refused[info] += 1
            remaining = self.open_blocks.get(correlation, 0) - 1
            if remaining > 0:
                self.open_blocks[correlation] = remaining
            else:
                self.open_blocks.pop(correlation, None)
                self.session.settle(correlation)


def main() -> None:
    """Connect, warm up, measure, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("server_key", type=bytes.fromhex)
    parser.add_argument("daemon_pid", type=int)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--orders-per-datagram", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rate", type=int, default=0)
    arguments = parser.parse_args()
    traders = [
        Trader(arguments.host, arguments.port, arguments.server_key, number) for number in range(arguments.sessions)
    ]
    selector = selectors.DefaultSelector()
    for trader in traders:
        selector.register(trader.socket, selectors.EVENT_READ, trader)
    for first in range(0, len(traders), STARTING):
        _connect(traders[first : first + STARTING], selector)
    _run(traders, selector, arguments.orders_per_datagram, WARM_UP_S, arguments.rate)
    for trader in traders:
        trader.latencies_ns.clear()
        trader.accepted = trader.unknown = 0
        trader.refused.clear()
    before_s = cpu_seconds(arguments.daemon_pid)
    seconds = _run(traders, selector, arguments.orders_per_datagram, arguments.seconds, arguments.rate)
    daemon_s = cpu_seconds(arguments.daemon_pid) - before_s
    json.dump({**_summary(traders, seconds), "daemon_cpu_seconds": daemon_s}, sys.stdout)
    print()


def _connect(traders: list[Trader], selector: selectors.BaseSelector) -> None:
    deadline = time.monotonic() + START_S
    for trader in traders:
        trader.start()
    while any(trader.market is None for trader in traders):
        if time.monotonic() > deadline:
            raise SystemExit("not all sessions came up")
        _turn(traders, selector, 0.005)


def _run(traders: list[Trader], selector: selectors.BaseSelector, count: int, seconds: float, rate: int) -> float:
    """Send for `seconds`; how long it really took."""
    start_ns = time.monotonic_ns()
    end_ns = start_ns + int(seconds * 1e9)
    step_ns = count * 1_000_000_000 // rate if rate else 0
    next_ns, turn = start_ns, 0
    while (now_ns := time.monotonic_ns()) < end_ns:
        if not rate:
            for trader in traders:
                while len(trader.open_blocks) < WINDOW:
                    trader.send_orders(count, time.monotonic_ns())
        while rate and next_ns <= now_ns:
            traders[turn % len(traders)].send_orders(count, next_ns)
            next_ns, turn = next_ns + step_ns, turn + 1
        wait_s = max(0.0, (next_ns - time.monotonic_ns()) / 1e9) if rate else 0.005
        _turn(traders, selector, min(wait_s, 0.005))
    return (time.monotonic_ns() - start_ns) / 1e9


def _turn(traders: list[Trader], selector: selectors.BaseSelector, wait_s: float) -> None:
    for key, _ in selector.select(wait_s):
        key.data.receive()
    for trader in traders:
        trader.tick()


def _summary(traders: list[Trader], seconds: float) -> dict[str, Any]:
    latencies_ns = sorted(latency for trader in traders for latency in trader.latencies_ns)
    outcomes = len(latencies_ns)
    refused = sum((trader.refused for trader in traders), Counter[int]())
    return {
        "orders_per_second": outcomes / seconds,
        "outcomes": outcomes,
        "accepted": sum(trader.accepted for trader in traders),
        "refused": {RejectReason(reason & 0xFF).name: count for reason, count in refused.items()},
        "unknown": sum(trader.unknown for trader in traders),
        "p50_us": latencies_ns[outcomes // 2] / 1e3 if outcomes else None,
        "p99_us": latencies_ns[outcomes * 99 // 100] / 1e3 if outcomes else None,
        "cpu_share": time.process_time() / max(seconds, 1e-9),
    }


if __name__ == "__main__":
    main()
