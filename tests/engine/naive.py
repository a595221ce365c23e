"""The rules of trading said once more, as plainly as possible: what the engine is compared with.

Knows `domain` and nothing else. Orders are a plain list that is sorted for each match; what is held is never stored but
summed up anew; of all reasons for a reject that apply, the first in the order of RejectReason is the answer.
"""

from dataclasses import dataclass, field

from mexchange.domain.commands import AmendOrder, PlaceOrder
from mexchange.domain.market import AccountStatus, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import NOTIONAL_MAX, PPM_ONE, PRICE_MAX, div_ceil, div_floor

Told = tuple[object, ...]
"""One thing that happened: ("trade", taker, maker, price, lots), ("prevented", taker, maker, lots),
("done", order, reason, leaves, filled), ("rests", order, price, leaves) or ("refused", reason)."""


@dataclass
class Person:
    """An account."""

    owner: int
    total: dict[str, int] = field(default_factory=lambda: {"base": 0, "quote": 0})
    withdrawing: list[tuple[str, int]] = field(default_factory=list)
    status: AccountStatus = AccountStatus.ACTIVE
    mode: SelfTradePrevention = SelfTradePrevention.CANCEL_TAKER
    tier: int = 0
    open_max: int = 10_000
    notional_max: int = 0


@dataclass
class Resting:
    """An order in the list."""

    number: int
    person: int
    asked: PlaceOrder
    mode: SelfTradePrevention
    price: int
    quantity: int
    leaves: int
    filled: int
    arrival: int

    @property
    def side(self) -> Side:
        return self.asked.side

    @property
    def is_by_quote(self) -> bool:
        return bool(self.asked.flags & OrderFlag.QUOTE_AMOUNT)


class Naive:
    """One market and its people."""

    def __init__(self, *, unit: int, lot: int, reference: int, band_ppm: int, notional_min: int) -> None:
        self.unit = unit
        self.lot = lot
        self.reference = reference
        self.band_ppm = band_ppm
        self.notional_min = notional_min
        self.status = MarketStatus.OPEN
        self.fees: dict[int, tuple[int, int]] = {0: (0, 0)}
        self.people: dict[int, Person] = {}
        self.orders: list[Resting] = []
        self.house = {"base": 0, "quote": 0}
        self.numbers = 0
        self.arrivals = 0
        self.now = 0

    def held(self, person: int, asset: str) -> int:
        """What this person's orders and withdrawals need."""
        orders = [self.needs(each) for each in self.orders if each.person == person and self.asset(each) == asset]
        return sum(orders) + sum(amount for of, amount in self.people[person].withdrawing if of == asset)

    def available(self, person: int, asset: str) -> int:
        """The rest."""
        return self.people[person].total[asset] - self.held(person, asset)

    @staticmethod
    def asset(order: Resting) -> str:
        """What an order pays with."""
        return "quote" if order.side is Side.BUY else "base"

    def needs(self, order: Resting) -> int:
        """Atoms of it."""
        if order.is_by_quote:
            return order.leaves
        return order.price * order.leaves * self.unit if order.side is Side.BUY else order.leaves * self.lot

    def queue(self, side: Side) -> list[Resting]:
        """Resting orders of one side as they will trade."""
        sign = -1 if side is Side.BUY else 1
        mine = [order for order in self.orders if order.side is side]
        return sorted(mine, key=lambda order: (order.price * sign, order.arrival))

    def place(self, asked: PlaceOrder) -> list[Told]:
        """A new order."""
        person = self.people[asked.account]
        price = asked.price
        if asked.order_type is OrderType.MARKET and price == 0:
            price = self.protection(asked.side)  # type: ignore[assignment]
        mode = asked.self_trade_prevention or person.mode
        order = Resting(0, asked.account, asked, mode, price, asked.quantity, asked.quantity, 0, 0)
        reasons = self.reasons_to_refuse(person, order)
        if reasons:
            return [("refused", min(reasons))]
        if self.crosses(order) and asked.flags & OrderFlag.POST_ONLY:
            order.price = self.slid(order)
        self.numbers += 1
        order.number = self.numbers
        return self.enter(order)

    def protection(self, side: Side) -> int:
        """Reference and band, toward the reference."""
        if side is Side.BUY:
            return div_floor(self.reference * (PPM_ONE + self.band_ppm), PPM_ONE)
        return max(1, div_ceil(self.reference * (PPM_ONE - self.band_ppm), PPM_ONE))

    def crosses(self, order: Resting) -> bool:
        """Would it trade with anybody."""
        others = self.queue(order.side.opposite)
        if not others:
            return False
        return others[0].price <= order.price if order.side is Side.BUY else others[0].price >= order.price

    def slid(self, order: Resting) -> int:
        """One tick off the best of the other side."""
        return self.queue(order.side.opposite)[0].price + (-1 if order.side is Side.BUY else 1)

    def reasons_to_refuse(self, person: Person, order: Resting) -> set[RejectReason]:
        """All that apply to a new order."""
        asked, reasons = order.asked, self.reasons_of_status(person)
        if person.status is AccountStatus.REDUCE_ONLY and asked.side is Side.BUY:
            reasons.add(RejectReason.ACCOUNT_REDUCE_ONLY)
        if not self.is_kind(asked):
            reasons.add(RejectReason.ORDER_TYPE_INVALID)
        is_dated = asked.time_in_force is TimeInForce.GTD
        if (is_dated and asked.expiry_ns <= self.now) or (not is_dated and asked.expiry_ns):
            reasons.add(RejectReason.EXPIRY_INVALID)
        if not 0 < order.price <= PRICE_MAX:
            reasons.add(RejectReason.PRICE_INVALID)
        if asked.quantity <= 0:
            reasons.add(RejectReason.QUANTITY_INVALID)
        reasons |= self.reasons_of_size(person, order, asked.quantity)
        may_rest = asked.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
        if may_rest and sum(each.person == order.person for each in self.orders) >= min(person.open_max, 1_000):
            reasons.add(RejectReason.TOO_MANY_ORDERS)
        would_take = asked.flags & OrderFlag.POST_ONLY and self.crosses(order)
        if would_take and (not asked.flags & OrderFlag.SLIDE or self.slid(order) < 1):
            reasons.add(RejectReason.POST_ONLY_WOULD_TAKE)
        if self.needs(order) > self.available(order.person, self.asset(order)):
            reasons.add(RejectReason.INSUFFICIENT_FUNDS)
        return reasons

    def reasons_of_status(self, person: Person) -> set[RejectReason]:
        """Of the account and the market."""
        by_account = {
            AccountStatus.CLOSED: RejectReason.ACCOUNT_CLOSED,
            AccountStatus.FROZEN: RejectReason.ACCOUNT_FROZEN,
        }
        by_market = {
            MarketStatus.CLOSED: RejectReason.MARKET_CLOSED,
            MarketStatus.HALTED: RejectReason.MARKET_HALTED,
            MarketStatus.CANCEL_ONLY: RejectReason.MARKET_CANCEL_ONLY,
        }
        return {reason for reason in (by_account.get(person.status), by_market.get(self.status)) if reason}

    @staticmethod
    def is_kind(asked: PlaceOrder) -> bool:
        """Types, times in force and flags that go together."""
        is_market = asked.order_type is OrderType.MARKET
        may_rest = asked.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
        post, slide, quote = (
            bool(asked.flags & flag) for flag in (OrderFlag.POST_ONLY, OrderFlag.SLIDE, OrderFlag.QUOTE_AMOUNT)
        )
        return not (
            (is_market and may_rest)
            or (post and not may_rest)
            or (slide and not post)
            or (quote and (not is_market or asked.side is Side.SELL))
        )

    def reasons_of_size(self, person: Person, order: Resting, lots: int) -> set[RejectReason]:
        """Quantity and notional against their limits."""
        reasons = set()
        worth = order.price * lots * self.unit
        least = worth
        if order.asked.order_type is OrderType.MARKET:
            least = self.reference * lots * self.unit
        if order.is_by_quote:
            worth = least = lots
        elif lots < 1:
            reasons.add(RejectReason.QUANTITY_BELOW_MIN)
        if least < self.notional_min:
            reasons.add(RejectReason.NOTIONAL_BELOW_MIN)
        if worth > NOTIONAL_MAX or (person.notional_max and worth > person.notional_max):
            reasons.add(RejectReason.NOTIONAL_ABOVE_MAX)
        return reasons

    def enter(self, order: Resting) -> list[Told]:
        """An order in the taker's role, until it rests or is done."""
        if order.asked.time_in_force is TimeInForce.FOK and not self.fills_whole(order):
            return [self.done(order, DoneReason.FILL_OR_KILL)]
        told: list[Told] = []
        while order.leaves and self.crosses(order):
            maker = self.queue(order.side.opposite)[0]
            per_lot = maker.price * self.unit if order.is_by_quote else 1
            lots = min(order.leaves // per_lot, maker.leaves)
            if lots == 0:
                return [*told, self.done(order, DoneReason.DUST)]
            is_own = self.people[order.person].owner == self.people[maker.person].owner
            if is_own and order.mode is not SelfTradePrevention.NONE:
                told += self.prevent(order, maker, lots, per_lot)
                if told[-1][:2] == ("done", order.number):
                    return told
            else:
                told += self.trade(order, maker, lots, per_lot)
        if not order.leaves:
            return [*told, self.done(order, DoneReason.FILLED)]
        if order.asked.order_type is OrderType.MARKET:
            is_empty = not self.queue(order.side.opposite)
            return [*told, self.done(order, DoneReason.NO_LIQUIDITY if is_empty else DoneReason.PROTECTION_PRICE)]
        if order.asked.time_in_force is TimeInForce.IOC:
            return [*told, self.done(order, DoneReason.IMMEDIATE_REMAINDER)]
        self.arrivals += 1
        order.arrival = self.arrivals
        self.orders.append(order)
        return [*told, ("rests", order.number, order.price, order.leaves)]

    def fills_whole(self, order: Resting) -> bool:
        """Played through with numbers only."""
        left, last = order.leaves, 0
        sign = 1 if order.side is Side.BUY else -1
        for maker in self.queue(order.side.opposite):
            if (maker.price - order.price) * sign > 0:
                break
            is_own = self.people[order.person].owner == self.people[maker.person].owner
            if is_own and order.mode is SelfTradePrevention.CANCEL_MAKER:
                continue
            if is_own and order.mode is not SelfTradePrevention.NONE:
                break
            per_lot = maker.price * self.unit if order.is_by_quote else 1
            lots = min(left // per_lot, maker.leaves)
            if lots == 0:
                break
            left, last = left - lots * per_lot, maker.price
        return left < last * self.unit if order.is_by_quote else left == 0

    def trade(self, taker: Resting, maker: Resting, lots: int, per_lot: int) -> list[Told]:
        """Money and goods change hands, each pays its fee."""
        buyer, seller = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        for payer, receiver, asset, amount in (
            (buyer, seller, "quote", maker.price * lots * self.unit),
            (seller, buyer, "base", lots * self.lot),
        ):
            maker_ppm, taker_ppm = self.fees.get(self.people[receiver.person].tier, self.fees[0])
            fee = div_ceil(amount * (maker_ppm if receiver is maker else taker_ppm), PPM_ONE)
            self.people[payer.person].total[asset] -= amount
            self.people[receiver.person].total[asset] += amount - fee
            self.house[asset] += fee
        self.reference = maker.price
        taker.leaves -= lots * per_lot
        maker.leaves -= lots
        taker.filled += lots
        maker.filled += lots
        told: list[Told] = [("trade", taker.number, maker.number, maker.price, lots)]
        return told if maker.leaves else [*told, self.done(maker, DoneReason.FILLED)]

    def prevent(self, taker: Resting, maker: Resting, lots: int, per_lot: int) -> list[Told]:
        """What the taker's mode says instead of a trade."""
        told: list[Told] = [("prevented", taker.number, maker.number, maker.price, lots)]
        if taker.mode is SelfTradePrevention.DECREMENT:
            taker.leaves -= lots * per_lot
            taker.quantity -= 0 if taker.is_by_quote else lots
            maker.leaves -= lots
            maker.quantity -= lots
            ending = [order for order in (maker, taker) if not order.leaves]
        else:
            ending = {
                SelfTradePrevention.CANCEL_TAKER: [taker],
                SelfTradePrevention.CANCEL_MAKER: [maker],
                SelfTradePrevention.CANCEL_BOTH: [maker, taker],
            }[taker.mode]
        return told + [self.done(order, DoneReason.SELF_TRADE) for order in ending]

    def done(self, order: Resting, reason: DoneReason) -> Told:
        """It is in the list no more."""
        if order in self.orders:
            self.orders.remove(order)
        return ("done", order.number, reason, order.leaves, order.filled)

    def amend(self, asked: AmendOrder) -> list[Told]:
        """A resting order with other values."""
        person = self.people[asked.account]
        mine = [each for each in self.orders if each.number == asked.order_id and each.person == asked.account]
        if not mine:
            reasons = self.reasons_of_status(person) & {RejectReason.ACCOUNT_CLOSED, RejectReason.ACCOUNT_FROZEN}
            return [("refused", min(reasons | {RejectReason.ORDER_NOT_FOUND}))]
        order = mine[0]
        price, quantity = asked.price or order.price, asked.quantity or order.quantity
        reasons = self.reasons_to_keep(person, order, asked, price, quantity)
        if reasons:
            return [("refused", min(reasons))]
        if quantity <= order.filled:
            return [self.done(order, DoneReason.AMENDED_AWAY)]
        keeps_place = price == order.price and quantity < order.quantity
        order.price, order.quantity, order.leaves = price, quantity, quantity - order.filled
        told: list[Told] = [("amended", order.number, price, quantity)]
        if keeps_place:
            return [*told, ("rests", order.number, order.price, order.leaves)]
        self.orders.remove(order)
        return told + self.enter(order)

    def reasons_to_keep(
        self, person: Person, order: Resting, asked: AmendOrder, price: int, quantity: int
    ) -> set[RejectReason]:
        """All that apply to an amend."""
        is_smaller = price == order.price and quantity < order.quantity
        reasons = self.reasons_of_status(person)
        if is_smaller:
            reasons.discard(RejectReason.MARKET_CANCEL_ONLY)
        if person.status is AccountStatus.REDUCE_ONLY and order.side is Side.BUY and not is_smaller:
            reasons.add(RejectReason.ACCOUNT_REDUCE_ONLY)
        if asked.expected_filled not in (-1, order.filled):
            reasons.add(RejectReason.FILLED_MEANWHILE)
        if (price, quantity) == (order.price, order.quantity):
            reasons.add(RejectReason.AMEND_INVALID)
        if not 0 < price <= PRICE_MAX:
            reasons.add(RejectReason.PRICE_INVALID)
        if quantity < 0:
            reasons.add(RejectReason.QUANTITY_INVALID)
        if quantity <= order.filled:
            return reasons
        changed = Resting(0, order.person, order.asked, order.mode, price, quantity, quantity - order.filled, 0, 0)
        reasons |= self.reasons_of_size(person, changed, quantity)
        if price != order.price and order.asked.flags & OrderFlag.POST_ONLY and self.crosses(changed):
            reasons.add(RejectReason.POST_ONLY_WOULD_TAKE)
        if self.needs(changed) - self.needs(order) > self.available(order.person, self.asset(order)):
            reasons.add(RejectReason.INSUFFICIENT_FUNDS)
        return reasons

    def cancel(self, person: int, number: int) -> list[Told]:
        """By number."""
        for order in self.orders:
            if (order.number, order.person) == (number, person):
                return [self.done(order, DoneReason.CANCELLED_BY_USER)]
        return [("refused", RejectReason.ORDER_NOT_FOUND)]

    def cancel_all(self, person: int, side: int) -> list[Told]:
        """Oldest first."""
        mine = [order for order in self.orders if order.person == person and side in (0, order.side)]
        return [self.done(order, DoneReason.CANCELLED_BY_USER) for order in sorted(mine, key=lambda o: o.number)]

    def expire(self, now: int) -> list[Told]:
        """By date, then age."""
        self.now = now
        due = [order for order in self.orders if 0 < order.asked.expiry_ns <= now]
        due.sort(key=lambda order: (order.asked.expiry_ns, order.number))
        return [self.done(order, DoneReason.EXPIRED) for order in due]
