"""The engine in Rust. Bytes in, bytes out; `mexchange.core.engine` says what they mean."""

from typing import Final, Self, final

__all__: Final = [
    "BadSnapshot",
    "Engine",
    "EngineFailed",
    "Malformed",
    "OrderRows",
    "UnknownMessage",
    "public_changes",
    "streams_of",
]

@final
class Engine:
    """One state and what may be done with it. Owned by one thread; lets the interpreter go during long calls."""

    def __new__(cls) -> Self:
        """An exchange before its first command."""

    @property
    def sequence(self) -> int:
        """Of the last command applied."""

    @property
    def time_ns(self) -> int:
        """Of the last frame applied."""

    @property
    def next_expiry_ns(self) -> int | None:
        """When the first of the open orders that expire does; None if there is none."""

    @property
    def features(self) -> dict[int, int]:
        """Changes of behaviour in force: number → the first sequence that they are in force for."""

    def enable(self, feature: int, sequence: int) -> bool:
        """From `sequence` on, behind the last command, it is in force. False: this version does not know it."""

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Apply command blocks; returns records of 80 bytes. Malformed, UnknownMessage, EngineFailed."""

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """The records that `apply_batch` would return if this frame came next. Changes nothing."""

    def query(self, block: bytes) -> list[bytes]:
        """Reply blocks to a question block. Malformed, UnknownMessage."""

    def snapshot(self) -> bytes:
        """The whole state, the same bytes from every engine in this state."""

    @staticmethod
    def restore(data: bytes) -> Engine:
        """The engine that `snapshot` was taken of. BadSnapshot."""

    def state_hash(self) -> bytes:
        """32 bytes that stand for the whole state."""

@final
class OrderRows:
    """The recent orders of all accounts; rows packed as in `daemon/native_order_rows.py`."""

    def __new__(
        cls,
        finished_max: int,
        finished_all_max: int,
        rejected_max: int,
        states: bytes,
        partially_filled: int,
        rejected: int,
        about_the_id: bytes,
    ) -> Self:
        """`states`: by reason of being done, 256 of them. `about_the_id`: reasons of refusals that leave no row."""

    def restore(self, account: int, rows: bytes, finished: list[int], rejected: bytes) -> None:
        """An account of which nothing is known yet. ValueError if rows have another size."""

    def apply(self, records: bytes, time_ns: int) -> None:
        """The records of one frame."""

    def find(self, account: int, order_id: int, name: bytes) -> bytes:
        """The row of this order id, or if that is 0 of this client order id; empty if there is none."""

    def newest(self, account: int, before: int, open_only: bool, market: int, limit: int) -> bytes:
        """At most `limit` rows with ids below `before` (0: any), newest first, of one market (0: all)."""

    def saved(self) -> list[tuple[int, bytes, list[int], bytes]]:
        """Account, its rows by order id, its finished orders and its refused requests in their order; by account."""

class BadSnapshot(ValueError):
    """The bytes are not a snapshot that this engine reads."""

class Malformed(ValueError):
    """The bytes are not blocks that this engine reads."""

class UnknownMessage(ValueError):
    """A message type that this engine does not know; its only argument."""

class EngineFailed(AssertionError):
    """A defect of ours. The state may be half changed: the engine answers every later call with this."""

def streams_of(records: bytes) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, bytes]]]:
    """As `mexchange.codec.records.streams_of`."""

def public_changes(
    records: bytes, trades_max: int, with_levels: bool
) -> list[
    tuple[
        int,
        int,
        dict[tuple[int, int], tuple[int, int]],
        tuple[int, int, int, int, int, int, int, int, list[tuple[int, int, int, int, int, int]]] | None,
    ]
]:
    """As `mexchange.codec.records.public_changes`."""
