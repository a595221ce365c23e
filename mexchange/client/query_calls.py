"""What one can ask of an exchange. Nothing changes by it."""

from collections.abc import Callable
from typing import Final, TypeVar

from mexchange.client.book_view import checksum
from mexchange.client.caller import Caller
from mexchange.client.connection import Connection
from mexchange.client.errors import ClientError
from mexchange.client.exchange import Exchange
from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder, from_open_order, from_summary
from mexchange.client.question import all_pages
from mexchange.client.results import AccountState, Book, Status
from mexchange.client.waiter import Waiter
from mexchange.codec import encode
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    AssetInfo,
    AssetsPage,
    AssetsQuery,
    Balance,
    BookQuery,
    BookSnapshot,
    GapRequest,
    MarketInfo,
    MarketsPage,
    MarketsQuery,
    Message,
    OrderAnswer,
    OrderQuery,
    OrdersPage,
    OrdersQuery,
    Reports,
    StatusAnswer,
    StatusQuery,
    Ticker,
    TickerQuery,
    Trade,
    Trades,
    TradesQuery,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.events import Event
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, MarketId, OrderId, TradeId

T = TypeVar("T")

TRADES_PER_QUERY: Final = 20
EVENTS_PER_QUERY: Final = 256
STATUS_END: Final = "end"
"""The counter that says how many blocks a status has."""


class QueryCalls(Caller):
    """Questions. Each raises QueryRefused or TimedOut."""

    def __init__(self, exchange: Exchange, waiter: Waiter, connection: Connection) -> None:
        super().__init__(exchange, waiter, connection)
        self._markets: Markets | None = None

    async def markets(self, *, refresh: bool = False, timeout_s: float | None = None) -> Markets:
        """All markets and assets; asked once per connection."""
        if self._markets is None or refresh:
            markets: list[MarketInfo] = []
            assets: list[AssetInfo] = []
            first, sequence = 1, 0
            while first:
                page = await self._ask(MarketsQuery(MarketId(first)), MarketsPage, timeout_s)
                markets += page.markets
                first, sequence = page.next, page.sequence
            first = 1
            while first:
                found = await self._ask(AssetsQuery(AssetId(first)), AssetsPage, timeout_s)
                assets += found.assets
                first = found.next
            self._markets = Markets(markets, assets, sequence)
        return self._markets

    async def assets(self) -> list[AssetInfo]:
        """All assets."""
        return (await self.markets()).assets

    async def account(self, account: int | None = None, *, timeout_s: float | None = None) -> AccountState:
        """Balances and open orders."""
        first = await self._account_page(account, 0, timeout_s)
        balances = list(first.balances)
        orders = [from_open_order(row, first.sequence) for row in first.orders]
        next_order = first.next_order
        while next_order:
            page = await self._account_page(account, next_order, timeout_s)
            balances += page.balances
            orders += [from_open_order(row, page.sequence) for row in page.orders]
            next_order = page.next_order
        return AccountState(
            account=first.account,
            account_sequence=first.account_sequence,
            sequence=first.sequence,
            time_ns=first.time_ns,
            status=first.status,
            fee_tier=first.fee_tier,
            self_trade_prevention=first.stp,
            maker_ppm=first.maker_ppm,
            taker_ppm=first.taker_ppm,
            balances=balances,
            orders=orders,
        )

    async def balances(self, account: int | None = None, *, timeout_s: float | None = None) -> list[Balance]:
        """What an account has, by asset id."""
        page = await self._account_page(account, 0, timeout_s)
        return sorted(page.balances, key=lambda balance: balance.asset)

    async def order(
        self,
        order_id: int = 0,
        *,
        client_order_id: ClientOrderId = NO_ID,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> OwnOrder | None:
        """What became of an order; None: the exchange does not know it (any more)."""
        query = OrderQuery(AccountId(account or 0), OrderId(order_id), client_order_id)
        answer = await self._ask(query, OrderAnswer, timeout_s)
        return from_summary(answer.orders[0], answer.sequence) if answer.known and answer.orders else None

    async def orders(
        self,
        *,
        open_only: bool = False,
        market: int = 0,
        limit: int = 100,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> list[OwnOrder]:
        """Recent orders, newest first."""
        found: list[OwnOrder] = []
        before = 0
        while len(found) < limit:
            query = OrdersQuery(
                AccountId(account or 0), OrderId(before), limit - len(found), open_only, MarketId(market)
            )
            page = await self._ask(query, OrdersPage, timeout_s)
            found += [from_summary(row, page.sequence) for row in page.orders]
            before = page.next_before
            if not before:
                break
        return found[:limit]

    async def book(self, market: int, depth: int = 10, group_ticks: int = 1, *, timeout_s: float | None = None) -> Book:
        """One book, once; its checksum is verified."""
        pages: list[BookSnapshot] = await self._waiter.wait(
            self.exchange.ask_block(
                encode(BookQuery(MarketId(market), depth, group_ticks)),
                all_pages(),
                timeout_ns=self._timeout_ns(timeout_s),
                paged=True,
            )
        )
        levels = [level for page in pages for level in page.levels]
        bids = [level for level in levels if level.side == Side.BUY]
        asks = [level for level in levels if level.side == Side.SELL]
        first = pages[0]
        if checksum(bids, asks) != first.checksum:
            raise ClientError(f"the book of market {market} does not match its checksum")
        return Book(
            market=market,
            sequence=first.sequence,
            time_ns=first.time_ns,
            group_ticks=first.group_ticks,
            bids=bids,
            asks=asks,
        )

    async def trades(
        self, market: int, limit: int = 50, *, before: int = 0, timeout_s: float | None = None
    ) -> list[Trade]:
        """The last public trades, newest first; `before` that trade id, 0: the last of all."""
        found: list[Trade] = []
        while len(found) < limit:
            wanted = min(TRADES_PER_QUERY, limit - len(found))
            answer = await self._ask(TradesQuery(MarketId(market), wanted, TradeId(before)), Trades, timeout_s)
            found += answer.trades
            if len(answer.trades) < wanted:
                break
            before = answer.trades[-1].trade_id
        return found

    async def ticker(self, market: int, *, timeout_s: float | None = None) -> Ticker:
        """One market at a glance."""
        return await self._ask(TickerQuery(MarketId(market)), Ticker, timeout_s)

    async def tickers(self, *, timeout_s: float | None = None) -> list[Ticker]:
        """Every market, in the order of their ids."""
        timeout_ns = self._timeout_ns(timeout_s)
        asked = [
            self.exchange.ask(TickerQuery(market.market), Ticker, timeout_ns=timeout_ns)
            for market in await self.markets()
        ]
        return [await self._waiter.wait(pending) for pending in asked]

    async def status(self, *, timeout_s: float | None = None) -> Status:
        """How the daemon does, for operators."""
        return await self._waiter.wait(
            self.exchange.ask_block(
                encode(StatusQuery()), collect_status(), timeout_ns=self._timeout_ns(timeout_s), paged=True
            )
        )

    async def head(self, account: int | None = None, *, timeout_s: float | None = None) -> int:
        """The account sequence of an account's last event."""
        return (await self._account_page(account, 0, timeout_s)).account_sequence

    async def events(
        self, first: int, last: int, *, account: int | None = None, timeout_s: float | None = None
    ) -> list[Event]:
        """Events of an account of ours with these account sequences, as far as they exist. Raises GapUnavailable."""
        if account in (None, self.exchange.account):
            account, last = self.exchange.account, min(last, self.exchange.stream.head)
        else:
            last = min(last, await self.head(account, timeout_s=timeout_s))
        found: list[Event] = []
        while first <= last:
            upto = min(last, first + EVENTS_PER_QUERY - 1)
            found += await self._waiter.wait(
                self.exchange.ask_block(
                    encode(GapRequest(AccountId(account), first, upto)),
                    _collect_events(first, upto),
                    timeout_ns=self._timeout_ns(timeout_s),
                    paged=True,
                )
            )
            first = upto + 1
        return found

    async def _account_page(self, account: int | None, first_order: int, timeout_s: float | None) -> AccountPage:
        query = AccountQuery(AccountId(account or 0), OrderId(first_order))
        return await self._ask(query, AccountPage, timeout_s)


def collect_status() -> Callable[[Message], Status | None]:
    """The status once all its blocks have come; the counter `end` says how many they are.

    They carry no numbers, so each is known by its first counter: a repeated answer takes the place of the first.
    """
    pages: dict[str, StatusAnswer] = {}

    def collect(message: Message) -> Status | None:
        if not isinstance(message, StatusAnswer) or not message.counters:
            return None
        pages[message.counters[0].name] = message
        counters = {counter.name: counter.value for page in pages.values() for counter in page.counters}
        if counters.pop(STATUS_END, 0) != len(pages):
            return None
        lines = [line.partition("=") for page in pages.values() for line in page.text.splitlines() if "=" in line]
        return Status(text={key.strip(): value.strip() for key, _, value in lines}, counters=counters)

    return collect


def _collect_events(first: int, last: int) -> Callable[[Message], list[Event] | None]:
    """Events `first` to `last` once all have come, in whatever blocks."""
    found: dict[int, Event] = {}

    def collect(message: Message) -> list[Event] | None:
        if isinstance(message, Reports):
            found.update((event.account_sequence, event) for event in decode_reports(message))
        wanted = range(first, last + 1)
        return [found[sequence] for sequence in wanted] if all(sequence in found for sequence in wanted) else None

    return collect
