"""The ring against a plain list of everything that ever happened."""

from hypothesis import given, settings
from hypothesis import strategies as st

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
@given(st.integers(1, 24), st.lists(st.integers(1, 4), max_size=120))
def test_reads_what_is_younger_than_its_capacity_and_nothing_else(capacity: int, accounts: list[int]) -> None:
    ring, everything = EventRing(capacity), Everything(capacity)
    heads: dict[int, int] = {}
    for at, account in enumerate(accounts):
        number = heads[account] = heads.get(account, 0) + 1
        ring.append(account, number, event(at))
        everything.rows.append((account, number, event(at)))
    for account in range(1, 5):
        kept = everything.kept(account)
        assert ring.first_available(account) == min(kept, default=0)
        for first in range(heads.get(account, 0) + 2):
            for last in range(first, heads.get(account, 0) + 2):
                wanted = [kept.get(number) for number in range(first, last + 1)]
                expected = None if None in wanted else b"".join(body for body in wanted if body is not None)
                assert ring.read(account, first, last) == expected, (account, first, last)


def test_positions_of_evicted_events_are_dropped() -> None:
    ring = EventRing(8)
    for number in range(1, 20_001):
        ring.append(7, number, event(number))
    assert ring.read(7, 19_993, 20_000) == b"".join(map(event, range(19_993, 20_001)))
    assert ring.read(7, 19_992, 20_000) is None


def test_a_ring_is_refilled_from_its_youngest_events() -> None:
    old, new = EventRing(16), EventRing(16)
    for number in range(1, 41):
        old.append(number % 3, (number + 2) // 3, event(number))
    new.refill(old.newest(9))
    assert new.newest(16) == old.newest(9)
    for account in range(3):
        assert new.head(account) == old.head(account)


def test_a_stream_may_begin_anew_behind_a_gap() -> None:
    ring = EventRing(8)
    ring.append(1, 5, event(5))
    ring.append(1, 90, event(90))
    assert ring.first_available(1) == 90
    assert ring.read(1, 5, 5) is None
    for number in range(91, 110):
        ring.append(1, number, event(number))
    assert ring.read(1, 102, 109) == b"".join(map(event, range(102, 110)))
