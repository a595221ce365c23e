"""What became of an order: answered from the events of the last orders of each account, finished ones too.

What is forgotten here the engine's memory of client order ids may still know; older orders the archive has.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import (
    MarketsPage,
    MarketsQuery,
    OrderAnswer,
    OrderQuery,
    OrdersPage,
    OrdersQuery,
    OrderState,
    OrderSummary,
)
from mexchange.daemon.order_rows import OrderRows, PythonOrderRows
from mexchange.daemon.recent_orders import OrderRow, SavedOrders
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.domain.client_id import ClientOrderId, is_uuid
from mexchange.domain.units import Atoms, Lots, MarketId, OrderId, Ticks, TimeNs
from mexchange.domain.units import Sequence as JournalSequence
from mexchange.protocol.server_session import ServerSession

FINISHED_ALL_MAX: Final = 100_000
"""Finished orders that are remembered of all accounts together."""
ORDERS_PER_PAGE_MAX: Final = 9
"""So that a page fits into a datagram: 120 bytes each."""
VERSION: Final = 1
"""Of the saved part."""
FRESH_NS: Final = 30 * 10**9
"""Half of how long the engine remembers a finished UUID at least; the other half is for the clock of its maker."""
MS: Final = 1_000_000
_UUID_MS_BYTES: Final = 6


def _rows_kind() -> type[OrderRows]:
    try:
        from mexchange.daemon.native_order_rows import NativeOrderRows
    except ImportError:
        return PythonOrderRows
    return NativeOrderRows


ROWS: type[OrderRows] = _rows_kind()
"""Natively where that was built."""


class _Saved(msgspec.Struct):
    version: int
    sequence: JournalSequence
    accounts: list[SavedOrders]


class Archive(Protocol):
    """Knows the orders that are forgotten here."""

    def find_order(
        self, session: ServerSession, correlation: int, query: OrderQuery, otherwise: OrderAnswer | None
    ) -> None:
        """Answer the question; `otherwise` if nothing is known there, None: there is no such order."""
        ...


class RecentOrders:
    """The view of orders."""

    name = "orders"

    def __init__(self, *, outbox: Outbox, engine: Engine, archive: Archive | None) -> None:
        """`archive`: None where no history is kept; what is forgotten is then unknown."""
        self._outbox = outbox
        self._engine = engine
        self._archive = archive
        self._rows = ROWS(finished_all_max=FINISHED_ALL_MAX)
        self._atoms_per_tick_lot: dict[int, int] = {}
        """Of the markets that somebody asked about: it never changes."""
        self._sequence = JournalSequence(0)
        """Of the last commit."""

    def handlers(self) -> Mapping[MessageType, Handler]:
        """The questions about orders."""
        return {MessageType.ORDER_QUERY: self._on_order_query, MessageType.ORDERS_QUERY: self._on_orders_query}

    def on_commit(self, commit: Commit) -> None:
        """Take over the order events of a frame."""
        self._sequence = JournalSequence(commit.last_sequence)
        self._rows.apply(commit.records, commit.time_ns)

    def known(self, account: int, order_id: int) -> OrderRow | None:
        """An order as durable frames left it. None: from before this view's time, or forgotten."""
        return self._rows.find(account, order_id, b"")

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Nothing is said unasked."""

    def on_session_gone(self, session: ServerSession) -> None:
        """Nothing is kept for a session."""

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """No streams of its own."""
        return ()

    def _on_order_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.ORDER_QUERY, block[BLOCK_HEADER:])
        assert isinstance(asked, OrderQuery)
        row = self._rows.find(asked.account, asked.order_id, asked.client_order_id)
        if row is None:
            self._ask_further(session, correlation, asked, block)
            return
        answer = OrderAnswer(True, [self._summary(row)], self._sequence)
        self._outbox.send(session, encode(answer, correlation))

    def _ask_further(self, session: ServerSession, correlation: int, asked: OrderQuery, block: bytes) -> None:
        """The engine remembers the last ids of each account; beyond that the archive is asked."""
        (reply,) = self._engine.query(block)
        message_type = int.from_bytes(reply[2:4], "little")
        answer = decode(message_type, reply[BLOCK_HEADER:])
        if self._archive is None or not isinstance(answer, OrderAnswer):
            self._outbox.answer(session, reply)
        elif answer.known and answer.orders[0].state == OrderState.FORGOTTEN:
            self._archive.find_order(session, correlation, asked, answer)
        elif answer.known or self._is_fresh(asked):
            self._outbox.answer(session, reply)
        else:
            self._archive.find_order(session, correlation, asked, None)

    def _is_fresh(self, asked: OrderQuery) -> bool:
        """Is this a UUID so young that the engine would remember it: then it was never used, whatever history says."""
        identifier = asked.client_order_id
        if asked.order_id or not is_uuid(identifier):
            return False
        minted_ns = int.from_bytes(identifier[:_UUID_MS_BYTES], "big") * MS
        return abs(self._engine.time_ns - minted_ns) < FRESH_NS

    def _on_orders_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.ORDERS_QUERY, block[BLOCK_HEADER:])
        assert isinstance(asked, OrdersQuery)
        limit = min(asked.limit or ORDERS_PER_PAGE_MAX, ORDERS_PER_PAGE_MAX)
        found = self._rows.newest(
            asked.account, before=asked.before, open_only=asked.open_only, market=asked.market, limit=limit + 1
        )
        rows, more = found[:limit], len(found) > limit
        summaries = [self._summary(row) for row in rows]
        page = OrdersPage(summaries, OrderId(rows[-1].order_id if more else 0), self._sequence)
        self._outbox.send(session, encode(page, correlation))

    def _summary(self, row: OrderRow) -> OrderSummary:
        return _summary(row, self._factor(row.market) if row.ticks_lots else 0)

    def _factor(self, market: int) -> int:
        """Quote atoms of one lot at a price of one tick."""
        factor = self._atoms_per_tick_lot.get(market)
        if factor is None:
            (block,) = self._engine.query(encode(MarketsQuery(MarketId(market))))
            page = decode(MessageType.MARKETS_PAGE, block[BLOCK_HEADER:])
            assert isinstance(page, MarketsPage)
            factor = self._atoms_per_tick_lot[market] = page.markets[0].atoms_per_tick_lot
        return factor

    def save(self) -> bytes:
        """All rows."""
        return msgspec.msgpack.encode(_Saved(VERSION, self._sequence, self._rows.saved()))

    def load(self, data: bytes) -> None:
        """Take over what `save` gave; anything else is ignored, older orders are then unknown here."""
        try:
            saved = msgspec.msgpack.decode(data, type=_Saved)
        except msgspec.DecodeError:
            return
        if saved.version != VERSION:
            return
        self._sequence = saved.sequence
        for each in saved.accounts:
            self._rows.restore(each)

    def ready(self) -> None:
        """What is not known here is asked of the engine when somebody asks."""


def _summary(row: OrderRow, atoms_per_tick_lot: int) -> OrderSummary:
    return OrderSummary(
        order_id=OrderId(row.order_id),
        client_order_id=ClientOrderId(row.client_order_id),
        price=Ticks(row.price),
        quantity=Lots(row.quantity),
        leaves=Lots(row.leaves),
        filled=Lots(row.filled),
        expiry_ns=TimeNs(row.expiry_ns),
        placed_sequence=JournalSequence(row.placed_sequence),
        last_sequence=JournalSequence(row.last_sequence),
        placed_ns=TimeNs(row.placed_ns),
        last_ns=TimeNs(row.last_ns),
        notional=Atoms(row.ticks_lots * atoms_per_tick_lot),
        market=MarketId(row.market),
        side=row.side,
        type_tif=row.type_tif,
        stp=0,
        flags=row.flags,
        state=row.state,
        done_reason=row.done_reason,
        reject_reason=row.reject_reason,
    )
