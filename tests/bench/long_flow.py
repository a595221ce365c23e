"""A flow as often as one likes: each time in a market and among accounts of its own, one after the other.

Making ten million commands by thinking about each takes minutes; a second copy of a flow differs from the first in its
accounts, its market and its order ids, which are given in one count for all markets.
"""

from collections.abc import Iterator
from typing import Final

from mexchange.codec import encode
from mexchange.codec.blocks import pack, split
from mexchange.codec.commands import BATCH_TYPES
from mexchange.codec.message_type import MessageType
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, OpenAccount
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId, Ppm, Ticks
from tests.bench.flows import ACCOUNTS, FIRST_ACCOUNT, PRICE, Flow

FRAMES_TOGETHER: Final = 8
"""Frames of the flow that become one: some thousand commands."""
_MARKET_AT: Final = 40
"""In a row of NewOrders; a byte is enough for so few markets."""
_ORDER_AT: Final = {MessageType.CANCELS: 32, MessageType.AMENDS: 16}
"""Where a row names an order."""


def frames(flow: Flow, times: int) -> Iterator[bytes]:
    """Of a flow that `flows.Maker` made with its usual accounts and two assets, so often."""
    orders = sum(step[0] == "place" for step in flow.steps)
    for turn in range(times):
        yield _opening(turn)
        once = [*flow.setup[1:], *flow.frames]
        for first in range(0, len(once), FRAMES_TOGETHER):
            together = b"".join(once[first : first + FRAMES_TOGETHER])
            yield together if turn == 0 else _moved(together, turn, orders * turn)


def _opening(turn: int) -> bytes:
    """A market with accounts that have money; the quote asset is the same for all."""
    ppm, base = Ppm(1_000), AssetId(2 + turn if turn else 1)
    market = CreateMarket(base, AssetId(2), 10_000_000, Atoms(100_000), Ticks(PRICE), maker_ppm=ppm, taker_ppm=ppm)
    commands: list[Command] = (
        [CreateAsset(f"B{turn}"), market] if turn else [CreateAsset("B0"), CreateAsset("Q"), market]
    )
    for number in range(ACCOUNTS):
        account = AccountId(FIRST_ACCOUNT + turn * ACCOUNTS + number)
        commands.append(OpenAccount(OwnerId(1_000 + turn * ACCOUNTS + number)))
        commands.append(Deposit(account, parse("base"), base, Atoms(10**15)))
        commands.append(Deposit(account, parse("quote"), AssetId(2), Atoms(10**16)))
    return b"".join([encode(command) for command in commands])


def _moved(frame: bytes, turn: int, orders: int) -> bytes:
    """To the accounts and the market of that turn, behind so many orders."""
    blocks = []
    for message_type, correlation, payload in split(frame):
        table = BATCH_TYPES[message_type]
        account, actor, deadline_ns, rows = table.read(payload)
        size, changed = table.row.size, bytearray(rows)
        if message_type == MessageType.NEW_ORDERS:
            changed[_MARKET_AT::size] = bytes([turn + 1]) * (len(rows) // size)
        else:
            for at in range(_ORDER_AT[MessageType(message_type)], len(rows), size):
                order_id = int.from_bytes(rows[at : at + 8], "little") + orders
                changed[at : at + 8] = order_id.to_bytes(8, "little")
        written = table.write((account + turn * ACCOUNTS, actor, deadline_ns), bytes(changed))
        blocks.append(pack(message_type, written, correlation))
    return b"".join(blocks)
