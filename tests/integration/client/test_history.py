"""What a real daemon's history says is what the trader saw happen, on both databases, under both drivers."""

import asyncio
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from mexchange.client.api import Client
from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import AnonymousLogin, Connection, EnrollLogin
from mexchange.client.errors import ClientError, QueryRefused
from mexchange.codec.messages import LedgerKind, OrderFilter, OrderState
from mexchange.config.daemon_run import DaemonRun
from mexchange.domain.candles import Candle, Interval, aggregate, fill_gaps, of_trade
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.protocol.login import LoginChoice
from tests.integration.daemon.market import Market

KCN_EUR = MarketId(1)
REFERENCE = 100_000
LOTS_MIN = 2
"""One lot below the reference is less than the market takes."""
FORGOTTEN_AFTER = 1_100
"""More orders with text ids than the engine and the daemon's memory remember."""


@pytest.fixture
def kept(database: str, tmp_path: Path) -> Iterator[Market]:
    """A demo with one of the two databases."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    one = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(4 << 20),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_DATABASE=database,
    )
    yield one
    one.end()


def to(run: DaemonRun, login: LoginChoice) -> Connection:
    return Connection(host=run.host, port=run.port, login=login, expected_key=bytes.fromhex(run.server_key))


def new_trader() -> EnrollLogin:
    return EnrollLogin(os.urandom(32), "a test's device")


def until_ready(client: BlockingClient) -> None:
    """The projector makes its tables when it starts."""
    deadline = time.monotonic() + 60
    while _lag(client) != 0:
        assert time.monotonic() < deadline, "no history"
        time.sleep(0.2)


def _lag(client: BlockingClient) -> int | None:
    rows = client.fills()
    try:
        list(rows)
    except QueryRefused as refused:
        if refused.code != "E_HISTORY":
            raise
        return None
    lag: int = rows.walk.lag  # type: ignore[attr-defined]
    return lag


def order(name: str, side: Side, quantity: int, price: int, tif: TimeInForce = TimeInForce.GTC) -> PlaceOrder:
    return PlaceOrder(AccountId(0), parse(name), KCN_EUR, side, Lots(quantity), Ticks(price), OrderType.LIMIT, tif)


def test_what_was_traded_is_found_again(kept: Market, seed: int) -> None:
    rng = random.Random(seed)
    run = kept.start()
    with BlockingClient.connect(to(run, new_trader())) as ann, BlockingClient.connect(to(run, new_trader())) as bob:
        until_ready(ann)
        begin_ns = ann.server_time_ns() - 10**9  # our idea of its clock is off by as much as an answer may take
        for number in range(40):
            for name, client in (("a", ann), ("b", bob)):
                side = rng.choice((Side.BUY, Side.SELL))
                price = REFERENCE + rng.randrange(-20, 20)
                (outcome,) = client.place_many([order(f"{name}{number}", side, rng.randrange(LOTS_MIN, 50), price)])
                assert not isinstance(outcome, ClientError), outcome
        ann.mass_cancel()

        fills = list(ann.fills(oldest_first=True))
        assert fills
        assert list(ann.fills()) == fills[::-1]
        assert {fill.market for fill in fills} == {KCN_EUR}
        assert all(earlier.account_sequence < later.account_sequence for earlier, later in pairwise(fills))
        sells = list(ann.fills(side=Side.SELL, rows_per_query=3))
        assert sells == [fill for fill in fills[::-1] if fill.side == Side.SELL]

        orders = {each.order_id: each for each in ann.order_history()}
        assert len(orders) == 40
        filled: dict[int, int] = defaultdict(int)
        for fill in fills:
            filled[fill.order_id] += fill.quantity
        assert {number: each.filled for number, each in orders.items()} == {number: filled[number] for number in orders}
        done = {each.order_id for each in ann.order_history(state=OrderFilter.CLOSED)}
        assert done == set(orders)
        cancelled = [each.state for each in ann.order_history(state=OrderFilter.CANCELLED, since_ns=begin_ns)]
        assert set(cancelled) == {OrderState.CANCELLED}
        assert len(cancelled) == sum(each.state is OrderState.CANCELLED for each in orders.values())

        entries = list(ann.ledger(oldest_first=True))
        after: dict[int, int] = defaultdict(int)
        for entry in entries:
            after[entry.asset] += entry.amount
            assert entry.balance == after[entry.asset]
        assert {each.asset: each.available + each.held for each in ann.balances()} == dict(after)
        fees = {entry.reference for entry in ann.ledger(kind=LedgerKind.FEE)}
        assert fees == {fill.trade_id for fill in fills if fill.fee}
        assert [row.amount for row in ann.funding()] == [
            entry.amount for entry in entries[::-1] if entry.kind == LedgerKind.DEPOSIT
        ]
        _charts_are_right(ann, begin_ns)
        _worth_is_right(ann, {asset: amount for asset, amount in after.items() if amount})
        foreign = ann.session.account
        for call in (bob.fills, bob.order_history, bob.ledger, bob.funding):
            with pytest.raises(QueryRefused, match="account"):
                list(call(account=foreign))
        for ask in (bob.holdings, bob.day_balances):
            with pytest.raises(QueryRefused, match="account"):
                ask(account=foreign)
        with BlockingClient.connect(to(run, AnonymousLogin())) as anybody:
            assert next(iter(anybody.trade_history(KCN_EUR))).trade_id
            with pytest.raises(QueryRefused):
                list(anybody.fills())


def _charts_are_right(client: BlockingClient, begin_ns: int) -> None:
    """Candles of each interval from the trades, gaps and all."""
    trades = list(client.trade_history(KCN_EUR, oldest_first=True))
    assert [trade.trade_id for trade in trades] == list(range(1, len(trades) + 1))
    seconds = [
        of_trade(Interval.S1, trade_id=each.trade_id, time_ns=each.time_ns, price=each.price, quantity=each.quantity)
        for each in trades
    ]
    until_ns = client.server_time_ns()
    for interval in (Interval.M1, Interval.H1, Interval.W1):
        naive = list(aggregate(seconds, interval))
        walk = client.candles(KCN_EUR, interval, until_ns=until_ns, fill_gaps=False, rows_per_query=7)
        assert list(walk) == naive
        since_ns = begin_ns - 2 * interval.ns
        first_ns = interval.open_ns(since_ns)
        before = [candle for candle in naive if candle.open_ns < first_ns]
        filled = fill_gaps(
            [candle for candle in naive if candle.open_ns >= first_ns],
            interval,
            close_before=before[-1].close if before else Ticks(0),
            first_ns=first_ns,
            until_ns=until_ns,
        )
        assert list(client.candles(KCN_EUR, interval, since_ns=since_ns, until_ns=until_ns)) == list(filled)
    live: Candle | None = next(iter(client.stream_candles(KCN_EUR, Interval.W1, timeout_s=5)), None)
    assert live == list(aggregate(seconds, Interval.W1))[-1]


def _worth_is_right(client: BlockingClient, amounts: dict[int, int]) -> None:
    """Of the base at the last price; the rest goes over markets of the demo."""
    markets = client.markets()
    market = markets[KCN_EUR]
    found = client.portfolio(market.quote)
    assert {position.asset: position.amount for position in found.positions} == amounts
    last = client.ticker(KCN_EUR).last
    base = next(position for position in found.positions if position.asset == market.base)
    assert base.value == base.amount * last * market.atoms_per_tick_lot // market.lot_size
    assert found.value == sum(position.value or 0 for position in found.positions)
    (holding,) = client.holdings()
    assert found.realised == holding.realised == sum(fill.realised for fill in client.fills())
    assert client.equity(market.quote, days=2)[-1].value == found.value


def test_an_order_is_known_by_its_id_when_everybody_else_has_forgotten_it(kept: Market) -> None:
    run = kept.start()
    with BlockingClient.connect(to(run, new_trader())) as ann:
        until_ready(ann)
        orders = [
            order(f"n{number}", Side.BUY, 10, REFERENCE // 2, TimeInForce.IOC) for number in range(FORGOTTEN_AFTER)
        ]
        for start in range(0, FORGOTTEN_AFTER, 100):
            outcomes = ann.place_many(orders[start : start + 100], timeout_s=60)
            assert not any(isinstance(outcome, ClientError) for outcome in outcomes)
        found = ann.order(client_order_id=parse("n0"))
        assert found is not None
        assert (found.state, found.quantity, found.price) == (OrderState.CANCELLED, 10, REFERENCE // 2)
        again = ann.order(found.order_id)
        assert again is not None
        assert again.client_order_id == parse("n0")
        assert ann.order(client_order_id=parse("never")) is None
        assert ann.order(client_order_id=ann.mint()) is None


def test_the_loop_driver_walks_the_same_pages(kept: Market) -> None:
    run = kept.start()
    with BlockingClient.connect(to(run, new_trader())) as ann:
        until_ready(ann)

    async def walk() -> None:
        async with await Client.connect(to(run, new_trader())) as client:
            trades = [trade async for trade in client.trade_history(KCN_EUR, rows_per_query=50)]
            assert [trade.trade_id for trade in trades] == list(range(len(trades), 0, -1))
            candles = [candle async for candle in client.candles(KCN_EUR, Interval.H1)]
            assert sum(candle.trades for candle in candles) == len(trades)
            assert await client.portfolio(1)

    asyncio.run(walk())
