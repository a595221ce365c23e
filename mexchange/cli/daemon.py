"""`mx daemon`: run an exchange, stop it, look into its journal."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from mexchange.cli import daemon_databases, demo_background
from mexchange.cli.data_directory import Data, print_report, stored
from mexchange.cli.errors import NOT_FOUND, USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.config import daemon as daemon_settings
from mexchange.config import daemon_run, paths
from mexchange.config.daemon_run import DaemonRun

app = typer.Typer(no_args_is_help=True, add_completion=False)
READY_S: Final = 60
STOP_S: Final = 30
LAST_WORDS: Final = 5
"""Lines of a log that are shown when a daemon does not start."""
POLL_S: Final = 0.05


@app.command()
def start(
    ctx: typer.Context,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="Demo markets, and an account for everybody who asks.")] = False,
    background: Annotated[bool, typer.Option("--bg", help="Return when it is ready.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="UDP port; 0 is any free one.")] = None,
) -> None:
    """Run the exchange, in the foreground unless --bg."""
    mx: Invocation = ctx.obj
    folder = data or mx.settings.data_dir
    if background:
        _start_in_background(mx, folder, demo=demo, host=host, port=port)
        return
    from mexchange.daemon.app import run

    flags = {"host": host, "port": port}
    settings = daemon_settings.load(data=folder, environ=os.environ, flags=flags)
    code = run(settings, data=folder, demo=demo)
    raise typer.Exit(code)


@app.command()
def stop(ctx: typer.Context, data: Data = None) -> None:
    """End it cleanly: a snapshot and a closed journal."""
    mx: Invocation = ctx.obj
    folder = data or mx.settings.data_dir
    run = _running(folder)
    if (demo := demo_background.running(folder)) is not None:
        raise CliError(
            "E_DEMO",
            f"mx demo (pid {demo.pid}) would start it again",
            hint="mx demo --stop ends the daemon with its bots",
            exit_code=USAGE,
        )
    os.kill(run.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while daemon_run.is_alive(run):
        if time.monotonic() > deadline:
            raise CliError(
                "E_TIMEOUT", f"daemon {run.pid} did not stop within {STOP_S} s", hint="mx daemon logs", exit_code=7
            )
        time.sleep(POLL_S)
    mx.note(f"✓ daemon {run.pid} stopped")


@app.command()
def status(ctx: typer.Context, data: Data = None) -> None:
    """Is it running, and how far is it."""
    from mexchange.cli.status import status as show_status

    mx: Invocation = ctx.obj
    run = _running(data or mx.settings.data_dir)
    mx.note(f"daemon {run.pid}, udp://{run.host}:{run.port}, version {run.version}")
    show_status(ctx)


@app.command()
def verify(ctx: typer.Context, data: Data = None) -> None:
    """Walk the journal's hash chain and read the snapshots; the daemon may run meanwhile. Code 1 if damaged."""
    mx: Invocation = ctx.obj
    from mexchange.daemon import offline

    print_report(mx, offline.verify(stored(data or mx.settings.data_dir)))


@app.command()
def replay(ctx: typer.Context, data: Data = None) -> None:
    """Replay the journal from its first command into a new engine, and compare it with every snapshot."""
    mx: Invocation = ctx.obj
    from mexchange.daemon import offline

    print_report(mx, offline.replay(stored(data or mx.settings.data_dir)))


@app.command()
def skip(
    ctx: typer.Context,
    sequence: int,
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
) -> None:
    """Leave one command out of every replay: for a command that kills the daemon. It must not be running."""
    mx: Invocation = ctx.obj
    if not mx.confirm(f"Skip command {sequence} for ever?", "leaves a command out for ever", yes=yes):
        return
    from mexchange.daemon import offline

    offline.skip(stored(data or mx.settings.data_dir), sequence)
    mx.note(f"✓ command {sequence} is skipped from now on")


@app.command()
def logs(
    ctx: typer.Context,
    data: Data = None,
    follow: Annotated[bool, typer.Option("-f", "--follow")] = False,
    lines: Annotated[int, typer.Option("-n")] = 50,
) -> None:
    """What a daemon in the background wrote."""
    mx: Invocation = ctx.obj
    file = _log_file(data or mx.settings.data_dir)
    if not file.exists():
        raise CliError("E_NOT_FOUND", f"there is no log at {file}", hint="only --bg writes one", exit_code=NOT_FOUND)
    mx.output.stream.writelines(_last_lines(file, lines))
    if not follow:
        return
    with file.open(encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        while True:
            mx.output.stream.write(log.read())
            mx.output.stream.flush()
            time.sleep(POLL_S)


def command(data: Path, *, demo: bool, host: str | None = None, port: int | None = None) -> list[str]:
    """The words that run a daemon in the foreground."""
    words = [sys.executable, "-m", "mexchange", "daemon", "start", "--data", os.fspath(data)]
    words += ["--demo"] if demo else []
    words += ["--host", host] if host is not None else []
    return words + (["--port", str(port)] if port is not None else [])


def wait_until_ready(data: Path, process: "subprocess.Popen[bytes]") -> DaemonRun:
    """Until the daemon of `data` has said where it listens. Raises CliError if it ends or takes too long."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        run = daemon_run.read(data)
        if run is not None and run.pid == process.pid:
            return run
        if process.poll() is not None:
            raise CliError("E_DAEMON", f"the daemon ended with code {process.returncode}", hint="it said why, above")
        time.sleep(POLL_S)
    raise CliError("E_TIMEOUT", f"the daemon was not ready after {READY_S} s", exit_code=7)


def _start_in_background(mx: Invocation, data: Path, *, demo: bool, host: str | None, port: int | None) -> None:
    file = _log_file(data)
    for folder in (data, file.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("ab") as log:
        process = subprocess.Popen(
            command(data, demo=demo, host=host, port=port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        run = wait_until_ready(data, process)
    except CliError:
        mx.note("".join(_last_lines(file, LAST_WORDS)).rstrip())
        raise
    process.returncode = 0  # it goes on without us
    mx.output.say(f"✓ daemon pid {run.pid}, udp {run.port}, data {data}.  Next: mx markets")
    if not mx.output.is_table:
        mx.output.line({"pid": run.pid, "host": run.host, "port": run.port, "data": os.fspath(data)})


def _running(data: Path) -> DaemonRun:
    run = daemon_run.read(data)
    if run is None or not daemon_run.is_alive(run):
        raise CliError("E_SERVER", f"no daemon runs in {data}", hint="mx daemon start, or mx demo", exit_code=8)
    return run


def _log_file(data: Path) -> Path:
    return paths.daemon_run_file(data).parent / "daemon.log"


def _last_lines(file: Path, lines: int) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-lines:]


for databases in (
    daemon_databases.migrate,
    daemon_databases.rebuild,
    daemon_databases.backup,
    daemon_databases.restore,
):
    app.command()(databases)
