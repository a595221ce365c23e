"""Answers about the past: pages of the history tables, for anybody the public ones, for an account its own.

    question ─► here: what is meant ─► reader's thread: rows, blocks ─► here: to the session

Rows are complete up to `as_of`. A question waits a moment until that is what was durable when it came, so that who has
just traded finds it here; a projector that is further behind is not waited for, and `as_of` < `head` says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import (
    CandlesQuery,
    HistoryQuery,
    OrderAnswer,
    OrderQuery,
    OrderSummary,
    QueryRefused,
    TradeHistoryQuery,
)
from mexchange.daemon.reading import rows as rows_of
from mexchange.daemon.reading.blocks import pages_of
from mexchange.daemon.reading.questions import reading
from mexchange.daemon.views import Handler, Outbox
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import Sequence
from mexchange.protocol.server_session import ServerSession
from mexchange.store import history_pages
from mexchange.store.history_pages import Progress

Question = Callable[[AsyncConnection, Progress], Awaitable[list[bytes]]]


class Reader(Protocol):
    """Who reads the tables."""

    def ask(self, question: Question, then: Callable[[list[bytes] | None], None], *, needs: int) -> bool:
        """Calls `then` with the answer, or None; False: too many are asking."""
        ...

    def start(self) -> None:
        """Begin to answer."""
        ...

    def stop(self) -> None:
        """Answer no more. Idempotent."""
        ...


class Markets(Protocol):
    """What is known of the markets without asking the tables."""

    @property
    def synthetic_until(self) -> int:
        """Trades up to this sequence are the prelude's."""
        ...

    def has(self, market: int) -> bool:
        """Is there such a market."""
        ...


class HistoryDesk:
    """The handlers of all questions about the past."""

    def __init__(
        self,
        *,
        reader: Reader | None,
        outbox: Outbox,
        durable_sequence: Callable[[], int],
        market_data: Markets,
    ) -> None:
        """`reader`: None where no history is kept."""
        self._reader = reader
        self._outbox = outbox
        self._durable_sequence = durable_sequence
        self._market_data = market_data

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Whose account it is has been checked."""
        return {
            MessageType.TRADE_HISTORY_QUERY: self._on_query,
            MessageType.ORDER_HISTORY_QUERY: self._on_query,
            MessageType.FILLS_QUERY: self._on_query,
            MessageType.LEDGER_QUERY: self._on_query,
            MessageType.FUNDING_QUERY: self._on_query,
            MessageType.CANDLES_QUERY: self._on_query,
            MessageType.HOLDINGS_QUERY: self._on_query,
            MessageType.DAY_BALANCES_QUERY: self._on_query,
        }

    def start(self) -> None:
        """Begin to answer."""
        if self._reader is not None:
            self._reader.start()

    def stop(self) -> None:
        """Answer no more. Idempotent."""
        if self._reader is not None:
            self._reader.stop()

    def find_order(
        self, session: ServerSession, correlation: int, query: OrderQuery, otherwise: OrderAnswer | None
    ) -> None:
        """Answer an OrderQuery about an order that only the tables may know.

        `otherwise` is the answer if they do not, or cannot be read; None: "there is none" is the answer then, but only
        when the tables have everything that is durable now, or somebody would take an order for never placed.
        """
        head = self._durable_sequence()

        async def question(connection: AsyncConnection, reached: Progress) -> list[bytes]:
            summary = await _order(connection, query)
            if summary is not None:
                return [encode(OrderAnswer(True, [summary], Sequence(reached.sequence)), correlation)]
            if otherwise is not None:
                return [encode(otherwise, correlation)]
            if reached.sequence < head:
                return [encode(_refusal(RejectReason.HISTORY_UNAVAILABLE), correlation)]
            return [encode(OrderAnswer(False, [], Sequence(reached.sequence)), correlation)]

        missing = _refusal(RejectReason.HISTORY_UNAVAILABLE) if otherwise is None else otherwise
        # It may have come from the engine's state, which is ahead of what is durable.
        self._ask(session, correlation, question, head, missing, self._outbox.answer)

    def _on_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        message_type = int.from_bytes(block[2:4], "little")
        query = decode(message_type, block[BLOCK_HEADER:])
        assert isinstance(query, HistoryQuery)
        market = getattr(query, "market", 0)
        needs_market = isinstance(query, TradeHistoryQuery | CandlesQuery)
        if (market or needs_market) and not self._market_data.has(market):
            self._outbox.send(session, encode(_refusal(RejectReason.MARKET_NOT_FOUND), correlation))
            return
        read = reading(query, synthetic_until=self._market_data.synthetic_until)
        head = self._durable_sequence()

        async def question(connection: AsyncConnection, reached: Progress) -> list[bytes]:
            page = await read(connection)
            return pages_of(page, as_of=reached.sequence, head=head, correlation=correlation)

        self._ask(session, correlation, question, head, _refusal(RejectReason.HISTORY_UNAVAILABLE), self._outbox.send)

    def _ask(
        self,
        session: ServerSession,
        correlation: int,
        question: Question,
        needs: int,
        missing: QueryRefused | OrderAnswer,
        send: Callable[[ServerSession, bytes], object],
    ) -> None:
        def then(blocks: list[bytes] | None) -> None:
            for block in [encode(missing, correlation)] if blocks is None else blocks:
                send(session, block)

        if self._reader is None:
            then(None)
        elif not self._reader.ask(question, then, needs=needs):
            self._outbox.send(session, encode(_refusal(RejectReason.OVERLOADED), correlation))


async def _order(connection: AsyncConnection, query: OrderQuery) -> OrderSummary | None:
    account, name = query.account, query.client_order_id
    row = await history_pages.find_order(connection, account, order_id=query.order_id, client_order_id=name)
    if row is not None:
        return rows_of.order(row)
    if query.order_id:
        return None
    reject = await history_pages.find_reject(connection, account, name)
    return None if reject is None else rows_of.rejected_order(reject)


def _refusal(reason: RejectReason) -> QueryRefused:
    return QueryRefused(REJECTS[reason].code, REJECTS[reason].text)
