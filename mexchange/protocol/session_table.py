"""All sessions of a server: finds the one a datagram belongs to, opens it, keeps it alive, lets it go.

The way of a datagram: kind, index, address, window and tag, blocks; each step drops and counts what it cannot use,
and nobody is told but by one small reset for a session that is not known. How sessions come about: `door`.

`now_ns` is a monotonic clock. The wall clock enters with the constructor and `tick`.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from struct import Struct
from typing import Final

import msgspec

from mexchange.codec.blocks import BLOCK_HEADER, split_blocks
from mexchange.codec.codec import decode, encode
from mexchange.codec.errors import CodecError
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import (
    Heartbeat,
    Login,
    LoginAccepted,
    LoginRefusal,
    LoginRefused,
    Logout,
    StreamHead,
    Throttled,
    Unsupported,
)
from mexchange.domain.units import Sequence as JournalSequence
from mexchange.domain.units import TimeNs
from mexchange.protocol.door import Door
from mexchange.protocol.errors import Exhausted, ProtocolError, Unexpected
from mexchange.protocol.handshake import Random
from mexchange.protocol.limits import MALFORMED_MAX, UNANSWERED_MAX
from mexchange.protocol.noise import StaticKey
from mexchange.protocol.packet import DATA_SIZE_MIN, Address, Kind
from mexchange.protocol.server_events import Blocks, Drops, GoneReason, LoginAsked, ServerEvent, SessionGone
from mexchange.protocol.server_session import ServerSession, ServerState
from mexchange.protocol.server_settings import ServerSettings

__all__ = ["ServerSettings", "SessionTable"]

_INDEX: Final = Struct("<4xI")
_CORRELATION: Final = Struct("<4xI")
_DATA: Final = int(Kind.DATA)
SESSION_TYPE_MAX: Final = 99
"""Message types up to here are the session's own business; see schemas/message_type.fbs."""

Heads = tuple[int, Sequence[tuple[int, int]]]
"""The durable journal sequence, and (stream, head) for each stream of a session."""


class SessionTable:
    """The server's side of the protocol for everybody. Not thread-safe."""

    def __init__(
        self,
        *,
        static_key: StaticKey,
        boot_id: int,
        random: Random,
        now_ns: int,
        time_ns: int,
        heads: Callable[[ServerSession], Heads] = lambda _: (0, ()),
        settings: ServerSettings | None = None,
    ) -> None:
        self._settings: Final = settings or ServerSettings()
        self.server_key: Final = static_key.public
        self.boot_id: Final = boot_id
        self.drops: Final = Drops()
        self._heads: Final = heads
        self._sessions: dict[int, ServerSession] = {}
        self._door: Final = Door(
            static_key=static_key,
            boot_id=boot_id,
            random=random,
            settings=self._settings,
            drops=self.drops,
            taken=self._sessions,
            now_ns=now_ns,
        )
        self._wall_offset_ns = time_ns - now_ns
        self._by_account: dict[int, list[ServerSession]] = {}
        self._timers: list[tuple[int, int]] = []  # (due_ns, index), possibly outdated
        self._dirty: dict[int, ServerSession] = {}  # something waits in the outbox
        self._exhausted: list[ServerSession] = []

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[ServerSession]:
        return iter(list(self._sessions.values()))

    def sessions_of(self, account: int) -> Sequence[ServerSession]:
        """The sessions that are logged in for `account`; 0: the anonymous ones."""
        return self._by_account.get(account, ())

    # Datagrams in.

    def receive(self, datagram: bytes, address: Address, now_ns: int) -> Sequence[ServerEvent]:
        """Take one datagram, whatever it is."""
        try:
            if len(datagram) >= DATA_SIZE_MIN and datagram[0] == _DATA:
                return self._receive_data(datagram, address, now_ns)
            self._enter(datagram, address, now_ns)
        except (ProtocolError, CodecError) as error:
            self.drops.count(error)
        return ()

    def _receive_data(self, datagram: bytes, address: Address, now_ns: int) -> Sequence[ServerEvent]:
        (index,) = _INDEX.unpack_from(datagram)
        session = self._sessions.get(index)
        if session is None:
            self.drops.unknown_session += 1
            self._door.reset(datagram, index, address, now_ns)
            return ()
        if session.address != address:  # until roaming is there, an address is part of a session
            self.drops.foreign_address += 1
            return ()
        body = session.channel.open(datagram, now_ns)
        session.last_heard_ns = now_ns
        try:
            blocks = split_blocks(body)
            if session.state is not ServerState.AUTHED:
                return self._receive_login(session, blocks, now_ns)
            return self._receive_blocks(session, blocks, now_ns)
        except CodecError as error:
            self.drops.count(error)
            session.malformed += 1
            return self._gone(session, GoneReason.MALFORMED) if session.malformed >= MALFORMED_MAX else ()

    def _receive_blocks(
        self, session: ServerSession, blocks: list[tuple[int, int, bytes]], now_ns: int
    ) -> Sequence[ServerEvent]:
        for message_type, correlation, _ in blocks:
            if message_type <= SESSION_TYPE_MAX or (correlation and not session.charge(correlation, now_ns)):
                break
        else:
            return (Blocks(session, blocks),) if blocks else ()
        return self._receive_mixed(session, blocks, now_ns)

    def _receive_mixed(
        self, session: ServerSession, blocks: list[tuple[int, int, bytes]], now_ns: int
    ) -> Sequence[ServerEvent]:
        """The rarer datagram: something in it is the session's own business, or beyond its credit."""
        passed: list[tuple[int, int, bytes]] = []
        events: list[ServerEvent] = []
        for block in blocks:
            message_type, correlation, _ = block
            if message_type <= SESSION_TYPE_MAX:
                if message_type == MessageType.LOGOUT:
                    events.extend(self._gone(session, GoneReason.LOGOUT))
                    break
                self._receive_own(session, block, now_ns)
            elif correlation and not session.charge(correlation, now_ns):
                self.drops.over_credit += 1
                self.send(session, encode(Throttled(retry_ms=self._settings.throttle_retry_ms), correlation))
            else:
                passed.append(block)
        return [Blocks(session, passed), *events] if passed else events

    def _receive_own(self, session: ServerSession, block: tuple[int, int, bytes], now_ns: int) -> None:
        message_type, correlation, data = block
        if message_type == MessageType.HEARTBEAT:
            heartbeat = decode(message_type, data[BLOCK_HEADER:])
            assert isinstance(heartbeat, Heartbeat)
            session.echo_ns = heartbeat.echo_ns
            self._send_heartbeat(session, now_ns)
        elif message_type == MessageType.LOGIN:  # our answer was lost
            self.send(session, session.login_answer)
        else:
            self.drops.unexpected += 1
            self.send(session, encode(Unsupported(message_type=message_type), correlation))

    def _receive_login(
        self, session: ServerSession, blocks: list[tuple[int, int, bytes]], now_ns: int
    ) -> Sequence[ServerEvent]:
        if not session.before_login.take(1, now_ns):
            self.drops.before_login += 1
            return ()
        if len(blocks) != 1 or blocks[0][0] != MessageType.LOGIN:
            raise Unexpected("not a login")
        if session.login_asked:
            return ()
        login = decode(MessageType.LOGIN, blocks[0][2][BLOCK_HEADER:])
        assert isinstance(login, Login)
        session.login_asked = True
        return (LoginAsked(session, login, session.handshake_hash, self.server_key),)

    def _enter(self, datagram: bytes, address: Address, now_ns: int) -> None:
        session = self._door.receive(datagram, address, now_ns, now_ns + self._wall_offset_ns)
        if session is not None:
            self._sessions[session.index] = session
            self._arm(session, now_ns + self._settings.login_within_ns)

    # What the daemon asks for.

    def accept_login(self, session: ServerSession, accepted: LoginAccepted, *, now_ns: int) -> bool:
        """Answer LoginAsked; `accepted.account` 0 is anonymous. boot_id, server time and credit are filled in here.

        False if the session is gone meanwhile, or if the account has its sixteen: then LoginRefused is on its way.
        """
        if session.state is not ServerState.HANDSHAKEN:
            return False
        account = int(accepted.account)
        others = self._by_account.setdefault(account, [])
        limit = self._settings.sessions_per_account_max if account else self._settings.anonymous_max
        if len(others) >= limit:
            text = f"{limit} sessions are open already"
            self.refuse_login(session, LoginRefused(refusal=LoginRefusal.TOO_MANY_SESSIONS, text=text))
            return False
        others.append(session)
        self._door.leave(session)
        session.become(ServerState.AUTHED)
        session.account = account
        session.login_answer = encode(
            msgspec.structs.replace(
                accepted,
                boot_id=self.boot_id,
                server_time_ns=TimeNs(now_ns + self._wall_offset_ns),
                credit=accepted.credit or UNANSWERED_MAX,
            )
        )
        session.heartbeat_due_ns = now_ns + self._settings.heartbeat_ns
        self._arm(session, session.heartbeat_due_ns)
        return self.send(session, session.login_answer)

    def refuse_login(self, session: ServerSession, refused: LoginRefused) -> None:
        """Answer LoginAsked; the session goes, without an event."""
        if session.state is not ServerState.HANDSHAKEN:
            return
        self.send(session, encode(refused))
        self._gone(session, GoneReason.REFUSED)

    def close(self, session: ServerSession) -> Sequence[ServerEvent]:
        """Tell the client that it is over, and forget it. The SessionGone is returned here."""
        if session.state is ServerState.GONE:
            return ()
        self.send(session, encode(Logout()))
        return self._gone(session, GoneReason.CLOSED)

    def send(self, session: ServerSession, block: bytes) -> bool:
        """Queue one block. False, and dropped, if the session is gone or its queue is full."""
        if session.state is ServerState.GONE:
            return False
        if not session.outbox.add(block):
            self.drops.queue_full += 1
            return False
        (correlation,) = _CORRELATION.unpack_from(block)
        if correlation:
            session.answered(correlation)
        self._dirty[session.index] = session
        return True

    def datagrams(self, now_ns: int) -> list[tuple[bytes, Address]]:
        """Drain: everything queued, in full datagrams. Once for each turn of the loop, or each commit."""
        out = self._door.answers()
        dirty, self._dirty = self._dirty, {}
        for session in dirty.values():
            try:
                out.extend((session.channel.seal(body, now_ns), session.address) for body in session.outbox.drain())
            except Exhausted:
                self._exhausted.append(session)
        return out

    # Time.

    def tick(self, now_ns: int, time_ns: int) -> Sequence[ServerEvent]:
        """Heartbeats and the dead; every 50 to 100 ms."""
        self._wall_offset_ns = time_ns - now_ns
        events: list[ServerEvent] = []
        while self._exhausted:
            events.extend(self._gone(self._exhausted.pop(), GoneReason.EXHAUSTED))
        while self._timers and self._timers[0][0] <= now_ns:
            due_ns, index = heappop(self._timers)
            session = self._sessions.get(index)
            if session is not None and session.wake_ns == due_ns:
                events.extend(self._wake(session, now_ns))
        return events

    def _wake(self, session: ServerSession, now_ns: int) -> Sequence[ServerEvent]:
        if session.state is ServerState.HANDSHAKEN:
            return self._gone(session, GoneReason.HANDSHAKE_EXPIRED)
        dead_at_ns = session.last_heard_ns + self._settings.silence_ns
        if now_ns >= dead_at_ns:
            return self._gone(session, GoneReason.SILENT)
        if now_ns >= session.heartbeat_due_ns:
            self._send_heartbeat(session, now_ns)
        self._arm(session, min(session.heartbeat_due_ns, dead_at_ns))
        return ()

    def _arm(self, session: ServerSession, due_ns: int) -> None:
        session.wake_ns = due_ns
        heappush(self._timers, (due_ns, session.index))

    def _send_heartbeat(self, session: ServerSession, now_ns: int) -> None:
        sequence, heads = self._heads(session)
        heartbeat = Heartbeat(
            boot_id=self.boot_id,
            time_ns=TimeNs(now_ns + self._wall_offset_ns),
            sequence=JournalSequence(sequence),
            credit=UNANSWERED_MAX,
            heads=[StreamHead(stream, head) for stream, head in heads],
            echo_ns=session.echo_ns,
        )
        session.echo_ns = 0
        session.heartbeat_due_ns = now_ns + self._settings.heartbeat_ns
        self.send(session, encode(heartbeat))

    def _gone(self, session: ServerSession, reason: GoneReason) -> Sequence[ServerEvent]:
        if session.state is ServerState.GONE:
            return ()
        reported = session.login_asked and reason is not GoneReason.REFUSED
        if session.state is ServerState.AUTHED:
            others = self._by_account[session.account]
            others.remove(session)
            if not others:
                del self._by_account[session.account]
        else:
            self._door.leave(session)
        session.become(ServerState.GONE)
        del self._sessions[session.index]
        self._door.forget(session)
        return (SessionGone(session, reason),) if reported else ()
