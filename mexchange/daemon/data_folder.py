"""The data directory of a daemon, apart from what `store` keeps in it.

journal/ snapshots/ identity.db                 store
server.key            0600  the static key of the sealed channel, hex
identity.key          0600  what seals and hashes personal data, hex; without it identity.db cannot be used
run/daemon.json       0600  where the daemon listens, while it does
client/profile.toml   0600  how a person on this machine logs in; with `key`, demo only
client/operator.toml  0600  the same for the operator; with `operator.key`
client/bot-KIND.key   0600  the keys of the demo's bots
client/gateway.toml   0600  the name of the service key of the demo's gateway; with `gateway.key`
"""

import os
from pathlib import Path
from typing import Final

from mexchange.codec.messages import KeyKind
from mexchange.config import keys, paths, private_file, profiles
from mexchange.identity.directory import Directory
from mexchange.identity.roles import SCOPES, Role
from mexchange.identity.vault import Vault
from mexchange.protocol.login import public_key_of
from mexchange.protocol.noise import StaticKey
from mexchange.store.errors import FolderError
from mexchange.store.identity import Key

SERVER_KEY: Final = "server.key"
IDENTITY_KEY: Final = "identity.key"
DEMO_LABEL: Final = "demo@local"
OPERATOR_LABEL: Final = "operator@local"
GATEWAY_LABEL: Final = "gateway@local"
BOT_KINDS: Final = ("maker", "taker")
DEMO_MARKET: Final = "KCN/EUR"
_KEY_BYTES: Final = 32


def server_key(data: Path) -> StaticKey:
    """The static key of this data directory, made at the first start. FolderError if the file is no key."""
    private = _secret(data / SERVER_KEY)
    if len(private) != _KEY_BYTES:
        raise FolderError(
            f"{data / SERVER_KEY} is not a server key: restore it, or remove it and tell every client the new one"
        )
    return StaticKey(private)


def vault(data: Path) -> Vault:
    """What seals personal data of this data directory; its key is made at the first start. FolderError."""
    try:
        return Vault(_secret(data / IDENTITY_KEY))
    except ValueError as error:
        raise FolderError(f"{data / IDENTITY_KEY}: {error}; restore it from a backup") from None


def _secret(path: Path) -> bytes:
    """The bytes of a secret, drawn and written if there is no file yet; empty if the file is not hex."""
    content = private_file.read(path)
    if content is None:
        drawn = os.urandom(_KEY_BYTES)
        private_file.write(path, drawn.hex().encode() + b"\n")
        return drawn
    try:
        return bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        return b""


async def put_operator_key(data: Path, directory: Directory, time_ns: int) -> Key:
    """A key with admin scope for whoever owns the data directory; made once."""
    return await _put_key(
        paths.local_operator_key_file(data),
        paths.local_operator_profile_file(data),
        directory,
        label=OPERATOR_LABEL,
        role=Role.ADMIN,
        time_ns=time_ns,
    )


async def put_demo_key(data: Path, directory: Directory, time_ns: int) -> Key:
    """The key of `demo@local`, so that a second shell trades without further ado; made once."""
    return await _put_key(
        paths.local_key_file(data),
        paths.local_profile_file(data),
        directory,
        label=DEMO_LABEL,
        role=Role.TRADER,
        time_ns=time_ns,
    )


async def put_bot_keys(data: Path, directory: Directory, time_ns: int) -> frozenset[str]:
    """The keys of the demo's bots, made once. Returns their names."""
    made = [
        await _put_key(
            paths.local_bot_key_file(data, kind),
            None,
            directory,
            label=f"{kind} bot",
            role=Role.MARKET_MAKER,
            time_ns=time_ns,
        )
        for kind in BOT_KINDS
    ]
    return frozenset(key.key_id for key in made)


async def put_gateway_key(data: Path, directory: Directory, time_ns: int) -> Key:
    """The service key of the demo's gateway; made once."""
    return await _put_key(
        paths.local_gateway_key_file(data),
        paths.local_gateway_profile_file(data),
        directory,
        label=GATEWAY_LABEL,
        role=Role.SERVICE,
        time_ns=time_ns,
        kind=KeyKind.SERVICE,
    )


async def _put_key(
    key_path: Path,
    profile_path: Path | None,
    directory: Directory,
    *,
    label: str,
    role: Role,
    time_ns: int,
    kind: KeyKind = KeyKind.DEVICE,
) -> Key:
    seed = keys.read(key_path)
    if seed is None:
        seed = os.urandom(keys.SEED_BYTES)
        keys.write(key_path, seed)
    key = await directory.add_device(
        public_key_of(seed), label=label, scopes=SCOPES[role], role=role, time_ns=time_ns, kind=kind
    )
    if profile_path is not None and profiles.read_local(profile_path) is None:
        profiles.write_local(profile_path, profiles.Profile(market=DEMO_MARKET, key_id=key.key_id))
    return key
