"""The rows into SQLite: one connection, one transaction a batch, `executemany`."""

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

import aiosqlite

from mexchange.codec.messages import MarketInfo
from mexchange.daemon.projection.row_store import (
    APPENDED,
    CANDLE_COLUMNS,
    CHANGING_COLUMNS,
    COLUMNS,
    MARKET_COLUMNS,
    ORDER_COLUMNS,
    NotOurs,
    candle,
    candle_rows,
    holding_rows,
    market,
    order_changes,
)
from mexchange.daemon.projection.rows import Cursor, Known, Rows
from mexchange.domain.candles import Interval
from mexchange.domain.cost_basis import Holding
from mexchange.store.database import BUSY_S, Place, database_errors

CACHE_KIB: Final = 64 << 10
WAL_PAGES: Final = 16_384
"""The log is written back into the file when it is so long: 64 MiB, so that a page changed often is written once."""


def _insert(table: str) -> str:
    columns = COLUMNS[table]
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


def _replace(table: str) -> str:
    return _insert(table).replace("INSERT", "INSERT OR REPLACE", 1)


_INSERTS: Final = {table: _insert(table) for table in (*APPENDED, "orders", "withdrawals", "accounts")}
_REPLACES: Final = {
    table: _replace(table)
    for table in ("balances", "balances_daily", "holdings", "candles", "assets", "markets", "cursor")
}
_CHANGE_ORDER: Final = (
    f"UPDATE orders SET {', '.join(f'{name} = ?{place}' for place, name in enumerate(CHANGING_COLUMNS, 2))} "
    "WHERE order_id = ?1"
)
_END_WITHDRAWAL: Final = "UPDATE withdrawals SET status = ?, ended_ns = ?, ended_sequence = ? WHERE withdrawal_id = ?"


class SqliteRows:
    """Implements RowStore. What a crash of the machine takes of them is made again."""

    def __init__(self, place: Place, version: int) -> None:
        assert place.file is not None
        self._place = place
        self._file: Path = place.file
        self._version = version
        self._connection: aiosqlite.Connection | None = None

    async def open(self) -> tuple[Cursor, list[MarketInfo]]:
        await self.close()
        with database_errors(self._place):
            db = await aiosqlite.connect(self._file, isolation_level=None, timeout=BUSY_S)
            self._connection = db
            for pragma in (
                "journal_mode = WAL",
                "synchronous = NORMAL",
                f"cache_size = -{CACHE_KIB}",
                f"wal_autocheckpoint = {WAL_PAGES}",
            ):
                await db.execute(f"PRAGMA {pragma}")
            cursor = await self._cursor(db)
            rows = await db.execute_fetchall(f"SELECT {MARKET_COLUMNS} FROM markets")
            return cursor, [market(tuple(row)) for row in rows]

    async def known(self, accounts: Collection[int], markets: Collection[int]) -> Known:
        assert self._connection is not None
        db, known = self._connection, Known()
        with database_errors(self._place):
            for account in accounts:
                one = (account,)
                balances = await db.execute_fetchall("SELECT asset, balance FROM balances WHERE account = ?", one)
                known.balances[account] = {asset: balance for asset, balance in balances}  # noqa: C416 - rows have a type
                for market_id, quantity, cost, realised in await db.execute_fetchall(
                    "SELECT market, quantity, cost, realised FROM holdings WHERE account = ?", one
                ):
                    known.holdings[account, market_id] = Holding(quantity, int(cost), int(realised))
                known.orders += map(
                    list,
                    await db.execute_fetchall(
                        f"SELECT {ORDER_COLUMNS} FROM orders WHERE account = ? AND reason = 0", one
                    ),
                )
            for market_id in markets:
                for interval in Interval:
                    found = await db.execute_fetchall(
                        f"SELECT {CANDLE_COLUMNS} FROM candles WHERE market = ? AND interval = ? "
                        "ORDER BY open_ns DESC LIMIT 1",
                        (market_id, int(interval)),
                    )
                    known.candles.update(candle(tuple(row)) for row in found)
        return known

    async def write(self, rows: Rows) -> None:
        assert self._connection is not None
        db = self._connection
        with database_errors(self._place):
            await db.execute("BEGIN IMMEDIATE")
            try:
                if await self._cursor(db) != rows.before:
                    raise NotOurs(f"the rows begin after sequence {rows.before.sequence}, the database does not")
                await self._write(db, rows)
                await db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    await db.execute("ROLLBACK")
                raise

    async def _write(self, db: aiosqlite.Connection, rows: Rows) -> None:
        async def many(statement: str, values: Iterable[Any]) -> None:
            if values:
                await db.executemany(statement, values)

        await many(_INSERTS["orders"], list(rows.orders_new.values()))
        await many(_CHANGE_ORDER, order_changes(rows))
        for table in APPENDED:
            await many(_INSERTS[table], getattr(rows, table))
        await many(_INSERTS["withdrawals"], rows.withdrawals_new)
        await many(_END_WITHDRAWAL, rows.withdrawals_ended)
        await many(_INSERTS["accounts"], rows.accounts)
        await many(_REPLACES["balances"], [(*key, balance) for key, balance in rows.balances.items()])
        await many(_REPLACES["balances_daily"], [(*key, balance) for key, balance in rows.balances_daily.items()])
        await many(_REPLACES["holdings"], holding_rows(rows))
        await many(_REPLACES["candles"], candle_rows(rows))
        await many(_REPLACES["assets"], rows.assets)
        await many(_REPLACES["markets"], rows.markets)
        after = rows.after
        await db.execute(
            _REPLACES["cursor"], (1, self._version, after.sequence, after.time_ns, after.digest, after.entries)
        )

    async def cursor(self) -> Cursor:
        assert self._connection is not None
        with database_errors(self._place):
            return await self._cursor(self._connection)

    async def forget_candles(self, market_id: int, interval: int, before_ns: int) -> None:
        assert self._connection is not None
        with database_errors(self._place):
            await self._connection.execute(
                "DELETE FROM candles WHERE market = ? AND interval = ? AND open_ns < ?",
                (market_id, interval, before_ns),
            )

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close()
            except (sqlite3.Error, OSError, ValueError):
                return  # it is gone, which is all that was wanted

    async def _cursor(self, db: aiosqlite.Connection) -> Cursor:
        rows = list(await db.execute_fetchall("SELECT sequence, time_ns, digest, entries FROM cursor"))
        return Cursor(*rows[0]) if rows else Cursor()
