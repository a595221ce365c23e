"""The settings of a gateway: `gateway.toml` in the data directory, overlaid by `MX_GATEWAY_*`, overlaid by flags.

Every limit that an operator may turn stands here with its unit.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from mexchange.config import paths, settings_file
from mexchange.config.errors import BadValue

PREFIX: Final = "MX_GATEWAY_"
PORT_DEFAULT: Final = 3000
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|https?://\[[0-9a-fA-F:]+\](:[0-9]{1,5})?")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class GatewayLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At a limit we refuse; we do not grow."""

    requests_per_second_per_address: int = 100
    requests_burst_per_address: int = 200
    sign_ins_per_minute_per_address: int = 20
    """Requests under /auth, and requests with a token that is worth nothing."""
    loopback_factor: int = 20
    """So much more of what an address may for this machine itself, where programs and tests share one."""
    requests_per_second_per_session: int = 50
    requests_burst_per_session: int = 100
    orders_per_second_per_session: int = 200
    """Beside the limit of the account, which is the exchange's own."""
    body_bytes_max: int = 16 * 1024
    head_seconds: int = 10
    """For the line and the headers of a request, from the first byte of the connection or of the next request."""
    sockets_max: int = 4_096
    sockets_per_address_max: int = 64
    sockets_per_session_max: int = 16
    frame_bytes_max: int = 64 * 1024
    frames_per_second: int = 200
    frames_burst: int = 400
    channels_per_socket_max: int = 200
    channels_max: int = 1_024
    """Different ones over all sockets."""
    waiting_messages_max: int = 1_024
    """That one socket has not read yet; then it is closed."""
    idle_socket_seconds: int = 600
    """Of a socket that listens to nothing."""
    people_max: int = 4_096
    """Who are signed in here at once."""


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    host: str = "127.0.0.1"
    """Beyond this machine only with TLS: `tls_certificate`, or `behind_tls`."""
    port: int | None = None
    """None: 3000, or a free one if that is taken. 0: a free one."""
    metrics_port: int | None = None
    """Of the listener for Prometheus, on this machine; None: no such listener."""
    tls_certificate: str = ""
    """A file in PEM form, with `tls_key`."""
    tls_key: str = ""
    behind_tls: bool = False
    """A proxy in front of us speaks TLS with people: cookies are secure, HSTS is said."""
    trusted_proxies: list[str] = []
    """Addresses whose X-Forwarded-For is believed."""
    origins: list[str] = []
    """Where the page is served from beside our own address: `https://trade.example.org`."""
    cors_origins: list[str] = []
    """Pages of other origins that may call with a person's cookies."""
    page: str = ""
    """A folder with the built page; empty: the one that was built into the package, if it was."""
    log: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    limits: GatewayLimits = GatewayLimits()

    @property
    def is_tls(self) -> bool:
        """Do people reach us by TLS."""
        return self.behind_tls or bool(self.tls_certificate)


def load(*, data: Path, environ: Mapping[str, str], flags: Mapping[str, object] | None = None) -> GatewaySettings:
    """Settings of the gateway. `flags` by field name, None where not given. Raises ConfigError."""
    path = paths.gateway_settings_file(data)
    settings = settings_file.load(
        GatewaySettings, program="gateway", prefix=PREFIX, path=path, environ=environ, flags=flags
    )
    _check(settings)
    return settings


def _check(settings: GatewaySettings) -> None:
    """Relations between settings. Raises BadValue."""
    for name in GatewayLimits.__struct_fields__:
        if getattr(settings.limits, name) <= 0:
            raise BadValue(f"{name} = {getattr(settings.limits, name)}: must be above zero")
    for origin in (*settings.origins, *settings.cors_origins):
        if not _ORIGIN.fullmatch(origin):
            raise BadValue(f"{origin!r} is no origin such as https://trade.example.org")
    ports = (settings.port, settings.metrics_port)
    exposed = (
        f"host {settings.host} is not this machine alone: name tls_certificate and tls_key, "
        "or set behind_tls if a proxy in front speaks TLS"
    )
    settings_file.check(
        (
            (
                all(port is None or 0 <= port <= 65_535 for port in ports),
                "a port is from 0 to 65535",
            ),
            (bool(settings.tls_certificate) == bool(settings.tls_key), "tls_certificate and tls_key belong together"),
            (settings.is_tls or settings.host in _LOOPBACK, exposed),
        )
    )
