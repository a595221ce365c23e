"""The rows into PostgreSQL: COPY for what only grows, one statement over arrays for what changes.

`synchronous_commit` is off: rows are derived, and those that a crash of the server takes are made again from where its
cursor says.
"""

from collections.abc import Collection, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import asyncpg
from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text

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
from mexchange.daemon.projection.rows import Cursor, Known, Row, Rows
from mexchange.domain.candles import Interval
from mexchange.domain.cost_basis import Holding
from mexchange.store.database import COMMAND_S, CONNECT_S, Place, database_errors
from mexchange.store.errors import DatabaseDown
from mexchange.store.history_tables import metadata

_SQL_TYPES: Final = {
    BigInteger: "bigint",
    Integer: "integer",
    SmallInteger: "smallint",
    Text: "text",
    LargeBinary: "bytea",
}


def _array_types(table: str, columns: Sequence[str]) -> list[str]:
    found = metadata.tables[table].columns
    return [f"{_SQL_TYPES[type(found[name].type)]}[]" for name in columns]


def _arrays(table: str, columns: Sequence[str]) -> str:
    """`unnest($1::bigint[], …)`: rows as one parameter a column."""
    return "unnest(" + ", ".join(f"${n}::{t}" for n, t in enumerate(_array_types(table, columns), 1)) + ")"


def _upsert(table: str) -> str:
    names = [f'"{name}"' for name in COLUMNS[table]]
    keys = [f'"{column.name}"' for column in metadata.tables[table].primary_key]
    values = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM {_arrays(table, COLUMNS[table])} "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {values}"
    )


_UPSERTS: Final = {
    table: _upsert(table) for table in ("balances", "balances_daily", "holdings", "candles", "assets", "markets")
}
_CHANGED: Final = ("order_id", *CHANGING_COLUMNS)
_CHANGE_ORDERS: Final = (
    f"UPDATE orders SET {', '.join(f'{name} = changed.{name}' for name in CHANGING_COLUMNS)} "
    f"FROM {_arrays('orders', _CHANGED)} AS changed ({', '.join(_CHANGED)}) "
    "WHERE orders.order_id = changed.order_id"
)
_END_WITHDRAWALS: Final = (
    "UPDATE withdrawals SET status = ended.status, ended_ns = ended.ns, ended_sequence = ended.sequence "
    "FROM unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS ended (status, ns, sequence, id) "
    "WHERE withdrawals.withdrawal_id = ended.id"
)
_CURSOR: Final = (
    "INSERT INTO cursor (one, version, sequence, time_ns, digest, entries) VALUES (1, $1, $2, $3, $4, $5) "
    "ON CONFLICT (one) DO UPDATE SET version = excluded.version, sequence = excluded.sequence, "
    "time_ns = excluded.time_ns, digest = excluded.digest, entries = excluded.entries"
)
_LOCK: Final = 0x6D78_7072
"""Advisory lock of whoever writes rows, for the length of a transaction."""


class PostgresRows:
    """Implements RowStore."""

    def __init__(self, place: Place, version: int) -> None:
        assert place.file is None
        self._place = place
        self._version = version
        self._connection: Any = None

    async def open(self) -> tuple[Cursor, list[MarketInfo]]:
        await self.close()
        with self._errors():
            self._connection = db = await asyncpg.connect(
                self._place.url.render_as_string(hide_password=False),
                timeout=CONNECT_S,
                command_timeout=COMMAND_S,
                server_settings={
                    "search_path": self._place.name.value,
                    "application_name": "mexchange projector",
                    "synchronous_commit": "off",
                },
            )
            cursor = await self._cursor(db)
            rows = await db.fetch(f"SELECT {MARKET_COLUMNS} FROM markets")
            return cursor, [market(tuple(row)) for row in rows]

    async def known(self, accounts: Collection[int], markets: Collection[int]) -> Known:
        db, known = self._connection, Known()
        ids = list(accounts)
        with self._errors():
            for account, asset, balance in await db.fetch(
                "SELECT account, asset, balance FROM balances WHERE account = ANY ($1::bigint[])", ids
            ):
                known.balances.setdefault(account, {})[asset] = balance
            for account, market_id, quantity, cost, realised in await db.fetch(
                "SELECT account, market, quantity, cost, realised FROM holdings WHERE account = ANY ($1::bigint[])", ids
            ):
                known.holdings[account, market_id] = Holding(quantity, int(cost), int(realised))
            known.orders += map(
                list,
                await db.fetch(
                    f"SELECT {ORDER_COLUMNS} FROM orders WHERE account = ANY ($1::bigint[]) AND reason = 0", ids
                ),
            )
            for market_id in markets:
                for interval in Interval:
                    found = await db.fetch(
                        f'SELECT {CANDLE_COLUMNS} FROM candles WHERE market = $1 AND "interval" = $2 '
                        "ORDER BY open_ns DESC LIMIT 1",
                        market_id,
                        int(interval),
                    )
                    known.candles.update(candle(tuple(row)) for row in found)
        return known

    async def write(self, rows: Rows) -> None:
        db = self._connection
        with self._errors():
            async with db.transaction():
                await db.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
                if await self._cursor(db) != rows.before:
                    raise NotOurs(f"the rows begin after sequence {rows.before.sequence}, the database does not")
                await self._write(db, rows)

    async def _write(self, db: Any, rows: Rows) -> None:
        async def copy(table: str, values: Collection[Sequence[Any]]) -> None:
            if values:
                await db.copy_records_to_table(table, records=values, columns=COLUMNS[table])

        async def arrays(statement: str, values: Sequence[Row]) -> None:
            if values:
                await db.execute(statement, *map(list, zip(*values, strict=True)))

        await copy("orders", rows.orders_new.values())
        await arrays(_CHANGE_ORDERS, order_changes(rows))
        for table in APPENDED:
            await copy(table, getattr(rows, table))
        await copy("withdrawals", rows.withdrawals_new)
        await arrays(_END_WITHDRAWALS, rows.withdrawals_ended)
        await copy("accounts", rows.accounts)
        await arrays(_UPSERTS["balances"], [(*key, balance) for key, balance in rows.balances.items()])
        await arrays(_UPSERTS["balances_daily"], [(*key, balance) for key, balance in rows.balances_daily.items()])
        await arrays(_UPSERTS["holdings"], holding_rows(rows))
        await arrays(_UPSERTS["candles"], candle_rows(rows))
        await arrays(_UPSERTS["assets"], list({row[0]: row for row in rows.assets}.values()))
        await arrays(_UPSERTS["markets"], list({row[0]: row for row in rows.markets}.values()))
        after = rows.after
        await db.execute(_CURSOR, self._version, after.sequence, after.time_ns, after.digest, after.entries)

    async def cursor(self) -> Cursor:
        with self._errors():
            return await self._cursor(self._connection)

    async def forget_candles(self, market_id: int, interval: int, before_ns: int) -> None:
        with self._errors():
            await self._connection.execute(
                'DELETE FROM candles WHERE market = $1 AND "interval" = $2 AND open_ns < $3',
                market_id,
                interval,
                before_ns,
            )

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()

    @contextmanager
    def _errors(self) -> Any:
        """What the world did as a StoreError; a violated constraint is ours and passes."""
        with database_errors(self._place):
            try:
                yield
            except (asyncpg.IntegrityConstraintViolationError, asyncpg.SyntaxOrAccessError, asyncpg.DataError):
                raise
            except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise DatabaseDown(f"{self._place}: {error}") from error

    async def _cursor(self, db: Any) -> Cursor:
        row = await db.fetchrow("SELECT sequence, time_ns, digest, entries FROM cursor")
        return Cursor(*row) if row is not None else Cursor()
