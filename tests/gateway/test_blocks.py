"""The binary WebSocket: the exchange's own blocks, read here by the same code that reads them from UDP."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect

from mexchange.client.book_view import BookView
from mexchange.codec import decode, encode
from mexchange.codec.blocks import split
from mexchange.codec.commands import encode_cancels, encode_orders
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    Balances,
    BookDelta,
    BookSnapshot,
    CandlesPage,
    CandlesQuery,
    Channel,
    GapRequest,
    Heartbeat,
    Login,
    LoginAccepted,
    LoginMethod,
    LoginRefused,
    MarketsPage,
    MarketsQuery,
    Message,
    QueryRefused,
    Reports,
    Subscribe,
    Subscribed,
    SubscribeRefused,
    Ticker,
    Trades,
    TradesQuery,
    Unsubscribe,
    Unsupported,
    WebSignOut,
)
from mexchange.domain import client_id
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Event, Rejected, Repeated
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks, TimeNs
from mexchange.gateway.encoding import token_of
from tests.gateway.people import TIMEOUT_S, Person, sign_up
from tests.gateway.stack import GatewayProcess, Stack

T = TypeVar("T")

BTC = MarketId(2)
NOBODY = AccountId(0)


class BlockLine:
    """A socket that remembers every message that came, with its correlation."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[tuple[int, Message]] = []
        self._ids = itertools.count(1)
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def send(self, *blocks: bytes) -> None:
        await self.socket.send(b"".join(blocks))

    async def ask(self, message: Any, kind: type[T]) -> T:
        """The first answer of that kind under the question's correlation."""
        correlation = next(self._ids)
        await self.send(encode(message, correlation))
        return await self.until(
            lambda: next((m for c, m in self.heard if c == correlation and isinstance(m, kind)), None)
        )

    async def until(self, condition: Callable[[], T | None]) -> T:
        async with asyncio.timeout(TIMEOUT_S):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
        return found

    def all(self, kind: type[T]) -> list[T]:
        return [message for _, message in self.heard if isinstance(message, kind)]

    def events(self) -> list[Event]:
        return [event for reports in self.all(Reports) for event in decode_reports(reports)]

    async def close(self) -> None:
        await self.socket.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        async for data in self.socket:
            assert isinstance(data, bytes)
            self.heard += [(correlation, decode(kind, payload)) for kind, correlation, payload in split(data)]
            self._news.set()


@asynccontextmanager
async def blocks(gateway: GatewayProcess, **headers: str) -> AsyncIterator[BlockLine]:
    url = gateway.url.replace("http", "ws", 1) + "/ws/binary"
    async with connect(url, max_size=None, additional_headers=headers) as socket:
        line = BlockLine(socket)
        try:
            await line.until(lambda: line.all(LoginAccepted))
            yield line
        finally:
            await line.close()


def order(name: str, price: int = 550_000, side: Side = Side.BUY, quantity: int = 100) -> PlaceOrder:
    return PlaceOrder(NOBODY, client_id.parse(name), BTC, side, Lots(quantity), Ticks(price))


async def test_strangers_ask_and_listen(gateway: GatewayProcess) -> None:
    async with blocks(gateway) as line:
        assert line.all(LoginAccepted)[0].account == 0
        assert (await line.ask(MarketsQuery(), MarketsPage)).markets[0].symbol == "KCN/EUR"
        assert (await line.ask(TradesQuery(BTC, 5), Trades)).trades
        assert (await line.ask(CandlesQuery(BTC, 5, limit=3), CandlesPage)).interval == 5
        ticker = await line.ask(Subscribe(Channel.TICKER, BTC), Subscribed)
        await line.until(lambda: [t for t in line.all(Ticker) if t.subscription == ticker.subscription])
        await line.ask(Subscribe(Channel.CANDLES, BTC, interval=2), Subscribed)
        await line.until(lambda: line.all(Heartbeat))
        assert (await line.ask(Heartbeat(time_ns=TimeNs(7)), Heartbeat)).echo_ns == 7
        assert (await line.ask(AccountQuery(), QueryRefused)).code == "E_AUTH"
        assert (await line.ask(Subscribe(Channel.BOOK, BTC, 7), SubscribeRefused)).code == "E_CHANNEL"
        assert (await line.ask(Subscribe(Channel.BOOK, MarketId(99), 10), SubscribeRefused)).code
        assert (await line.ask(WebSignOut(bytes(32)), Unsupported)).message_type
        assert await line.ask(Login(method=LoginMethod.WEB, token=bytes(32)), LoginRefused)


async def test_orders_reports_and_balances(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    async with blocks(gateway, Cookie=f"session={ann.cookies['session']}") as line:
        accepted = line.all(LoginAccepted)[0]
        assert accepted.account > 0
        await line.send(encode_orders([order("b-1"), order("b-2", 550_001)], 7))
        await line.until(lambda: len([e for e in line.events() if isinstance(e, Accepted)]) == 2)
        await line.until(lambda: any(each.balances for each in line.all(Balances)))
        page = await line.ask(AccountQuery(), AccountPage)
        assert [row.price for row in page.orders] == [550_000, 550_001]
        await line.send(encode_orders([order("b-1")], 8))
        await line.until(lambda: [e for e in line.events() if isinstance(e, Repeated)])
        poor = order("b-3", 550_000, quantity=10_000_000)
        await line.send(encode_orders([poor], 9))
        refused = await line.until(lambda: [e for e in line.events() if isinstance(e, Rejected)])
        assert refused[0].reason is RejectReason.INSUFFICIENT_FUNDS
        cancels = [
            CancelOrder(NOBODY, client_id.parse(f"c-{row.order_id}"), OrderId(row.order_id)) for row in page.orders
        ]
        await line.send(encode_cancels(cancels, 10))
        await line.until(lambda: len([e for e in line.events() if isinstance(e, Done)]) == 2)
        own = [e.account_sequence for e in line.events() if e.account_sequence]
        assert own == list(range(own[0], own[0] + len(own)))
        again = await line.ask(GapRequest(AccountId(accepted.account), own[0], own[-1]), Reports)
        assert decode_reports(again)[0].account_sequence == own[0]


async def test_a_book_chains_as_over_udp(stack: Stack, gateway: GatewayProcess) -> None:
    ann: Person = await sign_up(stack, gateway)
    token = token_of(ann.token)
    assert token is not None
    async with blocks(gateway) as line:
        await line.ask(Login(method=LoginMethod.WEB, token=token), LoginAccepted)
        subscribed = await line.ask(Subscribe(Channel.BOOK, BTC, 10), Subscribed)
        view = BookView(BTC, depth=10)
        for number in range(14):
            await line.send(encode_orders([order(f"d-{number}", 560_000 + number)], 20 + number))
        taken = 0

        def follow() -> bool:
            nonlocal taken
            for _, message in line.heard[taken:]:
                if isinstance(message, BookSnapshot) and message.subscription == subscribed.subscription:
                    view.snapshot(message, 0)
                elif isinstance(message, BookDelta) and message.subscription == subscribed.subscription:
                    view.delta(message, 0)
            taken = len(line.heard)
            return view.verified and view.best_bid is not None and view.best_bid.price == 560_013

        await line.until(follow)
        assert view.gaps == 0
        assert len(view.bids) == 10
        await line.send(encode(Unsubscribe(subscribed.subscription)))
        assert (await ann.call("POST", "/api/orders/cancel-all", {})).json() == {"cancelled": 14}


async def test_bytes_that_are_no_blocks_end_the_socket(gateway: GatewayProcess) -> None:
    for wrong in (b"", b"\x00" * 7, b"\xff" * 64, b"\x08\x00\x00\x00"):
        async with blocks(gateway) as line:
            await line.send(wrong)
            async with asyncio.timeout(TIMEOUT_S):
                await line.socket.wait_closed()
            assert line.socket.close_code == 1007
    async with blocks(gateway) as line:
        await line.socket.send("text")
        async with asyncio.timeout(TIMEOUT_S):
            await line.socket.wait_closed()
    async with blocks(gateway) as line:
        nonsense = (8).to_bytes(2, "little") + encode(MarketsQuery())[2:4] + bytes(4) + b"\xff" * 8
        await line.send(nonsense)
        await line.until(lambda: line.all(QueryRefused))
