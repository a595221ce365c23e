"""Checkers that cannot fail prove nothing: each is run on a sound exchange and on one with a bug planted in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mexchange.codec import encode
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted, Event, Repeated
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.store import frame, segment
from mexchange.store.disk import RealDisk
from mexchange.store.frame import FRAME_HEADER_BYTES
from mexchange.store.journal import Journal
from mexchange.store.segment import SEGMENT_HEADER_BYTES
from mexchange.store.verify import verify_journal
from tests.integration.daemon.market import PROGRAM, Market, Visitor
from tests.integration.durability.mutant import acknowledge_early, forget_the_answers, program
from tests.integration.durability.replica import Effect, Promise, Replica

ONCE = PlaceOrder(AccountId(0), parse("once"), MarketId(1), Side.BUY, Lots(2), Ticks(90_000))


def promised(visitor: Visitor) -> Promise:
    """Place the order and hear what became of it."""

    def is_answer(event: Event) -> bool:
        return isinstance(event, Accepted | Repeated) and event.client_order_id == ONCE.client_order_id

    visitor.events.clear()
    visitor.tell(encode(ONCE))
    answer = visitor.wait_event(is_answer)
    assert isinstance(answer, Accepted | Repeated)
    first = answer.first_sequence if isinstance(answer, Repeated) else answer.sequence
    return Promise(visitor.account, bytes(ONCE.client_order_id), Effect("Accepted", int(first), int(answer.order_id)))


def kill_at_the_promise(market: Market, words: tuple[str, ...]) -> None:
    """AssertionError if what was acknowledged is not in the journal of a daemon that was killed then."""
    market.start(program=words)
    promise = promised(market.visit())
    market.kill()
    replica = Replica(market.data)
    replica.catch_up()
    replica.check([promise])


def repeat_after_a_restart(market: Market, words: tuple[str, ...]) -> None:
    """AssertionError if the same command, sent again to the next daemon, comes to anything new."""
    market.start(program=words)
    ann = market.visit()
    promises = [promised(ann)]
    ann.close()
    assert market.stop() == 0, market.log()
    market.start(program=words)
    promises.append(promised(market.visit(ann.login)))
    market.kill()
    replica = Replica(market.data)
    replica.catch_up()
    replica.check(promises)
    replica.check_twice()


def slip_in_a_foreign_frame(folder: Path) -> None:
    """AssertionError if nobody notices that one frame is that of another journal, sound in itself."""
    places: list[Path] = []
    for name in ("mine", "theirs"):
        (folder / name).mkdir()
        journal = Journal(RealDisk(folder / name), segment_bytes=1 << 16)
        for number in range(1, 5):
            body = f"{name if number < 3 else ''}{number}".ljust(64).encode()
            journal.append(body, count=1, first_sequence=number, time_ns=number)
            journal.sync()
        journal.close()
        (place,) = (folder / name / "journal").glob("*.mxj")
        places.append(place)
    assert verify_journal(RealDisk(folder / "mine")).problem is None
    mine, theirs = (bytearray(place.read_bytes()) for place in places)
    # Behind the EPOCH and two frames that differ; the third body is the same in both journals, its past is not.
    begin = SEGMENT_HEADER_BYTES + FRAME_HEADER_BYTES + 2 * (FRAME_HEADER_BYTES + 64)
    end = begin + FRAME_HEADER_BYTES + 64
    mine[begin:end] = theirs[begin:end]
    places[0].write_bytes(mine)
    assert verify_journal(RealDisk(folder / "mine")).problem, "a frame with another past was taken"


def forget_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames are summed up without what stood before them, and nobody compares."""
    digest = frame._digest
    monkeypatch.setattr(frame, "_digest", lambda previous, fields, body: digest(frame.NO_DIGEST, fields, body))
    monkeypatch.setattr(segment, "is_chained", lambda found, link: True)


@pytest.mark.parametrize(
    ("checker", "plant"),
    [(kill_at_the_promise, acknowledge_early), (repeat_after_a_restart, forget_the_answers)],
)
def test_a_bug_in_the_daemon_turns_its_checker_red(
    market: Market, checker: Callable[[Market, tuple[str, ...]], None], plant: Callable[[], None]
) -> None:
    with pytest.raises(AssertionError, match="but the journal says"):
        checker(market, program(plant))


@pytest.mark.parametrize("checker", [kill_at_the_promise, repeat_after_a_restart])
def test_a_sound_daemon_keeps_it_green(market: Market, checker: Callable[[Market, tuple[str, ...]], None]) -> None:
    checker(market, PROGRAM)


def test_a_foreign_frame_is_noticed(tmp_path: Path) -> None:
    slip_in_a_foreign_frame(tmp_path)


def test_without_the_chain_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_the_chain(monkeypatch)
    with pytest.raises(AssertionError, match="another past was taken"):
        slip_in_a_foreign_frame(tmp_path)
