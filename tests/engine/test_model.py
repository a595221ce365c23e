"""The engine against the naive model: whatever is asked, both tell the same and are left with the same."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mexchange.codec import encode
from mexchange.codec.events import decode_records
from mexchange.core.state import EXTERNAL, FEES, orders_of
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import ClientOrderId, mint
from mexchange.domain.commands import (
    AmendOrder,
    CancelOrder,
    ChangeAccount,
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
from mexchange.domain.events import (
    Accepted,
    Amended,
    Done,
    Event,
    Filled,
    LevelChanged,
    Prevented,
    Rejected,
    Repeated,
    WithdrawalHeld,
)
from mexchange.domain.market import AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Ticks, TimeNs
from tests.engine.audit import audit
from tests.engine.engines import state_of
from tests.engine.naive import Naive, Person, Told

BASE, QUOTE, MARKET = AssetId(1), AssetId(2), MarketId(1)
NAMES = {"base": BASE, "quote": QUOTE}
UNIT, LOT, REFERENCE = 1_000, 100_000, 100
SECOND = 10**9
PEOPLE = [AccountId(number) for number in (16, 17, 18, 19)]

people = st.sampled_from(PEOPLE)
prices = st.integers(96, 104)
quantities = st.integers(1, 12)
kinds_of_orders = [
    (OrderType.LIMIT, TimeInForce.GTC, OrderFlag(0)),
    (OrderType.LIMIT, TimeInForce.GTD, OrderFlag(0)),
    (OrderType.LIMIT, TimeInForce.IOC, OrderFlag(0)),
    (OrderType.LIMIT, TimeInForce.FOK, OrderFlag(0)),
    (OrderType.LIMIT, TimeInForce.GTC, OrderFlag.POST_ONLY),
    (OrderType.LIMIT, TimeInForce.GTC, OrderFlag.POST_ONLY | OrderFlag.SLIDE),
    (OrderType.MARKET, TimeInForce.IOC, OrderFlag(0)),
    (OrderType.MARKET, TimeInForce.FOK, OrderFlag(0)),
    (OrderType.MARKET, TimeInForce.IOC, OrderFlag.QUOTE_AMOUNT),
    (OrderType.MARKET, TimeInForce.FOK, OrderFlag.QUOTE_AMOUNT),
    (OrderType.MARKET, TimeInForce.GTC, OrderFlag(0)),
    (OrderType.LIMIT, TimeInForce.IOC, OrderFlag.POST_ONLY),
]
sides = st.sampled_from(list(Side))
modes = st.sampled_from(list(SelfTradePrevention))
kinds = st.sampled_from(kinds_of_orders)
takers = st.sampled_from([kind for kind in kinds_of_orders if kind[1] in (TimeInForce.IOC, TimeInForce.FOK)])


class BothExchanges(RuleBasedStateMachine):
    """Every rule asks both and compares what they tell; the invariant compares what they are left with."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.naive = Naive(unit=UNIT, lot=LOT, reference=REFERENCE, band_ppm=30_000, notional_min=200_000)
        self.asked: list[Command] = []
        self.ids = 0
        self.pending: dict[int, tuple[int, str, int]] = {}
        self.expiring: list[Told] = []

    @initialize(maker_ppm=st.integers(-500, 1_000), taker_ppm=st.integers(500, 2_000))
    def open(self, maker_ppm: int, taker_ppm: int) -> None:
        market = CreateMarket(
            BASE,
            QUOTE,
            10_000_000,
            Atoms(LOT),
            Ticks(REFERENCE),
            notional_min=Atoms(200_000),
            band_ppm=Ppm(30_000),
            maker_ppm=Ppm(maker_ppm),
            taker_ppm=Ppm(taker_ppm),
        )
        self.naive.fees = {0: (maker_ppm, taker_ppm)}
        for command in (CreateAsset("KCN"), CreateAsset("EUR"), market):
            self.send(command)
        for account, owner, number in zip(PEOPLE, (1, 2, 3, 1), (0, 0, 0, 1), strict=True):
            self.send(OpenAccount(OwnerId(owner), number))
            self.naive.people[account] = Person(owner)
            self.deposit(account, "base", 200 * LOT)
            self.deposit(account, "quote", 200 * REFERENCE * UNIT)

    def new_id(self) -> ClientOrderId:
        self.ids += 1
        return mint(self.ids, self.ids)

    def send(self, command: Command, *, seconds: int = 1) -> list[Event]:
        """What one command itself did; what expired before it is compared at once, levels are left out."""
        self.asked.append(command)
        sequence, now = self.engine.sequence + 1, self.engine.time_ns + seconds * SECOND
        block = encode(command)
        promised = self.engine.preview(block, now)
        records = self.engine.apply_batch(block, sequence, now)
        assert records == promised
        events = decode_records(records)
        expired = [event for event in events if isinstance(event, Done) and event.reason is DoneReason.EXPIRED]
        assert [told for event in expired for told in tell([event])] == self.naive.expire(now)
        return [event for event in events if event not in expired and not isinstance(event, LevelChanged)]

    @rule(account=people, side=sides, price=prices, quantity=quantities)
    def place_limit(self, account: AccountId, side: Side, price: int, quantity: int) -> None:
        self.place(account, side, price, quantity, kinds_of_orders[0], SelfTradePrevention.DEFAULT, 0)

    @rule(account=people, price=st.integers(100, 104), quantity=quantities)
    def place_sell(self, account: AccountId, price: int, quantity: int) -> None:
        self.place(account, Side.SELL, price, quantity, kinds_of_orders[0], SelfTradePrevention.DEFAULT, 0)

    @rule(account=people, price=st.integers(96, 100), quantity=quantities)
    def place_buy(self, account: AccountId, price: int, quantity: int) -> None:
        self.place(account, Side.BUY, price, quantity, kinds_of_orders[0], SelfTradePrevention.DEFAULT, 0)

    @rule(
        account=people,
        side=sides,
        price=prices,
        quantity=quantities,
        kind=kinds,
        mode=modes,
        seconds=st.integers(1, 20),
    )
    def place_any(
        self, account: AccountId, side: Side, price: int, quantity: int, kind: Any, mode: Any, seconds: int
    ) -> None:
        self.place(account, side, price, quantity, kind, mode, seconds)

    @rule(account=people, side=sides, price=prices, quantity=st.integers(5, 30), kind=takers, mode=modes)
    def take(self, account: AccountId, side: Side, price: int, quantity: int, kind: Any, mode: Any) -> None:
        self.place(account, side, price, quantity, kind, mode, 0)

    @rule(
        account=people,
        side=sides,
        price=st.integers(-1, 1),
        quantity=st.integers(-1, 40),
        kind=kinds,
        mode=modes,
        seconds=st.integers(-1, 1),
    )
    def place_oddly(
        self, account: AccountId, side: Side, price: int, quantity: int, kind: Any, mode: Any, seconds: int
    ) -> None:
        self.place(account, side, price, quantity, kind, mode, seconds)

    def place(
        self, account: AccountId, side: Side, price: int, quantity: int, kind: Any, mode: Any, seconds: int
    ) -> None:
        order_type, life, flags = kind
        if flags & OrderFlag.QUOTE_AMOUNT:
            quantity = quantity * 97_000 + price
        if order_type is OrderType.MARKET and price % 2:
            price = 0
        expiry = self.engine.time_ns + seconds * SECOND if life is TimeInForce.GTD else 0
        order = PlaceOrder(
            account,
            self.new_id(),
            MARKET,
            side,
            Lots(quantity),
            Ticks(price),
            order_type,
            life,
            mode,
            flags,
            TimeNs(expiry),
        )
        events = self.send(order)
        assert tell(events) == self.naive.place(order)

    @rule(account=people, back=st.integers(0, 8))
    def cancel(self, account: AccountId, back: int) -> None:
        number = self.recent(back)
        events = self.send(CancelOrder(account, self.new_id(), number))
        assert tell(events) == self.naive.cancel(account, number)

    def recent(self, back: int) -> OrderId:
        """The number of an order that is open, if any is."""
        open_orders = self.naive.orders
        return OrderId(open_orders[-1 - back % len(open_orders)].number if open_orders else 7)

    @rule(
        back=st.integers(0, 8),
        price=st.one_of(st.just(0), prices, st.integers(-1, 1)),
        quantity=st.one_of(st.just(0), quantities, st.integers(-1, 40)),
        expected=st.sampled_from([-1, -1, -1, 0, 3]),
        is_foreign=st.sampled_from([False] * 9 + [True]),
    )
    def amend(self, back: int, price: int, quantity: int, expected: int, is_foreign: bool) -> None:
        number = self.recent(back)
        owners = [order.person for order in self.naive.orders if order.number == number]
        account = AccountId(owners[0]) if owners and not is_foreign else PEOPLE[1]
        command = AmendOrder(account, self.new_id(), number, Ticks(price), Lots(quantity), Lots(expected))
        events = self.send(command)
        assert tell(events) == self.naive.amend(command)

    @rule(account=people, side=st.sampled_from([0, 1, 2]))
    def cancel_all(self, account: AccountId, side: int) -> None:
        events = self.send(MassCancel(account, self.new_id(), MarketId(0), side))
        assert tell(events) == self.naive.cancel_all(account, side)

    @rule(seconds=st.integers(1, 15))
    def wait(self, seconds: int) -> None:
        self.send(CancelOrder(PEOPLE[0], self.new_id(), OrderId(10**9)), seconds=seconds)

    @rule(
        act=st.integers(0, 4),
        account=people,
        to=people,
        asset=st.sampled_from(["base", "quote"]),
        amount=st.integers(1, 15 * 10**6),
    )
    def move_money(self, act: int, account: AccountId, to: AccountId, asset: str, amount: int) -> None:
        match act:
            case 0:
                self.deposit(account, asset, amount)
            case 1:
                self.transfer(account, to, asset, amount)
            case 2:
                self.withdraw(account, asset, amount)
            case _:
                self.end_withdrawal(is_confirmed=act == 3)

    @rule(act=st.integers(0, 7), account=people, tier=st.integers(0, 2), mode=modes, data=st.data())
    def operate(self, act: int, account: AccountId, tier: int, mode: SelfTradePrevention, data: st.DataObject) -> None:
        match act:
            case 0:
                self.set_status(account, data.draw(st.sampled_from(list(AccountStatus)[:3])))
            case 1:
                self.set_status(account, AccountStatus.ACTIVE)
            case 2:
                self.set_account(account, tier, mode or SelfTradePrevention.NONE)
            case 3:
                notional_max = data.draw(st.sampled_from([0, 0, 700_000]))
                self.set_limits(account, data.draw(st.integers(0, 6)), notional_max)
            case 4:
                self.set_fees(tier, data.draw(st.integers(-500, 1_000)), data.draw(st.integers(0, 2_000)))
            case 5:
                self.set_market(data.draw(st.sampled_from(list(MarketStatus))))
            case _:
                self.set_market(MarketStatus.OPEN)

    def deposit(self, account: AccountId, asset: str, amount: int) -> None:
        self.send(Deposit(account, self.new_id(), NAMES[asset], Atoms(amount)))
        if self.naive.people[account].status is not AccountStatus.CLOSED:
            self.naive.people[account].total[asset] += amount

    def transfer(self, account: AccountId, to: AccountId, asset: str, amount: int) -> None:
        events = self.send(Transfer(account, self.new_id(), to, NAMES[asset], Atoms(amount)))
        if account == to or self.naive.available(account, asset) < amount or self.is_frozen(account):
            assert isinstance(events[0], Rejected)
            return
        self.naive.people[account].total[asset] -= amount
        self.naive.people[to].total[asset] += amount

    def is_frozen(self, account: AccountId) -> bool:
        return self.naive.people[account].status is AccountStatus.FROZEN

    def withdraw(self, account: AccountId, asset: str, amount: int) -> None:
        events = self.send(Withdraw(account, self.new_id(), NAMES[asset], Atoms(amount)))
        if self.naive.available(account, asset) < amount or self.is_frozen(account):
            assert isinstance(events[0], Rejected)
            return
        assert isinstance(events[0], WithdrawalHeld)
        self.naive.people[account].withdrawing.append((asset, amount))
        self.pending[events[0].withdrawal_id] = (account, asset, amount)

    def end_withdrawal(self, is_confirmed: bool) -> None:
        if not self.pending:
            return
        number = min(self.pending)
        account, asset, amount = self.pending[number]
        kind: Callable[..., Command] = ConfirmWithdrawal if is_confirmed else ReleaseWithdrawal
        events = self.send(kind(AccountId(account), self.new_id(), number))
        if is_confirmed and self.is_frozen(AccountId(account)):
            assert isinstance(events[0], Rejected)
            return
        del self.pending[number]
        self.naive.people[account].withdrawing.remove((asset, amount))
        if is_confirmed:
            self.naive.people[account].total[asset] -= amount

    def set_status(self, account: AccountId, status: AccountStatus) -> None:
        self.send(ChangeAccount(account, AccountSetting.STATUS, status))
        self.naive.people[account].status = status

    def set_account(self, account: AccountId, tier: int, mode: SelfTradePrevention) -> None:
        self.send(ChangeAccount(account, AccountSetting.FEE_TIER, tier))
        self.send(ChangeAccount(account, AccountSetting.SELF_TRADE_PREVENTION, mode))
        self.naive.people[account].tier = tier
        self.naive.people[account].mode = mode

    def set_limits(self, account: AccountId, open_max: int, notional_max: int) -> None:
        self.send(ChangeAccount(account, AccountSetting.OPEN_ORDERS_MAX, open_max or 10_000))
        self.send(ChangeAccount(account, AccountSetting.ORDER_NOTIONAL_MAX, notional_max))
        self.naive.people[account].open_max = open_max or 10_000
        self.naive.people[account].notional_max = notional_max

    def set_market(self, status: MarketStatus) -> None:
        events = self.send(SetMarketStatus(MARKET, status))
        self.naive.status = status
        if status is MarketStatus.CLOSED:
            orders = self.naive.queue(Side.BUY) + self.naive.queue(Side.SELL)
            assert tell(events) == [self.naive.done(order, DoneReason.MARKET_CLOSED) for order in orders]

    def set_fees(self, tier: int, maker_ppm: int, taker_ppm: int) -> None:
        (event,) = self.send(SetFees(MARKET, tier, Ppm(maker_ppm), Ppm(taker_ppm)))
        fees = {**self.naive.fees, tier: (maker_ppm, taker_ppm)}
        if min(maker for maker, _ in fees.values()) + min(taker for _, taker in fees.values()) < 0:
            assert isinstance(event, Rejected)
            return
        self.naive.fees = fees

    @rule(back=st.integers(0, 30))
    def repeat(self, back: int) -> None:
        command = self.asked[-1 - back % len(self.asked)]
        if not isinstance(command, PlaceOrder | AmendOrder | CancelOrder | Deposit | Withdraw | Transfer):
            return
        (event,) = self.send(command)
        assert isinstance(event, Repeated)

    @invariant()
    def are_left_with_the_same(self) -> None:
        state = state_of(self.engine)
        for account, person in self.naive.people.items():
            for name, asset in NAMES.items():
                balance = state.accounts[AccountId(account)].balances[asset]
                assert balance.available + balance.held == person.total[name]
                assert balance.held == self.naive.held(account, name)
        for name, asset in NAMES.items():
            assert state.system[FEES][asset].available == self.naive.house[name]
            total = sum(person.total[name] for person in self.naive.people.values()) + self.naive.house[name]
            assert state.system[EXTERNAL][asset].available == -total
        for book in state.books.values():
            for side in (book.bids, book.asks):
                mine = [(order.order_id, order.price, order.leaves, order.filled) for order in orders_of(side)]
                queue = self.naive.queue(side.side)
                assert mine == [(order.number, order.price, order.leaves, order.filled) for order in queue]
            assert state.markets[book.market_id].reference_price == self.naive.reference
        audit(self.engine)


def tell(events: list[Event]) -> list[Told]:
    """Events in the words of the naive model."""
    told: list[Told] = []
    resting: dict[int, Told] = {}
    makers = {event.trade_id: event for event in events if isinstance(event, Filled) and event.is_maker}
    for event in events:
        match event:
            case Rejected():
                told.append(("refused", event.reason))
            case Accepted():
                resting[event.order_id] = ("rests", event.order_id, event.price, event.quantity)
            case Amended():
                told.append(("amended", event.order_id, event.price, event.quantity))
                resting[event.order_id] = ("rests", event.order_id, event.price, event.leaves)
            case Filled(is_maker=False):
                maker = makers[event.trade_id]
                told.append(("trade", event.order_id, maker.order_id, event.price, event.quantity))
                assert (maker.price, maker.quantity) == (event.price, event.quantity)
                resting[event.order_id] = (*resting[event.order_id][:3], event.leaves)
            case Prevented(is_maker=False):
                told.append(("prevented", event.order_id, event.other_order_id, event.price, event.quantity))
                resting[event.order_id] = (*resting[event.order_id][:3], event.leaves)
            case Done():
                told.append(("done", event.order_id, event.reason, event.leaves, event.filled))
                resting.pop(event.order_id, None)
            case _:
                pass
    return told + list(resting.values())


def machine(kind: type[Engine]) -> type[BothExchanges]:
    """The machine with a new engine of this kind in each run."""

    class WithEngine(BothExchanges):
        def __init__(self) -> None:
            super().__init__(kind())

    return WithEngine


def test_engine_and_naive_model_tell_the_same(engine_kind: type[Engine]) -> None:
    run_state_machine_as_test(
        machine(engine_kind),
        settings=settings(max_examples=40, stateful_step_count=50, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.soak
def test_engine_and_naive_model_tell_the_same_for_long(engine_kind: type[Engine]) -> None:
    run_state_machine_as_test(
        machine(engine_kind),
        settings=settings(max_examples=1_500, stateful_step_count=120, suppress_health_check=list(HealthCheck)),
    )


def drive(engine: Engine, rng: random.Random, steps: int) -> BothExchanges:
    """Both exchanges after so many steps that mostly trade: denser than what is drawn for shrinking."""
    both = BothExchanges(engine)
    both.open(rng.randint(-500, 500), rng.randint(500, 2_000))
    for number in range(steps):
        account, side, price, lots = (
            rng.choice(PEOPLE),
            rng.choice(list(Side)),
            rng.randint(96, 104),
            rng.randint(1, 12),
        )
        mode = rng.choice(list(SelfTradePrevention))
        dice = rng.random()
        if dice < 0.4:
            both.place_limit(account, side, price, lots)
        elif dice < 0.65:
            both.place(account, side, price, lots * 2, rng.choice(kinds_of_orders), mode, rng.randint(1, 60))
        elif dice < 0.75:
            both.amend(rng.randrange(9), rng.choice((0, price)), rng.choice((0, lots)), rng.choice((-1, -1, 0)), False)
        elif dice < 0.8:
            both.cancel(account, rng.randrange(9))
        elif dice < 0.9:
            asset, to = rng.choice(list(NAMES)), rng.choice(PEOPLE)
            both.move_money(rng.randrange(5), account, to, asset, rng.randint(1, 10**6))
        elif dice < 0.92:
            both.set_account(account, rng.randrange(3), mode or SelfTradePrevention.NONE)
            both.set_fees(rng.randrange(3), rng.randint(-500, 500), rng.randint(500, 2_000))
        elif dice < 0.94:
            both.set_status(account, rng.choice(list(AccountStatus)[:3]))
        elif dice < 0.96:
            for each in PEOPLE:
                both.set_status(each, AccountStatus.ACTIVE)
            both.set_market(MarketStatus.OPEN)
        elif dice < 0.97:
            both.set_market(rng.choice(list(MarketStatus)))
        elif dice < 0.98:
            both.cancel_all(account, rng.randrange(3))
        else:
            both.repeat(rng.randrange(30))
        if number % 10 == 0:
            both.are_left_with_the_same()
    both.are_left_with_the_same()
    return both


def test_both_tell_the_same_while_they_trade_much(engine: Engine, seed: int) -> None:
    both = drive(engine, random.Random(seed), 3_000)
    assert state_of(both.engine).books[MARKET].trade_id > 300


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_both_tell_the_same_while_they_trade_much_for_long(engine: Engine, seed: int, part: int) -> None:
    both = drive(engine, random.Random(seed + part), 20_000)
    assert state_of(both.engine).books[MARKET].trade_id > 2_000
