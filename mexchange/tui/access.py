"""To whom the app connects, and as whom: the same settings, keys and pins as those of the commands."""

from mexchange.client.connection import Connection
from mexchange.config import keys, paths, pins
from mexchange.config.server import Server, find_server
from mexchange.config.settings import Settings
from mexchange.protocol.login import AnonymousLogin, KeyLogin, LoginChoice

PROGRAM = "mx tui"
_NS_PER_S = 1_000_000_000


def connection(settings: Settings, *, anonymous: bool = False) -> Connection:
    """How to reach the server that is meant now: a local one may have moved. Raises ConfigError."""
    found = find_server(settings)
    return Connection(
        host=found.host,
        port=found.port,
        login=AnonymousLogin() if anonymous else _login(settings, found),
        expected_key=found.key,
        on_new_key=lambda key: pins.add(paths.known_servers_file(settings.config_dir), found.host, found.port, key),
        timeout_s=settings.timeout_ns / _NS_PER_S,
    )


def _login(settings: Settings, server: Server) -> LoginChoice:
    credentials = keys.find_credentials(settings, server)
    if credentials is None or credentials.key_id is None:
        return AnonymousLogin()
    return KeyLogin(credentials.key_id, credentials.seed, PROGRAM)
