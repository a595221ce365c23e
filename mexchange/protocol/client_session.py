"""The client's session: datagrams in, datagrams and events out. Its life is the table in `client_states`.

Its owner calls `receive` for each datagram and `tick` when `next_timer_ns` has come, then drains `events` and
`datagrams`. After a loss the session starts a new handshake by itself; open requests are sent again after the login.
`now_ns` is a monotonic clock; the wall clock is the server's, `server_time_ns`.
"""

from collections import Counter
from typing import Final

from mexchange.codec.blocks import split
from mexchange.codec.codec import decode, encode
from mexchange.codec.errors import CodecError
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import Heartbeat, LoginAccepted, LoginRefused, Logout, Throttled
from mexchange.domain.units import TimeNs
from mexchange.protocol.channel import SecureChannel
from mexchange.protocol.client_events import (
    BlockReceived,
    ClientEvent,
    HeartbeatReceived,
    LoggedIn,
    Lost,
    LostReason,
    Refused,
    RefusedReason,
    Secured,
    ThrottledFor,
    TimedOut,
)
from mexchange.protocol.client_states import TRANSITIONS, ClientSettings, ClientState, Step
from mexchange.protocol.dialer import Dialer, Overdue
from mexchange.protocol.errors import (
    BadPacket,
    ChangedServerKey,
    Exhausted,
    ProtocolError,
    ServerKeyError,
    Unexpected,
)
from mexchange.protocol.handshake import Established, Random
from mexchange.protocol.limits import OUTGOING_SIZE_MAX, UNANSWERED_MAX
from mexchange.protocol.login import LoginChoice, LoginContext
from mexchange.protocol.outbox import Outbox
from mexchange.protocol.packet import Kind, parse_header
from mexchange.protocol.requests import Requests
from mexchange.protocol.reset import is_reset
from mexchange.protocol.server_clock import ServerClock
from mexchange.protocol.server_key import ServerPin

__all__ = ["ClientSession", "ClientSettings", "ClientState"]

MS: Final = 10**6


class ClientSession:
    """One client's line to one server. Not thread-safe."""

    def __init__(
        self, *, login: LoginChoice, pin: ServerPin, random: Random, settings: ClientSettings | None = None
    ) -> None:
        self.state = ClientState.DOWN
        self.counters: Counter[str] = Counter()
        """Datagrams that were dropped, by cause."""
        self.last_heard_ns: int | None = None
        """Of the last authentic datagram."""
        self.round_trip_ns: int | None = None
        """Of the last heartbeat that the server echoed."""
        self._settings: Final = settings or ClientSettings()
        self._login: Final = login
        self._requests: Final = Requests(lambda: random(1)[0])
        self._outbox: Final = Outbox(OUTGOING_SIZE_MAX)
        self._clock: Final = ServerClock()
        self._dialer: Final = Dialer(pin, random)
        self._raw: list[bytes] = []
        self._events: list[ClientEvent] = []
        self._established: Established | None = None
        self._channel: SecureChannel | None = None
        self._index = 0
        self._boot_id: int | None = None
        self._login_block = b""
        self._login_due_ns = 0
        self._heartbeat_due_ns = 0
        self._renewal_due_ns = 0

    # What the owner asks for.

    def start(self, now_ns: int) -> None:
        """Begin, from DOWN."""
        self._step(Step.START)
        self._dialer.begin(now_ns)

    def stop(self, now_ns: int) -> None:
        """Say Logout if there is somebody to say it to; drain `datagrams` once more. Open requests only time out."""
        if self.state is ClientState.LOGGED_IN and self._channel is not None:
            self._outbox.add(encode(Logout()))
            self._raw.extend(self._sealed(self._channel, now_ns))
        self._hang_up()
        self._step(Step.STOP)

    def request(
        self, block: bytes, now_ns: int, *, timeout_ns: int | None = None, settled_by_caller: bool = False
    ) -> int:
        """Send `block` until it is answered; the correlation that the session gave it.

        The first block that echoes the correlation settles it, or with `settled_by_caller` only `settle` does. Raises
        TooManyRequests when too many wait already.
        """
        timeout_ns = self._settings.request_timeout_ns if timeout_ns is None else timeout_ns
        return self._requests.add(block, now_ns, timeout_ns=timeout_ns, settled_by_caller=settled_by_caller)

    def settle(self, correlation: int) -> bool:
        """The outcome of a request is known. False if it was not open."""
        return self._requests.settle(correlation)

    def send_block(self, block: bytes) -> bool:
        """Send once, without repetition. False, and nothing sent, unless LOGGED_IN."""
        return self.state is ClientState.LOGGED_IN and self._outbox.add(block)

    @property
    def unanswered(self) -> int:
        """Open requests, in flight or waiting."""
        return len(self._requests)

    @property
    def srtt_ns(self) -> int | None:
        """Smoothed time from a request to its answer."""
        return self._requests.round_trip.smoothed_ns

    def server_time_ns(self, now_ns: int) -> int:
        """The server's wall clock. Known from SECURE on."""
        return self._clock.time_ns(now_ns)

    # Drained by the owner.

    def events(self) -> list[ClientEvent]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    def datagrams(self, now_ns: int) -> list[bytes]:
        """What is to be sent now, to be called after any of the other methods."""
        if self.state in (ClientState.HELLO_SENT, ClientState.INIT_SENT):
            self._raw.extend(self._dialer.outgoing)
            self._dialer.outgoing.clear()
        elif self._channel is not None:
            for block in self._requests.outgoing(now_ns):
                self._outbox.add(block)
            try:
                self._raw.extend(self._sealed(self._channel, now_ns))
            except Exhausted:
                self._lose(LostReason.RENEWAL, now_ns)
        raw, self._raw = self._raw, []
        return raw

    def next_timer_ns(self) -> int | None:
        """When `tick` is due at the latest; None: never."""
        due = [self._requests.next_timer_ns()]
        if self.state in (ClientState.HELLO_SENT, ClientState.INIT_SENT):
            due.append(self._dialer.due_ns)
        elif self.state is ClientState.SECURE:
            due += [self._silence_due_ns(), self._login_due_ns]
        elif self.state is ClientState.LOGGED_IN:
            due += [self._silence_due_ns(), self._heartbeat_due_ns, self._renewal_due_ns]
        return min((at_ns for at_ns in due if at_ns is not None), default=None)

    # Time.

    def tick(self, now_ns: int) -> None:
        """Do what is due."""
        again, timed_out = self._requests.due(now_ns)
        for block in again:
            self._outbox.add(block)
        self._events.extend(TimedOut(correlation) for correlation in timed_out)
        if self.state in (ClientState.HELLO_SENT, ClientState.INIT_SENT):
            self._redial(now_ns)
        elif self.state in (ClientState.SECURE, ClientState.LOGGED_IN):
            self._keep_alive(now_ns)

    def _redial(self, now_ns: int) -> None:
        overdue = self._dialer.overdue(now_ns)
        if overdue is Overdue.FROM_HELLO:
            self._step(Step.FROM_HELLO)
        elif overdue is Overdue.GAVE_UP:
            self._step(Step.GIVE_UP)
            self._events.append(Lost(LostReason.UNREACHABLE))

    def _keep_alive(self, now_ns: int) -> None:
        if now_ns >= self._silence_due_ns():
            self._lose(LostReason.SILENCE, now_ns)
        elif self.state is ClientState.SECURE:
            if now_ns >= self._login_due_ns:
                self._send_login(now_ns)
        elif now_ns >= self._renewal_due_ns:
            self._lose(LostReason.RENEWAL, now_ns)
        elif now_ns >= self._heartbeat_due_ns:
            self._send_heartbeat(now_ns)

    def _silence_due_ns(self) -> int:
        assert self.last_heard_ns is not None
        return self.last_heard_ns + self._settings.silence_ns

    def _send_login(self, now_ns: int) -> None:
        self._login_due_ns = now_ns + self._settings.login_retry_ns
        self._outbox.add(self._login_block)

    def _send_heartbeat(self, now_ns: int) -> None:
        self._heartbeat_due_ns = now_ns + self._settings.heartbeat_ns
        assert self._boot_id is not None
        time_ns = TimeNs(self._clock.time_ns(now_ns))
        self._outbox.add(encode(Heartbeat(boot_id=self._boot_id, time_ns=time_ns, echo_ns=now_ns)))

    # Datagrams in.

    def receive(self, datagram: bytes, now_ns: int) -> None:
        """Take one datagram, whatever it is. What cannot be used is counted and otherwise ignored."""
        try:
            self._receive(datagram, now_ns)
        except ServerKeyError as error:
            reason = RefusedReason.UNKNOWN_SERVER
            if isinstance(error, ChangedServerKey):
                reason = RefusedReason.CHANGED_SERVER_KEY
            self._refuse(Refused(reason, str(error), server_key=error.seen))
        except (ProtocolError, CodecError) as error:
            self.counters[type(error).__name__] += 1

    def _receive(self, datagram: bytes, now_ns: int) -> None:
        header = parse_header(datagram)
        match header.kind:
            case Kind.DATA if self._channel is not None and header.receiver_index == self._index:
                data = self._channel.open(datagram, now_ns)
                self.last_heard_ns = now_ns
                self._read_blocks(data, now_ns)
            case Kind.RETRY if self.state is ClientState.HELLO_SENT:
                self._dialer.retry(datagram, now_ns)
                self._step(Step.RETRY)
            case Kind.HANDSHAKE_RESPONSE if self.state is ClientState.INIT_SENT:
                self._secure(self._dialer.response(datagram, now_ns), now_ns)
            case Kind.STATELESS_RESET if self._established is not None:
                if not is_reset(datagram, self._established.welcome.reset_token):
                    raise BadPacket("reset without the token")
                self._lose(LostReason.RESET, now_ns)
            case _:
                raise Unexpected(f"{header.kind.name} while {self.state.name}")

    def _secure(self, established: Established, now_ns: int) -> None:
        welcome = established.welcome
        self._step(Step.RESPONSE)
        self._established = established
        self._channel = established.channel
        self._index = self._dialer.client_index
        self.last_heard_ns = now_ns
        self._renewal_due_ns = now_ns + self._settings.renewal_ns
        self._clock.forget()
        self._clock.sample(sent_ns=self._dialer.init_sent_ns, received_ns=now_ns, server_time_ns=welcome.time_ns)
        self._events.append(Secured(established.server_key, established.first_contact, welcome.boot_id))
        context = LoginContext(established.handshake_hash, established.server_key, self._clock.time_ns(now_ns) // MS)
        self._login_block = encode(self._login.message(context))
        self._send_login(now_ns)

    def _read_blocks(self, data: bytes, now_ns: int) -> None:
        for message_type, correlation, payload in split(data):
            if self.state is ClientState.SECURE:
                self._read_login_answer(message_type, payload, now_ns)
            elif self.state is not ClientState.LOGGED_IN:
                return  # a block before this one ended the session
            elif message_type == MessageType.HEARTBEAT:
                self._read_heartbeat(payload, now_ns)
            elif message_type == MessageType.THROTTLED:
                self._read_throttled(correlation, payload, now_ns)
            elif message_type == MessageType.LOGOUT:
                self._lose(LostReason.LOGOUT, now_ns, delay_ns=self._settings.redial_ns)
            elif message_type != MessageType.LOGIN_ACCEPTED:  # repeated, that one
                first_time = correlation == 0 or self._requests.answer(correlation, now_ns)
                self._events.append(BlockReceived(message_type, correlation, payload, first_time))

    def _read_login_answer(self, message_type: int, payload: bytes, now_ns: int) -> None:
        if message_type not in (MessageType.LOGIN_ACCEPTED, MessageType.LOGIN_REFUSED):
            raise Unexpected(f"type {message_type} before the login")
        answer = decode(message_type, payload)
        if isinstance(answer, LoginRefused):
            text = answer.text or "the server refused the login"
            self._refuse(Refused(RefusedReason.LOGIN_REFUSED, text, login_refused=answer))
        elif isinstance(answer, LoginAccepted):
            assert self._established is not None
            boot_id = self._established.welcome.boot_id
            restarted = self._boot_id not in (None, boot_id)
            self._boot_id = boot_id
            self._step(Step.ACCEPTED)
            self._take_credit(answer.credit)
            self._requests.resume()
            self._send_heartbeat(now_ns)
            self._events.append(LoggedIn(answer, boot_id, restarted))

    def _read_heartbeat(self, payload: bytes, now_ns: int) -> None:
        heartbeat = decode(MessageType.HEARTBEAT, payload)
        assert isinstance(heartbeat, Heartbeat)
        if heartbeat.boot_id != self._boot_id:
            self._lose(LostReason.BOOT_CHANGED, now_ns)
            return
        if 0 < heartbeat.echo_ns <= now_ns:
            self.round_trip_ns = now_ns - heartbeat.echo_ns
            self._clock.sample(sent_ns=heartbeat.echo_ns, received_ns=now_ns, server_time_ns=heartbeat.time_ns)
        self._take_credit(heartbeat.credit)
        self._events.append(HeartbeatReceived(heartbeat))

    def _read_throttled(self, correlation: int, payload: bytes, now_ns: int) -> None:
        throttled = decode(MessageType.THROTTLED, payload)
        assert isinstance(throttled, Throttled)
        retry_ns = throttled.retry_ms * MS
        self._requests.delay(correlation, now_ns + retry_ns)
        self._events.append(ThrottledFor(correlation, retry_ns))

    def _take_credit(self, credit: int) -> None:
        if credit > 0:
            self._requests.credit = min(credit, UNANSWERED_MAX)

    # Ends.

    def _lose(self, reason: LostReason, now_ns: int, *, delay_ns: int = 0) -> None:
        self._hang_up()
        self._step(Step.LOST)
        self._events.append(Lost(reason))
        self._dialer.begin(now_ns, delay_ns=delay_ns)

    def _refuse(self, refused: Refused) -> None:
        self._hang_up()
        self._step(Step.REFUSED)
        self._events.append(refused)

    def _hang_up(self) -> None:
        self._channel = None
        self._established = None
        self._requests.suspend()
        self._outbox.drain()

    def _step(self, step: Step) -> None:
        self.state = TRANSITIONS[self.state, step]

    def _sealed(self, channel: SecureChannel, now_ns: int) -> list[bytes]:
        return [channel.seal(body, now_ns) for body in self._outbox.drain()]
