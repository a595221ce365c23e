"""`--csv FILE`: all rows into a file, with a bar on the terminal. The file appears when it is whole."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column, Row, guarded

CsvFile: TypeAlias = Annotated[
    Path | None, typer.Option("--csv", help="Write all rows into this file.", dir_okay=False, writable=True)
]
Done: TypeAlias = Callable[[int], None]
"""Told the number of rows so far."""


def export(mx: Invocation, path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the file. Raises OSError; then there is no file, or the one that was there before."""
    part = path.with_name(f".{path.name}.part")
    count = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as file, _bar(mx) as done:
            writer = csv.writer(file, lineterminator="\n")
            if mx.output.header:
                writer.writerow([column.key for column in columns])
            for row in rows:
                writer.writerow([guarded(row.get(column.key)) for column in columns])
                count += 1
                done(count)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    mx.note(f"✓ {count:,} row{'' if count == 1 else 's'} in {path}")


@contextmanager
def _bar(mx: Invocation) -> Iterator[Done]:
    """On a terminal only, and on stderr."""
    import sys

    if mx.quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("exporting"), BarColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda count: progress.update(task, completed=count)
