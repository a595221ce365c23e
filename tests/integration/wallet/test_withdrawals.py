"""Withdrawals through a real daemon: mailed codes, four eyes, and money that is nowhere twice when it is killed."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from mexchange.client.blocking import BlockingClient
from mexchange.client.errors import ClientError, QueryRefused, Unsupported
from mexchange.codec.messages import ConfirmationSent, WithdrawalInfo, WithdrawalState
from mexchange.config import keys, paths
from mexchange.daemon import people
from mexchange.domain.client_id import NO_ID, parse
from mexchange.domain.commands import ConfirmWithdrawal, ReleaseWithdrawal, Withdraw
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms
from mexchange.identity.audit import AuditKind
from mexchange.protocol.login import EnrollLogin, KeyLogin
from mexchange.store import account_names
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.wallet_tables import withdrawals
from tests.integration.daemon.market import Market, key_login, own_seed
from tests.integration.wallet.test_deposits import GRANT, PATIENCE_S
from tests.integration.wallet.test_faucet import connect
from tests.integration.wallet.test_sub_accounts import EUR, EURO, euros
from tests.postgres import Cluster

IBAN = "NL91ABNA0417164300"
_MAILED = re.compile(r"withdraw ([0-9.]+) EUR from account ([0-9]+) to (\S+)\n *The code ([0-9 ]+) confirms")


SMALL = {
    "MX_DAEMON_SEGMENT_BYTES": str(4 << 20),
    "MX_DAEMON_FREE_BYTES_MIN": "1",
    "MX_DAEMON_WALLET_BLOCK_MS": "50",
    "MX_DAEMON_WALLET_POLL_MS": "20",
}


@pytest.fixture
def fast(tmp_path: Path, database: str) -> Iterator[Market]:
    """Quick blocks; on both databases."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    market = Market(data, MX_DAEMON_DATABASE=database, **SMALL)
    yield market
    market.end()


def demo_user(market: Market) -> KeyLogin:
    """Whose mails the daemon prints."""
    seed = keys.read(paths.local_key_file(market.data))
    assert seed is not None
    return key_login(seed)


def operator(market: Market) -> KeyLogin:
    seed = keys.read(paths.local_operator_key_file(market.data))
    assert seed is not None
    return key_login(seed)


def until(found: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not found():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def mailed(market: Market, address: str) -> str:
    """The newest code for a withdrawal to that address, once it is there."""

    def codes() -> list[str]:
        return [code for *_, to, code in _MAILED.findall(market.log()) if to == address]

    until(codes)
    return codes()[-1].replace(" ", "")


def asked(client: BlockingClient, amount: int, address: str, **named: object) -> ConfirmationSent:
    sent = client.withdraw(EUR, amount, address, **named)  # type: ignore[arg-type]
    assert isinstance(sent, ConfirmationSent)
    return sent


def state_of(client: BlockingClient, address: str) -> WithdrawalInfo:
    return next(each for each in client.withdrawals() if each.address == address)


def test_money_leaves_to_the_address_in_the_mail_and_only_with_its_code(fast: Market) -> None:
    fast.start()
    with connect(fast, demo_user(fast)) as ann:
        name = ann.mint()
        sent = asked(ann, 50 * EURO, IBAN, request_id=name)
        assert sent.text == f"withdraw 50.00 EUR from account {ann.session.account} to {IBAN}"
        assert euros(ann) == GRANT - 50 * EURO, "held"
        code = mailed(fast, IBAN)
        with pytest.raises(QueryRefused) as refused:
            ann.confirm_withdrawal(sent.request_id, f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}")
        assert refused.value.code == "E_CODE"
        done = ann.confirm_withdrawal(sent.request_id, code)
        assert (done.address, done.amount) == (IBAN, 50 * EURO)
        until(lambda: state_of(ann, IBAN).state == WithdrawalState.PAID)
        with pytest.raises(QueryRefused):
            ann.confirm_withdrawal(sent.request_id, code)
        again = ann.withdraw(EUR, 50 * EURO, IBAN, request_id=name)
        assert isinstance(again, WithdrawalInfo)
        assert again.state == WithdrawalState.PAID
        assert euros(ann) == GRANT - 50 * EURO
        (page,) = ann.account().balances[:1]
        assert page.held == 0


def test_a_large_one_waits_for_an_operator_and_can_be_cancelled_until_then(
    fast: Market, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MX_DAEMON_DATABASE", database)
    fast.start()
    with connect(fast, demo_user(fast)) as ann, connect(fast, operator(fast)) as boss:
        for address, amount in (("first-address", 5_001 * EURO), ("second-address", 4_999 * EURO + EURO + 1)):
            sent = ann.withdraw(EUR, amount, address)
            if isinstance(sent, ConfirmationSent):
                ann.confirm_withdrawal(sent.request_id, mailed(fast, address))
            if address == "first-address":
                waiting = boss.waiting_withdrawals()
                assert [each.address for each in waiting] == [address]
                with pytest.raises(QueryRefused) as refused:
                    ann.waiting_withdrawals()
                assert refused.value.code == "E_SCOPE"
                with pytest.raises(QueryRefused) as refused:
                    ann.decide_withdrawal(ann.session.account, parse(waiting[0].request_id), approve=True)
                assert refused.value.code == "E_SCOPE"
                ann.cancel_withdrawal(parse(waiting[0].request_id))
                assert ann.cancel_withdrawal(parse(waiting[0].request_id)).state == WithdrawalState.CANCELLED
                assert euros(ann) == GRANT
        (waits,) = boss.waiting_withdrawals()
        done = boss.decide_withdrawal(waits.account, parse(waits.request_id), approve=True)
        assert boss.decide_withdrawal(waits.account, parse(waits.request_id), approve=True).state >= done.state
        until(lambda: state_of(ann, "second-address").state == WithdrawalState.PAID)
        assert euros(ann) == GRANT - 5_000 * EURO - 1
    assert fast.stop() == 0
    (line,) = [row for row in people.audit_rows(fast.data, limit=100) if row.kind == AuditKind.WITHDRAWAL_APPROVED]
    assert waits.request_id in line.detail
    assert "second-address" not in line.detail


def test_limits_and_bad_requests_are_refused_by_name(fast: Market) -> None:
    fast.start()
    with connect(fast, demo_user(fast)) as ann, connect(fast, EnrollLogin(own_seed(), "bob")) as bob:
        for amount, address, code in (
            (9 * EURO, IBAN, "E_WITHDRAWAL_MIN"),
            (20_001 * EURO, IBAN, "E_WITHDRAWAL_LIMIT"),
            (10_001 * EURO, IBAN, "E_FUNDS"),
            (50 * EURO, "x", "E_ADDRESS"),
            (50 * EURO, "line\nfeed-in-it", "E_ADDRESS"),
        ):
            with pytest.raises(QueryRefused) as refused:
                ann.withdraw(EUR, amount, address)
            assert refused.value.code == code
        with pytest.raises(QueryRefused) as refused:
            ann.withdraw(99, EURO, IBAN)
        assert refused.value.code == "E_ASSET_NOT_FOUND"
        with pytest.raises(QueryRefused) as refused:
            bob.withdraw(EUR, 50 * EURO, IBAN, account=ann.session.account)
        assert refused.value.code == "E_ACCOUNT"
        with pytest.raises(QueryRefused) as refused:
            bob.cancel_withdrawal(bob.mint())
        assert refused.value.code == "E_WITHDRAWAL_NOT_FOUND"
        assert euros(ann) == GRANT


def test_nobody_sends_the_engines_own_commands(fast: Market) -> None:
    fast.start()
    with connect(fast, demo_user(fast)) as ann, connect(fast, operator(fast)) as boss:
        account = AccountId(ann.session.account)
        for client in (ann, boss):
            for command in (
                Withdraw(account, NO_ID, AssetId(EUR), Atoms(1)),
                ConfirmWithdrawal(account, client.mint(), 1),
                ReleaseWithdrawal(account, client.mint(), 1),
            ):
                with pytest.raises((Unsupported, ClientError)):
                    client.submit(command, timeout_s=2)
        assert euros(ann) == GRANT


def test_withdrawals_survive_kills_and_money_is_here_or_there(fast: Market, seed: int) -> None:
    rng = random.Random(seed)
    fast.start()
    names: dict[bytes, str] = {}
    for number in range(3):
        with connect(fast, demo_user(fast)) as ann:
            name, address = ann.mint(), f"address-{number}" + rng.choice(("", "-closed"))
            address = f"closed-{number}" if address.endswith("closed") else address
            names[bytes(name)] = address
            sent = asked(ann, 100 * EURO, address, request_id=name)
            code = mailed(fast, address)
            if rng.randrange(2):
                fast.kill()
                fast.start()
                with connect(fast, demo_user(fast)) as back:
                    back.confirm_withdrawal(sent.request_id, code)
            else:
                ann.confirm_withdrawal(sent.request_id, code)
        time.sleep(rng.random() * 0.1)
        fast.kill()
        fast.start()
    with connect(fast, demo_user(fast)) as ann:
        over = {WithdrawalState.PAID, WithdrawalState.FAILED}
        until(lambda: {each.state for each in ann.withdrawals()} <= over)
        found = ann.withdrawals()
        assert {each.address for each in found} == set(names.values())
        paid = [each for each in found if each.state == WithdrawalState.PAID]
        assert all(each.address.startswith("address-") for each in paid)
        assert euros(ann) == GRANT - 100 * EURO * len(paid)
        assert all(row.held == 0 for row in ann.balances())


def test_an_address_is_not_in_the_journal_and_is_forgotten_with_its_owner(fast: Market, database: str) -> None:
    fast.start()
    with connect(fast, demo_user(fast)) as ann:
        asked(ann, 100 * EURO, "canary-address-1")
        sent = asked(ann, 100 * EURO, "canary-address-2")
        ann.confirm_withdrawal(sent.request_id, mailed(fast, "canary-address-2"))
        until(lambda: state_of(ann, "canary-address-2").state == WithdrawalState.PAID)
        owner = ann.session.owner
    assert fast.stop() == 0
    for path in [*(fast.data / "journal").iterdir(), *(fast.data / "snapshots").iterdir()]:
        assert b"canary-address" not in path.read_bytes(), path
    before = fast.log()
    left = asyncio.run(forgotten(fast.data, database, owner))
    assert left == (1, ["", "canary-address-1"]), "one is still on its way"
    assert before == fast.log()


async def forgotten(data: Path, setting: str, owner: int) -> tuple[int, list[str]]:
    """Erase somebody from the wallet; how many withdrawals are left, and all addresses."""
    database = Database(place_of(DatabaseName.WALLET, setting, data))
    try:
        left = await account_names.erase(database, owner)
        async with database.reading() as connection:
            return left, sorted(await connection.scalars(select(withdrawals.c.address)))
    finally:
        await database.close()


async def test_while_the_database_is_dead_money_waits_and_orders_do_not(tmp_path: Path, cluster: Cluster) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    market = Market(data, MX_DAEMON_DATABASE=await asyncio.to_thread(cluster.new_database), **SMALL)
    try:
        await asyncio.to_thread(_live_without_database, market, cluster)
    finally:
        market.end()


def _live_without_database(market: Market, cluster: Cluster) -> None:
    market.start()
    with connect(market, demo_user(market)) as ann:
        ann.simulate_deposit(EUR, 50 * EURO)
        until(lambda: euros(ann) == GRANT + 50 * EURO)
        cluster.kill()
        with pytest.raises(QueryRefused) as refused:
            ann.withdraw(EUR, 50 * EURO, IBAN)
        assert refused.value.code == "E_WALLET_UNAVAILABLE"
        begin = time.monotonic()
        for price in range(90_000, 90_020):
            ann.place(1, Side.BUY, 10, price)
        assert time.monotonic() - begin < 30, "orders wait for no database"
        ann.mass_cancel()
        assert euros(ann) == GRANT + 50 * EURO
        cluster.start()
        until(lambda: _accepts(ann))
        assert euros(ann) == GRANT
        assert "wallet" in market.log()


def _accepts(client: BlockingClient) -> bool:
    try:
        return isinstance(client.withdraw(EUR, 50 * EURO, IBAN), ConfirmationSent | WithdrawalInfo)
    except QueryRefused as refused:
        if not refused.code.endswith("_UNAVAILABLE"):
            raise
        return False
