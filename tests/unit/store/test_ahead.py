"""What is made ahead comes in order, no further ahead than allowed, and fails where it failed."""

import threading
from collections.abc import Iterator

import pytest

from mexchange.store.ahead import made_ahead


def test_items_come_in_order() -> None:
    assert list(made_ahead(iter(range(1_000)), 3)) == list(range(1_000))
    assert list(made_ahead((), 3)) == []


def test_an_error_comes_behind_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        raise ValueError("five")

    seen: list[int] = []
    with pytest.raises(ValueError, match="five"):
        seen.extend(made_ahead(items(), 2))
    made = made_ahead(items(), 2)
    assert [next(made) for _ in range(5)] == list(range(5))


def test_no_more_is_made_than_there_is_room_for_and_who_leaves_ends_the_thread() -> None:
    made: list[int] = []
    is_waiting = threading.Semaphore(0)

    def items() -> Iterator[int]:
        for number in range(1_000):
            made.append(number)
            is_waiting.release()
            yield number

    before = threading.active_count()
    ahead = made_ahead(items(), 4)
    assert next(ahead) == 0
    for _ in range(5):
        assert is_waiting.acquire(timeout=30)
    ahead.close()  # type: ignore[attr-defined]
    assert len(made) <= 6
    assert threading.active_count() == before
