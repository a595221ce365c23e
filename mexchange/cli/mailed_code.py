"""Codes that came by mail: asked for on the terminal, or left for `mx auth verify CODE` where there is none.

What waits for its code lies beside the key of this device, in a file of mode 0600, until it is verified or too old.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from mexchange.cli.errors import AUTH, NOT_FOUND, CliError
from mexchange.cli.invocation import Invocation
from mexchange.config import keys, private_file

T = TypeVar("T")

TRIES: Final = 3
"""Wrong codes on the terminal before we give up; the server counts too."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose code is on its way. `seed`: of the key that it is about, empty for none."""

    what: Literal["sign-in", "key", "email", "other"]
    request_id: str
    seed: str = ""
    label: str = ""
    intent: int = 0
    text: str = ""

    def __repr__(self) -> str:
        return f"Waiting({self.what!r})"


def waiting_file(key_path: Path) -> Path:
    """Beside the device key."""
    return key_path.with_name(key_path.name + ".waiting")


def keep(path: Path, waiting: Waiting) -> None:
    """For `mx auth verify`."""
    private_file.write(path, msgspec.json.encode(waiting))


def kept(path: Path) -> Waiting:
    """What waits. Raises CliError."""
    content = private_file.read(path)
    if content is None:
        raise CliError(
            "E_NOT_FOUND", "nothing waits for a code", hint="mx auth login you@example.org", exit_code=NOT_FOUND
        )
    try:
        return msgspec.json.decode(content, type=Waiting)
    except msgspec.DecodeError:
        raise CliError("E_FILE", f"{path} cannot be read; remove it and ask for a new code") from None


def can_ask(mx: Invocation) -> bool:
    """Is there somebody at a terminal."""
    return not mx.settings.no_input and sys.stdin.isatty()


def ask(question: str) -> str:
    """One line from the terminal."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def enter(mx: Invocation, code: str | None, totp: str, send: Callable[[str, str], T]) -> T:
    """Send the code and, if it is wanted, what the authenticator shows; ask for either where there is a terminal.

    `send(code, second factor)` raises QueryRefused, whose E_CODE and E_TOTP may be put right by asking again.
    """
    from mexchange.client.errors import QueryRefused

    given = code if code is not None else ask("Code: ")
    for _ in range(TRIES):
        try:
            return send(given, totp)
        except QueryRefused as refused:
            if refused.code not in ("E_CODE", "E_TOTP") or not can_ask(mx):
                raise
            if refused.code == "E_TOTP":
                totp = ask("Authenticator or backup code: ")
            else:
                given = ask("That code is not valid. Code: ")
    return send(given, totp)


def seed_of(waiting: Waiting) -> bytes:
    """The key that waits. Raises CliError."""
    try:
        return keys.parse_seed(waiting.seed)
    except ValueError:
        raise CliError("E_FILE", "the request that waits has no key; ask for a new code", exit_code=AUTH) from None
