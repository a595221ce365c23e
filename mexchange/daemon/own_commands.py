"""Commands that the daemon asks for itself, on somebody's behalf, and the answer of the engine to each.

The answer is known once it is durable. Who asks again under the same client order id, after a crash for instance, gets
`Repeated` or the old reject: nothing happens twice.
"""

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from mexchange.codec.events import EVENT_AT, decode_records
from mexchange.codec.record_layout import RECORD
from mexchange.daemon.views import Commit
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint
from mexchange.domain.commands import Command
from mexchange.domain.events import Event
from mexchange.world.clock import Clock

Submit = Callable[[Sequence[Command], Callable[[bool], None]], None]
"""Journal commands of the daemon's own; then say whether they are durable."""
Key = tuple[int, bytes]
"""The account that a command names, 0 if it names none, and its client order id."""

_ID: Final = slice(24, 40)
"""The client order id within an event (schemas/events.fbs), for every kind that answers a command."""

assert _ID.stop <= RECORD.size - EVENT_AT


class Unwritten(Exception):
    """The journal has no room now: the command was not executed. Asking again is harmless."""


class _Asked:
    """Commands of one key that are under way, and answers that came with a frame but are not given out yet."""

    __slots__ = ("answers", "commands")

    def __init__(self) -> None:
        self.commands = 0
        self.answers: deque[Event] = deque()


class OwnCommands:
    """Sends commands and finds their answers among the events of the frame that held them."""

    def __init__(self, submit: Submit, *, clock: Clock, random: Callable[[int], bytes]) -> None:
        """`random(n)` gives n random bytes."""
        self._submit = submit
        self._clock = clock
        self._random = random
        self._asked: dict[Key, _Asked] = {}

    def mint(self) -> ClientOrderId:
        """An id for a command whose repetition nobody needs to recognise."""
        return mint(self._clock.time_ns() // 1_000_000, int.from_bytes(self._random(10), "big"))

    async def ask(self, command: Command) -> Event:
        """What the engine says to `command`, which has a client order id of its own. Raises Unwritten."""
        key = (int(getattr(command, "account", 0)), bytes(getattr(command, "client_order_id", NO_ID)))
        assert key[1] != NO_ID, type(command).__name__
        answer: Future[Event] = get_running_loop().create_future()
        self._asked.setdefault(key, _Asked()).commands += 1
        self._submit([command], lambda ok: self._settle(key, answer, ok))
        return await answer

    def on_commit(self, commit: Commit) -> None:
        """Find the answers in a durable frame, before those who wait are told that it is durable."""
        if not self._asked:
            return
        for account, number, event in RECORD.iter_unpack(commit.records):
            name = event[_ID]
            asked = self._asked.get((account, name)) or self._asked.get((0, name))
            if asked is None:
                continue
            (answer,) = decode_records(RECORD.pack(account, number, event))
            if not asked.answers or asked.answers[-1].sequence != answer.sequence:
                asked.answers.append(answer)

    def _settle(self, key: Key, answer: Future[Event], ok: bool) -> None:
        """One command is durable, or never will be."""
        asked = self._asked[key]
        event = asked.answers.popleft() if ok else None
        asked.commands -= 1
        if not asked.commands:
            del self._asked[key]
        if answer.done():  # whoever waited was stopped
            return
        if event is not None:
            answer.set_result(event)
        else:
            answer.set_exception(Unwritten("the journal has no room"))
