"""Rows of the history tables made up by a test, with times that several of them share."""

import random
from typing import Any

from sqlalchemy import insert

from mexchange.domain.order import DoneReason
from mexchange.store.database import Database
from mexchange.store.history_tables import cursor

ANN, BOB = 16, 17
Rows = list[dict[str, Any]]


async def put(history: Database, table: Any, rows: Rows) -> None:
    async with history.writing() as connection:
        for start in range(0, len(rows), 500):
            await connection.execute(insert(table), rows[start : start + 500])


async def reach(history: Database, sequence: int) -> None:
    """Say that the rows are those of the journal up to there."""
    async with history.writing() as connection:
        await connection.execute(cursor.delete())
        row = {"one": 1, "version": 1, "sequence": sequence, "time_ns": 9, "digest": bytes(16), "entries": 0}
        await connection.execute(insert(cursor), row)


def some_orders(rng: random.Random, count: int, first: int = 1) -> Rows:
    """Several at the same time, of two accounts, mostly ended."""
    return [
        {
            "order_id": number,
            "account": rng.choice((ANN, ANN, BOB)),
            "client_order_id": f"o{number}".encode().ljust(16, b"\0"),
            "market": rng.choice((1, 1, 2)),
            "side": rng.choice((1, 2)),
            "order_type": 1,
            "time_in_force": 1,
            "flags": 0,
            "price": 1000,
            "quantity": 5,
            "leaves": 5,
            "filled": 0,
            "filled_value": 2**63 - 1,
            "fee": 0,
            "reason": rng.choice((0, *DoneReason)),
            "expiry_ns": 0,
            "created_ns": 1_000 + number // 3,
            "created_sequence": number,
            "updated_ns": 1_000,
            "updated_sequence": number,
        }
        for number in range(first, first + count)
    ]


def some_fills(rng: random.Random, count: int) -> Rows:
    return [
        {
            "account": ANN,
            "time_ns": 5_000 + number // 4,
            "account_sequence": number,
            "sequence": number,
            "market": rng.choice((1, 2, 3)),
            "trade_id": number,
            "order_id": number // 5,
            "side": rng.choice((1, 2)),
            "is_maker": 0,
            "price": 7,
            "quantity": 1,
            "value": 7,
            "fee": 0,
            "realised": -5,
        }
        for number in range(1, count + 1)
    ]
