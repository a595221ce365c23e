"""What of a table there is room for."""

from mexchange.tui.panels.sheet import Cell, Column, Row, fitting, grown, in_order, kept_cells, turned

COLUMNS = (
    Column("side", 6),
    Column("price", 12, right=True),
    Column("fee", 16, right=True, rank=1),
    Column("role", 5, rank=2),
)


def _row(key: str, *texts: str) -> Row:
    return Row(key, tuple(Cell(text, len(text)) for text in texts))


def test_columns_are_as_wide_as_what_is_in_them_and_never_shrink() -> None:
    empty = grown(COLUMNS, (), [])
    assert [column.width for column in empty] == [5, 6, 4, 5]  # names, and room for the mark of sorting
    short = grown(COLUMNS, empty, [_row("1", "BUY ▲", "999.57", "0.001 KCN", "maker")])
    assert [column.width for column in short] == [5, 6, 9, 5]
    long = grown(COLUMNS, short, [_row("2", "SELL▼", "1,234,567.123456789", "1", "taker")])
    assert [column.width for column in long] == [5, 12, 9, 5]  # no wider than it may be
    assert grown(COLUMNS, long, []) == long


def test_the_least_important_columns_go_first_and_their_cells_with_them() -> None:
    rows = [_row("1", "BUY ▲", "999.57", "0.001 KCN", "maker")]
    columns = grown(COLUMNS, (), rows)
    assert fitting(columns, 33) == columns
    without_role = fitting(columns, 32)
    assert [column.name for column in without_role] == ["side", "price", "fee"]
    assert [cell.text for cell in kept_cells(rows[0], columns, without_role).cells] == ["BUY ▲", "999.57", "0.001 KCN"]
    assert [column.name for column in fitting(columns, 1)] == ["side", "price"]


def test_a_third_press_on_a_header_brings_the_rows_back_as_they_came() -> None:
    rows = [_row("b", "1", "22", "1", "1"), _row("a", "1", "1", "1", "1"), _row("c", "1", "333", "1", "1")]
    order, seen = None, []
    for _ in range(3):
        order = turned(order, "price")
        seen.append([row.key for row in in_order(rows, COLUMNS, order)])
    assert seen == [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]]
