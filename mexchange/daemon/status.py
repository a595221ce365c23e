"""What an operator asks first: where the journal stands, how long syncs take, who is here, what was dropped and why.

Text facts are lines `key=value`; numbers are counters. An answer that needs several blocks ends with the counter `end`,
whose value is their number.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from mexchange.codec import MessageType, encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX
from mexchange.codec.messages import CounterInfo, StatusAnswer
from mexchange.daemon.views import Handler, Outbox
from mexchange.protocol.server_session import ServerSession

END: Final = "end"
_COUNTER_BYTES: Final = 40
"""A counter's share of an answer at most, without its name: table, vtable, offsets, padding."""

Facts = Callable[[], tuple[Mapping[str, str], Iterable[tuple[str, int]]]]
"""Texts and numbers, gathered when somebody asks."""


class Status:
    """Answers StatusQuery."""

    def __init__(self, *, outbox: Outbox, facts: Facts) -> None:
        self._outbox = outbox
        self._facts = facts

    def handlers(self) -> Mapping[MessageType, Handler]:
        """StatusQuery."""
        return {MessageType.STATUS_QUERY: self._answer}

    def _answer(self, session: ServerSession, correlation: int, block: bytes) -> None:
        texts, counters = self._facts()
        for answer in status_answers(texts, counters):
            self._outbox.send(session, encode(answer, correlation))


def status_answers(texts: Mapping[str, str], counters: Iterable[tuple[str, int]]) -> list[StatusAnswer]:
    """As many answers as it takes, each within a datagram; the texts are in the first."""
    text = "\n".join(f"{key}={value}" for key, value in texts.items())
    pages: list[tuple[str, list[CounterInfo]]] = [(text, [])]
    room = DATAGRAM_BLOCKS_MAX - len(encode(StatusAnswer(text))) - _COUNTER_BYTES - len(END)
    assert room > 0, "the texts fit a datagram"
    for name, value in counters:
        size = _COUNTER_BYTES + len(name)
        if size > room:
            pages.append(("", []))
            room = DATAGRAM_BLOCKS_MAX - len(encode(StatusAnswer())) - _COUNTER_BYTES - len(END)
        pages[-1][1].append(CounterInfo(name, value))
        room -= size
    pages[-1][1].append(CounterInfo(END, len(pages)))
    return [StatusAnswer(page_text, page_counters) for page_text, page_counters in pages]
