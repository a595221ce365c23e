"""The recent past of all account streams: what a client that missed something is given again.

One ring over all accounts, so that memory is bounded whatever the number of accounts; each account keeps the positions
of its own events in it, in order. Positions rather than a chain of "previous event of this account": a request for old
events of a busy account would otherwise walk the whole ring, on the loop that everybody shares.
"""

from array import array
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from struct import Struct
from typing import Final

from mexchange.codec.events import EVENT_AT, EVENT_SIZE, RECORD_SIZE

RECORD: Final = Struct(f"<QQ{EVENT_SIZE}s")
"""account, account sequence, event"""
_HEAD: Final = Struct("<QQ")
_TRIM: Final = 4_096
"""Positions of evicted events are dropped so many at a time."""

assert RECORD.size == RECORD_SIZE
assert _HEAD.size == EVENT_AT


class _Stream:
    """One account's events: `positions[start:]` are those still in the ring, the first has number `first`."""

    __slots__ = ("first", "positions", "start")

    def __init__(self, first: int) -> None:
        self.first = first
        self.start = 0
        self.positions = array("Q")

    @property
    def head(self) -> int:
        return self.first + len(self.positions) - self.start - 1


class EventRing:
    """The last `capacity` sequenced events. Takes 88 bytes an event once it is full."""

    def __init__(self, capacity: int) -> None:
        assert capacity > 0
        self._capacity = capacity
        # Pages that nobody has written to yet cost nothing; private, so that a forked child sees one moment.
        self._records = mmap(-1, capacity * RECORD_SIZE, flags=MAP_PRIVATE | MAP_ANONYMOUS)
        self._count = 0
        self._streams: dict[int, _Stream] = {}

    def __len__(self) -> int:
        return min(self._count, self._capacity)

    @property
    def capacity(self) -> int:
        """In events."""
        return self._capacity

    def append(self, account: int, account_sequence: int, event: bytes) -> None:
        """Add an event (64 bytes) that stands in `account`'s stream as number `account_sequence`."""
        at = self._count % self._capacity * RECORD_SIZE
        if self._count >= self._capacity:
            self._evict(at)
        RECORD.pack_into(self._records, at, account, account_sequence, event)
        stream = self._streams.get(account)
        if stream is None or account_sequence != stream.head + 1:
            # After a restart from a snapshot the stream goes on behind events that only the journal has.
            stream = self._streams[account] = _Stream(account_sequence)
        stream.positions.append(self._count)
        self._count += 1

    def head(self, account: int) -> int:
        """Number of the account's newest event here; 0 if there is none."""
        stream = self._streams.get(account)
        return 0 if stream is None else stream.head

    def first_available(self, account: int) -> int:
        """Number of the oldest event that `read` can give; 0 if there is none."""
        stream = self._streams.get(account)
        return 0 if stream is None or stream.head < stream.first else stream.first

    def read(self, account: int, first: int, last: int) -> bytes | None:
        """The events `first` to `last`, 64 bytes each; None unless all of them are here."""
        stream = self._streams.get(account)
        if stream is None or not stream.first <= first <= last <= stream.head:
            return None
        begin = stream.start + first - stream.first
        records, capacity = self._records, self._capacity
        events = []
        for position in stream.positions[begin : begin + last - first + 1]:
            at = position % capacity * RECORD_SIZE
            events.append(records[at + EVENT_AT : at + RECORD_SIZE])
        return b"".join(events)

    def newest(self, events_max: int) -> bytes:
        """The newest records, oldest first, at most `events_max`."""
        first = max(0, self._count - min(events_max, self._capacity))
        starts = (position % self._capacity * RECORD_SIZE for position in range(first, self._count))
        return b"".join(self._records[at : at + RECORD_SIZE] for at in starts)

    def refill(self, records: bytes) -> None:
        """Append what `newest` gave."""
        assert len(records) % RECORD_SIZE == 0
        for account, account_sequence, event in RECORD.iter_unpack(records):
            self.append(account, account_sequence, event)

    def _evict(self, at: int) -> None:
        """The oldest record makes room: it is the oldest of its account, unless that stream was begun anew."""
        account, account_sequence = _HEAD.unpack_from(self._records, at)
        stream = self._streams[account]
        if account_sequence != stream.first:
            return
        stream.first += 1
        stream.start += 1
        if stream.start == len(stream.positions):
            del self._streams[account]
        elif stream.start >= _TRIM and stream.start * 2 >= len(stream.positions):
            del stream.positions[: stream.start]
            stream.start = 0
