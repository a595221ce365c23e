"""Our Noise against an independent implementation, in both roles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise.connection import Keypair, NoiseConnection

from mexchange.protocol.channel import rekeyed
from mexchange.protocol.errors import HandshakeFailed
from mexchange.protocol.noise import Initiator, Responder, StaticKey

NAME = b"Noise_NX_25519_ChaChaPoly_BLAKE2s"
key_bytes = st.binary(min_size=32, max_size=32)
prologues = st.binary(max_size=100)
payloads = st.binary(max_size=100)


def foreign_initiator(prologue: bytes) -> NoiseConnection:
    connection = NoiseConnection.from_name(NAME)
    connection.set_as_initiator()
    connection.set_prologue(prologue)
    connection.start_handshake()
    return connection


def foreign_responder(prologue: bytes, static: bytes) -> NoiseConnection:
    connection = NoiseConnection.from_name(NAME)
    connection.set_as_responder()
    connection.set_prologue(prologue)
    connection.set_keypair_from_private_bytes(Keypair.STATIC, static)
    connection.start_handshake()
    return connection


def foreign_keys(connection: NoiseConnection) -> tuple[bytes, bytes]:
    protocol = connection.noise_protocol
    return bytes(protocol.cipher_state_encrypt.k), bytes(protocol.cipher_state_decrypt.k)


@settings(max_examples=20)
@given(prologues, key_bytes, key_bytes, payloads, payloads)
def test_an_independent_responder_completes_our_handshake(
    prologue: bytes, ephemeral: bytes, static: bytes, payload1: bytes, payload2: bytes
) -> None:
    ours = Initiator(prologue=prologue, ephemeral=StaticKey(ephemeral))
    theirs = foreign_responder(prologue, static)
    assert bytes(theirs.read_message(ours.write_message(payload1))) == payload1
    payload, server_key, split = ours.read_message(bytes(theirs.write_message(payload2)))
    assert payload == payload2
    assert server_key == StaticKey(static).public
    assert split.handshake_hash == theirs.get_handshake_hash()
    assert (split.receive_key, split.send_key) == foreign_keys(theirs)


@settings(max_examples=20)
@given(prologues, key_bytes, key_bytes, payloads, payloads)
def test_an_independent_initiator_completes_our_handshake(
    prologue: bytes, static: bytes, server_ephemeral: bytes, payload1: bytes, payload2: bytes
) -> None:
    ours = Responder(prologue=prologue, static=StaticKey(static), ephemeral=StaticKey(server_ephemeral))
    theirs = foreign_initiator(prologue)
    assert ours.read_message(bytes(theirs.write_message(payload1))) == payload1
    message, split = ours.write_message(payload2)
    assert bytes(theirs.read_message(message)) == payload2
    assert split.handshake_hash == theirs.get_handshake_hash()
    assert (split.receive_key, split.send_key) == foreign_keys(theirs)


def test_another_prologue_fails_the_handshake() -> None:
    client = Initiator(prologue=b"mx/1 one", ephemeral=StaticKey(b"e" * 32))
    server = Responder(prologue=b"mx/1 two", static=StaticKey(b"s" * 32), ephemeral=StaticKey(b"f" * 32))
    server.read_message(client.write_message(b""))
    message, _ = server.write_message(b"hello")
    with pytest.raises(HandshakeFailed):
        client.read_message(message)


def test_every_byte_of_the_second_message_is_protected() -> None:
    server = Responder(prologue=b"p", static=StaticKey(b"s" * 32), ephemeral=StaticKey(b"f" * 32))
    server.read_message(Initiator(prologue=b"p", ephemeral=StaticKey(b"e" * 32)).write_message(b"x"))
    message, _ = server.write_message(b"payload")
    for position in range(len(message)):
        tampered = bytearray(message)
        tampered[position] ^= 1
        client = Initiator(prologue=b"p", ephemeral=StaticKey(b"e" * 32))
        client.write_message(b"x")
        with pytest.raises(HandshakeFailed):
            client.read_message(bytes(tampered))


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31)])
def test_a_point_of_small_order_fails_the_handshake(point: bytes) -> None:
    server = Responder(prologue=b"", static=StaticKey(b"s" * 32), ephemeral=StaticKey(b"f" * 32))
    server.read_message(point)
    with pytest.raises(HandshakeFailed):
        server.write_message(b"")


def test_short_messages_fail_the_handshake() -> None:
    server = Responder(prologue=b"", static=StaticKey(b"s" * 32), ephemeral=StaticKey(b"f" * 32))
    with pytest.raises(HandshakeFailed):
        server.read_message(bytes(31))
    with pytest.raises(HandshakeFailed):
        Initiator(prologue=b"", ephemeral=StaticKey(b"e" * 32)).read_message(bytes(95))


def test_derived_secrets_differ_by_key_and_purpose() -> None:
    key = StaticKey(b"k" * 32)
    secrets = {key.derive(b"a"), key.derive(b"b"), StaticKey(b"l" * 32).derive(b"a")}
    assert len(secrets) == 3
    assert key.derive(b"a") == StaticKey(b"k" * 32).derive(b"a")


def test_the_next_epochs_key_is_another_one() -> None:
    assert len({b"k" * 32, rekeyed(b"k" * 32), rekeyed(rekeyed(b"k" * 32))}) == 3


def test_a_key_pair_does_not_print_its_private_half() -> None:
    assert (b"k" * 32).decode() not in repr(StaticKey(b"k" * 32))
