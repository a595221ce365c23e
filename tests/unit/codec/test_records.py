"""A frame's records taken apart in bulk are the records one by one."""

import random

from mexchange.codec.record_layout import EVENT_AT, EVENT_SIZE, KIND_AT, RECORD, RECORD_SIZE
from mexchange.codec.records import kinds_of, records_at, records_of_kind, streams_of
from mexchange.domain.events import EventKind


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
        rest = rng.randbytes(EVENT_SIZE - 9)
        records.append(RECORD.pack(account, number, sequence.to_bytes(8, "little") + bytes([kind]) + rest))
    return records


def test_kinds_and_the_records_of_one_kind(seed: int) -> None:
    records = frame(random.Random(seed))
    joined = b"".join(records)
    kinds = kinds_of(joined)
    assert list(kinds) == [record[KIND_AT] for record in records]
    for kind in EventKind:
        assert list(records_of_kind(joined, kinds, kind)) == [each for each in records if each[KIND_AT] == kind]


def test_every_event_goes_to_its_account_or_is_loose_or_public(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        records = frame(rng)
        runs, loose = streams_of(b"".join(records))
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
