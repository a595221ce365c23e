"""What the terminal client costs on a live market: a core's share at 20 frames a second, and from a key to its bytes.

The daemon and who makes 1,000 events a second are processes of their own; the client runs here at 200x60, on uvloop,
and writes to a terminal that counts. The CPU is that of the client alone.
"""

import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import uvloop

from mexchange.config.daemon_run import DaemonRun
from mexchange.tui import pauses
from mexchange.tui.app import MxApp
from mexchange.tui.panels.market import LadderPanel
from mexchange.tui.vitals import ScreenState
from tests.bench.terminal import WAIT_S, CountingTerminal
from tests.tui.stage import Stage, opened

SIZE: Final = (200, 60)
FPS: Final = 20
EVENTS_PER_S: Final = 1_000
LOAD_SECONDS: Final = 120
"""More than is needed: it is ended when everything is measured."""
MEASURED_SECONDS: Final = 10
SCREEN_SHARE: Final = 0.40
KEY_MS: Final = 10
KEYS: Final = 100
CURSOR: Final = "▶"


def measure() -> list[dict[str, Any]]:
    """Share of a core, KiB/s, frames/s; ms from a key to the bytes that show it, idle and under load."""
    with tempfile.TemporaryDirectory() as folder:
        return uvloop.run(_measure(next(stages := opened(Path(folder))), stages))


async def _measure(stage: Stage, stages: Iterator[Stage]) -> list[dict[str, Any]]:
    app = MxApp(stage.options())
    pauses.keep_short()  # as mx tui does
    app.driver_class = CountingTerminal
    app.shell.settings.fps = FPS
    task = asyncio.create_task(app.run_async(size=SIZE))
    try:
        async with asyncio.timeout(WAIT_S):
            while app.shell.vitals.state > ScreenState.SLOW or not app.shell.is_settled:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        terminal = app._driver
        assert isinstance(terminal, CountingTerminal)
        app.screen.query_one(LadderPanel).focus()
        await asyncio.sleep(1)
        rows = _quantiles("key_to_bytes_idle", await _keys(terminal))
        rows += await _under_load(app, terminal, stage.run)
        return rows
    finally:
        app.exit()
        await task
        for _ in stages:  # ends the daemon
            pass


async def _keys(terminal: CountingTerminal) -> list[float]:
    """ms from a cursor key to the bytes that move the cursor."""
    samples = []
    for index in range(KEYS):
        key = "down" if index // 10 % 2 else "up"
        start = time.perf_counter()
        await terminal.painted(lambda key=key: terminal.press(key), CURSOR)  # type: ignore[misc]
        samples.append((time.perf_counter() - start) * 1_000)
        await asyncio.sleep(0.03)
    return sorted(samples)


async def _under_load(app: MxApp, terminal: CountingTerminal, run: DaemonRun) -> list[dict[str, Any]]:
    words = [run.host, str(run.port), run.server_key, str(LOAD_SECONDS), str(EVENTS_PER_S)]
    load = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.churn", *words)
    try:
        desk = app.shell.desk
        assert desk is not None
        begun = desk.events
        async with asyncio.timeout(WAIT_S):
            while desk.events < begun + 50:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        before = (time.process_time(), time.perf_counter(), terminal.bytes, app.shell.frame.paints, desk.events)
        await asyncio.sleep(MEASURED_SECONDS)
        after = (time.process_time(), time.perf_counter(), terminal.bytes, app.shell.frame.paints, desk.events)
        cpu, seconds, size, frames, events = (now - then for now, then in zip(after, before, strict=True))
        keys = _quantiles("key_to_bytes_under_load", await _keys(terminal), limited=False)
    finally:
        with contextlib.suppress(ProcessLookupError):
            load.terminate()
        await load.wait()
    return [
        _row("screen_200x60_20fps_core_share", cpu / seconds, "core", SCREEN_SHARE),
        _row("screen_200x60_20fps_output", size / seconds / 1024, "KiB/s", None),
        _row("screen_200x60_20fps_frames", frames / seconds, "fps", None),
        _row("screen_200x60_updates_heard", events / seconds, "1/s", None),
        *keys,
    ]


def _quantiles(name: str, samples: list[float], *, limited: bool = True) -> list[dict[str, Any]]:
    return [
        _row(f"{name}_p50", statistics.median(samples), "ms", KEY_MS if limited else None),
        _row(f"{name}_p95", samples[int(len(samples) * 0.95)], "ms", None),
    ]


def _row(name: str, value: float, unit: str, baseline: float | None) -> dict[str, Any]:
    ratio = value / baseline if baseline else None
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio}
