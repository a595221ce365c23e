"""The data directory of a daemon, apart from what `store` keeps in it.

journal/ snapshots/ identity.db                 store
server.key            0600  the static key of the sealed channel, hex
run/daemon.json       0600  where the daemon listens, while it does
client/profile.toml   0600  how a person on this machine logs in; with `key`, demo only
client/operator.toml  0600  the same for the operator; with `operator.key`
client/bot-KIND.key   0600  the keys of the demo's bots
"""

import os
from pathlib import Path
from typing import Final

from mexchange.config import keys, paths, private_file, profiles
from mexchange.identity.directory import Directory
from mexchange.identity.scopes import OPERATOR, OWN
from mexchange.protocol.login import public_key_of
from mexchange.protocol.noise import StaticKey
from mexchange.store.errors import FolderError

SERVER_KEY: Final = "server.key"
DEMO_LABEL: Final = "demo@local"
OPERATOR_LABEL: Final = "operator@local"
BOT_KINDS: Final = ("maker", "taker")
DEMO_MARKET: Final = "KCN/EUR"
_KEY_BYTES: Final = 32


def identity_file(data: Path) -> Path:
    """The database of owners and keys."""
    return data / "identity.db"


def server_key(data: Path) -> StaticKey:
    """The static key of this data directory, made at the first start. FolderError if the file is no key."""
    path = data / SERVER_KEY
    content = private_file.read(path)
    if content is None:
        private = os.urandom(_KEY_BYTES)
        private_file.write(path, private.hex().encode() + b"\n")
        return StaticKey(private)
    try:
        private = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        private = b""
    if len(private) != _KEY_BYTES:
        raise FolderError(f"{path} is not a server key: restore it, or remove it and tell every client the new one")
    return StaticKey(private)


def put_operator_key(data: Path, directory: Directory, time_ns: int) -> str:
    """A key with admin scope for whoever owns the data directory; made once. Returns its name."""
    return _put_key(
        paths.local_operator_key_file(data),
        paths.local_operator_profile_file(data),
        directory,
        label=OPERATOR_LABEL,
        scopes=OPERATOR,
        time_ns=time_ns,
    )


def put_demo_key(data: Path, directory: Directory, time_ns: int) -> str:
    """The key of `demo@local`, so that a second shell trades without further ado; made once. Returns its name."""
    return _put_key(
        paths.local_key_file(data),
        paths.local_profile_file(data),
        directory,
        label=DEMO_LABEL,
        scopes=OWN,
        time_ns=time_ns,
    )


def put_bot_keys(data: Path, directory: Directory, time_ns: int) -> frozenset[str]:
    """The keys of the demo's bots, made once. Returns their names."""
    return frozenset(
        _put_key(
            paths.local_bot_key_file(data, kind), None, directory, label=f"{kind} bot", scopes=OWN, time_ns=time_ns
        )
        for kind in BOT_KINDS
    )


def _put_key(
    key_path: Path,
    profile_path: Path | None,
    directory: Directory,
    *,
    label: str,
    scopes: int,
    time_ns: int,
) -> str:
    seed = keys.read(key_path)
    if seed is None:
        seed = os.urandom(keys.SEED_BYTES)
        keys.write(key_path, seed)
    key = directory.add_device(public_key_of(seed), label=label, scopes=scopes, time_ns=time_ns)
    if profile_path is not None and not profile_path.exists():
        profiles.write_local(profile_path, profiles.Profile(market=DEMO_MARKET, key_id=key.key_id))
    return key.key_id
