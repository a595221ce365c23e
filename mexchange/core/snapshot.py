"""The whole state as bytes and back: sections in a fixed order, each sorted, so that equal states are equal bytes.

    "mXsnap" | version u16 | section*        section = id u16 | rows u32 | bytes u64 | bytes

Little-endian. Sections and their rows, by id; a list inside a row is preceded by its length as u32:

    1 HEAD       sequence, time, running digest, counters
    2 ASSETS     by asset id
    3 MARKETS    by market id, with fees per tier, reference price and last trade id
    4 SYSTEM     balances of the system accounts, by account id
    5 ACCOUNTS   by account id: settings, balances by asset, pending withdrawals by id
    6 ORDERS     by market; bids then asks, best price first, oldest first: the order of the rows is the queue
    7 MEMORIES   client order ids by account (0: the operator): answers by id, then the queues of finished ones

Zero balances are left out. Everything else (which orders an account has open, expiries) follows from these.
"""

import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any, Final

from mexchange.core import book as books
from mexchange.core.state import (
    Account,
    Answer,
    Balance,
    Balances,
    Book,
    Fee,
    MarketState,
    Memory,
    Order,
    State,
    Withdrawal,
    orders_of,
)
from mexchange.domain.market import AccountStatus, Asset, MarketStatus
from mexchange.domain.order import TimeInForce
from mexchange.domain.units import AssetId, Atoms

MAGIC: Final = b"mXsnap"
VERSION: Final = 1

_PREFIX: Final = struct.Struct("<6sH")
_SECTION: Final = struct.Struct("<HIQ")
_COUNT: Final = struct.Struct("<I")
_HEAD: Final = struct.Struct("<Qq16sQQQ")
_ASSET: Final = struct.Struct("<IBBq10s")
_MARKET: Final = struct.Struct("<IIIIqqqqqqqqQ24s")
_FEE: Final = struct.Struct("<Iqq")
_BALANCE: Final = struct.Struct("<Iqq")
_ACCOUNT: Final = struct.Struct("<QQIBBHIqQ")
_WITHDRAWAL: Final = struct.Struct("<QIq")
_ORDER: Final = struct.Struct("<Q16sQQIBBBBBqqqqqQ")
_MEMORY: Final = struct.Struct("<Q16s")
_ANSWER: Final = struct.Struct("<16s8sBBIQQ")
_RECENT: Final = struct.Struct("<q16s")


class BadSnapshot(Exception):
    """The bytes are not a snapshot that this engine reads."""


def hash_of(snapshot: bytes) -> bytes:
    """BLAKE2b-256 of a snapshot's bytes: the state hash."""
    return blake2b(snapshot, digest_size=32).digest()


def dump(state: State) -> bytes:
    """The canonical bytes of the state."""
    rows_of: tuple[Callable[[State], Iterable[bytes]], ...] = (
        _head_rows,
        _asset_rows,
        _market_rows,
        _system_rows,
        _account_rows,
        _order_rows,
        _memory_rows,
    )
    parts = [_PREFIX.pack(MAGIC, VERSION)]
    for number, make in enumerate(rows_of, 1):
        rows = list(make(state))
        body = b"".join(rows)
        parts += [_SECTION.pack(number, len(rows), len(body)), body]
    return b"".join(parts)


def _head_rows(state: State) -> Iterator[bytes]:
    yield _HEAD.pack(
        state.sequence,
        state.time_ns,
        state.digest,
        state.account_counter,
        state.order_counter,
        state.withdrawal_counter,
    )


def _asset_rows(state: State) -> Iterator[bytes]:
    for asset_id, asset in sorted(state.assets.items()):
        yield _ASSET.pack(asset_id, asset.scale, asset.display_decimals, asset.supply_max, asset.symbol.encode())


def _market_rows(state: State) -> Iterator[bytes]:
    for market_id, market in sorted(state.markets.items()):
        fees = sorted(market.fees_set.items())
        yield (
            _MARKET.pack(
                market_id,
                market.base,
                market.quote,
                market.status,
                market.tick_size,
                market.lot_size,
                market.atoms_per_tick_lot,
                market.quantity_min,
                market.quantity_max,
                market.notional_min,
                market.band_ppm,
                market.reference_price,
                state.books[market_id].trade_id,
                market.symbol.encode(),
            )
            + _COUNT.pack(len(fees))
            + b"".join([_FEE.pack(tier, fee.maker_ppm, fee.taker_ppm) for tier, fee in fees])
        )


def _balance_list(balances: Balances) -> bytes:
    rows = [
        _BALANCE.pack(asset_id, one.available, one.held)
        for asset_id, one in sorted(balances.items())
        if one.available or one.held
    ]
    return _COUNT.pack(len(rows)) + b"".join(rows)


def _system_rows(state: State) -> Iterator[bytes]:
    for account_id, balances in sorted(state.system.items()):
        yield _COUNT.pack(account_id) + _balance_list(balances)


def _account_rows(state: State) -> Iterator[bytes]:
    for account_id, account in sorted(state.accounts.items()):
        withdrawals = [
            _WITHDRAWAL.pack(number, one.asset_id, one.amount) for number, one in sorted(account.withdrawals.items())
        ]
        yield (
            _ACCOUNT.pack(
                account_id,
                account.owner,
                account.number,
                account.status,
                account.self_trade_prevention,
                account.fee_tier,
                account.open_orders_max,
                account.order_notional_max,
                account.sequence,
            )
            + _balance_list(account.balances)
            + _COUNT.pack(len(withdrawals))
            + b"".join(withdrawals)
        )


def _order_rows(state: State) -> Iterator[bytes]:
    for _, book in sorted(state.books.items()):
        for order in (*orders_of(book.bids), *orders_of(book.asks)):
            yield _ORDER.pack(
                order.order_id,
                order.client_order_id,
                order.account_id,
                order.owner,
                order.market_id,
                order.side,
                order.order_type,
                order.time_in_force,
                order.self_trade_prevention,
                order.flags,
                order.price,
                order.quantity,
                order.expiry_ns,
                order.leaves,
                order.filled,
                order.placed_sequence,
            )


def _memory_rows(state: State) -> Iterator[bytes]:
    for account in (state.operator, *(account for _, account in sorted(state.accounts.items()))):
        memory = account.memory
        if not memory.answers and not any(memory.evicted):
            continue
        answers = [
            _ANSWER.pack(key, one.digest, one.kind, one.reason, one.market_id, one.order_id, one.sequence)
            for key, one in sorted(memory.answers.items())
        ]
        yield b"".join(
            [
                _MEMORY.pack(account.account_id, memory.evicted),
                _COUNT.pack(len(answers)),
                *answers,
                _COUNT.pack(len(memory.recent)),
                *[_RECENT.pack(finished_ns, key) for finished_ns, key in memory.recent],
                _COUNT.pack(len(memory.settled)),
                *sorted(memory.settled),
                _COUNT.pack(len(memory.texts)),
                *memory.texts,
            ]
        )


class _Reader:
    """Takes a section apart, front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, shape: struct.Struct) -> tuple[Any, ...]:
        """The next values."""
        try:
            values = shape.unpack_from(self._data, self._at)
        except struct.error as error:
            raise BadSnapshot(f"too short: {error}") from None
        self._at += shape.size
        return values

    def take_list(self, shape: struct.Struct) -> list[tuple[Any, ...]]:
        """A count, then so many values."""
        (count,) = self.take(_COUNT)
        end = self._at + count * shape.size
        if end > len(self._data):
            raise BadSnapshot("a list is longer than its section")
        rows = list(shape.iter_unpack(memoryview(self._data)[self._at : end]))
        self._at = end
        return rows

    def section(self, expected: int) -> tuple[int, "_Reader"]:
        """Rows and reader of the section that comes next."""
        number, rows, size = self.take(_SECTION)
        if number != expected or size > len(self._data) - self._at:
            raise BadSnapshot(f"section {number} of {size} bytes where {expected} should be")
        body = self._data[self._at : self._at + size]
        self._at += size
        return rows, _Reader(body)

    def end(self) -> None:
        """Raises BadSnapshot unless all was taken."""
        if self._at != len(self._data):
            raise BadSnapshot(f"{len(self._data) - self._at} bytes too many")


def load(data: bytes) -> State:
    """The state that `dump` made these bytes of. Raises BadSnapshot."""
    reader = _Reader(data)
    magic, version = reader.take(_PREFIX)
    if magic != MAGIC or version != VERSION:
        raise BadSnapshot(f"neither magic {MAGIC!r} nor version {VERSION}: {magic!r}, {version}")
    state = State()
    load_row: tuple[Callable[[State, _Reader], None], ...] = (
        _load_head,
        _load_asset,
        _load_market,
        _load_system,
        _load_account,
        _load_order,
        _load_memory,
    )
    try:
        for number, load_one in enumerate(load_row, 1):
            rows, section = reader.section(number)
            for _ in range(rows):
                load_one(state, section)
            section.end()
        reader.end()
        _index(state)
    except (ValueError, LookupError) as error:
        raise BadSnapshot(f"a value that cannot be: {error!r}") from error
    return state


def _load_head(state: State, reader: _Reader) -> None:
    (
        state.sequence,
        state.time_ns,
        state.digest,
        state.account_counter,
        state.order_counter,
        state.withdrawal_counter,
    ) = reader.take(_HEAD)


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\0").decode()


def _load_asset(state: State, reader: _Reader) -> None:
    asset_id, scale, display_decimals, supply_max, symbol = reader.take(_ASSET)
    state.assets[asset_id] = Asset(AssetId(asset_id), _text(symbol), scale, display_decimals, Atoms(supply_max))
    state.asset_ids[_text(symbol)] = asset_id


def _load_market(state: State, reader: _Reader) -> None:
    market_id, base, quote, status, *rules, reference_price, trade_id, symbol = reader.take(_MARKET)
    market = MarketState(market_id, _text(symbol), base, quote, *rules, MarketStatus(status), reference_price)  # type: ignore[call-arg]
    for tier, maker_ppm, taker_ppm in reader.take_list(_FEE):
        market.set_fee(tier, Fee(maker_ppm, taker_ppm))
    state.markets[market_id] = market
    state.market_ids[base, quote] = market_id
    state.books[market_id] = Book(market_id, trade_id=trade_id)


def _load_balances(reader: _Reader) -> Balances:
    return Balances({asset_id: Balance(available, held) for asset_id, available, held in reader.take_list(_BALANCE)})


def _load_system(state: State, reader: _Reader) -> None:
    (account_id,) = reader.take(_COUNT)
    state.system[account_id] = _load_balances(reader)


def _load_account(state: State, reader: _Reader) -> None:
    account_id, owner, number, status, prevention, fee_tier, open_orders_max, notional_max, sequence = reader.take(
        _ACCOUNT
    )
    account = Account(
        account_id, owner, number, AccountStatus(status), fee_tier, prevention, open_orders_max, notional_max, sequence
    )
    account.balances = _load_balances(reader)
    for withdrawal_id, asset_id, amount in reader.take_list(_WITHDRAWAL):
        account.withdrawals[withdrawal_id] = Withdrawal(withdrawal_id, asset_id, amount)
    state.accounts[account_id] = account
    state.account_ids[owner, number] = account_id


def _load_order(state: State, reader: _Reader) -> None:
    *identity, price, quantity, expiry_ns, leaves, filled, placed_sequence = reader.take(_ORDER)
    order = Order(*identity, price, quantity, expiry_ns, placed_sequence, leaves, filled)  # type: ignore[call-arg]
    books.rest(state.books[order.market_id], order)


def _load_memory(state: State, reader: _Reader) -> None:
    account_id, evicted = reader.take(_MEMORY)
    account = state.accounts[account_id] if account_id else state.operator
    answers = {row[0]: Answer(*row[1:]) for row in reader.take_list(_ANSWER)}
    recent = deque(reader.take_list(_RECENT))
    settled, texts = ([key for (key,) in reader.take_list(struct.Struct("<16s"))] for _ in range(2))
    account.memory = Memory(answers, recent, settled, deque(texts), evicted)


def _index(state: State) -> None:
    """What follows from the sections: which orders are open where, and when they expire."""
    orders = [order for book in state.books.values() for order in book.orders.values()]
    for order in sorted(orders, key=lambda order: order.order_id):
        account = state.accounts[order.account_id]
        account.orders[order.order_id] = order.market_id
        account.open_in[order.market_id] = account.open_in.get(order.market_id, 0) + 1
        if order.time_in_force == TimeInForce.GTD:
            state.expiries.add((order.expiry_ns, order.order_id, order.market_id))
    for book in state.books.values():
        book.bids.touched.clear()
        book.asks.touched.clear()
