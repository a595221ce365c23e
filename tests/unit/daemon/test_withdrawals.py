"""Money leaves once, to where its owner said, when everybody agreed; or it is back. Whatever dies on the way."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mexchange.codec.messages import WithdrawalState
from mexchange.core import ledger
from mexchange.daemon.wallet.answers import WalletRefused
from mexchange.daemon.wallet.chain import ChainDown
from mexchange.daemon.wallet.limits import Limits
from mexchange.daemon.wallet.withdrawal_states import NEXT, OVER
from mexchange.daemon.wallet.withdrawals import CODE_NS, DAY_NS, Withdrawals
from mexchange.domain.client_id import mint, parse
from mexchange.domain.commands import ChangeAccount, CreateAsset, Deposit, OpenAccount
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId
from mexchange.store import migration
from mexchange.store.database import DatabaseName, place_of
from mexchange.store.withdrawals import Withdrawal, WithdrawalStore
from tests.fakes.outside import Crash, Fate, FatefulDatabase, Outside
from tests.fakes.own_journal import ManualClock, OwnJournal

START_NS = 1_800_000_000 * 10**9
KCN = AssetId(1)
ANN, BOB = AccountId(16), AccountId(17)
OWNERS = {ANN: 70_000, BOB: 70_001}
OPERATOR = 80_000
FUNDS = 1_000_000
LIMITS = Limits(least=10, daily=5_000, alone=1_000)
CLOSED = "closed-address"
SOMEWHERE = "somewhere-else"
MORE_TURNS = 2_000


class Scene:
    """Ann and Bob with a million each, a world outside, and a daemon that may be started again at any time."""

    def __init__(self, store: WithdrawalStore, fate: Fate, limits: Limits) -> None:
        self.fate = fate
        self.store = store
        self.limits = limits
        self.journal = OwnJournal(ManualClock(START_NS), fate.rng.getrandbits(32))
        self.journal.apply(CreateAsset("KCN"), *(OpenAccount(OwnerId(owner)) for owner in OWNERS.values()))
        self.journal.apply(*(Deposit(account, parse("funds"), KCN, Atoms(FUNDS)) for account in OWNERS))
        self.outside = Outside(fate, closed=lambda address: address == CLOSED)
        self._ids = random.Random(fate.rng.getrandbits(32))
        self.start()

    def start(self) -> None:
        """A new daemon on what is durable."""
        self.journal.crash()
        self.journal.before_write = self.journal.after_write = self.fate.may_crash
        self.desk = Withdrawals(
            store=self.store,
            chain=self.outside,
            commands=self.journal.commands,
            clock=self.journal.clock,
            limits_of=lambda _: self.limits,
        )

    def name(self) -> bytes:
        return mint(self.journal.clock.now_ns // 10**6, self._ids.getrandbits(80))

    async def ask(self, amount: int, account: AccountId = ANN, *, to: str = SOMEWHERE, name: bytes = b"") -> Withdrawal:
        return await self.desk.request(
            owner=OWNERS[account],
            account=account,
            request_id=name or self.name(),
            asset=KCN,
            amount=amount,
            address=to,
        )

    async def operator(self, row: Withdrawal, *, approve: bool, owner: int = OPERATOR) -> Withdrawal:
        return await self.desk.decide(row.account, row.request_id, approve=approve, owner=owner, key_id="mk_operator")

    def funds(self, account: AccountId = ANN) -> tuple[int, int]:
        """Available and held."""
        balance = self.journal.engine.state.accounts[account].balances[KCN]
        return balance.available, balance.held

    def paid(self) -> int:
        """What really arrived outside."""
        return sum(payment.amount for payment in self.outside.paid.values() if payment.address != CLOSED)

    def check(self) -> None:
        """Nothing is made from nothing, at any moment."""
        state = self.journal.engine.state
        assert ledger.total(state, KCN) == 0
        supply = ledger.supply(state, KCN)
        assert supply == sum(sum(self.funds(account)) for account in OWNERS)
        assert self.paid() <= 2 * FUNDS - supply, "never paid before it has left the ledger"
        for account in OWNERS:
            assert self.funds(account)[1] == sum(w.amount for w in state.accounts[account].withdrawals.values())


@asynccontextmanager
async def opened(
    database: str, folder: Path, fate: Fate | None = None, limits: Limits = LIMITS
) -> AsyncIterator[Scene]:
    fate = fate or Fate(0, odds=0)
    odds, fate.odds = fate.odds, 0
    one = FatefulDatabase(place_of(DatabaseName.WALLET, database, folder), fate)
    try:
        await migration.upgrade(one)
        scene = Scene(WithdrawalStore(one), fate, limits)
        fate.odds = odds
        yield scene
    finally:
        fate.odds = 0
        await one.close()


@asynccontextmanager
async def refused(reason: RejectReason) -> AsyncIterator[None]:
    with pytest.raises(WalletRefused) as caught:
        yield
    assert caught.value.reason is reason


async def test_a_small_one_is_held_agreed_to_and_paid(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        row = await scene.ask(1_000)
        assert row.state is WithdrawalState.PENDING_CODE
        assert scene.funds() == (FUNDS - 1_000, 1_000)
        row = await scene.desk.agree(ANN, row.request_id)
        assert (row.state, row.reference.startswith("tx-")) == (WithdrawalState.PAID, True)
        assert scene.funds() == (FUNDS - 1_000, 0)
        assert scene.paid() == 1_000
        (payment,) = scene.outside.paid.values()
        assert payment.address == SOMEWHERE
        async with refused(RejectReason.WITHDRAWAL_STATE):
            await scene.desk.agree(ANN, row.request_id)
        async with refused(RejectReason.WITHDRAWAL_STATE):
            await scene.desk.cancel(ANN, row.request_id)
        await scene.desk.turn()
        assert scene.paid() == 1_000


async def test_a_large_one_waits_for_an_operator_who_is_somebody_else(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        row = await scene.ask(1_001)
        async with refused(RejectReason.WITHDRAWAL_STATE):
            await scene.operator(row, approve=True)
        row = await scene.desk.agree(ANN, row.request_id)
        assert row.state is WithdrawalState.PENDING_ADMIN
        await scene.desk.turn()
        assert scene.paid() == 0
        async with refused(RejectReason.SAME_PERSON):
            await scene.operator(row, approve=True, owner=OWNERS[ANN])
        row = await scene.operator(row, approve=True)
        assert (row.state, row.approved_by) == (WithdrawalState.PAID, "mk_operator")
        other = await scene.desk.agree(ANN, (await scene.ask(2_000)).request_id)
        other = await scene.operator(other, approve=False)
        assert other.state is WithdrawalState.CANCELLED
        assert scene.funds() == (FUNDS - 1_001, 0)


async def test_a_request_that_is_repeated_is_one_request(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        name = scene.name()
        rows = await asyncio.gather(*(scene.ask(500, name=name) for _ in range(8)))
        assert {row.withdrawal_id for row in rows} == {rows[0].withdrawal_id}
        assert scene.funds() == (FUNDS - 500, 500)
        for changed in (
            scene.ask(501, name=name),
            scene.ask(500, name=name, to="another-place"),
        ):
            async with refused(RejectReason.CLIENT_ID_REUSED):
                await changed
        for bad in (bytes(16), parse("text").ljust(16, b"\0")):
            async with refused(RejectReason.CLIENT_ID_INVALID):
                await scene.ask(500, name=bad)
        await asyncio.gather(*(scene.desk.cancel(ANN, name) for _ in range(3)), return_exceptions=True)
        assert scene.funds() == (FUNDS, 0)


async def test_limits_count_an_owner_and_24_hours_also_when_asked_at_once(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        async with refused(RejectReason.WITHDRAWAL_BELOW_MIN):
            await scene.ask(9)
        async with refused(RejectReason.ADDRESS_INVALID):
            await scene.ask(10, to="short")
        async with refused(RejectReason.WITHDRAWAL_ABOVE_LIMIT):
            await scene.ask(5_001)
        answers = await asyncio.gather(*(scene.ask(1_000) for _ in range(9)), return_exceptions=True)
        assert sum(isinstance(answer, Withdrawal) for answer in answers) == 5
        assert scene.funds() == (FUNDS - 5_000, 5_000)
        await scene.ask(5_000, BOB)
        given_back = next(answer for answer in answers if isinstance(answer, Withdrawal))
        await scene.desk.cancel(ANN, given_back.request_id)
        await scene.ask(1_000)
        async with refused(RejectReason.WITHDRAWAL_ABOVE_LIMIT):
            await scene.ask(10)
        scene.journal.clock.now_ns += DAY_NS + 1
        await scene.ask(5_000)


async def test_what_the_engine_does_not_hold_is_refused_with_its_reason(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, limits=Limits(1, None, 0)) as scene:
        async with refused(RejectReason.INSUFFICIENT_FUNDS):
            await scene.ask(FUNDS + 1)
        scene.journal.apply(ChangeAccount(ANN, AccountSetting.STATUS, AccountStatus.FROZEN))
        async with refused(RejectReason.ACCOUNT_FROZEN):
            await scene.ask(5)
        assert scene.funds() == (FUNDS, 0)


async def test_freezing_the_account_stops_one_that_is_agreed_to(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        row = await scene.ask(100)
        scene.journal.apply(ChangeAccount(ANN, AccountSetting.STATUS, AccountStatus.FROZEN))
        row = await scene.desk.agree(ANN, row.request_id)
        assert (row.state, row.reason) == (WithdrawalState.PENDING_ADMIN, "E_ACCOUNT_FROZEN: the account is frozen")
        row = await scene.operator(row, approve=True)
        assert row.state is WithdrawalState.PENDING_ADMIN
        assert scene.paid() == 0
        scene.journal.apply(ChangeAccount(ANN, AccountSetting.STATUS, AccountStatus.ACTIVE))
        row = await scene.operator(row, approve=True)
        assert row.state is WithdrawalState.PAID


async def test_what_nobody_confirms_is_given_up_and_what_is_refused_outside_comes_back(
    database: str, tmp_path: Path
) -> None:
    async with opened(database, tmp_path) as scene:
        row = await scene.ask(100)
        scene.journal.clock.now_ns += CODE_NS
        await scene.desk.turn()
        assert scene.funds() == (FUNDS - 100, 100)
        scene.journal.clock.now_ns += 1
        await scene.desk.turn()
        found = await scene.store.find(ANN, row.request_id)
        assert found is not None
        assert (found.state, found.reason) == (WithdrawalState.CANCELLED, "nobody confirmed it in time")
        assert scene.funds() == (FUNDS, 0)
        row = await scene.desk.agree(ANN, (await scene.ask(100, to=CLOSED)).request_id)
        assert (row.state, row.reason) == (WithdrawalState.FAILED, "closed")
        assert scene.funds() == (FUNDS, 0)
        assert scene.paid() == 0


async def test_pages_are_newest_first_and_of_one_account(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as scene:
        for number in range(7):
            scene.journal.clock.now_ns += number % 2 * 10**6
            await scene.ask(10 + number)
        rows = await scene.store.page(ANN, None, 100)
        paged, before = [], None
        while page := await scene.store.page(ANN, before, 3):
            paged += page
            before = (page[-1].created_ns, page[-1].request_id)
        assert paged == rows
        assert len(rows) == 7
        assert rows == sorted(rows, key=lambda row: (row.created_ns, row.request_id), reverse=True)
        assert await scene.store.page(BOB, None, 100) == []


async def test_no_crash_and_no_failure_loses_or_doubles_money(database: str, tmp_path: Path, seed: int) -> None:
    await live_through(120, database, tmp_path, seed)


@pytest.mark.soak
async def test_a_thousand_turns_lose_and_double_nothing(database: str, tmp_path: Path, seed: int) -> None:
    await live_through(1_000, database, tmp_path, seed)


async def live_through(turns: int, database: str, tmp_path: Path, seed: int) -> None:
    """So many turns of people who ask, agree, cancel and decide, and more until everything has failed and died."""
    fate, rng = Fate(seed, odds=9), random.Random(seed)
    async with opened(database, tmp_path, fate, Limits(1, None, 500)) as scene:
        wanted: dict[tuple[AccountId, bytes], tuple[int, str]] = {}
        for turn in itertools.count():
            if turn >= turns and fate.crashes > 3 and fate.failures and scene.paid():
                break
            assert turn < turns + MORE_TURNS, (fate.crashes, fate.failures, scene.paid())
            scene.journal.clock.now_ns += rng.randrange(10**10)
            await one_turn(scene, rng, wanted)
            scene.check()
        fate.odds = 0
        scene.start()
        scene.journal.apply(
            *(ChangeAccount(account, AccountSetting.STATUS, AccountStatus.ACTIVE) for account in OWNERS)
        )
        await settle(scene, wanted)
        scene.check()
        assert all(scene.funds(account)[1] == 0 for account in OWNERS), "no hold is left behind"
        supply = ledger.supply(scene.journal.engine.state, KCN)
        assert supply + scene.paid() == 2 * FUNDS, "what is missing here has arrived there"
        paid = [row.amount for row in await everything(scene, wanted) if row.state is WithdrawalState.PAID]
        assert sum(paid) == scene.paid() > 0


async def one_turn(scene: Scene, rng: random.Random, wanted: dict[tuple[AccountId, bytes], tuple[int, str]]) -> None:
    """Somebody does something, or the daemon goes on; either may fail, or be its end."""
    what = rng.randrange(7)
    known = rng.choice(list(wanted)) if wanted else None
    try:
        if what == 0 or known is None:
            key = (rng.choice((ANN, BOB)), scene.name())
            wanted[key] = (rng.randrange(1, 1_000), rng.choice((SOMEWHERE, "another-place", CLOSED)))
            await scene.ask(wanted[key][0], key[0], to=wanted[key][1], name=key[1])
        elif what == 1:
            await scene.ask(wanted[known][0], known[0], to=wanted[known][1], name=known[1])
        elif what == 2:
            await scene.desk.agree(*known)
        elif what == 3 and rng.randrange(3) == 0:
            await scene.desk.cancel(*known)
        elif what == 4:
            await scene.desk.decide(*known, approve=rng.randrange(4) > 0, owner=OPERATOR, key_id="mk_operator")
        elif what == 5 and rng.randrange(4) == 0:
            status = rng.choice((AccountStatus.FROZEN, AccountStatus.ACTIVE, AccountStatus.ACTIVE))
            scene.journal.apply(ChangeAccount(known[0], AccountSetting.STATUS, status))
        else:
            await scene.desk.turn()
    except (WalletRefused, ChainDown):
        pass
    except Crash:
        scene.start()


async def settle(scene: Scene, wanted: dict[tuple[AccountId, bytes], tuple[int, str]]) -> None:
    """Everybody does what they are waited for."""
    await scene.desk.turn()
    for row in await everything(scene, wanted):
        if row.state is WithdrawalState.PENDING_CODE:
            row = await scene.desk.agree(row.account, row.request_id)
        if row.state is WithdrawalState.PENDING_ADMIN:
            await scene.operator(row, approve=True)
    assert {row.state for row in await everything(scene, wanted)} <= OVER


async def everything(scene: Scene, wanted: dict[tuple[AccountId, bytes], tuple[int, str]]) -> list[Withdrawal]:
    found = [await scene.store.find(*key) for key in wanted]
    return [row for row in found if row is not None]


def test_every_state_can_be_left_and_reached() -> None:
    reached, grown = {WithdrawalState.HOLDING}, True
    while grown:
        more = {after for (before, _), after in NEXT.items() if before in reached}
        grown = not more <= reached
        reached |= more
    assert reached == set(WithdrawalState) - {WithdrawalState.NONE}
    for state in reached - OVER:
        assert any(before is state for before, _ in NEXT)
