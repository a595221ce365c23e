"""A book view is right, or says that it is not."""

import random
from collections.abc import Iterator

import pytest

from mexchange.client.book_view import HEAD_WAIT_NS, HEAL_WAIT_NS, SNAPSHOT_WAIT_NS, BookView, checksum
from mexchange.codec.messages import BookDelta, BookSnapshot, Level
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, MarketId, Sequence, Ticks, TimeNs

MS = 1_000_000
Rows = dict[tuple[int, int], Level]


def level(side: Side, price: int, quantity: int, orders: int = 1) -> Level:
    return Level(Ticks(price), Lots(quantity), orders, side)


class Server:
    """A book that changes at random, as snapshot pages and deltas tell it."""

    def __init__(self, seed: int, depth: int = 10) -> None:
        self.random = random.Random(seed)
        self.depth = depth
        self.sequence = 1
        self.rows: Rows = {}
        for _ in range(30):
            self._change()

    def window(self) -> Rows:
        bids = sorted((key for key in self.rows if key[0] == Side.BUY), key=lambda key: -key[1])[: self.depth]
        asks = sorted((key for key in self.rows if key[0] == Side.SELL), key=lambda key: key[1])[: self.depth]
        return {key: self.rows[key] for key in (*bids, *asks)}

    def sides(self) -> tuple[list[Level], list[Level]]:
        rows = list(self.window().values())
        return [row for row in rows if row.side == Side.BUY], [row for row in rows if row.side == Side.SELL]

    def snapshot(self, rows_per_page: int = 7) -> list[BookSnapshot]:
        rows = list(self.window().values())
        parts = [rows[at : at + rows_per_page] for at in range(0, len(rows), rows_per_page)] or [[]]
        return [
            BookSnapshot(
                subscription=5,
                market=MarketId(1),
                sequence=Sequence(self.sequence),
                page=number,
                pages=len(parts),
                checksum=checksum(*self.sides()),
                time_ns=TimeNs(self.sequence),
                levels=part,
            )
            for number, part in enumerate(parts, 1)
        ]

    def delta(self) -> list[BookDelta]:
        before, previous = self.window(), self.sequence
        while self.window() == before:
            self._change()
        after = self.window()
        gone = [level(Side(side), price, 0, 0) for side, price in before.keys() - after.keys()]
        levels = gone + [row for key, row in after.items() if before.get(key) != row]
        parts = [levels[at : at + 2] for at in range(0, len(levels), 2)]
        return [
            BookDelta(
                subscription=5,
                market=MarketId(1),
                previous_sequence=Sequence(previous),
                sequence=Sequence(self.sequence),
                checksum=checksum(*self.sides()),
                time_ns=TimeNs(self.sequence),
                levels=part,
                page=number,
                pages=len(parts),
            )
            for number, part in enumerate(parts, 1)
        ]

    def _change(self) -> None:
        self.sequence += self.random.randint(1, 3)
        side = self.random.choice((Side.BUY, Side.SELL))
        price = 1_000 + (self.random.randint(1, 15) if side is Side.SELL else -self.random.randint(1, 15))
        if (side, price) in self.rows and self.random.random() < 0.4:
            del self.rows[side, price]
        else:
            self.rows[side, price] = level(side, price, self.random.randint(1, 99), self.random.randint(1, 9))


@pytest.fixture
def server(seed: int) -> Server:
    return Server(seed)


def opened(server: Server) -> BookView:
    view = BookView(1)
    view.asked(0)
    for page in server.snapshot():
        view.snapshot(page, 0)
    assert view.verified
    return view


def is_same(view: BookView, server: Server) -> bool:
    return (view.bids, view.asks) == server.sides()


def test_snapshot_pages_come_in_any_order(server: Server) -> None:
    view = BookView(1)
    pages = server.snapshot(rows_per_page=3)
    server.random.shuffle(pages)
    for page in pages[:-1]:
        view.snapshot(page, 0)
    before = view.verified
    view.snapshot(pages[-1], 0)
    assert (before, view.verified) == (False, True)
    assert is_same(view, server)
    assert view.best_bid == view.bids[0]
    assert view.best_ask == view.asks[0]


def test_pages_of_two_snapshots_are_never_mixed(server: Server) -> None:
    view = BookView(1)
    old = server.snapshot(rows_per_page=3)
    server.delta()
    new = server.snapshot(rows_per_page=3)
    for page in (*old[:-1], new[0], old[-1], *new[1:]):
        view.snapshot(page, 0)
    assert view.verified
    assert is_same(view, server)


def test_deltas_keep_it_right(server: Server) -> None:
    view = opened(server)
    for _ in range(300):
        for page in server.delta():
            view.delta(page, 0)
        assert view.verified
        assert is_same(view, server)
    assert view.gaps == 0


def test_deltas_in_disorder_and_twice_are_put_right(server: Server) -> None:
    view = opened(server)
    for _ in range(50):
        pages = [page for _ in range(3) for page in server.delta()] * 2
        server.random.shuffle(pages)
        for page in pages:
            view.delta(page, 0)
        assert view.verified
        assert is_same(view, server)


def test_a_gap_is_marked_before_it_heals(server: Server) -> None:
    view = opened(server)
    missing, later = server.delta(), server.delta()
    for page in later:
        view.delta(page, 0)
    assert not view.wants_snapshot(2 * MS - 1)
    assert view.verified
    assert not view.wants_snapshot(2 * MS)
    assert view.gap, "marked, and given a moment to heal by itself"
    for page in missing:
        view.delta(page, 5 * MS)
    assert view.verified
    assert is_same(view, server)
    assert view.gaps == 1


def test_a_gap_that_stays_is_healed_by_a_snapshot(server: Server) -> None:
    view = opened(server)
    server.delta()
    for page in server.delta():
        view.delta(page, 0)
    assert not view.wants_snapshot(2 * MS)
    assert view.next_timer_ns() == 2 * MS + HEAL_WAIT_NS
    assert view.wants_snapshot(2 * MS + HEAL_WAIT_NS)
    view.asked(30 * MS)
    assert not view.wants_snapshot(31 * MS)
    snapshot, after = server.snapshot(), server.delta()
    for page in after:  # overtakes the snapshot
        view.delta(page, 32 * MS)
    for part in snapshot:
        view.snapshot(part, 33 * MS)
    assert view.verified
    assert is_same(view, server)


def test_a_wrong_checksum_is_a_gap_at_once(server: Server) -> None:
    view = opened(server)
    (*rest, last) = server.delta()
    wrong = BookDelta(**{name: getattr(last, name) for name in last.__struct_fields__} | {"checksum": 1})
    for page in (*rest, wrong):
        view.delta(page, 0)
    assert view.gap
    assert view.wants_snapshot(0)


def test_a_lost_snapshot_page_is_asked_for_again(server: Server) -> None:
    view = BookView(1)
    assert view.wants_snapshot(0)
    view.asked(0)
    view.snapshot(server.snapshot()[0], 0)
    assert not view.wants_snapshot(SNAPSHOT_WAIT_NS - 1)
    assert view.wants_snapshot(SNAPSHOT_WAIT_NS)


def test_a_lost_tail_is_found_by_the_servers_head(server: Server) -> None:
    view = opened(server)
    server.delta()
    view.head(server.sequence, 0)
    assert not view.wants_snapshot(HEAD_WAIT_NS - 1)
    assert view.verified
    view.wants_snapshot(HEAD_WAIT_NS)
    assert view.gap


def test_a_lost_session_is_a_gap(server: Server) -> None:
    view = opened(server)
    told: list[bool] = []
    view.on_change(lambda: told.append(view.gap))
    view.lost()
    assert told == [True]
    assert view.bids, "still shown, as what it is"


def test_levels_beyond_the_depth_are_forgotten(seed: int) -> None:
    server = Server(seed, depth=3)
    view = BookView(1, depth=3)
    for page in server.snapshot():
        view.snapshot(page, 0)
    for _ in range(200):
        for delta in server.delta():
            view.delta(delta, 0)
        assert view.verified
        assert max(len(view.bids), len(view.asks)) <= 3


def test_a_level_that_is_pushed_out_need_not_be_told_gone() -> None:
    old, new = level(Side.BUY, 100, 5), level(Side.BUY, 101, 7)
    view = BookView(1, depth=1)
    view.snapshot(BookSnapshot(sequence=Sequence(1), page=1, pages=1, checksum=checksum([old], []), levels=[old]), 0)
    view.delta(
        BookDelta(
            previous_sequence=Sequence(1),
            sequence=Sequence(2),
            checksum=checksum([new], []),
            levels=[new],
            page=1,
            pages=1,
        ),
        0,
    )
    assert view.verified
    assert view.bids == [new]


def test_on_a_bad_line_it_is_never_wrong_unmarked(seed: int) -> None:
    """Loss, doubling and disorder of everything; asks again when it wants to; whenever verified, it is a true book."""
    chance = random.Random(seed)
    server = Server(seed)
    truth = {server.sequence: server.sides()}
    view = BookView(1)
    line: list[tuple[int, BookSnapshot | BookDelta]] = []

    def send(messages: Iterator[BookSnapshot | BookDelta], now_ns: int) -> None:
        for message in messages:
            for _ in range(chance.choice((0, 1, 1, 1, 2))):
                line.append((now_ns + chance.randint(0, 30 * MS), message))

    now_ns = 0
    for _ in range(3_000):
        now_ns += MS
        if chance.random() < 0.3:
            send(iter(server.delta()), now_ns)
            truth[server.sequence] = server.sides()
        if view.wants_snapshot(now_ns):
            view.asked(now_ns)
            send(iter(server.snapshot()), now_ns)
        for message in [message for at_ns, message in line if at_ns <= now_ns]:
            if isinstance(message, BookSnapshot):
                view.snapshot(message, now_ns)
            else:
                view.delta(message, now_ns)
            if view.verified:
                assert (view.bids, view.asks) == truth[view.sequence]
        line = [entry for entry in line if entry[0] > now_ns]
    assert view.gaps > 3
    assert len(truth) > 500
