"""Hello to HandshakeResponse: both sides agree, nobody else gets anything."""

import os
import random

import pytest
from noise.connection import Keypair, NoiseConnection

from mexchange.protocol import handshake_packet as hp
from mexchange.protocol.errors import (
    BadCookie,
    BadPacket,
    ChangedServerKey,
    HandshakeFailed,
    ProtocolError,
    TooManyHandshakes,
    UnknownServer,
)
from mexchange.protocol.handshake import (
    Admitted,
    Answered,
    ClientHandshake,
    Established,
    ServerHandshake,
)
from mexchange.protocol.limits import AddressBuckets, HandshakeLimit
from mexchange.protocol.noise import StaticKey
from mexchange.protocol.packet import HEADER_SIZE, PROTOCOL_MAJOR, Address
from mexchange.protocol.reset import RESET_SIZE, Resetter, is_reset
from mexchange.protocol.server_key import ServerPin, fingerprint

HERE = ("10.0.0.1", 4000)
STATIC = StaticKey(b"s" * 32)
PINNED = ServerPin(expected=STATIC.public)
TOKEN = bytes(range(16))


def new_server(static: StaticKey = STATIC, *, rate: int = 1000) -> ServerHandshake:
    limit = HandshakeLimit(rate, rate)
    return ServerHandshake(static=static, boot_id=77, random=os.urandom, buckets=AddressBuckets(limit, limit), now_ns=0)


def answer(server: ServerHandshake, init: bytes, address: Address = HERE) -> Answered:
    return server.answer(server.admit(init, address, 0), index=5, reset_token=TOKEN, now_ns=0, time_ns=123)


def finish(client: ClientHandshake, server: ServerHandshake) -> tuple[Established, Answered]:
    init = client.read_retry(server.retry(client.hello(), HERE, 0))
    answered = answer(server, init)
    return client.read_response(answered.response, 0), answered


def test_both_sides_agree() -> None:
    established, answered = finish(ClientHandshake(PINNED, os.urandom), new_server())
    assert established.handshake_hash == answered.handshake_hash
    assert established.server_key == STATIC.public
    assert established.welcome == hp.Welcome(5, 77, 123, 0, TOKEN)
    assert not established.first_contact
    assert answered.channel.open(established.channel.seal(b"up", 0), 0) == b"up"
    assert established.channel.open(answered.channel.seal(b"down", 0), 0) == b"down"


def test_an_independent_noise_client_completes_the_handshake_with_our_server() -> None:
    server = new_server()
    hello = hp.Hello(os.urandom(32), features=0)
    cookie = hp.parse_retry(server.retry(hello.pack(), HERE, 0), hello.client_random)
    foreign = NoiseConnection.from_name(b"Noise_NX_25519_ChaChaPoly_BLAKE2s")
    foreign.set_as_initiator()
    foreign.set_prologue(PROTOCOL_MAJOR + hello.pack()[: HEADER_SIZE + 40])
    foreign.start_handshake()
    init = hp.HandshakeInit(cookie, hello, bytes(foreign.write_message(hp.pack_client_index(9)))).pack()
    answered = answer(server, init)
    welcome = hp.parse_welcome(bytes(foreign.read_message(hp.parse_response(answered.response, 9))))
    assert welcome.server_index == 5
    assert foreign.get_handshake_hash() == answered.handshake_hash
    assert bytes(foreign.noise_protocol.cipher_state_encrypt.k) == answered.channel._key_in
    assert bytes(foreign.noise_protocol.cipher_state_decrypt.k) == answered.channel._key_out


def test_our_client_completes_the_handshake_with_an_independent_noise_server() -> None:
    client = ClientHandshake(PINNED, os.urandom)
    hello = hp.parse_hello(client.hello())
    init = hp.parse_init(client.read_retry(hp.pack_retry(bytes(24), hello.client_random)))
    foreign = NoiseConnection.from_name(b"Noise_NX_25519_ChaChaPoly_BLAKE2s")
    foreign.set_as_responder()
    foreign.set_prologue(PROTOCOL_MAJOR + client.hello()[: HEADER_SIZE + 40])
    foreign.set_keypair_from_private_bytes(Keypair.STATIC, b"s" * 32)
    foreign.start_handshake()
    client_index = hp.parse_client_index(bytes(foreign.read_message(init.noise)))
    message = bytes(foreign.write_message(hp.Welcome(3, 4, 5, 0, TOKEN).pack()))
    established = client.read_response(hp.pack_response(client_index, message), 0)
    assert established.welcome.server_index == 3
    assert established.handshake_hash == foreign.get_handshake_hash()
    sealed = established.channel.seal(b"first", 0)
    assert foreign.noise_protocol.cipher_state_decrypt.decrypt_with_ad(sealed[:16], sealed[16:]) == b"first"


def test_first_contact_is_refused_unless_allowed() -> None:
    with pytest.raises(UnknownServer, match="SHA256:") as caught:
        finish(ClientHandshake(ServerPin(), os.urandom), new_server())
    assert caught.value.seen == STATIC.public
    established, _ = finish(ClientHandshake(ServerPin(accept_new=True), os.urandom), new_server())
    assert established.first_contact


@pytest.mark.parametrize("accept_new", [False, True])
def test_a_changed_key_is_always_refused(accept_new: bool) -> None:
    pin = ServerPin(expected=b"x" * 32, accept_new=accept_new)
    with pytest.raises(ChangedServerKey) as caught:
        finish(ClientHandshake(pin, os.urandom), new_server())
    assert fingerprint(STATIC.public) in str(caught.value)
    assert fingerprint(b"x" * 32) in str(caught.value)


def test_a_server_without_the_pinned_private_key_cannot_answer() -> None:
    """Somebody in between may copy the public key, not use it."""
    client = ClientHandshake(PINNED, os.urandom)
    impostor = new_server(StaticKey(b"i" * 32))
    init = client.read_retry(impostor.retry(client.hello(), HERE, 0))
    response = bytearray(answer(impostor, init).response)
    response[HEADER_SIZE + 32 : HEADER_SIZE + 64] = STATIC.public
    with pytest.raises(HandshakeFailed):
        client.read_response(bytes(response), 0)


def test_every_flipped_byte_of_the_response_is_refused_and_the_real_one_still_works() -> None:
    client, server = ClientHandshake(PINNED, os.urandom), new_server()
    answered = answer(server, client.read_retry(server.retry(client.hello(), HERE, 0)))
    for position in [0, *range(4, 8), *range(HEADER_SIZE, len(answered.response))]:
        tampered = bytearray(answered.response)
        tampered[position] ^= 0x40
        with pytest.raises((BadPacket, HandshakeFailed)):
            client.read_response(bytes(tampered), 0)
    assert client.read_response(answered.response, 0).handshake_hash == answered.handshake_hash


def test_a_changed_byte_of_the_init_never_ends_in_an_agreement() -> None:
    client, server = ClientHandshake(PINNED, os.urandom), new_server()
    init = client.read_retry(server.retry(client.hello(), HERE, 0))
    used = HEADER_SIZE + 24 + 40 + 36
    for position in [0, 2, 3, *range(HEADER_SIZE, used)]:
        tampered = bytearray(init)
        tampered[position] ^= 1
        with pytest.raises(ProtocolError):
            client.read_response(answer(server, bytes(tampered)).response, 0)


def test_nothing_is_admitted_without_a_valid_cookie() -> None:
    client, server = ClientHandshake(PINNED, os.urandom), new_server(rate=1)
    init = client.read_retry(server.retry(client.hello(), HERE, 0))
    with pytest.raises(BadCookie):
        server.admit(init, ("10.0.0.9", 4000), 0)
    with pytest.raises(BadCookie):
        new_server().admit(init, HERE, 0)
    assert len(server._buckets) == 0, "not even a bucket"
    admitted = server.admit(init, HERE, 0)
    assert isinstance(admitted, Admitted)
    with pytest.raises(TooManyHandshakes):
        server.admit(init, HERE, 0)


def test_the_retry_is_smaller_than_the_hello_and_hellos_of_other_sizes_get_none() -> None:
    client, server = ClientHandshake(PINNED, os.urandom), new_server()
    assert len(server.retry(client.hello(), HERE, 0)) <= len(client.hello())
    for size in (16, 56, 1199):
        with pytest.raises(BadPacket):
            server.retry(client.hello()[:size], HERE, 0)


def test_a_response_before_the_retry_is_refused() -> None:
    with pytest.raises(BadPacket):
        ClientHandshake(PINNED, os.urandom).read_response(hp.pack_response(1, bytes(144)), 0)


def test_the_same_randomness_gives_the_same_handshake() -> None:
    def run() -> bytes:
        source = random.Random(4)
        limit = HandshakeLimit()
        server = ServerHandshake(
            static=STATIC, boot_id=1, random=source.randbytes, buckets=AddressBuckets(limit, limit), now_ns=0
        )
        return finish(ClientHandshake(PINNED, source.randbytes), server)[0].handshake_hash

    assert run() == run()


def test_a_reset_is_believed_only_with_the_token_of_the_index_and_address() -> None:
    resetter = Resetter(STATIC)
    token = resetter.token(5, HERE)
    datagram = resetter.answer(bytes(100), 5, HERE)
    assert datagram is not None
    assert is_reset(datagram, token)
    assert not is_reset(datagram + b"\0", token)
    assert not is_reset(datagram, resetter.token(6, HERE))
    assert not is_reset(datagram, resetter.token(5, ("10.0.0.2", 4000)))
    assert Resetter(StaticKey(b"s" * 32)).token(5, HERE) == token, "a restarted server makes the same"
    assert Resetter(StaticKey(b"t" * 32)).token(5, HERE) != token


def test_a_reset_is_smaller_than_what_provoked_it() -> None:
    assert Resetter(STATIC).answer(bytes(RESET_SIZE), 5, HERE) is None
    reset = Resetter(STATIC).answer(bytes(RESET_SIZE + 1), 5, HERE)
    assert reset is not None
    assert len(reset) == RESET_SIZE


def test_fingerprints_look_like_those_of_ssh() -> None:
    assert fingerprint(bytes(32)) == "SHA256:Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU"
