"""The daemon put together: built from the disk up, torn down in reverse, one loop thread.

    lock ─► identity ─► journal ─► recovery ─► (demo: markets, prelude) ─► pipeline ─► sessions ─► socket ─► run file

A clean stop (SIGTERM, SIGINT) tells the sessions, finishes the frame in flight, takes a snapshot and closes the
journal. A disk that fails, a poison command or a defect stops at once: nothing more is sent, nothing is tidied up,
and the next start recovers from the journal as after a power loss.
"""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from mexchange import __version__
from mexchange.config import daemon_run
from mexchange.config.daemon import DaemonSettings
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.errors import ConfigError
from mexchange.daemon.daemon import Daemon
from mexchange.daemon.engine_choice import EngineChoice, choose
from mexchange.daemon.errors import EXIT_DEFECT, EXIT_DISK, EXIT_OK, EXIT_USAGE
from mexchange.daemon.pipeline import PoisonCommand
from mexchange.protocol.server_key import fingerprint
from mexchange.store.disk import RealDisk
from mexchange.store.errors import DiskFailed, StoreError
from mexchange.store.lock import FolderLock
from mexchange.telemetry import logs
from mexchange.transport.clock import SystemClock
from mexchange.transport.udp_server import BindFailed, UdpServer

PORT_DEFAULT: Final = 9001
_LOCAL: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""How programs on this machine reach a daemon that listens everywhere."""
SWITCH_INTERVAL_S: Final = 0.0001
"""How long the loop thread keeps the interpreter from the journal's writer, which wants it for microseconds."""


def run(settings: DaemonSettings, *, data: Path, demo: bool) -> int:
    """Run the daemon of `data` until it is told to stop; returns the exit code."""
    logs.configure(form=settings.log, level=settings.log_level)
    if not __debug__:
        return _refuse("assertions are part of the exchange: run without -O and without PYTHONOPTIMIZE")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        with ExitStack() as stack:
            return _run(stack, settings, data=data, engine=choose(os.environ), demo=demo)
    except (ConfigError, BindFailed) as error:
        return _refuse(str(error))
    except PoisonCommand as poison:
        return _fail(poison)
    except StoreError as error:
        code = _refuse(str(error))
        return EXIT_DISK if isinstance(error, DiskFailed) else code


def _run(stack: ExitStack, settings: DaemonSettings, *, data: Path, engine: EngineChoice, demo: bool) -> int:
    lock = stack.enter_context(FolderLock(data))
    udp = _listen(settings)
    stack.callback(udp.close)

    def let_go() -> None:
        """The loop's own registrations are shared with a child, so it closes descriptors and nothing more."""
        for descriptor in udp.descriptors():
            os.close(descriptor)
        lock.release()

    log = logs.get("daemon")
    log.info("engine", runs=engine.name, because=engine.why)
    daemon = Daemon(
        settings,
        data=data,
        disk=RealDisk(data),
        clock=SystemClock(),
        udp=udp,
        engine=engine,
        demo=demo,
        let_go=let_go,
    )
    stack.callback(daemon.release)
    loop = _new_loop()
    stack.callback(loop.close)
    host, port = udp.address

    async def serve() -> None:
        # On the running loop: what comes before it would be taken by a handler that is not called any more. Whoever
        # reads the file may ask to stop at once.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, daemon.ask_to_stop)
        run = _description(daemon, host, port)
        daemon_run.write(data, run)
        stack.callback(daemon_run.remove, data, run)
        address, key = f"udp://{host}:{port}", fingerprint(daemon.server_key)
        log.info("listening", address=address, key=key, sequence=daemon.sequence)
        await daemon.serve()

    loop.run_until_complete(serve())
    if daemon.failure is not None:
        return _fail(daemon.failure)
    log.info("stopped", sequence=daemon.sequence)
    return EXIT_OK


def _description(daemon: Daemon, host: str, port: int) -> DaemonRun:
    """How the daemon is found by whoever may read its folder."""
    return DaemonRun(
        pid=os.getpid(),
        host=_LOCAL.get(host, host),
        port=port,
        server_key=daemon.server_key.hex(),
        started_ns=daemon.started_time_ns,
        version=__version__,
    )


def _listen(settings: DaemonSettings) -> UdpServer:
    """On the port that was asked for; without one, on 9001 or whatever is free."""

    def bind(port: int) -> UdpServer:
        return UdpServer(host=settings.host, port=port, receive_buffer_bytes=settings.receive_buffer_bytes)

    if settings.port is not None:
        return bind(settings.port)
    try:
        return bind(PORT_DEFAULT)
    except BindFailed:
        return bind(0)


def _new_loop() -> asyncio.AbstractEventLoop:
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


def _fail(failure: BaseException) -> int:
    """Say why, in one line for people, with the trace where it is ours."""
    if isinstance(failure, StoreError):
        logs.get("daemon").error("stopped at once", reason=str(failure))
        return EXIT_DISK
    trace: Callable[..., None] = traceback.print_exception
    trace(failure, file=sys.stderr)
    logs.get("daemon").error("stopped at once", reason=str(failure))
    return EXIT_DEFECT


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"mexchange daemon: {sentence}\n")
    return EXIT_USAGE
