"""Random frames through two engines; what they differ on is made small and written down as a test.

compare(kind, seed, commands)    one run; raises Different with the smallest sequence of commands that shows it
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from mexchange.codec import CodecError
from mexchange.codec.events import KIND_AT, RECORD_SIZE, decode_records
from mexchange.core.features import FEATURES
from mexchange.daemon.recovery import single_commands
from mexchange.domain.events import EventKind, Rejected
from mexchange.domain.rejects import RejectReason
from tests.engine.as_table import as_test, in_no_time, in_one_market, run_test
from tests.engine.crowd import Crowd, Frame
from tests.engine.side_by_side import Different, SideBySide

T = TypeVar("T")
COMPARE_COMMANDS: Final = 2_000
"""The whole state is compared after so many."""
QUESTIONS_SHARE: Final = 0.3
"""Of the frames are followed by a question,"""
PREVIEWS_SHARE: Final = 0.05
"""and so many are previewed."""
SHRINK_S: Final = 60

Begin = Callable[[], SideBySide]
"""Makes the engines."""
Probe = Callable[[SideBySide], object]
"""What was asked when the engines differed."""
Step = tuple[int, bytes]
"""Time of its frame, and a block of one command."""


@dataclass
class Coverage:
    """What came out of the engines how often."""

    commands: int = 0
    kinds: Counter[int] = field(default_factory=Counter)
    reasons: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    """By message type."""
    refused: Counter[str] = field(default_factory=Counter)
    """Blocks and questions with changed bytes that both engines could not read."""
    previews: int = 0

    def table(self) -> str:
        """For people."""
        kinds = [f"{EventKind(kind).name:24}{count:>10,}" for kind, count in sorted(self.kinds.items())]
        reasons = [f"{RejectReason(reason).name:24}{count:>10,}" for reason, count in sorted(self.reasons.items())]
        refused = [f"refused {name:16}{count:>10,}" for name, count in self.refused.items()]
        return "\n".join([f"{self.commands:,} commands, {self.previews:,} previews", *kinds, *reasons, *refused])

    def count(self, records: bytes) -> None:
        """Add what is in these."""
        for at in range(0, len(records), RECORD_SIZE):
            kind = records[at + KIND_AT]
            self.kinds[kind] += 1
            if kind == EventKind.REJECTED:
                (event,) = decode_records(records[at : at + RECORD_SIZE])
                assert isinstance(event, Rejected)
                self.reasons[event.reason] += 1


def compare(pair: type[SideBySide], seed: int, commands: int, coverage: Coverage) -> None:
    """At least so many commands. Raises Different."""
    rng = random.Random(seed)
    run = _Run(partial(opened, pair, FEATURES if rng.random() < 0.5 else ()), rng, coverage)
    try:
        run.go(commands)
    except Different as difference:
        raise Different(f"seed {seed}: {difference}\n{run.smallest()}") from None


class _Run:
    """One exchange of each kind, and what they were given so far."""

    def __init__(self, begin: Begin, rng: random.Random, coverage: Coverage) -> None:
        self._begin = begin
        self._rng = rng
        self._coverage = coverage
        self._both = begin()
        self._past: list[Frame] = []
        self._probe: Probe = _nothing

    def go(self, commands: int) -> None:
        """Until so many commands are applied. Raises Different."""
        crowd, compared = Crowd(self._rng), 0
        frame = crowd.opening()
        while self._sequence < commands:
            crowd.hear(self._apply(frame))
            if self._sequence >= compared + COMPARE_COMMANDS:
                compared = self._sequence
                self._look(SideBySide.compare)
            if self._rng.random() < QUESTIONS_SHARE:
                self._ask(crowd.question())
            frame = crowd.frame()
            while not self._is_readable(frame):
                frame = crowd.frame()
        self._look(SideBySide.compare)
        self._coverage.commands += self._sequence

    @property
    def _sequence(self) -> int:
        return self._both.engines[0].sequence

    def _apply(self, frame: Frame) -> bytes:
        self._past.append(frame)
        self._probe = _nothing
        records = apply_frame(self._both, frame)
        for block in frame.blocks:
            self._coverage.asked[int.from_bytes(block[2:4], "little")] += 1
        self._coverage.count(records)
        return records

    def _look(self, probe: Probe) -> None:
        self._probe = probe
        probe(self._both)

    def _ask(self, question: bytes) -> None:
        self._coverage.asked[int.from_bytes(question[2:4], "little")] += 1
        try:
            self._look(lambda both: both.query(question))
        except CodecError:
            self._coverage.refused["questions"] += 1

    def _is_readable(self, frame: Frame) -> bool:
        """Shown by a preview, which changes nothing; sound frames are previewed now and then."""
        if not frame.is_broken and self._rng.random() > PREVIEWS_SHARE:
            return True
        try:
            self._look(lambda both: both.preview(b"".join(frame.blocks), frame.time_ns))
        except CodecError:
            assert frame.is_broken, "an engine reads every sound frame"
            self._coverage.refused["blocks"] += 1
            return False
        self._coverage.previews += 1
        return True

    def smallest(self) -> str:
        """The test that shows the difference with as few commands as can be found in SHRINK_S."""
        probe = self._probe
        steps = [(frame.time_ns, block) for frame in self._past for block in single_commands(b"".join(frame.blocks))]
        if not shows(self._begin, steps, probe):
            return "the same commands one by one show no difference: it is in how the engine takes whole blocks"
        until_s, count = time.monotonic() + SHRINK_S, len(steps)
        for simpler in (in_one_market, in_no_time):
            if shows(self._begin, simpler(steps), probe):
                steps = simpler(steps)
        few = shrink(steps, lambda some: shows(self._begin, some, probe), until_s)
        if shows(self._begin, in_no_time(few), probe):
            few = in_no_time(few)
        return f"{len(few)} of {count} commands show it; asked was {_name(probe)}\n\n{told(self._begin, few)}"


def opened(pair: type[SideBySide], features: Iterable[int]) -> SideBySide:
    """Before the first command."""
    both = pair()
    for feature in features:
        assert both.enable(feature, 1)
    return both


def apply_frame(both: SideBySide, frame: Frame) -> bytes:
    """Its records."""
    return both.apply_batch(b"".join(frame.blocks), both.engines[0].sequence + 1, frame.time_ns)


def shows(begin: Begin, steps: list[Step], probe: Probe) -> bool:
    """Whether the engines differ on these commands, or on what is asked after them, or in the state they leave."""
    both = begin()
    try:
        for time_ns, block in steps:
            both.apply_batch(block, both.engines[0].sequence + 1, time_ns)
        with suppress(CodecError):
            probe(both)
        both.compare()
    except Different:
        return True
    return False


def told(begin: Begin, steps: list[Step]) -> str:
    """The test that a person pastes into a file, or the blocks where the table says less than they do."""
    raw = "\n".join(f"{time_ns} {block.hex()}" for time_ns, block in steps)
    try:
        source = as_test(steps)
        run_test(source, begin())
    except Different:
        return source
    except Exception as error:
        return f"as blocks, since the table language does not show it ({error}):\n{raw}"
    return f"as blocks, since the table language does not show it:\n{raw}\n\n{source}"


def shrink(items: list[T], is_enough: Callable[[list[T]], bool], until_s: float) -> list[T]:
    """A part of the items that is still enough, in their order; none of it can be left out if time sufficed.

    Delta debugging: leave out runs of halving length. `is_enough(items)` holds at the beginning.
    """
    size = len(items) // 2
    while size:
        at = 0
        while at < len(items):
            fewer = items[:at] + items[at + size :]
            if time.monotonic() > until_s:
                return items
            if is_enough(fewer):
                items = fewer
            else:
                at += size
        size //= 2
    return items


def _nothing(both: SideBySide) -> None:
    """The records themselves differ."""


def _name(probe: Probe) -> str:
    return "nothing" if probe is _nothing else "the state" if probe is SideBySide.compare else "a question or preview"
