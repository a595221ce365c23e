"""`mx tui`: the full-screen client."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation

app = typer.Typer(add_completion=False)


@app.command()
def tui(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Argument(help="Such as KCN/EUR; default: the one shown last.")] = None,
    replay: Annotated[Path | None, typer.Option("--replay", help="Play this recording, made by mx record.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, and send no order.")] = False,
    wizard: Annotated[
        bool | None, typer.Option("--wizard/--no-wizard", help="The first steps; default: at the first start.")
    ] = None,
) -> None:
    """The order book, charts and order entry on the whole screen."""
    mx: Invocation = ctx.obj
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise CliError("E_TERMINAL", "this needs a terminal", hint="mx book, mx stream for pipes", exit_code=USAGE)
    from mexchange.tui.app import run_tui
    from mexchange.tui.options import TuiOptions

    if replay is not None:
        _check_recording(replay)
    options = TuiOptions(
        settings=mx.settings,
        market=market,
        replay=replay,
        read_only=read_only,
        wizard=wizard,
        environ=dict(os.environ),
    )
    raise typer.Exit(run_tui(options))


def _check_recording(path: Path) -> None:
    """What is wrong with the file is said before the screen is taken over. Raises OSError, BadRecording."""
    from mexchange.client.recording import Recording

    Recording.open(path).close()
