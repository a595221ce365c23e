"""Frames from a seed, made by people who read what came of the last ones: cancels and amends mostly name open orders.

Of a hundred blocks some seventy make sense; the others are refused for what they ask, are commands with a field at an
edge, come a second time, or have bytes changed.
"""

import random
from struct import Struct
from typing import Final, NamedTuple

import msgspec

from mexchange.codec import encode, encode_amends, encode_cancels, encode_orders
from mexchange.codec.events import KIND_AT, RECORD_SIZE
from mexchange.codec.messages import (
    AccountQuery,
    AssetsQuery,
    Balances,
    BookQuery,
    MarketsQuery,
    Message,
    OrderQuery,
    StatusQuery,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId, parse
from mexchange.domain.commands import (
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeMarket,
    Command,
    CreateAsset,
    CreateMarket,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetFees,
    SetMarketStatus,
    Withdraw,
)
from mexchange.domain.events import EventKind
from mexchange.domain.market import OPEN_ORDERS_PER_ACCOUNT, AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.units import (
    QUANTITY_MAX,
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
from tests.engine.bending import bent_at_random, mutated, mutated_payload
from tests.engine.commands_at_random import ACCOUNTS, command_at_random, id_at_random, order_at_random, setup

SECOND: Final = 10**9
ROWS_MAX: Final = 16
BLOCKS_MAX: Final = 12
AGAIN_MAX: Final = 200
"""Blocks that may come a second time."""
LATEST: Final = 40
"""Open orders that cancels and amends choose from."""
_HEAD: Final = Struct(f"<Q{KIND_AT - 8}xBBHIQ")
"""Account, kind, flags, info, market, order id of a record."""


class Frame(NamedTuple):
    """What `apply_batch` is given."""

    time_ns: int
    blocks: list[bytes]
    is_broken: bool = False
    """Bytes were changed: it may be none that an engine reads."""


class Crowd:
    """The people of commands_at_random, who remember which of their orders are open."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._text_share = rng.choice((0, 0, 0.6))
        """Of the ids are texts of some thousands: more than an account remembers."""
        self._number = 0
        self._time_ns = SECOND
        self._open: dict[int, int] = {}
        """Order id → account."""
        self._again: list[bytes] = []

    def opening(self) -> Frame:
        """Assets, markets, accounts with money."""
        return Frame(self._time_ns, [encode(command) for command in setup()])

    def frame(self) -> Frame:
        """The next one."""
        rng = self._rng
        self._time_ns += rng.choice((1, 1_000, 10**6, 10**8, SECOND, SECOND, rng.choice((SECOND, 61 * SECOND))))
        if rng.random() < 0.05:
            block = rng.choice(self._again) if self._again else encode(self._one())
            return Frame(self._time_ns, [mutated(rng, block)], is_broken=True)
        blocks = [self._block() for _ in range(rng.randint(1, BLOCKS_MAX))]
        self._again = (self._again + blocks)[-AGAIN_MAX:]
        return Frame(self._time_ns, blocks)

    def hear(self, records: bytes) -> None:
        """What came of a frame."""
        for at in range(0, len(records), RECORD_SIZE):
            kind = records[at + KIND_AT]
            if kind == EventKind.ACCEPTED:
                account, _, _, _, _, order_id = _HEAD.unpack_from(records, at)
                self._open[order_id] = account
            elif kind == EventKind.DONE:
                self._open.pop(_HEAD.unpack_from(records, at)[5], None)

    def question(self) -> bytes:
        """For `query`; some are about what there is not, some have bytes changed."""
        rng = self._rng
        account = AccountId(rng.choice((*ACCOUNTS, *ACCOUNTS, 1, 99)))
        order_id = OrderId(rng.choice((self._some_order(), self._some_order(), 0, 10**6)))
        market = MarketId(rng.choice((1, 2, 2, 3)))
        questions: list[Message] = [
            AccountQuery(account, OrderId(rng.choice((0, 0, order_id, 1 << 63, (1 << 63) + 2)))),
            Balances(account),
            OrderQuery(account, order_id),
            OrderQuery(account, client_order_id=id_at_random(rng, rng.randrange(self._number + 1))),
            OrderQuery(account, client_order_id=self._known_id()),
            BookQuery(market, rng.choice((0, 1, 10, 1_000)), rng.choice((0, 1, 5, 10))),
            MarketsQuery(market),
            AssetsQuery(AssetId(rng.randrange(5))),
            StatusQuery(),
        ]
        block = encode(rng.choice(questions), rng.getrandbits(32))
        return mutated_payload(rng, block) if rng.random() < 0.1 else block

    def _block(self) -> bytes:
        rng, dice = self._rng, self._rng.random()
        if dice < 0.35:
            account, market = rng.choice(ACCOUNTS), MarketId(rng.choice((1, 1, 2)))
            return encode_orders([self._order(account, market) for _ in range(rng.randint(1, ROWS_MAX))])
        if dice < 0.50 and self._open:
            return self._cancels()
        if dice < 0.60 and self._open:
            return self._amends()
        if dice < 0.65 and self._again:
            return rng.choice(self._again)
        if dice < 0.71:
            return encode(_kindness(rng))
        command = _rare(rng, self._next_number()) if dice < 0.76 else self._one()
        return encode(bent_at_random(rng, command) if rng.random() < 0.3 else command)

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _one(self) -> Command:
        return command_at_random(self._rng, self._next_number())

    def _id(self) -> ClientOrderId:
        number = self._next_number()
        if self._rng.random() < self._text_share:
            return parse(f"text-{self._rng.randrange(8_000)}")
        return id_at_random(self._rng, number)

    def _order(self, account: AccountId, market: MarketId) -> PlaceOrder:
        rng = self._rng
        client_order_id = self._id()
        order = order_at_random(rng, self._number, account, client_order_id, market)
        if order.expiry_ns:
            ahead = rng.choice((-1, 0, 1, SECOND, 30 * SECOND))
            order = msgspec.structs.replace(order, expiry_ns=TimeNs(self._time_ns + ahead))
        return order

    def _cancels(self) -> bytes:
        rng, cancels = self._rng, []
        order_ids = [self._some_order() for _ in range(rng.randint(1, 6))]
        account = AccountId(self._open[order_ids[0]])
        for order_id in order_ids:
            target = self._known_id() if rng.random() < 0.1 else NO_ID
            cancels.append(CancelOrder(account, self._id(), OrderId(order_id), target))
        return encode_cancels(cancels)

    def _amends(self) -> bytes:
        rng, amends = self._rng, []
        order_ids = [self._some_order() for _ in range(rng.randint(1, 6))]
        account = AccountId(self._open[order_ids[0]])
        for order_id in order_ids:
            price, lots = rng.choice((0, rng.randint(95, 105))), rng.choice((0, rng.randint(1, 30)))
            filled = rng.choice((-1, -1, -1, 0, rng.randint(0, 5)))
            amends.append(AmendOrder(account, self._id(), OrderId(order_id), Ticks(price), Lots(lots), Lots(filled)))
        return encode_amends(amends)

    def _some_order(self) -> int:
        """An open one, mostly of the latest."""
        return self._rng.choice(list(self._open)[-LATEST:]) if self._open else 1

    def _known_id(self) -> ClientOrderId:
        """Of the last row of some block that was sent, if that was one of orders."""
        block = self._rng.choice(self._again) if self._again else b""
        return ClientOrderId(block[-48:-32]) if len(block) >= 64 else NO_ID


def _kindness(rng: random.Random) -> Command:
    """What takes back that which chance has closed or limited."""
    account, market = rng.choice(ACCOUNTS), MarketId(rng.choice((1, 1, 2)))
    match rng.randrange(5):
        case 0:
            return SetMarketStatus(market, MarketStatus.OPEN)
        case 1:
            return ChangeMarket(market, Lots(1), QUANTITY_MAX)
        case 2:
            return ChangeAccount(account, AccountSetting.STATUS, AccountStatus.ACTIVE)
        case 3:
            return ChangeAccount(account, AccountSetting.OPEN_ORDERS_MAX, OPEN_ORDERS_PER_ACCOUNT)
        case _:
            return ChangeAccount(account, AccountSetting.ORDER_NOTIONAL_MAX, 0)


def _rare(rng: random.Random, number: int) -> Command:
    """What commands_at_random leaves to its setup, and settings that hurt."""
    account, name = rng.choice(ACCOUNTS), rng.choice((NO_ID, id_at_random(rng, number)))
    asset, market = AssetId(rng.randint(1, 5)), MarketId(rng.randint(1, 3))
    match rng.randrange(11):
        case 0:
            return OpenAccount(OwnerId(rng.randint(1, 6)), rng.randrange(3), name)
        case 1:
            return CreateAsset(
                rng.choice(("KCN", "ETH", "XRP", "ETH", "D0T")), rng.randint(0, 9), 0, client_order_id=name
            )
        case 2:
            tick, lot = rng.choice((10**7, 10**9, 1)), Atoms(rng.choice((10**5, 10**3, 7)))
            least = Lots(rng.choice((1, 5)))
            return CreateMarket(asset, AssetId(rng.randint(1, 5)), tick, lot, Ticks(100), least, client_order_id=name)
        case 3:
            return ChangeMarket(market, Lots(rng.choice((-1, 1, 8))), Lots(rng.choice((-1, 20, 2**48))))
        case 4:
            status = rng.choice(
                (AccountStatus.FROZEN,) * 20 + (AccountStatus.REDUCE_ONLY,) * 20 + (AccountStatus.CLOSED,)
            )
            return ChangeAccount(account, AccountSetting.STATUS, status, name)
        case 5:
            return ChangeAccount(account, AccountSetting.OPEN_ORDERS_MAX, rng.choice((5, 10_000)), name)
        case 6:
            return ChangeAccount(account, AccountSetting.ORDER_NOTIONAL_MAX, rng.choice((0, 0, 10**6)), name)
        case 7:
            return SetFees(market, rng.randrange(3), Ppm(rng.randint(-300, 100)), Ppm(rng.randint(100, 2_000)), name)
        case 8:
            return ChangeAccount(account, AccountSetting.SELF_TRADE_PREVENTION, rng.randint(1, 5), name)
        case 9:
            return Deposit(account, id_at_random(rng, number), asset, Atoms(rng.choice((0, 2**62, 2**61, 10**6))))
        case _:
            return Withdraw(account, id_at_random(rng, number), asset, Atoms(rng.choice((0, 1, 10**8))))
