"""A state from the bytes of a snapshot; everything that sections leave out because it follows is made here."""

import struct
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from mexchange.core import book as books
from mexchange.core import snapshot_layout as layout
from mexchange.core.features import FEATURES
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
)
from mexchange.domain.market import AccountStatus, Asset, MarketStatus
from mexchange.domain.order import TimeInForce
from mexchange.domain.units import AssetId, Atoms, Sequence

_FEATURES: Final = 8
"""Number of the section that may be missing."""


class BadSnapshot(Exception):
    """The bytes are not a snapshot that this engine reads."""


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
        (count,) = self.take(layout.COUNT)
        end = self._at + count * shape.size
        if end > len(self._data):
            raise BadSnapshot("a list is longer than its section")
        rows = list(shape.iter_unpack(memoryview(self._data)[self._at : end]))
        self._at = end
        return rows

    def section(self, expected: int) -> tuple[int, "_Reader"]:
        """Rows and reader of the section that comes next."""
        number, rows, size = self.take(layout.SECTION)
        if number != expected or size > len(self._data) - self._at:
            raise BadSnapshot(f"section {number} of {size} bytes where {expected} should be")
        body = self._data[self._at : self._at + size]
        self._at += size
        return rows, _Reader(body)

    @property
    def at_end(self) -> bool:
        """Was all taken."""
        return self._at == len(self._data)

    def end(self) -> None:
        """Raises BadSnapshot unless all was taken."""
        if not self.at_end:
            raise BadSnapshot(f"{len(self._data) - self._at} bytes too many")


def load(data: bytes) -> State:
    """The state that `dump` made these bytes of. Raises BadSnapshot."""
    reader = _Reader(data)
    magic, version = reader.take(layout.PREFIX)
    if magic != layout.MAGIC or version != layout.VERSION:
        raise BadSnapshot(f"neither magic {layout.MAGIC!r} nor version {layout.VERSION}: {magic!r}, {version}")
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
        if not reader.at_end:
            rows, section = reader.section(_FEATURES)
            for _ in range(rows):
                _load_feature(state, section)
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
    ) = reader.take(layout.HEAD)


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\0").decode()


def _load_asset(state: State, reader: _Reader) -> None:
    asset_id, scale, display_decimals, supply_max, symbol = reader.take(layout.ASSET)
    state.assets[asset_id] = Asset(AssetId(asset_id), _text(symbol), scale, display_decimals, Atoms(supply_max))
    state.asset_ids[_text(symbol)] = asset_id


def _load_market(state: State, reader: _Reader) -> None:
    market_id, base, quote, status, *rules, reference_price, trade_id, symbol = reader.take(layout.MARKET)
    market = MarketState(market_id, _text(symbol), base, quote, *rules, MarketStatus(status), reference_price)  # type: ignore[call-arg]
    for tier, maker_ppm, taker_ppm in reader.take_list(layout.FEE):
        market.set_fee(tier, Fee(maker_ppm, taker_ppm))
    state.markets[market_id] = market
    state.market_ids[base, quote] = market_id
    state.books[market_id] = Book(market_id, trade_id=trade_id)


def _load_balances(reader: _Reader) -> Balances:
    return Balances(
        {asset_id: Balance(available, held) for asset_id, available, held in reader.take_list(layout.BALANCE)}
    )


def _load_system(state: State, reader: _Reader) -> None:
    (account_id,) = reader.take(layout.COUNT)
    state.system[account_id] = _load_balances(reader)


def _load_account(state: State, reader: _Reader) -> None:
    account_id, owner, number, status, prevention, fee_tier, open_orders_max, notional_max, sequence = reader.take(
        layout.ACCOUNT
    )
    account = Account(
        account_id, owner, number, AccountStatus(status), fee_tier, prevention, open_orders_max, notional_max, sequence
    )
    account.balances = _load_balances(reader)
    for withdrawal_id, asset_id, amount in reader.take_list(layout.WITHDRAWAL):
        account.withdrawals[withdrawal_id] = Withdrawal(withdrawal_id, asset_id, amount)
    state.accounts[account_id] = account
    state.account_ids[owner, number] = account_id


def _load_order(state: State, reader: _Reader) -> None:
    *identity, price, quantity, expiry_ns, leaves, filled, placed_sequence = reader.take(layout.ORDER)
    order = Order(*identity, price, quantity, expiry_ns, placed_sequence, leaves, filled)  # type: ignore[call-arg]
    books.rest(state.books[order.market_id], order)


def _load_memory(state: State, reader: _Reader) -> None:
    account_id, evicted = reader.take(layout.MEMORY)
    account = state.accounts[account_id] if account_id else state.operator
    answers = {row[0]: Answer(*row[1:]) for row in reader.take_list(layout.ANSWER)}
    recent = deque(reader.take_list(layout.RECENT))
    settled, texts = ([key for (key,) in reader.take_list(layout.ID)] for _ in range(2))
    account.memory = Memory(answers, recent, settled, deque(texts), evicted)


def _load_feature(state: State, reader: _Reader) -> None:
    number, from_sequence = reader.take(layout.FEATURE)
    if number not in FEATURES:
        raise BadSnapshot(f"feature {number}, which this version does not know")
    state.features[number] = Sequence(from_sequence)


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
