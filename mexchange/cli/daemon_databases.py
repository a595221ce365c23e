"""`mx daemon migrate rebuild backup restore`: the databases beside the journal, and copies of everything."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from mexchange.cli.data_directory import Data, print_report, stored
from mexchange.cli.invocation import Invocation
from mexchange.config import daemon as daemon_settings


def migrate(ctx: typer.Context, data: Data = None) -> None:
    """Bring the tables of all databases up to date, SQLite or PostgreSQL; a start does it too."""
    from mexchange.daemon import history_tools

    mx: Invocation = ctx.obj
    folder = stored(data or mx.settings.data_dir)
    print_report(mx, history_tools.migrate(folder, daemon_settings.load(data=folder, environ=os.environ)))


def rebuild(
    ctx: typer.Context,
    data: Data = None,
    goes_on: Annotated[bool, typer.Option("--continue", help="Keep the rows that there are.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
) -> None:
    """Drop the tables of history and make them again from the journal; the daemon may run meanwhile."""
    from mexchange.daemon import history_tools

    mx: Invocation = ctx.obj
    folder = stored(data or mx.settings.data_dir)
    if not goes_on and not mx.confirm("Drop all rows of history and make them again?", "drops rows", yes=yes):
        return
    settings = daemon_settings.load(data=folder, environ=os.environ)
    with _progress("rows of history") as progress:
        report = history_tools.rebuild(folder, settings, goes_on=goes_on, progress=progress)
    print_report(mx, report)


def backup(ctx: typer.Context, target: Path, data: Data = None) -> None:
    """Copy the exchange into a new folder, consistently, while it runs."""
    from mexchange.daemon import backup as backups

    mx: Invocation = ctx.obj
    folder = stored(data or mx.settings.data_dir)
    settings = daemon_settings.load(data=folder, environ=os.environ)
    note = backups.backup(folder, target, settings, time_ns=time.time_ns())
    print_report(mx, {"ok": True, "backup": os.fspath(target), **msgspec.structs.asdict(note)})


def restore(ctx: typer.Context, source: Path, data: Data = None) -> None:
    """Make a new data directory the exchange of a backup, verified first. Start it with mx daemon start."""
    from mexchange.daemon import backup as backups

    mx: Invocation = ctx.obj
    folder = data or mx.settings.data_dir
    settings = daemon_settings.load(data=source, environ=os.environ)
    note = backups.restore(source, folder, settings)
    print_report(mx, {"ok": True, "data": os.fspath(folder), **msgspec.structs.asdict(note)})


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), TaskProgressColumn(), TextColumn("{task.completed:,}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
