"""Streams of commands for benchmarks, from a seed, with at least LIVE_MIN open orders at every moment by construction.

A plain book (two heaps, a dictionary) runs along while a flow is made: it says what is still open, so that cancels and
amends name open orders, and that no flow falls below the floor. It serves as the baseline of the bench too.

    mixed         70 % limit orders, a tenth of them cancelled at once; 30 % market orders; what is too much of old
                  orders is cancelled
    cancel_heavy  15 % IOC orders; of the rest 95 % are cancelled later, 20 % amended before

Others are in moving_flows.py and standing_flows.py.
"""

import heapq
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from mexchange.codec import encode, encode_amends, encode_cancels, encode_orders
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint
from mexchange.domain.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    CreateAsset,
    CreateMarket,
    Deposit,
    OpenAccount,
    PlaceOrder,
)
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Ticks

ACCOUNTS: Final = 16
FIRST_ACCOUNT: Final = 16
BATCH: Final = 16
"""Orders in a block."""
FRAME: Final = 8
"""Groups of blocks in a frame."""
LIVE_MIN: Final = 1_000
LIVE_START: Final = 2_000
LIVE_MAX: Final = 4_000
"""The mixed flow cancels its oldest orders above this: an account may have 1,000 open in a market."""
WAITING_MAX: Final = 1_500
"""Orders of the cancel-heavy flow that wait for their end."""
PRICE: Final = 100_000
WIDTH: Final = 100
"""Passive orders stand at most so many ticks off the other side's best."""
MARKET: Final = MarketId(1)


@dataclass(slots=True, eq=False)
class PlainOrder:
    """What a book needs to know of an order, and nothing more."""

    order_id: int
    account: int
    side: Side
    price: int
    leaves: int
    filled: int = 0
    version: int = 0
    client_order_id: ClientOrderId = NO_ID


class PlainBook:
    """Price, then time, with two heaps and a dictionary: no ledger, no checks, no memory, no reports."""

    def __init__(self) -> None:
        self.open: dict[int, PlainOrder] = {}
        self.heaps: dict[Side, list[tuple[int, int, PlainOrder]]] = {Side.BUY: [], Side.SELL: []}
        self.count = {Side.BUY: 0, Side.SELL: 0}
        self.arrivals = 0

    def best(self, side: Side) -> PlainOrder | None:
        """The next to trade on this side."""
        heap = self.heaps[side]
        while heap:
            _, version, order = heap[0]
            if order.version == version and order.order_id in self.open:
                return order
            heapq.heappop(heap)
        return None

    def place(self, order: PlainOrder, *, rests: bool) -> None:
        """Trade as far as the price allows, end at an own order, then rest if it may."""
        sign = 1 if order.side is Side.BUY else -1
        while order.leaves:
            maker = self.best(order.side.opposite)
            if maker is None or (maker.price - order.price) * sign > 0:
                break
            if maker.account == order.account:
                return
            lots = min(order.leaves, maker.leaves)
            order.leaves -= lots
            order.filled += lots
            maker.leaves -= lots
            maker.filled += lots
            if not maker.leaves:
                self.remove(maker)
        if order.leaves and rests:
            self.open[order.order_id] = order
            self.count[order.side] += 1
            self._push(order, sign)

    def _push(self, order: PlainOrder, sign: int) -> None:
        self.arrivals += 1
        order.version = self.arrivals
        heapq.heappush(self.heaps[order.side], (-order.price * sign, self.arrivals, order))

    def remove(self, order: PlainOrder) -> None:
        """It is open no longer."""
        del self.open[order.order_id]
        self.count[order.side] -= 1

    def amend(self, order: PlainOrder, price: int, leaves: int) -> None:
        """Only smaller keeps the place. The new price does not cross."""
        keeps_place = price == order.price and leaves < order.leaves
        order.price, order.leaves = price, leaves
        if not keeps_place:
            self._push(order, 1 if order.side is Side.BUY else -1)


Step = tuple[str, int, int, int, int, int, bool]
"""What the baseline replays: (act, order id, account, side, price, lots, rests)."""


@dataclass(slots=True)
class Flow:
    """A flow in both forms, and what its making found out."""

    name: str
    setup: list[bytes] = field(default_factory=list)
    """Frames that make the market, the accounts and the first LIVE_START orders."""
    frames: list[bytes] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """The same commands for a PlainBook, setup included."""
    setup_steps: int = 0
    commands: int = 0
    """In `frames`."""
    live_least: int = LIVE_START
    live_last: int = 0


class Maker:
    """Writes one flow, keeping the plain book in step."""

    def __init__(self, name: str, seed: int, *, accounts: int = ACCOUNTS, unit: int = 1_000) -> None:
        """So many accounts, of which a quarter takes only. `unit`: quote atoms of one lot at one tick."""
        self.flow = Flow(name)
        self.accounts = accounts
        self.makers = accounts * 3 // 4
        self._unit = unit
        self.random = random.Random(seed)
        self.book = PlainBook()
        self.next_order = 1
        self.next_id = 0
        self.waiting: deque[PlainOrder] = deque()
        self._blocks: list[bytes] = []
        self._groups = 0

    def client_order_id(self) -> ClientOrderId:
        self.next_id += 1
        return mint(1_800_000_000_000 + self.next_id // BATCH, self.random.getrandbits(74))

    def account(self) -> AccountId:
        return AccountId(FIRST_ACCOUNT + self.random.randrange(self.makers))

    def taker(self) -> AccountId:
        """Takes only, so that it rarely meets itself."""
        return AccountId(FIRST_ACCOUNT + self.random.randrange(self.makers, self.accounts))

    def open_market(self) -> None:
        """Assets, the market, accounts with money."""
        ppm = Ppm(1_000)
        commands: list[Command] = [
            CreateAsset("KCN"),
            CreateAsset("EUR"),
            CreateMarket(
                AssetId(1),
                AssetId(2),
                10_000 * self._unit,
                Atoms(100_000),
                Ticks(PRICE),
                maker_ppm=ppm,
                taker_ppm=ppm,
            ),
        ]
        for number in range(self.accounts):
            account = AccountId(FIRST_ACCOUNT + number)
            commands.append(OpenAccount(OwnerId(1_000 + number)))
            commands.append(Deposit(account, self.client_order_id(), AssetId(1), Atoms(10**15)))
            commands.append(Deposit(account, self.client_order_id(), AssetId(2), Atoms(10**16)))
        self.flow.setup.append(b"".join([encode(command) for command in commands]))

    def setup(self) -> None:
        """The market with LIVE_START orders."""
        self.open_market()
        for number in range(LIVE_START // BATCH):
            account = AccountId(FIRST_ACCOUNT + number % self.makers)
            self.flow.setup.append(encode_orders([self.limit(account) for _ in range(BATCH)]))
        self.flow.setup_steps = len(self.flow.steps)

    def end_setup(self) -> None:
        """What was written so far comes before the clock starts."""
        self.end_frame()
        self.flow.setup += self.flow.frames
        self.flow.frames = []
        self.flow.commands, self.flow.setup_steps = 0, len(self.flow.steps)
        self.flow.live_least = len(self.book.open)

    def write(self, block: bytes, commands: int) -> None:
        self._blocks.append(block)
        self.flow.commands += commands

    def end_group(self) -> None:
        self._groups += 1
        self.flow.live_least = min(self.flow.live_least, len(self.book.open))
        if self._groups % FRAME == 0:
            self.end_frame()

    def end_frame(self) -> None:
        if self._blocks:
            self.flow.frames.append(b"".join(self._blocks))
            self._blocks = []

    def thinner_side(self) -> Side:
        """Where a limit order fills up what lacks, and from where a taker takes what abounds."""
        return Side.BUY if self.book.count[Side.BUY] <= self.book.count[Side.SELL] else Side.SELL

    def limit(self, account: AccountId) -> PlaceOrder:
        """Near the other side's best, never through it: the middle wanders with what trades."""
        side = self.thinner_side()
        offset = 1 + min(int(self.random.expovariate(1 / 15)), WIDTH)
        best = self.book.best(side.opposite)
        if side is Side.BUY:
            price = (best.price if best is not None else PRICE) - offset
        else:
            price = (best.price if best is not None else PRICE) + offset
        return self.order(account, side, price, self.random.randint(10, 100), OrderType.LIMIT, TimeInForce.GTC)

    def order(
        self, account: AccountId, side: Side, price: int, lots: int, kind: OrderType, life: TimeInForce
    ) -> PlaceOrder:
        client_order_id = self.client_order_id()
        limit = price or (2 * PRICE if side is Side.BUY else 1)
        order = PlainOrder(self.next_order, account, side, limit, lots, client_order_id=client_order_id)
        self.next_order += 1
        rests = life is TimeInForce.GTC
        self.flow.steps.append(("place", order.order_id, account, side, limit, lots, rests))
        self.book.place(order, rests=rests)
        if order.order_id in self.book.open:
            self.waiting.append(order)
        return PlaceOrder(
            account, client_order_id, MARKET, side, Lots(lots), Ticks(price), order_type=kind, time_in_force=life
        )

    def market(self, account: AccountId, lots: int) -> PlaceOrder:
        return self.order(account, self.thinner_side(), 0, lots, OrderType.MARKET, TimeInForce.IOC)

    def immediate(self, account: AccountId, lots: int) -> PlaceOrder:
        side = self.thinner_side()
        best = self.book.best(side.opposite)
        assert best is not None
        return self.order(account, side, best.price, lots, OrderType.LIMIT, TimeInForce.IOC)

    def cancel(self, order: PlainOrder) -> CancelOrder:
        self.flow.steps.append(("cancel", order.order_id, 0, 0, 0, 0, False))
        self.book.remove(order)
        return CancelOrder(AccountId(order.account), self.client_order_id(), OrderId(order.order_id))

    def amend(self, order: PlainOrder) -> AmendOrder:
        """Half of them smaller, half of them one tick further off."""
        price, leaves = order.price, order.leaves
        if self.random.random() < 0.5 and leaves > 1:
            leaves = self.random.randint(1, leaves - 1)
        else:
            price += -1 if order.side is Side.BUY else 1
        self.flow.steps.append(("amend", order.order_id, 0, 0, price, leaves, False))
        self.book.amend(order, price, leaves)
        account, total = AccountId(order.account), Lots(leaves + order.filled)
        return AmendOrder(account, self.client_order_id(), OrderId(order.order_id), Ticks(price), total)

    def finished(self) -> Flow:
        self.end_frame()
        self.flow.live_last = len(self.book.open)
        return self.flow


def mixed(commands: int, seed: int = 1) -> Flow:
    """At least so many commands."""
    maker = Maker("mixed", seed)
    maker.setup()
    rng = maker.random
    while maker.flow.commands < commands:
        account, taker = maker.account(), maker.taker()
        limits = sum(rng.random() < 0.7 for _ in range(BATCH))
        if limits:
            maker.write(encode_orders([maker.limit(account) for _ in range(limits)]), limits)
        newest = range(-min(limits, len(maker.waiting)), 0)
        at_once = [maker.waiting[place] for place in newest if rng.random() < 0.1]
        if limits < BATCH:
            fat = len(maker.book.open) > LIVE_START
            markets = [
                maker.market(taker, rng.randint(100, 400) if fat else rng.randint(1, 60)) for _ in range(BATCH - limits)
            ]
            maker.write(encode_orders(markets), len(markets))
        cancels = [maker.cancel(order) for order in at_once if order.order_id in maker.book.open]
        if cancels:
            maker.write(encode_cancels(cancels), len(cancels))
        _cancel_the_oldest(maker)
        maker.end_group()
    return maker.finished()


def _cancel_the_oldest(maker: Maker) -> None:
    """Down to LIVE_MAX open orders."""
    ending: dict[int, list[CancelOrder]] = {}
    while len(maker.book.open) > LIVE_MAX:
        order = maker.waiting.popleft()
        if order.order_id in maker.book.open:
            ending.setdefault(order.account, []).append(maker.cancel(order))
    for cancels in ending.values():
        maker.write(encode_cancels(cancels), len(cancels))


def cancel_heavy(commands: int, seed: int = 2) -> Flow:
    """At least so many commands."""
    maker = Maker("cancel_heavy", seed)
    maker.setup()
    rng = maker.random
    while maker.flow.commands < commands:
        account, taker = maker.account(), maker.taker()
        limits = sum(rng.random() < 0.85 for _ in range(BATCH))
        if limits:
            maker.write(encode_orders([maker.limit(account) for _ in range(limits)]), limits)
        if limits < BATCH:
            lots = 200 if len(maker.book.open) > LIVE_START else 40
            takers = [maker.immediate(taker, rng.randint(1, lots)) for _ in range(BATCH - limits)]
            maker.write(encode_orders(takers), len(takers))
        _end_the_oldest(maker)
        maker.end_group()
    return maker.finished()


def _end_the_oldest(maker: Maker) -> None:
    """Beyond WAITING_MAX: 20 % are amended, then 95 % cancelled; the others stay to trade."""
    rng = maker.random
    ending: dict[int, list[PlainOrder]] = {}
    while len(maker.waiting) > WAITING_MAX:
        order = maker.waiting.popleft()
        if order.order_id in maker.book.open:
            ending.setdefault(order.account, []).append(order)
    for orders in ending.values():
        amends = [maker.amend(order) for order in orders if rng.random() < 0.2]
        if amends:
            maker.write(encode_amends(amends), len(amends))
        cancels = [maker.cancel(order) for order in orders if rng.random() < 0.95]
        if cancels:
            maker.write(encode_cancels(cancels), len(cancels))


def replay_plain(flow: Flow, book: PlainBook, first: int, last: int) -> None:
    """Run part of a flow's steps on a plain book."""
    for act, order_id, account, side, price, lots, rests in flow.steps[first:last]:
        if act == "place":
            book.place(PlainOrder(order_id, account, Side(side), price, lots), rests=rests)
        elif act == "cancel":
            book.remove(book.open[order_id])
        else:
            book.amend(book.open[order_id], price, lots)
