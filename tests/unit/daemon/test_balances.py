"""Balances are told to those who are here, the latest alone, and not too often."""

from mexchange.codec.messages import AccountQuery, Balances
from mexchange.daemon.balances import ACCOUNTS_PER_TICK_MAX
from mexchange.domain.commands import Command, CreateAsset, Deposit, OpenAccount
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId
from tests.fakes.market_stage import ANN, BOB, EUR, KCN, Stage, limit, name


def test_many_changes_become_one_message_with_the_last_state() -> None:
    stage = Stage()
    stage.logged_in[ANN] = ["tui", "web"]
    for _ in range(5):
        stage.apply(limit(ANN, Side.BUY, 2, 1000))
    stage.tick()
    for session in ("tui", "web"):
        (message,) = stage.take(session)
        assert isinstance(message, Balances)
        (page,) = stage.ask("cli", AccountQuery(ANN))
        assert message.balances == page.balances
        assert (message.account_sequence, message.sequence) == (page.account_sequence, page.sequence)
        (euros,) = [row for row in message.balances if row.asset == EUR]
        assert euros.held == 5 * 2 * 1000 * 1000
    stage.tick()
    assert stage.take("tui") == []


def test_they_come_at_most_every_50_milliseconds() -> None:
    stage = Stage()
    stage.logged_in[ANN] = ["tui"]
    for _ in range(50):
        stage.apply(limit(ANN, Side.BUY, 1, 1000))
        stage.tick()
    assert 15 <= len(stage.take("tui")) <= 21


def test_maker_and_taker_both_hear_of_a_trade_and_nobody_else() -> None:
    stage = Stage()
    stage.logged_in[ANN] = ["ann"]
    stage.logged_in[BOB] = ["bob"]
    stage.logged_in[18] = ["cat"]
    stage.tick(10**9)
    for session in ("ann", "bob", "cat"):
        stage.take(session)
    stage.apply(limit(ANN, Side.SELL, 2, 1000), limit(BOB, Side.BUY, 2, 1000))
    stage.tick(10**9)
    assert [len(stage.take(session)) for session in ("ann", "bob", "cat")] == [1, 1, 0]


def test_an_account_without_a_session_costs_nothing_and_one_that_left_hears_nothing() -> None:
    stage = Stage()
    stage.apply(limit(ANN, Side.SELL, 2, 1000))
    stage.logged_in[ANN] = ["tui"]
    stage.tick(10**9)
    assert stage.take("tui") == []
    stage.apply(limit(ANN, Side.SELL, 2, 1000))
    del stage.logged_in[ANN]
    stage.tick(10**9)
    assert stage.take("tui") == []


def test_many_accounts_are_told_over_several_ticks_and_none_is_forgotten() -> None:
    stage = Stage()
    count = ACCOUNTS_PER_TICK_MAX + 10
    accounts = [AccountId(19 + index) for index in range(count)]
    stage.apply(*(OpenAccount(OwnerId(1000 + index)) for index in range(count)))
    for account in accounts:
        stage.logged_in[account] = [f"s{account}"]
    stage.apply(*(Deposit(account, name(), KCN, Atoms(5)) for account in accounts))
    stage.tick()
    told = [len(stage.take(f"s{account}")) for account in accounts]
    assert sum(told) == ACCOUNTS_PER_TICK_MAX
    stage.tick(10**9)
    told = [before + len(stage.take(f"s{account}")) for before, account in zip(told, accounts, strict=True)]
    assert told == [1] * count


def test_more_assets_than_a_datagram_takes_come_in_several_messages() -> None:
    stage = Stage()
    made: list[Command] = [CreateAsset(f"A{index}") for index in range(60)]
    stage.apply(*made, *(Deposit(ANN, name(), AssetId(3 + index), Atoms(5)) for index in range(60)))
    stage.logged_in[ANN] = ["tui"]
    stage.apply(Deposit(ANN, name(), KCN, Atoms(5)))
    stage.tick()
    messages = stage.take("tui")
    assert len(messages) == 2
    assert sorted(row.asset for message in messages for row in message.balances) == list(range(1, 63))
