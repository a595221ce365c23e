"""A frame's records taken apart in bulk are the records one by one."""

import random
from contextlib import suppress
from typing import Protocol

import pytest

from mexchange.codec import records as in_python
from mexchange.codec.record_layout import (
    EVENT_AT,
    EVENT_SIZE,
    KIND_AT,
    LINKED,
    MAKER_BIT,
    RECORD,
    RECORD_SIZE,
    SIDE_BITS,
)
from mexchange.codec.records import PublicChange, Streams, kinds_of, records_at, records_of_kind
from mexchange.domain.events import EventKind


class Sift(Protocol):
    """What both languages have."""

    def streams_of(self, records: bytes, /) -> Streams: ...
    def public_changes(self, records: bytes, trades_max: int, with_levels: bool, /) -> list[PublicChange]: ...


SIFTS: dict[str, Sift] = {"python": in_python}
with suppress(ImportError):  # tests/engine/test_native.py tells so, once
    from mexchange.native import _native

    SIFTS["native"] = _native


@pytest.fixture(params=SIFTS)
def sift(request: pytest.FixtureRequest) -> Sift:
    return SIFTS[request.param]


def frame(rng: random.Random) -> list[bytes]:
    """Records of ascending sequences, consecutive per account, some outside of any stream."""
    heads: dict[int, int] = {account: rng.randrange(1, 1000) for account in range(16, 20)}
    records, sequence = [], rng.randrange(1, 2**40)
    for _ in range(rng.randrange(60)):
        sequence += rng.randrange(3)
        kind = rng.choice(list(EventKind))
        account, number = rng.choice([0, *heads]), 0
        if account and kind is not EventKind.LEVEL_CHANGED and rng.random() < 0.8:
            number, heads[account] = heads[account], heads[account] + 1
        market = rng.randrange(3).to_bytes(4, "little")
        rest = rng.randbytes(3) + market + rng.randbytes(EVENT_SIZE - 16)
        records.append(RECORD.pack(account, number, sequence.to_bytes(8, "little") + bytes([kind]) + rest))
    return records


def test_kinds_and_the_records_of_one_kind(seed: int) -> None:
    records = frame(random.Random(seed))
    joined = b"".join(records)
    kinds = kinds_of(joined)
    assert list(kinds) == [record[KIND_AT] for record in records]
    for kind in EventKind:
        assert list(records_of_kind(joined, kinds, kind)) == [each for each in records if each[KIND_AT] == kind]


def test_every_event_goes_to_its_account_or_is_loose_or_public(sift: Sift, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        records = frame(rng)
        runs, loose = sift.streams_of(b"".join(records))
        taken = {account: (first, events) for account, first, events in runs}
        assert len(taken) == len(runs)
        streams: dict[int, list[tuple[int, bytes]]] = {}
        others: list[tuple[int, bytes]] = []
        for record in records:
            account, number, event = RECORD.unpack(record)
            if number:
                streams.setdefault(account, []).append((number, event))
            elif record[KIND_AT] != EventKind.LEVEL_CHANGED:
                others.append((account, event))
        assert loose == others
        assert taken == {
            account: (rows[0][0], b"".join(event for _, event in rows)) for account, rows in streams.items()
        }


def test_the_last_word_on_a_level_counts_and_trades_are_added_up(sift: Sift, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        joined = b"".join(frame(rng))
        kept = rng.randrange(5)
        levels: dict[int, dict[tuple[int, int], tuple[int, int]]] = {}
        sequences: dict[int, int] = {}
        trades: dict[int, list[tuple[int, int, int, int, int, int]]] = {}
        for account, _, sequence, kind, flags, _, market, _, v0, v1, v2, _, _ in LINKED.iter_unpack(joined):
            if kind == EventKind.LEVEL_CHANGED:
                price = v0 - 2**64 if v0 >> 63 else v0
                levels.setdefault(market, {})[flags & SIDE_BITS, price] = v1, v2
                sequences[market] = sequence
            if kind == EventKind.FILLED and not flags & MAKER_BIT:
                trades.setdefault(market, []).append((v0, sequence, v1, v2, flags & SIDE_BITS, account))
        changes = sift.public_changes(joined, kept, True)
        traded_only: list[PublicChange] = [
            (market, 0, {}, traded) for market, _, _, traded in changes if traded is not None
        ]
        assert sorted(sift.public_changes(joined, kept, False)) == sorted(traded_only)
        assert {market for market, *_ in changes} == levels.keys() | trades.keys()
        for market, sequence, found, traded in changes:
            assert (found, sequence) == (levels.get(market, {}), sequences.get(market, 0))
            rows = trades.get(market, [])
            assert (traded is None) == (not rows)
            if traded is not None:
                prices = [row[2] for row in rows]
                assert traded[:4] == (prices[0], max(prices), min(prices), prices[-1])
                assert traded[4:7] == (sum(r[3] for r in rows), sum(r[2] * r[3] for r in rows), len(rows))
                assert traded[7:] == (rows[0][0], rows[-kept:] if kept else [])


def test_the_records_of_one_command_are_found(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        records = frame(rng)
        joined = b"".join(records)
        by_sequence: dict[int, list[bytes]] = {}
        for at in range(0, len(joined), RECORD_SIZE):
            sequence = int.from_bytes(joined[at + EVENT_AT : at + EVENT_AT + 8], "little")
            by_sequence.setdefault(sequence, []).append(joined[at : at + RECORD_SIZE])
        for sequence in [*by_sequence, 0, 2**50]:
            found = [RECORD.pack(*row) for row in records_at(joined, sequence)]
            assert found == by_sequence.get(sequence, [])
