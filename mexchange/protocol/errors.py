"""Everything that can go wrong between the two sides.

    ProtocolError
    ├── BadPacket              not one of our datagrams: length, kind, field
    ├── Unexpected             one of ours, at the wrong time
    ├── BadCookie              the sender has not shown that it owns its address
    ├── TooManyHandshakes      this host asked for more handshakes than it may
    ├── HandshakeFailed        a tag or a curve point of the handshake is wrong
    ├── ServerKeyError         the server proved a key, but not one that we may trust
    │   ├── UnknownServer      no key is pinned and first contact is not allowed
    │   └── ChangedServerKey   another key is pinned
    ├── ChannelError           a Data datagram that the channel refuses
    │   ├── Replayed           its counter was seen, or is older than the window
    │   ├── UnknownEpoch       its key is not yet or no longer known
    │   ├── Forged             its tag is wrong
    │   └── Exhausted          no counters are left; only a new handshake helps
    └── TooManyRequests        our own program asks faster than it is answered

A garbage datagram is answered by silence and a counter: the edges catch these and say nothing.
"""


class ProtocolError(Exception):
    """Root of the tree."""


class BadPacket(ProtocolError):
    """Not one of our datagrams."""


class Unexpected(ProtocolError):
    """A datagram or a block that has no place in the present state."""


class BadCookie(ProtocolError):
    """A cookie that we did not make, made for another address, or made too long ago."""


class HandshakeFailed(ProtocolError):
    """A handshake message that does not belong to this handshake."""


class TooManyHandshakes(ProtocolError):
    """The bucket of this host is empty."""


class ServerKeyError(ProtocolError):
    """`seen` is the static key that the server proved to hold, 32 bytes."""

    def __init__(self, text: str, *, seen: bytes) -> None:
        super().__init__(text)
        self.seen = seen


class UnknownServer(ServerKeyError):
    """No key is pinned for this server and first contact was not allowed."""


class ChangedServerKey(ServerKeyError):
    """The server's key is not the pinned one: a reinstalled server, or somebody in between."""


class ChannelError(ProtocolError):
    """A Data datagram that the channel refuses; the channel is unchanged by it."""


class Replayed(ChannelError):
    """The counter was accepted before, or is too old to tell."""


class UnknownEpoch(ChannelError):
    """Sealed under a key that is not yet, or no longer, known."""


class Forged(ChannelError):
    """The tag is wrong."""


class Exhausted(ChannelError):
    """The last counter is used up."""


class TooManyRequests(ProtocolError):
    """The queue of requests that wait for credit is full."""
