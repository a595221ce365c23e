"""`mx demo`: a whole local market. Daemon, two bots and a gateway, watched over; Ctrl-C ends all of them.

In the background it goes on without a terminal; `mx demo --stop` ends it then.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from mexchange.cli import daemon, demo_background, gateway
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.supervisor import Child, GaveUp, Supervisor
from mexchange.config import daemon_run, demo_run, gateway_run, paths, values
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.demo_run import DemoRun
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
    web: Annotated[bool, typer.Option("--web/--no-web", help="With the web page.")] = True,
    background: Annotated[bool, typer.Option("--bg", help="Return when it runs; --stop ends it.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End the one that runs.")] = False,
) -> None:
    """Start a living market: three markets, a market maker, a taker, and an account for you."""
    mx: Invocation = ctx.obj
    folder = data or mx.settings.data_dir
    if stop:
        mx.note(f"✓ demo {demo_background.stop(folder)} stopped, with its daemon and bots")
        return
    limit_ns = _limit_ns(seconds)
    _refuse_a_second(folder)
    if background:
        given = {"--seconds": seconds, "--port": port, "--web-port": web_port}
        words = [part for name, value in given.items() if value is not None for part in (name, str(value))]
        _tell_background(mx, folder, demo_background.start(folder, words if web else [*words, "--no-web"]))
        return
    environ = {**os.environ, "MX_DATA_DIR": os.fspath(folder)}
    environ.pop("MX_SERVER", None)
    children = [
        Child("daemon", daemon.command(folder, demo=True, port=port), environ, ready=lambda p: _ready(folder, p))
    ]
    if web:
        children.append(
            Child("gateway", gateway.command(web_port), environ, ready=lambda p: gateway.wait_until_ready(folder, p))
        )
    children += [Child(f"bot {kind}", _bot(kind), environ) for kind in BOTS]
    supervisor = Supervisor(mx.note)
    try:
        with _said(folder), supervisor.running(children):
            run, page = daemon_run.read(folder), gateway_run.read(folder) if web else None
            assert run is not None
            mx.note(_welcome(folder, run, page, mx.settings.data_dir != folder))
            demo_run.write(folder, DemoRun(pid=os.getpid(), is_ready=True))
            supervisor.watch(limit_ns)
    except GaveUp as error:
        raise CliError("E_CHILD", str(error), hint="it said why, above") from None


def _refuse_a_second(folder: Path) -> None:
    """Raises CliError: one market is enough for a data directory."""
    hint = "mx demo --stop, or --data DIR"
    run = demo_background.running(folder)
    if run is not None:
        raise CliError("E_RUNNING", f"a demo runs in {folder} already (pid {run.pid})", hint=hint, exit_code=USAGE)
    daemon_here = daemon_run.read(folder)
    if daemon_here is not None and daemon_run.is_alive(daemon_here):
        raise CliError(
            "E_RUNNING",
            f"a market runs in {folder} already (pid {daemon_here.pid})",
            hint="mx daemon stop, or --data DIR",
            exit_code=USAGE,
        )


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Others find us by the data directory, from the first child on, so that none is left that nobody can end."""
    demo_run.write(folder, DemoRun(pid=os.getpid()))
    try:
        yield
    finally:
        run = demo_run.read(folder)
        if run is not None and run.pid == os.getpid():
            demo_run.remove(folder, run)


def _tell_background(mx: Invocation, folder: Path, demo: DemoRun) -> None:
    run, log = daemon_run.read(folder), paths.demo_log_file(folder)
    assert run is not None
    mx.output.say(
        f"✓ demo pid {demo.pid}, udp {run.port}, data {folder}, log {log}.  Next: mx tui; mx demo --stop ends it"
    )
    if not mx.output.is_table:
        mx.output.line({"pid": demo.pid, "host": run.host, "port": run.port, "data": str(folder), "log": str(log)})


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


def _welcome(folder: Path, run: DaemonRun, page: GatewayRun | None, needs_data: bool) -> str:
    prefix = "" if shutil.which("mx") else f"  export PATH={Path(sys.executable).parent}:$PATH\n"
    if needs_data or "MX_DATA_DIR" in os.environ:
        prefix += f"  export MX_DATA_DIR={folder}\n"
    pages = f"The web page is {page.url}, what programs can ask {page.url}/docs\n" if page is not None else ""
    return (
        f"\nThe market is open on udp://{run.host}:{run.port}, its data in {folder}\n"
        f"{pages}"
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
