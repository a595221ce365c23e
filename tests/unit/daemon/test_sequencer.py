"""Turns, sizes, time: who gets into a frame, and in which order."""

from itertools import count
from typing import Any, Final

from mexchange.daemon.frame import Frame, Request
from mexchange.daemon.sequencer import BACKLOG_FRAMES_MAX, Sequencer

ANN: Final[Any] = "ann"
"""The sequencer asks nothing of a session but to be somebody."""
BOB: Final[Any] = "bob"
CAT: Final[Any] = "cat"


def sequencer(*, commands_max: int = 4, bytes_max: int = 4096, clock: int = 1_000) -> Sequencer:
    ticks = count(clock, 0)
    return Sequencer(
        next_sequence=1,
        last_time_ns=0,
        clock=lambda: next(ticks),
        commands_max=commands_max,
        bytes_max=bytes_max,
    )


def request(session: Any, name: str, *, commands: int = 1, cancel: bool = False) -> Request:
    return Request(session, None, 0, 0, 16, name.encode().ljust(8), commands, yields=not cancel)


def names(frame: Frame | None) -> list[str]:
    assert frame is not None
    return [each.block.decode().strip() for each in frame.requests]


def test_sessions_take_turns_and_each_keeps_its_order() -> None:
    line = sequencer(commands_max=100)
    for name in ("a1", "a2", "a3"):
        line.offer(request(ANN, name))
    line.offer(request(BOB, "b1"))
    line.offer(request(CAT, "c1"))
    line.offer(request(CAT, "c2"))
    assert names(line.cut()) == ["a1", "b1", "c1", "a2", "c2", "a3"]
    assert line.cut() is None


def test_who_floods_does_not_keep_others_out_of_the_frame() -> None:
    line = sequencer(commands_max=4)
    for number in range(100):
        line.offer(request(ANN, f"a{number}"))
    line.offer(request(BOB, "b0"))
    assert names(line.cut()) == ["a0", "b0", "a1", "a2"]


def test_who_came_too_short_is_first_in_the_next_frame() -> None:
    line = sequencer(commands_max=2)
    for session, letter in ((ANN, "a"), (BOB, "b"), (CAT, "c")):
        line.offer(request(session, letter + "1"))
        line.offer(request(session, letter + "2"))
    assert names(line.cut()) == ["a1", "b1"]
    assert names(line.cut()) == ["c1", "a2"]
    assert names(line.cut()) == ["b2", "c2"]


def test_cancels_go_first_when_not_everything_fits_but_never_overtake_their_own_session() -> None:
    line = sequencer(commands_max=3)
    for number in range(4):
        line.offer(request(ANN, f"a{number}"))
    line.offer(request(BOB, "b-order"))
    line.offer(request(BOB, "b-cancel", cancel=True))
    line.offer(request(CAT, "c-cancel", cancel=True))
    assert names(line.cut()) == ["c-cancel", "a0", "b-order"]
    assert names(line.cut()) == ["b-cancel", "a1", "a2"]


def test_sequences_are_contiguous_and_time_moves_on_though_the_clock_does_not() -> None:
    line = sequencer(commands_max=4, clock=1_000)
    line.offer(request(ANN, "a", commands=3))
    line.offer(request(BOB, "b", commands=2))
    first, second = line.cut(), line.cut()
    assert first is not None
    assert second is not None
    assert (first.first_sequence, first.count, first.time_ns) == (1, 3, 1_000)
    assert (second.first_sequence, second.count, second.time_ns) == (4, 2, 1_001)


def test_a_frame_is_no_larger_than_the_room() -> None:
    line = sequencer(commands_max=100)
    for number in range(10):
        line.offer(request(ANN, f"a{number}"))
    assert names(line.cut(24)) == ["a0", "a1", "a2"]
    assert line.cut(7) is None
    assert line.waiting_commands == 7


def test_is_overloaded_at_a_named_number_of_commands() -> None:
    line = sequencer(commands_max=4)
    while line.waiting_commands < BACKLOG_FRAMES_MAX * 4:
        assert not line.is_overloaded
        line.offer(request(ANN, "a"))
    assert line.is_overloaded
    line.cut()
    assert not line.is_overloaded
