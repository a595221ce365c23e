"""What an open order costs in memory: resident size of an engine with many of them, minus that of one without.

Orders rest at two hundred prices in one market, spread over as many accounts as the limit per account demands. The
memory of client order ids is part of it.
"""

import gc
import multiprocessing
import os
import random
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final

from mexchange.codec import encode, encode_orders
from mexchange.core.features import FEATURES
from mexchange.daemon.engine_choice import PYTHON, Engine
from mexchange.domain.client_id import mint
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, OpenAccount, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OwnerId, Ticks
from tests.engine.engines import ENGINES, state_of

ACCOUNTS: Final = 100
ORDERS_PER_ACCOUNT: Final = 1_000
BATCH: Final = 16
FIRST_ACCOUNT: Final = 16
PRICE: Final = 100_000
LEVELS: Final = 100


def measure() -> list[dict[str, Any]]:
    """Resident bytes per open order, of each engine in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as processes:
        sizes = {name: processes.submit(_bytes_per_order, name).result() for name in ENGINES}
    return [
        {
            "name": f"memory_per_open_order_{name}",
            "value": size,
            "unit": "bytes",
            "baseline": None if name == PYTHON else sizes[PYTHON],
            "ratio": None if name == PYTHON else round(size / sizes[PYTHON], 4),
        }
        for name, size in sizes.items()
    ]


def _bytes_per_order(name: str) -> int:
    source = random.Random(1)
    engine = ENGINES[name]()
    for feature in FEATURES:
        engine.enable(feature, 1)
    _apply(engine, b"".join(encode(command) for command in _setup(source)))
    gc.collect()
    before = _resident_bytes()
    for number in range(ACCOUNTS):
        orders = [_order(source, AccountId(FIRST_ACCOUNT + number)) for _ in range(ORDERS_PER_ACCOUNT)]
        for first in range(0, ORDERS_PER_ACCOUNT, BATCH):
            _apply(engine, encode_orders(orders[first : first + BATCH]))
        del orders
    gc.collect()
    grown = _resident_bytes() - before
    opened = sum(len(book.orders) for book in state_of(engine).books.values())
    assert opened == ACCOUNTS * ORDERS_PER_ACCOUNT
    return round(grown / opened)


def _setup(source: random.Random) -> list[Command]:
    commands: list[Command] = [
        CreateAsset("KCN"),
        CreateAsset("EUR"),
        CreateMarket(AssetId(1), AssetId(2), 10_000_000, Atoms(100_000), Ticks(PRICE)),
    ]
    for number in range(ACCOUNTS):
        account = AccountId(FIRST_ACCOUNT + number)
        commands.append(OpenAccount(OwnerId(1_000 + number)))
        for asset in (1, 2):
            client_order_id = mint(1_800_000_000_000, source.getrandbits(74))
            commands.append(Deposit(account, client_order_id, AssetId(asset), Atoms(10**16)))
    return commands


def _order(source: random.Random, account: AccountId) -> PlaceOrder:
    side = source.choice((Side.BUY, Side.SELL))
    away = source.randrange(1, LEVELS + 1)
    price = PRICE - away if side is Side.BUY else PRICE + away
    client_order_id = mint(1_800_000_000_001, source.getrandbits(74))
    return PlaceOrder(account, client_order_id, MarketId(1), side, Lots(source.randrange(1, 100)), Ticks(price))


def _apply(engine: Engine, blocks: bytes) -> None:
    engine.apply_batch(blocks, engine.sequence + 1, engine.time_ns + 1)


def _resident_bytes() -> int:
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - Linux only, as the figure is
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
