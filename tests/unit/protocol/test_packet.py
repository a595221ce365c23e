"""The outer header and the handshake's datagrams."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.protocol import handshake_packet as hp
from mexchange.protocol.errors import BadPacket, HandshakeFailed, ProtocolError
from mexchange.protocol.packet import DATAGRAM_SIZE_MAX, HEADER_SIZE, Kind, pack_header, parse_header


@given(st.sampled_from(Kind), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.integers(0, 255))
def test_a_header_is_read_back(kind: Kind, index: int, counter: int, epoch: int) -> None:
    data = pack_header(kind, receiver_index=index, counter=counter, epoch=epoch)
    assert len(data) == HEADER_SIZE
    assert parse_header(data) == (kind, epoch, 0, index, counter)


def test_header_bytes_are_as_documented() -> None:
    data = pack_header(Kind.DATA, receiver_index=0x04030201, counter=0x0807060504030201, epoch=9, minor=0x0201)
    assert data == bytes([5, 9, 1, 2, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8])


@pytest.mark.parametrize("size", [0, 1, HEADER_SIZE - 1, DATAGRAM_SIZE_MAX + 1])
def test_a_datagram_of_the_wrong_length_is_refused(size: int) -> None:
    with pytest.raises(BadPacket):
        parse_header(b"\x05" * size)


@pytest.mark.parametrize("kind", [0, 7, 255])
def test_an_unknown_kind_is_refused(kind: int) -> None:
    with pytest.raises(BadPacket):
        parse_header(bytes([kind]) + bytes(40))


@given(st.binary(max_size=DATAGRAM_SIZE_MAX))
def test_garbage_yields_only_protocol_errors(data: bytes) -> None:
    parsers: list[Callable[[bytes], object]] = [
        parse_header,
        hp.parse_hello,
        hp.parse_init,
        hp.parse_welcome,
        hp.parse_client_index,
        lambda datagram: hp.parse_retry(datagram, bytes(32)),
        lambda datagram: hp.parse_response(datagram, 1),
    ]
    for parse in parsers:
        try:
            parse(data)
        except ProtocolError:
            continue


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**64 - 1))
def test_hello_and_init_are_read_back(client_random: bytes, features: int) -> None:
    hello = hp.Hello(client_random, features)
    assert len(hello.pack()) == DATAGRAM_SIZE_MAX
    assert hp.parse_hello(hello.pack()) == hello
    init = hp.HandshakeInit(bytes(range(24)), hello, bytes(36))
    assert hp.parse_init(init.pack()) == init


def test_no_answer_is_larger_than_its_question() -> None:
    assert hp.RETRY_SIZE == 40 <= hp.HELLO_SIZE
    assert hp.RESPONSE_SIZE == 160 <= hp.INIT_SIZE


def test_a_retry_of_another_hello_is_refused() -> None:
    retry = hp.pack_retry(bytes(24), b"a" * 32)
    assert hp.parse_retry(retry, b"a" * 32) == bytes(24)
    with pytest.raises(BadPacket, match="another hello"):
        hp.parse_retry(retry, b"b" * 32)


def test_a_welcome_of_another_size_fails_the_handshake() -> None:
    welcome = hp.Welcome(7, 2**64 - 1, -1, 3, bytes(range(16)))
    assert hp.parse_welcome(welcome.pack()) == welcome
    with pytest.raises(HandshakeFailed):
        hp.parse_welcome(welcome.pack() + b"\0")
