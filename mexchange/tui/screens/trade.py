"""The trade screen: puts panels on the desktop, hands them what changed, and knows what the keys mean here."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from mexchange.domain.market import MarketStatus
from mexchange.tui.arrangement import PANELS
from mexchange.tui.edges.banner import Banner
from mexchange.tui.edges.header import Header
from mexchange.tui.edges.hints import Hints
from mexchange.tui.edges.status_bar import StatusBar, age_text
from mexchange.tui.frame import Part
from mexchange.tui.keymap import Key, bindings, of_scope
from mexchange.tui.panels.alerts import AlertsPanel
from mexchange.tui.panels.balances import BalancesPanel
from mexchange.tui.panels.fills import FillsPanel
from mexchange.tui.panels.log import LogPanel
from mexchange.tui.panels.market import ChartPanel, DepthPanel, LadderPanel, TapePanel
from mexchange.tui.panels.orders import OrdersPanel
from mexchange.tui.panels.positions import PositionsPanel
from mexchange.tui.panels.watch import WatchPanel
from mexchange.tui.plain import harmless
from mexchange.tui.screens.menu_keys import MenuKeys
from mexchange.tui.shell import Shell
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.shown_market import ShownMarket
from mexchange.tui.trading.ticket import Ticket
from mexchange.tui.vitals import ScreenState
from mexchange.tui.widgets.desktop import Desktop
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.panel import Panel

BARE_WIDTH: Final = 30
BARE_HEIGHT: Final = 8
"""Below either of them panels have no frame."""
_HINTED_FIRST: Final = ("order.buy", "order.sell", "order.cancel", "order.cancel_all")
"""Keys that the bottom line shows also where there is room for few."""
_HALTS: Final = {
    MarketStatus.CANCEL_ONLY: "CANCEL ONLY · the market takes cancels and smaller amounts",
    MarketStatus.HALTED: "HALTED · the market takes cancels alone",
    MarketStatus.CLOSED: "CLOSED · the market takes nothing",
}


class TradeScreen(MenuKeys, inherit_bindings=False):
    """One market. Everything that is shown comes from `app.desk`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("trade")]
    AUTO_FOCUS = "#panel-ladder > *"

    def __init__(self, shell: Shell, dealer: Dealer) -> None:
        super().__init__()
        self.shell = shell
        self.dealer = dealer
        self.market = ShownMarket(dealer)
        self._header = Header()
        self._status_bar = StatusBar()
        self._hints = Hints()

    def compose(self) -> ComposeResult:
        """All panels, whether they are shown or not."""
        yield Desktop([self._header, self._banner(), *self._panels(), self._status_bar, self._hints])

    def _banner(self) -> Widget:
        return Banner()

    def _panels(self) -> Iterable[Panel]:
        contents: dict[str, Widget] = {
            "ladder": LadderPanel(self.dealer),
            "tape": TapePanel(),
            "depth": DepthPanel(),
            "chart": ChartPanel(self.dealer),
            "ticket": Ticket(self.dealer),
            "orders": OrdersPanel(self.dealer),
            "positions": PositionsPanel(self.dealer),
            "balances": BalancesPanel(self.dealer),
            "fills": FillsPanel(self.dealer),
            "alerts": AlertsPanel(self.dealer),
            "log": LogPanel(self.shell.notices),
            "watch": WatchPanel(lambda: self.shell.watch_list),
        }
        for name in PANELS:
            yield Panel(name, contents.get(name) or Static())

    def paint(self, parts: Part) -> None:
        """Something changed: tell those who are visible and want to know."""
        if not self.is_mounted or not self.is_current or not self._header.is_mounted:
            return  # not there yet, or not any more
        desk = self.shell.desk
        for panel in self.desktop.panels.values():
            wanted = getattr(panel.content, "PARTS", Part.NOTHING)
            if panel.display and parts & wanted and (desk is not None or panel.panel == "log"):
                panel.content.paint(desk, parts)  # type: ignore[attr-defined]
        self._paint_edges(parts)

    def _paint_edges(self, parts: Part) -> None:
        shell = self.shell
        if parts & (Part.TICKER | Part.BALANCES | Part.STATE):
            self._header.show(shell.desk, shell.who, shell.look.glyphs, sounds=shell.has_sound)
        if parts & Part.STATE:
            self._status_bar.show(shell.vitals, self.mode_name, self._words(), shell.look.glyphs)
            self._hints.show(self._hint_keys())
            self._show_state(shell.vitals.state)
        if parts & (Part.STATE | Part.ORDERS | Part.BOOK):
            self.heads()

    @property
    def mode_name(self) -> str:
        """What the status bar begins with."""
        if self.dealer.arming.is_armed:
            return "DOM ARMED"
        if self.ticket.has_focus_within:
            return "TICKET"
        return "NORMAL" if self.shell.is_signed_in and not self.shell.options.read_only else "READ-ONLY"

    def heads(self) -> None:
        """The titles of the panels that are shown."""
        desktop = self.desktop
        badges = {
            panel.panel: panel.content.badge() for panel in desktop.panels.values() if hasattr(panel.content, "badge")
        }
        age = age_text(self.shell.vitals)
        for panel in desktop.panels.values():
            if panel.display:
                panel.is_informed = self.shell.desk is not None
                panel.head(desktop.tabs_of(panel.panel), badges, age=age, ascii_only=self.shell.settings.ascii)

    def _show_state(self, state: ScreenState) -> None:
        self.set_class(state in (ScreenState.STALE, ScreenState.RECONNECT, ScreenState.OFFLINE), "-stale")
        self.set_class(state is ScreenState.OFFLINE, "-offline")
        self.set_class(state is ScreenState.GAP, "-gap")
        self.set_class(state is ScreenState.REPLAY, "-replay")
        desk = self.shell.desk
        self.set_class(desk is not None and desk.status is not MarketStatus.OPEN, "-halted")
        self.set_class(self.shell.settings.reduced_motion, "-calm")
        self.set_class(self.app.size.width < BARE_WIDTH or self.app.size.height < BARE_HEIGHT, "-bare")
        self.set_class(self.dealer.arming.is_armed, "-armed")
        self.set_class(self.shell.settings.ascii, "-ascii")
        self._show_banner(state)

    def _show_banner(self, state: ScreenState) -> None:
        banner, desktop = self.query_one(Banner), self.desktop
        text, remedy, severe = self._banner_text(state)
        if text:
            banner.tell(harmless(text), harmless(remedy), severe=severe)
        wanted = 1 if text else 0
        if wanted != desktop.banner_height:
            desktop.banner_height = wanted
            desktop.rearrange()

    def _banner_text(self, state: ScreenState) -> tuple[str, str, bool]:
        """What the whole screen should know, the remedy, and is it severe; empty: nothing."""
        shell = self.shell
        if shell.local.doing:
            return shell.local.progress, f"daemon and bots, log {shell.local.log}", False
        if state is ScreenState.OFFLINE and shell.is_first_try:
            return "Connecting …", "", False
        if state is ScreenState.OFFLINE:
            can_start = shell.local.can_start
            remedy = "⏎ starts a local market, as  mx demo  does" if can_start else "trying again by itself"
            return "OFFLINE", f"{remedy} · {shell.trouble or 'nobody answers'}", True
        if shell.desk is not None and state <= ScreenState.SLOW and shell.desk.status is not MarketStatus.OPEN:
            return _HALTS[shell.desk.status], "", True
        return "", "", False

    def _words(self) -> list[str]:
        """For the right end of the status bar."""
        recording = ["recording"] if self.shell.recording is not None else []
        return [*recording, f"confirm {self.shell.settings.confirm}", f"theme {self.shell.settings.theme}"]

    def _hint_keys(self) -> list[Key]:
        keys, panel = self.shell.user_keys, self.focused_panel
        own = of_scope(panel.panel, keys) if panel is not None else []
        trade = sorted(of_scope("trade", keys), key=lambda key: key.id not in _HINTED_FIRST)
        rows = [*own, *trade] if self.ticket.has_focus_within else [*trade, *own]
        return [key for key in [*rows, *of_scope("app", keys)] if key.hint]

    def apply_look(self) -> None:
        """Every widget draws as the settings say now."""
        for drawn in self.query(Drawn):
            drawn.look = self.shell.look
        self.query_one(ChartPanel).use_indicators(self.shell.settings.indicators)
        self.query_one(ChartPanel).density = self.shell.settings.density
        self._show_state(self.shell.vitals.state)
        self.paint(Part.EVERYTHING)

    def on_mount(self) -> None:
        """Look as the settings say."""
        self.apply_look()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Another panel is framed."""
        self.call_after_refresh(self.heads)

    def on_resize(self, event: events.Resize) -> None:
        """Titles and lines have other widths."""
        self.call_after_refresh(self.paint, Part.EVERYTHING)

    def on_key(self, event: events.Key) -> None:
        """Enter starts the local demo while nobody answers."""
        if event.key == "enter" and self.shell.vitals.state is ScreenState.OFFLINE and self.shell.local.can_start:
            event.stop()
            self.start_local()

    @work(exclusive=True, group="start")
    async def start_local(self) -> None:
        """Start the market of this machine."""
        await self.shell.start_local()
