"""One client as the server sees it: address, channel, what waits to be sent, what is unanswered.

    (valid cookie) ─► HANDSHAKEN ─login accepted─► AUTHED ─logout, silence, close─► GONE
                          └── refused, ten seconds ────────────────────────────────►┘

Before the login a session may send three datagrams a second, with nothing in them but a Login.
"""

from enum import Enum
from typing import Any, Final

from mexchange.protocol.channel import SecureChannel
from mexchange.protocol.limits import HANDSHAKEN_PACKETS_PER_S, OUTGOING_SIZE_MAX, UNANSWERED_MAX, TokenBucket
from mexchange.protocol.outbox import Outbox
from mexchange.protocol.packet import Address

UNANSWERED_LIFETIME_NS: Final = 10 * 10**9
"""A request that was never answered stops counting after this: the client has given up on it too."""


class ServerState(Enum):
    """Where the session stands."""

    HANDSHAKEN = 0
    AUTHED = 1
    GONE = 2


TRANSITIONS: Final[dict[ServerState, tuple[ServerState, ...]]] = {
    ServerState.HANDSHAKEN: (ServerState.AUTHED, ServerState.GONE),
    ServerState.AUTHED: (ServerState.GONE,),
    ServerState.GONE: (),
}


class ServerSession:
    """Made by the table alone. `data` belongs to the daemon; times are monotonic nanoseconds."""

    __slots__ = (
        "_unanswered",
        "account",
        "address",
        "before_login",
        "channel",
        "data",
        "echo_ns",
        "handshake_hash",
        "heartbeat_due_ns",
        "identity",
        "index",
        "last_heard_ns",
        "login_answer",
        "login_asked",
        "malformed",
        "outbox",
        "response",
        "since_ns",
        "state",
        "wake_ns",
    )

    def __init__(
        self,
        *,
        index: int,
        address: Address,
        channel: SecureChannel,
        handshake_hash: bytes,
        identity: tuple[Address, bytes],
        response: bytes,
        now_ns: int,
    ) -> None:
        self.index: Final = index
        self.address: Final = address
        self.channel: Final = channel
        self.handshake_hash: Final = handshake_hash
        self.identity: Final = identity
        self.response: Final = response
        self.since_ns: Final = now_ns
        self.state = ServerState.HANDSHAKEN
        self.account = 0
        """0: nobody, or anonymous."""
        self.data: Any = None
        self.outbox: Final = Outbox(OUTGOING_SIZE_MAX)
        self.last_heard_ns = now_ns
        self.heartbeat_due_ns = 0
        self.wake_ns = 0
        """When the table looks after it; timers for any other moment are outdated."""
        self.echo_ns = 0
        """The client's stamp that the next heartbeat returns."""
        self.login_asked = False
        self.login_answer = b""
        self.malformed = 0
        self.before_login: Final = TokenBucket(HANDSHAKEN_PACKETS_PER_S, HANDSHAKEN_PACKETS_PER_S, now_ns)
        self._unanswered: dict[int, int] = {}

    def __repr__(self) -> str:
        return f"ServerSession({self.index:#010x}, {self.state.name}, account {self.account}, {self.address[0]})"

    @property
    def unanswered(self) -> int:
        """Requests that count against the credit now."""
        return len(self._unanswered)

    def become(self, state: ServerState) -> None:
        """Move on, as TRANSITIONS allows."""
        assert state in TRANSITIONS[self.state], f"{self.state.name} to {state.name}"
        self.state = state

    def charge(self, correlation: int, now_ns: int) -> bool:
        """Count a request against the credit, a repeated one once. False, and not counted, if there is none left."""
        unanswered = self._unanswered
        if correlation in unanswered:
            return True
        if len(unanswered) >= UNANSWERED_MAX:
            oldest = next(iter(unanswered))
            if now_ns - unanswered[oldest] < UNANSWERED_LIFETIME_NS:
                return False
            del unanswered[oldest]
        unanswered[correlation] = now_ns
        return True

    def answered(self, correlation: int) -> None:
        """The request has its answer: it counts no more."""
        self._unanswered.pop(correlation, None)
