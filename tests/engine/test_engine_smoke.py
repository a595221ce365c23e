"""An engine lives through its first commands: batches, previews, snapshots and questions agree with one another."""

from mexchange.codec import encode
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, OpenAccount, PlaceOrder
from mexchange.domain.events import AccountOpened, Filled
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OwnerId, Ticks


def test_two_orders_trade_and_a_preview_of_the_second_changes_nothing(engine: Engine) -> None:
    setup: list[Command] = [
        CreateAsset("KCN"),
        CreateAsset("EUR"),
        CreateMarket(AssetId(1), AssetId(2), 10_000_000, Atoms(100_000), Ticks(1000)),
        OpenAccount(OwnerId(77)),
        OpenAccount(OwnerId(78)),
    ]
    for sequence, command in enumerate(setup, 1):
        events = engine.apply(command, sequence, sequence)
        assert len(events) == 1
    assert isinstance(events[0], AccountOpened)
    ann, bob = AccountId(16), AccountId(17)
    first = encode(Deposit(ann, parse("a"), AssetId(1), Atoms(10**10)))
    first += encode(Deposit(bob, parse("a"), AssetId(2), Atoms(10**12)))
    first += encode(PlaceOrder(ann, parse("b"), MarketId(1), Side.SELL, Lots(100), Ticks(1000)))
    engine.apply_batch(first, 6, 6)

    buy = PlaceOrder(bob, parse("b"), MarketId(1), Side.BUY, Lots(40), Ticks(1005))
    before = engine.state_hash()
    promised = engine.preview(encode(buy), 9)
    assert engine.state_hash() == before
    twin = type(engine).restore(engine.snapshot())
    assert twin.apply_batch(encode(buy), 9, 9) == promised
    fills = [event for event in engine.apply(buy, 9, 9) if isinstance(event, Filled)]
    assert [(fill.price, fill.quantity, fill.is_maker) for fill in fills] == [(1000, 40, False), (1000, 40, True)]
    assert engine.state_hash() == twin.state_hash()
