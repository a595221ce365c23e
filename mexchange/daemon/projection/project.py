"""Events to rows: the one place that says what the history tables hold.

A function of the events and of what the tables say: no clock, no database. Money moves as `core` moved it; what the
events do not tell, the sums of a trade, is the same arithmetic again, exact in integers. Where an event tells a
balance, it is compared: rows that do not agree with the engine are never written.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Final

from mexchange.codec import MessageType, decode
from mexchange.codec.blocks import split
from mexchange.codec.events import RECORD_SIZE
from mexchange.codec.messages import AssetsPage, MarketInfo, MarketsPage
from mexchange.codec.record_layout import LINKED, MAKER_BIT, SIDE_BITS
from mexchange.daemon.projection.rows import (
    FEE,
    FILLED,
    FILLED_VALUE,
    LEAVES,
    PRICE,
    QUANTITY,
    REASON,
    UPDATED_NS,
    UPDATED_SEQUENCE,
    Cursor,
    Known,
    OrderRow,
    Rows,
)
from mexchange.domain import cost_basis
from mexchange.domain.candles import Candle, Interval, aggregate, merge, of_trade, with_trade
from mexchange.domain.events import EventKind
from mexchange.domain.history import DAY_NS, EntryKind, WithdrawalStatus
from mexchange.domain.order import OrderFlag, SelfTradePrevention, Side
from mexchange.domain.units import I64_MAX, Lots, Ticks, TradeId
from mexchange.store.spool import Entry

EXTERNAL: Final = 1
FEES: Final = 2
"""Accounts of the system that move with everybody's money."""
WITHOUT_ROWS: Final = frozenset(
    {
        EventKind.REPEATED,
        EventKind.MASS_CANCELLED,
        EventKind.ACCOUNT_CHANGED,
        EventKind.ASSET_CHANGED,
        EventKind.MARKET_CHANGED,
        EventKind.FEES_CHANGED,
        EventKind.LEVEL_CHANGED,
    }
)

_ACCOUNT: Final = Struct(f"<Q{RECORD_SIZE - 8}x")
_MARKETS: Final = Struct("<24xB3xI48x")
_LEVEL_CHANGED: Final = int(EventKind.LEVEL_CHANGED)
_FILLED: Final = int(EventKind.FILLED)
_ACCEPTED: Final = int(EventKind.ACCEPTED)
_DONE: Final = int(EventKind.DONE)
_BUY: Final = int(Side.BUY)
_TRADE: Final = int(EntryKind.TRADE)
_FEE: Final = int(EntryKind.FEE)
_QUOTE_AMOUNT: Final = int(OrderFlag.QUOTE_AMOUNT)
_DECREMENT: Final = int(SelfTradePrevention.DECREMENT)
_FLAGS: Final = 7
"""Place of the flags in an OrderRow."""
assert _MARKETS.size == RECORD_SIZE == LINKED.size == _ACCOUNT.size


class Diverged(Exception):
    """The rows do not agree with the engine: they must be made again, from the beginning."""


class Projection:
    """What the next rows depend on, kept in memory, and the rows that were made and not taken yet."""

    def __init__(self, cursor: Cursor, markets: Iterable[MarketInfo]) -> None:
        self.cursor = cursor
        """Of the last event applied."""
        self._markets = {int(market.market): market for market in markets}
        self._balances: dict[int, dict[int, int]] = {}
        self._orders: dict[int, OrderRow] = {}
        self._holdings: dict[tuple[int, int], cost_basis.Holding] = {}
        self._candles: dict[tuple[int, int], Candle] = {}
        self._known_markets: set[int] = set()
        self._rows = Rows(cursor, cursor)

    def wants(self, entries: Iterable[Entry]) -> tuple[set[int], set[int]]:
        """(accounts, markets) in these entries of which the database has to be asked first."""
        accounts = {EXTERNAL, FEES}
        markets: set[int] = set()
        for entry in entries:
            accounts.update(account for (account,) in _ACCOUNT.iter_unpack(entry.records))
            markets.update(market for kind, market in _MARKETS.iter_unpack(entry.records) if kind == _FILLED)
        accounts.discard(0)
        return accounts - self._balances.keys(), markets - self._known_markets

    def learn(self, accounts: Iterable[int], markets: Iterable[int], known: Known) -> None:
        """What the database said of them."""
        for account in accounts:
            self._balances[account] = known.balances.get(account, {})
        self._known_markets.update(markets)
        self._orders.update((row[0], row) for row in known.orders)
        self._holdings.update(known.holdings)
        self._candles.update(known.candles)

    def markets(self) -> list[int]:
        """All that there are."""
        return list(self._markets)

    @property
    def rows(self) -> Rows:
        """Made since the last `take`."""
        return self._rows

    def take(self) -> Rows:
        """The rows so far; further ones begin where these end."""
        rows, self._rows = self._rows, Rows(self.cursor, self.cursor)
        return rows

    def apply(self, entry: Entry) -> None:
        """One frame. What `wants` named has been learnt. Raises Diverged."""
        if entry.first_sequence != self.cursor.sequence + 1:
            raise Diverged(f"sequence {entry.first_sequence} came where {self.cursor.sequence + 1} is next")
        if entry.definitions:
            self._define(entry.definitions)
        before = len(self._rows.ledger)
        self._apply_records(entry.records, entry.time_ns)
        entries = self.cursor.entries + len(self._rows.ledger) - before
        self.cursor = Cursor(entry.last_sequence, entry.time_ns, entry.digest, entries)
        self._rows.after = self.cursor
        self._rows.events += len(entry.records) // RECORD_SIZE

    def _apply_records(self, records: bytes, time_ns: int) -> None:
        """The loop through which everything goes; what is rare stands in functions of its own."""
        orders, rows = self._orders, self._rows
        orders_new, orders_changed = rows.orders_new, rows.orders_changed
        seconds: dict[int, Candle] = {}
        for record in LINKED.iter_unpack(records):
            account, _, sequence, kind, flags, info, market, order_id, v0, v1, v2, v3, v4 = record
            if kind == _LEVEL_CHANGED:
                continue
            if kind == _FILLED:
                row = orders[order_id]
                if order_id not in orders_new:
                    orders_changed[order_id] = row
                self._fill(row, record, time_ns, seconds)
            elif kind == _ACCEPTED:
                orders[order_id] = orders_new[order_id] = [
                    order_id,
                    account,
                    _id(v0, v1),
                    market,
                    flags & SIDE_BITS,
                    info & 15,
                    info >> 4 & 15,
                    info >> 8,
                    v2,
                    v3,
                    v3,
                    0,
                    0,
                    0,
                    0,
                    v4,
                    time_ns,
                    sequence,
                    time_ns,
                    sequence,
                ]
            elif kind == _DONE:
                row = orders.pop(order_id)
                if row[FILLED] != v3:
                    raise Diverged(f"order {order_id} filled {row[FILLED]} lots in the rows, {v3} in the engine")
                row[LEAVES], row[REASON], row[UPDATED_NS], row[UPDATED_SEQUENCE] = v2, info, time_ns, sequence
                if order_id not in orders_new:
                    orders_changed[order_id] = row
            else:
                self._apply_rare(record, time_ns)
        self._fold(seconds)

    def _fill(self, order: OrderRow, record: tuple[int, ...], time_ns: int, seconds: dict[int, Candle]) -> None:
        """One side of a trade: what it gives and gets, the fee, the order, and for the taker's side the trade."""
        account, account_sequence, sequence, _, flags, _, market, order_id, trade_id, price, lots, leaves, fee = record
        info, rows = self._markets[market], self._rows
        side = flags & SIDE_BITS
        value, base = price * lots * info.atoms_per_tick_lot, lots * info.lot_size
        held = self._holdings.get((account, market), cost_basis.NOTHING)
        if side == _BUY:
            given, got, asset_given, asset_got = value, base, int(info.quote), int(info.base)
            holding = cost_basis.bought(held, quantity=base - fee, cost=value)
        else:
            given, got, asset_given, asset_got = base, value, int(info.base), int(info.quote)
            holding = cost_basis.sold(held, quantity=base, proceeds=value - fee)
        if holding is not held:
            self._holdings[account, market] = rows.holdings[account, market] = holding
        self._move(account, asset_given, _TRADE, -given, market, trade_id, sequence, time_ns)
        self._move(account, asset_got, _TRADE, got, market, trade_id, sequence, time_ns)
        if fee:
            self._move(account, asset_got, _FEE, -fee, market, trade_id, sequence, time_ns)
            self._move(FEES, asset_got, _FEE, fee, market, trade_id, sequence, time_ns)
        is_maker = 1 if flags & MAKER_BIT else 0
        realised = _within_64_bits(holding.realised - held.realised)
        rows.fills.append(
            (
                account,
                time_ns,
                account_sequence,
                sequence,
                market,
                trade_id,
                order_id,
                side,
                is_maker,
                price,
                lots,
                value,
                fee,
                realised,
            )
        )
        order[LEAVES] = leaves
        order[FILLED] += lots
        order[FILLED_VALUE] = _within_64_bits(order[FILLED_VALUE] + value)
        order[FEE] = _within_64_bits(order[FEE] + fee)
        order[UPDATED_NS], order[UPDATED_SEQUENCE] = time_ns, sequence
        if not is_maker:
            rows.trades.append((market, time_ns, trade_id, sequence, price, lots, side))
            self._trade(market, TradeId(trade_id), time_ns, Ticks(price), Lots(lots), seconds)

    def _move(
        self, account: int, asset: int, kind: int, amount: int, market: int, reference: int, sequence: int, time_ns: int
    ) -> int:
        """One ledger entry; the balance after it."""
        rows, balances = self._rows, self._balances[account]
        balances[asset] = balance = balances.get(asset, 0) + amount
        entry = rows.before.entries + len(rows.ledger) + 1
        rows.ledger.append((account, time_ns, entry, asset, kind, amount, balance, market, reference, sequence))
        rows.balances[account, asset] = rows.balances_daily[account, asset, time_ns // DAY_NS] = balance
        return balance

    def _trade(
        self, market: int, trade_id: TradeId, time_ns: int, price: Ticks, lots: Lots, seconds: dict[int, Candle]
    ) -> None:
        """All trades of a frame have one time, and so are in one second."""
        second = seconds.get(market)
        if second is None:
            seconds[market] = of_trade(Interval.S1, trade_id=trade_id, time_ns=time_ns, price=price, quantity=lots)
        else:
            seconds[market] = with_trade(second, trade_id=trade_id, price=price, quantity=lots)

    def _fold(self, seconds: dict[int, Candle]) -> None:
        """A frame's candles become part of those of every interval."""
        for market, second in seconds.items():
            for interval in Interval:
                (candle,) = aggregate([second], interval)
                newest = self._candles.get((market, interval))
                if newest is not None and newest.open_ns == candle.open_ns:
                    candle = merge(newest, candle)
                self._candles[market, interval] = self._rows.candles[market, interval, candle.open_ns] = candle

    def _apply_rare(self, record: tuple[int, ...], time_ns: int) -> None:
        account, account_sequence, sequence, kind, _, info, market, order_id, v0, v1, v2, _, _ = record
        rows = self._rows
        match kind:
            case EventKind.AMENDED | EventKind.PREVENTED:
                self._change(record, time_ns)
            case EventKind.REJECTED if account_sequence and account:
                client_order_id = _id(v0, v1)
                rows.rejects.append(
                    (account, time_ns, account_sequence, sequence, client_order_id, market, order_id, info, v2)
                )
            case EventKind.ACCOUNT_OPENED if account_sequence:
                rows.accounts.append((account, v2, market, time_ns, sequence))
            case EventKind.DEPOSITED:
                rows.deposits.append((account, time_ns, account_sequence, sequence, market, v2, _id(v0, v1)))
                self._between(record, EntryKind.DEPOSIT, v2, EXTERNAL, time_ns)
            case EventKind.TRANSFERRED:  # the other account's event moves the other half
                self._compare(
                    record, self._move(account, market, EntryKind.TRANSFER, v2, 0, order_id, sequence, time_ns)
                )
            case EventKind.WITHDRAWAL_HELD:
                held = int(WithdrawalStatus.HELD)
                rows.withdrawals_new.append((order_id, account, market, v2, held, _id(v0, v1), time_ns, sequence, 0, 0))
            case EventKind.WITHDRAWAL_CONFIRMED:
                rows.withdrawals_ended.append((int(WithdrawalStatus.CONFIRMED), time_ns, sequence, order_id))
                self._between(record, EntryKind.WITHDRAWAL, -v2, EXTERNAL, time_ns)
            case EventKind.WITHDRAWAL_RELEASED:
                rows.withdrawals_ended.append((int(WithdrawalStatus.RELEASED), time_ns, sequence, order_id))
            case _:
                assert kind in WITHOUT_ROWS or not account or not account_sequence, f"event {kind} wants rows"

    def _between(self, record: tuple[int, ...], kind: EntryKind, amount: int, other: int, time_ns: int) -> None:
        """`amount` comes to the account from `other`, an account without events."""
        account, _, sequence, _, _, _, asset, reference, *_ = record
        self._compare(record, self._move(account, asset, kind, amount, 0, reference, sequence, time_ns))
        self._move(other, asset, kind, -amount, 0, account, sequence, time_ns)

    def _compare(self, record: tuple[int, ...], balance: int) -> None:
        account, _, sequence, _, _, _, asset, *_, available, held = record
        if balance != available + held:
            raise Diverged(
                f"account {account} has {balance} of asset {asset} in the rows, {available + held} in the engine "
                f"at sequence {sequence}"
            )

    def _change(self, record: tuple[int, ...], time_ns: int) -> None:
        """An order goes on with other values, or lost lots to self-trade prevention."""
        _, _, sequence, kind, _, info, _, order_id, _, _, v2, v3, v4 = record
        row = self._orders[order_id]
        if kind == EventKind.AMENDED:
            row[PRICE], row[QUANTITY], row[LEAVES] = v2, v3, v4
        else:
            row[LEAVES] = v3
            if info == _DECREMENT and not row[_FLAGS] & _QUOTE_AMOUNT:
                row[QUANTITY] -= v2
        row[UPDATED_NS], row[UPDATED_SEQUENCE] = time_ns, sequence
        if order_id not in self._rows.orders_new:
            self._rows.orders_changed[order_id] = row

    def _define(self, definitions: bytes) -> None:
        for message_type, _, payload in split(definitions):
            message = decode(message_type, payload)
            assert isinstance(message, AssetsPage | MarketsPage), MessageType(message_type)
            if isinstance(message, AssetsPage):
                self._rows.assets += [(a.asset, a.symbol, a.scale, a.display_decimals) for a in message.assets]
                continue
            for m in message.markets:
                self._markets[int(m.market)] = m
                self._rows.markets.append(
                    (m.market, m.symbol, m.base, m.quote, m.tick_size, m.lot_size, m.atoms_per_tick_lot)
                )


def _id(low: int, high: int) -> bytes:
    """A client order id of its two halves, the second one signed."""
    return (low | (high & 0xFFFF_FFFF_FFFF_FFFF) << 64).to_bytes(16, "little")


def _within_64_bits(value: int) -> int:
    """Sums for display may exceed a column; they stop at its end."""
    return max(-I64_MAX, min(value, I64_MAX))
