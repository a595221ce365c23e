"""Questions about the past are answered in full, in datagrams, in time; or refused, never waited for."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from mexchange.codec import Malformed, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER, DATAGRAM_BLOCKS_MAX
from mexchange.codec.messages import (
    CandlesQuery,
    DayBalancesQuery,
    FillsPage,
    FillsQuery,
    FundingKind,
    FundingPage,
    FundingQuery,
    HistoryQuery,
    HoldingsQuery,
    LedgerQuery,
    OrderAnswer,
    OrderFilter,
    OrderHistoryPage,
    OrderHistoryQuery,
    OrderQuery,
    OrderState,
    QueryRefused,
    TradeHistoryQuery,
)
from mexchange.daemon.reading import reader as reader_module
from mexchange.daemon.reading.blocks import pages_of
from mexchange.daemon.reading.desk import HistoryDesk
from mexchange.daemon.reading.reader import QUESTIONS_MAX, HistoryReader
from mexchange.domain.candles import Interval
from mexchange.domain.order import DoneReason
from mexchange.domain.units import AccountId, AssetId, MarketId, OrderId, Sequence, TimeNs
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, Place, place_of
from mexchange.store.history_tables import deposits, fills, orders, trades, withdrawals
from tests.fakes.history_rows import ANN, put, reach, some_fills, some_orders

ACCOUNT = AccountId(ANN)
SESSION: Any = "tui"


class Desk:
    """The desk on its reader; calls that are posted to the daemon's loop run when the test takes an answer."""

    def __init__(self, place: Place) -> None:
        self.posted: Queue[Callable[[], object]] = Queue()
        self.sent: list[bytes] = []
        self.head = 100
        self.reader = HistoryReader(place, lambda call, *arguments: self.posted.put(lambda: call(*arguments)))
        self.desk = HistoryDesk(
            reader=self.reader,
            outbox=self,
            durable_sequence=lambda: self.head,
            market_data=self,
        )

    synthetic_until = 2

    def has(self, market: int) -> bool:
        return market in (1, 2, 3)

    def send(self, session: Any, block: bytes) -> None:
        self.sent.append(block)

    answer = send

    def ask(self, query: HistoryQuery) -> list[Any]:
        block = encode(query, 7)
        self.desk.handlers()[int.from_bytes(block[2:4], "little")](SESSION, 7, block)  # type: ignore[index]
        return self.take()

    def find(self, query: OrderQuery, otherwise: OrderAnswer | None) -> Any:
        self.desk.find_order(SESSION, 7, query, otherwise)
        (found,) = self.take()
        return found

    def take(self) -> list[Any]:
        if not self.sent:
            self.posted.get(timeout=10)()
        blocks, self.sent = self.sent, []
        assert all(len(block) <= DATAGRAM_BLOCKS_MAX for block in blocks)
        return [decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:]) for block in blocks]


@pytest.fixture
def place(database: str, tmp_path: Path) -> Place:
    return place_of(DatabaseName.HISTORY, database, tmp_path)


@pytest.fixture
def write(place: Place) -> Iterator[Callable[..., None]]:
    """Puts rows into tables that are there and stand at sequence 100."""
    with asyncio.Runner() as runner:
        history = Database(place)
        runner.run(migration.upgrade(history))
        runner.run(reach(history, 100))
        yield lambda table, rows: runner.run(put(history, table, rows))
        runner.run(history.close())


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    one = Desk(place)
    one.reader.start()
    yield one
    one.reader.stop()


def test_an_answer_comes_in_datagrams_and_the_next_one_goes_on(
    desk: Desk, write: Callable[..., None], seed: int
) -> None:
    rows = some_fills(random.Random(seed), 500)
    write(fills, rows)
    query = FillsQuery(account=ACCOUNT, oldest_first=True)
    seen: list[int] = []
    sizes = []
    while True:
        pages = desk.ask(query)
        assert all(isinstance(page, FillsPage) for page in pages)
        assert [page.page for page in pages] == list(range(1, pages[0].pages + 1))
        assert len({(page.as_of, page.head, page.next) for page in pages}) == 1
        seen += [row.account_sequence for page in pages for row in page.rows]
        sizes.append(sum(len(page.rows) for page in pages))
        if not pages[0].next:
            break
        query = FillsQuery(account=ACCOUNT, oldest_first=True, cursor=pages[0].next)
    assert seen == [row["account_sequence"] for row in rows]
    assert sizes == [200, 200, 100]
    assert (pages[0].as_of, pages[0].head) == (100, 100)
    assert desk.ask(FillsQuery(account=AccountId(99)))[0].rows == []


def test_orders_of_each_state_are_told_apart(desk: Desk, write: Callable[..., None], seed: int) -> None:
    rows = some_orders(random.Random(seed), 150)
    for row, reason in zip(rows, (0, 0, *DoneReason), strict=False):  # each at least once, whatever chance says
        row["account"], row["reason"] = ANN, reason
    for row in rows:
        row["filled"] = row["order_id"] % 2
    write(orders, rows)
    expected = {
        OrderFilter.OPEN: {OrderState.OPEN, OrderState.PARTIALLY_FILLED},
        OrderFilter.FILLED: {OrderState.FILLED},
        OrderFilter.CANCELLED: {OrderState.CANCELLED},
        OrderFilter.EXPIRED: {OrderState.EXPIRED},
        OrderFilter.CLOSED: {OrderState.FILLED, OrderState.CANCELLED, OrderState.EXPIRED},
    }
    of_ann = {row["order_id"] for row in rows if row["account"] == ANN}
    by_state: dict[int, set[int]] = {}
    for state, states in expected.items():
        pages = desk.ask(OrderHistoryQuery(account=ACCOUNT, state=state))
        found = [row for page in pages for row in page.rows]
        assert {row.state for row in found} == states
        by_state[state] = {row.order_id for row in found}
    assert by_state[OrderFilter.OPEN] | by_state[OrderFilter.CLOSED] == of_ann
    parts = (by_state[each] for each in (OrderFilter.FILLED, OrderFilter.CANCELLED, OrderFilter.EXPIRED))
    assert by_state[OrderFilter.CLOSED] == set().union(*parts)
    assert all(isinstance(page, OrderHistoryPage) for page in pages)


@pytest.mark.parametrize("oldest_first", [False, True])
def test_deposits_and_withdrawals_are_one_row_in_order(
    desk: Desk, write: Callable[..., None], seed: int, oldest_first: bool
) -> None:
    rng = random.Random(seed)
    paid_in = [
        {
            "account": ANN,
            "time_ns": 1_000 + rng.randrange(20),
            "account_sequence": number,
            "sequence": number,
            "asset": rng.choice((1, 2)),
            "amount": number,
            "client_order_id": bytes(16),
        }
        for number in range(1, 41)
    ]
    paid_out = [
        {
            "withdrawal_id": number,
            "account": ANN,
            "asset": rng.choice((1, 2)),
            "amount": number,
            "status": 2,
            "client_order_id": bytes(16),
            "requested_ns": 1_000 + rng.randrange(20),
            "requested_sequence": number,
            "ended_ns": 0,
            "ended_sequence": 0,
        }
        for number in range(1, 31)
    ]
    write(deposits, paid_in)
    write(withdrawals, paid_out)
    for asset, kind in ((0, 0), (1, 0), (0, FundingKind.WITHDRAWAL), (2, FundingKind.DEPOSIT)):
        everything = [(row["time_ns"], 1, row["account_sequence"], row["asset"]) for row in paid_in]
        everything += [(row["requested_ns"], 2, row["withdrawal_id"], row["asset"]) for row in paid_out]
        wanted = [row[:3] for row in everything if asset in (0, row[3]) and kind in (0, row[1])]
        seen: list[tuple[int, ...]] = []
        cursor = b""
        while True:
            pages = desk.ask(
                FundingQuery(
                    account=ACCOUNT, asset=AssetId(asset), kind=kind, limit=7, oldest_first=oldest_first, cursor=cursor
                )
            )
            seen += [(row.time_ns, row.kind, row.id) for page in pages for row in page.rows]
            cursor = pages[0].next
            if not cursor:
                break
        assert seen == sorted(wanted, reverse=not oldest_first), (asset, kind)
    assert isinstance(pages[0], FundingPage)


def test_a_question_waits_for_its_own_past_and_not_for_long(
    desk: Desk, write: Callable[..., None], place: Place
) -> None:
    write(fills, some_fills(random.Random(1), 3))
    desk.head = 120
    begin_s = time.monotonic()
    (page,) = desk.ask(FillsQuery(account=ACCOUNT))
    assert (page.as_of, page.head, len(page.rows)) == (100, 120, 3)
    assert time.monotonic() - begin_s >= reader_module.WAIT_S

    async def catch_up() -> None:
        history = Database(place)
        await reach(history, 120)
        await history.close()

    block = encode(FillsQuery(account=ACCOUNT), 7)
    desk.desk.handlers()[int.from_bytes(block[2:4], "little")](SESSION, 7, block)  # type: ignore[index]
    asyncio.run(catch_up())
    assert desk.take()[0].as_of == 120


def test_without_a_database_every_question_is_refused_at_once_and_answered_when_it_is_back(
    desk: Desk, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "REST_S", 0.2)
    for _ in range(20):
        (refused,) = desk.ask(LedgerQuery(account=ACCOUNT))
        assert isinstance(refused, QueryRefused)
        assert refused.code == "E_HISTORY"

    async def build() -> None:
        history = Database(place)
        await migration.upgrade(history)
        await reach(history, 100)
        await history.close()

    asyncio.run(build())
    time.sleep(0.25)
    assert desk.ask(LedgerQuery(account=ACCOUNT))[0].as_of == 100


def test_more_questions_than_may_wait_are_refused(desk: Desk, write: Callable[..., None]) -> None:
    block = encode(HoldingsQuery(account=ACCOUNT), 7)
    handler = desk.desk.handlers()[int.from_bytes(block[2:4], "little")]  # type: ignore[index]
    for _ in range(QUESTIONS_MAX):
        handler(SESSION, 7, block)
    assert desk.sent == []
    handler(SESSION, 7, block)
    (refused,) = desk.take()
    assert refused.code == "E_OVERLOADED"
    for _ in range(QUESTIONS_MAX):
        assert desk.take()[0].as_of == 100
    assert desk.ask(HoldingsQuery(account=ACCOUNT))[0].rows == []


def test_who_keeps_no_history_says_so() -> None:
    sent: list[bytes] = []

    class Box:
        def send(self, session: Any, block: bytes) -> None:
            sent.append(block)

        answer = send
        synthetic_until = 0

        def has(self, market: int) -> bool:
            return True

    desk = HistoryDesk(reader=None, outbox=Box(), durable_sequence=lambda: 1, market_data=Box())
    for query in (FillsQuery(account=ACCOUNT), DayBalancesQuery(account=ACCOUNT)):
        block = encode(query, 7)
        desk.handlers()[int.from_bytes(block[2:4], "little")](SESSION, 7, block)  # type: ignore[index]
    refusals = [decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:]) for block in sent]
    assert [refusal.code for refusal in refusals if isinstance(refusal, QueryRefused)] == ["E_HISTORY"] * 2


def test_trades_of_the_prelude_are_labelled(desk: Desk, write: Callable[..., None]) -> None:
    columns = {"market": 1, "price": 5, "quantity": 5, "side": 1}
    write(trades, [{**columns, "time_ns": number, "trade_id": number, "sequence": number} for number in range(1, 5)])
    (page,) = desk.ask(TradeHistoryQuery(MarketId(1), oldest_first=True))
    assert [row.flags for row in page.rows] == [1, 1, 0, 0]


def test_an_order_is_unknown_only_when_the_tables_have_everything(desk: Desk, write: Callable[..., None]) -> None:
    (row,) = some_orders(random.Random(1), 1)
    row |= {"account": ANN, "reason": 1, "filled": 5, "leaves": 0}
    write(orders, [row])
    by_name = OrderQuery(ACCOUNT, OrderId(0), row["client_order_id"])
    nobody = OrderQuery(ACCOUNT, OrderId(0), b"nobody".ljust(16, b"\0"))  # type: ignore[arg-type]
    found = desk.find(by_name, None)
    assert found.known
    assert (found.orders[0].order_id, found.orders[0].state) == (row["order_id"], OrderState.FILLED)
    assert desk.find(nobody, None) == OrderAnswer(False, [], Sequence(100))
    remembered = OrderAnswer(True, [], Sequence(90))
    assert desk.find(nobody, remembered) == remembered
    assert desk.find(OrderQuery(AccountId(99), OrderId(0), row["client_order_id"]), None).known is False
    desk.head = 120
    assert desk.find(by_name, None).known
    assert desk.find(nobody, None).code == "E_HISTORY"


@pytest.mark.parametrize(
    "query",
    [
        FillsQuery(account=ACCOUNT, cursor=b"x"),
        FillsQuery(account=ACCOUNT, cursor=bytes(24)),
        FundingQuery(account=ACCOUNT, cursor=bytes(16)),
        CandlesQuery(MarketId(1), 0),
        CandlesQuery(MarketId(1), 9),
        CandlesQuery(MarketId(1), Interval.M1, cursor=bytes(16)),
        OrderHistoryQuery(account=ACCOUNT, state=7),
        DayBalancesQuery(account=ACCOUNT, cursor=bytes(1)),
    ],
)
def test_nonsense_is_malformed(desk: Desk, query: HistoryQuery) -> None:
    with pytest.raises(Malformed):
        desk.ask(query)


@pytest.mark.parametrize(
    "query",
    [
        TradeHistoryQuery(MarketId(9)),
        TradeHistoryQuery(),
        CandlesQuery(MarketId(9), 1),
        FillsQuery(ACCOUNT, MarketId(9)),
    ],
)
def test_a_market_that_does_not_exist_is_named(desk: Desk, query: HistoryQuery) -> None:
    (refused,) = desk.ask(query)
    assert refused.code == "E_MARKET_NOT_FOUND"


def test_numbers_beyond_what_a_database_holds_find_nothing(desk: Desk, write: Callable[..., None]) -> None:
    top = 2**64 - 1
    for query in (
        FillsQuery(AccountId(top), order_id=OrderId(top), since_ns=TimeNs(-(2**63)), until_ns=TimeNs(2**63 - 1)),
        HoldingsQuery(AccountId(top)),
        LedgerQuery(AccountId(top), cursor=b"\xff" * 16),
        DayBalancesQuery(AccountId(top), since_day=2**32 - 1),
    ):
        assert desk.ask(query)[0].rows == []


def test_an_answer_without_rows_is_one_block() -> None:
    (block,) = pages_of(FillsPage(), as_of=5, head=6, correlation=7)
    page = decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:])
    assert page == FillsPage(Sequence(5), Sequence(6), 1, 1)
