"""How the wallet answers: what takes time runs beside the loop, and a "no" is a code of the table of rejects."""

from collections.abc import Coroutine
from typing import Final

from mexchange.codec import encode
from mexchange.codec.messages import Message, QueryRefused
from mexchange.daemon.background import Background
from mexchange.daemon.own_commands import Unwritten
from mexchange.daemon.views import Outbox
from mexchange.daemon.wallet.chain import ChainDown
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.protocol.server_session import ServerSession
from mexchange.store.errors import StoreError

UNANSWERED_MAX: Final = 1_024
"""Requests of everybody together that are being worked on; further ones are refused."""


class WalletRefused(Exception):
    """A request that is not carried out; the reason's code and the sentence go to whoever asked."""

    def __init__(self, reason: RejectReason, text: str = "") -> None:
        super().__init__(text or REJECTS[reason].text)
        self.reason = reason

    def answer(self) -> QueryRefused:
        """What the asker gets."""
        return QueryRefused(REJECTS[self.reason].code, str(self))


class Answers:
    """Runs the work of requests and sends what comes of it."""

    def __init__(self, *, background: Background, outbox: Outbox) -> None:
        self._background = background
        self._outbox = outbox
        self._unanswered = 0

    def start(self, session: ServerSession, correlation: int, work: Coroutine[object, object, Message | None]) -> None:
        """Answer with what `work` returns, or with why it did not; None: it had somebody else answer."""
        if self._unanswered >= UNANSWERED_MAX:
            work.close()
            self.refuse(session, correlation, WalletRefused(RejectReason.OVERLOADED))
            return
        self._unanswered += 1
        self._background.start(self._answer(session, correlation, work))

    async def _answer(
        self, session: ServerSession, correlation: int, work: Coroutine[object, object, Message | None]
    ) -> None:
        try:
            message = await result_of(work)
        finally:
            self._unanswered -= 1
        if message is not None:
            self._outbox.send(session, encode(message, correlation))

    def refuse(self, session: ServerSession, correlation: int, refused: WalletRefused) -> None:
        """Say no at once."""
        self._outbox.send(session, encode(refused.answer(), correlation))


async def result_of(work: Coroutine[object, object, Message | None]) -> Message | None:
    """What `work` returns, or the refusal that its error means."""
    try:
        return await work
    except WalletRefused as refused:
        return refused.answer()
    except Unwritten:
        return WalletRefused(RejectReason.READ_ONLY).answer()
    except (StoreError, ChainDown):
        return WalletRefused(RejectReason.WALLET_UNAVAILABLE).answer()
