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
    web: Annotated[bool, typer.Option("--web", help="In a browser of this machine; read-only, see --trade.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="With --web; 0 is any free one.")] = 8_080,
    trade: Annotated[bool, typer.Option("--trade", help="With --web: let the browser send orders.")] = False,
) -> None:
    """The order book, charts and order entry on the whole screen."""
    mx: Invocation = ctx.obj
    if replay is not None:
        _check_recording(replay)
    if web:
        words = [market] if market else []
        words += ["--replay", str(replay.absolute())] if replay is not None else []
        _serve(mx, words if trade and not read_only else [*words, "--read-only"], port)
        return
    is_served = os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")
    if not is_served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CliError("E_TERMINAL", "this needs a terminal", hint="mx book, mx stream for pipes", exit_code=USAGE)
    from mexchange.tui.app import run_tui
    from mexchange.tui.options import TuiOptions

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


def _serve(mx: Invocation, words: list[str], port: int) -> None:
    """A process of this command for each browser that looks, with the same settings."""
    from mexchange.tui.web.server import WebServer

    given = {"--profile": mx.settings.profile, "--server": mx.settings.server, "--account": mx.settings.account}
    flags = [part for name, value in given.items() if value for part in (name, value)]
    command = [sys.executable, "-m", "mexchange", *flags, "tui", "--no-wizard", *words]

    def say(address: str) -> None:
        mx.note("Open this in a browser of this machine; whoever knows the address sees your screen. Ctrl-C ends it.")
        mx.output.say(address)
        if not mx.output.is_table:
            mx.output.line({"address": address})

    WebServer(command, port=port, say=say).run()
