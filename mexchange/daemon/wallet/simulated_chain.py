"""The world outside, for a demo: a chain in a file of its own that finds a block every so often.

Blocks are not stored: their number follows from the time, so that the chain goes on while nobody runs it. A payment to
an address of ours arrives there again. An address that begins with `closed-` takes no payment, to show what happens
then.
"""

import asyncio
import base64
import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from mexchange.daemon.wallet.chain import ChainDown, Incoming, Payment, PaymentState, PaymentStatus
from mexchange.domain.units import AccountId, AssetId, Atoms
from mexchange.store.disk import FILE_MODE
from mexchange.store.errors import DiskFailed
from mexchange.world.clock import Clock

T = TypeVar("T")

CLOSED: Final = "closed-"
NAME: Final = "simulated"
CHAIN_FILE: Final = "chain.db"
TRANSACTIONS_PER_TURN_MAX: Final = 256
_ADDRESS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{7,89}")
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS transactions (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    address   TEXT NOT NULL,
    asset     INTEGER NOT NULL,
    amount    INTEGER NOT NULL,
    sent_ns   INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY,
    address   TEXT NOT NULL,
    asset     INTEGER NOT NULL,
    amount    INTEGER NOT NULL,
    sent_ns   INTEGER NOT NULL
);
"""


class SimulatedChain:
    """Implements Chain on a file."""

    name = NAME

    def __init__(self, path: Path, *, clock: Clock, block_ns: int) -> None:
        """Open or create, mode 0600. DiskFailed."""
        self._clock = clock
        self._block_ns = block_ns
        self._lock = asyncio.Lock()
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + _TABLES)
        except (OSError, sqlite3.Error) as error:
            raise DiskFailed(f"{path}: {error}") from error

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def is_address(self, asset: AssetId, address: str) -> bool:
        """8 to 90 of the characters A-Z a-z 0-9 : . _ -"""
        return _ADDRESS.fullmatch(address) is not None

    async def address(self, account: AccountId, asset: AssetId) -> str:
        """`sim` and 26 characters."""
        digest = hashlib.blake2b(f"{account}/{asset}".encode(), digest_size=16).digest()
        return "sim" + base64.b32encode(digest).decode().rstrip("=").lower()

    async def send(self, incoming: Incoming) -> None:
        """Somebody outside pays us. A reference that was used before is that payment."""

        def work() -> None:
            self._arrive(incoming)

        await self._run(work)

    async def incoming(self, position: int) -> tuple[Sequence[Incoming], int]:
        """In the order in which they were sent, so many at a time; from the first if this is another chain by now."""

        def work() -> tuple[list[Incoming], int]:
            (greatest,) = self._db.execute("SELECT coalesce(max(number), 0) FROM transactions").fetchone()
            after = position if position <= greatest else 0
            rows = self._db.execute(
                "SELECT number, reference, address, asset, amount FROM transactions "
                "WHERE number > ? ORDER BY number LIMIT ?",
                (after, TRANSACTIONS_PER_TURN_MAX),
            ).fetchall()
            found = [Incoming(row[1], row[2], AssetId(row[3]), Atoms(row[4])) for row in rows]
            return found, rows[-1][0] if rows else after

        return await self._run(work)

    async def confirmations(self, references: Sequence[str]) -> Mapping[str, int]:
        """One more with every block."""

        def work() -> dict[str, int]:
            found = {}
            for reference in references:
                row = self._db.execute("SELECT sent_ns FROM transactions WHERE reference = ?", (reference,)).fetchone()
                if row is not None:
                    found[reference] = self._blocks_since(row[0])
            return found

        return await self._run(work)

    async def pay(self, payment: Payment) -> None:
        """Into the next block."""

        def work() -> None:
            row = (payment.reference, payment.address, payment.asset, payment.amount, self._clock.time_ns())
            self._db.execute("INSERT INTO payments VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
            if payment.address.startswith("sim"):
                self._arrive(Incoming(f"tx-{payment.reference}", payment.address, payment.asset, payment.amount))

        await self._run(work)

    async def payment(self, reference: str) -> PaymentStatus:
        """PAID with the first block."""

        def work() -> PaymentStatus:
            query = "SELECT address, sent_ns FROM payments WHERE reference = ?"
            row = self._db.execute(query, (reference,)).fetchone()
            if row is None:
                return PaymentStatus(PaymentState.UNKNOWN)
            if row[0].startswith(CLOSED):
                return PaymentStatus(PaymentState.REFUSED, reason="the account at that address is closed")
            state = PaymentState.PAID if self._blocks_since(row[1]) else PaymentState.SENT
            return PaymentStatus(state, f"tx-{reference}")

        return await self._run(work)

    def _arrive(self, incoming: Incoming) -> None:
        row = (incoming.reference, incoming.address, incoming.asset, incoming.amount, self._clock.time_ns())
        self._db.execute(
            "INSERT INTO transactions (reference, address, asset, amount, sent_ns) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            row,
        )

    def _blocks_since(self, sent_ns: int) -> int:
        return max(0, self._clock.time_ns() // self._block_ns - sent_ns // self._block_ns)

    async def _run(self, work: Callable[[], T]) -> T:
        """One transaction at a time, beside the loop."""

        def transaction() -> T:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                result = work()
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            return result

        async with self._lock:
            try:
                return await asyncio.to_thread(transaction)
            except sqlite3.Error as error:
                raise ChainDown(str(error)) from error
