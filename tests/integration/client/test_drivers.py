"""Both drivers against a real daemon: the same calls, the same answers."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from mexchange.client.api import Client
from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection, EnrollLogin, KeyLogin
from mexchange.client.errors import (
    ChangedServerKey,
    LoginRefused,
    QueryRefused,
    Rejected,
    UnknownServerKey,
    Unreachable,
)
from mexchange.client.liveness import LivenessState
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import OrderState
from mexchange.config.daemon_run import DaemonRun
from mexchange.domain.client_id import NO_ID, parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.protocol.login import AnonymousLogin, LoginChoice
from tests.fakes.proxy import LossyProxy
from tests.integration.daemon.market import Market

KCN_EUR = 1
ETH_EUR = 3
HISTORY_S = 60
"""A projector that has just been started makes its tables first."""


def to(run: DaemonRun, login: LoginChoice | None = None, host: str | None = None) -> Connection:
    return Connection(
        host=host or run.host,
        port=run.port,
        login=login or EnrollLogin(os.urandom(32), "a test's device"),
        expected_key=bytes.fromhex(run.server_key),
    )


def test_everything_that_a_one_shot_program_asks(run: DaemonRun) -> None:
    with BlockingClient.connect(to(run)) as client:
        markets = client.markets()
        found = markets.by_symbol("kcn/eur")
        assert markets.price(found.market, "900.00") == 90_000
        assert client.ticker(found.market).last > 0
        assert len(client.tickers()) == len(markets) == 3
        trades = client.trades(found.market, 50)
        assert [trade.trade_id for trade in trades] == sorted((t.trade_id for t in trades), reverse=True)
        assert len(trades) == 50
        before = {balance.asset: balance for balance in client.balances()}
        answer = client.place(found.market, Side.BUY, 2_000, 90_000)
        assert answer.order is not None
        assert answer.order.state is OrderState.OPEN
        assert 90_000 in [level.price for level in client.book(found.market).bids]
        known = client.order(client_order_id=answer.client_order_id)
        assert known is not None
        assert known.order_id == answer.order_id
        assert [order.order_id for order in client.orders(open_only=True)] == [answer.order_id]
        assert client.account().orders[0].leaves == 2_000
        amended = client.amend(answer.order_id, quantity=1_000)
        assert amended.order is answer.order
        assert answer.order.leaves == 1_000
        assert client.cancel(answer.order_id).order_id == answer.order_id
        assert client.wait_order(answer.order_id, "done", 5).state is OrderState.CANCELLED
        assert {balance.asset: balance for balance in client.balances()} == before
        assert client.status().counters["sequence"] >= answer.sequence
        assert _when_history_is_there(client, 10**12) is None


def _when_history_is_there(client: BlockingClient, order_id: int) -> OwnOrder | None:
    """What became of an order. That there never was one is not said before the tables have caught up."""
    deadline = time.monotonic() + HISTORY_S
    while True:
        try:
            return client.order(order_id)
        except QueryRefused as refused:
            if refused.code != "E_HISTORY":
                raise
            assert time.monotonic() < deadline, "no history"
            time.sleep(0.1)


def test_without_history_what_memory_and_engine_know_is_the_answer(market: Market) -> None:
    with BlockingClient.connect(to(market.start())) as client:
        placed = client.place(KCN_EUR, Side.BUY, 2_000, 90_000)
        assert client.order(placed.order_id) is not None
        assert client.order(10**12) is None
        assert client.order(client_order_id=parse("never")) is None


def test_a_dry_run_changes_nothing(run: DaemonRun) -> None:
    with BlockingClient.connect(to(run)) as client:
        order = PlaceOrder(AccountId(0), NO_ID, MarketId(KCN_EUR), Side.BUY, Lots(2_000), Ticks(90_000))
        first, second = client.preview(order), client.preview(order)
        assert isinstance(first.events[0], Accepted)
        assert (first.sequence, first.state_hash, first.journal_bytes) == (
            second.sequence,
            second.state_hash,
            second.journal_bytes,
        )
        assert client.orders() == []


def test_a_market_order_into_an_empty_book_ends_at_once(run: DaemonRun) -> None:
    with BlockingClient.connect(to(run)) as client:
        answer = client.place(KCN_EUR, Side.BUY, 2_000, order_type=OrderType.MARKET, time_in_force=TimeInForce.IOC)
        done = client.wait_order(answer.order_id, "done", 5)
        assert (done.state, done.filled) == (OrderState.CANCELLED, 0)


def test_rejects_carry_their_numbers(run: DaemonRun) -> None:
    with BlockingClient.connect(to(run)) as client:
        with pytest.raises(Rejected) as refused:
            client.place(KCN_EUR, Side.BUY, 10**9, 90_000)
        assert refused.value.reason is RejectReason.INSUFFICIENT_FUNDS
        assert refused.value.detail == 10_000 * 10**8
        with pytest.raises(QueryRefused):
            client.ticker(99)


def test_the_same_id_again_is_a_duplicate_for_the_next_program(run: DaemonRun) -> None:
    connection = to(run)
    with BlockingClient.connect(connection) as client:
        first = client.place(KCN_EUR, Side.BUY, 2_000, 90_000, client_order_id=parse("grid-1"))
    with BlockingClient.connect(connection) as client:
        again = client.place(KCN_EUR, Side.BUY, 2_000, 90_000, client_order_id=parse("grid-1"))
    assert (first.duplicate, again.duplicate, again.order_id) == (False, True, first.order_id)
    assert again.order is not None
    assert again.order.state is OrderState.OPEN


def test_the_blocking_client_needs_no_event_loop() -> None:
    program = "import sys, mexchange.client.blocking as b; print('asyncio' in sys.modules, 'typer' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert output.split() == ["False", "False"]


def test_a_pause_longer_than_the_session_lives_is_survived(run: DaemonRun) -> None:
    with BlockingClient.connect(to(run)) as client:
        logins = client.exchange.logins
        time.sleep(5.5)
        assert client.place(KCN_EUR, Side.BUY, 2_000, 90_000).order_id
        assert client.exchange.logins == logins + 1


def test_servers_that_are_not_the_right_one_are_refused(run: DaemonRun) -> None:
    wrong = Connection(host=run.host, port=run.port, expected_key=b"k" * 32)
    with pytest.raises(ChangedServerKey):
        BlockingClient.connect(wrong)
    with pytest.raises(UnknownServerKey) as unknown:
        BlockingClient.connect(Connection(host=run.host, port=run.port))
    assert unknown.value.key == bytes.fromhex(run.server_key)
    assert unknown.value.fingerprint.startswith("SHA256:")
    learned: list[bytes] = []
    accepting = Connection(host=run.host, port=run.port, accept_new=True, on_new_key=learned.append)
    BlockingClient.connect(accepting).close()
    assert learned == [bytes.fromhex(run.server_key)]
    with pytest.raises(LoginRefused):
        BlockingClient.connect(to(run, KeyLogin("mk_nobody", os.urandom(32))))


def test_where_nobody_listens_one_is_told_at_once() -> None:
    nobody = Connection(host="127.0.0.1", port=9, expected_key=bytes(32))
    with pytest.raises(Unreachable, match="nobody listens on port 9") as unreachable:
        BlockingClient.connect(nobody)
    assert unreachable.value.exit_code == 8
    with pytest.raises(Unreachable, match="nobody listens on port 9"):
        asyncio.run(Client.connect(nobody))
    with pytest.raises(Unreachable):
        BlockingClient.connect(Connection(host="no-such-host.invalid", port=9))


def test_who_has_no_account_is_live_too(run: DaemonRun) -> None:
    async def nobody() -> None:
        async with await Client.connect(to(run, AnonymousLogin())) as client, asyncio.timeout(30):
            while client.liveness().state is not LivenessState.LIVE:  # noqa: ASYNC110 - a busy machine may be slow
                await asyncio.sleep(0.1)

    asyncio.run(nobody())


def test_under_asyncio_everything_is_live(run: DaemonRun) -> None:

    async def live() -> None:
        async with await Client.connect(to(run)) as client, await Client.connect(to(run)) as other:
            view = await client.subscribe_book(ETH_EUR)
            assert await client.subscribe_book(ETH_EUR) is view
            await client.unsubscribe(view)  # one of the two still reads it
            await view.changed()
            assert view.verified
            orders, balances = await client.orders_view(), await client.balances_view()
            events, trades, tickers = client.own_events(), client.trades_stream(ETH_EUR), client.ticker_stream(ETH_EUR)
            await asyncio.sleep(0.7)  # a heartbeat, so that everybody knows where the journal stands
            answer = await client.place(ETH_EUR, Side.BUY, 2_000, 27_000)
            while not view.bids:
                await view.changed()
            assert (view.bids[0].price, view.bids[0].quantity) == (27_000, 2_000)
            await other.place(ETH_EUR, Side.SELL, 500, 27_000)
            trade = await asyncio.wait_for(anext(trades), 5)
            assert (trade.price, trade.quantity, trade.side) == (27_000, 500, Side.SELL)
            while (await asyncio.wait_for(anext(tickers), 5)).last != 27_000:
                pass
            kinds = [type(await asyncio.wait_for(anext(events), 5)).__name__ for _ in range(2)]
            assert kinds == ["Accepted", "Filled"]
            assert orders.open[answer.order_id].filled == 500
            while balances.balances[4].available == 5 * 10**8:
                await asyncio.wait_for(balances.changed(), 5)
            assert client.liveness().state is LivenessState.LIVE
            await client.unsubscribe(view)

    asyncio.run(live())


def test_every_address_of_a_name_is_tried(run: DaemonRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` is ::1 first on many machines, and the daemon listens on 127.0.0.1."""
    both = [
        (socket.AF_INET6, socket.SOCK_DGRAM, 17, "", ("::1", run.port, 0, 0)),
        (socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.1", run.port)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with BlockingClient.connect(to(run, host="localhost")) as client:
        assert client.session.address == ("127.0.0.1", run.port)

    async def connect() -> None:
        async with await Client.connect(to(run, host="localhost")) as other:
            assert other.session.address == ("127.0.0.1", run.port)

    asyncio.run(connect())


def test_ipv6_works(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    market = Market(tmp_path / "data", MX_DAEMON_HOST="::1", MX_DAEMON_SEGMENT_BYTES=str(4 << 20))
    try:
        run = market.start()
        with BlockingClient.connect(to(run)) as client:
            assert client.session.address == ("::1", run.port)
            assert client.place(KCN_EUR, Side.BUY, 2_000, 90_000).order_id
    finally:
        market.end()


def test_a_restarted_daemon_is_found_again_with_everything_subscribed(market: Market) -> None:
    run = market.start()

    async def live(line: LossyProxy) -> None:
        loop = asyncio.get_running_loop()
        connection = msgspec.structs.replace(to(run), host=line.address[0], port=line.address[1])
        async with await Client.connect(connection) as client:
            view = await client.subscribe_book(KCN_EUR)
            orders = await client.orders_view()
            first = await client.place(KCN_EUR, Side.BUY, 2_000, 90_000)
            while not view.bids:
                await view.changed()
            market.kill()
            again = await loop.run_in_executor(None, market.start)
            line.target = (again.host, again.port)
            deadline = time.monotonic() + 15
            while not client.may_trade:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
            second = await client.place(KCN_EUR, Side.BUY, 2_000, 90_001)
            while not (view.verified and len(view.bids) == 2):
                await asyncio.wait_for(view.changed(), 10)
            assert set(orders.open) == {first.order_id, second.order_id}
            assert view.gaps >= 1

    with LossyProxy((run.host, run.port), seed=1) as line:
        asyncio.run(live(line))
