"""Every reason that the engine gives is met, changes nothing, is remembered, and comes in the order of precedence."""

from collections.abc import Callable
from typing import Final

import pytest

from mexchange.codec.blocks import pack
from mexchange.codec.events import decode_records
from mexchange.codec.message_type import MessageType
from mexchange.codec.raw import NEW_ORDERS
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint, parse
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
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.events import EventKind, Rejected, Repeated
from mexchange.domain.market import (
    ASSETS_MAX,
    FEE_PPM_MAX,
    MARKETS_MAX,
    OPEN_ORDERS_PER_MARKET,
    AccountSetting,
    MarketStatus,
)
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import (
    NOTIONAL_MAX,
    PRICE_MAX,
    SUPPLY_MAX,
    AccountId,
    AssetId,
    Atoms,
    Lots,
    MarketId,
    OrderId,
    OwnerId,
    Ppm,
    Ticks,
    TimeNs,
)
from tests.engine.engines import state_of
from tests.engine.table import EUR, KCN, LOT, MARKET, TICK, Table, check

R = RejectReason
ID: Final = parse("the-one")
Case = Callable[[Table], Command]


def order(table: Table, **changes: object) -> PlaceOrder:
    """A good order of ann's, but for the changes."""
    fields: dict[str, object] = {
        "account": table.account("ann"),
        "client_order_id": ID,
        "market": MARKET,
        "side": Side.BUY,
        "quantity": Lots(5),
        "price": Ticks(100),
    }
    return PlaceOrder(**{**fields, **changes})  # type: ignore[arg-type]


def market(**changes: object) -> CreateMarket:
    """A good market, but for the changes; base and quote are the other way round than in the table's."""
    fields: dict[str, object] = {
        "base": EUR,
        "quote": KCN,
        "tick_size": TICK,
        "lot_size": LOT,
        "reference_price": Ticks(100),
        "client_order_id": ID,
    }
    return CreateMarket(**{**fields, **changes})  # type: ignore[arg-type]


def set_up(table: Table, rows: str) -> Table:
    """The table after these rows, whose outcome does not matter here."""
    for row in rows.strip().splitlines():
        table.run(row.strip())
    return table


def stale(table: Table) -> Command:
    """A UUID below one that was forgotten."""
    ann = table.account("ann")
    ids = [mint(1_000 + number, number) for number in range(65_537)]
    table.apply_many([CancelOrder(ann, each, OrderId(1)) for each in ids])
    return CancelOrder(ann, mint(999, 0), OrderId(1))


def too_many_orders(table: Table) -> Command:
    ann = table.account("ann")
    price = Ticks(1)
    orders = [PlaceOrder(ann, table.new_id(), MARKET, Side.BUY, Lots(1), price) for _ in range(OPEN_ORDERS_PER_MARKET)]
    table.apply_many(list(orders))
    return order(table, price=price)


def too_many_assets(table: Table) -> Command:
    table.apply_many([CreateAsset(f"A{number}") for number in range(ASSETS_MAX - 2)])
    return CreateAsset("LAST", client_order_id=ID)


def too_many_markets(table: Table) -> Command:
    assets = [AssetId(number) for number in range(1, 131)]
    table.apply_many([CreateAsset(f"A{number}") for number in range(128)])
    pairs = [(base, quote) for base in assets for quote in assets if base != quote and (base, quote) != (KCN, EUR)]
    table.apply_many([CreateMarket(*pair, TICK, LOT, Ticks(1)) for pair in pairs[: MARKETS_MAX - 1]])
    return CreateMarket(*pairs[MARKETS_MAX - 1], TICK, LOT, Ticks(1), client_order_id=ID)


def too_many_withdrawals(table: Table) -> Command:
    ann = table.account("ann")
    table.apply_many([Withdraw(ann, table.new_id(), EUR, Atoms(1)) for _ in range(100)])
    return Withdraw(ann, ID, EUR, Atoms(1))


CASES: Final[dict[RejectReason, list[tuple[Case, int]]]] = {
    R.CLIENT_ID_INVALID: [
        (lambda t: order(t, client_order_id=NO_ID), 0),
        (lambda t: order(t, client_order_id=ClientOrderId(b"no blanks".ljust(16, b"\0"))), 0),
        (lambda t: order(t, client_order_id=ClientOrderId(b"a\0b".ljust(16, b"\0"))), 0),
        (lambda t: order(t, client_order_id=ClientOrderId(b"\xff" * 16)), 0),
        (lambda t: order(t, account=AccountId(999), client_order_id=ClientOrderId(b" " * 16)), 0),
        (lambda t: OpenAccount(OwnerId(5), client_order_id=ClientOrderId(b"*" * 16)), 0),
    ],
    R.CLIENT_ID_REUSED: [(lambda t: order(set_up(t, "ann buy 6 @ 100 id=the-one")), 7)],
    R.STALE_CLIENT_ID: [(stale, 0)],
    R.ACCOUNT_NOT_FOUND: [
        (lambda t: order(t, account=AccountId(999)), 0),
        (lambda t: order(t, account=AccountId(0)), 0),
        (lambda t: order(t, account=AccountId(1)), 0),
        (lambda t: CancelOrder(AccountId(2), ID, OrderId(1)), 0),
        (lambda t: AmendOrder(AccountId(2), ID, OrderId(1)), 0),
        (lambda t: Deposit(AccountId(2), ID, EUR, Atoms(1)), 0),
        (lambda t: MassCancel(AccountId(2), ID), 0),
        (lambda t: ChangeAccount(AccountId(2), AccountSetting.FEE_TIER, 1), 0),
    ],
    R.ACCOUNT_CLOSED: [(lambda t: order(set_up(t, "ann is closed")), 0)],
    R.ACCOUNT_FROZEN: [(lambda t: order(set_up(t, "ann is frozen")), 0)],
    R.OWNER_INVALID: [
        (lambda t: OpenAccount(OwnerId(0), client_order_id=ID), 0),
        (lambda t: OpenAccount(OwnerId(7), 256, client_order_id=ID), 0),
    ],
    R.SETTING_INVALID: [
        (lambda t: ChangeAccount(t.account("ann"), AccountSetting.STATUS, 5, ID), 0),
        (lambda t: ChangeAccount(t.account("ann"), AccountSetting.FEE_TIER, -1, ID), 0),
        (lambda t: ChangeAccount(t.account("ann"), AccountSetting.SELF_TRADE_PREVENTION, 0, ID), 0),
        (lambda t: ChangeAccount(t.account("ann"), AccountSetting.OPEN_ORDERS_MAX, 10_001, ID), 0),
        (lambda t: ChangeAccount(t.account("ann"), AccountSetting.ORDER_NOTIONAL_MAX, NOTIONAL_MAX + 1, ID), 0),
        (lambda t: ChangeAccount(t.account("ann"), 99, 1, ID), 0),  # type: ignore[arg-type]
    ],
    R.ASSET_NOT_FOUND: [
        (lambda t: Deposit(t.account("ann"), ID, AssetId(9), Atoms(1)), 0),
        (lambda t: ChangeAsset(AssetId(9), 2, client_order_id=ID), 0),
        (lambda t: market(base=AssetId(9)), 0),
    ],
    R.ASSET_INVALID: [
        (lambda t: CreateAsset("eur", client_order_id=ID), 0),
        (lambda t: CreateAsset("", client_order_id=ID), 0),
        (lambda t: CreateAsset("ABCDEFGHIJK", client_order_id=ID), 0),
        (lambda t: CreateAsset("ABC\n", client_order_id=ID), 0),
        (lambda t: CreateAsset("ABC", 10, client_order_id=ID), 0),
        (lambda t: CreateAsset("ABC", 8, 9, client_order_id=ID), 0),
        (lambda t: CreateAsset("ABC", supply_max=Atoms(SUPPLY_MAX + 1), client_order_id=ID), 0),
        (lambda t: CreateAsset("ABC", supply_max=Atoms(0), client_order_id=ID), 0),
        (lambda t: ChangeAsset(EUR, 9, client_order_id=ID), 0),
        (lambda t: ChangeAsset(EUR, supply_max=Atoms(-1), client_order_id=ID), 0),
        (lambda t: ChangeAsset(EUR, supply_max=Atoms(99 if t.account("ann") else 0), client_order_id=ID), 0),
    ],
    R.SYMBOL_TAKEN: [
        (lambda t: CreateAsset("EUR", client_order_id=ID), 2),
        (lambda t: market(base=KCN, quote=EUR), 1),
    ],
    R.TOO_MANY_ASSETS: [(too_many_assets, 0)],
    R.AMOUNT_INVALID: [(lambda t: Deposit(t.account("ann"), ID, EUR, Atoms(0)), 0)],
    R.SUPPLY_EXCEEDED: [(lambda t: Deposit(t.account("ann"), ID, EUR, SUPPLY_MAX), SUPPLY_MAX - 10**15)],
    R.TRANSFER_INVALID: [
        (lambda t: Transfer(t.account("ann"), ID, t.account("ann"), EUR, Atoms(1)), 0),
        (lambda t: Transfer(t.account("ann"), ID, AccountId(2), EUR, Atoms(1)), 0),
        (lambda t: Transfer(t.account("ann"), ID, AccountId(999), EUR, Atoms(1)), 0),
    ],
    R.WITHDRAWAL_NOT_FOUND: [(lambda t: ConfirmWithdrawal(t.account("ann"), ID, 7), 0)],
    R.TOO_MANY_WITHDRAWALS: [(too_many_withdrawals, 100)],
    R.MARKET_NOT_FOUND: [
        (lambda t: order(t, market=MarketId(2)), 0),
        (lambda t: MassCancel(t.account("ann"), ID, MarketId(2)), 0),
        (lambda t: SetMarketStatus(MarketId(2), MarketStatus.OPEN, ID), 0),
        (lambda t: SetFees(MarketId(2), 0, Ppm(1), Ppm(1), ID), 0),
        (lambda t: ChangeMarket(MarketId(2), client_order_id=ID), 0),
    ],
    R.MARKET_INVALID: [
        (lambda t: market(base=EUR, quote=EUR), 0),
        (lambda t: market(tick_size=0), 0),
        (lambda t: market(tick_size=-1), 0),
        (lambda t: market(lot_size=Atoms(0)), 0),
        (lambda t: market(lot_size=Atoms(2**62 + 1)), 0),
        (lambda t: market(tick_size=2**62, lot_size=Atoms(10**17)), 0),
        (lambda t: market(reference_price=Ticks(0)), 0),
        (lambda t: market(reference_price=Ticks(PRICE_MAX + 1)), 0),
        (lambda t: market(quantity_min=Lots(0)), 0),
        (lambda t: market(quantity_min=Lots(5), quantity_max=Lots(4)), 0),
        (lambda t: market(notional_min=Atoms(-1)), 0),
        (lambda t: market(band_ppm=Ppm(0)), 0),
        (lambda t: market(band_ppm=Ppm(1_000_001)), 0),
        (lambda t: market(status=9), 0),
        (lambda t: SetMarketStatus(MARKET, 0, ID), 0),  # type: ignore[arg-type]
        (lambda t: ChangeMarket(MARKET, quantity_min=Lots(0), client_order_id=ID), 0),
        (lambda t: ChangeMarket(MARKET, band_ppm=Ppm(-2), client_order_id=ID), 0),
    ],
    R.MARKET_INEXACT: [
        (lambda t: market(tick_size=1, lot_size=Atoms(1_000)), 10**9),
        (lambda t: market(lot_size=Atoms(100)), 1_000),
        (lambda t: market(tick_size=3, lot_size=Atoms(10**9 + 1)), 2 * 10**9),
    ],
    R.TOO_MANY_MARKETS: [(too_many_markets, 0)],
    R.FEES_INVALID: [
        (lambda t: market(maker_ppm=Ppm(-2), taker_ppm=Ppm(1)), 0),
        (lambda t: market(maker_ppm=Ppm(FEE_PPM_MAX + 1)), 0),
        (lambda t: SetFees(MARKET, 16, Ppm(1), Ppm(1), ID), 0),
    ],
    R.MARKET_CLOSED: [(lambda t: order(set_up(t, "market closed")), 0)],
    R.MARKET_HALTED: [(lambda t: order(set_up(t, "market halted")), 0)],
    R.MARKET_CANCEL_ONLY: [(lambda t: order(set_up(t, "market cancel-only")), 0)],
    R.ACCOUNT_REDUCE_ONLY: [(lambda t: order(set_up(t, "ann is reduce-only")), 0)],
    R.ORDER_NOT_FOUND: [
        (lambda t: CancelOrder(t.account("ann"), ID, OrderId(77)), 0),
        (lambda t: CancelOrder(t.account("ann"), ID), 0),
        (lambda t: CancelOrder(t.account("ann"), ID, target=parse("never")), 0),
        (lambda t: AmendOrder(t.account("ann"), ID, OrderId(0), Ticks(1)), 0),
    ],
    R.FILLED_MEANWHILE: [
        (lambda t: AmendOrder(set_up(t, "ann buy 5 @ 9").account("ann"), ID, OrderId(1), Ticks(8), Lots(0), Lots(2)), 0)
    ],
    R.AMEND_INVALID: [(lambda t: AmendOrder(set_up(t, "ann buy 5 @ 9").account("ann"), ID, OrderId(1)), 0)],
    R.SIDE_INVALID: [
        (lambda t: order(t, side=0), 0),
        (lambda t: order(t, side=3), 0),
        (lambda t: MassCancel(t.account("ann"), ID, side=3), 0),
    ],
    R.ORDER_TYPE_INVALID: [
        (lambda t: order(t, order_type=OrderType.MARKET), 0),
        (lambda t: order(t, order_type=OrderType.MARKET, time_in_force=TimeInForce.GTD), 0),
        (lambda t: order(t, order_type=3), 0),
        (lambda t: order(t, time_in_force=5), 0),
        (lambda t: order(t, time_in_force=0), 0),
        (lambda t: order(t, self_trade_prevention=6), 0),
        (lambda t: order(t, flags=16), 0),
        (lambda t: order(t, flags=OrderFlag.SLIDE), 0),
        (lambda t: order(t, flags=OrderFlag.QUOTE_AMOUNT), 0),
        (lambda t: order(t, flags=OrderFlag.POST_ONLY, time_in_force=TimeInForce.IOC), 0),
        (lambda t: order(t, flags=OrderFlag.POST_ONLY, order_type=2, time_in_force=TimeInForce.IOC), 0),
        (lambda t: order(t, flags=OrderFlag.QUOTE_AMOUNT, order_type=2, time_in_force=2, side=Side.SELL), 0),
    ],
    R.EXPIRY_INVALID: [
        (lambda t: order(t, expiry_ns=TimeNs(10**18)), 0),
        (lambda t: order(t, time_in_force=TimeInForce.GTD), 0),
        (lambda t: order(t, time_in_force=TimeInForce.GTD, expiry_ns=TimeNs(-5)), 0),
    ],
    R.PRICE_INVALID: [
        (lambda t: order(t, price=Ticks(0)), 0),
        (lambda t: order(t, price=Ticks(-1)), 0),
        (lambda t: order(t, price=Ticks(PRICE_MAX + 1)), 0),
        (lambda t: order(t, price=Ticks(-1), order_type=2, time_in_force=2), 0),
    ],
    R.QUANTITY_INVALID: [
        (lambda t: order(t, quantity=Lots(0)), 0),
        (lambda t: order(t, quantity=Lots(-5)), 0),
        (lambda t: order(t, quantity=Lots(0), flags=4, order_type=2, time_in_force=2), 0),
    ],
    R.QUANTITY_BELOW_MIN: [(lambda t: order(limited(t, quantity_min=Lots(6))), 6)],
    R.QUANTITY_ABOVE_MAX: [
        (lambda t: order(limited(t, quantity_max=Lots(4))), 4),
        (lambda t: order(t, quantity=Lots(2**48 + 1)), 2**48),
    ],
    R.NOTIONAL_BELOW_MIN: [
        (lambda t: order(limited(t, notional_min=Atoms(500_001))), 500_001),
        (lambda t: order(limited(t, notional_min=Atoms(500_001)), price=0, order_type=2, time_in_force=2), 500_001),
        (lambda t: order(limited(t, notional_min=Atoms(6)), flags=4, order_type=2, time_in_force=2), 6),
    ],
    R.NOTIONAL_ABOVE_MAX: [(lambda t: order(t, quantity=Lots(2**48), price=Ticks(2**48)), NOTIONAL_MAX)],
    R.TOO_MANY_ORDERS: [(too_many_orders, 1_000)],
    R.POST_ONLY_WOULD_TAKE: [(lambda t: order(set_up(t, "bob sell 1 @ 99"), flags=OrderFlag.POST_ONLY), 99)],
    R.INSUFFICIENT_FUNDS: [(lambda t: order(set_up(t, "ann has 499999 EUR")), 499_999)],
}
NOT_REMEMBERED: Final = {R.CLIENT_ID_INVALID, R.CLIENT_ID_REUSED, R.STALE_CLIENT_ID, R.ACCOUNT_NOT_FOUND}


def limited(table: Table, **limits: int) -> Table:
    """The table with other limits of its market."""
    table.apply(ChangeMarket(MARKET, **limits))  # type: ignore[arg-type]
    return table


def test_each_reason_of_the_engine_has_a_case() -> None:
    assert set(CASES) == {reason for reason, reject in REJECTS.items() if reject.given_by == "engine"}


@pytest.mark.parametrize(
    ("reason", "number"), [(reason, number) for reason, cases in CASES.items() for number in range(len(cases))]
)
def test_is_refused_changes_nothing_and_is_remembered(table: Table, reason: RejectReason, number: int) -> None:
    make, detail = CASES[reason][number]
    table.is_audited = False
    command = make(table)
    before = without_memory(table.engine)
    (rejected,) = table.apply_many([command])
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.detail) == (reason, detail)
    assert without_memory(table.engine) == before

    (again,) = table.apply_many([command])
    if reason in NOT_REMEMBERED or command.client_order_id == NO_ID:  # type: ignore[union-attr]
        assert isinstance(again, Rejected)
        assert again.reason is reason
    else:
        assert isinstance(again, Repeated)
        assert (again.kind, again.reason) == (EventKind.REJECTED, reason)
        assert again.first_sequence == rejected.sequence


def without_memory(engine: Engine) -> list[object]:
    """What no reject may change."""
    state = state_of(engine)
    return [
        {number: dict(one.balances) for number, one in state.accounts.items()},
        {number: (one.status, one.fee_tier, one.orders, one.withdrawals) for number, one in state.accounts.items()},
        dict(state.assets),
        {number: (one.status, one.quantity_min, list(one.fees)) for number, one in state.markets.items()},
        {number: list(book.orders) for number, book in state.books.items()},
        state.order_counter,
        state.withdrawal_counter,
    ]


def test_the_first_failing_check_in_order_of_precedence_is_the_answer(table: Table) -> None:
    """An order with everything wrong is put right one thing at a time; the reasons come in order."""
    table = set_up(table, "ann has 1 EUR")
    limited(table, quantity_min=Lots(3), quantity_max=Lots(1_000), notional_min=Atoms(400_000))
    ann, bob = table.account("ann"), table.account("bob")
    steps: list[tuple[RejectReason, Callable[[], object]]] = []
    fields: dict[str, object] = {
        "account": ann,
        "client_order_id": NO_ID,
        "market": MarketId(9),
        "side": 3,
        "order_type": 3,
        "time_in_force": TimeInForce.GTC,
        "expiry_ns": TimeNs(-1),
        "price": Ticks(0),
        "quantity": Lots(0),
        "flags": OrderFlag.POST_ONLY,
    }

    def put(**changes: object) -> Callable[[], None]:
        return lambda: fields.update(changes)

    def run(row: str) -> Callable[[], object]:
        return lambda: table.run(row)

    table.apply(PlaceOrder(bob, table.new_id(), MARKET, Side.SELL, Lots(10), Ticks(100)))
    table.apply(PlaceOrder(ann, parse("used"), MARKET, Side.BUY, Lots(10), Ticks(100)))
    for row in ("ann set open orders max 0", "market halted", "ann is frozen"):
        table.run(row)
    steps = [
        (R.CLIENT_ID_INVALID, put(client_order_id=parse("used"))),
        (R.CLIENT_ID_REUSED, put(client_order_id=parse("fresh"), account=AccountId(99))),
        (R.ACCOUNT_NOT_FOUND, put(account=ann)),
        (R.ACCOUNT_FROZEN, run("ann is reduce-only")),
        (R.MARKET_NOT_FOUND, put(market=MARKET)),
        (R.MARKET_HALTED, run("market cancel-only")),
        (R.MARKET_CANCEL_ONLY, run("market open")),
        (R.SIDE_INVALID, put(side=Side.BUY)),
        (R.ACCOUNT_REDUCE_ONLY, run("ann is active")),
        (R.ORDER_TYPE_INVALID, put(order_type=OrderType.LIMIT)),
        (R.EXPIRY_INVALID, put(expiry_ns=TimeNs(0))),
        (R.PRICE_INVALID, put(price=Ticks(100))),
        (R.QUANTITY_INVALID, put(quantity=Lots(2))),
        (R.QUANTITY_BELOW_MIN, put(quantity=Lots(1_001))),
        (R.QUANTITY_ABOVE_MAX, put(quantity=Lots(3))),
        (R.NOTIONAL_BELOW_MIN, put(quantity=Lots(5))),
        (R.TOO_MANY_ORDERS, run("ann set open orders max 9")),
        (R.POST_ONLY_WOULD_TAKE, put(price=Ticks(99))),
        (R.INSUFFICIENT_FUNDS, run("ann deposit 999999999 EUR")),
    ]
    met = []
    for number, (_, put_right) in enumerate(steps):
        if fields["client_order_id"] == parse("fresh") or number > 2:
            fields["client_order_id"] = parse(f"fresh{number}")
        (event,) = table.apply(PlaceOrder(**fields))  # type: ignore[arg-type]
        assert isinstance(event, Rejected)
        met.append(event.reason)
        put_right()
    assert met == [reason for reason, _ in steps]
    fields["client_order_id"] = parse("at-last")
    assert len(table.apply(PlaceOrder(**fields))) == 2  # type: ignore[arg-type]


def test_limits_of_a_market_name_the_smallest_and_the_largest(table: Table) -> None:
    table = limited(table, quantity_min=Lots(2), quantity_max=Lots(9))
    check(
        table,
        """
        ann buy 1 @ 100        -> refused QUANTITY_BELOW_MIN (2)
        ann buy 10 @ 100       -> refused QUANTITY_ABOVE_MAX (9)
        ann buy 5 @ 100 as x   -> 5 rests
        ann amend x to 10      -> refused QUANTITY_ABOVE_MAX (9)
        ann amend x to 1       -> refused QUANTITY_BELOW_MIN (2)
        """,
    )


def test_limits_hold_for_new_orders_and_resting_ones_stay(table: Table) -> None:
    check(table, "ann buy 1 @ 100 as x -> 1 rests")
    limited(table, quantity_min=Lots(2), notional_min=Atoms(10**9))
    check(
        table,
        """
        bob buy 5 @ 100        -> refused NOTIONAL_BELOW_MIN (1000000000)
        ann amend x to 2       -> refused NOTIONAL_BELOW_MIN (1000000000)
        ann cancel x           -> 1 cancelled
        """,
    )


def test_ten_thousand_open_orders_over_all_markets_are_the_end(table: Table) -> None:
    assets = [AssetId(number) for number in range(3, 13)]
    commands: list[Command] = [CreateAsset(f"A{number}") for number in assets]
    commands += [CreateMarket(asset, EUR, TICK, LOT, Ticks(1)) for asset in assets]
    table.apply_many(commands)
    ann = table.account("ann")
    for number in range(2, 12):
        orders = [PlaceOrder(ann, table.new_id(), MarketId(number), Side.BUY, Lots(1), Ticks(1)) for _ in range(1_000)]
        table.apply_many(list(orders))
    (event,) = table.apply_many([order(table)])
    assert isinstance(event, Rejected)
    assert (event.reason, event.detail) == (R.TOO_MANY_ORDERS, 10_000)
    assert len(table.apply_many([MassCancel(ann, table.new_id())])) == 10_000 + 1 + 10


def test_an_engine_answers_any_integers_in_an_order_with_a_record(engine: Engine) -> None:
    """Rows as ingress passes them on: sides, types and flags that no enum has."""
    row = NEW_ORDERS.row.pack(b"x" * 16, 2**63 - 1, -(2**63), 2**63 - 1, 2**32 - 1, 255, 255, 255, 255)
    payload = NEW_ORDERS.write((2**64 - 1, 2**64 - 1, -(2**63)), row)
    (event,) = decode_records(engine.apply_batch(pack(MessageType.NEW_ORDERS, payload), 1, 1))
    assert isinstance(event, Rejected)
    assert event.reason is R.ACCOUNT_NOT_FOUND
