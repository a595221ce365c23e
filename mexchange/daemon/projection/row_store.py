"""What the projector asks of a database, whichever it is, and the statements that are the same on both."""

from collections.abc import Collection
from typing import Final, Protocol

from mexchange.codec.messages import MarketInfo
from mexchange.daemon.projection.rows import CHANGING, Cursor, Known, OrderRow, Row, Rows
from mexchange.domain.candles import Candle
from mexchange.store.history_tables import metadata, orders

COLUMNS: Final = {table.name: tuple(column.name for column in table.columns) for table in metadata.sorted_tables}
"""table → columns in the order of the rows."""
CHANGING_COLUMNS: Final = tuple(COLUMNS[orders.name][place] for place in CHANGING)
APPENDED: Final = ("rejects", "fills", "trades", "ledger", "deposits")
"""Tables that only grow. Fields of Rows have the same names."""
MARKET_COLUMNS: Final = ", ".join(COLUMNS["markets"])
ORDER_COLUMNS: Final = ", ".join(COLUMNS["orders"])
CANDLE_COLUMNS: Final = ", ".join(f'"{name}"' for name in COLUMNS["candles"])


class NotOurs(Exception):
    """The database does not stand where these rows begin: another projector was here, or it was restored."""


class RowStore(Protocol):
    """One connection, for the projector alone. What the world does comes out as StoreError."""

    async def open(self) -> tuple[Cursor, list[MarketInfo]]:
        """Connect, again after an error. How far the rows go, and the markets that they tell of."""
        ...

    async def known(self, accounts: Collection[int], markets: Collection[int]) -> Known:
        """What there is of these."""
        ...

    async def write(self, rows: Rows) -> None:
        """All of it in one transaction, if the database's cursor is `rows.before`. Raises NotOurs."""
        ...

    async def cursor(self) -> Cursor:
        """How far the rows go, now."""
        ...

    async def forget_candles(self, market: int, interval: int, before_ns: int) -> None:
        """Drop candles that began earlier."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


def changed_order(row: OrderRow) -> Row:
    """(order id, what changes of it)."""
    return (row[0], *(row[place] for place in CHANGING))


def order_changes(rows: Rows) -> list[Row]:
    """Of orders that older rows tell of."""
    return [changed_order(row) for row in rows.orders_changed.values()]


def holding_rows(rows: Rows) -> list[Row]:
    """Wide columns as text."""
    return [
        (account, market, each.quantity, str(each.cost), str(each.realised))
        for (account, market), each in rows.holdings.items()
    ]


def candle_rows(rows: Rows) -> list[Row]:
    """Wide columns as text."""
    return [
        (
            market,
            interval,
            open_ns,
            each.open,
            each.high,
            each.low,
            each.close,
            str(each.volume),
            str(each.turnover),
            each.trades,
            each.first_trade_id,
            each.last_trade_id,
        )
        for (market, interval, open_ns), each in rows.candles.items()
    ]


def candle(row: Row) -> tuple[tuple[int, int], Candle]:
    """Inverse of `candle_rows`."""
    market, interval, *values = row
    values[5], values[6] = int(values[5]), int(values[6])
    return (market, interval), Candle(*values)


def market(row: Row) -> MarketInfo:
    """As far as rows depend on it."""
    return MarketInfo(*row)
