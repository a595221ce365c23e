"""Real UDP, real timers, a line that loses a fifth and doubles a fifth, and a daemon that is killed meanwhile.

Every command of every client reaches exactly one outcome, and these are the outcomes that a second process reads from
the journal.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from mexchange.client.answer import Answer, Outcome
from mexchange.client.api import Client
from mexchange.client.connection import Connection, EnrollLogin
from mexchange.client.errors import NotLive, OutcomeUnknown, Rejected, TooBusy
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Event
from mexchange.domain.order import Side
from mexchange.domain.rejects import REJECTS
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.fakes.proxy import LossyProxy
from tests.integration.daemon.market import Market

KCN_EUR = 1
CLIENTS = 4
BATCH = 8
OPEN_MAX = 200


class Trader:
    """A client that writes down every outcome."""

    def __init__(self, client: Client, number: int) -> None:
        self.client = client
        self.number = number
        self.outcomes: dict[bytes, list[Outcome]] = {}
        self.events: list[Event] = []
        client.exchange.own.on_events(self.events.extend)

    async def trade(self, orders: int, progress: Callable[[int], None]) -> None:
        """Place, and cancel some of it, until so many commands have an outcome."""
        resting: list[int] = []
        done = 0
        while done < orders:
            batch = [self._order(done + n) for n in range(min(BATCH, orders - done))]
            for outcome in await self._outcomes(batch):
                if isinstance(outcome, Answer) and outcome.order is not None and outcome.order.is_open:
                    resting.append(outcome.order_id)
            done += len(batch)
            progress(len(batch))
            if len(resting) > OPEN_MAX:
                gone, resting = resting[:BATCH], resting[BATCH:]
                await self._outcomes([self._cancel(order_id) for order_id in gone])

    def _order(self, number: int) -> PlaceOrder:
        """Around one price, so that the clients trade with one another."""
        side = Side.BUY if (number + self.number) % 2 else Side.SELL
        price = Ticks(100_000 + (-1 if side is Side.BUY else 1) * (number % 7 - 2))
        return PlaceOrder(AccountId(0), self.client.mint(), MarketId(KCN_EUR), side, Lots(2 + number % 3), price)

    def _cancel(self, order_id: int) -> CancelOrder:
        return CancelOrder(AccountId(0), self.client.mint(), OrderId(order_id))

    async def _outcomes(self, commands: list[PlaceOrder] | list[CancelOrder]) -> list[Outcome]:
        while True:
            try:
                outcomes = await self.client.submit_many(commands)
                break
            except (NotLive, TooBusy):  # nothing was sent
                await asyncio.sleep(0.05)
        for at, outcome in enumerate(outcomes):
            while isinstance(outcome, OutcomeUnknown):
                found = await self.client.resolve(commands[at].client_order_id, timeout_s=5)
                assert found is not None
                outcome = found
            outcomes[at] = outcome
            assert outcome.client_order_id != NO_ID
            self.outcomes.setdefault(bytes(commands[at].client_order_id), []).append(outcome)
        return outcomes


async def run_market(market: Market, orders: int, seed: int) -> list[Trader]:
    """All clients trade; the daemon dies once, when two fifths are done."""
    run = market.start()
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count

    with LossyProxy((run.host, run.port), seed=seed, loss=20, doubling=20, jitter_s=0.05) as proxy:
        traders = []
        for number in range(CLIENTS):
            connection = Connection(
                host=proxy.address[0],
                port=proxy.address[1],
                login=EnrollLogin(os.urandom(32), f"trader {number}"),
                expected_key=bytes.fromhex(run.server_key),
                timeout_s=30,
            )
            traders.append(Trader(await Client.connect(connection), number))
        work = [asyncio.create_task(trader.trade(orders // CLIENTS, progress)) for trader in traders]
        while done < orders * 2 // 5:
            await asyncio.sleep(0.01)
            for task in work:
                if task.done():
                    task.result()
        market.kill()
        await asyncio.sleep(0.2)
        run = await asyncio.get_running_loop().run_in_executor(None, market.start)
        proxy.target = (run.host, run.port)
        await asyncio.gather(*work)
        proxy.loss = proxy.doubling = 0
        await asyncio.gather(*(_catch_up(trader) for trader in traders))
        assert proxy.lost > orders // 20, "the line was bad"
        assert proxy.doubled > orders // 20
    return traders


async def _catch_up(trader: Trader) -> None:
    """Until the stream is complete; then the views must equal what the exchange says."""
    client = trader.client
    deadline = time.monotonic() + 15
    account = await client.account()
    while client.exchange.stream.next <= account.account_sequence:
        assert time.monotonic() < deadline, "the stream never became complete"
        await asyncio.sleep(0.02)
    numbers = [event.account_sequence for event in trader.events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "each event once, and in order"
    account = await client.account()
    shown = {number: order.leaves for number, order in client.exchange.orders.open.items()}
    assert shown == {order.order_id: order.leaves for order in account.orders}
    await client.close()


def compare_with_journal(market: Market, traders: list[Trader]) -> None:
    """One outcome each, and the journal's."""
    assert market.stop() == 0, market.log()
    accounts = [str(trader.client.session.account) for trader in traders]
    command = [sys.executable, "-m", "tests.integration.client.replay", os.fspath(market.data), *accounts]
    journal = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for trader, account in zip(traders, accounts, strict=True):
        answers = journal[account]
        for client_order_id, outcomes in trader.outcomes.items():
            (outcome,) = outcomes
            _compare(ClientOrderId(client_order_id), outcome, answers.pop(client_order_id.hex(), []))
        grants = {key for key in answers if bytes.fromhex(key).startswith(b"demo-")}
        assert not answers.keys() - grants, "the journal knows of commands that have no outcome"


def _compare(client_order_id: ClientOrderId, outcome: Outcome, answers: list[list[object]]) -> None:
    if isinstance(outcome, Answer):
        first = [answer for answer in answers if answer[0] != "Rejected"]
        assert len([answer for answer in first if answer[0] == "Accepted"]) <= 1, "executed twice"
        assert first, f"{client_order_id!r} was acknowledged and is not in the journal"
        assert outcome.order_id in [answer[1] for answer in first]
        assert outcome.sequence in [answer[2] for answer in first]
    else:
        assert isinstance(outcome, Rejected)
        if REJECTS[outcome.reason].given_by == "ingress":
            assert not answers, f"{client_order_id!r} was refused at the door and is in the journal"
        else:
            assert [answer[0] for answer in answers] == ["Rejected"]


def exchange_orders(market: Market, orders: int, seed: int) -> None:
    traders = asyncio.run(run_market(market, orders, seed))
    assert sum(len(trader.outcomes) for trader in traders) >= orders // CLIENTS * CLIENTS
    compare_with_journal(market, traders)


def test_orders_reach_one_outcome_each_through_loss_disorder_and_a_kill(market: Market, seed: int) -> None:
    exchange_orders(market, 400, seed)


@pytest.mark.soak
def test_five_thousand_orders_reach_one_outcome_each_through_loss_disorder_and_a_kill(
    market: Market, seed: int
) -> None:
    exchange_orders(market, 5_000, seed)
