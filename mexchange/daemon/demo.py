"""The demo's market: three pairs, starting funds, and a past.

An empty journal gets some hours of seeded synthetic trading with times that have gone by, so that tickers, trades and
24-hour figures say something at first sight. It is made of ordinary commands in the ordinary journal; its accounts
belong to owners from SYNTHETIC_OWNER_FIRST on, by which everybody can tell such trades from real ones. Assets and
markets come in one frame, all or nothing; a crash later on only leaves a shorter past.
"""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple

from mexchange.codec import encode, encode_orders
from mexchange.config.daemon import WithdrawalRule
from mexchange.daemon.engine_choice import Engine
from mexchange.daemon.tape import SYNTHETIC_OWNER_FIRST
from mexchange.daemon.views import Commit
from mexchange.daemon.wallet.faucet import Gift
from mexchange.domain import client_id
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, OpenAccount, PlaceOrder
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OwnerId, Ppm, Ticks
from mexchange.store.journal import Journal
from mexchange.world.clock import Clock


class Stretch(NamedTuple):
    """A part of the past: so many frames, so far apart."""

    frames: int
    apart_ns: int
    trades_max: int
    """Of a market in a frame."""


SEED: Final = 20_261_122
MINUTE_NS: Final = 60 * 10**9
PAST: Final = (Stretch(50, 6 * MINUTE_NS, 8), Stretch(120, MINUTE_NS, 5))
"""Five hours from afar, then two by the minute: what a chart shows first. Each frame waits for the disk once, and a
first start should not take longer than a breath."""
FEE_PPM: Final = Ppm(1_000)
UNIT: Final = 10**8
"""Atoms of one unit of every demo asset."""
NOTIONAL_MIN: Final = Atoms(UNIT)
FIRST_USER_ACCOUNT: Final = 16
BOT_EUROS: Final = 5_000_000
"""What a bot has of either asset in each market, in euros."""
EURO: Final = 1
SYNTHETIC_FUNDS: Final = Atoms(10**15)

_MAKER: Final = AccountId(FIRST_USER_ACCOUNT)
_TAKER: Final = AccountId(FIRST_USER_ACCOUNT + 1)


class DemoAsset(NamedTuple):
    """An asset, and how many atoms of it a new account is given."""

    symbol: str
    display_decimals: int
    grant: int


class DemoMarket(NamedTuple):
    """A pair against the first asset. Prices in ticks, quantities in lots."""

    base: int
    tick_size: int
    """10^-9 EUR."""
    lot_size: int
    """Base atoms."""
    reference_price: int
    step: int
    """How far the synthetic price moves in a minute, at most."""
    quantity_max: int
    """Of a synthetic trade."""


ASSETS: Final = (
    DemoAsset("EUR", 2, 10_000 * UNIT),
    DemoAsset("KCN", 3, 100 * UNIT),
    DemoAsset("BTC", 5, UNIT // 5),
    DemoAsset("ETH", 4, 5 * UNIT),
)
MARKETS: Final = (
    DemoMarket(2, 10**7, 10**5, 100_000, 40, 12_000),
    DemoMarket(3, 10**8, 10**3, 600_000, 250, 5_000),
    DemoMarket(4, 10**8, 10**4, 30_000, 15, 8_000),
)


WITHDRAWALS: Final = {
    "EUR": WithdrawalRule(least="10", daily="20000", alone="5000"),
    "KCN": WithdrawalRule(least="0.1", daily="100", alone="10"),
    "BTC": WithdrawalRule(least="0.0005", daily="1", alone="0.1"),
    "ETH": WithdrawalRule(least="0.005", daily="10", alone="1"),
}
FAUCET: Final = Gift(AssetId(2), Atoms(100 * UNIT))
"""100 KCN a day for whoever asks."""


def starting_funds(account: int, key_id: str, *, bots: Collection[str]) -> Sequence[Command]:
    """What a new account gets, once; `bots` are the names of the keys of the demo's bots."""
    return bot_grants(account) if key_id in bots else grants(account)


def grants(account: int) -> Sequence[Command]:
    """What a new account gets, once: the client order ids are fixed."""
    return [
        Deposit(AccountId(account), _id(f"demo-grant-{asset.symbol}"), AssetId(number), Atoms(asset.grant))
        for number, asset in enumerate(ASSETS, 1)
    ]


def bot_grants(account: int) -> Sequence[Command]:
    """What the account of a demo's bot gets, once: half its wealth in euros, the other half spread over the markets.

    Enough to pay fees for years: what a bot loses to the exchange is no part of the show.
    """
    return [
        Deposit(AccountId(account), _id(f"demo-bot-{asset.symbol}"), AssetId(number), Atoms(_bot_grant(number)))
        for number, asset in enumerate(ASSETS, 1)
    ]


def _bot_grant(asset: int) -> int:
    if asset == EURO:
        return BOT_EUROS * len(MARKETS) * UNIT
    (market,) = (market for market in MARKETS if market.base == asset)
    return BOT_EUROS * UNIT * 10**9 // (market.reference_price * market.tick_size)


def prepare_market(engine: Engine, journal: Journal, clock: Clock, feed: Callable[[Commit], None]) -> None:
    """Give an empty journal its markets and its past, durably; nothing happens to one that has begun.

    DiskFull, DiskFailed. Takes well under three seconds.
    """
    if journal.next_sequence > 1:
        return
    time_ns = clock.time_ns() - sum(stretch.frames * stretch.apart_ns for stretch in PAST) - MINUTE_NS
    for apart_ns, commands in _frames():
        body = b"".join(commands)
        count = len(commands)
        first, time_ns = engine.sequence + 1, time_ns + apart_ns
        journal.append(body, count=count, first_sequence=first, time_ns=time_ns)
        journal.sync()
        records = engine.apply_batch(body, first, time_ns)
        feed(Commit(records, first, count, time_ns, replayed=True, digest=journal.digest))


def _frames() -> Iterator[tuple[int, list[bytes]]]:
    """How long after the frame before, and blocks of one command each."""
    yield 0, [encode(command) for command in _genesis()]
    rng = random.Random(SEED)
    prices = [market.reference_price for market in MARKETS]
    for part, stretch in enumerate(PAST):
        for frame in range(stretch.frames):
            blocks: list[bytes] = []
            for index, market in enumerate(MARKETS):
                before = prices[index]
                prices[index] = _next_price(rng, market, before, stretch.apart_ns // MINUTE_NS)
                path = _path(rng, market, before, prices[index], rng.randint(2, stretch.trades_max))
                blocks += _trades(rng, MarketId(index + 1), market, path, f"{part}-{frame}-{index}")
            yield stretch.apart_ns, blocks


def _genesis() -> list[Command]:
    """Assets, markets, and the two synthetic accounts with what they trade."""
    commands: list[Command] = [
        CreateAsset(asset.symbol, 8, asset.display_decimals, client_order_id=_id(f"demo-asset-{asset.symbol}"))
        for asset in ASSETS
    ]
    commands += [
        CreateMarket(
            AssetId(market.base),
            AssetId(1),
            tick_size=market.tick_size,
            lot_size=Atoms(market.lot_size),
            reference_price=Ticks(market.reference_price),
            notional_min=NOTIONAL_MIN,
            maker_ppm=FEE_PPM,
            taker_ppm=FEE_PPM,
            client_order_id=_id(f"demo-market-{number}"),
        )
        for number, market in enumerate(MARKETS, 1)
    ]
    for number, account in enumerate((_MAKER, _TAKER)):
        commands.append(OpenAccount(OwnerId(SYNTHETIC_OWNER_FIRST + number)))
        commands += [
            Deposit(account, _id(f"demo-past-{asset}"), AssetId(asset), SYNTHETIC_FUNDS)
            for asset in range(1, len(ASSETS) + 1)
        ]
    return commands


def _next_price(rng: random.Random, market: DemoMarket, price: int, minutes: int) -> int:
    """A walk that is drawn home, so that the market opens near its reference price."""
    for _ in range(minutes):
        pull = (market.reference_price - price) // 80
        price += pull + rng.randint(-market.step, market.step)
    return price


def _path(rng: random.Random, market: DemoMarket, before: int, price: int, trades: int) -> list[Ticks]:
    """The prices of a frame's trades, from near the one before to near the new one: a candle opens where one closed."""
    off = market.step // 4
    return [
        Ticks(before + (price - before) * number // (trades - 1) + rng.randint(-off, off)) for number in range(trades)
    ]


def _trades(
    rng: random.Random, market_id: MarketId, market: DemoMarket, path: Sequence[Ticks], stem: str
) -> list[bytes]:
    """A trade at each price: the maker rests, the taker takes all of it."""
    blocks: list[bytes] = []
    for number, at in enumerate(path):
        side = rng.choice((Side.BUY, Side.SELL))
        quantity = Lots(rng.randint(market.quantity_max // 50, market.quantity_max))
        name = _id(f"{stem}-{number}")
        maker = PlaceOrder(_MAKER, name, market_id, side.opposite, quantity, at)
        taker = PlaceOrder(_TAKER, name, market_id, side, quantity, at, time_in_force=TimeInForce.IOC)
        blocks += [encode_orders([maker]), encode_orders([taker])]
    return blocks


def _id(text: str) -> ClientOrderId:
    return client_id.parse(text)
