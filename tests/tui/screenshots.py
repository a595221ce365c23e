"""`make screenshots`: the pictures of docs/TUI.md, of a real daemon with the scripted market, as SVG and PNG.

The clock of the machine is in them, and the trades of the demo's prelude: they are made anew when the screen changes,
not compared.
"""

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright
from textual.pilot import Pilot

from mexchange.client.api import Client
from mexchange.client.errors import QueryRefused
from mexchange.client.recorder import Recorder
from mexchange.client.recording_writer import RecordingWriter
from mexchange.domain.candles import Interval
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import Lots, Ticks
from mexchange.protocol.login import EnrollLogin
from mexchange.tui.app import MxApp
from mexchange.tui.screens.trade import TradeScreen
from tests.tui.grid import text
from tests.tui.stage import BEST_ASK, BEST_BID, KCN_EUR, TAKER_SEED, Stage, opened, wait_for
from tests.tui.stage import book as stage_book

FOLDER: Final = Path(__file__).parents[2] / "docs" / "img"
CHROMIUM: Final = "/usr/bin/chromium"
DRAWN: Final = frozenset({"tui", "tui-wide"})
"""Those with a PNG beside the SVG."""
_FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""The exported picture asks another host for its font; ours uses the reader's."""


async def _own_market(pilot: Pilot[int], stage: Stage) -> None:
    """A fill, and orders that rest on both sides."""
    app = pilot.app
    assert isinstance(app, MxApp)
    client = app.shell.client
    assert client is not None
    await client.place(KCN_EUR, Side.BUY, Lots(750), Ticks(BEST_ASK), time_in_force=TimeInForce.IOC)
    for side, price, size in ((Side.BUY, BEST_BID - 2, 1_500), (Side.BUY, BEST_BID - 7, 500)):
        await client.place(KCN_EUR, side, Lots(size), Ticks(price))
    await client.place(KCN_EUR, Side.SELL, Lots(2_500), Ticks(BEST_ASK + 4))
    await wait_for(pilot, lambda: "Orders·3" in text(app))
    await _quiet(pilot)


async def _type_order(pilot: Pilot[int], price: str, size: str) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, TradeScreen)
    await pilot.press("b")
    await wait_for(pilot, lambda: screen.ticket.has_focus_within)
    screen.ticket.focus_field("price")
    await pilot.press("home", "ctrl+k", *price)
    screen.ticket.focus_field("size")
    await pilot.press("home", "ctrl+k", *size)


async def _quiet(pilot: Pilot[int]) -> None:
    """Without the notes that go by themselves."""
    pilot.app.clear_notifications()
    await pilot.pause(0.3)


async def _pictures(stage: Stage, folder: Path) -> dict[str, str]:
    """By name, as SVG."""
    found: dict[str, str] = {}

    def take(name: str, pilot: Pilot[int]) -> None:
        found[name] = _without_fonts(pilot.app.export_screenshot(title="mx tui"))

    while not await _has_history(stage):  # noqa: ASYNC110  # of another process
        await asyncio.sleep(1)
    for name, size in (("tui-wide", (200, 60)), ("tui", (120, 40)), ("tui-small", (80, 24))):
        async with stage.app(size=size) as pilot:
            if not found:
                await _own_market(pilot, stage)
            await _quiet(pilot)
            take(name, pilot)
    async with stage.app(size=(120, 40)) as pilot:
        await _type_order(pilot, "999.55", "5")
        await _quiet(pilot)
        take("tui-ticket", pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "BUY 5 KCN" in text(pilot.app))
        take("tui-review", pilot)
        await pilot.press("escape", "escape", "escape", "0", "d")
        await wait_for(pilot, lambda: "DOM ARMED" in text(pilot.app))
        take("tui-armed", pilot)
        await pilot.press("escape", "question_mark")
        await pilot.pause(0.5)
        take("tui-help", pilot)
        await pilot.press("escape", "t")
        await _quiet(pilot)
        take("tui-light", pilot)
        await pilot.press("t")
    async with stage.app(size=(120, 40)) as pilot:
        stage.pause()
        try:
            await wait_for(pilot, lambda: "STALE" in text(pilot.app))
            await _quiet(pilot)
            take("tui-stale", pilot)
        finally:
            stage.resume()
    async with stage.app(size=(120, 40), options=stage.options(replay=await _recorded(stage, folder))) as pilot:
        await pilot.press(*"nnnnnnnnn", "greater_than_sign", "greater_than_sign")
        await _quiet(pilot)
        take("tui-replay", pilot)
    return found


async def _has_history(stage: Stage) -> bool:
    """Its tables are made by another process, which begins when trading goes on already."""
    async with stage.operator() as client:
        try:
            return len([candle async for candle in client.candles(KCN_EUR, Interval.M1, fill_gaps=False)]) > 0
        except QueryRefused:
            return False


async def _first_steps(stage: Stage) -> str:
    app = MxApp(stage.options(wizard=True))
    async with app.run_test(size=(100, 32)) as pilot:
        await wait_for(pilot, lambda: app.shell.is_settled and "Next" in text(app))
        await _quiet(pilot)
        return _without_fonts(app.export_screenshot(title="mx tui"))


async def _recorded(stage: Stage, folder: Path) -> Path:
    """Some trades of the scripted market."""
    path = folder / "market.mxr"
    with path.open("wb") as file:
        writer = RecordingWriter(file, created_ns=0)
        taker_login = EnrollLogin(TAKER_SEED, "the script's taker")
        async with (
            stage.operator() as look,
            stage.maker() as maker,
            await Client.connect(stage.connection(taker_login)) as taker,
        ):
            recorder = Recorder(look, writer)
            await recorder.begin([KCN_EUR])
            recording = asyncio.ensure_future(recorder.run())
            for step in range(20):
                await maker.place(KCN_EUR, Side.BUY, Lots(1_000 + step), Ticks(BEST_BID + 1 + step % 5))
                await taker.place(
                    KCN_EUR, Side.SELL, Lots(300 + 70 * (step % 7)), Ticks(BEST_BID), time_in_force=TimeInForce.IOC
                )
                await asyncio.sleep(0.1)
            await maker.mass_cancel()
            await maker.place_many(stage_book())
            await asyncio.sleep(1.5)
            recording.cancel()
            await asyncio.gather(recording, return_exceptions=True)
        writer.close()
    return path


def _without_fonts(svg: str) -> str:
    return _FONTS.sub("", svg)


async def _draw(pictures: dict[str, str]) -> None:
    """Write them, and the PNG of each."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        for name, svg in pictures.items():
            (FOLDER / f"{name}.svg").write_text(svg)
            if name in DRAWN:
                await page.set_content(f"<body style='margin:0;background:transparent'>{svg}</body>")
                await page.add_style_tag(content="svg { width: 1280px; display: block; }")
                await page.locator("svg").first.screenshot(path=FOLDER / f"{name}.png", omit_background=True)
        await browser.close()


def main() -> None:
    """Everything."""
    with tempfile.TemporaryDirectory() as folder:
        for stage in opened(Path(folder)):
            pictures = asyncio.run(_pictures(stage, Path(folder)))
            pictures["tui-first-steps"] = asyncio.run(_first_steps(stage))
            asyncio.run(_draw(pictures))


if __name__ == "__main__":
    main()
