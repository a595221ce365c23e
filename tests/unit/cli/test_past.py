"""Times as people type them, files that spreadsheets may open, and orders that the shell completes."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mexchange.cli import completion, order_list
from mexchange.cli.errors import CliError
from mexchange.cli.export import export
from mexchange.cli.output import Column, Output, guarded
from mexchange.cli.period import time_ns

NOW_NS = 1_800_000_000 * 10**9
COLUMNS = (Column("id"), Column("note"))


class Quiet:
    """What an export needs of an invocation."""

    quiet = True

    def __init__(self) -> None:
        self.output = Output(mode="csv", stream=io.StringIO())
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90s", NOW_NS // 10**9 - 90),
        ("24h", NOW_NS // 10**9 - 86_400),
        ("2w", NOW_NS // 10**9 - 14 * 86_400),
        ("2026-11-23", int(datetime(2026, 11, 23, tzinfo=UTC).timestamp())),
        ("2026-11-23T18:00:00Z", int(datetime(2026, 11, 23, 18, tzinfo=UTC).timestamp())),
        ("2026-11-23T18:00:00+02:00", int(datetime(2026, 11, 23, 16, tzinfo=UTC).timestamp())),
    ],
)
def test_a_time_is_ago_or_of_the_calendar(typed: str, seconds: int) -> None:
    assert time_ns(typed, NOW_NS) == seconds * 10**9


def test_no_time_is_no_bound_and_an_early_one_is_still_a_bound() -> None:
    assert time_ns(None, NOW_NS) == 0
    assert time_ns("1970-01-01", NOW_NS) == 1
    assert time_ns("999999w", NOW_NS) == 1
    with pytest.raises(CliError):
        time_ns("yesterday", NOW_NS)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@SUM(A1)", "-x", "\t=1", "-1-2"])
def test_a_formula_becomes_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5.25", "+3", "12", "KCN/EUR", "a=b", ""])
def test_numbers_and_words_stay(text: str) -> None:
    assert guarded(text) == text


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    mx: Any = Quiet()
    path = tmp_path / "out.csv"
    export(mx, path, COLUMNS, ({"id": number, "note": "=x"} for number in range(3)))
    assert path.read_text() == "id,note\n0,'=x\n1,'=x\n2,'=x\n"
    assert "3 rows" in mx.notes[0]

    def broken() -> Any:
        yield {"id": 1}
        raise CliError("E_HISTORY", "gone")

    with pytest.raises(CliError):
        export(mx, path, COLUMNS, broken())
    assert path.read_text().count("\n") == 4, "the file of before is still there"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_order_ids_are_completed_from_what_was_listed_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MX_CONFIG_DIR", str(tmp_path / "config"))
    assert completion.order_ids("") == []
    row = {"status": "open", "side": "buy", "quantity": "5", "market": "KCN/EUR", "price": "9"}
    completion.remember_orders([{"id": f"00000{digit}", **row} for digit in "ab1"])
    assert completion.order_ids("00000A") == [("00000a", "open: buy 5 KCN/EUR @ 9")]
    assert len(completion.order_ids("0")) == 3
    assert (tmp_path / "config" / completion.ORDERS_FILE).stat().st_mode & 0o077 == 0


def test_the_flags_of_a_list_agree_or_are_refused() -> None:
    def state(status: str | None = None, **named: bool) -> int:
        return order_list.state(status, **{"is_open": False, "is_closed": False, "is_every": False, **named})

    assert state() == state(is_open=True) == state("open") == order_list.OPEN
    assert state(is_every=True) == order_list.ALL
    assert state(is_closed=True) == state("closed") == order_list.CLOSED
    assert state("rejected") == 6
    for bad in ({"status": "filled", "is_open": True}, {"is_open": True, "is_closed": True}, {"status": "lost"}):
        with pytest.raises(CliError):
            state(**bad)
