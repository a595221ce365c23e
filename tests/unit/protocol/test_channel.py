"""Sealed datagrams: tampering, replay, epochs, the last counter."""

import random

import pytest

from mexchange.protocol import channel as module
from mexchange.protocol.channel import COUNTER_MAX, OLD_KEY_LIFETIME_NS, REKEY_AGE_NS, REKEY_PACKETS, SecureChannel
from mexchange.protocol.errors import BadPacket, ChannelError, Exhausted, Forged, Replayed, UnknownEpoch
from mexchange.protocol.noise import Split
from mexchange.protocol.packet import BLOCKS_SIZE_MAX, DATAGRAM_SIZE_MAX, Kind, parse_header


def pair() -> tuple[SecureChannel, SecureChannel]:
    one, two = b"1" * 32, b"2" * 32
    client = SecureChannel(Split(one, two, b"h" * 32), peer_index=7, now_ns=0)
    server = SecureChannel(Split(two, one, b"h" * 32), peer_index=9, now_ns=0)
    return client, server


def test_both_directions_carry_blocks() -> None:
    client, server = pair()
    for number in range(50):
        up = client.seal(b"up %d" % number, number)
        assert parse_header(up) == (Kind.DATA, 0, 0, 7, number)
        assert server.open(up, number) == b"up %d" % number
        down = server.seal(b"", number)
        assert parse_header(down).receiver_index == 9
        assert client.open(down, number) == b""


def test_a_full_datagram_is_1200_bytes() -> None:
    client, server = pair()
    datagram = client.seal(bytes(BLOCKS_SIZE_MAX), 0)
    assert len(datagram) == DATAGRAM_SIZE_MAX
    assert server.open(datagram, 0) == bytes(BLOCKS_SIZE_MAX)


def test_every_flipped_bit_is_refused_and_the_real_datagram_still_counts() -> None:
    client, server = pair()
    datagram = client.seal(b"sixteen bytes ok", 0)
    for position in range(len(datagram)):
        for bit in range(8):
            if position in range(4, 8):
                continue  # the receiver's index: checked below, it chooses the channel
            tampered = bytearray(datagram)
            tampered[position] ^= 1 << bit
            with pytest.raises((ChannelError, BadPacket)):
                server.open(bytes(tampered), 0)
    for position in range(4, 8):
        tampered = bytearray(datagram)
        tampered[position] ^= 1
        with pytest.raises(Forged):
            server.open(bytes(tampered), 0)
    assert server.open(datagram, 0) == b"sixteen bytes ok"


def test_every_truncation_is_refused() -> None:
    client, server = pair()
    datagram = client.seal(b"sixteen bytes ok", 0)
    for size in range(len(datagram)):
        with pytest.raises((ChannelError, BadPacket)):
            server.open(datagram[:size], 0)


def test_a_replayed_datagram_is_refused() -> None:
    client, server = pair()
    datagram = client.seal(b"order", 0)
    server.open(datagram, 0)
    for _ in range(3):
        with pytest.raises(Replayed):
            server.open(datagram, 0)


def test_a_datagram_is_not_accepted_by_its_own_sender() -> None:
    client, _ = pair()
    with pytest.raises(Forged):
        client.open(client.seal(b"order", 0), 0)


def test_reordered_datagrams_are_each_accepted_once(seed: int) -> None:
    client, server = pair()
    sent = [client.seal(b"%d" % number, 0) for number in range(500)]
    random.Random(seed).shuffle(sent)
    opened = sorted(int(server.open(datagram, 0)) for datagram in sent)
    assert opened == list(range(500))


def test_the_key_changes_with_age_and_the_old_one_is_kept_for_a_while() -> None:
    client, server = pair()
    late = [client.seal(b"late %d" % number, 0) for number in range(3)]
    young = client.seal(b"young", REKEY_AGE_NS)
    assert parse_header(young).epoch == 1
    assert server.open(late[0], REKEY_AGE_NS) == b"late 0"
    assert server.open(young, REKEY_AGE_NS) == b"young"
    assert server.open(late[1], REKEY_AGE_NS + OLD_KEY_LIFETIME_NS - 1) == b"late 1"
    with pytest.raises(UnknownEpoch):
        server.open(late[2], REKEY_AGE_NS + OLD_KEY_LIFETIME_NS)


def test_the_key_changes_after_2_to_the_20_datagrams() -> None:
    client, server = pair()
    server.open(client.seal(b"", 0), 0)
    client.counter = REKEY_PACKETS - 1
    last, first = client.seal(b"last", 0), client.seal(b"first", 0)
    assert (parse_header(last).epoch, parse_header(first).epoch) == (0, 1)
    assert server.open(first, 0) == b"first"
    assert server.open(last, 0) == b"last"


def test_epochs_run_around_the_byte() -> None:
    client, server = pair()
    for turn in range(600):
        now_ns = turn * REKEY_AGE_NS
        datagram = client.seal(b"x", now_ns)
        assert parse_header(datagram).epoch == turn % 256
        assert server.open(datagram, now_ns) == b"x"
        assert client.open(server.seal(b"y", now_ns), now_ns) == b"y"


def test_a_forged_next_epoch_changes_nothing() -> None:
    client, server = pair()
    forged = bytearray(client.seal(b"order", 0))
    forged[1] = 1
    for _ in range(3):
        with pytest.raises(Forged):
            server.open(bytes(forged), 0)
    assert server.open(client.seal(b"order", 0), 0) == b"order"


def test_epochs_further_away_are_unknown() -> None:
    client, server = pair()
    for epoch in (2, 128, 254, 255):
        datagram = bytearray(client.seal(b"order", 0))
        datagram[1] = epoch
        with pytest.raises(UnknownEpoch):
            server.open(bytes(datagram), 0)


def test_no_counter_is_used_beyond_the_last() -> None:
    client, server = pair()
    client.counter = COUNTER_MAX - 2
    client.seal(b"", 0)
    server.open(client.seal(b"the last", 0), 0)
    with pytest.raises(Exhausted):
        client.seal(b"", 0)
    assert client.counter == COUNTER_MAX


def test_a_counter_beyond_the_last_is_refused_unread() -> None:
    client, server = pair()
    client.counter = 2**63
    client._rekey_at_counter = 2**64
    with pytest.raises(Replayed):
        server.open(client.seal(b"", 0), 0)


def test_counters_are_never_used_twice_over_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REKEY_PACKETS", 5)
    client, _ = pair()
    client._rekey_at_counter = 5
    headers = [parse_header(client.seal(b"", 0)) for _ in range(23)]
    assert [header.counter for header in headers] == list(range(23))
    assert [header.epoch for header in headers] == [number // 5 for number in range(23)]
