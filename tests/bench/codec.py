"""What a message costs: our codec against the official FlatBuffers runtime, in the same run, on the same bytes.

The baseline is the code that flatc generates with its object interface; its objects are made before the clock starts.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flatbuffers import Builder

from mexchange.codec import decode, decode_commands, encode, encode_orders
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.canonical import canonical
from mexchange.codec.events import EVENT_AT, encode_record, pack_accepted, pack_filled
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import BookDelta, Level, Reports
from mexchange.codec.raw import NEW_ORDERS
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Filled
from mexchange.domain.order import Side
from tests.unit.codec.official import Official
from tests.unit.codec.strategies import sample

ROUNDS = 9
ROUND_NS = 10_000_000
"""How long one round is, about."""

Row = dict[str, Any]


def measure() -> list[Row]:
    """Microseconds per message; `ratio` is value over baseline, so that below 1 is faster."""
    with tempfile.TemporaryDirectory() as folder:
        official = Official(Path(folder))
        return [*orders(official, 1), *orders(official, 16), *reports(official), *book(official), *records()]


def orders(official: Official, count: int) -> list[Row]:
    """Encode, read and admit a block of new orders."""
    several = [order(number) for number in range(count)]
    payload = encode_orders(several)[BLOCK_HEADER:]
    tree = official.read("NewOrders", payload)
    written, read = us(lambda: official_write(tree)), us(lambda: official.read("NewOrders", payload))
    kind = MessageType.NEW_ORDERS
    name = f"codec: {count} order{'s' if count > 1 else ''}"
    return [
        row(f"{name}, encode", us(lambda: encode_orders(several)), written),
        row(f"{name}, decode to commands", us(lambda: decode_commands(kind, payload)), read),
        row(f"{name}, read rows", us(lambda: read_rows(payload)), read),
        row(f"{name}, canonical", us(lambda: canonical(kind, 1, payload, account=17, actor=17)), read + written),
    ]


def read_rows(payload: bytes) -> list[tuple[Any, ...]]:
    return list(NEW_ORDERS.row.iter_unpack(NEW_ORDERS.read(payload)[-1]))


def reports(official: Official) -> list[Row]:
    """Sixteen fills of one account, passed on as bytes by the daemon, and read whole by a client."""
    events = b"".join(encode_record(fill(number))[EVENT_AT:] for number in range(16))
    message = sample(Reports, account=17, first_account_sequence=5, time_ns=9, events=events)
    payload = encode(message)[BLOCK_HEADER:]
    tree = official.read("Reports", payload)
    return [
        row("codec: report of 16 fills, encode", us(lambda: encode(message)), us(lambda: official_write(tree))),
        row(
            "codec: report of 16 fills, decode",
            us(lambda: decode(MessageType.REPORTS, payload)),
            us(lambda: official.read("Reports", payload)),
        ),
    ]


def book(official: Official) -> list[Row]:
    """A delta of ten levels."""
    message = sample(BookDelta, subscription=1, market=1, levels=[sample(Level, n, 5, 2, 1) for n in range(1, 11)])
    payload = encode(message)[BLOCK_HEADER:]
    tree = official.read("BookDelta", payload)
    return [
        row("codec: delta of 10 levels, encode", us(lambda: encode(message)), us(lambda: official_write(tree))),
        row(
            "codec: delta of 10 levels, decode",
            us(lambda: decode(MessageType.BOOK_DELTA, payload)),
            us(lambda: official.read("BookDelta", payload)),
        ),
    ]


def records() -> list[Row]:
    """An engine's record, without an object of the event."""
    name = b"i" * 16
    accepted = us(lambda: pack_accepted(17, 4, 99, 1, 2, name, 1, 17, 0, 5, 6, 7))
    filled = us(lambda: pack_filled(17, 4, 99, 1, 2, 3, 1, True, 5, 6, 7, -8))
    return [row("codec: record of an accepted order", accepted), row("codec: record of a fill", filled)]


def us(work: Callable[[], object]) -> float:
    """Microseconds of one call: the median of rounds, after one for warming up."""
    calls = max(1, ROUND_NS // max(1, round_ns(work, 20) // 20))
    return statistics.median(round_ns(work, calls) / calls for _ in range(ROUNDS)) / 1_000


def round_ns(work: Callable[[], object], calls: int) -> int:
    start = time.perf_counter_ns()
    for _ in range(calls):
        work()
    return time.perf_counter_ns() - start


def row(name: str, value: float, baseline: float | None = None) -> Row:
    ratio = None if baseline is None else round(value / baseline, 4)
    rounded = None if baseline is None else round(baseline, 2)
    return {"name": name, "value": round(value, 2), "unit": "us", "baseline": rounded, "ratio": ratio}


def official_write(tree: Any) -> bytes:
    builder = Builder(1_024)
    builder.Finish(tree.Pack(builder))
    return bytes(builder.Output())


def order(number: int) -> PlaceOrder:
    return sample(
        PlaceOrder,
        account=17,
        client_order_id=number.to_bytes(16, "big"),
        market=1,
        side=Side.BUY,
        quantity=5,
        price=100 + number,
        actor=17,
    )


def fill(number: int) -> Filled:
    return sample(
        Filled,
        account=17,
        account_sequence=number + 1,
        sequence=9,
        market=1,
        order_id=number,
        trade_id=number,
        side=Side.BUY,
        is_maker=False,
        price=100,
        quantity=2,
        leaves=0,
        fee=1,
    )


if __name__ == "__main__":
    for each in measure():
        print(f"{each['name']:<40} {each['value']:>8} us   official {each['baseline'] or '-':>8}")
