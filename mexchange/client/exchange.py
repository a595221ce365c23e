"""Everything that a client knows and waits for, without a socket, a clock or a task.

    driver                              Exchange                                   calls
      datagram ── receive ──> ClientSession ── events ──> questions  <── ask ────── what is the book
      time ────── tick ─────>        │                    desk       <── command ── place this order
      datagrams <────────────────────┘                    own ──> orders, balances, listeners
      next_timer_ns                                       subscriptions ──> book views, tickers, trades

A driver calls `receive` and `tick`, then sends `datagrams` to `address`; calls go through `ask` and `command`, which
give Pendings. After a loss the session comes back by itself; here the rest follows: subscriptions, the stream's gap,
and every command whose outcome is unknown, before new orders may go. All times are monotonic nanoseconds.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from mexchange.client.account_stream import AccountStream
from mexchange.client.answer import Answer
from mexchange.client.balances_view import BalancesView
from mexchange.client.command_desk import CommandDesk
from mexchange.client.errors import ClientError, TooBusy, Unreachable
from mexchange.client.liveness import Facts, Liveness, liveness
from mexchange.client.orders_view import OrdersView
from mexchange.client.own_account import OwnAccount
from mexchange.client.pending import Pending
from mexchange.client.question import Collect, Questions, any_of, first_of
from mexchange.client.refusal import is_passing, refusal
from mexchange.client.route import Route
from mexchange.client.subscriptions import Subscriptions
from mexchange.codec import MessageType, decode, encode
from mexchange.codec.errors import CodecError
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import (
    Balances,
    BookDelta,
    BookSnapshot,
    Candles,
    Heartbeat,
    LoginAccepted,
    Message,
    Reports,
    Subscribed,
    Ticker,
    Trades,
)
from mexchange.domain.commands import Command
from mexchange.domain.units import AccountId
from mexchange.protocol.client_events import (
    BlockReceived,
    ClientEvent,
    HeartbeatReceived,
    LoggedIn,
    Lost,
    LostReason,
    Refused,
    Secured,
    TimedOut,
)
from mexchange.protocol.client_session import ClientSession, ClientState
from mexchange.protocol.errors import TooManyRequests
from mexchange.protocol.login import LoginChoice
from mexchange.protocol.server_key import ServerPin
from mexchange.transport.resolve import Address

T = TypeVar("T")

ROUND_TRIPS_MAX: Final = 256
"""Samples behind the 99th percentile."""
ASK_TIMEOUT_NS: Final = 5_000_000_000
"""For what the client asks on its own account."""

_READ_HERE: Final = frozenset(
    {
        MessageType.REPORTS,
        MessageType.BALANCES,
        MessageType.BOOK_SNAPSHOT,
        MessageType.BOOK_DELTA,
        MessageType.TRADES,
        MessageType.TICKER,
        MessageType.CANDLES,
    }
)


class Exchange:
    """The state between one driver and its calls. Not thread-safe.

    `random(n)` gives n random bytes, `monotonic_ns` the driver's clock.
    """

    def __init__(
        self,
        *,
        addresses: Sequence[Address],
        login: LoginChoice,
        pin: ServerPin,
        random: Callable[[int], bytes],
        monotonic_ns: Callable[[], int],
    ) -> None:
        self.session: Final = ClientSession(login=login, pin=pin, random=random)
        self.own: Final = OwnAccount(self)
        self.desk: Final = CommandDesk(self, random)
        self.subscriptions: Final = Subscriptions(self._ask_for_feed, self.tell, monotonic_ns)
        self.connected: Pending[LoginAccepted] = Pending()
        """Resolved by the first login."""
        self.accepted: LoginAccepted | None = None
        """Of the last login."""
        self.server_key = b""
        self.first_contact = False
        self.sequence = 0
        """The greatest durable sequence that we have heard of."""
        self.closed: ClientError | None = None
        """Why nothing goes any more."""
        self.attempt = 0
        """Since the last login."""
        self.logins = 0
        self._monotonic_ns: Final = monotonic_ns
        self._route: Final = Route(addresses, lambda: random(1)[0])
        self._refused_by: set[Address] = set()
        self._questions: Final = Questions()
        self._round_trips: deque[int] = deque(maxlen=ROUND_TRIPS_MAX)
        self._redial_ns: int | None = None
        self._closed_listeners: list[Callable[[ClientError], None]] = []

    # The driver's side.

    @property
    def address(self) -> Address:
        """Where datagrams go now, and come from."""
        return self._route.address

    def start(self, now_ns: int) -> None:
        """Begin to connect."""
        self.attempt += 1
        self.session.start(now_ns)

    def stop(self, now_ns: int) -> None:
        """Say good-bye; drain `datagrams` once more. Everything that waits fails."""
        self.session.stop(now_ns)
        self._close(ClientError("the connection was closed"))

    def receive(self, datagram: bytes, now_ns: int) -> None:
        """One datagram from `address`."""
        self.session.receive(datagram, now_ns)
        self._handle(now_ns)

    def port_unreachable(self, now_ns: int) -> None:
        """The host says that nobody listens. Believed only while no handshake is under way: it is not authenticated.

        If all addresses say so before the first login, that fails at once; otherwise we go on trying.
        """
        if self.session.state is not ClientState.HELLO_SENT:
            return
        self._refused_by.add(self.address)
        self.session.stop(now_ns)
        self._handle(now_ns)
        self._redial_later(now_ns)
        if self._refused_by.issuperset(self._route.addresses):
            self.connected.fail(Unreachable(f"nobody listens on port {self.address[1]} of {self.address[0]}"))

    def tick(self, now_ns: int) -> None:
        """Do what is due."""
        if self.closed is not None:
            return
        if self._redial_ns is not None and now_ns >= self._redial_ns:
            self._redial_ns = None
            self.start(now_ns)
        self.session.tick(now_ns)
        self._handle(now_ns)
        if self.is_logged_in:
            self.own.tick(now_ns)
            self.subscriptions.tick(now_ns)
        self.desk.tick(now_ns)

    def datagrams(self, now_ns: int) -> list[bytes]:
        """What to send to `address` now."""
        return self.session.datagrams(now_ns)

    def next_timer_ns(self) -> int | None:
        """When `tick` is due."""
        timers = [self.session.next_timer_ns(), self._redial_ns, self.desk.next_timer_ns()]
        if self.is_logged_in:
            timers += [self.own.next_timer_ns(), self.subscriptions.next_timer_ns()]
        return min((timer for timer in timers if timer is not None), default=None)

    # The calls' side.

    @property
    def now_ns(self) -> int:
        """For calls, which come at a time of their own."""
        return self._monotonic_ns()

    @property
    def account(self) -> AccountId:
        """Of the login; 0: anonymous, or not logged in yet."""
        return self.accepted.account if self.accepted is not None else AccountId(0)

    @property
    def stream(self) -> AccountStream:
        """Of the account."""
        return self.own.stream

    @property
    def orders(self) -> OrdersView:
        """Of the account."""
        return self.own.orders

    @property
    def balances(self) -> BalancesView:
        """Of the account."""
        return self.own.balances

    @property
    def is_logged_in(self) -> bool:
        """Do requests flow at this moment."""
        return self.session.state is ClientState.LOGGED_IN

    def ask(self, message: Message, expected: type[T], *, timeout_ns: int = ASK_TIMEOUT_NS) -> Pending[T]:
        """Ask until one block of the expected kind answers. Fails with a ClientError."""
        return self.ask_block(encode(message), first_of(expected), timeout_ns=timeout_ns, paged=False)

    def ask_block(self, block: bytes, collect: Collect, *, timeout_ns: int, paged: bool) -> Pending[Any]:
        """Ask until `collect` is content. `paged`: the answer may have more than one block."""
        try:
            correlation = self._request(block, timeout_ns, settled_by_caller=paged)
        except ClientError as error:
            failed: Pending[Any] = Pending()
            failed.fail(error)
            return failed
        return self._questions.add(correlation, collect)

    def tell(self, message: Message) -> None:
        """Send once, unreliably."""
        self.session.send_block(encode(message))

    def command(self, commands: Sequence[Command], *, timeout_ns: int) -> list[Pending[Answer]]:
        """Send commands; one Pending each, in order. Fails with Rejected, OutcomeUnknown, NotLive."""
        return self.desk.submit(commands, timeout_ns=timeout_ns)

    def request(self, block: bytes, *, timeout_ns: int) -> int:
        """Send a command until it is settled; its correlation. Raises TooBusy, or why the connection was closed."""
        return self._request(block, timeout_ns, settled_by_caller=True)

    def settle(self, correlation: int) -> None:
        """The outcome of a request is known."""
        self.session.settle(correlation)

    def on_closed(self, listener: Callable[[ClientError], None]) -> Callable[[], None]:
        """Hear when nothing goes any more. Returns how to stop it."""
        self._closed_listeners.append(listener)
        return lambda: self._closed_listeners.remove(listener)

    def liveness(self, now_ns: int) -> Liveness:
        """How much what is known may be trusted now."""
        heard_ns = self.session.last_heard_ns
        return liveness(
            Facts(
                heard_ago_ns=None if heard_ns is None else now_ns - heard_ns,
                logged_in=self.is_logged_in,
                stream_at_head=self.stream.at_head or not self.stream.started,  # an operator's has no account
                books_in_gap=self.subscriptions.books_in_gap(),
                round_trip_p99_ns=self.round_trip_ns(99),
                unresolved=self.desk.unknown,
                attempt=self.attempt,
            )
        )

    def round_trip_ns(self, percent: int) -> int:
        """So many of the last heartbeats were back in at most this. 0 before the second: one alone says nothing."""
        if len(self._round_trips) < 2:
            return 0
        ordered = sorted(self._round_trips)
        return ordered[(len(ordered) - 1) * percent // 100]

    def server_time_ns(self) -> int:
        """The server's wall clock now."""
        return self.session.server_time_ns(self.now_ns)

    def _request(self, block: bytes, timeout_ns: int, *, settled_by_caller: bool) -> int:
        if self.closed is not None:
            raise self.closed
        try:
            return self.session.request(block, self.now_ns, timeout_ns=timeout_ns, settled_by_caller=settled_by_caller)
        except TooManyRequests as error:
            raise TooBusy(str(error)) from None

    def _ask_for_feed(self, message: Message) -> Pending[Message]:
        # The snapshot may overtake the Subscribed that announces it, under the same correlation.
        return self.ask_block(
            encode(message), any_of(Subscribed, Trades, Ticker), timeout_ns=ASK_TIMEOUT_NS, paged=True
        )

    # What the session tells.

    def _handle(self, now_ns: int) -> None:
        for event in self.session.events():
            self._handle_one(event, now_ns)

    def _handle_one(self, event: ClientEvent, now_ns: int) -> None:
        match event:
            case BlockReceived():
                self._block(event, now_ns)
            case HeartbeatReceived():
                self._heartbeat(event.heartbeat, now_ns)
            case TimedOut():
                if not self._questions.timed_out(event.correlation):
                    self.desk.timed_out(event.correlation, now_ns)
            case Secured():
                self.server_key, self.first_contact = event.server_key, event.first_contact or self.first_contact
            case LoggedIn():
                self._logged_in(event, now_ns)
            case Lost():
                self._lost(event.reason, now_ns)
            case Refused():
                self._refused(event, now_ns)
            case _:
                pass  # throttled: the session repeats it

    def _logged_in(self, event: LoggedIn, now_ns: int) -> None:
        self.accepted = event.accepted
        self.attempt = 0
        self.logins += 1
        self.sequence = max(self.sequence, event.accepted.sequence)
        self._route.worked()
        if self.account:
            self.own.logged_in(event.accepted.account_sequence, now_ns)
        self.subscriptions.logged_in(now_ns)
        self.connected.resolve(event.accepted)

    def _lost(self, reason: LostReason, now_ns: int) -> None:
        self.subscriptions.lost()
        if reason is LostReason.UNREACHABLE:
            self._redial_later(now_ns)
        else:
            self.attempt += 1

    def _refused(self, event: Refused, now_ns: int) -> None:
        if self.logins and is_passing(event):
            self._redial_later(now_ns)
        else:
            self._close(refusal(event))

    def _redial_later(self, now_ns: int) -> None:
        self._redial_ns = now_ns + self._route.failed()

    def _close(self, error: ClientError) -> None:
        if self.closed is not None:
            return
        self.closed = error
        self.connected.fail(error)
        self._questions.fail_all(error)
        self.desk.close()
        for listener in tuple(self._closed_listeners):
            listener(error)

    def _heartbeat(self, heartbeat: Heartbeat, now_ns: int) -> None:
        self.sequence = max(self.sequence, heartbeat.sequence)
        if 0 < heartbeat.echo_ns <= now_ns:
            self._round_trips.append(now_ns - heartbeat.echo_ns)
        for head in heartbeat.heads:
            if head.stream == 0:
                self.own.announce(head.head, now_ns)
        self.subscriptions.heads(heartbeat.heads, now_ns)

    def _block(self, block: BlockReceived, now_ns: int) -> None:
        message: Message | None = None
        if block.type in _READ_HERE:
            try:
                message = decode(block.type, block.payload)
            except CodecError:
                self.session.counters["unreadable"] += 1
                return
            self._read(message, block.correlation, now_ns)
        if block.correlation in self._questions and self._questions.answer(
            block.correlation, block.type, message, block.payload
        ):
            self.session.settle(block.correlation)

    def _read(self, message: Message, correlation: int, now_ns: int) -> None:
        match message:
            case Reports():
                self._reports(message, correlation, now_ns)
            case Balances() if message.account == self.account:
                self.sequence = max(self.sequence, message.sequence)
                self.own.update(message)
            case BookSnapshot() | BookDelta() | Trades() | Ticker() | Candles() if message.subscription:
                self.subscriptions.receive(message, now_ns)
            case _:
                pass

    def _reports(self, reports: Reports, correlation: int, now_ns: int) -> None:
        events = decode_reports(reports)
        if events:
            self.sequence = max(self.sequence, events[-1].sequence)
        if reports.first_account_sequence and reports.account == self.account:
            self.own.receive(events, now_ns)
        for event in events:
            self.desk.heard(event, now_ns, correlation)
