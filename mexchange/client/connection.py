"""Which server, who logs in, and whom we expect to find there."""

from collections.abc import Callable

import msgspec

from mexchange.protocol.login import AnonymousLogin, EnrollLogin, KeyLogin, LoginChoice
from mexchange.protocol.server_key import ServerPin

__all__ = ["AnonymousLogin", "Connection", "EnrollLogin", "KeyLogin"]


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to connect. A frozen value: the same connection can be opened again."""

    host: str
    """A name, or an IPv4 or IPv6 address. All addresses of a name are tried in turn."""
    port: int
    login: LoginChoice = AnonymousLogin()
    expected_key: bytes | None = None
    """The server's static key, 32 bytes, if it is known."""
    accept_new: bool = False
    """At first contact take whatever key the server shows."""
    on_new_key: Callable[[bytes], None] | None = None
    """Called once with the key of a server that was met for the first time: to write it down."""
    timeout_s: float = 5.0
    """To connect and log in."""
    request_timeout_s: float = 10.0
    """Until a command's outcome counts as unknown, and a question as unanswered."""

    @property
    def pin(self) -> ServerPin:
        """For the session."""
        return ServerPin(expected=self.expected_key, accept_new=self.accept_new)

    @property
    def name(self) -> str:
        """`host:port` as people write it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
