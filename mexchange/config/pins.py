"""`known_servers`: the key that each server showed when it was first met, one line each.

    ex.example:9001 4f1c…   (64 hex digits)

A server that shows another key later is not talked to. Lines that start with # are comments.
"""

from pathlib import Path
from typing import Final

from mexchange.config import private_file, values
from mexchange.config.errors import BadFile, ServerKeyChanged

KEY_BYTES: Final = 32

Pins = dict[tuple[str, int], bytes]
"""(host, port) → public key, 32 bytes."""


def read(path: Path) -> Pins:
    """All pins; none if there is no file. Raises BadFile."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: {error}") from None
    pins: Pins = {}
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            address, key = words[:2]
            pins[values.split_server(address)] = _key(key)
        except ValueError as error:
            raise BadFile(f"{path}, line {number}: {error}") from None
    return pins


def check(path: Path, host: str, port: int, key: bytes) -> bool:
    """Is this the key that we know: True. Never met: False. Raises ServerKeyChanged, BadFile."""
    known = read(path).get((host, port))
    if known is None:
        return False
    if known != key:
        raise ServerKeyChanged(
            f"the server at {_address(host, port)} shows the key {key.hex()[:16]}…, known is {known.hex()[:16]}…",
            f"if its operator confirms a new key, remove its line from {path}",
        )
    return True


def add(path: Path, host: str, port: int, key: bytes) -> None:
    """Remember a server that was never met. Raises ServerKeyChanged, BadFile, OSError."""
    assert len(key) == KEY_BYTES
    if check(path, host, port, key):
        return
    before = path.read_bytes() if path.exists() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    private_file.write(path, before + f"{_address(host, port)} {key.hex()}\n".encode())


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {2 * KEY_BYTES} hex digits")
    return key
