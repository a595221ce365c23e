"""The times and limits of a server that an operator may want otherwise."""

from typing import Final

import msgspec

from mexchange.protocol.limits import (
    ANONYMOUS_SESSIONS_MAX,
    HANDSHAKEN_MAX,
    LOOPBACK_LIMIT,
    SESSIONS_MAX,
    SESSIONS_PER_ACCOUNT_MAX,
    HandshakeLimit,
)

S: Final = 10**9
MS: Final = 10**6


class ServerSettings(msgspec.Struct, frozen=True):
    """Times in nanoseconds."""

    heartbeat_ns: int = 500 * MS
    silence_ns: int = 5 * S
    login_within_ns: int = 10 * S
    handshakes: HandshakeLimit = HandshakeLimit()
    handshakes_loopback: HandshakeLimit = LOOPBACK_LIMIT
    sessions_max: int = SESSIONS_MAX
    handshaken_max: int = HANDSHAKEN_MAX
    anonymous_max: int = ANONYMOUS_SESSIONS_MAX
    sessions_per_account_max: int = SESSIONS_PER_ACCOUNT_MAX
    throttle_retry_ms: int = 100
    """What a client beyond its credit is told to wait."""
