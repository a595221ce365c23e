"""Commands that wait for their outcome, by client order id.

    SENT ── event with its id ──────────────> answered
      │ ── Repeated with its id ────────────> answered (the order itself may have to be asked for)
      │ ── a copy refused at the door ──────> ASKING
      └─ no answer until the deadline ──────> ASKING ── known ────────────────────> answered
                                                │ ───── unknown, deadline over ───> refused: past deadline
                                                └────── no answer, UNRESOLVED ────> ASKING, after a while

Nothing is ever sent under another id. The deadline is part of the command and the server refuses later copies of it,
so "not known" after the deadline means that it never will be.
"""

from collections.abc import Iterator
from enum import Enum

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.pending import Pending
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, MassCancel, PlaceOrder
from mexchange.domain.events import Accepted, Amended, Done, Event, MassCancelled, Rejected, Repeated


class Stage(Enum):
    """Where a command without an outcome stands."""

    SENT = 0
    ASKING = 1
    UNRESOLVED = 2


class Waiting(msgspec.Struct, eq=False):
    """One command. Times are monotonic nanoseconds."""

    command: Command
    client_order_id: ClientOrderId
    pending: Pending[Answer]
    sent_ns: int
    deadline_ns: int
    """After it the server takes no copy any more."""
    head: int
    """The journal's head as we knew it when the command was sent."""
    correlation: int = 0
    """Of the request that carries it; 0: not sent yet."""
    stage: Stage = Stage.SENT


class Outcomes:
    """The table, and which requests are over because all their commands are."""

    def __init__(self) -> None:
        self._waiting: dict[ClientOrderId, Waiting] = {}
        self._open_of_request: dict[int, set[ClientOrderId]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        """Over a copy: callers change the table."""
        return iter(tuple(self._waiting.values()))

    @property
    def unknown(self) -> int:
        """Commands that are being asked about, or will be."""
        return sum(waiting.stage is not Stage.SENT for waiting in self._waiting.values())

    def __contains__(self, waiting: Waiting) -> bool:
        return self._waiting.get(waiting.client_order_id) is waiting

    def add(self, waiting: Waiting) -> None:
        """One command more. Its id is not here yet."""
        assert waiting.client_order_id not in self._waiting
        self._waiting[waiting.client_order_id] = waiting

    def sent(self, together: list[Waiting], correlation: int) -> None:
        """These commands are under way in one request."""
        for waiting in together:
            waiting.correlation = correlation
        self._open_of_request[correlation] = {waiting.client_order_id for waiting in together}

    def get(self, client_order_id: ClientOrderId) -> Waiting | None:
        """The command that waits under this id."""
        return self._waiting.get(client_order_id)

    def of_request(self, correlation: int) -> list[Waiting]:
        """The commands of a request that are still open."""
        return [self._waiting[open_id] for open_id in self._open_of_request.get(correlation, ())]

    def match(self, event: Event) -> Waiting | None:
        """The command that this event answers. It stays in the table until `remove`."""
        client_order_id = getattr(event, "client_order_id", NO_ID)
        if client_order_id == NO_ID:
            return None
        waiting = self._waiting.get(client_order_id)
        return waiting if waiting is not None and answers(waiting.command, event) else None

    def remove(self, waiting: Waiting) -> int:
        """The outcome is known. Returns the correlation of its request if that is over now, else 0."""
        del self._waiting[waiting.client_order_id]
        still_open = self._open_of_request.get(waiting.correlation, set())
        still_open.discard(waiting.client_order_id)
        if still_open or not waiting.correlation:
            return 0
        del self._open_of_request[waiting.correlation]
        return waiting.correlation


def answers(command: Command, event: Event) -> bool:
    """Is `event`, which carries the command's id, the first thing that the engine says about it."""
    if isinstance(event, Rejected | Repeated):
        return True
    match command:
        case PlaceOrder():
            return isinstance(event, Accepted)
        case CancelOrder():
            return isinstance(event, Done)
        case AmendOrder():
            return isinstance(event, Amended | Done)
        case MassCancel():
            return isinstance(event, MassCancelled)
        case _:
            return True
