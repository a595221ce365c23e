"""Clients and a whole exchange joined by a bad line, under one clock that only the test moves.

The server is the real session table and the real engine with the plainest possible publishing between them; it
journals nothing, but what the engine has applied survives `kill`, as it would from a journal. What a real daemon
answers from its views (finished orders, past events) is kept here in plain dicts.
"""

import random
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from mexchange.client.connection import Connection
from mexchange.client.exchange import Exchange
from mexchange.client.live_calls import LiveCalls
from mexchange.client.pending import Pending
from mexchange.codec import MessageType, decode, encode
from mexchange.codec.canonical import canonical
from mexchange.codec.commands import COMMAND_TYPES, TRADER_COMMANDS, decode_commands
from mexchange.codec.events import EVENT_AT, RECORD_SIZE, decode_records, encode_record, pack_rejected
from mexchange.codec.messages import (
    BookQuery,
    GapRequest,
    GapUnavailable,
    LoginAccepted,
    OrderAnswer,
    OrderQuery,
    OrderState,
    OrderSummary,
    Preview,
    PreviewAnswer,
    Reports,
    Subscribe,
    Subscribed,
    SubscribeRefused,
)
from mexchange.core.engine import Engine
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, OpenAccount
from mexchange.domain.events import Accepted, Done, Event, Filled, Rejected
from mexchange.domain.order import DoneReason
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId, Ppm, Ticks, TimeNs
from mexchange.protocol.login import AnonymousLogin
from mexchange.protocol.packet import Address
from mexchange.protocol.server_events import Blocks, LoginAsked, ServerEvent
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from tests.fakes.session_world import MS, PINNED, SERVER_ADDRESS, STATIC_KEY, WALL_NS, Line, S

T = TypeVar("T")

ACCOUNT: Final = AccountId(16)
MARKET: Final = 1
EVENTS_PER_BLOCK: Final = 17
FUNDS: Final = 10**15
_REPORTS: Final = int(MessageType.REPORTS).to_bytes(2, "little")


class FakeDaemon:
    """A session table, an engine, and the shortest way between them."""

    def __init__(self, world: "ExchangeWorld") -> None:
        self.world = world
        self.engine = Engine()
        self.events: list[Event] = []
        """Everything that the engine ever said."""
        self.refuses: RejectReason | None = None
        """What the door says to every new command."""
        self.keeps_from = 1
        """The first account sequence that gap requests are answered from."""
        self.deaf_to: set[int] = set()
        """Message types that it does not take in."""
        self.seen: Counter[int] = Counter()
        """How often each message type came."""
        self.snapshots_overtake: bool | None = None
        """Before or after Subscribed; None: subscriptions are refused."""
        self.reports_are_lost = False
        """It does what it is told and nobody hears of it."""
        self.boots = 0
        self.table = self.boot()
        self._set_up()

    def boot(self) -> SessionTable:
        """A new process: all sessions are forgotten."""
        self.boots += 1
        self.table = SessionTable(
            static_key=STATIC_KEY,
            boot_id=self.boots,
            random=self.world.line.random.randbytes,
            now_ns=self.world.now_ns,
            time_ns=WALL_NS + self.world.now_ns,
            heads=lambda session: (self.engine.sequence, [(0, self.head(session.account))]),
        )
        return self.table

    def head(self, account: int) -> int:
        """The account's last event."""
        return max((e.account_sequence for e in self.events if e.account == account), default=0)

    def stream(self, account: int) -> list[Event]:
        """The account's events, in order."""
        return [event for event in self.events if event.account == account and event.account_sequence]

    def apply(self, command: Command) -> list[Event]:
        """One command, as if somebody else had sent it; everybody is told."""
        return self._apply(encode(command), None, 0)

    def serve(self, events: Sequence[ServerEvent]) -> None:
        """What the table says."""
        for event in events:
            if isinstance(event, LoginAsked):
                accepted = LoginAccepted(
                    account=ACCOUNT, account_sequence=self.head(ACCOUNT), sequence=self.engine.sequence, scopes=31
                )
                self.table.accept_login(event.session, accepted, now_ns=self.world.now_ns)
            elif isinstance(event, Blocks):
                for message_type, correlation, block in event.blocks:
                    self.seen[message_type] += 1
                    if message_type not in self.deaf_to:
                        self._take(event.session, message_type, correlation, block)

    def _set_up(self) -> None:
        for symbol in ("KCN", "EUR"):
            self.apply(CreateAsset(symbol))
        self.apply(
            CreateMarket(
                AssetId(1),
                AssetId(2),
                tick_size=10_000_000,
                lot_size=Atoms(100_000),
                reference_price=Ticks(100_000),
                maker_ppm=Ppm(1_000),
                taker_ppm=Ppm(1_000),
            )
        )
        self.apply(OpenAccount(OwnerId(1_000)))
        self.apply(OpenAccount(OwnerId(2_000)))
        for account in (16, 17):
            for asset in (1, 2):
                self.apply(Deposit(AccountId(account), self.world.client_id(), AssetId(asset), Atoms(FUNDS)))

    def _take(self, session: ServerSession, message_type: int, correlation: int, block: bytes) -> None:
        if message_type in COMMAND_TYPES:
            self._command(session, message_type, correlation, block)
            return
        message = decode(message_type, block[8:])
        match message:
            case OrderQuery():
                self._send(session, encode(self._order(message), correlation))
            case GapRequest():
                self._fill_gap(session, correlation, message)
            case Preview():
                records = self.engine.preview(self._canonical(message.block[2:4], 0, message.block)[0], self._time_ns())
                self._send(session, encode(PreviewAnswer(records=records), correlation))
            case Subscribe() if self.snapshots_overtake is not None:
                self._subscribe(session, correlation, message)
            case Subscribe():
                self._send(session, encode(SubscribeRefused("not here", "E_MARKET_NOT_FOUND"), correlation))
            case _:
                if getattr(message, "account", -1) == 0:
                    block = encode(replace(message, account=ACCOUNT), correlation)
                for reply in self.engine.query(block):
                    self._send(session, reply)

    def _command(self, session: ServerSession, message_type: int, correlation: int, block: bytes) -> None:
        canonical_block, _, deadline_ns = self._canonical(message_type, correlation, block)
        reason = self.refuses
        if deadline_ns and deadline_ns < self._time_ns():
            reason = RejectReason.PAST_DEADLINE
        if reason is None:
            self._apply(canonical_block, session, correlation)
            return
        refusals = [
            pack_rejected(ACCOUNT, 0, 0, 0, 0, getattr(command, "client_order_id", NO_ID), reason, 0)[EVENT_AT:]
            for command in decode_commands(message_type, block[8:])
        ]
        self._send(session, encode(Reports(ACCOUNT, 0, TimeNs(self._time_ns()), b"".join(refusals)), correlation))

    def _canonical(self, message_type: int | bytes, correlation: int, block: bytes) -> tuple[bytes, int, int]:
        number = int.from_bytes(message_type, "little") if isinstance(message_type, bytes) else message_type
        account = ACCOUNT if number in TRADER_COMMANDS else None
        return canonical(number, correlation, block[8:], account=account, actor=ACCOUNT)

    def _apply(self, block: bytes, session: ServerSession | None, correlation: int) -> list[Event]:
        records = self.engine.apply_batch(block, self.engine.sequence + 1, self._time_ns())
        events = decode_records(records)
        self.events += events
        for account in sorted({event.account for event in events}):
            own = [n for n, event in enumerate(events) if event.account == account]
            sequenced = [n for n in own if events[n].account_sequence]
            for start in range(0, len(sequenced), EVENTS_PER_BLOCK):
                part = sequenced[start : start + EVENTS_PER_BLOCK]
                first = events[part[0]].account_sequence
                for listener in self.table.sessions_of(account):
                    self._send(listener, encode(Reports(account, first, TimeNs(0), _bodies(records, part))))
            loose = [n for n in own if not events[n].account_sequence]
            if loose and session is not None:
                self._send(session, encode(Reports(account, 0, TimeNs(0), _bodies(records, loose)), correlation))
        return events

    def _order(self, query: OrderQuery) -> OrderAnswer:
        accepted = [e for e in self.events if isinstance(e, Accepted)]
        found = [e for e in accepted if query.order_id and e.order_id == query.order_id]
        found += [e for e in accepted if not query.order_id and e.client_order_id == query.client_order_id]
        if found:
            return OrderAnswer(True, [self._summary(found[0])], self.engine.sequence)
        rejected = [e for e in self.events if isinstance(e, Rejected) and e.client_order_id == query.client_order_id]
        if rejected and not query.order_id:
            first = rejected[0]
            row = _row(first.client_order_id, state=OrderState.REJECTED, reject_reason=first.reason)
            return OrderAnswer(True, [row], self.engine.sequence)
        return OrderAnswer(False, [], self.engine.sequence)

    def _summary(self, accepted: Accepted) -> OrderSummary:
        mine = [e for e in self.events if getattr(e, "order_id", 0) == accepted.order_id]
        fills = [e for e in mine if isinstance(e, Filled)]
        done = [e for e in mine if isinstance(e, Done)]
        filled = sum(fill.quantity for fill in fills)
        state = OrderState.PARTIALLY_FILLED if filled else OrderState.OPEN
        if done:
            state = OrderState.FILLED if done[0].reason is DoneReason.FILLED else OrderState.CANCELLED
        return _row(
            accepted.client_order_id,
            order_id=accepted.order_id,
            market=accepted.market,
            price=accepted.price,
            quantity=accepted.quantity,
            filled=filled,
            leaves=done[0].leaves if done else accepted.quantity - filled,
            side=accepted.side,
            type_tif=accepted.order_type | accepted.time_in_force << 4,
            placed_sequence=accepted.sequence,
            last_sequence=mine[-1].sequence,
            state=state,
            done_reason=done[0].reason if done else 0,
        )

    def _fill_gap(self, session: ServerSession, correlation: int, asked: GapRequest) -> None:
        if asked.first < self.keeps_from:
            unavailable = GapUnavailable(ACCOUNT, self.keeps_from, self.head(ACCOUNT))
            self._send(session, encode(unavailable, correlation))
            return
        events = [e for e in self.stream(ACCOUNT) if asked.first <= e.account_sequence <= asked.last]
        for start in range(0, len(events), EVENTS_PER_BLOCK):
            part = events[start : start + EVENTS_PER_BLOCK]
            bodies = b"".join(encode_record(event)[EVENT_AT:] for event in part)
            self._send(session, encode(Reports(ACCOUNT, part[0].account_sequence, TimeNs(0), bodies), correlation))

    def _subscribe(self, session: ServerSession, correlation: int, asked: Subscribe) -> None:
        """The opening of a book, all under one correlation; no deltas follow."""
        book = encode(BookQuery(asked.market, asked.depth, asked.group_ticks), correlation)
        pages = [decode(MessageType.BOOK_SNAPSHOT, block[8:]) for block in self.engine.query(book)]
        blocks = [encode(replace(page, subscription=7), correlation) for page in pages]
        subscribed = encode(Subscribed(7, asked.channel, asked.market, asked.depth), correlation)
        for block in [*blocks, subscribed] if self.snapshots_overtake else [subscribed, *blocks]:
            self._send(session, block)

    def _send(self, session: ServerSession, block: bytes) -> None:
        if not (self.reports_are_lost and block[2:4] == _REPORTS):
            self.table.send(session, block)

    def _time_ns(self) -> int:
        return WALL_NS + self.world.now_ns


class ExchangeWorld:
    """One fake daemon, any number of clients, all of account 16."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.now_ns = 1000 * S
        self.clients: dict[Address, Exchange] = {}
        self._ids = random.Random(1)
        self.daemon = FakeDaemon(self)
        self._tick_ns = 0

    def client_id(self) -> ClientOrderId:
        """A fresh client order id of somebody else."""
        return mint((WALL_NS + self.now_ns) // MS, self._ids.getrandbits(74))

    def client(self) -> LiveCalls:
        """Connected."""
        address: Address = ("10.0.1.1", 2000 + len(self.clients))
        exchange = Exchange(
            addresses=[SERVER_ADDRESS],
            login=AnonymousLogin(),
            pin=PINNED,
            random=self.line.random.randbytes,
            monotonic_ns=lambda: self.now_ns,
        )
        self.clients[address] = exchange
        exchange.start(self.now_ns)
        calls = LiveCalls(exchange, self, Connection(host="10.0.0.1", port=9001))
        assert self.until(lambda: exchange.connected.done, 60 * S)
        exchange.connected.result()
        return calls

    def kill(self, down_ns: int = 0) -> None:
        """The daemon dies, and everything under way to it and from it; it is back after `down_ns`."""
        self.line.cut = True
        self.line.arrived(2**63)
        self.run(down_ns)
        self.line.cut = False
        self.daemon.boot()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Step a call to its end, as the blocking driver does."""
        try:
            while True:
                pending = coroutine.send(None)
                assert self.until(partial(getattr, pending, "done"), 600 * S), "the call ends some day"
        except StopIteration as stop:
            result: T = stop.value
            return result

    async def wait(self, pending: Pending[T]) -> T:
        """The driver's part."""
        return await pending

    async def wait_until(self, pending: Pending[T], timeout_ns: int) -> bool:
        """The driver's part."""
        self.until(lambda: pending.done, timeout_ns)
        return pending.done

    def until(self, condition: Callable[[], bool], limit_ns: int) -> bool:
        """Let time pass until something holds; False if it took longer than the limit."""
        end_ns = self.now_ns + limit_ns
        while not condition():
            if self.now_ns >= end_ns:
                return False
            self._step(end_ns)
        return True

    def run(self, duration_ns: int) -> None:
        """Let time pass."""
        self.until(lambda: False, duration_ns)

    def _step(self, end_ns: int) -> None:
        self._settle()
        moments = [self._tick_ns, self.line.next_ns(), *(c.next_timer_ns() for c in self.clients.values()), end_ns]
        self.now_ns = max(self.now_ns, min(moment for moment in moments if moment is not None))
        if self.now_ns >= self._tick_ns:
            self.daemon.serve(self.daemon.table.tick(self.now_ns, WALL_NS + self.now_ns))
            self._tick_ns = self.now_ns + 20 * MS
        for datagram, source, target in self.line.arrived(self.now_ns):
            if target == SERVER_ADDRESS:
                self.daemon.serve(self.daemon.table.receive(datagram, source, self.now_ns))
            elif target in self.clients:
                self.clients[target].receive(datagram, self.now_ns)
        for client in self.clients.values():
            client.tick(self.now_ns)

    def _settle(self) -> None:
        for address, client in self.clients.items():
            for datagram in client.datagrams(self.now_ns):
                self.line.send(datagram, address, SERVER_ADDRESS, self.now_ns)
        for datagram, address in self.daemon.table.datagrams(self.now_ns):
            self.line.send(datagram, SERVER_ADDRESS, address, self.now_ns)


def _bodies(records: bytes, numbers: list[int]) -> bytes:
    return b"".join(records[n * RECORD_SIZE + EVENT_AT : (n + 1) * RECORD_SIZE] for n in numbers)


def _row(client_order_id: bytes, **values: Any) -> OrderSummary:
    row: dict[str, Any] = dict.fromkeys(OrderSummary.__struct_fields__, 0)
    row |= values | {"client_order_id": client_order_id}
    return OrderSummary(**row)
