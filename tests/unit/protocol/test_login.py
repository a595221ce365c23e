"""What a signature of a login is good for: one key, one channel, one server, one moment."""

import msgspec
import pytest

from mexchange.codec.messages import Login, LoginMethod
from mexchange.protocol.login import (
    SMALL_ORDER,
    AnonymousLogin,
    EnrollLogin,
    KeyLogin,
    LoginContext,
    public_key_of,
    verify_login,
)

SEED = b"s" * 32
CONTEXT = LoginContext(b"h" * 32, b"k" * 32, 1_800_000_000_000)


def verify(
    login: Login, *, seed: bytes = SEED, handshake_hash: bytes = b"h" * 32, server_key: bytes = b"k" * 32
) -> bool:
    return verify_login(login, public_key=public_key_of(seed), handshake_hash=handshake_hash, server_key=server_key)


def test_a_signed_login_is_good_on_its_own_channel_only() -> None:
    login = KeyLogin("mine", SEED, "mx 1").message(CONTEXT)
    assert verify(login)
    assert not verify(login, handshake_hash=b"i" * 32), "relayed over another channel"
    assert not verify(login, server_key=b"l" * 32), "relayed to another server"
    assert not verify(login, seed=b"t" * 32), "signed by another key"


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": "yours"},
        {"unix_ms": 1_800_000_000_001},
        {"unix_ms": -1},
        {"signature": b""},
        {"signature": bytes(64)},
        {"signature": bytes(65)},
    ],
)
def test_a_changed_login_is_refused(change: dict[str, object]) -> None:
    assert not verify(msgspec.structs.replace(KeyLogin("mine", SEED).message(CONTEXT), **change))


def test_an_enrolment_proves_the_key_that_it_brings() -> None:
    login = EnrollLogin(SEED, "laptop").message(CONTEXT)
    assert (login.method, login.public_key, login.label) == (LoginMethod.ENROLL, public_key_of(SEED), "laptop")
    assert verify(login)


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(33), b"\xff" * 32])
def test_a_public_key_that_is_none_verifies_nothing(public_key: bytes) -> None:
    login = EnrollLogin(SEED, "laptop").message(CONTEXT)
    assert not verify_login(login, public_key=public_key, handshake_hash=b"h" * 32, server_key=b"k" * 32)


def test_public_keys_of_small_order_verify_nothing() -> None:
    """OpenSSL accepts, for these, signatures that anybody can write down."""
    login = msgspec.structs.replace(AnonymousLogin().message(CONTEXT), signature=b"\x01" + bytes(63))
    for point in SMALL_ORDER:
        for sign in (0, 0x80):
            key = point[:31] + bytes([point[31] | sign])
            assert not verify_login(login, public_key=key, handshake_hash=b"h" * 32, server_key=b"k" * 32)
