"""One run of `mx`: its settings, its output, and a connection that is made when it is needed."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mexchange.cli.errors import AUTH, NOT_FOUND, UNKNOWN_OUTCOME, USAGE, CliError, confirmation_needed
from mexchange.cli.output import PALETTES, Output, wants_color
from mexchange.config import keys, paths, pins, profiles, server
from mexchange.config import settings as settings_of
from mexchange.config.errors import ConfigError, ServerNotFound
from mexchange.config.server import Server
from mexchange.config.settings import Settings

if TYPE_CHECKING:
    from mexchange.client.blocking import BlockingClient
    from mexchange.client.connection import Connection

NS_PER_S = 1_000_000_000


class Invocation:
    """What every command gets as `ctx.obj`."""

    def __init__(
        self, settings: Settings, output: Output, *, quiet: bool, verbosity: int, time_zone: str | None
    ) -> None:
        self.settings = settings
        self.output = output
        self.quiet = quiet
        self.verbosity = verbosity
        self.time_zone = time_zone
        self._client: BlockingClient | None = None
        self._named: int | None = None
        """The account that `--account` names, once it was looked up."""

    @property
    def client(self) -> "BlockingClient":
        """The session, logged in with this user's key where there is one. Raises ClientError, ConfigError."""
        if self._client is None:
            from mexchange.client.blocking import BlockingClient

            self._client = BlockingClient.connect(self.connection())
        return self._client

    def connection(self, *, operator: bool = False) -> "Connection":
        """How to reach the server that is meant; `operator` uses the local market's operator key."""
        found = server.find_server(self.settings)
        login = self._operator_login(found) if operator else self._login(found)
        from mexchange.client.connection import Connection

        return Connection(
            host=found.host,
            port=found.port,
            login=login,
            expected_key=found.key,
            accept_new=False,
            on_new_key=lambda key: self.remember_key(found, key),
            timeout_s=self.settings.timeout_ns / NS_PER_S,
        )

    def as_operator(self) -> None:
        """From here on speak with the operator's key of the local market."""
        from mexchange.client.blocking import BlockingClient

        self.close()
        self._client = BlockingClient.connect(self.connection(operator=True))

    def account(self) -> int | None:
        """The account given by `--account`, its number or its name, or None for the session's own."""
        given = self.settings.account
        if given is None or given.isdecimal():
            return None if given is None else int(given)
        if self._named is None:
            found = next((each.account for each in self.client.accounts() if each.name == given), None)
            if found is None:
                raise not_found(f"account called {given!r}", hint="mx account list")
            self._named = found
        return self._named

    def market(self, named: str | None) -> str:
        """The market given, or the one of the settings. Raises CliError if there is none."""
        market = named or self.settings.market
        if market is None:
            raise CliError(
                "E_USAGE",
                "which market",
                hint="name one, such as KCN/EUR, or set `market` in a profile",
                exit_code=USAGE,
            )
        return market.upper()

    def confirm(self, question: str, what: str, *, yes: bool) -> bool:
        """Ask on the terminal; True to go on. Without a terminal `--yes` is needed. Raises CliError."""
        if yes or self.settings.yes or self.settings.confirm == "never":
            return True
        if self.settings.no_input or not sys.stdin.isatty():
            raise confirmation_needed(what)
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def note(self, text: str) -> None:
        """A sentence on stderr, unless `--quiet`."""
        if not self.quiet:
            sys.stderr.write(text + "\n")

    def close(self) -> None:
        """End the session, if there was one."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _login(self, found: Server) -> Any:
        from mexchange.protocol.login import AnonymousLogin, KeyLogin

        credentials = keys.find_credentials(self.settings, found)
        if credentials is None or credentials.key_id is None:
            return AnonymousLogin()
        return KeyLogin(key_id=credentials.key_id, seed=credentials.seed)

    def _operator_login(self, found: Server) -> Any:
        from mexchange.protocol.login import KeyLogin

        if self.settings.api_key is not None:
            return self._login(found)
        if found.local is None:
            raise CliError(
                "E_AUTH",
                "operating a server that is not on this machine needs an admin key",
                hint="set MX_API_KEY and MX_API_SECRET",
                exit_code=AUTH,
            )
        path = paths.local_operator_key_file(found.local)
        seed = keys.read(path)
        if seed is None:
            raise CliError("E_AUTH", f"there is no operator key at {path}", exit_code=AUTH)
        profile = profiles.read_local(paths.local_operator_profile_file(found.local))
        if profile is None or profile.key_id is None:
            raise CliError("E_AUTH", f"the operator's profile beside {path} names no key", exit_code=AUTH)
        return KeyLogin(key_id=profile.key_id, seed=seed)

    def remember_key(self, found: Server, key: bytes) -> None:
        """Pin the key of a server that was met for the first time."""
        pins.add(paths.known_servers_file(self.settings.config_dir), found.host, found.port, key)


def configure(
    flags: Mapping[str, object],
    *,
    fields: Sequence[str],
    header: bool,
    raw_decimals: bool,
    color: bool,
    quiet: bool,
    verbosity: int,
    time_zone: str | None,
) -> Invocation:
    """Settings and output of this run. Raises ConfigError."""
    settings = settings_of.load(flags=flags, environ=os.environ, directory=Path.cwd())
    output = Output(
        mode=settings.output,
        fields=fields,
        header=header,
        raw_decimals=raw_decimals,
        palette=PALETTES.get(settings.color) if color and wants_color(os.environ, sys.stdout) else None,
    )
    return Invocation(settings, output, quiet=quiet, verbosity=verbosity, time_zone=time_zone)


def translate(error: Exception) -> CliError | None:
    """An error of settings, text or client in the words of the command line; None if it is none of them."""
    if isinstance(error, ServerNotFound):
        return CliError(error.code, str(error), hint=error.hint, exit_code=8)
    if isinstance(error, ConfigError):
        return CliError(error.code, str(error), hint=error.hint, exit_code=USAGE)
    from mexchange.client.errors import ClientError, OutcomeUnknown, Rejected
    from mexchange.client.markets import UnknownSymbol
    from mexchange.domain import client_id
    from mexchange.domain.rejects import REJECTS
    from mexchange.domain.text import TextError
    from mexchange.store.errors import StoreError

    if isinstance(error, UnknownSymbol):
        return CliError(error.code, str(error), hint=error.hint, exit_code=error.exit_code)
    if isinstance(error, StoreError):
        return CliError("E_DATA", str(error), exit_code=1)
    if isinstance(error, Rejected):
        reject = REJECTS[error.reason]
        shown = client_id.show(error.client_order_id) if any(error.client_order_id) else None
        return CliError(
            reject.code,
            reject.text,
            hint=reject.hint,
            exit_code=reject.exit_code,
            retryable=reject.retryable,
            client_order_id=shown,
        )
    if isinstance(error, OutcomeUnknown):
        shown = client_id.show(error.client_order_id)
        return CliError(
            "E_UNKNOWN",
            "no answer in time: the outcome is unknown",
            hint=f"ask for it: mx order get c:{shown}",
            exit_code=UNKNOWN_OUTCOME,
            retryable=True,
            client_order_id=shown,
        )
    if isinstance(error, TextError):
        return CliError(error.code, str(error), hint=error.hint, exit_code=5)
    if isinstance(error, client_id.BadClientOrderId):
        return CliError("E_CLIENT_ID", str(error), exit_code=USAGE)
    if isinstance(error, ClientError):
        hint, code, retryable = error.hint, error.exit_code, error.retryable
        return CliError(error.code, str(error), hint=hint, exit_code=code, retryable=retryable)
    if isinstance(error, OSError):
        return CliError("E_SYSTEM", ": ".join(str(part) for part in (error.filename, error.strerror) if part))
    return None


def not_found(what: str, hint: str = "") -> CliError:
    """Nothing of that name."""
    return CliError("E_NOT_FOUND", f"there is no {what}", hint=hint, exit_code=NOT_FOUND)
