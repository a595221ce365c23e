"""`mx gateway`: REST, WebSocket and the web page of a market, in the foreground."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from mexchange.cli.errors import CliError
from mexchange.cli.invocation import Invocation
from mexchange.config import gateway as gateway_settings
from mexchange.config import gateway_run

app = typer.Typer(add_completion=False)
READY_S: Final = 30
POLL_S: Final = 0.05


@app.command()
def gateway(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Where to listen; beyond this machine only with TLS.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; default 3000 or a free one.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port for Prometheus, on this machine.")] = None,
) -> None:
    """Serve REST, WebSocket and the web page; several may run side by side."""
    mx: Invocation = ctx.obj
    flags = {"host": host, "port": port, "metrics_port": metrics_port}
    settings = gateway_settings.load(data=mx.settings.data_dir, environ=os.environ, flags=flags)
    from mexchange.gateway.app import run

    raise typer.Exit(run(settings, mx.settings))


def command(port: int | None) -> list[str]:
    """The words that run one as a child."""
    words = [sys.executable, "-m", "mexchange.gateway"]
    return words if port is None else [*words, "--port", str(port)]


def wait_until_ready(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Until it says where it listens. Raises CliError."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        run = gateway_run.read(folder)
        if run is not None and run.pid == process.pid:
            return
        code = process.poll()
        if code is not None:
            raise CliError("E_START", f"the gateway ended with code {code}", hint="it said why, above")
        time.sleep(POLL_S)
    raise CliError("E_START", f"the gateway was not ready after {READY_S} s")
