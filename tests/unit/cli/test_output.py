"""One set of rows in every form that there is."""

import io
import json

import pytest

from mexchange.cli.errors import CliError
from mexchange.cli.output import PALETTES, Column, Output, Row, separate, wants_color

COLUMNS = (Column("market"), Column("price", right=True), Column("note", show=lambda row: f"<{row['note']}>"))
ROWS: list[Row] = [
    {"market": "KCN/EUR", "price": "1234.50", "note": "a,b", "seq": 7},
    {"market": "X", "price": None, "note": ""},
]


def printed(mode: str | None, **options: object) -> str:
    stream = io.StringIO()
    Output(mode=mode, stream=stream, **options).rows(COLUMNS, ROWS)  # type: ignore[arg-type]
    return stream.getvalue()


def test_a_table_aligns_numbers_right_and_separates_thousands() -> None:
    assert printed("table") == "MARKET      PRICE  NOTE\nKCN/EUR  1,234.50  <a,b>\nX                  <>\n"


def test_raw_decimals_are_for_copying() -> None:
    assert "1234.50" in printed("table", raw_decimals=True)


def test_lines_of_json_carry_every_key_unless_fields_are_chosen() -> None:
    lines = [json.loads(line) for line in printed("ndjson").splitlines()]
    assert lines == ROWS
    assert json.loads(printed("json", fields=["price"]).splitlines()[0]) == {"price": "1234.50"}


def test_csv_quotes_and_tsv_separates_by_tabs() -> None:
    assert printed("csv").splitlines()[1] == 'KCN/EUR,1234.50,"a,b"'
    assert printed("tsv", header=False).splitlines()[0] == "KCN/EUR\t1234.50\ta,b"


def test_a_field_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CliError) as refused:
        printed("csv", fields=["prize"])
    assert refused.value.exit_code == 2
    assert "market, price, note" in refused.value.hint


def test_what_is_no_terminal_gets_lines() -> None:
    assert Output(mode=None, stream=io.StringIO()).mode == "ndjson"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1234567.5", "1,234,567.5"), ("-1000 EUR", "-1,000 EUR"), ("KCN/EUR", "KCN/EUR"), ("", ""), ("12.", "12.")],
)
def test_only_numbers_are_separated(text: str, shown: str) -> None:
    assert separate(text) == shown


def test_colour_follows_the_conventions() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wants_color({}, Terminal())
    assert not wants_color({"NO_COLOR": "1"}, Terminal())
    assert not wants_color({"TERM": "dumb"}, Terminal())
    assert not wants_color({}, io.StringIO())
    assert wants_color({"CLICOLOR_FORCE": "1"}, io.StringIO())


def test_a_palette_colours_the_marks_and_nothing_else() -> None:
    stream = io.StringIO()
    output = Output(mode="table", stream=stream, header=False, palette=PALETTES["mx-cb"])
    output.rows([Column("last")], [{"last": "999.57 ▲"}, {"last": "1.00"}])
    assert stream.getvalue() == "999.57 \x1b[34m▲\x1b[0m\n1.00\n"
