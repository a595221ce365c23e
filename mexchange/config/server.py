"""Which server is meant, and by which key it must be recognised.

    --server  >  MX_SERVER  >  the chosen profile  >  the data directory: run/daemon.json

`MX_DATA_DIR` replaces the default data directory, it is not tried before it: with two markets side by side, an order
must never go to the other one because the named one is down.
"""

from pathlib import Path

import msgspec

from mexchange.config import daemon_run, paths, pins, profiles, values
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.errors import BadValue, ServerNotFound
from mexchange.config.profiles import Profile
from mexchange.config.settings import Origin, Settings, Source

KEY_BYTES = 32


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send datagrams."""

    host: str
    port: int
    key: bytes | None
    """32 bytes; None: not seen before. Then trust on first use, see `config.pins`."""
    origin: Origin
    key_origin: Origin | None
    local: Path | None
    """The data directory, when the daemon of that directory is the server: its `client/` has a profile and a key."""

    @property
    def address(self) -> str:
        """`udp://host:port`."""
        return values.server(f"[{self.host}]:{self.port}")


def find_server(settings: Settings) -> Server:
    """The server that is meant. Raises ServerNotFound, BadValue, BadFile, UnsafeFile. Touches no network."""
    run = daemon_run.read(settings.data_dir)
    if settings.server is None:
        return _local_server(settings, run)
    host, port = values.split_server(settings.server)
    is_local = run is not None and port == run.port and is_same_host(host, run.host)
    key, key_origin = _known_key(settings, host, port, run if is_local else None)
    return Server(
        host=host,
        port=port,
        key=key,
        origin=settings.origins["server"],
        key_origin=key_origin,
        local=settings.data_dir if is_local else None,
    )


def local_profile(server: Server) -> Profile:
    """What the data directory of a local server says about its user; empty for any other server. Raises BadFile."""
    if server.local is None:
        return Profile()
    return profiles.read_local(paths.local_profile_file(server.local)) or Profile()


def is_same_host(one: str, other: str) -> bool:
    """Are both this machine, or the same name."""
    loopback = {"localhost", "127.0.0.1", "::1"}
    return one == other or (one in loopback and other in loopback)


def _local_server(settings: Settings, run: DaemonRun | None) -> Server:
    if run is None:
        raise ServerNotFound(
            f"no server is named and no market runs in {settings.data_dir}",
            "start one with `mx demo`, or name one with --server or MX_SERVER",
        )
    origin = Origin(Source.DATA, str(paths.daemon_run_file(settings.data_dir)))
    key = _key_bytes(run.server_key, origin)
    return Server(host=run.host, port=run.port, key=key, origin=origin, key_origin=origin, local=settings.data_dir)


def _known_key(settings: Settings, host: str, port: int, run: DaemonRun | None) -> tuple[bytes | None, Origin | None]:
    profile_origin = settings.origins["server"].source is Source.PROFILE
    if settings.server_key is not None and profile_origin:
        return _key_bytes(settings.server_key, settings.origins["server_key"]), settings.origins["server_key"]
    if run is not None:
        origin = Origin(Source.DATA, str(paths.daemon_run_file(settings.data_dir)))
        return _key_bytes(run.server_key, origin), origin
    path = paths.known_servers_file(settings.config_dir)
    key = pins.read(path).get((host, port))
    return key, None if key is None else Origin(Source.DATA, str(path))


def _key_bytes(text: str, origin: Origin) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadValue(f"server key ({origin}): needs {2 * KEY_BYTES} hex digits")
    return key
