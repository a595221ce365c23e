"""Commands that work on a data directory instead of asking a server: which one, and what they report."""

from pathlib import Path
from typing import Annotated

import typer

from mexchange.cli.errors import NOT_FOUND, CliError
from mexchange.cli.invocation import Invocation

Data = Annotated[Path | None, typer.Option("--data", help="Data directory; default MX_DATA_DIR, then the user's.")]


def stored(data: Path) -> Path:
    """The directory, if there is an exchange in it. Raises CliError."""
    if not (data / "journal").is_dir():
        raise CliError(
            "E_DATA", f"there is no journal in {data}", hint="name its directory with --data", exit_code=NOT_FOUND
        )
    return data


def print_report(mx: Invocation, report: dict[str, object]) -> None:
    """Names and values. Exit code 1 unless it says that all is well."""
    if mx.output.is_table:
        for name, value in report.items():
            mx.output.say(f"{name:20} {value}")
    else:
        mx.output.line(report)
    if not report["ok"]:
        raise typer.Exit(1)
