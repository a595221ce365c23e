"""The trade screen: puts panels on the desktop, hands them what changed, and knows what the keys mean here."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from mexchange.domain.candles import Interval
from mexchange.tui.arrangement import NUMBERS, PANELS
from mexchange.tui.edges.banner import Banner
from mexchange.tui.edges.header import Header
from mexchange.tui.edges.hints import Hints
from mexchange.tui.edges.status_bar import StatusBar
from mexchange.tui.frame import Part
from mexchange.tui.keymap import Key, bindings, of_scope
from mexchange.tui.panels.log import LogPanel
from mexchange.tui.panels.market import ChartPanel, DepthPanel, LadderPanel, TapePanel
from mexchange.tui.shell import DEPTH_DEFAULT, Shell
from mexchange.tui.vitals import ScreenState
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.desktop import Desktop
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.panel import Panel


class TradeScreen(Screen[None]):
    """One market. Everything that is shown comes from `app.desk`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("trade")]
    AUTO_FOCUS = "#panel-ladder > *"

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    def compose(self) -> ComposeResult:
        """All panels, whether they are shown or not."""
        yield Desktop([Header(), Banner(), *self._panels(), StatusBar(), Hints()])

    def _panels(self) -> Iterable[Panel]:
        contents: dict[str, Widget] = {
            "ladder": LadderPanel(),
            "tape": TapePanel(),
            "depth": DepthPanel(),
            "chart": ChartPanel(),
            "log": LogPanel(self.shell.notices),
        }
        for name in PANELS:
            yield Panel(name, contents.get(name) or Static())

    @property
    def desktop(self) -> Desktop:
        """The one child."""
        return self.query_one(Desktop)

    def paint(self, parts: Part) -> None:
        """Something changed: tell those who are visible and want to know."""
        if not self.is_mounted or not self.is_current:
            return
        desk = self.shell.desk
        for panel in self.desktop.panels.values():
            wanted = getattr(panel.content, "PARTS", Part.NOTHING)
            if panel.display and parts & wanted and (desk is not None or panel.panel == "log"):
                panel.content.paint(desk, parts)  # type: ignore[attr-defined]
        self._paint_edges(parts)

    def _paint_edges(self, parts: Part) -> None:
        shell = self.shell
        if parts & (Part.TICKER | Part.BALANCES | Part.STATE):
            self.query_one(Header).show(shell.desk, shell.who, shell.look.glyphs, sounds=shell.has_sound)
        if parts & Part.STATE:
            self.query_one(StatusBar).show(shell.vitals, self.mode_name, self._words(), shell.look.glyphs)
            self.query_one(Hints).show(self._hint_keys())
            self._show_state(shell.vitals.state)
        if parts & (Part.STATE | Part.ORDERS | Part.BOOK):
            self.heads()

    @property
    def mode_name(self) -> str:
        """What the status bar begins with."""
        return "NORMAL" if self.shell.is_signed_in and not self.shell.options.read_only else "READ-ONLY"

    def heads(self) -> None:
        """The titles of the panels that are shown."""
        desktop = self.desktop
        badges = {
            panel.panel: panel.content.badge() for panel in desktop.panels.values() if hasattr(panel.content, "badge")
        }
        for panel in desktop.panels.values():
            if panel.display:
                panel.head(desktop.tabs_of(panel.panel), badges, ascii_only=self.shell.settings.ascii)

    def _show_state(self, state: ScreenState) -> None:
        self.set_class(state in (ScreenState.STALE, ScreenState.RECONNECT, ScreenState.OFFLINE), "-stale")
        self.set_class(state is ScreenState.OFFLINE, "-offline")
        self.set_class(state is ScreenState.GAP, "-gap")
        self.set_class(state is ScreenState.REPLAY, "-replay")
        self.set_class(self.shell.settings.ascii, "-ascii")
        self._show_banner(state)

    def _show_banner(self, state: ScreenState) -> None:
        banner, desktop = self.query_one(Banner), self.desktop
        text, remedy = self._banner_text(state)
        if text:
            banner.tell(text, remedy)
        wanted = 1 if text else 0
        if wanted != desktop.banner_height:
            desktop.banner_height = wanted
            desktop.rearrange()

    def _banner_text(self, state: ScreenState) -> tuple[str, str]:
        """What the whole screen should know, and the remedy; empty: nothing."""
        if state is ScreenState.OFFLINE:
            trouble = self.shell.trouble or "nobody answers"
            return "OFFLINE", f"{trouble} · mx daemon start · ⏎ starts the local demo"
        return "", ""

    def _words(self) -> list[str]:
        """For the right end of the status bar."""
        return [f"confirm {self.shell.settings.confirm}", f"theme {self.shell.settings.theme}"]

    def _hint_keys(self) -> list[Key]:
        keys = self.shell.user_keys
        rows = [*of_scope("trade", keys), *of_scope("app", keys)]
        return [key for key in rows if key.hint]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Another panel is framed."""
        self.call_after_refresh(self.heads)

    def on_resize(self, event: events.Resize) -> None:
        """Titles and lines have other widths."""
        self.call_after_refresh(self.paint, Part.EVERYTHING)

    # What the market's panels want.

    @on(Ladder.GroupWanted)
    def _group(self, event: Ladder.GroupWanted) -> None:
        self.run_worker(self._show_book(event.group_ticks), exclusive=True, group="book")

    async def _show_book(self, group_ticks: int) -> None:
        if self.shell.desk is not None:
            with self.shell.telling():
                await self.shell.desk.show_book(DEPTH_DEFAULT, group_ticks)

    @on(Chart.IntervalWanted)
    def _interval(self, event: Chart.IntervalWanted) -> None:
        desk = self.shell.desk
        if desk is not None:
            number = max(Interval.S1, min(Interval.W1, desk.interval + event.step))
            desk.show_interval(Interval(number))
            self.shell.settings.interval = desk.interval.text
            self.shell.save()

    @on(Chart.IndicatorsWanted)
    def _indicators(self, event: Chart.IndicatorsWanted) -> None:
        chart = self.query_one(ChartPanel)
        self.shell.settings.indicators = sorted(each.name for each in event.indicators)
        chart.use_indicators(self.shell.settings.indicators)
        self.shell.save()
        self.shell.frame.now(Part.CANDLES)

    @on(Chart.OlderWanted)
    def _older(self, event: Chart.OlderWanted) -> None:
        self.run_worker(self._fetch_older(event.before_ns), exclusive=True, group="older")

    async def _fetch_older(self, before_ns: int) -> None:
        if self.shell.desk is not None:
            with self.shell.telling():
                await self.shell.desk.older_candles(before_ns)

    def action_panel(self, number: int) -> None:
        """Show and focus the panel of this number."""
        name = next(name for name, its in NUMBERS.items() if its == number)
        self.action_show_panel(name)

    def action_show_panel(self, name: str) -> None:
        """Show and focus a panel."""
        self.desktop.bring(name)
        panel = self.desktop.panels[name]
        self.call_after_refresh(self._focus_panel, panel)

    def _focus_panel(self, panel: Panel) -> None:
        target = panel.content if panel.content.can_focus else next(iter(panel.content.query("*:can-focus")), None)
        if target is not None:
            self.set_focus(target)
        self.paint(Part.EVERYTHING)
