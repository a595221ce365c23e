"""Requests about people, from the trading loop to the clerk and back: each done once, and each answered.

A client repeats a request until it is answered. Here a repeated one waits for the first, or gets its answer again: a
second mail, a second key, a code used twice would be the wrong answer.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from mexchange.codec import encode
from mexchange.codec.messages import Message, QueryRefused
from mexchange.daemon.clerk import Busy, Clerk, Post
from mexchange.daemon.views import Outbox
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.identity.errors import IdentityRefused
from mexchange.protocol.server_session import ServerSession
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs

T = TypeVar("T")

REMEMBERED_MAX: Final = 16
"""Answers of one session."""
UNDER_WAY_MAX: Final = 8
"""Requests of one session that are being worked on."""


class IdentityAnswers:
    """Has requests done and answers them."""

    def __init__(self, *, clerk: Clerk, outbox: Outbox, post: Post) -> None:
        self._clerk = clerk
        self._outbox = outbox
        self._post = post
        self._log = logs.get("daemon.identity")
        self._known: dict[ServerSession, OrderedDict[int, list[bytes]]] = {}

    def start(
        self,
        session: ServerSession,
        correlation: int,
        job: Callable[[], Awaitable[T]],
        finish: Callable[[T], None],
    ) -> None:
        """Have `job` done by the clerk, then `finish` here, which calls `answer`. Refusals are answered here."""
        known = self._known.setdefault(session, OrderedDict())
        if correlation in known:
            for block in known[correlation]:
                self._outbox.send(session, block)
            return
        if sum(not blocks for blocks in known.values()) >= UNDER_WAY_MAX:
            self._send_refusal(session, correlation, RejectReason.OVERLOADED)
            return
        known[correlation] = []
        if len(known) > REMEMBERED_MAX:
            oldest = next((each for each, blocks in known.items() if blocks), None)
            if oldest is not None:
                del known[oldest]
        self._clerk.call(job, lambda result: self._done(session, correlation, finish, result), self._post)

    def reply(
        self,
        session: ServerSession,
        correlation: int,
        job: Callable[[], Awaitable[Message]],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Answer with what `job` gives; `then` is called before."""

        def finish(message: Message) -> None:
            if then is not None:
                then()
            self.answer(session, correlation, message)

        self.start(session, correlation, job, finish)

    def answer(self, session: ServerSession, correlation: int, *messages: Message, of_engine: bool = False) -> None:
        """The whole answer. `of_engine`: it tells of the engine's state, and waits until that is durable."""
        send = self._outbox.answer if of_engine else self._outbox.send
        blocks = [encode(message, correlation) for message in messages]
        known = self._known.get(session)
        if known is not None and correlation in known:
            known[correlation] = blocks
        for block in blocks:
            send(session, block)

    def refuse(self, session: ServerSession, correlation: int, reason: RejectReason) -> None:
        """Answer with a no."""
        self.answer(session, correlation, QueryRefused(REJECTS[reason].code, REJECTS[reason].text))

    def forget(self, session: ServerSession) -> None:
        """The session is gone."""
        self._known.pop(session, None)

    def _done(
        self, session: ServerSession, correlation: int, finish: Callable[[T], None], result: T | Exception
    ) -> None:
        if isinstance(result, IdentityRefused):
            self.refuse(session, correlation, result.reason)
        elif isinstance(result, Exception):
            if not isinstance(result, StoreError | Busy):
                self._log.error("a request about people failed", kind=type(result).__name__, exc_info=result)
            self.refuse(session, correlation, RejectReason.IDENTITY_UNAVAILABLE)
        else:
            finish(result)

    def _send_refusal(self, session: ServerSession, correlation: int, reason: RejectReason) -> None:
        refused = QueryRefused(REJECTS[reason].code, REJECTS[reason].text)
        self._outbox.send(session, encode(refused, correlation))
