"""Nonsense at every entrance of a real daemon: refused or dropped, and the state is what it was."""

import random
import socket
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec
import pytest

from mexchange.codec import MessageType, Unencodable, decode, encode
from mexchange.codec.blocks import pack
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    BookQuery,
    GapRequest,
    MarketsQuery,
    OrderQuery,
    OrdersQuery,
    Preview,
    PreviewAnswer,
    StatusAnswer,
    StatusQuery,
    Subscribe,
    TickerQuery,
    TradesQuery,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId, parse
from mexchange.domain.commands import (
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeAsset,
    ChangeMarket,
    Command,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    PlaceOrder,
    SetFees,
    SetMarketStatus,
    Transfer,
)
from mexchange.domain.events import Accepted, Rejected, Repeated
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Ppm, Ticks
from mexchange.store.disk import RealDisk
from mexchange.store.snapshots import Snapshots
from tests.integration.daemon.market import Market, Visitor
from tests.integration.durability.replica import Replica

MINE: Final = AccountId(0)
KCN_EUR: Final = MarketId(1)
BOBS: Final = parse("bobs")
HUGE: Final = 2**63 - 1
LOW: Final = -(2**63)
SIZES: Final = (-1, 0, HUGE, LOW, 2**62 + 1)
NOWHERE: Final = (0, 99, 2**32 - 1)
MUTATIONS: Final = 400
GARBAGE: Final = 300


class Scene(NamedTuple):
    """Ann, who tries; Bob, who has an order in the book; and who looks after the exchange."""

    market: Market
    ann: Visitor
    bob: Visitor
    operator: Visitor
    bobs_order: OrderId


@pytest.fixture
def scene(market: Market) -> Scene:
    market.start()
    ann, bob, operator = market.visit(), market.visit(), market.visit_as_operator()
    bob.tell(encode(order(BOBS)))
    accepted = bob.wait_event(lambda event: isinstance(event, Accepted))
    assert isinstance(accepted, Accepted)
    return Scene(market, ann, bob, operator, accepted.order_id)


def order(name: ClientOrderId) -> PlaceOrder:
    """A good one, far from the market."""
    return PlaceOrder(MINE, name, KCN_EUR, Side.BUY, Lots(2_000), Ticks(90_000))


def footprint(scene: Scene) -> tuple[int, bytes, int]:
    """Sequence, state hash, bytes of the journal: what must not change."""
    (answer,) = scene.operator.ask(
        Preview(encode(CancelOrder(AccountId(scene.bob.account), parse("look"), OrderId(1))))
    )
    assert isinstance(answer, PreviewAnswer)
    return int(answer.sequence), answer.state_hash, answer.journal_bytes


def belongings(visitor: Visitor) -> tuple[object, object]:
    """Balances and open orders."""
    (page,) = visitor.ask(AccountQuery())
    assert isinstance(page, AccountPage)
    return page.balances, page.orders


def counters(visitor: Visitor) -> dict[str, int]:
    """Of the daemon."""
    found: dict[str, int] = {}
    while "end" not in found:
        found |= _status(visitor)
    return found


def _status(visitor: Visitor) -> dict[str, int]:
    correlation = visitor.tell(encode(StatusQuery()))
    begin = len(visitor.inbox)
    visitor.wait(lambda: any(echoed == correlation for _, echoed, _ in visitor.inbox[begin:]))
    for _ in range(5):
        visitor.turn()
    visitor.session.settle(correlation)
    return {
        counter.name: counter.value
        for message_type, echoed, payload in visitor.inbox[begin:]
        if echoed == correlation and isinstance(answer := decode(message_type, payload), StatusAnswer)
        for counter in answer.counters
    }


def bad_trades(bobs_order: OrderId, rich: AccountId) -> Iterator[tuple[Command, str, int | bytes]]:
    """A good command, a field, and a value that makes it bad."""
    good = order(NO_ID)
    yield from ((good, "market", value) for value in NOWHERE)
    yield from ((good, "quantity", value) for value in SIZES)
    yield from ((good, "price", value) for value in SIZES)
    yield from ((good, "side", value) for value in (0, 3, 255))
    yield from ((good, name, 15) for name in ("order_type", "time_in_force", "self_trade_prevention"))
    yield from ((good, "flags", value) for value in (0x80, 0xFF))
    yield from ((good, "expiry_ns", value) for value in (-1, 1, HUGE))
    strange = (bobs_order, 2**48 + 1, 2**64 - 1, HUGE)
    yield from ((CancelOrder(MINE, NO_ID, OrderId(1)), "order_id", value) for value in (0, *strange))
    yield CancelOrder(MINE, NO_ID), "target", bytes(BOBS)
    amend = AmendOrder(MINE, NO_ID, bobs_order, Ticks(80_000))
    yield from ((amend, "order_id", value) for value in (0, *strange))
    yield from ((amend, "price", value) for value in (-1, LOW, HUGE))
    yield from ((amend, "quantity", value) for value in (-1, LOW, HUGE))
    yield from ((MassCancel(MINE, NO_ID), name, value) for name, value in (("market", 99), ("side", 7), ("side", -1)))
    money = Transfer(MINE, NO_ID, rich, AssetId(1), Atoms(1))
    yield from ((money, "asset", value) for value in NOWHERE)
    yield from ((money, "amount", value) for value in (*SIZES, 2**61))
    yield from (
        (Transfer(MINE, NO_ID, rich, AssetId(1), Atoms(1)), "to_account", v) for v in (0, 1, 2, 4, 15, 99, HUGE)
    )


def bad_orders_of_operators(bob: AccountId) -> Iterator[tuple[Command, str, int | str]]:
    """The same for those who may do more."""
    accounts = (0, 1, 2, 15, 999_999, HUGE)
    deposit = Deposit(bob, NO_ID, AssetId(1), Atoms(1))
    yield from ((deposit, "account", value) for value in accounts)
    yield from ((deposit, "asset", value) for value in NOWHERE)
    yield from ((deposit, "amount", value) for value in SIZES)
    setting = ChangeAccount(bob, AccountSetting.STATUS, 1)
    yield from ((setting, "account", value) for value in accounts)
    yield from ((setting, "value", value) for value in (-1, 9, HUGE, LOW))
    yield from ((setting, "setting", value) for value in (0, 99))
    yield from ((CreateAsset("NEW"), "symbol", text) for text in ("", "new", "A B", "EUR", "ABCDEFGHIJK"))
    yield from ((CreateAsset("NEW"), "scale", value) for value in (-1, 10, 255))
    yield from ((CreateAsset("NEW"), "supply_max", value) for value in (0, -1, HUGE))
    yield from ((ChangeAsset(AssetId(1)), name, value) for name, value in (("asset", 99), ("display_decimals", 99)))
    market = CreateMarket(AssetId(2), AssetId(4), 10**7, Atoms(10**5), Ticks(100))
    yield from ((market, name, value) for name in ("base", "quote") for value in NOWHERE)
    yield market, "base", 4
    for name in ("tick_size", "lot_size", "reference_price", "quantity_min", "quantity_max"):
        yield from ((market, name, value) for value in (-1, 0, HUGE, LOW))
    yield from ((market, "band_ppm", value) for value in (-1, 2**31 - 1))
    change = ChangeMarket(KCN_EUR, notional_min=Atoms(1))
    yield from ((change, "market", value) for value in NOWHERE)
    yield from ((change, name, value) for name in ("quantity_min", "quantity_max") for value in (0, -2, HUGE))
    yield from ((SetMarketStatus(KCN_EUR, MarketStatus.HALTED), "market", value) for value in NOWHERE)
    yield from ((SetMarketStatus(KCN_EUR, MarketStatus.HALTED), "status", value) for value in (0, 9, 255))
    fees = SetFees(KCN_EUR, 1, Ppm(0), Ppm(0))
    yield from ((fees, name, value) for name, value in (("market", 99), ("maker_ppm", -500), ("taker_ppm", 2**31 - 1)))


def try_all(visitor: Visitor, bad: Iterator[tuple[Command, str, int | str | bytes]], stem: str) -> int:
    """Send each with the bad value; how many could be sent. AssertionError if one of them is not refused."""
    sent, taken = 0, []
    for number, (good, name, value) in enumerate(bad):
        changes = {name: value, "client_order_id": parse(f"{stem}{number}")}
        try:
            block = encode(msgspec.structs.replace(good, **changes))
        except Unencodable:
            continue
        named = (changes["client_order_id"], NO_ID)
        visitor.events.clear()
        visitor.tell(block)
        answer = visitor.wait_event(lambda event, named=named: getattr(event, "client_order_id", b"") in named)  # type: ignore[misc]
        sent += 1
        # An answer that got lost is asked for again, and comes as a repetition.
        was_refused = isinstance(answer, Rejected) or (isinstance(answer, Repeated) and answer.reason is not None)
        if not was_refused:
            taken.append((type(good).__name__, name, value, answer))
    assert not taken, taken
    return sent


def check_that_it_is_sound(scene: Scene) -> None:
    """A clean stop, and a replay that comes to the state of the daemon's own snapshot, money conserved."""
    assert scene.market.stop() == 0, scene.market.log()
    replica = Replica(scene.market.data)
    replica.catch_up()
    replica.check_state({})
    newest, _ = Snapshots(RealDisk(scene.market.data)).newest_valid()
    assert newest is not None
    assert newest.state_hash == replica.engine.state_hash()


def test_no_field_of_any_command_takes_nonsense_or_what_is_not_yours(scene: Scene) -> None:
    before = [belongings(scene.ann), belongings(scene.bob)]
    trades = try_all(scene.ann, bad_trades(scene.bobs_order, AccountId(scene.bob.account)), "x")
    orders = try_all(scene.operator, bad_orders_of_operators(AccountId(scene.bob.account)), "y")
    print(f"{trades} bad commands of a trader, {orders} of an operator")
    assert trades > 50
    assert orders > 70
    assert [belongings(scene.ann), belongings(scene.bob)] == before
    check_that_it_is_sound(scene)


def blocks_of_all_kinds(scene: Scene) -> list[bytes]:
    """Good ones; but no transfer to Bob, which may turn into another good one."""
    bad = [*bad_trades(scene.bobs_order, AccountId(scene.bob.account))]
    commands = list({type(good): encode(good) for good, _, _ in bad if not isinstance(good, Transfer)}.values())
    queries = (
        AccountQuery(), OrderQuery(order_id=OrderId(1)), OrdersQuery(), GapRequest(MINE, 1, 5), BookQuery(KCN_EUR, 5),
        TradesQuery(KCN_EUR, 5), TickerQuery(KCN_EUR), MarketsQuery(), Subscribe(1, KCN_EUR, 10),
        Preview(encode(order(parse("p")))),
    )  # fmt: skip
    return commands + [encode(query) for query in queries]


def mutated(rng: random.Random, block: bytes) -> bytes:
    """A whole block with another content: bits, words or its end are wrong; or its number is."""
    payload = bytearray(block[8:])
    message_type = int.from_bytes(block[2:4], "little")
    match rng.randrange(5):
        case 0:
            payload[rng.randrange(len(payload))] ^= 1 << rng.randrange(8)
        case 1:
            at = rng.randrange(0, len(payload), 4)
            payload[at : at + 4] = rng.choice((bytes(4), b"\xff" * 4, b"\xff\xff\xff\x7f", rng.randbytes(4)))
        case 2:
            del payload[rng.randrange(len(payload)) :]
        case 3:
            payload += rng.randbytes(rng.randrange(200))
        case _:
            message_type = rng.choice([*map(int, MessageType), rng.randrange(2**16)])
            message_type = message_type if message_type not in SESSION_TYPES else 99
    return pack(message_type, bytes(payload), rng.randrange(1, 2**31))


SESSION_TYPES: Final = frozenset({MessageType.LOGIN, MessageType.LOGOUT})
"""They end the session, rightly; a mutation of the login is the protocol's own test."""


def test_mutated_blocks_do_no_harm(scene: Scene, seed: int) -> None:
    rng = random.Random(seed)
    good = blocks_of_all_kinds(scene)
    before = belongings(scene.bob)
    for _ in range(MUTATIONS):
        scene.ann.session.send_block(mutated(rng, rng.choice(good)))
        scene.ann.turn(0)
    assert counters(scene.operator)["sequence"] > 0
    assert belongings(scene.bob) == before
    check_that_it_is_sound(scene)


def lying_bodies(rng: random.Random) -> Iterator[bytes]:
    """What stands in a sealed datagram and is not whole blocks."""
    block = encode(order(parse("lie")))
    for length in (1, 7, len(block), len(block) + 8, 0xFFF8, 0xFFFF):
        yield length.to_bytes(2, "little") + block[2:]
    yield from (block[:size] for size in (1, 7, 9, 15, len(block) - 8, len(block) - 1))
    yield block + block[:12]
    yield from (rng.randbytes(rng.randrange(1, 1_168)) for _ in range(40))


def test_blocks_with_lying_lengths_cost_the_liar_his_session(scene: Scene, seed: int) -> None:
    before = footprint(scene)
    was = counters(scene.operator)["drop.malformed"]
    liar = scene.ann
    channel = liar.session._channel
    assert channel is not None
    bodies = list(lying_bodies(random.Random(seed)))
    for body in bodies:
        liar.send_raw(channel.seal(body, time.monotonic_ns()))
    scene.operator.wait(lambda: counters(scene.operator)["drop.malformed"] > was)
    assert footprint(scene) == before
    check_that_it_is_sound(scene)


def test_replayed_changed_and_foreign_datagrams_and_garbage_are_dropped(scene: Scene, seed: int) -> None:
    rng, ann = random.Random(seed), scene.ann
    ann.session.request(encode(order(parse("once"))), time.monotonic_ns())
    datagram = ann.session.datagrams(time.monotonic_ns())[-1]
    ann.send_raw(datagram)
    ann.wait_event(lambda event: isinstance(event, Accepted))
    before, was = footprint(scene), counters(scene.operator)
    for _ in range(10):
        ann.send_raw(datagram)
    channel = ann.session._channel
    assert channel is not None
    fresh = channel.seal(encode(order(parse("never"))), time.monotonic_ns())
    for at in range(len(fresh)):
        changed = bytearray(fresh)
        changed[at] ^= 1 << rng.randrange(8)
        ann.send_raw(bytes(changed))
    run = scene.market.run()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(datagram, (run.host, run.port))
        for number in range(GARBAGE):
            garbage = rng.randbytes(rng.randrange(1_500))
            if number % 2:
                garbage = bytes([rng.randrange(8)]) + datagram[1:8] + garbage
            stranger.sendto(garbage, (run.host, run.port))
    sent = 10 + len(fresh) + 1 + GARBAGE
    drops: dict[str, int] = {}

    def all_dropped() -> bool:
        now = counters(scene.operator)
        drops.update({name: now[name] - was.get(name, 0) for name in now if name.startswith("drop.")})
        return sum(drops.values()) >= sent * 9 // 10

    scene.operator.wait(all_dropped)
    print({name: count for name, count in drops.items() if count})
    assert drops["drop.replayed"] >= 10
    assert drops["drop.forged"] >= len(fresh) // 2
    assert drops["drop.foreign_address"] >= 1
    assert footprint(scene) == before
    check_that_it_is_sound(scene)
