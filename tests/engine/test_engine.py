"""The engine as a function: the same commands make the same bytes, however they are cut into batches."""

import os
import random
import subprocess
import sys
from collections.abc import Set
from hashlib import blake2b
from pathlib import Path

import pytest

from mexchange.codec import encode, encode_orders
from mexchange.codec.blocks import pack
from mexchange.codec.errors import CodecError
from mexchange.codec.events import decode_records
from mexchange.codec.message_type import MessageType
from mexchange.core.snapshot import BadSnapshot
from mexchange.daemon.engine_choice import VARIABLE, Engine
from mexchange.domain.client_id import parse
from mexchange.domain.commands import AdvanceTime, Command, PlaceOrder
from mexchange.domain.events import Accepted, Done, LevelChanged, Rejected
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import Lots, Ticks, TimeNs
from tests.engine.commands_at_random import commands_at_random, setup
from tests.engine.engines import ENGINES, state_of
from tests.engine.table import MARKET, SECOND, Table


def run(
    kind: type[Engine], commands: list[Command], cuts: Set[int], restarts: Set[int] = frozenset()
) -> tuple[bytes, bytes]:
    """(records, state hash) of the commands, in batches that end at `cuts`, with a snapshot and restore at others."""
    engine, out, batch = kind(), [], b""
    for number, command in enumerate(commands, 1):
        batch += encode(command)
        if number in cuts or number == len(commands) or number % 50 == 0:
            out.append(engine.apply_batch(batch, engine.sequence + 1, (number - 1) // 50 * SECOND + SECOND))
            batch = b""
        if number in restarts and not batch:
            engine = kind.restore(engine.snapshot())
    return b"".join(out), engine.state_hash()


def test_batches_may_be_cut_anywhere_and_the_engine_restarted_anywhere(engine_kind: type[Engine], seed: int) -> None:
    rng = random.Random(seed)
    commands = setup() + commands_at_random(rng, 400)
    whole = run(engine_kind, commands, set())
    assert run(engine_kind, commands, set(range(len(commands)))) == whole
    cuts = set(rng.sample(range(1, len(commands)), 60))
    assert run(engine_kind, commands, cuts, restarts=cuts) == whole


PROGRAM = """
import os
import random
from mexchange.codec import encode
from mexchange.daemon.engine_choice import choose
from tests.engine.commands_at_random import commands_at_random, setup
engine = choose(os.environ).kind()
for number, command in enumerate(setup() + commands_at_random(random.Random(7), 500), 1):
    engine.apply_batch(encode(command), number, number)
print(engine.state_hash().hex())
"""


@pytest.mark.parametrize("name", ENGINES)
def test_nothing_depends_on_the_hash_of_anything(name: str) -> None:
    root = Path(__file__).parents[2]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": hash_seed, VARIABLE: name},
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("0", "1", "4242")
    }
    assert len(hashes) == 1


def test_a_block_of_orders_takes_a_sequence_each(table: Table) -> None:
    ann = table.account("ann")
    orders = [PlaceOrder(ann, table.new_id(), MARKET, Side.BUY, Lots(1), Ticks(90 + step)) for step in range(5)]
    records = table.engine.apply_batch(encode_orders(orders), table.sequence + 1, table.time_ns + 1)
    accepted = [event for event in decode_records(records) if isinstance(event, Accepted)]
    assert [event.sequence for event in accepted] == [table.sequence + 1 + step for step in range(5)]
    assert [event.account_sequence for event in accepted] == list(range(4, 9))
    assert table.engine.sequence == table.sequence + 5


def test_what_expires_at_a_frames_start_comes_before_its_first_command_and_under_its_sequence(table: Table) -> None:
    ann, bob = table.account("ann"), table.account("bob")
    expiry = TimeNs(table.time_ns + SECOND)
    gtd = TimeInForce.GTD
    table.apply(PlaceOrder(ann, parse("x"), MARKET, Side.BUY, Lots(5), Ticks(100), time_in_force=gtd, expiry_ns=expiry))
    first = table.sequence + 1
    sell = PlaceOrder(bob, parse("y"), MARKET, Side.SELL, Lots(5), Ticks(100))
    block = encode(sell) + encode(PlaceOrder(bob, parse("z"), MARKET, Side.SELL, Lots(5), Ticks(101)))
    events = decode_records(table.engine.apply_batch(block, first, expiry))
    assert [(type(event), event.sequence) for event in events] == [
        (Done, first),
        (LevelChanged, first),
        (Accepted, first),
        (LevelChanged, first),
        (Accepted, first + 1),
        (LevelChanged, first + 1),
    ]


def test_an_order_does_not_expire_a_nanosecond_early(table: Table) -> None:
    ann = table.account("ann")
    expiry = TimeNs(table.time_ns + SECOND)
    order = PlaceOrder(
        ann, parse("x"), MARKET, Side.BUY, Lots(5), Ticks(100), time_in_force=TimeInForce.GTD, expiry_ns=expiry
    )
    table.apply(order)
    assert table.engine.apply(AdvanceTime(), table.sequence + 1, expiry - 1) == []
    assert len(table.engine.apply(AdvanceTime(), table.sequence + 2, expiry)) == 2


def test_levels_are_told_once_at_the_end_of_a_command_as_it_left_them(table: Table) -> None:
    for row in ("ann sell 2 @ 100", "bob sell 3 @ 100", "ann sell 2 @ 101"):
        table.run(row)
    events = table.apply(PlaceOrder(table.account("cat"), parse("c"), MARKET, Side.BUY, Lots(6), Ticks(102)))
    levels = [event for event in events if isinstance(event, LevelChanged)]
    assert events[-len(levels) :] == levels
    assert [(one.side, one.price, one.quantity, one.orders) for one in levels] == [
        (Side.SELL, 100, 0, 0),
        (Side.SELL, 101, 1, 1),
    ]
    assert {one.account for one in levels} == {0}


def test_account_sequences_are_contiguous_and_trade_ids_too(engine: Engine, seed: int) -> None:
    rng = random.Random(seed)
    heads, trades = dict[int, int](), dict[int, int]()
    for number, command in enumerate(setup() + commands_at_random(rng, 400), 1):
        for event in engine.apply(command, number, number * SECOND):
            if event.account_sequence:
                assert event.account_sequence == heads.get(event.account, 0) + 1
                heads[event.account] = event.account_sequence
            if type(event).__name__ == "Filled" and not event.is_maker:  # type: ignore[union-attr]
                market, trade_id = event.market, event.trade_id  # type: ignore[union-attr]
                assert trade_id == trades.get(market, 0) + 1
                trades[market] = trade_id
    assert heads.keys() >= {16, 17, 18}
    assert trades


def test_the_digest_runs_over_the_bytes_of_every_command(engine: Engine, seed: int) -> None:
    digest = bytes(16)
    for number, command in enumerate(setup() + commands_at_random(random.Random(seed), 50), 1):
        records = engine.apply_batch(encode(command), number, number)
        digest = blake2b(digest + records, digest_size=16).digest()
        assert state_of(engine).digest == digest


def test_an_empty_batch_does_nothing(table: Table) -> None:
    before = table.engine.state_hash()
    assert table.engine.apply_batch(b"", table.sequence + 1, table.time_ns + SECOND) == b""
    assert table.engine.state_hash() == before


def test_sequences_may_skip_but_neither_they_nor_time_go_back(table: Table) -> None:
    table.engine.apply(AdvanceTime(), table.sequence + 10, table.time_ns)
    with pytest.raises(AssertionError):
        table.engine.apply(AdvanceTime(), table.sequence + 10, table.time_ns)
    with pytest.raises(AssertionError):
        table.engine.apply(AdvanceTime(), table.sequence + 11, table.time_ns - 1)


def test_blocks_that_are_no_commands_are_refused_loudly(engine_kind: type[Engine]) -> None:
    with pytest.raises(CodecError):
        engine_kind().apply_batch(pack(MessageType.HEARTBEAT, bytes(16)), 1, 1)
    with pytest.raises(CodecError):
        engine_kind().apply_batch(b"\x08\x00\x64\x00garbage", 1, 1)


def test_every_truncation_and_every_flipped_byte_of_a_snapshot_is_noticed_or_still_a_state(table: Table) -> None:
    """The store's digest tells rot; here nothing but BadSnapshot may come out, and no half-read state."""
    for row in ("ann buy 5 @ 100 gtd 90s", "bob sell 5 @ 101", "bob sell 2 @ 100", "ann withdraw 5 EUR as w"):
        table.run(row)
    data, restore = table.engine.snapshot(), type(table.engine).restore
    for size in range(len(data)):
        with pytest.raises(BadSnapshot):
            restore(data[:size])
    with pytest.raises(BadSnapshot):
        restore(data + b"\0")
    for place in range(len(data)):
        rotten = bytearray(data)
        rotten[place] ^= 0x41
        try:
            restored = restore(bytes(rotten))
        except BadSnapshot:
            continue
        assert restored.snapshot() != data


def test_a_preview_shows_what_would_happen_with_a_frame_of_several_blocks(table: Table) -> None:
    ann, bob = table.account("ann"), table.account("bob")
    block = encode(PlaceOrder(ann, parse("x"), MARKET, Side.BUY, Lots(5), Ticks(100)))
    block += encode(PlaceOrder(bob, parse("y"), MARKET, Side.SELL, Lots(5), Ticks(100)))
    block += encode(PlaceOrder(bob, parse("y"), MARKET, Side.SELL, Lots(6), Ticks(100)))
    before = table.engine.snapshot()
    promised = table.engine.preview(block, 0)
    assert table.engine.snapshot() == before
    assert table.engine.preview(block, 0) == promised
    twin = type(table.engine).restore(before)
    assert twin.apply_batch(block, table.sequence + 1, table.time_ns) == promised
    assert isinstance(decode_records(promised)[-1], Rejected)
