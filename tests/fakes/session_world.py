"""Clients and a server joined by a bad line, under one clock that only the test moves.

The line loses, doubles, delays and thereby reorders datagrams as its seeded randomness says. The server behind the
table answers every OrderQuery with an OrderAnswer that repeats its order id as the sequence, and counts how often it
saw each.
"""

import random
from collections import Counter
from heapq import heappop, heappush
from typing import Final

from mexchange.codec.codec import decode, encode
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import (
    LoginAccepted,
    LoginMethod,
    LoginRefusal,
    LoginRefused,
    OrderAnswer,
    OrderQuery,
)
from mexchange.domain.units import AccountId, OrderId, Sequence
from mexchange.protocol.client_events import BlockReceived, ClientEvent, TimedOut
from mexchange.protocol.client_session import ClientSession, ClientSettings, ClientState
from mexchange.protocol.login import AnonymousLogin, LoginChoice, verify_login
from mexchange.protocol.noise import StaticKey
from mexchange.protocol.packet import Address
from mexchange.protocol.server_events import Blocks, LoginAsked, ServerEvent, SessionGone
from mexchange.protocol.server_key import ServerPin
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import ServerSettings, SessionTable

MS: Final = 10**6
S: Final = 10**9
WALL_NS: Final = 1_800_000_000 * S
SERVER_ADDRESS: Final = ("10.0.0.1", 9001)
STATIC_KEY: Final = StaticKey(b"static key of the test's server.")
PINNED: Final = ServerPin(expected=STATIC_KEY.public)


class Line:
    """Datagrams under way. Chances are per cent, times nanoseconds."""

    def __init__(self, seed: int, *, loss: int = 0, doubling: int = 0, delay_ns: int = MS, jitter_ns: int = 0) -> None:
        self.random: Final = random.Random(seed)
        self.loss = loss
        self.doubling = doubling
        self.delay_ns = delay_ns
        self.jitter_ns = jitter_ns
        self.cut = False
        self.sent: list[tuple[bytes, Address, Address]] = []
        """Everything that was ever given to the line: datagram, from, to."""
        self._under_way: list[tuple[int, int, bytes, Address, Address]] = []

    def send(self, datagram: bytes, source: Address, target: Address, now_ns: int) -> None:
        self.sent.append((datagram, source, target))
        copies = 2 if self.random.randrange(100) < self.doubling else 1
        for _ in range(copies):
            if self.cut or self.random.randrange(100) < self.loss:
                continue
            at_ns = now_ns + self.delay_ns + self.random.randint(0, self.jitter_ns)
            heappush(self._under_way, (at_ns, self.random.getrandbits(60), datagram, source, target))

    def arrived(self, now_ns: int) -> list[tuple[bytes, Address, Address]]:
        out = []
        while self._under_way and self._under_way[0][0] <= now_ns:
            out.append(heappop(self._under_way)[2:])
        return out

    def next_ns(self) -> int | None:
        return self._under_way[0][0] if self._under_way else None


class Client:
    """A session, its address, and everything that it said."""

    def __init__(self, session: ClientSession, address: Address) -> None:
        self.session = session
        self.address = address
        self.events: list[ClientEvent] = []
        self.persistent = False
        """Starts again when the server could not be reached."""
        self.requests: dict[int, int] = {}
        """Correlation → order id asked for."""

    def ask(self, order_id: int, now_ns: int, *, timeout_ns: int | None = None, by_caller: bool = False) -> int:
        block = encode(OrderQuery(account=AccountId(16), order_id=OrderId(order_id)))
        correlation = self.session.request(block, now_ns, timeout_ns=timeout_ns, settled_by_caller=by_caller)
        self.requests[correlation] = order_id
        return correlation

    def outcomes(self) -> Counter[int]:
        """How often each request came to an end, by correlation: first answers and timeouts."""
        found: Counter[int] = Counter()
        for event in self.events:
            if isinstance(event, TimedOut) or (isinstance(event, BlockReceived) and event.first_time):
                found[event.correlation] += 1
        return found

    def answers(self) -> dict[int, int]:
        """Correlation → the order id that the answer repeats."""
        found = {}
        for event in self.events:
            if isinstance(event, BlockReceived) and event.type == MessageType.ORDER_ANSWER:
                answer = decode(event.type, event.payload)
                assert isinstance(answer, OrderAnswer)
                found[event.correlation] = int(answer.sequence)
        return found

    def last(self, kind: type) -> object:
        return next(event for event in reversed(self.events) if isinstance(event, kind))


class SessionWorld:
    """One server, any number of clients."""

    def __init__(self, line: Line, *, settings: ServerSettings | None = None) -> None:
        self.line = line
        self.now_ns = 1000 * S
        self.clients: dict[Address, Client] = {}
        self.keys: dict[str, bytes] = {}
        """key_id → Ed25519 public key."""
        self.seen: Counter[int] = Counter()
        self.server_events: list[ServerEvent] = []
        self.answering = True
        self.thinking = False
        """Logins are left unanswered."""
        self._settings = settings
        self.boots = 0
        self.table = self.boot()

    def boot(self) -> SessionTable:
        """A new process with the same static key: it has forgotten everything else."""
        self.boots += 1
        self.table = SessionTable(
            static_key=STATIC_KEY,
            boot_id=self.boots,
            random=self.line.random.randbytes,
            now_ns=self.now_ns,
            time_ns=WALL_NS + self.now_ns,
            heads=lambda session: (len(self.seen), [(0, session.account)]),
            settings=self._settings,
        )
        return self.table

    def client(
        self,
        *,
        login: LoginChoice | None = None,
        pin: ServerPin = PINNED,
        address: Address | None = None,
        settings: ClientSettings | None = None,
    ) -> Client:
        address = address or ("10.0.1.1", 2000 + len(self.clients))
        session = ClientSession(
            login=login or AnonymousLogin(), pin=pin, random=self.line.random.randbytes, settings=settings
        )
        client = self.clients[address] = Client(session, address)
        session.start(self.now_ns)
        return client

    def run(self, duration_ns: int) -> None:
        """Let time pass, from one thing that happens to the next."""
        end_ns = self.now_ns + duration_ns
        tick_ns = self.now_ns
        while True:
            self._settle()
            moments = [tick_ns, self.line.next_ns(), *(c.session.next_timer_ns() for c in self.clients.values())]
            self.now_ns = max(self.now_ns, min(moment for moment in moments if moment is not None))
            if self.now_ns > end_ns:
                self.now_ns = end_ns
                return
            if self.now_ns >= tick_ns:
                self._serve(self.table.tick(self.now_ns, WALL_NS + self.now_ns))
                tick_ns = self.now_ns + 50 * MS
            for datagram, source, target in self.line.arrived(self.now_ns):
                self.deliver(datagram, source, target)
            for client in self.clients.values():
                client.session.tick(self.now_ns)

    def deliver(self, datagram: bytes, source: Address, target: Address) -> None:
        if target == SERVER_ADDRESS:
            self._serve(self.table.receive(datagram, source, self.now_ns))
        elif target in self.clients:
            self.clients[target].session.receive(datagram, self.now_ns)

    def _settle(self) -> None:
        for client in self.clients.values():
            for datagram in client.session.datagrams(self.now_ns):
                self.line.send(datagram, client.address, SERVER_ADDRESS, self.now_ns)
            client.events.extend(client.session.events())
            if client.persistent and client.session.state is ClientState.DOWN:
                client.session.start(self.now_ns)
        for datagram, address in self.table.datagrams(self.now_ns):
            self.line.send(datagram, SERVER_ADDRESS, address, self.now_ns)

    def _serve(self, events: object) -> None:
        assert isinstance(events, (list, tuple))
        for event in events:
            self.server_events.append(event)
            if isinstance(event, LoginAsked):
                if not self.thinking:
                    self._answer_login(event)
            elif isinstance(event, Blocks):
                for message_type, correlation, block in event.blocks:
                    self._answer(event.session, message_type, correlation, block)
            else:
                assert isinstance(event, SessionGone)

    def _answer_login(self, asked: LoginAsked) -> None:
        session, login = asked.session, asked.login
        account = 0
        if login.method == LoginMethod.KEY:
            public_key = self.keys.get(login.key_id, bytes(32))
            account = 16
            if not verify_login(
                login, public_key=public_key, handshake_hash=asked.handshake_hash, server_key=asked.server_key
            ):
                refused = LoginRefused(refusal=LoginRefusal.BAD_SIGNATURE, text="the signature is wrong")
                self.table.refuse_login(session, refused)
                return
        self.table.accept_login(session, LoginAccepted(account=AccountId(account)), now_ns=self.now_ns)

    def _answer(self, session: ServerSession, message_type: int, correlation: int, block: bytes) -> None:
        query = decode(message_type, block[8:])
        assert isinstance(query, OrderQuery)
        self.seen[int(query.order_id)] += 1
        if self.answering:
            answer = OrderAnswer(known=True, sequence=Sequence(int(query.order_id)))
            self.table.send(session, encode(answer, correlation))
