"""Many records at once: what a frame's output holds, without an object for each of its events.

The kinds of all records are one slice of the bytes, so that what is rare is found at the speed of a search.
"""

from collections.abc import Iterator
from operator import mul
from struct import Struct
from typing import Final

from mexchange.codec.record_layout import EVENT_AT, KIND_AT, MAKER_BIT, PLAIN, RECORD, RECORD_SIZE, SIDE_BITS
from mexchange.domain.events import EventKind
from mexchange.domain.units import U64_MAX

_KIND: Final = KIND_AT - EVENT_AT
_LEVEL_CHANGED: Final = int(EventKind.LEVEL_CHANGED)
_FILLED: Final = int(EventKind.FILLED)
_SEQUENCE: Final = Struct("<Q")


Run = tuple[int, int, bytes]
"""(account, account sequence of the first, its events of 64 bytes each in order)."""
Streams = tuple[list[Run], list[tuple[int, bytes]]]
"""The runs of a frame by first appearance, and (account, event) outside of any stream, but for the public ones."""
Levels = dict[tuple[int, int], tuple[int, int]]
"""(side, price) → (quantity, orders), as the last command of a frame left them; quantity 0: gone."""
TradeRow = tuple[int, int, int, int, int, int]
"""(trade id, sequence, price, quantity, the taker's side, its account)."""
Traded = tuple[int, int, int, int, int, int, int, int, list[TradeRow]]
"""(open, high, low, close, volume in lots, turnover in ticks * lots, trades, id of the first, the newest of them)."""
PublicChange = tuple[int, int, Levels, Traded | None]
"""(market, sequence of the last command that touched its book or 0, levels, what was traded)."""


def kinds_of(records: bytes) -> bytes:
    """The EventKind of each record, in order."""
    return records[KIND_AT::RECORD_SIZE]


def records_of_kind(records: bytes, kinds: bytes, kind: int) -> Iterator[bytes]:
    """The records of one kind, in order. `kinds` are those of all records."""
    at = kinds.find(kind)
    while at >= 0:
        yield records[at * RECORD_SIZE : (at + 1) * RECORD_SIZE]
        at = kinds.find(kind, at + 1)


def streams_of(records: bytes) -> Streams:
    """Sorted by account. An account's sequence numbers are consecutive within a frame."""
    runs: dict[int, tuple[int, list[bytes]]] = {}
    loose: list[tuple[int, bytes]] = []
    for account, number, event in RECORD.iter_unpack(records):
        if number:
            run = runs.get(account)
            if run is None:
                runs[account] = (number, [event])
            else:
                run[1].append(event)
        elif event[_KIND] != _LEVEL_CHANGED:
            loose.append((account, event))
    return [(account, first, b"".join(events)) for account, (first, events) in runs.items()], loose


def public_changes(records: bytes, trades_max: int, with_levels: bool) -> list[PublicChange]:
    """What a frame did to each market, by first appearance; of the trades of each the newest `trades_max`.

    Without levels, markets in which nothing was traded are left out.
    """
    levels: dict[int, Levels] = {}
    sequences: dict[int, int] = {}
    trades: dict[int, list[TradeRow]] = {}
    for account, _, sequence, kind, flags, _, market, _, v0, v1, v2, _, _ in PLAIN.iter_unpack(records):
        if kind == _LEVEL_CHANGED:
            if not with_levels:
                continue
            levels.setdefault(market, {})[flags & SIDE_BITS, v0] = v1, v2
            sequences[market] = sequence
            trades.setdefault(market, [])
        elif kind == _FILLED and not flags & MAKER_BIT:
            trades.setdefault(market, []).append((v0 & U64_MAX, sequence, v1, v2, flags & SIDE_BITS, account))
    return [
        (market, sequences.get(market, 0), levels.get(market, {}), _traded(rows, trades_max) if rows else None)
        for market, rows in trades.items()
    ]


def _traded(rows: list[TradeRow], trades_max: int) -> Traded:
    prices = [row[2] for row in rows]
    quantities = [row[3] for row in rows]
    turnover = sum(map(mul, prices, quantities))
    newest = rows[-trades_max:] if trades_max else []
    ends = prices[0], max(prices), min(prices), prices[-1]
    return *ends, sum(quantities), turnover, len(rows), rows[0][0], newest


def records_at(records: bytes, sequence: int) -> Iterator[tuple[int, int, bytes]]:
    """(account, account sequence, event) of every record of one command. Records stand in order of sequence."""
    low, high = 0, len(records) // RECORD_SIZE
    while low < high:
        middle = (low + high) // 2
        if _SEQUENCE.unpack_from(records, middle * RECORD_SIZE + EVENT_AT)[0] < sequence:
            low = middle + 1
        else:
            high = middle
    for at in range(low * RECORD_SIZE, len(records), RECORD_SIZE):
        if _SEQUENCE.unpack_from(records, at + EVENT_AT)[0] != sequence:
            return
        yield RECORD.unpack_from(records, at)
