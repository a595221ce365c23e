"""Deposits through a real daemon and the simulated world outside, also when the daemon is killed on the way."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mexchange.client.blocking import BlockingClient
from mexchange.client.errors import QueryRefused
from mexchange.codec.messages import DepositState
from mexchange.domain.client_id import mint
from mexchange.protocol.login import EnrollLogin
from tests.integration.daemon.market import Market, key_login, own_seed
from tests.integration.wallet.test_faucet import connect
from tests.integration.wallet.test_sub_accounts import EUR, EURO, euros

GRANT = 10_000 * EURO
PATIENCE_S = 60


@pytest.fixture
def fast(tmp_path: Path, database: str) -> Iterator[Market]:
    """A market whose world outside finds a block every 50 ms; on both databases."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    market = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(4 << 20),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_WALLET_BLOCK_MS="50",
        MX_DAEMON_WALLET_POLL_MS="20",
        MX_DAEMON_DATABASE=database,
    )
    yield market
    market.end()


def wait_for(client: BlockingClient, amount: int, account: int | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while euros(client, account) != amount:
        assert time.monotonic() < deadline, f"{euros(client, account)} instead of {amount}"
        time.sleep(0.05)


def test_what_is_sent_to_the_address_of_an_account_arrives_there_once(fast: Market) -> None:
    fast.start()
    with (
        connect(fast, EnrollLogin(own_seed(), "ann")) as ann,
        connect(fast, EnrollLogin(own_seed(), "bob")) as bob,
    ):
        savings = ann.open_sub_account(1).account
        mine, its = ann.deposit_address(EUR), ann.deposit_address(EUR, account=savings)
        assert len({mine.address, its.address, bob.deposit_address(EUR).address, ann.deposit_address(2).address}) == 4
        assert ann.deposit_address(EUR) == mine
        request = ann.mint()
        for _ in range(3):
            ann.simulate_deposit(EUR, 50 * EURO, request_id=request)
        ann.simulate_deposit(EUR, 7 * EURO, account=savings)
        wait_for(ann, GRANT + 50 * EURO)
        wait_for(ann, 7 * EURO, savings)
        (row,) = ann.deposits().deposits
        assert (row.amount, row.state) == (50 * EURO, DepositState.CREDITED)
        assert row.sequence > 0
        for question in (
            lambda: bob.deposits(account=savings),
            lambda: bob.deposit_address(EUR, account=ann.session.account),
            lambda: bob.simulate_deposit(EUR, EURO, account=savings),
        ):
            with pytest.raises(QueryRefused) as refused:
                question()
            assert refused.value.code == "E_ACCOUNT"
        for amount in (0, -1, 2**62):
            with pytest.raises(QueryRefused) as refused:
                ann.simulate_deposit(EUR, amount)
            assert refused.value.code == "E_AMOUNT"


def test_deposits_survive_kills_and_are_credited_once_each(fast: Market, seed: int) -> None:
    rng = random.Random(seed)
    fast.start()
    device = own_seed()
    with connect(fast, EnrollLogin(device, "ann")):
        pass
    sent = 0
    for number in range(6):
        with connect(fast, key_login(device)) as ann:
            for _ in range(rng.randrange(1, 6)):
                amount = rng.randrange(1, 1_000 * EURO)
                request = mint(time.time_ns() // 10**6, rng.getrandbits(80))
                for _ in range(rng.randrange(1, 3)):
                    ann.simulate_deposit(EUR, amount, request_id=request)
                sent += amount
            time.sleep(rng.random() * 0.25)
        if number % 3 == 2:
            assert fast.stop() == 0, fast.log()
        else:
            fast.kill()
        fast.start()
    with connect(fast, key_login(device)) as ann:
        wait_for(ann, GRANT + sent)
        time.sleep(0.5)
        assert euros(ann) == GRANT + sent
        listed = ann.deposits(limit=1_000).deposits
        assert sum(row.amount for row in listed) == sent
        assert {row.state for row in listed} == {DepositState.CREDITED}
        assert len(ann.deposits(limit=3).deposits) == 3


def test_an_exchange_without_a_world_outside_says_so(fast: Market) -> None:
    fast.start()
    device = own_seed()
    with connect(fast, EnrollLogin(device, "ann")):
        pass
    assert fast.stop() == 0
    fast.start(demo=False)
    with connect(fast, key_login(device)) as ann:
        for question in (lambda: ann.deposit_address(EUR), lambda: ann.simulate_deposit(EUR, 1), ann.deposits):
            with pytest.raises(QueryRefused) as refused:
                question()
            assert refused.value.code == "E_WALLET_OFF"
