"""The recent past of all account streams: what a client that missed something is given again.

One ring over all accounts, so that memory is bounded whatever the number of accounts; each account knows where its
runs of consecutive events lie in it, in order. Runs rather than a chain of "previous event of this account": a request
for old events of a busy account would otherwise walk the whole ring, on the loop that everybody shares. And rather
than single events: a frame adds one run an account, however many events it has.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from struct import Struct
from typing import Final

from mexchange.codec.events import EVENT_SIZE

_RUN: Final = Struct("<QQQ")
"""account, number of its first event, how many events follow: how runs are saved."""
_TRIM: Final = 4_096
"""Runs that were evicted are dropped so many at a time."""
_OWNER_SIZE: Final = 8


class _Stream:
    """One account's runs, those from `start` on are in the ring: the first event's number, and its position."""

    __slots__ = ("firsts", "head", "positions", "start")

    def __init__(self) -> None:
        self.firsts = array("Q")
        self.positions = array("Q")
        self.start = 0
        self.head = 0
        """Number of the newest event."""

    @property
    def first(self) -> int:
        return self.firsts[self.start]

    def length(self, run: int) -> int:
        """How many events a run has."""
        end = self.firsts[run + 1] if run + 1 < len(self.firsts) else self.head + 1
        return end - self.firsts[run]


class EventRing:
    """The last `capacity` sequenced events. Takes at most 88 bytes an event once it is full."""

    def __init__(self, capacity: int) -> None:
        assert capacity > 0
        self._capacity = capacity
        # Pages that nobody has written to yet cost nothing; private, so that a forked child sees one moment.
        self._events = mmap(-1, capacity * EVENT_SIZE, flags=MAP_PRIVATE | MAP_ANONYMOUS)
        self._owners = mmap(-1, capacity * _OWNER_SIZE, flags=MAP_PRIVATE | MAP_ANONYMOUS)
        """The account of each event."""
        self._count = 0
        self._oldest = 0
        """Positions count all events ever appended; those from here on are in the ring."""
        self._streams: dict[int, _Stream] = {}

    def __len__(self) -> int:
        return self._count - self._oldest

    @property
    def capacity(self) -> int:
        """In events."""
        return self._capacity

    def append(self, account: int, first: int, events: bytes) -> None:
        """Add events (64 bytes each) that stand in `account`'s stream from number `first` on."""
        count = len(events) // EVENT_SIZE
        if count > self._capacity:
            first, events = first + count - self._capacity, events[-self._capacity * EVENT_SIZE :]
            count = self._capacity
        self._evict(self._count + count - self._capacity)
        self._write(account, events, count)
        stream = self._streams.get(account)
        if stream is None or first != stream.head + 1:
            # After a restart from a snapshot the stream goes on behind events that only the journal has.
            stream = self._streams[account] = _Stream()
        stream.firsts.append(first)
        stream.positions.append(self._count)
        stream.head = first + count - 1
        self._count += count

    def head(self, account: int) -> int:
        """Number of the account's newest event here; 0 if there is none."""
        stream = self._streams.get(account)
        return 0 if stream is None else stream.head

    def first_available(self, account: int) -> int:
        """Number of the oldest event that `read` can give; 0 if there is none."""
        stream = self._streams.get(account)
        return 0 if stream is None else stream.first

    def read(self, account: int, first: int, last: int) -> bytes | None:
        """The events `first` to `last`, 64 bytes each; None unless all of them are here."""
        stream = self._streams.get(account)
        if stream is None or not stream.first <= first <= last <= stream.head:
            return None
        parts: list[bytes] = []
        run = bisect_right(stream.firsts, first, stream.start) - 1
        while first <= last:
            skipped = first - stream.firsts[run]
            count = min(last - first + 1, stream.length(run) - skipped)
            parts.extend(self._read(stream.positions[run] + skipped, count))
            first, run = first + count, run + 1
        return b"".join(parts)

    def newest(self, events_max: int) -> bytes:
        """The newest runs, oldest first, with at most `events_max` events. For `refill`."""
        begin = max(self._oldest, self._count - events_max)
        runs: list[tuple[int, int, int, int]] = []
        for account, stream in self._streams.items():
            for run in range(len(stream.firsts) - 1, stream.start - 1, -1):
                position, count, first = stream.positions[run], stream.length(run), stream.firsts[run]
                if position + count <= begin:
                    break
                cut = max(0, begin - position)
                runs.append((position + cut, account, first + cut, count - cut))
        return b"".join(part for run in sorted(runs) for part in self._saved(*run))

    def refill(self, runs: bytes) -> None:
        """Append what `newest` gave."""
        at = 0
        while at < len(runs):
            account, first, count = _RUN.unpack_from(runs, at)
            begin, at = at + _RUN.size, at + _RUN.size + count * EVENT_SIZE
            self.append(account, first, runs[begin:at])

    def _saved(self, position: int, account: int, first: int, count: int) -> Iterator[bytes]:
        yield _RUN.pack(account, first, count)
        yield from self._read(position, count)

    def _spans(self, position: int, count: int) -> Iterator[tuple[int, int]]:
        """Slots from, to: one span, or two where the ring closes."""
        at = position % self._capacity
        end = min(at + count, self._capacity)
        yield at, end
        if end - at < count:
            yield 0, count - (end - at)

    def _read(self, position: int, count: int) -> Iterator[bytes]:
        for begin, end in self._spans(position, count):
            yield self._events[begin * EVENT_SIZE : end * EVENT_SIZE]

    def _write(self, account: int, events: bytes, count: int) -> None:
        owners = account.to_bytes(_OWNER_SIZE, "little") * count
        taken = 0
        for begin, end in self._spans(self._count, count):
            upto = taken + end - begin
            self._events[begin * EVENT_SIZE : end * EVENT_SIZE] = events[taken * EVENT_SIZE : upto * EVENT_SIZE]
            self._owners[begin * _OWNER_SIZE : end * _OWNER_SIZE] = owners[taken * _OWNER_SIZE : upto * _OWNER_SIZE]
            taken = upto

    def _evict(self, upto: int) -> None:
        """Forget the events at positions below `upto`."""
        while self._oldest < upto:
            at = self._oldest % self._capacity * _OWNER_SIZE
            account = int.from_bytes(self._owners[at : at + _OWNER_SIZE], "little")
            self._oldest += self._evict_some(account, upto - self._oldest)

    def _evict_some(self, account: int, count_max: int) -> int:
        """The oldest event belongs to `account`: it goes, with those of its run that follow. Returns how many went."""
        stream = self._streams.get(account)
        if stream is None or stream.positions[stream.start] != self._oldest:
            return 1  # that stream was begun anew, this event is of the old one
        start = stream.start
        length = stream.length(start)
        if count_max < length:
            stream.firsts[start] += count_max
            stream.positions[start] += count_max
            return count_max
        stream.start += 1
        if stream.start == len(stream.firsts):
            del self._streams[account]
        elif stream.start >= _TRIM and stream.start * 2 >= len(stream.firsts):
            del stream.firsts[: stream.start], stream.positions[: stream.start]
            stream.start = 0
        return length
