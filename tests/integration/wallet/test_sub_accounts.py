"""The accounts of one owner: opened once each, told apart, and money moves between them and nowhere else."""

import time

import pytest

from mexchange.client.blocking import BlockingClient
from mexchange.client.errors import QueryRefused, Rejected
from mexchange.codec.messages import AccountsQuery, OwnedAccount
from mexchange.daemon import people
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId
from mexchange.protocol.login import EnrollLogin
from tests.integration.daemon.market import Market, key_login, own_seed
from tests.integration.wallet.test_faucet import connect

EUR, KCN_EUR = 1, 1
EURO = 10**8


def euros(client: BlockingClient, account: int | None = None) -> int:
    return next((row.available for row in client.balances(account) if row.asset == EUR), 0)


def test_an_owner_opens_each_number_once_and_finds_them_again_after_a_crash(market: Market) -> None:
    market.start()
    seed = own_seed()
    with connect(market, EnrollLogin(seed, "ann")) as ann, connect(market, EnrollLogin(own_seed(), "bob")) as bob:
        main = ann.session.account
        opened = [ann.open_sub_account(number) for number in (1, 40, 2, 40, 1)]
        assert opened[1] == opened[3]
        assert opened[0] == opened[4]
        for number in range(3, 40):
            ann.open_sub_account(number)
        listed = ann.accounts()
        assert [each.number for each in listed] == list(range(41)), "in several pages"
        assert listed[0] == OwnedAccount(main, 0)
        assert len({each.account for each in listed}) == 41
        for number in (0, 256, 2**32 - 1):
            with pytest.raises(QueryRefused) as refused:
                ann.open_sub_account(number)
            assert refused.value.code == "E_OWNER"
        with pytest.raises(QueryRefused) as refused:
            bob.accounts(main)
        assert refused.value.code == "E_ACCOUNT"
        assert len(bob.accounts()) == 1
    market.kill()
    market.start()
    with connect(market, key_login(seed)) as ann:
        assert ann.accounts() == listed
        assert ann.open_sub_account(40) == opened[1]


def test_money_moves_between_accounts_of_one_owner_and_to_nobody_else(market: Market) -> None:
    market.start()
    with (
        connect(market, EnrollLogin(own_seed(), "ann")) as ann,
        connect(market, EnrollLogin(own_seed(), "bob")) as bob,
    ):
        savings = ann.open_sub_account(1).account
        ann.transfer(savings, EUR, 400 * EURO)
        assert (euros(ann), euros(ann, savings)) == (9_600 * EURO, 400 * EURO)
        ann.transfer(ann.session.account, EUR, 100 * EURO, account=savings)
        assert (euros(ann), euros(ann, savings)) == (9_700 * EURO, 300 * EURO)
        name = ann.mint()
        for _ in range(3):
            ann.transfer(savings, EUR, 50 * EURO, client_order_id=name)
        assert euros(ann, savings) == 350 * EURO
        for target in (bob.session.account, 1, 2, 15, 999_999, 0):
            with pytest.raises(Rejected) as refused:
                ann.transfer(target, EUR, EURO)
            assert refused.value.reason is RejectReason.FOREIGN_ACCOUNT
            assert refused.value.sequence == 0, "never journalled"
        with pytest.raises(Rejected) as refused:
            bob.transfer(bob.session.account, EUR, EURO, account=savings)
        assert refused.value.reason is RejectReason.FOREIGN_ACCOUNT
        with pytest.raises(Rejected) as refused:
            ann.transfer(savings, EUR, 1, account=savings)
        assert refused.value.reason is RejectReason.TRANSFER_INVALID
        with pytest.raises(Rejected) as refused:
            ann.transfer(savings, EUR, 10_000 * EURO)
        assert refused.value.reason is RejectReason.INSUFFICIENT_FUNDS
        assert (euros(ann), euros(ann, savings), euros(bob)) == (9_650 * EURO, 350 * EURO, 10_000 * EURO)


def test_a_sub_account_trades_with_its_own_money(market: Market) -> None:
    market.start()
    with connect(market, EnrollLogin(own_seed(), "ann")) as ann:
        savings = ann.open_sub_account(1).account
        with pytest.raises(Rejected) as refused:
            ann.place(KCN_EUR, Side.BUY, 1_000, 90_000, account=savings)
        assert refused.value.reason is RejectReason.INSUFFICIENT_FUNDS
        ann.transfer(savings, EUR, 1_000 * EURO)
        ann.place(KCN_EUR, Side.BUY, 1_000, 90_000, account=savings)
        assert euros(ann, savings) == 100 * EURO
        assert euros(ann) == 9_000 * EURO
        ann.mass_cancel(account=savings)
        assert euros(ann, savings) == 1_000 * EURO


def test_an_operator_sees_the_accounts_of_everybody(market: Market) -> None:
    market.start()
    with connect(market, EnrollLogin(own_seed(), "ann")) as ann:
        ann.open_sub_account(7)
        operator = market.visit_as_operator()
        (page,) = operator.ask(AccountsQuery(AccountId(ann.session.account)))
        assert page.accounts == ann.accounts()  # type: ignore[union-attr]


def test_an_account_has_the_name_that_its_owner_gave_it_until_it_is_forgotten(market: Market) -> None:
    market.start()
    seed = own_seed()
    with (
        connect(market, EnrollLogin(seed, "ann")) as ann,
        connect(market, EnrollLogin(own_seed(), "bob")) as bob,
    ):
        savings = ann.open_sub_account(1).account
        assert ann.name_account("savings", account=savings).name == "savings"
        assert bob.name_account("savings").name == "savings", "another owner's"
        for bad in ("savings", "17", "a" * 33, " x", "two\nlines"):
            with pytest.raises(QueryRefused) as refused:
                ann.name_account(bad)
            assert refused.value.code == "E_ACCOUNT_NAME"
        with pytest.raises(QueryRefused) as refused:
            bob.name_account("mine", account=savings)
        assert refused.value.code == "E_ACCOUNT"
        assert [each.name for each in ann.accounts()] == ["", "savings"]
        owner = ann.session.owner
    market.kill()
    market.start()
    with connect(market, key_login(seed)) as ann:
        assert [each.name for each in ann.accounts()] == ["", "savings"]
        ann.name_account("", account=savings)
        ann.name_account("spare", account=savings)
        assert [each.name for each in ann.accounts()] == ["", "spare"]
    assert market.stop() == 0
    people.erase_person(market.data, str(owner), time_ns=time.time_ns())
    assert b"spare" not in (market.data / "wallet.db").read_bytes()
