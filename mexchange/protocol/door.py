"""The door of the server: how sessions come about, and what those outside get.

Nothing is allocated for an address that has not returned a cookie, and no answer before that is larger than its
question. A repeated HandshakeInit gets the same response again and no second session.
"""

from collections.abc import Container
from typing import Final

from mexchange.protocol.errors import Unexpected
from mexchange.protocol.handshake import Admitted, Random, ServerHandshake, random_index
from mexchange.protocol.limits import RESETS_PER_S, AddressBuckets, TokenBucket
from mexchange.protocol.noise import StaticKey
from mexchange.protocol.packet import Address, Kind, parse_header
from mexchange.protocol.reset import Resetter
from mexchange.protocol.server_events import Drops
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.server_settings import ServerSettings

Identity = tuple[Address, bytes]


class Door:
    """Handshakes for everybody. `taken` are the indexes in use, by whoever is inside."""

    def __init__(
        self,
        *,
        static_key: StaticKey,
        boot_id: int,
        random: Random,
        settings: ServerSettings,
        drops: Drops,
        taken: Container[int],
        now_ns: int,
    ) -> None:
        self._random: Final = random
        self._settings: Final = settings
        self._drops: Final = drops
        self._taken: Final = taken
        buckets = AddressBuckets(settings.handshakes, settings.handshakes_loopback)
        self._handshake: Final = ServerHandshake(
            static=static_key, boot_id=boot_id, random=random, buckets=buckets, now_ns=now_ns
        )
        self._resetter: Final = Resetter(static_key)
        self._resets: Final = TokenBucket(RESETS_PER_S, RESETS_PER_S, now_ns)
        self._by_identity: dict[Identity, ServerSession] = {}
        self._waiting = 0
        self._answers: list[tuple[bytes, Address]] = []

    def receive(self, datagram: bytes, address: Address, now_ns: int, time_ns: int) -> ServerSession | None:
        """A new session if this datagram has completed its handshake.

        Raises BadPacket, Unexpected, BadCookie, TooManyHandshakes or HandshakeFailed.
        """
        kind = parse_header(datagram).kind
        if kind is Kind.HELLO:
            self._answers.append((self._handshake.retry(datagram, address, now_ns), address))
            return None
        if kind is not Kind.HANDSHAKE_INIT:
            raise Unexpected(kind.name)
        admitted = self._handshake.admit(datagram, address, now_ns)
        known = self._by_identity.get(admitted.identity)
        if known is not None:  # the response was lost
            self._answers.append((known.response, address))
            return None
        if self._waiting >= self._settings.handshaken_max or len(self._by_identity) >= self._settings.sessions_max:
            self._drops.table_full += 1
            return None
        session = self._admit(admitted, now_ns, time_ns)
        self._answers.append((session.response, address))
        return session

    def reset(self, datagram: bytes, index: int, address: Address, now_ns: int) -> None:
        """Answer a Data datagram for a session that nobody knows."""
        answer = self._resetter.answer(datagram, index, address)
        if answer is not None and self._resets.take(1, now_ns):
            self._answers.append((answer, address))

    def leave(self, session: ServerSession) -> None:
        """`session` waits no longer: it has logged in, or gone before."""
        assert self._waiting > 0, f"{session} was not waiting"
        self._waiting -= 1

    def forget(self, session: ServerSession) -> None:
        """`session` is gone."""
        del self._by_identity[session.identity]

    def answers(self) -> list[tuple[bytes, Address]]:
        """Drain."""
        answers, self._answers = self._answers, []
        return answers

    def _admit(self, admitted: Admitted, now_ns: int, time_ns: int) -> ServerSession:
        index = self._free_index()
        answered = self._handshake.answer(
            admitted,
            index=index,
            reset_token=self._resetter.token(index, admitted.address),
            now_ns=now_ns,
            time_ns=time_ns,
        )
        session = ServerSession(
            index=index,
            address=admitted.address,
            channel=answered.channel,
            handshake_hash=answered.handshake_hash,
            identity=admitted.identity,
            response=answered.response,
            now_ns=now_ns,
        )
        self._by_identity[session.identity] = session
        self._waiting += 1
        return session

    def _free_index(self) -> int:
        while True:
            index = random_index(self._random)
            if index not in self._taken:
                return index
