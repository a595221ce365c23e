"""Digests of content and of output; the feature that makes them quick, and what was remembered before it."""

import random
import zlib
from typing import Final

from mexchange.codec import encode
from mexchange.codec.events import RECORD_SIZE
from mexchange.core.digest import Content
from mexchange.core.features import QUICK_DIGESTS
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Deposit
from mexchange.domain.events import Deposited, Rejected, Repeated
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms
from tests.engine.commands_at_random import commands_at_random, setup
from tests.engine.engines import state_of

ANN: Final = AccountId(16)
QUICK: Final = 10
FIELDS: Final = bytes(range(48))


def content(message_type: int, fields: bytes, quick_from: int | None) -> int:
    """Its digest as a number."""
    return int.from_bytes(Content(message_type.to_bytes(2, "little") + fields, quick_from).digest, "little")


def test_contents_have_the_digests_that_the_native_engine_gives_them() -> None:
    """The same numbers stand in native/engine/src/core/digest.rs."""
    assert content(100, FIELDS, None) == 0xC4F0_6991_C193_0957
    assert content(100, FIELDS, QUICK) == 0x71C8_0E91_CA10_EDBD
    assert content(205, FIELDS[:41], QUICK) == 0x32DE_9AE7_DC13_9A55


def test_a_content_of_any_length_has_a_digest() -> None:
    digests = {content(205, bytes(length), QUICK) for length in (0, 1, 8, 4_096, 5_000)}
    assert len(digests) == 4, "one byte is filled up to the same word as eight; lengths of text are told in the content"


def test_what_was_answered_before_the_feature_is_still_known(engine: Engine) -> None:
    for number, command in enumerate(setup(), 1):
        engine.apply(command, number, number)
    last = engine.sequence
    first = Deposit(ANN, parse("d"), AssetId(1), Atoms(5))
    other = Deposit(ANN, parse("d"), AssetId(1), Atoms(6))
    assert isinstance(engine.apply(first, last + 1, last + 1)[0], Deposited)
    assert engine.features == {}
    assert engine.enable(QUICK_DIGESTS, last + 2)
    assert engine.features == {QUICK_DIGESTS: last + 2}
    for number in range(last + 2, last + 6, 2):
        (again,) = engine.apply(first, number, number)
        (reused,) = engine.apply(other, number + 1, number)
        assert isinstance(again, Repeated)
        assert isinstance(reused, Rejected)
        assert reused.reason is RejectReason.CLIENT_ID_REUSED
        engine = type(engine).restore(engine.snapshot())
        assert engine.features == {QUICK_DIGESTS: last + 2}


def test_the_running_digest_counts_records_and_their_crc(engine: Engine, seed: int) -> None:
    before = state_of(engine).digest
    assert engine.enable(QUICK_DIGESTS, 1)
    count, crc = 0, zlib.crc32(before)
    for number, command in enumerate(setup() + commands_at_random(random.Random(seed), 50), 1):
        records = engine.apply_batch(encode(command), number, number)
        count, crc = count + len(records) // RECORD_SIZE, zlib.crc32(records, crc)
        assert state_of(engine).digest == count.to_bytes(8, "little") + crc.to_bytes(8, "little")


def test_a_frame_gives_one_digest_however_it_is_cut(engine_kind: type[Engine], seed: int) -> None:
    rng = random.Random(seed)
    blocks = [encode(command) for command in setup() + commands_at_random(rng, 100)]
    whole, cut = engine_kind(), engine_kind()
    for engine in (whole, cut):
        engine.enable(QUICK_DIGESTS, 1)
    whole.apply_batch(b"".join(blocks), 1, 7)
    while blocks:
        count = min(rng.randint(1, 9), len(blocks))
        cut.apply_batch(b"".join(blocks[:count]), cut.sequence + 1, 7)
        del blocks[:count]
    assert cut.state_hash() == whole.state_hash()


def test_a_preview_leaves_the_digest_alone(engine: Engine) -> None:
    engine.enable(QUICK_DIGESTS, 1)
    before = engine.snapshot()
    engine.preview(b"".join(encode(command) for command in setup()), 5)
    assert engine.snapshot() == before


def test_a_feature_is_enabled_once_and_only_if_it_is_known(engine: Engine) -> None:
    assert not engine.enable(99, 1)
    empty = engine.snapshot()
    assert engine.enable(QUICK_DIGESTS, 1)
    enabled = engine.snapshot()
    assert engine.enable(QUICK_DIGESTS, 5)
    assert empty != engine.snapshot() == enabled
