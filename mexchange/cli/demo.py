"""`mx demo`: a whole local market. Daemon, two bots and a gateway, watched over; Ctrl-C ends all of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from mexchange.cli import daemon, gateway
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.supervisor import Child, GaveUp, Supervisor
from mexchange.config import daemon_run, gateway_run, values
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.gateway_run import GatewayRun

app = typer.Typer(add_completion=False)
BOTS: Final = ("maker", "taker")


@app.command()
def demo(
    ctx: typer.Context,
    seconds: Annotated[str | None, typer.Option(help="End after so long, such as 30 or 5m.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Where the market lives; default MX_DATA_DIR, then the user's.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="UDP port; default 9001 or a free one.")] = None,
    web_port: Annotated[int | None, typer.Option(help="TCP port of the web page; default 3000 or a free one.")] = None,
) -> None:
    """Start a living market: three markets, a market maker, a taker, and an account for you."""
    mx: Invocation = ctx.obj
    folder = data or mx.settings.data_dir
    limit_ns = _limit_ns(seconds)
    environ = {**os.environ, "MX_DATA_DIR": os.fspath(folder)}
    environ.pop("MX_SERVER", None)
    running = daemon_run.read(folder)
    if running is not None and daemon_run.is_alive(running):
        raise CliError(
            "E_RUNNING",
            f"a market runs in {folder} already (pid {running.pid})",
            hint="mx daemon stop, or --data DIR",
            exit_code=USAGE,
        )
    supervisor = Supervisor(mx.note)
    market = Child("daemon", daemon.command(folder, demo=True, port=port), environ, ready=lambda p: _ready(folder, p))
    web = Child("gateway", gateway.command(web_port), environ, ready=lambda p: gateway.wait_until_ready(folder, p))
    bots = [Child(f"bot {kind}", _bot(kind), environ) for kind in BOTS]
    try:
        with supervisor.running([market, web, *bots]):
            run, page = daemon_run.read(folder), gateway_run.read(folder)
            assert run is not None
            assert page is not None
            mx.note(_welcome(folder, run, page, mx.settings.data_dir != folder))
            supervisor.watch(limit_ns)
    except GaveUp as error:
        raise CliError("E_CHILD", str(error), hint="it said why, above") from None


def _limit_ns(seconds: str | None) -> int | None:
    if seconds in (None, "", "0"):
        return None
    try:
        assert seconds is not None
        return values.duration_ns(seconds)
    except ValueError as error:
        raise CliError("E_USAGE", f"--seconds: {error}", exit_code=USAGE) from None


def _ready(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    daemon.wait_until_ready(folder, process)


def _bot(kind: str) -> list[str]:
    return [sys.executable, "-m", "mexchange", "bot", "start", kind]


def _welcome(folder: Path, run: DaemonRun, page: GatewayRun, needs_data: bool) -> str:
    prefix = "" if shutil.which("mx") else f"  export PATH={Path(sys.executable).parent}:$PATH\n"
    if needs_data or "MX_DATA_DIR" in os.environ:
        prefix += f"  export MX_DATA_DIR={folder}\n"
    return (
        f"\nThe market is open on udp://{run.host}:{run.port}, its data in {folder}\n"
        f"The web page is {page.url}, what programs can ask {page.url}/docs\n"
        "Ctrl-C ends it; what happened in it stays. In another shell:\n\n"
        f"{prefix}"
        "  mx ticker                                  three markets\n"
        "  mx book KCN/EUR                            the order book\n"
        "  mx balance                                 what you have\n"
        "  mx order buy KCN/EUR 5 -p 999.55           your first order\n"
        "  mx order cancel @last\n"
        "  mx stream trades                           what happens, line by line\n"
        "  mx status                                  for operators\n"
    )
