"""Reading the past page by page: rows one after another, however many there are."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, Generic, TypeVar

from mexchange.client.question import Collect
from mexchange.codec.messages import HistoryPage, Message

Row = TypeVar("Row")

EMPTY_PAGES_MAX: Final = 1_000_000
"""In a row; a filter that fits nothing passes by hundreds of rows with each of them."""


class Slice(Generic[Row]):
    """One answer."""

    def __init__(self, blocks: list[HistoryPage]) -> None:
        """All blocks of it, in order."""
        first = blocks[0]
        self.first: Final = first
        """What else the answer says stands in each block."""
        self.rows: Final[list[Row]] = [row for block in blocks for row in block.rows]  # type: ignore[misc]
        self.as_of: Final = int(first.as_of)
        """Everything up to this journal sequence is in the rows."""
        self.head: Final = int(first.head)
        """What was durable when the question came."""
        self.next: Final = first.next
        """The cursor of the next page; empty: there is none."""


class Walk(Generic[Row]):
    """`async for row in walk`. Pages are asked for as they are needed."""

    def __init__(self, ask: Callable[[bytes], Coroutine[Any, Any, Slice[Row]]]) -> None:
        """`ask` gives the page of a cursor, the first for an empty one."""
        self._ask = ask
        self._cursor: bytes | None = b""
        self._rows: list[Row] = []
        self.answer: HistoryPage | None = None
        """A block of the last page, for what else it says."""
        self.as_of = 0
        """Of the last page; see Slice."""
        self.head = 0

    @property
    def lag(self) -> int:
        """How many commands the tables were behind when the last page was made."""
        return max(0, self.head - self.as_of)

    async def page(self) -> list[Row] | None:
        """The next rows, at least one; None: there are no more."""
        for _ in range(EMPTY_PAGES_MAX):
            if self._cursor is None:
                return None
            found = await self._ask(self._cursor)
            self._cursor = found.next or None
            self.answer, self.as_of, self.head = found.first, found.as_of, found.head
            if found.rows:
                return found.rows
        return None

    def __aiter__(self) -> AsyncIterator[Row]:
        return self

    async def __anext__(self) -> Row:
        if not self._rows:
            self._rows = (await self.page() or [])[::-1]
        if not self._rows:
            raise StopAsyncIteration
        return self._rows.pop()


def all_blocks(kind: type[HistoryPage]) -> Collect:
    """The blocks of an answer, once all of one `as_of` have come: a repeated question may have two answers."""
    answers: dict[int, dict[int, HistoryPage]] = {}

    def collect(message: Message) -> Slice[Any] | None:
        if not isinstance(message, kind):
            return None
        blocks = answers.setdefault(message.as_of, {})
        blocks[message.page] = message
        return Slice([blocks[number] for number in sorted(blocks)]) if len(blocks) >= message.pages else None

    return collect
