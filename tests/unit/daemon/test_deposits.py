"""What arrives outside is credited once, when it is deep enough, whatever dies or fails on the way."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete

from mexchange.codec.messages import DepositState
from mexchange.core import ledger
from mexchange.daemon.wallet.chain import ChainDown, Incoming
from mexchange.daemon.wallet.deposits import VANISHED_AFTER_NS, Deposits
from mexchange.domain.commands import ChangeAccount, CreateAsset, OpenAccount
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.deposits import DepositStore
from mexchange.store.wallet_tables import cursors, deposits
from tests.fakes.outside import Crash, Fate, FatefulDatabase, Outside
from tests.fakes.own_journal import ManualClock, OwnJournal

START_NS = 1_800_000_000 * 10**9
KCN = AssetId(1)
ACCOUNTS = (16, 17, 18)
DEEP = 3


class Scene:
    """A journal, a database and a world outside; the daemon between them may be started again at any time."""

    def __init__(self, database: Database, fate: Fate) -> None:
        self.fate = fate
        self.database = database
        self.store = DepositStore(database)
        self.journal = OwnJournal(ManualClock(START_NS))
        self.journal.apply(CreateAsset("KCN"), *(OpenAccount(OwnerId(70_000 + account)) for account in ACCOUNTS))
        self.outside = Outside(fate)
        self.start()

    def start(self) -> None:
        """A new daemon on what is durable."""
        self.journal.crash()
        self.journal.before_write = self.journal.after_write = self.fate.may_crash
        self.deposits = Deposits(
            store=self.store,
            chain=self.outside,
            commands=self.journal.commands,
            clock=self.journal.clock,
            confirmations=DEEP,
        )
        self.journal.feed_past(self.deposits.on_replayed)

    def send(self, reference: str, account: int, amount: int) -> None:
        self.outside.send(Incoming(reference, f"ours-{account}-{KCN}", KCN, Atoms(amount)))

    def available(self, account: int) -> int:
        return self.journal.engine.state.accounts[AccountId(account)].balances[KCN].available

    def credited(self) -> int:
        """Of everybody; the ledger agrees that this is what has come in."""
        total = sum(self.available(account) for account in ACCOUNTS)
        assert ledger.supply(self.journal.engine.state, KCN) == total
        assert ledger.total(self.journal.engine.state, KCN) == 0
        return total

    async def state(self, reference: str) -> DepositState:
        row = await self.store.deposit(reference)
        assert row is not None
        return row.state


@asynccontextmanager
async def opened(database: str, folder: Path, fate: Fate) -> AsyncIterator[Scene]:
    odds, fate.odds = fate.odds, 0
    one = FatefulDatabase(place_of(DatabaseName.WALLET, database, folder), fate)
    try:
        await migration.upgrade(one)
        scene = Scene(one, fate)
        for account in ACCOUNTS:
            await scene.deposits.address(AccountId(account), KCN)
        fate.odds = odds
        yield scene
    finally:
        fate.odds = 0
        await one.close()


async def test_a_deposit_is_credited_when_it_is_deep_enough_and_once(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, Fate(0, odds=0)) as scene:
        scene.send("tx-1", 16, 500)
        for depth in range(DEEP):
            await scene.deposits.turn()
            assert scene.available(16) == 0
            row = await scene.store.deposit("tx-1")
            assert row is not None
            assert (row.state, row.confirmations) == (DepositState.SEEN, depth)
            scene.outside.block()
        for _ in range(3):
            await scene.deposits.turn()
            scene.outside.include_again("tx-1")
            scene.outside.block()
        assert scene.credited() == 500
        row = await scene.store.deposit("tx-1")
        assert row is not None
        assert row.state is DepositState.CREDITED
        assert row.sequence == scene.journal.engine.sequence


async def test_what_a_reorganisation_takes_back_is_not_credited_until_it_is_deep_again(
    database: str, tmp_path: Path
) -> None:
    async with opened(database, tmp_path, Fate(0, odds=0)) as scene:
        scene.send("tx-1", 16, 500)
        scene.outside.block()
        scene.outside.block()
        await scene.deposits.turn()
        del scene.outside.depth["tx-1"]
        for _ in range(5):
            scene.outside.block()
            await scene.deposits.turn()
        assert scene.credited() == 0
        scene.journal.clock.now_ns += VANISHED_AFTER_NS + 1
        await scene.deposits.turn()
        assert await scene.state("tx-1") is DepositState.VANISHED
        scene.outside.include_again("tx-1")
        for _ in range(DEEP + 1):
            await scene.deposits.turn()
            scene.outside.block()
        assert scene.credited() == 500


async def test_what_the_engine_refuses_is_kept_for_the_operator_and_is_not_tried_for_ever(
    database: str, tmp_path: Path
) -> None:
    async with opened(database, tmp_path, Fate(0, odds=0)) as scene:
        scene.journal.apply(ChangeAccount(AccountId(17), AccountSetting.STATUS, AccountStatus.CLOSED))
        scene.send("tx-1", 17, 500)
        scene.outside.send(Incoming("tx-2", "nobody", KCN, Atoms(5)))
        scene.outside.send(Incoming("tx-3", f"ours-16-{KCN}", AssetId(9), Atoms(5)))
        for _ in range(DEEP + 1):
            scene.outside.block()
        await scene.deposits.turn()
        row = await scene.store.deposit("tx-1")
        assert row is not None
        assert (row.state, row.reason) == (DepositState.REFUSED, RejectReason.ACCOUNT_CLOSED)
        assert await scene.store.deposit("tx-2") is None
        assert await scene.store.deposit("tx-3") is None
        before = scene.journal.engine.sequence
        await scene.deposits.turn()
        assert scene.journal.engine.sequence == before


async def test_a_database_that_is_older_than_the_journal_credits_nothing_again(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, Fate(0, odds=0)) as scene:
        scene.send("tx-1", 16, 500)
        for _ in range(DEEP + 1):
            await scene.deposits.turn()
            scene.outside.block()
        assert scene.credited() == 500
        async with scene.database.writing() as connection:
            await connection.execute(delete(deposits))
            await connection.execute(delete(cursors))
        scene.journal.clock.now_ns += 10**12
        scene.start()
        scene.send("tx-2", 16, 70)
        for _ in range(DEEP + 1):
            await scene.deposits.turn()
            scene.outside.block()
        assert scene.credited() == 570
        assert await scene.state("tx-1") is DepositState.CREDITED


async def test_deposits_are_listed_newest_first_in_pages(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, Fate(0, odds=0)) as scene:
        for number in range(7):
            scene.journal.clock.now_ns += number % 2
            scene.send(f"tx-{number}", 16, 1 + number)
            await scene.deposits.turn()
        rows = await scene.store.page(16, None, 100)
        assert len(rows) == 7
        assert rows == sorted(rows, key=lambda row: (row.seen_ns, row.reference), reverse=True)
        paged, before = [], None
        while page := await scene.store.page(16, before, 2):
            paged += page
            before = (page[-1].seen_ns, page[-1].reference)
        assert paged == rows
        assert await scene.store.page(17, None, 100) == []


async def test_no_crash_and_no_failure_loses_or_doubles_a_deposit(database: str, tmp_path: Path, seed: int) -> None:
    await live_through(100, database, tmp_path, seed)


@pytest.mark.soak
async def test_a_thousand_turns_lose_and_double_nothing(database: str, tmp_path: Path, seed: int) -> None:
    await live_through(1_000, database, tmp_path, seed)


async def live_through(turns: int, database: str, tmp_path: Path, seed: int) -> None:
    """So many turns, in which money arrives, chains reorganise, things fail and the daemon dies."""
    fate, rng = Fate(seed, odds=7), random.Random(seed)
    async with opened(database, tmp_path, fate) as scene:
        due: dict[str, int] = {}
        for number in range(turns):
            scene.journal.clock.now_ns += rng.randrange(10**10)
            if rng.randrange(3) == 0:
                due[f"tx-{number}"] = rng.randrange(1, 10**6)
                scene.send(f"tx-{number}", rng.choice(ACCOUNTS), due[f"tx-{number}"])
            if rng.randrange(2):
                scene.outside.block()
            if rng.randrange(8) == 0:
                scene.outside.reorganise(DEEP)
            await one_turn(scene)
            deep = sum(due[each] for each, depth in scene.outside.depth.items() if depth >= DEEP)
            assert scene.credited() <= deep
        fate.odds = 0
        scene.start()
        for reference in due:
            scene.outside.include_again(reference)
        for _ in range(DEEP + 2):
            scene.outside.block()
            await scene.deposits.turn()
        assert scene.credited() == sum(due.values())
        assert fate.crashes > 10
        assert fate.failures > 3


async def one_turn(scene: Scene) -> None:
    """A turn of the daemon, which may die in it."""
    try:
        await scene.deposits.turn()
    except ChainDown:
        pass
    except Crash:
        scene.start()
