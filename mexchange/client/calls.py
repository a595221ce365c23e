"""What one can ask of an exchange and make it do: one set of calls for both drivers.

`async` is only the way to wait for a Pending here; no event loop is assumed. `client/api.py` runs these calls under
asyncio, `client/blocking.py` step by step over a blocking socket.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec

from mexchange.client.answer import Answer, Outcome
from mexchange.client.book_view import checksum
from mexchange.client.connection import Connection
from mexchange.client.errors import ClientError, OutcomeUnknown, Rejected
from mexchange.client.exchange import Exchange
from mexchange.client.liveness import Liveness
from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder, from_open_order, from_summary
from mexchange.client.pending import Pending
from mexchange.client.question import all_pages
from mexchange.client.waiter import Waiter
from mexchange.codec import encode
from mexchange.codec.events import decode_records, decode_reports
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
    Level,
    MarketInfo,
    MarketsPage,
    MarketsQuery,
    Message,
    OrderAnswer,
    OrderQuery,
    OrdersPage,
    OrdersQuery,
    PreviewAnswer,
    Reports,
    StatusAnswer,
    StatusQuery,
    Ticker,
    TickerQuery,
    Trade,
    Trades,
    TradesQuery,
)
from mexchange.codec.messages import (
    Preview as PreviewMessage,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, Deposit, MassCancel, PlaceOrder, SetMarketStatus
from mexchange.domain.events import Event
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Ticks, TimeNs, TradeId

T = TypeVar("T")

__all__ = ["AccountState", "Answer", "Book", "Calls", "Outcome", "Preview", "SessionInfo", "Status"]

COMMANDS_IN_FLIGHT_MAX: Final = 1_024
"""Of one `*_many` call: the rest waits here, so that no deadline runs while a command only queues."""
TRADES_PER_QUERY: Final = 20
EVENTS_PER_QUERY: Final = 256
STATUS_END: Final = "end"
"""The counter that says how many blocks a status has."""
_NS_PER_S: Final = 1_000_000_000
_NO_FLAGS: Final = OrderFlag(0)


class SessionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are, and to whom we speak."""

    account: AccountId
    owner: int
    scopes: int
    boot_id: int
    key_id: str
    server_key: bytes
    address: tuple[str, int]
    round_trip_ns: int
    """Smoothed; 0: not measured yet."""
    sequence: int
    """The greatest durable sequence that we know of."""
    account_sequence: int
    """Head of our own stream."""
    first_contact: bool


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """An account at `sequence`."""

    account: AccountId
    account_sequence: int
    sequence: int
    time_ns: int
    status: int
    fee_tier: int
    self_trade_prevention: int
    maker_ppm: int
    taker_ppm: int
    balances: list[Balance]
    orders: list[OwnOrder]
    """Open ones."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides, best first, at `sequence`."""

    market: int
    sequence: int
    time_ns: int
    group_ticks: int
    bids: list[Level]
    asks: list[Level]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a command would have done at `sequence`."""

    sequence: int
    events: list[Event]
    state_hash: bytes
    journal_bytes: int
    truncated: bool


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How the daemon does."""

    text: dict[str, str]
    counters: dict[str, int]


class Calls:
    """All calls. Commands raise Rejected, OutcomeUnknown or NotLive; questions QueryRefused or TimedOut."""

    def __init__(self, exchange: Exchange, waiter: Waiter, connection: Connection) -> None:
        self.exchange = exchange
        self._waiter = waiter
        self._connection = connection
        exchange.orders.attach(waiter)
        exchange.balances.attach(waiter)
        self._markets: Markets | None = None

    # What is known without asking.

    @property
    def may_trade(self) -> bool:
        """Would new orders go out now; cancels always do."""
        return self.liveness().may_trade

    @property
    def session(self) -> SessionInfo:
        """Of the last login."""
        accepted = self.exchange.accepted
        assert accepted is not None, "connected"
        return SessionInfo(
            account=accepted.account,
            owner=accepted.owner,
            scopes=accepted.scopes,
            boot_id=accepted.boot_id,
            key_id=accepted.key_id,
            server_key=self.exchange.server_key,
            address=self.exchange.address[:2],
            round_trip_ns=self.exchange.session.srtt_ns or 0,
            sequence=self.exchange.sequence,
            account_sequence=self.exchange.stream.head,
            first_contact=self.exchange.first_contact,
        )

    def mint(self) -> ClientOrderId:
        """A fresh client order id, a UUIDv7 by the server's clock."""
        return self.exchange.desk.mint()

    def server_time_ns(self) -> int:
        """The server's wall clock."""
        return self.exchange.session.server_time_ns(self.exchange.now_ns)

    def liveness(self) -> Liveness:
        """How much what we show may be trusted."""
        return self.exchange.liveness(self.exchange.now_ns)

    # Commands.

    async def submit(self, command: Command, *, timeout_s: float | None = None) -> Answer:
        """Any command. Account 0 is our own, NO_ID is minted."""
        (outcome,) = await self.submit_many([command], timeout_s=timeout_s)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    async def submit_many(self, commands: Sequence[Command], *, timeout_s: float | None = None) -> list[Outcome]:
        """Outcomes in the order of the commands; sixteen share a block, at most 1,024 are in flight."""
        timeout_ns = self._timeout_ns(timeout_s)
        outcomes: list[Outcome] = []
        flying: deque[Pending[Answer]] = deque()
        for start in range(0, len(commands), 16):
            flying.extend(self.exchange.command(commands[start : start + 16], timeout_ns=timeout_ns))
            while len(flying) > COMMANDS_IN_FLIGHT_MAX:
                outcomes.append(await self._outcome(flying.popleft()))
        while flying:
            outcomes.append(await self._outcome(flying.popleft()))
        return outcomes

    async def resolve(self, client_order_id: ClientOrderId, *, timeout_s: float | None = None) -> Outcome | None:
        """The outcome of a command of this connection that ended in OutcomeUnknown; None: it is not open any more."""
        pending = self.exchange.desk.resolution(client_order_id)
        if pending is None:
            return None
        if not await self._waiter.wait_until(pending, self._timeout_ns(timeout_s)):
            return OutcomeUnknown(client_order_id)
        return await self._outcome(pending)

    async def place(
        self,
        market: int,
        side: Side,
        quantity: int,
        price: int = 0,
        *,
        order_type: OrderType = OrderType.LIMIT,
        time_in_force: TimeInForce = TimeInForce.GTC,
        flags: OrderFlag = _NO_FLAGS,
        self_trade_prevention: SelfTradePrevention = SelfTradePrevention.DEFAULT,
        expiry_ns: int = 0,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """A new order, in lots and ticks. It is durable on return; what it filled at once is in `answer.order`."""
        order = PlaceOrder(
            account=AccountId(account or 0),
            client_order_id=client_order_id or NO_ID,
            market=MarketId(market),
            side=side,
            quantity=Lots(quantity),
            price=Ticks(price),
            order_type=order_type,
            time_in_force=time_in_force,
            self_trade_prevention=self_trade_prevention,
            flags=flags,
            expiry_ns=TimeNs(expiry_ns),
        )
        return await self.submit(order, timeout_s=timeout_s)

    async def place_many(self, orders: Sequence[PlaceOrder], *, timeout_s: float | None = None) -> list[Outcome]:
        """As `submit_many`."""
        return await self.submit_many(orders, timeout_s=timeout_s)

    async def cancel(
        self,
        order_id: int = 0,
        *,
        target: ClientOrderId = NO_ID,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Take an order off the book, by order id or (`target`) by its client order id."""
        command = CancelOrder(AccountId(account or 0), client_order_id or NO_ID, OrderId(order_id), target)
        return await self.submit(command, timeout_s=timeout_s)

    async def cancel_many(self, order_ids: Sequence[int], *, timeout_s: float | None = None) -> list[Outcome]:
        """Several orders by order id."""
        commands = [CancelOrder(AccountId(0), NO_ID, OrderId(order_id)) for order_id in order_ids]
        return await self.submit_many(commands, timeout_s=timeout_s)

    async def amend(
        self,
        order_id: int,
        *,
        price: int = 0,
        quantity: int = 0,
        expected_filled: int = -1,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """New price and/or new total quantity; 0 leaves a value as it is."""
        command = AmendOrder(
            AccountId(account or 0),
            client_order_id or NO_ID,
            OrderId(order_id),
            Ticks(price),
            Lots(quantity),
            Lots(expected_filled),
        )
        return await self.submit(command, timeout_s=timeout_s)

    async def mass_cancel(
        self, market: int = 0, side: int = 0, *, account: int | None = None, timeout_s: float | None = None
    ) -> Answer:
        """All our orders of a market (0: all) and a side (0: both); `answer.event.orders` says how many."""
        command = MassCancel(AccountId(account or 0), NO_ID, MarketId(market), side)
        return await self.submit(command, timeout_s=timeout_s)

    async def deposit(self, account: int, asset: int, amount: int, *, timeout_s: float | None = None) -> Answer:
        """Credit an account, as an operator. Atoms."""
        command = Deposit(AccountId(account), NO_ID, AssetId(asset), Atoms(amount))
        return await self.submit(command, timeout_s=timeout_s)

    async def set_market_status(self, market: int, status: MarketStatus, *, timeout_s: float | None = None) -> Answer:
        """Open, restrict, halt or close, as an operator."""
        return await self.submit(SetMarketStatus(MarketId(market), status), timeout_s=timeout_s)

    async def preview(self, command: Command, *, timeout_s: float | None = None) -> Preview:
        """What the command would do now. Nothing changes."""
        if getattr(command, "account", -1) == 0:
            command = msgspec.structs.replace(command, account=self.exchange.account)
        if getattr(command, "client_order_id", None) == NO_ID:
            command = msgspec.structs.replace(command, client_order_id=self.mint())
        answer = await self._ask(PreviewMessage(encode(command)), PreviewAnswer, timeout_s)
        return Preview(
            sequence=answer.sequence,
            events=decode_records(answer.records),
            state_hash=answer.state_hash,
            journal_bytes=answer.journal_bytes,
            truncated=answer.truncated,
        )

    async def wait_order(self, order_id: int, until: str = "done", timeout_s: float = 10.0) -> OwnOrder:
        """Until the order is `open` (known), `filled` or `done`, or the time is over: look at `state`."""
        assert until in ("open", "filled", "done")
        deadline_ns = self.exchange.now_ns + round(timeout_s * _NS_PER_S)
        order = self.exchange.orders.get(order_id) or await self.order(order_id)
        if order is None:
            raise ClientError(f"order {order_id} is not known")
        order = self.exchange.orders.adopt(order)
        while order.is_open and until != "open":
            changed: Pending[None] = Pending()
            stop = self.exchange.orders.on_change(lambda: changed.resolve(None))  # noqa: B023  # one per turn
            in_time = await self._waiter.wait_until(changed, deadline_ns - self.exchange.now_ns)
            stop()
            if not in_time:
                break
        return order

    # Questions.

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

    async def trades(self, market: int, limit: int = 50, *, timeout_s: float | None = None) -> list[Trade]:
        """The last public trades, newest first."""
        found: list[Trade] = []
        before = 0
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

    async def events(self, first: int, last: int, *, timeout_s: float | None = None) -> list[Event]:
        """Our own events of these account sequences, as far as they exist. Raises GapUnavailable."""
        last = min(last, self.exchange.stream.head)
        found: list[Event] = []
        while first <= last:
            upto = min(last, first + EVENTS_PER_QUERY - 1)
            found += await self._waiter.wait(
                self.exchange.ask_block(
                    encode(GapRequest(self.exchange.account, first, upto)),
                    _collect_events(first, upto),
                    timeout_ns=self._timeout_ns(timeout_s),
                    paged=True,
                )
            )
            first = upto + 1
        return found

    # Parts.

    async def _ask(self, message: Message, expected: type[T], timeout_s: float | None) -> T:
        return await self._waiter.wait(self.exchange.ask(message, expected, timeout_ns=self._timeout_ns(timeout_s)))

    async def _account_page(self, account: int | None, first_order: int, timeout_s: float | None) -> AccountPage:
        query = AccountQuery(AccountId(account or 0), OrderId(first_order))
        return await self._ask(query, AccountPage, timeout_s)

    async def _outcome(self, pending: Pending[Answer]) -> Outcome:
        try:
            return await self._waiter.wait(pending)
        except (Rejected, OutcomeUnknown) as outcome:
            return outcome

    def _timeout_ns(self, timeout_s: float | None) -> int:
        return round((self._connection.request_timeout_s if timeout_s is None else timeout_s) * _NS_PER_S)


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
