"""Keys on record: who signs for this very channel comes in, everybody else is told why not."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest

from mexchange.codec.messages import Login, LoginMethod, LoginRefusal
from mexchange.identity.directory import OWNER_FIRST, OWNER_LAST, Directory, LoginDenied, key_id_of
from mexchange.identity.scopes import OWN, READ_ONLY, Scope, show
from mexchange.protocol.login import EnrollLogin, KeyLogin, LoginContext, public_key_of
from mexchange.store.errors import FormatTooNew
from mexchange.store.identity import IdentityCorrupt, IdentityStore

SEED: Final = b"a seed of thirty-two bytes, exac"
PUBLIC: Final = public_key_of(SEED)
HASH: Final = b"h" * 32
SERVER: Final = b"s" * 32
NOW_NS: Final = 1_800_000_000 * 10**9
CONTEXT: Final = LoginContext(HASH, SERVER, NOW_NS // 10**6)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[IdentityStore]:
    opened = IdentityStore(tmp_path / "identity.db")
    yield opened
    opened.close()


@pytest.fixture
def directory(store: IdentityStore) -> Directory:
    return Directory(store, os.urandom)


def check(directory: Directory, login: Login, *, handshake_hash: bytes = HASH, now_ns: int = NOW_NS) -> str:
    key = directory.check_key(login, handshake_hash=handshake_hash, server_key=SERVER, time_ns=now_ns)
    return key.key_id


def refusal(directory: Directory, login: Login, *, handshake_hash: bytes = HASH, now_ns: int = NOW_NS) -> LoginRefusal:
    with pytest.raises(LoginDenied) as denied:
        check(directory, login, handshake_hash=handshake_hash, now_ns=now_ns)
    return denied.value.refusal


def test_a_device_enrolls_once_and_logs_in_with_its_key(directory: Directory) -> None:
    enrolling = EnrollLogin(SEED, "laptop").message(CONTEXT)
    first = directory.enroll(enrolling, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS)
    again = directory.enroll(enrolling, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS + 1)
    assert first == again
    assert (first.scopes, first.label) == (OWN, "laptop")
    assert OWNER_FIRST <= first.owner <= OWNER_LAST
    assert check(directory, KeyLogin(first.key_id, SEED).message(CONTEXT)) == first.key_id


def test_a_login_is_worth_nothing_on_another_channel_or_later(directory: Directory) -> None:
    directory.add_device(PUBLIC, label="laptop", scopes=OWN, time_ns=NOW_NS)
    login = KeyLogin(key_id_of(PUBLIC), SEED).message(CONTEXT)
    assert refusal(directory, login, handshake_hash=b"x" * 32) == LoginRefusal.BAD_SIGNATURE
    assert refusal(directory, login, now_ns=NOW_NS + 121 * 10**9) == LoginRefusal.CLOCK_SKEW


def test_each_way_of_not_being_known_has_its_name(directory: Directory, store: IdentityStore) -> None:
    login = KeyLogin(key_id_of(PUBLIC), SEED).message(CONTEXT)
    assert refusal(directory, login) == LoginRefusal.UNKNOWN_KEY
    key = directory.add_device(PUBLIC, label="laptop", scopes=READ_ONLY, time_ns=NOW_NS, expires_ns=NOW_NS + 10**9)
    assert refusal(directory, login, now_ns=NOW_NS + 10**9) == LoginRefusal.KEY_REVOKED
    assert check(directory, login) == key.key_id
    store.revoke(key.key_id, NOW_NS)
    store.revoke(key.key_id, NOW_NS + 5)
    assert refusal(directory, login) == LoginRefusal.KEY_REVOKED
    revoked = store.key(key.key_id)
    assert revoked is not None
    assert revoked.revoked_ns == NOW_NS
    forged = msgspec.structs.replace(login, signature=bytes(64))
    assert refusal(directory, forged) == LoginRefusal.BAD_SIGNATURE


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(33)])
def test_a_public_key_has_32_bytes(directory: Directory, public_key: bytes) -> None:
    login = Login(method=LoginMethod.ENROLL, public_key=public_key, unix_ms=CONTEXT.unix_ms)
    with pytest.raises(LoginDenied) as denied:
        directory.enroll(login, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS)
    assert denied.value.refusal == LoginRefusal.MALFORMED


def test_a_label_cannot_steer_a_terminal(directory: Directory) -> None:
    key = directory.add_device(PUBLIC, label="\x1b[2Jlap\ntop" + "x" * 100, scopes=OWN, time_ns=NOW_NS)
    assert key.label.startswith("[2Jlaptop")
    assert len(key.label) == 64


def test_owners_never_collide(store: IdentityStore) -> None:
    draws = iter([1 << 20, 1 << 20, 3, 1 << 21])
    directory = Directory(store, lambda n: (next(draws) << 1).to_bytes(n, "little"))
    first = directory.add_device(PUBLIC, label="a", scopes=OWN, time_ns=NOW_NS)
    second = directory.add_device(bytes(32), label="b", scopes=OWN, time_ns=NOW_NS)
    assert (first.owner, second.owner) == (1 << 20, 1 << 21)


def test_records_outlive_the_process_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "identity.db"
    store = IdentityStore(path)
    key = Directory(store, os.urandom).add_device(PUBLIC, label="a", scopes=OWN, time_ns=NOW_NS)
    assert not store.is_granted(key.owner)
    store.mark_granted(key.owner, NOW_NS)
    store.close()
    again = IdentityStore(path)
    assert again.key_of_device(PUBLIC) == key
    assert again.keys_of(key.owner) == [key]
    assert again.is_granted(key.owner)
    assert path.stat().st_mode & 0o077 == 0
    again.close()


def test_a_later_schema_and_a_damaged_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "identity.db"
    IdentityStore(path).close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE schema SET version = 99")
    database.close()
    with pytest.raises(FormatTooNew):
        IdentityStore(path)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(IdentityCorrupt):
        IdentityStore(damaged)


def test_scopes_have_names() -> None:
    assert show(READ_ONLY) == "public read"
    assert show(Scope.ADMIN | Scope.TRADE) == "trade admin"
