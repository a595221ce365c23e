"""The ring against a plain list of everything that ever happened."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mexchange.codec.events import EVENT_SIZE
from mexchange.daemon.event_ring import EventRing


def event(number: int) -> bytes:
    return number.to_bytes(8, "little") * 8


class Everything:
    """What a ring without an end would know."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.rows: list[tuple[int, int, bytes]] = []

    def kept(self, account: int) -> dict[int, bytes]:
        return {number: body for who, number, body in self.rows[-self.capacity :] if who == account}


@settings(max_examples=60)
@given(st.integers(1, 24), st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30)), max_size=60))
def test_reads_what_is_younger_than_its_capacity_and_nothing_else(capacity: int, runs: list[tuple[int, int]]) -> None:
    ring, everything = EventRing(capacity), Everything(capacity)
    heads: dict[int, int] = {}
    for account, count in runs:
        first = heads.get(account, 0) + 1
        bodies = [event(len(everything.rows) + at) for at in range(count)]
        ring.append(account, first, b"".join(bodies))
        everything.rows.extend((account, first + at, body) for at, body in enumerate(bodies))
        heads[account] = first + count - 1
    assert len(ring) == min(capacity, len(everything.rows))
    for account in range(1, 5):
        kept = everything.kept(account)
        assert ring.first_available(account) == min(kept, default=0)
        for first in range(max(0, heads.get(account, 0) - 30), heads.get(account, 0) + 2):
            for last in range(first, heads.get(account, 0) + 2):
                wanted = [kept.get(number) for number in range(first, last + 1)]
                expected = None if None in wanted else b"".join(body for body in wanted if body is not None)
                assert ring.read(account, first, last) == expected, (account, first, last)


def test_what_was_evicted_is_dropped() -> None:
    ring = EventRing(8)
    for number in range(1, 20_001):
        ring.append(7, number, event(number))
    assert ring.read(7, 19_993, 20_000) == b"".join(map(event, range(19_993, 20_001)))
    assert ring.read(7, 19_992, 20_000) is None


@settings(max_examples=60)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=30))
def test_a_ring_is_refilled_from_its_youngest_events(kept: int, runs: list[tuple[int, int]]) -> None:
    old, new, whole = EventRing(16), EventRing(16), b""
    heads: dict[int, int] = {}
    for account, count in runs:
        first = heads.get(account, 0) + 1
        old.append(account, first, b"".join(event(1000 * account + first + at) for at in range(count)))
        heads[account] = first + count - 1
    new.refill(old.newest(kept))
    assert len(new) == min(kept, len(old))
    assert new.newest(16) == old.newest(kept)
    for account in heads:
        first = new.first_available(account)
        if first:
            whole = new.read(account, first, new.head(account)) or b""
            assert whole == old.read(account, first, old.head(account))
            assert len(whole) == EVENT_SIZE * (new.head(account) - first + 1)


def test_a_stream_may_begin_anew_behind_a_gap() -> None:
    ring = EventRing(8)
    ring.append(1, 5, event(5) + event(6))
    ring.append(1, 90, event(90))
    assert ring.first_available(1) == 90
    assert ring.read(1, 5, 5) is None
    for number in range(91, 110):
        ring.append(1, number, event(number))
    assert ring.read(1, 102, 109) == b"".join(map(event, range(102, 110)))
