"""When the faucet gives: read from its own deposits, so that nothing has to be remembered beside the journal."""

import asyncio

from mexchange.daemon.background import Background
from mexchange.daemon.wallet.answers import Answers
from mexchange.daemon.wallet.faucet import PERIOD_NS, Faucet, Gift
from mexchange.domain.commands import CreateAsset, OpenAccount
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId
from tests.fakes.own_journal import ManualClock, NoOutbox, OwnJournal

KCN, GIFT = AssetId(1), Atoms(100)
ANN, BOB = 70_000, 70_001
HOUR_NS = 3_600 * 10**9
NOON_NS = 1_795_435_200 * 10**9
"""2026-11-23T12:00:00Z."""


def opened() -> OwnJournal:
    journal = OwnJournal(ManualClock(NOON_NS))
    journal.apply(
        CreateAsset("KCN"), OpenAccount(OwnerId(ANN)), OpenAccount(OwnerId(BOB)), OpenAccount(OwnerId(ANN), 1)
    )
    return journal


def faucet_of(journal: OwnJournal, *, saved: bytes | None = None) -> Faucet:
    background = Background(on_failure=lambda error: None, on_done=lambda: None)
    faucet = Faucet(
        gift=Gift(KCN, GIFT),
        accounts=journal.accounts,
        commands=journal.commands,
        answers=Answers(background=background, outbox=NoOutbox()),
        clock=journal.clock,
    )
    if saved is not None:
        faucet.load(saved)
    else:
        journal.feed(faucet)
    return faucet


def coins(journal: OwnJournal, account: int) -> int:
    return journal.engine.state.accounts[AccountId(account)].balances[KCN].available


async def test_it_gives_again_24_hours_after_the_last_time_and_not_at_midnight() -> None:
    journal = opened()
    faucet = faucet_of(journal)
    journal.clock.now_ns = NOON_NS + 11 * HOUR_NS + HOUR_NS // 2
    first = await faucet.ask(ANN, claim=True)
    assert coins(journal, 16) == GIFT
    for later_ns in (HOUR_NS, 23 * HOUR_NS, first.next_ns - 1 - journal.clock.now_ns):
        journal.clock.now_ns = first.claimed_ns + later_ns
        assert await faucet.ask(ANN, claim=True) == first
    assert coins(journal, 16) == GIFT
    journal.clock.now_ns = first.next_ns
    again = await faucet.ask(ANN, claim=True)
    assert coins(journal, 16) == 2 * GIFT
    assert again.next_ns >= first.next_ns + PERIOD_NS


async def test_claims_at_the_same_moment_are_one_claim_and_each_owner_has_a_day_of_its_own() -> None:
    journal = opened()
    faucet = faucet_of(journal)
    answers = await asyncio.gather(*(faucet.ask(owner, claim=True) for owner in (ANN, BOB, ANN, ANN)))
    assert (coins(journal, 16), coins(journal, 17), coins(journal, 18)) == (GIFT, GIFT, 0)
    assert len(set(answers)) == 2


async def test_what_it_knows_comes_back_from_the_journal_and_from_a_snapshot() -> None:
    journal = opened()
    first = await faucet_of(journal).ask(ANN, claim=True)
    saved = faucet_of(journal).save()
    journal.crash()
    assert await faucet_of(journal).ask(ANN, claim=True) == first
    assert await faucet_of(journal, saved=saved).ask(ANN, claim=True) == first
    assert coins(journal, 16) == GIFT


async def test_without_that_knowledge_the_engine_still_knows_the_claim_of_the_day() -> None:
    journal = opened()
    await faucet_of(journal).ask(ANN, claim=True)
    journal.clock.now_ns += HOUR_NS
    forgetful = faucet_of(journal, saved=faucet_of(opened()).save())
    answer = await forgetful.ask(ANN, claim=True)
    assert coins(journal, 16) == GIFT
    assert answer.claimed_ns == journal.clock.now_ns
