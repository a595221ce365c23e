"""What became of an order: answered from the events of the last orders of each account, finished ones too.

What is forgotten here the engine's memory of client order ids may still know; older orders the archive has.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from struct import Struct
from typing import Final, Protocol

import msgspec

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.events import RECORD_SIZE
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
from mexchange.daemon.order_replay import OrderReplay
from mexchange.daemon.recent_orders import AccountOrders, OrderRow
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.domain.client_id import ClientOrderId, is_uuid
from mexchange.domain.events import EventKind
from mexchange.domain.order import DoneReason
from mexchange.domain.rejects import RejectReason
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

_RECORD: Final = Struct("<Q8xQBBHIQ16sqqq")
assert _RECORD.size == RECORD_SIZE
_LINK: Final = Struct("<qq")
"""The two values of a fill or a prevented trade that stand where others have a client order id."""
_ACCEPTED: Final = int(EventKind.ACCEPTED)
_FILLED: Final = int(EventKind.FILLED)
_DONE: Final = int(EventKind.DONE)
_AMENDED: Final = int(EventKind.AMENDED)
_REJECTED: Final = int(EventKind.REJECTED)
_PREVENTED: Final = int(EventKind.PREVENTED)
_SIDE_BITS: Final = 3
_ABOUT_THE_ID: Final = frozenset({RejectReason.CLIENT_ID_REUSED, RejectReason.STALE_CLIENT_ID})
"""Refusals that leave open what became of the first request of that id."""
_STATES: Final[dict[int, OrderState]] = {
    DoneReason.FILLED: OrderState.FILLED,
    DoneReason.DUST: OrderState.FILLED,
    DoneReason.EXPIRED: OrderState.EXPIRED,
}
"""State of a finished order; every other reason cancels it."""


class _SavedAccount(msgspec.Struct, array_like=True):
    account: int
    rows: list[OrderRow]
    finished: list[int]
    rejected: list[OrderRow]


class _Saved(msgspec.Struct):
    version: int
    sequence: JournalSequence
    accounts: list[_SavedAccount]


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
        self._accounts: dict[int, AccountOrders] = {}
        self._quiet: dict[int, None] = {}
        """Accounts with finished orders, the one that finished none for longest first."""
        self._finished = 0
        """Finished orders that are remembered."""
        self._replay: OrderReplay | None = None
        """Has the rows until `ready`, if frames were replayed."""
        self._atoms_per_tick_lot: dict[int, int] = {}
        """Of the markets that somebody asked about: it never changes."""
        self._sequence = JournalSequence(0)
        """Of the last commit."""

    def handlers(self) -> Mapping[MessageType, Handler]:
        """The questions about orders."""
        return {MessageType.ORDER_QUERY: self._on_order_query, MessageType.ORDERS_QUERY: self._on_orders_query}

    def on_commit(self, commit: Commit) -> None:
        """Take over the order events of a frame."""
        time_ns, accounts = commit.time_ns, self._accounts
        self._sequence = JournalSequence(commit.last_sequence)
        if commit.replayed and (replay := self._replay or self._begin_replay()) is not None:
            replay.apply(commit.records, time_ns)
            return
        for record in _RECORD.iter_unpack(commit.records):
            account, sequence, kind, flags, info, market, order_id, name, v2, v3, v4 = record
            if kind > _PREVENTED or not account:
                continue
            if kind == _ACCEPTED:
                orders = accounts.get(account) or self._open(account)
                side, type_tif, order_flags = flags & _SIDE_BITS, info & 0xFF, info >> 8
                placed = (sequence, sequence, time_ns, time_ns, market, side, type_tif, order_flags)
                orders.add(OrderRow(order_id, name, v2, v3, v3, v4, *placed))
            elif kind == _REJECTED:
                if info in _ABOUT_THE_ID:
                    continue
                orders = accounts.get(account) or self._open(account)
                orders.reject(_rejected(order_id, name, sequence, time_ns, market, info))
            elif (row := self.known(account, order_id)) is not None:
                self._change(account, row, kind, info, name, v2, v3, v4)
                row.last_sequence, row.last_ns = sequence, time_ns

    def _begin_replay(self) -> OrderReplay | None:
        """With everything that is known so far; nobody asks before `ready`."""
        self._replay = OrderReplay.new(
            finished_all_max=FINISHED_ALL_MAX, states=_STATES, about_the_id=sorted(_ABOUT_THE_ID)
        )
        if self._replay is not None:
            for account, orders in self._accounts.items():
                self._replay.put(account, orders)
        return self._replay

    def _change(
        self, account: int, row: OrderRow, kind: int, info: int, name: bytes, v2: int, v3: int, v4: int
    ) -> None:
        """Slots by kind: schemas/events.fbs."""
        if kind == _FILLED:
            row.leaves = v3
            row.filled += v2
            row.ticks_lots += _LINK.unpack(name)[1] * v2
            row.state = OrderState.PARTIALLY_FILLED
        elif kind == _DONE:
            row.leaves, row.filled, row.done_reason = v2, v3, info
            row.state = _STATES.get(info, OrderState.CANCELLED)
            self._finish(account, row)
        elif kind == _AMENDED:
            row.price, row.quantity, row.leaves = v2, v3, v4
        elif kind == _PREVENTED:
            row.leaves = v3

    def _finish(self, account: int, row: OrderRow) -> None:
        orders = self._accounts[account]
        self._finished -= orders.finished
        orders.finish(row)
        self._finished += orders.finished
        self._quiet.pop(account, None)
        self._quiet[account] = None
        while self._finished > FINISHED_ALL_MAX:
            self._forget(next(iter(self._quiet)))

    def _forget(self, account: int) -> None:
        """The finished orders of an account make room for those of others."""
        orders = self._accounts[account]
        self._finished -= orders.finished
        orders.forget_finished()
        del self._quiet[account]
        if not orders.rows:
            del self._accounts[account]

    def _open(self, account: int) -> AccountOrders:
        orders = self._accounts[account] = AccountOrders()
        return orders

    def known(self, account: int, order_id: int) -> OrderRow | None:
        """An order as durable frames left it. None: from before this view's time, or forgotten."""
        orders = self._accounts.get(account)
        return orders.rows.get(order_id) if orders is not None else None

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
        orders = self._accounts.get(asked.account)
        row = orders.find(asked.order_id, asked.client_order_id) if orders is not None else None
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
        orders = self._accounts.get(asked.account) or AccountOrders()
        found = orders.newest(before=asked.before, open_only=asked.open_only, market=asked.market)
        rows = list(islice(found, limit))
        more = next(found, None) is not None
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
        accounts = [_SavedAccount(account, *orders.saved()) for account, orders in sorted(self._accounts.items())]
        return msgspec.msgpack.encode(_Saved(VERSION, self._sequence, accounts))

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
            orders = self._accounts[each.account] = AccountOrders.restored(each.rows, each.finished, each.rejected)
            self._finished += orders.finished
            if orders.finished:
                self._quiet[each.account] = None

    def ready(self) -> None:
        """Take over what was replayed. What is not known here is asked of the engine when somebody asks."""
        if self._replay is not None:
            self._accounts = dict(self._replay.accounts())
            self._quiet = dict.fromkeys(self._replay.quiet())
            self._finished = sum(orders.finished for orders in self._accounts.values())
            self._replay = None


def _rejected(order_id: int, name: bytes, sequence: int, time_ns: int, market: int, reason: int) -> OrderRow:
    """A request that changed nothing; `order_id` is the order that it named, or 0."""
    moment = (sequence, sequence, time_ns, time_ns)
    return OrderRow(
        order_id, name, 0, 0, 0, 0, *moment, market, 0, 0, 0, state=OrderState.REJECTED, reject_reason=reason
    )


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
