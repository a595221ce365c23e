"""Device keys: the Ed25519 seed by which a server recognises this device. 0600 files, or the environment.

    MX_API_KEY + MX_API_SECRET  >  client/key of a local market  >  keys/<profile>.key

A file of a key holds 64 hex digits and a newline. What is found nowhere makes the session anonymous.
"""

from pathlib import Path
from typing import Final

import msgspec

from mexchange.config import paths, private_file
from mexchange.config.errors import BadFile, BadValue
from mexchange.config.server import Server, local_profile
from mexchange.config.settings import Origin, Settings, Source

SEED_BYTES: Final = 32


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs in. Its text form does not show the seed, so that no log does."""

    key_id: str | None
    """The server's name for the key, as MX_API_KEY gives it; None: the public key alone identifies it."""
    seed: bytes
    origin: Origin

    def __repr__(self) -> str:
        return f"Credentials(key_id={self.key_id!r}, origin={str(self.origin)!r})"


def find_credentials(settings: Settings, server: Server) -> Credentials | None:
    """The key for this server, or None for an anonymous session. Raises BadValue, BadFile, UnsafeFile.

    The key of a local market is used for that market alone, and the key of a profile only if the profile named the
    server: a server named by a flag never learns who somebody is elsewhere.
    """
    if settings.api_key is not None or settings.api_secret is not None:
        return _from_environment(settings)
    if server.local is not None:
        path = paths.local_key_file(server.local)
        return _from_file(path, local_profile(server).key_id)
    if settings.profile is not None and server.origin.source is Source.PROFILE:
        return _from_file(paths.key_file(settings.config_dir, settings.profile), settings.chosen.key_id)
    return None


def read(path: Path) -> bytes | None:
    """The seed in a file, 32 bytes, or None if there is no file. Raises BadFile, UnsafeFile."""
    try:
        content = private_file.read(path)
    except OSError as error:
        raise BadFile(f"{path}: {error}") from None
    if content is None:
        return None
    try:
        return parse_seed(content.decode("ascii"))
    except ValueError as error:
        raise BadFile(f"{path}: {error}") from None


def write(path: Path, seed: bytes) -> None:
    """Keep a seed, mode 0600. Raises OSError."""
    assert len(seed) == SEED_BYTES
    private_file.write(path, seed.hex().encode() + b"\n")


def parse_seed(text: str) -> bytes:
    """64 hex digits. Raises ValueError, without the text in it."""
    try:
        seed = bytes.fromhex(text.strip())
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a device key has {2 * SEED_BYTES} hex digits")
    return seed


def _from_environment(settings: Settings) -> Credentials:
    if settings.api_key is None or settings.api_secret is None:
        missing = "MX_API_KEY" if settings.api_key is None else "MX_API_SECRET"
        raise BadValue(f"{missing} is not set; MX_API_KEY and MX_API_SECRET belong together")
    try:
        seed = parse_seed(settings.api_secret)
    except ValueError as error:
        raise BadValue(f"MX_API_SECRET: {error}") from None
    return Credentials(key_id=settings.api_key, seed=seed, origin=settings.origins["api_secret"])


def _from_file(path: Path, key_id: str | None) -> Credentials | None:
    seed = read(path)
    if seed is None:
        return None
    return Credentials(key_id=key_id, seed=seed, origin=Origin(Source.DATA, str(path)))
