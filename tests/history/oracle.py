"""What the tables must say, found the slow way: typed events of a replay in the Python engine, sums over plain lists.

Shares no line with the projector. `Past` is fed with frames; `check` compares it with tables as `read_tables` reads
them, row by row where events say what a row is, and by the laws of bookkeeping where the ledger adds something.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mexchange.codec.events import decode_records
from mexchange.core.engine import Engine
from mexchange.core.state import orders_of
from mexchange.daemon.recovery import enable
from mexchange.domain.events import (
    Accepted,
    AccountOpened,
    Amended,
    Deposited,
    Done,
    Event,
    Filled,
    Prevented,
    Rejected,
    WithdrawalConfirmed,
    WithdrawalHeld,
    WithdrawalReleased,
)
from mexchange.domain.order import OrderFlag, SelfTradePrevention, Side
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.disk import RealDisk
from mexchange.store.frame import FrameType
from mexchange.store.history_tables import metadata
from mexchange.store.reader import feature_of, read_frames, read_marks

Tables = dict[str, list[dict[str, Any]]]

SECONDS = {1: 1, 2: 60, 3: 300, 4: 900, 5: 3_600, 6: 14_400, 7: 86_400, 8: 604_800}
"""Of the candles' intervals."""
MONDAY_S = 4 * 86_400


async def read_tables(setting: str, data: Path) -> Tables:
    """Everything, at one moment."""
    database = Database(place_of(DatabaseName.HISTORY, setting, data))
    tables: Tables = {}
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            order = list(table.primary_key)
            rows = await connection.execute(sa.select(table).order_by(*order))
            tables[table.name] = [dict(row._mapping) for row in rows]
    await database.close()
    return tables


def past_of(data: Path, until_sequence: int) -> "Past":
    """Of the journal of a data directory, up to the frame that ends at this sequence."""
    past, disk = Past(), RealDisk(data)
    skipped, _ = read_marks(disk)
    assert not skipped
    for frame in read_frames(disk, until_sequence=until_sequence):
        if frame.type is FrameType.FEATURE:
            enable(past.engine, [feature_of(frame)])
        if frame.count:
            past.play(frame.body, frame.first_sequence, frame.time_ns)
    assert past.engine.sequence == until_sequence
    return past


def check_journal(setting: str, data: Path) -> Tables:
    """The tables of a data directory say what its journal says, up to their cursor. Returns them."""
    tables = asyncio.run(read_tables(setting, data))
    (cursor,) = tables["cursor"]
    past_of(data, cursor["sequence"]).check(tables)
    return tables


class Past:
    """A replay that keeps everything."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.orders: dict[int, dict[str, Any]] = {}
        self.withdrawals: dict[int, dict[str, Any]] = {}
        self.lists: Tables = defaultdict(list)
        self.totals: dict[int, dict[tuple[int, int], int]] = {}
        """Sequence at a frame's end → balances, held amounts included."""

    def play(self, body: bytes, first_sequence: int, time_ns: int) -> bytes:
        """One frame; its records."""
        records = self.engine.apply_batch(body, first_sequence, time_ns)
        for event in decode_records(records):
            self._note(event, time_ns)
        self.totals[self.engine.sequence] = self._totals()
        return records

    def _totals(self) -> dict[tuple[int, int], int]:
        state = self.engine.state
        system = [(account, balances) for account, balances in state.system.items()]
        users = [(account.account_id, account.balances) for account in state.accounts.values()]
        return {
            (int(account), int(asset)): balance.available + balance.held
            for account, balances in (*system, *users)
            for asset, balance in balances.items()
            if balance.available + balance.held
        }

    def _note(self, event: Event, time_ns: int) -> None:
        place = {"account": event.account, "time_ns": time_ns, "account_sequence": event.account_sequence}
        match event:
            case Accepted():
                self.orders[event.order_id] = {
                    "order_id": event.order_id,
                    "account": event.account,
                    "client_order_id": event.client_order_id,
                    "market": event.market,
                    "side": event.side,
                    "order_type": event.order_type,
                    "time_in_force": event.time_in_force,
                    "flags": event.flags,
                    "price": event.price,
                    "quantity": event.quantity,
                    "leaves": event.quantity,
                    "filled": 0,
                    "filled_value": 0,
                    "fee": 0,
                    "reason": 0,
                    "expiry_ns": event.expiry_ns,
                    "created_ns": time_ns,
                    "created_sequence": event.sequence,
                    "updated_ns": time_ns,
                    "updated_sequence": event.sequence,
                }
            case Filled() | Done() | Amended() | Prevented():
                self._note_order(event, time_ns)
            case Rejected() if event.account and event.account_sequence:
                self.lists["rejects"].append(
                    {
                        **place,
                        "sequence": event.sequence,
                        "client_order_id": event.client_order_id,
                        "market": event.market,
                        "order_id": event.order_id,
                        "reason": event.reason,
                        "detail": event.detail,
                    }
                )
            case AccountOpened() if event.account_sequence:
                self.lists["accounts"].append(
                    {
                        "account": event.account,
                        "owner": event.owner if event.owner < 2**63 else event.owner - 2**64,
                        "number": event.number,
                        "opened_ns": time_ns,
                        "sequence": event.sequence,
                    }
                )
            case Deposited():
                amounts = {"sequence": event.sequence, "asset": event.asset, "amount": event.amount}
                self.lists["deposits"].append({**place, **amounts, "client_order_id": event.client_order_id})
            case WithdrawalHeld():
                self.withdrawals[event.withdrawal_id] = {
                    "withdrawal_id": event.withdrawal_id,
                    "account": event.account,
                    "asset": event.asset,
                    "amount": event.amount,
                    "status": 1,
                    "client_order_id": event.client_order_id,
                    "requested_ns": time_ns,
                    "requested_sequence": event.sequence,
                    "ended_ns": 0,
                    "ended_sequence": 0,
                }
            case WithdrawalConfirmed() | WithdrawalReleased():
                status = 2 if isinstance(event, WithdrawalConfirmed) else 3
                self.withdrawals[event.withdrawal_id] |= {
                    "status": status,
                    "ended_ns": time_ns,
                    "ended_sequence": event.sequence,
                }
            case _:
                pass

    def _note_order(self, event: Filled | Done | Amended | Prevented, time_ns: int) -> None:
        order = self.orders[event.order_id]
        order |= {"leaves": event.leaves, "updated_ns": time_ns, "updated_sequence": event.sequence}
        match event:
            case Filled():
                value = self._value(event)
                order["filled"] += event.quantity
                order["filled_value"] += value
                order["fee"] += event.fee
                self.lists["fills"].append(
                    {
                        "account": event.account,
                        "time_ns": time_ns,
                        "account_sequence": event.account_sequence,
                        "sequence": event.sequence,
                        "market": event.market,
                        "trade_id": event.trade_id,
                        "order_id": event.order_id,
                        "side": event.side,
                        "is_maker": int(event.is_maker),
                        "price": event.price,
                        "quantity": event.quantity,
                        "value": value,
                        "fee": event.fee,
                    }
                )
            case Done():
                order["reason"] = event.reason
            case Amended():
                order |= {"price": event.price, "quantity": event.quantity}
            case Prevented():
                if event.mode is SelfTradePrevention.DECREMENT and not order["flags"] & OrderFlag.QUOTE_AMOUNT:
                    order["quantity"] -= event.quantity

    def _value(self, event: Filled) -> int:
        return event.price * event.quantity * self.engine.state.markets[event.market].atoms_per_tick_lot

    # What the tables must say.

    def check(self, tables: Tables) -> None:
        """AssertionError where they do not."""
        (cursor,) = tables["cursor"]
        assert cursor["sequence"] == self.engine.sequence
        assert cursor["entries"] == len(tables["ledger"])
        assert tables["orders"] == [self.orders[order_id] for order_id in sorted(self.orders)]
        assert tables["withdrawals"] == [self.withdrawals[number] for number in sorted(self.withdrawals)]
        for name in ("rejects", "accounts", "deposits"):
            assert tables[name] == _sorted(self.lists[name]), name
        self._check_fills(tables)
        self._check_ledger(tables)
        self._check_definitions(tables)
        for interval in SECONDS:
            found = [row for row in tables["candles"] if row["interval"] == interval]
            assert found == self.candles(interval), interval

    def _check_fills(self, tables: Tables) -> None:
        told = [{k: v for k, v in row.items() if k != "realised"} for row in tables["fills"]]
        assert told == _sorted(self.lists["fills"])
        gained, holdings = self.gains()
        key = ("account", "market", "trade_id", "is_maker")
        assert {tuple(row[k] for k in key): row["realised"] for row in tables["fills"]} == gained
        assert {
            (row["account"], row["market"]): (row["quantity"], int(row["cost"]), int(row["realised"]))
            for row in tables["holdings"]
        } == holdings
        takers = [row for row in self.lists["fills"] if not row["is_maker"]]
        columns = ("market", "time_ns", "trade_id", "sequence", "price", "quantity", "side")
        trades = [{column: row[column] for column in columns} for row in takers]
        assert tables["trades"] == sorted(trades, key=lambda row: (row["market"], row["time_ns"], row["trade_id"]))

    def gains(self) -> tuple[dict[tuple[int, ...], int], dict[tuple[int, int], tuple[int, int, int]]]:
        """By average cost: (account, market, trade, is_maker) → gain; (account, market) → (quantity, cost, gained)."""
        gains: dict[tuple[int, ...], int] = {}
        held: dict[tuple[int, int], list[int]] = {}
        for fill in self.lists["fills"]:
            base = fill["quantity"] * self.engine.state.markets[fill["market"]].lot_size
            key, gain = (fill["account"], fill["market"]), 0
            if fill["side"] == Side.BUY:
                quantity, cost, gained = held.get(key, [0, 0, 0])
                held[key] = [quantity + base - fill["fee"], cost + fill["value"], gained]
            elif key in held and held[key][0]:
                quantity, cost, gained = held[key]
                known = min(base, quantity)
                spent = cost * known // quantity
                gain = (fill["value"] - fill["fee"]) * known // base - spent
                held[key] = [quantity - known, cost - spent, gained + gain]
            gains[*key, fill["trade_id"], fill["is_maker"]] = gain
        return gains, {key: (one[0], one[1], one[2]) for key, one in held.items()}

    def _check_ledger(self, tables: Tables) -> None:
        entries = sorted(tables["ledger"], key=lambda row: row["entry"])
        assert [row["entry"] for row in entries] == list(range(1, len(entries) + 1))
        sums: Counter[tuple[int, int]] = Counter()
        balances: dict[tuple[int, int], int] = {}
        daily: dict[tuple[int, int, int], int] = {}
        at = 0
        for sequence in sorted(self.totals):
            while at < len(entries) and entries[at]["sequence"] <= sequence:
                row = entries[at]
                key = (row["account"], row["asset"])
                balances[key] = balances.get(key, 0) + row["amount"]
                assert row["balance"] == balances[key], row
                daily[*key, row["time_ns"] // (86_400 * 10**9)] = row["balance"]
                sums[row["sequence"], row["asset"]] += row["amount"]
                at += 1
            assert {key: value for key, value in balances.items() if value} == self.totals[sequence], sequence
        assert at == len(entries)
        assert not any(sums.values()), "double entry"
        assert {(row["account"], row["asset"]): row["balance"] for row in tables["balances"]} == balances
        told = {(row["account"], row["asset"], row["day"]): row["balance"] for row in tables["balances_daily"]}
        assert told == daily
        self._check_held(tables)

    def _check_held(self, tables: Tables) -> None:
        """Held amounts follow from open orders and pending withdrawals, and are the engine's."""
        held: Counter[tuple[int, int]] = Counter()
        for order in tables["orders"]:
            if not order["reason"]:
                market = self.engine.state.markets[order["market"]]
                if order["side"] == Side.BUY:
                    held[order["account"], market.quote] += order["price"] * order["leaves"] * market.atoms_per_tick_lot
                else:
                    held[order["account"], market.base] += order["leaves"] * market.lot_size
        for row in tables["withdrawals"]:
            if row["status"] == 1:
                held[row["account"], row["asset"]] += row["amount"]
        state = self.engine.state
        expected = {
            (account.account_id, asset): balance.held
            for account in state.accounts.values()
            for asset, balance in account.balances.items()
            if balance.held
        }
        assert +held == expected
        resting = {
            order.order_id for book in state.books.values() for order in (*orders_of(book.bids), *orders_of(book.asks))
        }
        assert {order["order_id"] for order in tables["orders"] if not order["reason"]} == resting

    def _check_definitions(self, tables: Tables) -> None:
        state = self.engine.state
        assert tables["markets"] == [
            {
                "market": market.market_id,
                "symbol": market.symbol,
                "base": market.base,
                "quote": market.quote,
                "tick_size": market.tick_size,
                "lot_size": market.lot_size,
                "atoms_per_tick_lot": market.atoms_per_tick_lot,
            }
            for market in state.markets.values()
        ]
        assert tables["assets"] == [
            {
                "asset": asset.asset_id,
                "symbol": asset.symbol,
                "scale": asset.scale,
                "display_decimals": asset.display_decimals,
            }
            for asset in state.assets.values()
        ]

    def candles(self, interval: int) -> list[dict[str, Any]]:
        """Trades sorted into bins."""
        length, origin = SECONDS[interval] * 10**9, MONDAY_S * 10**9 if interval == 8 else 0
        bins: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
        for fill in self.lists["fills"]:
            if not fill["is_maker"]:
                open_ns = fill["time_ns"] - (fill["time_ns"] - origin) % length
                bins[fill["market"], open_ns].append(fill)
        return [
            {
                "market": market,
                "interval": interval,
                "open_ns": open_ns,
                "open": trades[0]["price"],
                "high": max(trade["price"] for trade in trades),
                "low": min(trade["price"] for trade in trades),
                "close": trades[-1]["price"],
                "volume": str(sum(trade["quantity"] for trade in trades)),
                "turnover": str(sum(trade["quantity"] * trade["price"] for trade in trades)),
                "trades": len(trades),
                "first_trade_id": trades[0]["trade_id"],
                "last_trade_id": trades[-1]["trade_id"],
            }
            for (market, open_ns), trades in sorted(bins.items())
        ]


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By account, time and number in the account's stream, as the tables are."""
    return sorted(rows, key=lambda row: tuple(row.get(k, 0) for k in ("account", "time_ns", "account_sequence")))
