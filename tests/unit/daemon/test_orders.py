"""What became of an order is known while it is open and for a bounded while after."""

import random
from dataclasses import replace

import pytest

from mexchange.codec.messages import (
    OrderAnswer,
    OrderQuery,
    OrdersPage,
    OrdersQuery,
    OrderState,
    OrderSummary,
    TickerQuery,
)
from mexchange.core.engine import Engine
from mexchange.daemon import orders as orders_module
from mexchange.daemon.order_rows import OrderRows, PythonOrderRows
from mexchange.daemon.recent_orders import FINISHED_MAX, REJECTED_MAX
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import AmendOrder, Command, PlaceOrder
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks
from tests.fakes.market_stage import ANN, BOB, CAT, MARKET, Stage, cancel, limit, name

ROWS: dict[str, type[OrderRows]] = {"python": PythonOrderRows, "built": orders_module.ROWS}
ATOMS = 1_000
"""Quote atoms of one lot at a price of one tick."""


@pytest.fixture(autouse=True, params=ROWS)
def rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of keeping them."""
    monkeypatch.setattr(orders_module, "ROWS", ROWS[request.param])


def named(stage: Stage, order: PlaceOrder) -> OrderSummary:
    """The answer to a question by client order id."""
    (answer,) = stage.ask("cli", OrderQuery(order.account, client_order_id=order.client_order_id))
    assert isinstance(answer, OrderAnswer)
    assert answer.known
    (summary,) = answer.orders
    assert summary.client_order_id == order.client_order_id
    return summary


def listed(stage: Stage, account: AccountId, *, open_only: bool = False) -> list[OrderSummary]:
    """All pages of the account's orders."""
    rows: list[OrderSummary] = []
    before = OrderId(0)
    while True:
        (page,) = stage.ask("cli", OrdersQuery(account, before, 50, open_only))
        assert isinstance(page, OrdersPage)
        rows += page.orders
        before = page.next_before
        if not before:
            return rows


def test_an_order_lives_from_open_over_partly_filled_to_filled() -> None:
    stage, sell = Stage(), limit(ANN, Side.SELL, 10, 1000)
    stage.apply(sell)
    placed = named(stage, sell)
    assert (placed.state, placed.leaves, placed.filled, placed.notional) == (OrderState.OPEN, 10, 0, 0)
    assert (placed.side, placed.type_tif) == (Side.SELL, OrderType.LIMIT | TimeInForce.GTC << 4)
    stage.apply(limit(BOB, Side.BUY, 4, 1003))
    partly = named(stage, sell)
    assert (partly.state, partly.leaves, partly.filled, partly.notional) == (
        OrderState.PARTIALLY_FILLED,
        6,
        4,
        4000 * ATOMS,
    )
    assert partly.last_sequence > partly.placed_sequence == placed.placed_sequence
    assert partly.last_ns > partly.placed_ns == placed.placed_ns
    stage.apply(limit(CAT, Side.BUY, 9, 1000))
    filled = named(stage, sell)
    assert (filled.state, filled.leaves, filled.filled, filled.notional) == (OrderState.FILLED, 0, 10, 10_000 * ATOMS)
    assert filled.done_reason == DoneReason.FILLED


def test_a_cancelled_an_expired_and_an_immediate_order_say_how_they_ended() -> None:
    stage = Stage()
    kept = limit(ANN, Side.SELL, 10, 1000)
    dated = limit(ANN, Side.SELL, 10, 1001, time_in_force=TimeInForce.GTD, expiry_ns=stage.time_ns + 10**9)
    at_once = limit(BOB, Side.BUY, 15, 1000, time_in_force=TimeInForce.IOC)
    stage.apply(kept, dated, at_once)
    stage.tick(2 * 10**9)
    stage.apply(limit(BOB, Side.BUY, 1, 900))
    assert (named(stage, dated).state, named(stage, dated).leaves) == (OrderState.EXPIRED, 10)
    ioc = named(stage, at_once)
    assert (ioc.state, ioc.filled, ioc.leaves) == (OrderState.CANCELLED, 10, 5)
    assert ioc.done_reason == DoneReason.IMMEDIATE_REMAINDER
    again = limit(ANN, Side.SELL, 3, 1000)
    stage.apply(again)
    stage.apply(cancel(ANN, named(stage, again).order_id))
    assert (named(stage, again).state, named(stage, again).done_reason) == (
        OrderState.CANCELLED,
        DoneReason.CANCELLED_BY_USER,
    )


def test_an_amended_order_shows_its_new_values() -> None:
    stage, order = Stage(), limit(ANN, Side.SELL, 10, 1000)
    stage.apply(order)
    amend = AmendOrder(ANN, name(), named(stage, order).order_id, Ticks(1005), Lots(8))
    stage.apply(amend)
    amended = named(stage, order)
    assert (amended.price, amended.quantity, amended.leaves, amended.state) == (1005, 8, 8, OrderState.OPEN)


def test_a_refused_order_is_known_by_its_client_order_id_and_not_listed() -> None:
    stage = Stage()
    bad = replace_price(limit(ANN, Side.BUY, 5, 1000), 0)
    stage.apply(bad)
    refused = named(stage, bad)
    assert (refused.state, refused.reject_reason, refused.order_id) == (
        OrderState.REJECTED,
        RejectReason.PRICE_INVALID,
        0,
    )
    assert listed(stage, ANN) == []


def test_an_id_that_is_used_again_for_something_else_still_names_the_first_order() -> None:
    stage, first = Stage(), limit(ANN, Side.BUY, 1, 900, time_in_force=TimeInForce.IOC)
    stage.apply(first)
    stage.apply(PlaceOrder(ANN, first.client_order_id, MARKET, Side.BUY, Lots(2), Ticks(900)))
    for _ in range(FINISHED_MAX // 10 + 1):
        stage.apply(*(limit(ANN, Side.BUY, 1, 900, time_in_force=TimeInForce.IOC) for _ in range(10)))
    answered = named(stage, first)
    assert (answered.state, answered.order_id) == (OrderState.FORGOTTEN, 1), "not: rejected"


def test_orders_are_listed_newest_first_page_by_page_and_only_those_of_the_account() -> None:
    stage = Stage()
    mine = [limit(ANN, Side.BUY, 1, 900 + each) for each in range(25)]
    for order in mine:
        stage.apply(order, limit(BOB, Side.BUY, 1, 800))
    stage.apply(*(cancel(ANN, named(stage, order).order_id) for order in mine[::5]))
    assert [row.client_order_id for row in listed(stage, ANN)] == [order.client_order_id for order in reversed(mine)]
    still_open = [order.client_order_id for index, order in enumerate(mine) if index % 5]
    assert [row.client_order_id for row in listed(stage, ANN, open_only=True)] == still_open[::-1]
    assert listed(stage, AccountId(99)) == []


def test_what_is_listed_as_open_is_what_the_engine_has_open(seed: int) -> None:
    rng, stage = random.Random(seed), Stage()
    for _ in range(400):
        stage.apply(some_command(stage, rng))
    for account in (ANN, BOB, CAT):
        for row in listed(stage, account, open_only=True):
            order = stage.engine.state.books[MARKET].orders[row.order_id]
            assert (row.price, row.quantity, row.leaves, row.filled) == (
                order.price,
                order.quantity,
                order.leaves,
                order.filled,
            )
        assert len(listed(stage, account, open_only=True)) == len(stage.engine.state.accounts[account].orders)


def test_finished_orders_are_bounded_and_the_engine_still_says_that_they_were(seed: int) -> None:
    stage = Stage()
    kept = limit(ANN, Side.BUY, 1, 500)
    first = limit(ANN, Side.BUY, 1, 900, time_in_force=TimeInForce.IOC)
    stage.apply(kept, first)
    for _ in range(FINISHED_MAX // 10):
        stage.apply(*(limit(ANN, Side.BUY, 1, 900, time_in_force=TimeInForce.IOC) for _ in range(10)))
    rows = listed(stage, ANN)
    assert len(rows) == FINISHED_MAX + 1
    assert rows[-1].client_order_id == kept.client_order_id, "an open order is never forgotten"
    assert named(stage, first).state == OrderState.FORGOTTEN
    assert named(stage, first).order_id == 2


def test_refusals_are_bounded() -> None:
    stage = Stage()
    bad = [replace_price(limit(ANN, Side.BUY, 5, 1000), 0) for _ in range(REJECTED_MAX + 5)]
    stage.apply(*bad)
    assert named(stage, bad[-1]).reject_reason == RejectReason.PRICE_INVALID
    assert named(stage, bad[0]).reject_reason == RejectReason.PRICE_INVALID, "the engine remembers it"
    (rejected,) = [account.rejected for account in stage.orders._rows.saved()]
    assert len(rejected) == REJECTED_MAX


def test_accounts_that_are_quiet_for_longest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders_module, "FINISHED_ALL_MAX", 20)
    stage = Stage()
    for account in (ANN, BOB, CAT, BOB):
        stage.apply(*(limit(account, Side.BUY, 1, 900, time_in_force=TimeInForce.IOC) for _ in range(8)))
    assert [len(listed(stage, account)) for account in (ANN, BOB, CAT)] == [0, 16, 0]


def test_after_a_restart_the_orders_are_as_before(seed: int) -> None:
    rng, stage = random.Random(seed), Stage()
    data = b""
    for turn in range(300):
        if turn == 150:
            data = stage.orders.save()
            stage.frames.clear()
        stage.apply(some_command(stage, rng))
    again = Stage(Engine.restore(stage.engine.snapshot()))
    again.orders.load(data)
    for frame in stage.frames:
        again.orders.on_commit(replace(frame, replayed=True))
    again.orders.ready()
    for account in (ANN, BOB, CAT):
        assert listed(again, account) == listed(stage, account)
    assert again.orders.save() == stage.orders.save()


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x83\xa7version\x63\xa8sequence\x00\xa8accounts\x90"])
def test_a_saved_part_that_cannot_be_read_is_ignored(data: bytes) -> None:
    stage, order = Stage(), limit(ANN, Side.BUY, 4, 900)
    stage.apply(order)
    again = Stage(Engine.restore(stage.engine.snapshot()))
    again.orders.load(data)
    assert named(again, order).state == OrderState.OPEN, "the engine knows open orders"
    again.apply(cancel(ANN, 1))
    assert listed(again, ANN) == []


def replace_price(order: PlaceOrder, price: int) -> PlaceOrder:
    """The same order at another price."""
    return PlaceOrder(order.account, order.client_order_id, order.market, order.side, order.quantity, Ticks(price))


def some_command(stage: Stage, rng: random.Random) -> Command:
    """Anything that may happen to an order."""
    open_orders = list(stage.engine.state.books[MARKET].orders.values())
    order = rng.choice(open_orders) if open_orders else None
    chance = rng.random()
    if order is not None and chance < 0.15:
        return cancel(order.account_id, order.order_id)
    if order is not None and chance < 0.3:
        total = max(order.quantity + rng.randrange(-3, 4), 1)
        account = AccountId(order.account_id)
        return AmendOrder(account, name(), OrderId(order.order_id), Ticks(rng.choice((0, 1000))), Lots(total))
    account, side = rng.choice((ANN, BOB, CAT)), rng.choice(list(Side))
    if chance < 0.4:
        client_order_id: ClientOrderId = name()
        flags = OrderFlag.POST_ONLY | OrderFlag.SLIDE
        price = Ticks(rng.randrange(990, 1010))
        return PlaceOrder(account, client_order_id, MARKET, side, Lots(3), price, flags=flags)
    time_in_force = rng.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK))
    return limit(account, side, rng.randrange(1, 9), rng.randrange(990, 1010), time_in_force=time_in_force)


def test_a_long_replay_keeps_open_orders_however_old_and_the_last_finished_ones() -> None:
    past = Stage()
    sell, gone = limit(ANN, Side.SELL, 10, 1000), limit(BOB, Side.SELL, 5, 1001)
    past.apply(sell, gone)
    past.apply(cancel(BOB, named(past, gone).order_id))
    past.apply(limit(BOB, Side.BUY, 4, 1000))
    stage = Stage(past.engine)
    for frame in past.frames:
        is_last = frame is past.frames[-1]
        stage.commit(replace(frame, replayed=True, behind=0 if is_last else 2 * orders_module.FINISHED_ALL_MAX + 1))
    for view in stage.views:
        view.ready()
    assert [row.leaves for row in listed(stage, ANN)] == [6]
    bought, _ = listed(stage, BOB)
    assert (bought.side, bought.state) == (Side.BUY, OrderState.FILLED)
    assert (named(stage, sell).state, named(stage, sell).leaves) == (OrderState.PARTIALLY_FILLED, 6)
    (ticker,) = stage.ask("cli", TickerQuery(MARKET))
    assert (ticker.last, ticker.trades_24h) == (1000, 1)
