"""An exchange as large as one likes, and a random flow whose blocks have the same shape at any size.

People bid in random markets. For each asset there is one who sells it. A turn is RESTING bids that stay and TRADED bids
at the best price, all by one person in one market; the seller takes the TRADED ones; some older RESTING bids, from
anywhere, are cancelled. So the number of open orders stays what it is, and no order is refused.
"""

import random
from dataclasses import dataclass
from typing import Final

from mexchange.codec import encode, encode_cancels, encode_orders
from mexchange.codec.records import kinds_of
from mexchange.core.features import FEATURES
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import ClientOrderId, mint
from mexchange.domain.commands import CancelOrder, Command, CreateAsset, CreateMarket, Deposit, OpenAccount, PlaceOrder
from mexchange.domain.events import EventKind
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ticks

FIRST_ACCOUNT: Final = 16
RESTING: Final = 8
TRADED: Final = 4
TURN: Final = 2 * (RESTING + TRADED)
"""Commands: a third rests, a third is cancelled, the others trade."""
FRAME: Final = 10
"""Turns in a frame."""
SETUP: Final = 1_000
"""Blocks in a frame of the set-up."""
PRICE: Final = 100_000
LEVELS: Final = 100
"""Below the best price, over which resting bids are spread."""
QUOTE: Final = AssetId(1)
MONEY: Final = Atoms(10**12)
GOODS: Final = Atoms(10**14)


@dataclass(frozen=True)
class Size:
    """How many of what an exchange has; the point that all growth starts from."""

    markets: int = 100
    accounts: int = 1_000
    orders: int = 10_000


class GrownExchange:
    """An engine with its markets, accounts and open orders, and what may come next."""

    def __init__(self, kind: type[Engine], size: Size, seed: int = 1) -> None:
        self.engine = kind()
        for feature in FEATURES:
            self.engine.enable(feature, 1)
        self._size = size
        self._random = random.Random(seed)
        self._placed = 0
        self._ids = 0
        self._resting: list[tuple[AccountId, int]] = []
        """(whose, id of the first) of RESTING bids each."""
        self._set_up(self._open_markets() + self._open_accounts() + self._sellers_goods())
        self._set_up([self._rest(*self._buyer_in(self._market())) for _ in range(size.orders // RESTING)])

    def apply(self, frames: list[bytes]) -> None:
        """What a daemon would hand over, one after the other."""
        engine = self.engine
        for frame in frames:
            engine.apply_batch(frame, engine.sequence + 1, engine.time_ns + 1)

    def frames(self, commands: int) -> list[bytes]:
        """Of about so many commands. They must be applied before others are asked for."""
        return [b"".join([self._turn() for _ in range(FRAME)]) for _ in range(commands // (FRAME * TURN))]

    def _turn(self) -> bytes:
        market = self._market()
        account, market = self._buyer_in(market)
        place = self._random.randrange(len(self._resting))
        self._resting[place], self._resting[-1] = self._resting[-1], self._resting[place]
        owner, first = self._resting.pop()
        cancels = [CancelOrder(owner, self._id(), OrderId(first + number)) for number in range(RESTING)]
        bids = [self._order(account, market, Side.BUY, PRICE) for _ in range(TRADED)]
        resting = self._rest(account, market)
        self._placed += 2 * TRADED
        sales = [self._order(self._seller(market), market, Side.SELL, PRICE) for _ in range(TRADED)]
        return resting + encode_orders(bids) + encode_orders(sales) + encode_cancels(cancels)

    def _rest(self, account: AccountId, market: MarketId) -> bytes:
        away = [1 + self._random.randrange(LEVELS) for _ in range(RESTING)]
        self._resting.append((account, self._placed + 1))
        self._placed += RESTING
        return encode_orders([self._order(account, market, Side.BUY, PRICE - ticks) for ticks in away])

    def _order(self, account: AccountId, market: MarketId, side: Side, price: int) -> PlaceOrder:
        life = TimeInForce.GTC if side is Side.BUY else TimeInForce.IOC
        return PlaceOrder(account, self._id(), market, side, Lots(2), Ticks(price), time_in_force=life)

    def _market(self) -> MarketId:
        return MarketId(1 + self._random.randrange(self._size.markets))

    def _buyer_in(self, market: MarketId) -> tuple[AccountId, MarketId]:
        """Anybody but the one who sells there."""
        seller = self._seller(market)
        while (account := AccountId(FIRST_ACCOUNT + self._random.randrange(self._size.accounts))) == seller:
            pass
        return account, market

    def _seller(self, market: MarketId) -> AccountId:
        return AccountId(FIRST_ACCOUNT + market % self._size.accounts)

    def _id(self) -> ClientOrderId:
        self._ids += 1
        return mint(1_800_000_000_000 + self._ids // 16, self._random.getrandbits(74))

    def _open_markets(self) -> list[bytes]:
        commands: list[Command] = [CreateAsset("EUR")]
        for number in range(self._size.markets):
            base = AssetId(QUOTE + 1 + number)
            commands.append(CreateAsset(f"B{number}"))
            commands.append(CreateMarket(base, QUOTE, 10_000, Atoms(100_000), Ticks(PRICE)))
        return [encode(command) for command in commands]

    def _open_accounts(self) -> list[bytes]:
        """Each with money. Blocks of equal form, so one is encoded and the others are made from it."""
        mark = 0x0102030405060708
        opened = _Form(encode(OpenAccount(OwnerId(mark))), mark)
        paid = _Form(encode(Deposit(AccountId(mark), self._id(), QUOTE, MONEY)), mark)
        numbers = range(FIRST_ACCOUNT, FIRST_ACCOUNT + self._size.accounts)
        return [opened.about(number) + paid.about(number) for number in numbers]

    def _sellers_goods(self) -> list[bytes]:
        markets = map(MarketId, range(1, self._size.markets + 1))
        return [encode(Deposit(self._seller(market), self._id(), AssetId(QUOTE + market), GOODS)) for market in markets]

    def _set_up(self, blocks: list[bytes]) -> None:
        for first in range(0, len(blocks), SETUP):
            frame, engine = b"".join(blocks[first : first + SETUP]), self.engine
            records = engine.apply_batch(frame, engine.sequence + 1, engine.time_ns + 1)
            assert EventKind.REJECTED not in kinds_of(records)


class _Form:
    """A block in which one number of eight bytes differs."""

    def __init__(self, block: bytes, mark: int) -> None:
        self._before, self._after = block.split(mark.to_bytes(8, "little"))

    def about(self, number: int) -> bytes:
        """The block with this number in it."""
        return self._before + number.to_bytes(8, "little") + self._after
