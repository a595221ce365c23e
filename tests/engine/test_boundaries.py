"""Whatever integers a command carries, the answer is events or a reject, and the books still balance."""

import random

import pytest

from mexchange.codec.events import decode_records
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import ClientOrderId, parse
from mexchange.domain.commands import (
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeAsset,
    ChangeMarket,
    Command,
    ConfirmWithdrawal,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    ReleaseWithdrawal,
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.events import Rejected
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Ticks
from tests.engine.audit import audit
from tests.engine.bending import bent
from tests.engine.commands_at_random import commands_at_random, setup
from tests.engine.table import EUR, KCN, LOT, MARKET, TICK, Table


def commands(table: Table) -> list[Command]:
    """One good command of each kind, after which each field is bent in turn."""
    ann, bob = table.account("ann"), table.account("bob")
    table.run("ann buy 5 @ 100 as x")
    table.run("ann withdraw 5 EUR as w")
    order, withdrawal = table.labels["x"], table.withdrawals["w"]
    some = parse("some")
    return [
        PlaceOrder(ann, some, MARKET, Side.BUY, Lots(5), Ticks(100)),
        CancelOrder(ann, some, order),
        AmendOrder(ann, some, order, Ticks(101), Lots(6)),
        MassCancel(ann, some, MARKET, 1),
        OpenAccount(OwnerId(9), 1, some),
        ChangeAccount(ann, AccountSetting.FEE_TIER, 1, some),
        ChangeAccount(bob, AccountSetting.STATUS, 1, some),
        ChangeAccount(bob, AccountSetting.ORDER_NOTIONAL_MAX, 1, some),
        Deposit(ann, some, EUR, Atoms(5)),
        Withdraw(ann, some, EUR, Atoms(5)),
        ConfirmWithdrawal(ann, some, withdrawal),
        ReleaseWithdrawal(ann, some, withdrawal),
        Transfer(ann, some, bob, EUR, Atoms(5)),
        CreateAsset("NEW", client_order_id=some),
        ChangeAsset(EUR, 2, client_order_id=some),
        CreateMarket(EUR, KCN, TICK, LOT, Ticks(100), client_order_id=some),
        ChangeMarket(MARKET, Lots(1), client_order_id=some),
        SetMarketStatus(MARKET, MarketStatus.HALTED, some),
        SetFees(MARKET, 1, Ppm(5), Ppm(5), some),
    ]


@pytest.mark.parametrize("number", range(19))
def test_every_field_of_every_command_may_stand_at_every_edge(table: Table, number: int) -> None:
    command = commands(table)[number]
    snapshot = table.engine.snapshot()
    blocks = bent(command)
    assert len(blocks) > 20
    refused = 0
    for block in blocks:
        engine = type(table.engine).restore(snapshot)
        events = decode_records(engine.apply_batch(block, engine.sequence + 1, engine.time_ns + 1))
        assert events
        refused += isinstance(events[0], Rejected)
        audit(engine)
    assert refused > 10


def test_nonsense_of_all_kinds_in_one_long_run(engine_kind: type[Engine], seed: int) -> None:
    rng = random.Random(seed)
    engine = engine_kind()
    for number, command in enumerate(setup() + commands_at_random(rng, 200), 1):
        engine.apply(command, number, number)
    table = Table(engine_kind())
    blocks = [block for command in commands(table) for block in bent(command)]
    rng.shuffle(blocks)
    for number, block in enumerate(blocks):
        decode_records(engine.apply_batch(block, engine.sequence + 1, engine.time_ns + rng.choice((0, 1, 10**9))))
        if number % 50 == 0:
            audit(engine)
    audit(engine)


def test_the_largest_order_that_is_allowed_trades_and_settles(table: Table) -> None:
    table.apply(CreateMarket(EUR, KCN, 1_000_000_000, Atoms(1_000), Ticks(2**48), quantity_max=Lots(2**48)))
    market = MarketId(2)
    ann, bob = AccountId(16), AccountId(17)
    for number, (asset, amount) in enumerate(((EUR, 2**62), (KCN, 2**62))):
        table.apply(OpenAccount(OwnerId(number + 1)))
        table.apply(Deposit(AccountId(16 + number), table.new_id(), AssetId(asset), Atoms(amount)))
    price, lots = Ticks(2**48), Lots(2**62 // 2**48 // 1_000)
    sold = table.apply(PlaceOrder(ann, table.new_id(), market, Side.SELL, lots, price))
    bought = table.apply(PlaceOrder(bob, table.new_id(), market, Side.BUY, lots, price))
    assert len(sold) == 2
    assert len(bought) == 6
    too_much = table.apply(PlaceOrder(bob, table.new_id(), market, Side.BUY, Lots(lots + 1), price))
    assert isinstance(too_much[0], Rejected)


def test_an_id_of_any_bytes_is_valid_or_refused(table: Table) -> None:
    rng = random.Random(5)
    ann = table.account("ann")
    for _ in range(300):
        raw = bytes(rng.choice((0, 0x1F, 0x20, 0x2D, 0x41, 0x7A, 0xFF, rng.randrange(256))) for _ in range(16))
        events = table.apply_many([CancelOrder(ann, ClientOrderId(raw), OrderId(5))])
        assert isinstance(events[0], Rejected)
    audit(table.engine)
