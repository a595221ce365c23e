"""Rows of any book, at any height: in order, each price once, each size as it is."""

from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.order import Side
from mexchange.tui.widgets.ladder_data import LadderData, OwnAt
from mexchange.tui.widgets.ladder_rows import Kind, Place, Row, book_rows, dom_rows, sides_of
from tests.tui.pictures import level

OFFSETS = st.sets(st.integers(0, 60), max_size=25)


@st.composite
def books(draw: st.DrawFn) -> LadderData:
    """Around 1,000 ticks, not crossed; own orders at levels and beside them."""
    bids = [level(Side.BUY, 1_000 - each, each * 7 + 1) for each in sorted(draw(OFFSETS))]
    asks = [level(Side.SELL, 1_001 + each, each * 5 + 1) for each in sorted(draw(OFFSETS))]
    own: dict[tuple[Side, int], OwnAt] = {(Side.BUY, 1_000 - each): OwnAt(3) for each in draw(OFFSETS)}
    own |= {(Side.SELL, 1_001 + each): OwnAt(3) for each in draw(OFFSETS)}
    return LadderData(bids, asks, own, last_price=1_000, depth=draw(st.sampled_from((0, 10))))


def check(rows: list[Row], data: LadderData, height: int) -> None:
    assert len(rows) == height
    prices = [row.price for row in rows if row.price]
    assert prices == sorted(set(prices), reverse=True)
    for levels, kind in ((data.bids, Kind.BID), (data.asks, Kind.ASK)):
        cum, totals = 0, {}
        for each in levels:
            cum += each.quantity
            totals[int(each.price)] = (int(each.quantity), cum)
        for row in rows:
            if row.kind is kind:
                assert (row.size, row.cum) == totals[row.price]
            elif row.price:
                assert row.price not in totals or row.kind in (Kind.BID, Kind.ASK)


@given(
    books(),
    st.integers(0, 50),
    st.none() | st.integers(900, 1_100),
    st.integers(-5, 55),
    st.none() | st.integers(940, 1_060),
)
def test_rows_of_a_book(data: LadderData, height: int, anchor: int | None, row: int, cursor: int | None) -> None:
    sides = sides_of(data)
    rows = book_rows(sides, data, height, Place(anchor, row), cursor)
    check(rows, data, height)
    if anchor is None and height:
        assert rows[height // 2].kind is Kind.MIDDLE
        nearest = [each.price for each in rows[height // 2 + 1 :] if each.kind is Kind.BID]
        assert nearest == [int(each.price) for each in data.bids][: len(nearest)]


@given(books(), st.integers(0, 50), st.none() | st.integers(900, 1_100))
def test_rows_of_a_dom(data: LadderData, height: int, anchor: int | None) -> None:
    sides = sides_of(data)
    rows = dom_rows(sides, data, height, Place(anchor))
    check(rows, data, height)
    prices = [each.price for each in rows if each.price]
    assert prices == list(range(prices[0], prices[0] - len(prices), -1)) if prices else True
    worst = min((int(each.price) for each in data.bids), default=0)
    beyond = [each.price for each in rows if each.kind is Kind.BEYOND and each.side == Side.BUY]
    assert all(price < worst for price in beyond)
    assert data.depth or not beyond


def test_an_anchored_price_stays_in_its_row_while_the_book_moves() -> None:
    place = Place(990, 4)
    for best in (1_000, 996, 991):
        data = LadderData([level(Side.BUY, best - each, 1) for each in range(40)], [level(Side.SELL, best + 2, 1)])
        assert book_rows(sides_of(data), data, 20, place, None)[4].price == 990
        assert dom_rows(sides_of(data), data, 20, place)[4].price == 990


def test_a_dom_follows_only_when_the_middle_moves_by_more_than_a_row() -> None:
    place, tops = Place(), []
    for best in (1_000, 1_001, 1_002, 1_001, 1_001, 999):
        data = LadderData([level(Side.BUY, best, 1)], [level(Side.SELL, best + 1, 1)])
        tops.append(dom_rows(sides_of(data), data, 11, place)[0].price)
    assert tops == [1_005, 1_005, 1_007, 1_007, 1_007, 1_004]


def test_the_row_of_the_cursor_exists_without_a_level() -> None:
    data = LadderData([level(Side.BUY, 1_000, 1)], [level(Side.SELL, 1_010, 1)])
    rows = book_rows(sides_of(data), data, 9, Place(), 1_004)
    assert [(row.kind, row.price) for row in rows if row.price] == [
        (Kind.ASK, 1_010),
        (Kind.EMPTY, 1_004),
        (Kind.BID, 1_000),
    ]


def test_a_crossed_book_is_shown_as_it_is() -> None:
    data = LadderData([level(Side.BUY, 1_005, 3)], [level(Side.SELL, 1_000, 2)])
    rows = book_rows(sides_of(data), data, 5, Place(), None)
    assert [(row.kind, row.price) for row in rows if row.kind] == [
        (Kind.ASK, 1_000),
        (Kind.MIDDLE, 0),
        (Kind.BID, 1_005),
    ]
