"""Questions under way, by correlation, and how their answers are put together from blocks."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from mexchange.client.errors import ClientError, GapUnavailable, QueryRefused, TimedOut, Unsupported
from mexchange.client.pending import Pending
from mexchange.codec import Malformed, MessageType, UnknownMessage, decode
from mexchange.codec.messages import BookSnapshot, Message, SubscribeRefused
from mexchange.codec.messages import GapUnavailable as GapUnavailableMessage
from mexchange.codec.messages import QueryRefused as QueryRefusedMessage
from mexchange.codec.messages import Unsupported as UnsupportedMessage

T = TypeVar("T")

Collect = Callable[[Message], Any]
"""Takes one block of an answer; returns the whole answer, or None while blocks are missing."""

_REFUSALS: Final = frozenset(
    {
        MessageType.QUERY_REFUSED,
        MessageType.SUBSCRIBE_REFUSED,
        MessageType.UNSUPPORTED,
        MessageType.GAP_UNAVAILABLE,
    }
)


class Questions:
    """The table. Answers that nobody waits for are ignored."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Pending[Any], Collect]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, correlation: int) -> bool:
        return correlation in self._open

    def add(self, correlation: int, collect: Collect) -> Pending[Any]:
        """Wait for the answer to this request."""
        pending: Pending[Any] = Pending()
        self._open[correlation] = (pending, collect)
        return pending

    def answer(self, correlation: int, message_type: int, message: Message | None, payload: bytes) -> bool:
        """One block of an answer; True if the question is over. `message` if it was decoded already."""
        pending, collect = self._open[correlation]
        try:
            message = decode(message_type, payload) if message is None else message
            error = _refusal(message) if message_type in _REFUSALS else None
            whole = collect(message) if error is None else None
        except (Malformed, UnknownMessage) as broken:
            error, whole = ClientError(f"the server's answer cannot be read: {broken}"), None
        if error is None and whole is None:
            return False
        del self._open[correlation]
        if error is not None:
            pending.fail(error)
        else:
            pending.resolve(whole)
        return True

    def timed_out(self, correlation: int) -> bool:
        """No answer came. False if this is not a question."""
        entry = self._open.pop(correlation, None)
        if entry is None:
            return False
        entry[0].fail(TimedOut("the server did not answer in time"))
        return True

    def fail_all(self, error: Exception) -> None:
        """Nothing will be answered any more."""
        entries, self._open = list(self._open.values()), {}
        for pending, _ in entries:
            pending.fail(error)


def first_of(expected: type[T]) -> Collect:
    """An answer of one block, which is of this kind."""

    def collect(message: Message) -> T:
        if not isinstance(message, expected):
            raise Malformed(f"{type(message).__name__} instead of {expected.__name__}")
        return message

    return collect


def any_of(*expected: type[Message]) -> Collect:
    """The first block of one of these kinds; what else comes under the correlation is somebody else's business."""

    def collect(message: Message) -> Message | None:
        return message if isinstance(message, expected) else None

    return collect


def all_pages() -> Collect:
    """A book in pages: the list of them once all of one sequence have come."""
    pages: dict[int, dict[int, BookSnapshot]] = {}

    def collect(message: Message) -> list[BookSnapshot] | None:
        if not isinstance(message, BookSnapshot):
            return None
        found = pages.setdefault(message.sequence, {})
        found[message.page] = message
        return [found[number] for number in sorted(found)] if len(found) >= message.pages else None

    return collect


def _refusal(message: Message) -> ClientError | None:
    match message:
        case QueryRefusedMessage() | SubscribeRefused():
            return QueryRefused(message.code, message.text)
        case GapUnavailableMessage():
            return GapUnavailable(message.first_available, message.head)
        case UnsupportedMessage():
            return Unsupported(f"the server does not know message {message.message_type}")
    return None
