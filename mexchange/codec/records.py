"""Many records at once: what a frame's output holds, without an object for each of its events.

The kinds of all records are one slice of the bytes, so that what is rare is found at the speed of a search.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from mexchange.codec.record_layout import EVENT_AT, KIND_AT, RECORD, RECORD_SIZE
from mexchange.domain.events import EventKind

_KIND: Final = KIND_AT - EVENT_AT
_LEVEL_CHANGED: Final = int(EventKind.LEVEL_CHANGED)
_SEQUENCE: Final = Struct("<Q")


class Streams(NamedTuple):
    """The events of a frame, by whom they concern."""

    runs: list[tuple[int, int, bytes]]
    """(account, account sequence of the first, its events of 64 bytes each in order), by first appearance."""
    loose: list[tuple[int, bytes]]
    """(account, event) outside of any stream, but for the public ones."""


def kinds_of(records: bytes) -> bytes:
    """The EventKind of each record, in order."""
    return records[KIND_AT::RECORD_SIZE]


def records_of_kind(records: bytes, kinds: bytes, kind: int) -> Iterator[bytes]:
    """The records of one kind, in order. `kinds` are those of all records."""
    at = kinds.find(kind)
    while at >= 0:
        yield records[at * RECORD_SIZE : (at + 1) * RECORD_SIZE]
        at = kinds.find(kind, at + 1)


def streams_of(records: bytes) -> Streams:
    """Sorted by account. An account's sequence numbers are consecutive within a frame."""
    runs: dict[int, tuple[int, list[bytes]]] = {}
    loose: list[tuple[int, bytes]] = []
    for account, number, event in RECORD.iter_unpack(records):
        if number:
            run = runs.get(account)
            if run is None:
                runs[account] = (number, [event])
            else:
                run[1].append(event)
        elif event[_KIND] != _LEVEL_CHANGED:
            loose.append((account, event))
    return Streams([(account, first, b"".join(events)) for account, (first, events) in runs.items()], loose)


def records_at(records: bytes, sequence: int) -> Iterator[tuple[int, int, bytes]]:
    """(account, account sequence, event) of every record of one command. Records stand in order of sequence."""
    low, high = 0, len(records) // RECORD_SIZE
    while low < high:
        middle = (low + high) // 2
        if _SEQUENCE.unpack_from(records, middle * RECORD_SIZE + EVENT_AT)[0] < sequence:
            low = middle + 1
        else:
            high = middle
    for at in range(low * RECORD_SIZE, len(records), RECORD_SIZE):
        if _SEQUENCE.unpack_from(records, at + EVENT_AT)[0] != sequence:
            return
        yield RECORD.unpack_from(records, at)
