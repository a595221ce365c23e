"""Every key of the shell does what its row says, and no row is without such a test."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from mexchange.domain.candles import Interval
from mexchange.tui import keymap, settings
from mexchange.tui.app import MxApp
from mexchange.tui.keymap import BY_ID, TABLE
from mexchange.tui.panels.log import LogPanel
from mexchange.tui.panels.market import ChartPanel, DepthPanel, LadderPanel, TapePanel
from mexchange.tui.panels.watch import WatchPanel
from mexchange.tui.screens.command_line import CommandLine
from mexchange.tui.screens.help import HelpScreen
from mexchange.tui.screens.jump import JumpScreen
from mexchange.tui.screens.market_search import MarketSearch
from mexchange.tui.screens.trade import TradeScreen
from tests.tui.grid import grid, text
from tests.tui.stage import Stage, app_of, wait_for

Check = Callable[[Pilot[Any], MxApp], Awaitable[None]]
CHECKS: dict[str, Check] = {}
SCOPES = ("app", "trade", "ladder", "chart", "tape", "depth", "watch", "log")
"""Of the shell; the others are tested where their panels are."""
OF_TRADING = ("order.", "size.", "alert.", "ladder.arm", "back")
"""What sends orders or prepares them is tested with the ticket."""


def checks(*ids: str) -> Callable[[Check], Check]:
    """This function tests these rows."""

    def keep(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(ids, check))
        return check

    return keep


async def press(pilot: Pilot[Any], name: str) -> None:
    """The first key of a row."""
    await pilot.press(BY_ID[name].all_keys[0])
    await pilot.pause()


def screen_of(app: MxApp) -> TradeScreen:
    screen = app.trade_screen
    assert screen is not None
    return screen


async def focus(pilot: Pilot[Any], app: MxApp, panel: str) -> None:
    """Go there."""
    screen_of(app).desktop.bring(panel)
    await wait_for(pilot, lambda: screen_of(app).desktop.panels[panel].region)
    screen_of(app).focus_panel(screen_of(app).desktop.panels[panel])
    await wait_for(pilot, lambda: _panel(app) == panel)


def _panel(app: MxApp) -> str:
    found = screen_of(app).focused_panel
    return found.panel if found is not None else ""


@checks("app.help", "app.palette", "app.command_line", "jump", "market.search")
async def dialogs_open(pilot: Pilot[Any], app: MxApp) -> None:
    dialogs = {
        "app.help": HelpScreen,
        "app.palette": CommandPalette,
        "app.command_line": CommandLine,
        "jump": JumpScreen,
        "market.search": MarketSearch,
    }
    for name, dialog in dialogs.items():
        await press(pilot, name)
        await wait_for(pilot, lambda dialog=dialog: isinstance(app.screen, dialog))  # type: ignore[misc]
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(app.screen, TradeScreen))


@checks("app.theme", "app.palette_cycle")
async def themes_turn_and_are_kept(pilot: Pilot[Any], app: MxApp) -> None:
    await press(pilot, "app.theme")
    assert app.theme == "mx-light"
    await press(pilot, "app.palette_cycle")
    assert app.theme == "mx-light-red-up"
    assert settings.load(app.shell.options.settings_file).theme == "mx-light-red-up"
    for _ in range(2):
        await press(pilot, "app.palette_cycle")
    await press(pilot, "app.theme")
    assert app.theme == "mx-mono"
    assert screen_of(app).query_one(LadderPanel).look.textured
    await press(pilot, "app.theme")


@checks("app.screenshot", "app.redraw", "app.mode_trade", "app.mode_portfolio", "app.mode_admin")
async def the_rest_of_the_app(pilot: Pilot[Any], app: MxApp) -> None:
    delivered: list[object] = []
    app.deliver_screenshot = lambda *_, **__: delivered.append(1)  # type: ignore[method-assign]  # no file
    await press(pilot, "app.screenshot")
    assert delivered == [1]
    before = text(app)
    await press(pilot, "app.redraw")
    assert len(text(app)) == len(before)
    for mode in ("portfolio", "admin", "trade"):
        await press(pilot, f"app.mode_{mode}")
        await wait_for(pilot, lambda mode=mode: app.current_mode == mode)  # type: ignore[misc]


@checks(*(f"panel.{number}" for number in range(1, 10)), "panel.ladder")
async def panels_come_by_number(pilot: Pilot[Any], app: MxApp) -> None:
    names = ("chart", "tape", "depth", "orders", "positions", "balances", "fills", "alerts", "log")
    for number, name in enumerate(names, 1):
        await press(pilot, f"panel.{number}")
        await wait_for(pilot, lambda name=name: screen_of(app).desktop.panels[name].display)  # type: ignore[misc]
    await press(pilot, "panel.1")
    await wait_for(pilot, lambda: _panel(app) == "chart")
    await press(pilot, "panel.ladder")
    await wait_for(pilot, lambda: _panel(app) == "ladder")


@checks("panel.next", "panel.previous", "panel.window", "panel.zoom")
async def focus_goes_round_and_to_the_side(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "ladder")
    await press(pilot, "panel.next")
    beside = _panel(app)
    assert beside != "ladder"
    await press(pilot, "panel.previous")
    assert _panel(app) == "ladder"
    await press(pilot, "panel.window")
    await pilot.press("l")
    assert _panel(app) == "chart"
    await press(pilot, "panel.window")
    await pilot.press("h")
    assert _panel(app) == "ladder"
    await press(pilot, "panel.zoom")
    await wait_for(pilot, lambda: sum(panel.display for panel in screen_of(app).desktop.panels.values()) == 1)
    await press(pilot, "panel.zoom")
    await wait_for(pilot, lambda: sum(panel.display for panel in screen_of(app).desktop.panels.values()) > 1)


@checks("ladder.up", "ladder.down", "ladder.page_up", "ladder.page_down", "ladder.top", "ladder.bottom")
async def the_cursor_walks_the_ladder(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "ladder")
    ladder = screen_of(app).query_one(LadderPanel)
    seen = []
    for name in ("down", "up", "up", "page_up", "page_down", "top", "bottom"):
        await press(pilot, f"ladder.{name}")
        assert ladder.cursor is not None
        seen.append(ladder.cursor)
    down, up, higher, page_up, page_down, top, bottom = seen
    assert down < up < higher < page_up
    assert page_down < page_up <= top
    assert bottom < down


@checks("ladder.recentre", "ladder.lock", "ladder.every_price", "ladder.coarser", "ladder.finer")
async def the_ladder_is_arranged(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "ladder")
    ladder = screen_of(app).query_one(LadderPanel)
    locked = []
    for _ in range(2):
        await press(pilot, "ladder.lock")
        locked.append(ladder.locked)
    assert locked == [True, False]
    await press(pilot, "ladder.recentre")
    assert ladder.cursor is None
    await press(pilot, "ladder.every_price")
    assert ladder.data.dom
    await press(pilot, "ladder.every_price")
    desk = app.shell.desk
    assert desk is not None
    await press(pilot, "ladder.coarser")
    await wait_for(pilot, lambda: desk.group_ticks == 2)
    await wait_for(pilot, lambda: "grp 0.02" in text(app))
    await press(pilot, "ladder.finer")
    await wait_for(pilot, lambda: desk.group_ticks == 1)


@checks("chart.shorter", "chart.longer", "chart.zoom_in", "chart.zoom_out", "chart.indicators")
async def the_chart_is_chosen(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "chart")
    chart, desk = screen_of(app).query_one(ChartPanel), app.shell.desk
    assert desk is not None
    await press(pilot, "chart.longer")
    await wait_for(pilot, lambda: desk.interval is Interval.M5 and not desk.candle_row.loading)
    await press(pilot, "chart.shorter")
    await wait_for(pilot, lambda: desk.interval is Interval.M1 and not desk.candle_row.loading)
    density = chart.density
    await press(pilot, "chart.zoom_in")
    assert chart.density > density
    await press(pilot, "chart.zoom_out")
    assert chart.density == density
    await press(pilot, "chart.indicators")
    await wait_for(pilot, lambda: app.shell.settings.indicators)
    app.shell.settings.indicators = []


@checks("chart.left", "chart.right", "chart.up", "chart.down", "chart.follow", "chart.crosshair")
async def the_chart_is_walked(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "chart")
    chart = screen_of(app).query_one(ChartPanel)
    prices = []
    for name in ("crosshair", "up", "down", "crosshair"):
        await press(pilot, f"chart.{name}")
        prices.append(chart.cross_price or 0)
    assert 0 < prices[0] < prices[1]
    assert prices[2:] == [prices[0], 0]
    follows = []
    for name in ("left", "follow", "left", "right"):
        await press(pilot, f"chart.{name}")
        follows.append(chart.follows)
    assert follows == [False, True, False, True]


@checks("tape.up", "tape.down", "tape.page_up", "tape.page_down", "tape.top", "tape.bottom", "tape.filter")
async def the_tape_is_walked_and_filtered(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "tape")
    tape = screen_of(app).query_one(TapePanel)

    def first() -> str:
        region = tape.content_region
        return grid(app)[region.y][region.x : region.right]

    newest = first()
    for there, back in (("down", "up"), ("page_down", "page_up"), ("bottom", "top")):
        await press(pilot, f"tape.{there}")
        await wait_for(pilot, lambda: first() != newest)
        await press(pilot, f"tape.{back}")
        await wait_for(pilot, lambda: first() == newest)
    tape.use_sizes([3_000, 8_000])
    sizes = []
    for _ in range(3):
        await press(pilot, "tape.filter")
        sizes.append(tape.min_size)
    assert sizes == [3_000, 8_000, 0]


@checks("depth.wider", "depth.nearer")
async def the_depth_looks_farther_and_nearer(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "depth")
    depth = screen_of(app).query_one(DepthPanel)
    ranges = []
    for name in ("wider", "wider", "nearer"):
        await press(pilot, f"depth.{name}")
        ranges.append(depth.range_bp)
    assert ranges[0] < ranges[1]
    assert ranges[2] == ranges[0]


@checks("watch.up", "watch.down", "watch.top", "watch.choose")
async def the_watch_list_shows_another_market(pilot: Pilot[Any], app: MxApp) -> None:
    await focus(pilot, app, "watch")
    await wait_for(pilot, lambda: screen_of(app).query_one(WatchPanel).has_focus)
    for name in ("down", "down", "up", "top", "down", "choose"):
        await press(pilot, f"watch.{name}")
    await wait_for(pilot, lambda: app.shell.desk is not None and app.shell.desk.market.symbol == "BTC/EUR")
    await wait_for(pilot, lambda: app.shell.is_settled)
    await app.shell.show_market(1)
    await wait_for(pilot, lambda: app.shell.is_settled)


@checks("log.up", "log.down", "log.page_up", "log.page_down", "log.top", "log.bottom")
async def the_log_scrolls(pilot: Pilot[Any], app: MxApp) -> None:
    from mexchange.tui.notices import Kind, Notice

    for number in range(60):
        app.shell.notices.note(Notice(Kind.INFO, f"line {number}"))
    await focus(pilot, app, "log")
    log = screen_of(app).query_one(LogPanel)
    await wait_for(pilot, lambda: log.virtual_size.height >= 60)
    for there, back in (("down", "up"), ("page_down", "page_up"), ("bottom", "top")):
        await press(pilot, f"log.{there}")
        await wait_for(pilot, lambda: log.scroll_offset.y > 0)
        await press(pilot, f"log.{back}")
        await wait_for(pilot, lambda: log.scroll_offset.y == 0)


@checks("app.quit")
async def the_app_ends(pilot: Pilot[Any], app: MxApp) -> None:
    await press(pilot, "app.quit")
    assert app.return_code == 0


@pytest.mark.parametrize("check", sorted({check.__name__ for check in CHECKS.values()}))
async def test_keys(stage: Stage, check: str) -> None:
    function = next(each for each in CHECKS.values() if each.__name__ == check)
    async with stage.app(size=(120, 40)) as pilot:
        await function(pilot, app_of(pilot))


def test_no_key_is_without_a_test() -> None:
    """Rows that are tested in the other files of this folder stand there by their ids."""
    pressed = set(CHECKS) | _mentioned_elsewhere()
    missing = {key.id for key in TABLE if key.scope in SCOPES and not key.id.startswith(OF_TRADING)} - pressed
    assert not missing, f"no test presses {sorted(missing)}"


def _mentioned_elsewhere() -> set[str]:
    found: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        if file.name != Path(__file__).name:
            found |= set(re.findall(r'"([a-z_]+\.[a-z_0-9]+)"', file.read_text()))
    return found


async def test_user_keys_hold_and_conflicts_are_told_at_the_start(stage: Stage) -> None:
    options = stage.options()
    options.keymap_file.parent.mkdir(parents=True, exist_ok=True)
    options.keymap_file.write_text('"market.search" = "f3"\n"app.help" = "q"\n')
    try:
        async with stage.app(size=(120, 40), options=options) as pilot:
            app = app_of(pilot)
            told = "\n".join(line.notice.whole for line in app.shell.notices.lines)
            assert "key q is both" in told
            await pilot.press("f3")
            await wait_for(pilot, lambda: isinstance(app.screen, MarketSearch))
            await pilot.press("escape", "slash")
            assert isinstance(app.screen, TradeScreen)
    finally:
        options.keymap_file.unlink()


def test_every_action_of_the_table_exists() -> None:
    owners: dict[str, list[type]] = {
        "app": [MxApp],
        "trade": [TradeScreen],
        "ladder": [LadderPanel],
        "chart": [ChartPanel],
        "tape": [TapePanel],
        "depth": [DepthPanel],
        "watch": [WatchPanel],
        "log": [LogPanel],
    }
    for key in TABLE:
        name = key.action.partition("(")[0]
        for owner in owners.get(key.scope, []):
            assert hasattr(owner, f"action_{name}"), key.id
    assert keymap.bindings("trade")
