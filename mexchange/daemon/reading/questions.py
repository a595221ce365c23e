"""Which page of the tables a question about the past asks for, and how it is read."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec import Malformed
from mexchange.codec.messages import (
    CandlesPage,
    CandlesQuery,
    DayBalancesPage,
    DayBalancesQuery,
    FillsPage,
    FillsQuery,
    FundingPage,
    FundingQuery,
    HistoryPage,
    HistoryQuery,
    HoldingsPage,
    HoldingsQuery,
    LedgerPage,
    LedgerQuery,
    OrderFilter,
    OrderHistoryPage,
    OrderHistoryQuery,
    TradeHistoryPage,
    TradeHistoryQuery,
)
from mexchange.daemon.reading import rows as rows_of
from mexchange.daemon.reading.blocks import cursor_of, position_of
from mexchange.daemon.reading.funding import funding_page
from mexchange.domain.candles import Interval
from mexchange.domain.order import DoneReason
from mexchange.domain.units import Ticks
from mexchange.store import history_pages
from mexchange.store.index_walk import Page, Position, Span

ROWS_MAX: Final = 200
"""Of one answer."""
DAYS_MAX: Final = 1_000
"""Rows of one answer about the ends of days."""

_FILLED: Final = (DoneReason.FILLED, DoneReason.DUST)
_REASONS: Final[dict[int, tuple[DoneReason, ...]]] = {
    OrderFilter.ALL: (),
    OrderFilter.CLOSED: tuple(DoneReason),
    OrderFilter.FILLED: _FILLED,
    OrderFilter.EXPIRED: (DoneReason.EXPIRED,),
    OrderFilter.CANCELLED: tuple(reason for reason in DoneReason if reason not in (*_FILLED, DoneReason.EXPIRED)),
}

Reading: TypeAlias = Callable[[AsyncConnection], Awaitable[HistoryPage]]
_Spanned: TypeAlias = TradeHistoryQuery | OrderHistoryQuery | FillsQuery | LedgerQuery | FundingQuery | CandlesQuery


def reading(query: HistoryQuery, *, synthetic_until: int) -> Reading:
    """What reads the page that is asked for. Raises Malformed at once if there is none like that."""
    match query:
        case TradeHistoryQuery():
            return _trades(query, synthetic_until)
        case OrderHistoryQuery():
            return _orders(query)
        case FillsQuery():
            return _fills(query)
        case LedgerQuery():
            return _ledger(query)
        case FundingQuery():
            return _funding(query)
        case CandlesQuery():
            return _candles(query)
        case HoldingsQuery():
            return _holdings(query)
        case DayBalancesQuery():
            return _day_balances(query)


def _span(query: _Spanned, parts: int = 2) -> Span:
    """`parts` of the cursor. Raises Malformed."""
    return Span(
        since_ns=query.since_ns,
        until_ns=query.until_ns,
        oldest_first=query.oldest_first,
        after=position_of(query.cursor, parts),
        limit=min(query.limit or ROWS_MAX, ROWS_MAX),
    )


def _trades(query: TradeHistoryQuery, synthetic_until: int) -> Reading:
    span = _span(query)

    async def read(connection: AsyncConnection) -> HistoryPage:
        page = await history_pages.trades_page(connection, query.market, span, side=query.side)
        rows = [rows_of.trade(row, synthetic_until) for row in page.rows]
        return TradeHistoryPage(rows=rows, next=cursor_of(page.next), market=query.market)

    return read


def _orders(query: OrderHistoryQuery) -> Reading:
    span = _span(query)
    if query.state not in (*_REASONS, OrderFilter.OPEN, OrderFilter.REJECTED):
        raise Malformed(f"there are no orders of state {query.state}")

    async def read(connection: AsyncConnection) -> HistoryPage:
        if query.state == OrderFilter.REJECTED:
            page = await history_pages.rejects_page(connection, query.account, span, market=query.market)
            rows = [rows_of.rejected_order(row) for row in page.rows]
            return OrderHistoryPage(rows=rows, next=cursor_of(page.next))
        return _order_page(await _walk_orders(connection, query, span))

    return read


async def _walk_orders(connection: AsyncConnection, query: OrderHistoryQuery, span: Span) -> Page:
    account, filters = query.account, {"market": query.market, "side": query.side}
    if query.state == OrderFilter.OPEN:
        return await history_pages.open_orders_page(connection, account, span, **filters)
    return await history_pages.orders_page(connection, account, span, **filters, reasons=_REASONS[query.state])


def _order_page(page: Page) -> HistoryPage:
    return OrderHistoryPage(rows=[rows_of.order(row) for row in page.rows], next=cursor_of(page.next))


def _fills(query: FillsQuery) -> Reading:
    span = _span(query)

    async def read(connection: AsyncConnection) -> HistoryPage:
        page = await history_pages.fills_page(
            connection, query.account, span, market=query.market, side=query.side, order_id=query.order_id
        )
        return FillsPage(rows=[rows_of.fill(row) for row in page.rows], next=cursor_of(page.next))

    return read


def _ledger(query: LedgerQuery) -> Reading:
    span = _span(query)

    async def read(connection: AsyncConnection) -> HistoryPage:
        page = await history_pages.ledger_page(connection, query.account, span, asset=query.asset, kind=query.kind)
        return LedgerPage(rows=[rows_of.ledger_entry(row) for row in page.rows], next=cursor_of(page.next))

    return read


def _funding(query: FundingQuery) -> Reading:
    span = _span(query, parts=3)

    async def read(connection: AsyncConnection) -> HistoryPage:
        rows, after = await funding_page(connection, query.account, span, asset=query.asset, kind=query.kind)
        return FundingPage(rows=rows, next=cursor_of(after))

    return read


def _candles(query: CandlesQuery) -> Reading:
    span = _span(query, parts=1)
    try:
        interval = Interval(query.interval)
    except ValueError:
        raise Malformed(f"there is no interval {query.interval}") from None
    # A candle that holds `since_ns` belongs to the answer, and begins before it.
    begin_ns = interval.open_ns(span.since_ns) if span.since_ns else 0
    span = span._replace(since_ns=begin_ns)

    async def read(connection: AsyncConnection) -> HistoryPage:
        page = await history_pages.candles_page(connection, query.market, interval, span)
        before = 0
        if begin_ns:
            before = await history_pages.close_before(connection, query.market, interval, begin_ns)
        rows = [rows_of.candle(row) for row in page.rows]
        return CandlesPage(
            rows=rows, next=cursor_of(page.next), market=query.market, interval=interval, close_before=Ticks(before)
        )

    return read


def _holdings(query: HoldingsQuery) -> Reading:
    (after_market,) = position_of(query.cursor, 1) or (0,)

    async def read(connection: AsyncConnection) -> HistoryPage:
        rows = await history_pages.holdings_of(connection, query.account, after_market, ROWS_MAX + 1)
        more = (rows[ROWS_MAX - 1].market,) if len(rows) > ROWS_MAX else None
        return HoldingsPage(rows=[rows_of.holding(row) for row in rows[:ROWS_MAX]], next=cursor_of(more))

    return read


def _day_balances(query: DayBalancesQuery) -> Reading:
    after = position_of(query.cursor, 2)

    async def read(connection: AsyncConnection) -> HistoryPage:
        rows = await history_pages.daily_balances(connection, query.account, query.since_day, after, DAYS_MAX + 1)
        more: Position | None = None
        if len(rows) > DAYS_MAX:
            more = (rows[DAYS_MAX - 1].asset, rows[DAYS_MAX - 1].day)
        return DayBalancesPage(rows=[rows_of.day_balance(row) for row in rows[:DAYS_MAX]], next=cursor_of(more))

    return read
