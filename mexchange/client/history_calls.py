"""What happened, from the history tables of the exchange. Nothing changes by asking.

Times are nanoseconds since 1970, `since_ns` inclusive and `until_ns` exclusive, 0 without a bound; newest first unless
`oldest_first`. `account` is one of ours, None: that of the session. While the tables cannot be read a QueryRefused with
E_HISTORY comes, which is worth asking again; trading goes on.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from mexchange.client.candle_walk import CandleWalk
from mexchange.client.history_walk import Slice, Walk, all_blocks
from mexchange.client.orders import OwnOrder, from_summary
from mexchange.client.query_calls import QueryCalls
from mexchange.codec import encode
from mexchange.codec.messages import (
    CandleRow,
    CandlesPage,
    CandlesQuery,
    DayBalance,
    DayBalancesPage,
    DayBalancesQuery,
    Fill,
    FillsPage,
    FillsQuery,
    FundingKind,
    FundingPage,
    FundingQuery,
    FundingRow,
    HistoryPage,
    HistoryQuery,
    Holding,
    HoldingsPage,
    HoldingsQuery,
    LedgerEntry,
    LedgerKind,
    LedgerPage,
    LedgerQuery,
    OrderFilter,
    OrderHistoryPage,
    OrderHistoryQuery,
    Trade,
    TradeHistoryPage,
    TradeHistoryQuery,
)
from mexchange.domain.candles import Interval
from mexchange.domain.units import AccountId, AssetId, MarketId, OrderId, TimeNs

T = TypeVar("T")

ROWS_PER_QUERY: Final = 200


class HistoryCalls(QueryCalls):
    """The past. The calls that give a Walk ask nothing yet; its rows raise QueryRefused or TimedOut."""

    def trade_history(
        self,
        market: int,
        *,
        side: int = 0,
        since_ns: int = 0,
        until_ns: int = 0,
        oldest_first: bool = False,
        rows_per_query: int = ROWS_PER_QUERY,
    ) -> Walk[Trade]:
        """Public trades of a market, all that ever were; `side` is the taker's, 0: both."""
        query = TradeHistoryQuery(
            MarketId(market), side, TimeNs(since_ns), TimeNs(until_ns), rows_per_query, oldest_first
        )
        return self._walk(query, TradeHistoryPage)

    def order_history(
        self,
        *,
        market: int = 0,
        side: int = 0,
        state: OrderFilter = OrderFilter.ALL,
        since_ns: int = 0,
        until_ns: int = 0,
        oldest_first: bool = False,
        rows_per_query: int = ROWS_PER_QUERY,
        account: int | None = None,
    ) -> Walk[OwnOrder]:
        """Our orders, by the time of their acceptance; refused requests only when asked for."""
        query = OrderHistoryQuery(
            AccountId(account or 0),
            MarketId(market),
            side,
            state,
            TimeNs(since_ns),
            TimeNs(until_ns),
            rows_per_query,
            oldest_first,
        )
        return self._walk(query, OrderHistoryPage, _own_orders)

    def fills(
        self,
        *,
        market: int = 0,
        side: int = 0,
        order_id: int = 0,
        since_ns: int = 0,
        until_ns: int = 0,
        oldest_first: bool = False,
        rows_per_query: int = ROWS_PER_QUERY,
        account: int | None = None,
    ) -> Walk[Fill]:
        """Our sides of trades."""
        query = FillsQuery(
            AccountId(account or 0),
            MarketId(market),
            side,
            OrderId(order_id),
            TimeNs(since_ns),
            TimeNs(until_ns),
            rows_per_query,
            oldest_first,
        )
        return self._walk(query, FillsPage)

    def ledger(
        self,
        *,
        asset: int = 0,
        kind: LedgerKind = LedgerKind.NONE,
        since_ns: int = 0,
        until_ns: int = 0,
        oldest_first: bool = False,
        rows_per_query: int = ROWS_PER_QUERY,
        account: int | None = None,
    ) -> Walk[LedgerEntry]:
        """Every change of our balances, with what the balance was after it."""
        query = LedgerQuery(
            AccountId(account or 0),
            AssetId(asset),
            kind,
            TimeNs(since_ns),
            TimeNs(until_ns),
            rows_per_query,
            oldest_first,
        )
        return self._walk(query, LedgerPage)

    def funding(
        self,
        *,
        asset: int = 0,
        kind: FundingKind = FundingKind.NONE,
        since_ns: int = 0,
        until_ns: int = 0,
        oldest_first: bool = False,
        rows_per_query: int = ROWS_PER_QUERY,
        account: int | None = None,
    ) -> Walk[FundingRow]:
        """Our deposits and withdrawals."""
        query = FundingQuery(
            AccountId(account or 0),
            AssetId(asset),
            kind,
            TimeNs(since_ns),
            TimeNs(until_ns),
            rows_per_query,
            oldest_first,
        )
        return self._walk(query, FundingPage)

    def candles(
        self,
        market: int,
        interval: Interval,
        *,
        since_ns: int = 0,
        until_ns: int = 0,
        fill_gaps: bool = True,
        rows_per_query: int = ROWS_PER_QUERY,
    ) -> CandleWalk:
        """Candles, oldest first, from that which holds `since_ns` to the last that begins before `until_ns` (0: now).

        Intervals without trades are flat at the close before, unless `fill_gaps` is off: then they are left out. The
        newest one still grows: `candles_stream` goes on from there, with the same `open_ns`.
        """
        until_ns = until_ns or self.server_time_ns()
        query = CandlesQuery(
            MarketId(market), interval, TimeNs(since_ns), TimeNs(until_ns), rows_per_query, oldest_first=True
        )
        pages: Walk[CandleRow] = self._walk(query, CandlesPage)
        return CandleWalk(pages, interval, since_ns=since_ns, until_ns=until_ns, fill=fill_gaps)

    async def holdings(self, *, account: int | None = None, timeout_s: float | None = None) -> list[Holding]:
        """What we bought, by market, at average cost."""
        walk: Walk[Holding] = self._walk(HoldingsQuery(AccountId(account or 0)), HoldingsPage, timeout_s=timeout_s)
        return [row async for row in walk]

    async def day_balances(
        self, since_day: int = 0, *, account: int | None = None, timeout_s: float | None = None
    ) -> list[DayBalance]:
        """Our balances at the ends of UTC days on which they changed; each asset from the last before `since_day`."""
        query = DayBalancesQuery(AccountId(account or 0), since_day)
        walk: Walk[DayBalance] = self._walk(query, DayBalancesPage, timeout_s=timeout_s)
        return [row async for row in walk]

    def _walk(
        self,
        query: HistoryQuery,
        kind: type[HistoryPage],
        turn: Callable[[Slice[Any]], None] | None = None,
        timeout_s: float | None = None,
    ) -> Walk[Any]:
        async def ask(cursor: bytes) -> Slice[Any]:
            found: Slice[Any] = await self._waiter.wait(
                self.exchange.ask_block(
                    encode(msgspec.structs.replace(query, cursor=cursor)),
                    all_blocks(kind),
                    timeout_ns=self._timeout_ns(timeout_s),
                    paged=True,
                )
            )
            if turn is not None:
                turn(found)
            return found

        return Walk(ask)


def _own_orders(found: Slice[Any]) -> None:
    found.rows[:] = [from_summary(row, found.as_of) for row in found.rows]
