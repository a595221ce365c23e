"""A reader who sees only a channel's blocks knows the book exactly, whatever depth, grouping and rate it chose."""

import random
from collections.abc import Iterable
from struct import pack
from typing import Any
from zlib import crc32

import pytest

from mexchange.codec.messages import BookDelta, BookQuery, BookSnapshot, Level, RateClass, Subscribe, Subscribed
from mexchange.codec.messages import Channel as Kind
from mexchange.domain.commands import Command, MassCancel
from mexchange.domain.order import Side
from tests.fakes.market_stage import ANN, BOB, MARKET, TICK_NS, Stage, cancel, limit, name

Levels = dict[tuple[int, int], tuple[int, int]]


class Reader:
    """Applies snapshots and deltas as docs/PROTOCOL.md says, and nothing else."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.levels: Levels = {}
        self.sequence = 0
        self._pages: list[Any] = []

    def read(self, messages: Iterable[Any]) -> None:
        for message in messages:
            if isinstance(message, BookSnapshot | BookDelta):
                self._pages.append(message)
                if message.page == message.pages:
                    self._take(self._pages)
                    self._pages = []

    def _take(self, pages: list[Any]) -> None:
        assert [page.page for page in pages] == list(range(1, pages[0].pages + 1))
        assert len({page.sequence for page in pages}) == 1
        if isinstance(pages[0], BookSnapshot):
            self.levels = {}
        else:
            assert pages[0].previous_sequence == self.sequence < pages[0].sequence
        for level in (level for page in pages for level in page.levels):
            self._set(level)
        self.sequence = pages[0].sequence
        assert self.checksum() == pages[0].checksum
        for side in Side:
            assert len(self.side(side)) <= self.depth

    def _set(self, level: Level) -> None:
        key = (level.side, int(level.price))
        if level.quantity:
            self.levels[key] = (level.quantity, level.orders)
        else:
            del self.levels[key]

    def side(self, side: Side) -> list[tuple[int, int, int]]:
        best_first = sorted((price for of, price in self.levels if of == side), reverse=side is Side.BUY)
        return [(price, *self.levels[side, price]) for price in best_first]

    def checksum(self) -> int:
        rows = [(row, side) for side in (Side.SELL, Side.BUY) for row in self.side(side)[:25]]
        return crc32(b"".join(pack("<qqII", *row, side) for row, side in rows))


def truth(stage: Stage, depth: int, group: int) -> Levels:
    """What the orders that the engine has open add up to."""
    levels: Levels = {}
    for order in stage.engine.state.books[MARKET].orders.values():
        down = order.price // group * group
        price = down if order.side == Side.BUY or down == order.price else down + group
        quantity, orders = levels.get((order.side, price), (0, 0))
        levels[order.side, price] = (quantity + order.leaves, orders + 1)
    asks = sorted(key for key in levels if key[0] == Side.SELL)[:depth]
    bids = sorted(key for key in levels if key[0] == Side.BUY)[-depth:]
    return {key: levels[key] for key in asks + bids}


def some_commands(stage: Stage, rng: random.Random) -> list[Command]:
    commands: list[Command] = []
    for _ in range(rng.randrange(1, 6)):
        account, side = rng.choice((ANN, BOB)), rng.choice((Side.BUY, Side.SELL))
        open_orders = list(stage.engine.state.books[MARKET].orders.values())
        if open_orders and rng.random() < 0.35:
            order = rng.choice(open_orders)
            commands.append(cancel(order.account_id, order.order_id))
        elif rng.random() < 0.02:
            commands.append(MassCancel(account, name(), MARKET, side))
        else:
            away = rng.randrange(-4, 60)
            price = 1000 - away if side is Side.BUY else 1000 + away
            commands.append(limit(account, side, rng.randrange(1, 9), price))
    return commands


@pytest.mark.parametrize(("depth", "group"), [(10, 1), (10, 5), (50, 1), (50, 7), (1000, 1)])
def test_a_reader_of_snapshot_and_deltas_has_the_window_of_the_engine(seed: int, depth: int, group: int) -> None:
    rng, stage = random.Random(seed), Stage()
    first, late = Reader(depth), Reader(depth)
    for _ in range(40):
        stage.apply(*some_commands(stage, rng))
    first.read(stage.ask("first", Subscribe(Kind.BOOK, MARKET, depth, group)))
    for turn in range(150):
        stage.apply(*some_commands(stage, rng))
        if turn == 70:
            late.read(stage.ask("late", Subscribe(Kind.BOOK, MARKET, depth, group)))
        if rng.random() < 0.6:
            stage.tick()
            first.read(stage.take("first"))
            late.read(stage.take("late"))
            assert first.levels == truth(stage, depth, group)
    stage.tick()
    for reader, session in ((first, "first"), (late, "late")):
        reader.read(stage.take(session))
        assert reader.levels == truth(stage, depth, group)
        assert [head for _, head in stage.heads(session)] == [reader.sequence]


def test_a_level_that_comes_into_the_window_from_behind_is_told() -> None:
    stage, reader = Stage(), Reader(10)
    for price in range(1000, 1012):
        stage.apply(limit(ANN, Side.SELL, 3, price))
    reader.read(stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 10)))
    assert [price for price, _, _ in reader.side(Side.SELL)] == list(range(1000, 1010))
    stage.apply(limit(BOB, Side.BUY, 6, 1001))
    stage.tick()
    (delta,) = stage.take("tui")
    told = [(level.price, level.quantity) for level in delta.levels]
    assert told == [(1000, 0), (1001, 0), (1010, 3), (1011, 3)]


def test_a_change_behind_the_window_is_not_told() -> None:
    stage = Stage()
    for price in range(1000, 1012):
        stage.apply(limit(ANN, Side.SELL, 3, price))
    stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 10))
    stage.apply(limit(ANN, Side.SELL, 3, 1040))
    stage.tick()
    assert stage.take("tui") == []


def test_pages_of_a_deep_book_fit_into_datagrams_and_a_request_makes_at_most_64() -> None:
    stage, reader = Stage(), Reader(1000)
    for start in range(0, 900, 10):
        asks = [limit(ANN, Side.SELL, 1, 2000 + price) for price in range(start, start + 10)]
        bids = [limit(BOB, Side.BUY, 1, 1999 - price) for price in range(start, start + 10)]
        stage.apply(*asks, *bids)
    messages = stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 1000))
    assert 40 < len(messages) <= 64
    reader.read(messages)
    assert reader.levels == truth(stage, 1000, 1)
    stage.apply(MassCancel(ANN, name(), MARKET))
    stage.tick()
    deltas = stage.take("tui")
    assert len(deltas) > 1
    reader.read(deltas)
    assert reader.levels == truth(stage, 1000, 1)


def test_all_subscribers_get_the_same_bytes() -> None:
    stage = Stage()
    sessions = [f"s{number}" for number in range(200)]
    ids = {stage.ask(session, Subscribe(Kind.BOOK, MARKET, 10))[0].subscription for session in sessions}
    assert len(ids) == 1
    assert stage.market_data.channels() == 1
    stage.apply(limit(ANN, Side.BUY, 1, 900))
    stage.tick()
    blocks = [stage.take_blocks(session) for session in sessions]
    assert all(len(each) == 1 and each[0] is blocks[0][0] for each in blocks)


def test_a_second_subscription_to_the_same_channel_gives_the_same_id_and_a_new_snapshot() -> None:
    stage, reader = Stage(), Reader(10)
    first = stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 10))
    stage.apply(limit(ANN, Side.BUY, 1, 900))
    stage.tick()
    stage.take("tui")
    again = stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 10))
    assert isinstance(again[0], Subscribed)
    assert again[0].subscription == first[0].subscription
    reader.read(again)
    assert reader.levels == {(1, 900): (1, 1)}
    stage.apply(limit(ANN, Side.BUY, 1, 901))
    stage.tick()
    assert len(stage.take("tui")) == 1


@pytest.mark.parametrize(("rate", "deltas"), [(RateClass.FAST, 50), (RateClass.NORMAL, 10), (RateClass.SLOW, 2)])
def test_a_rate_class_speaks_at_most_so_often(rate: RateClass, deltas: int) -> None:
    stage = Stage()
    stage.ask("tui", Subscribe(Kind.BOOK, MARKET, 10, 1, rate))
    for quantity in range(1, 51):
        stage.apply(limit(ANN, Side.BUY, quantity, 900))
        stage.tick(TICK_NS)
    assert abs(len(stage.take("tui")) - deltas) <= 1


@pytest.mark.parametrize("group", [1, 3, 10, 400])
def test_a_one_shot_book_is_answered_in_any_grouping(seed: int, group: int) -> None:
    rng, stage, reader = random.Random(seed), Stage(), Reader(20)
    for _ in range(60):
        stage.apply(*some_commands(stage, rng))
    reader.read(stage.ask("cli", BookQuery(MARKET, 20, group)))
    assert reader.levels == truth(stage, 20, group)
