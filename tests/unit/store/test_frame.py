"""A frame is found whole, or not at all."""

import random
from typing import Any

import pytest

from mexchange.store.errors import FormatTooNew
from mexchange.store.frame import (
    FRAME_HEADER_BYTES,
    NO_DIGEST,
    FrameType,
    find_frame,
    frame_bytes,
    pack,
    parse,
    peek,
)


def pack_one(body: bytes = b"twelve bytes", **fields: Any) -> bytes:
    values: dict[str, Any] = {
        "count": 2,
        "epoch": 3,
        "first_sequence": 40,
        "time_ns": 5_000,
        "previous": NO_DIGEST,
    } | fields
    return pack(FrameType.COMMANDS, body, **values)[0]


@pytest.mark.parametrize("body_bytes", [0, 1, 7, 8, 9, 1_000])
def test_frame_reads_back_as_it_was_packed(body_bytes: int) -> None:
    body = bytes(range(256))[:body_bytes] * (1 if body_bytes < 256 else 4)
    data = pack_one(body, previous=b"p" * 16)
    frame = parse(data, 0)
    assert frame is not None
    assert (frame.type, frame.count, frame.epoch, frame.time_ns) == (FrameType.COMMANDS, 2, 3, 5_000)
    assert (frame.first_sequence, frame.next_sequence) == (40, 42)
    assert (frame.body, frame.previous, frame.digest) == (body, b"p" * 16, data[56:72])
    assert frame.size == len(data) == frame_bytes(len(body))
    assert len(data) % 8 == 0
    assert peek(data, 0) == (FrameType.COMMANDS, len(data))


def test_the_layout_is_the_decided_one() -> None:
    data = pack_one(b"x" * 8, previous=b"p" * 16)
    assert data[:40] == bytes.fromhex(
        "4d584a46 0100 0100 08000000 02000000 0300000000000000 2800000000000000 8813000000000000"
    )
    assert data[40:56] == b"p" * 16
    assert data[72:] == b"x" * 8
    assert FRAME_HEADER_BYTES == 72


def test_every_flipped_bit_and_every_truncation_hides_the_frame() -> None:
    data = pack_one()
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            assert parse(bytes(changed), 0) is None, (position, bit)
    for length in range(len(data)):
        assert parse(data[:length], 0) is None


def test_digest_covers_the_frame_before() -> None:
    assert pack_one(previous=b"a" * 16)[56:72] != pack_one(previous=b"b" * 16)[56:72]


def test_frame_of_a_later_version_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mexchange.store.frame.FRAME_VERSION", 2)
    data = pack_one()
    monkeypatch.undo()
    with pytest.raises(FormatTooNew, match="version 2"):
        parse(data, 0)


def test_search_finds_whole_frames_at_multiples_of_eight_only(seed: int) -> None:
    rng = random.Random(seed)
    noise = rng.randbytes(800).replace(b"M", b"m")
    frame = pack_one()
    assert find_frame(noise + frame, 0) == 800
    assert find_frame(noise + frame, 801) is None
    assert find_frame(noise[:-1] + frame, 0) is None
    assert find_frame(noise + frame[:-1], 0) is None
    assert find_frame(frame[:40] + frame, 0) == 40
