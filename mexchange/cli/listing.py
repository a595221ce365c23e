"""Rows of the past: printed as far as they are wanted, or all of them into a file."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.export import export
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column, Row
from mexchange.domain.order import Side

if TYPE_CHECKING:
    from mexchange.client.blocking import Rows
    from mexchange.client.history_walk import Walk

T = TypeVar("T")

Count: TypeAlias = Annotated[int | None, typer.Option("-n", help="At most so many; 50 unless exported.", min=1)]
SideName: TypeAlias = Annotated[str | None, typer.Option("--side", help="buy or sell")]
COUNT_DEFAULT = 50


def listing(
    mx: Invocation,
    columns: Sequence[Column],
    rows: "Rows[T]",
    row_of: Callable[[T], Row],
    *,
    count: int | None,
    csv: Path | None,
) -> None:
    """Print or export, then say on stderr if the tables were behind."""
    if csv is not None:
        export(mx, csv, columns, _taken(rows, row_of, count))
    else:
        mx.output.rows(columns, _taken(rows, row_of, count or COUNT_DEFAULT))
    tell_lag(mx, rows.walk)  # type: ignore[arg-type]


def tell_lag(mx: Invocation, walk: "Walk[object]") -> None:
    """What is missing is said."""
    if walk.lag:
        mx.note(f"history is {walk.lag:,} commands behind: the newest rows are missing")


def rows_per_query(count: int | None, csv: Path | None) -> int:
    """No more than is shown."""
    from mexchange.client.history_calls import ROWS_PER_QUERY

    return ROWS_PER_QUERY if csv is not None else min(count or COUNT_DEFAULT, ROWS_PER_QUERY)


def side_number(name: str | None) -> int:
    """0 for None. Raises CliError."""
    if name is None:
        return 0
    if name.upper() not in Side.__members__:
        raise CliError("E_USAGE", f"--side is buy or sell, not {name!r}", exit_code=USAGE)
    return int(Side[name.upper()])


def _taken(rows: "Rows[T]", row_of: Callable[[T], Row], count: int | None) -> Iterator[Row]:
    return (row_of(row) for row in (rows if count is None else islice(rows, count)))
