"""Which market is shown on the trade screen, and how: grouping, interval, indicators, older candles."""

from textual import on, work

from mexchange.domain.candles import INTERVALS_BY_TEXT, Interval
from mexchange.tui.frame import Part
from mexchange.tui.panels.market import ChartPanel
from mexchange.tui.panels.watch import WatchPanel
from mexchange.tui.scene import DEPTH_DEFAULT
from mexchange.tui.screens.market_search import MarketSearch
from mexchange.tui.screens.panel_keys import PanelKeys
from mexchange.tui.shell import Shell
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.ladder import Ladder


class MarketKeys(PanelKeys):
    """The part of the trade screen that asks the shell for another view of the market."""

    shell: Shell

    def action_search_market(self) -> None:
        """Find a market by its name."""
        if (desk := self.shell.desk) is not None:
            self.app.push_screen(MarketSearch(desk.markets, desk.market.symbol), self._market_found)

    def _market_found(self, market: int | None) -> None:
        if market is not None:
            self.show_market(market)

    @work(exclusive=True, group="market")
    async def show_market(self, market: int) -> None:
        """Another market in this screen, by its number."""
        with self.shell.telling():
            await self.shell.show_market(market)

    @on(WatchPanel.MarketWanted)
    def _market_wanted(self, event: WatchPanel.MarketWanted) -> None:
        self.show_market(event.market)

    def action_group(self, group_ticks: int) -> None:
        """So many ticks in one row."""
        self.post_message(Ladder.GroupWanted(group_ticks))

    def action_use_interval(self, text: str) -> None:
        """Candles of this length."""
        if (desk := self.shell.desk) is not None:
            self.post_message(Chart.IntervalWanted(INTERVALS_BY_TEXT[text] - desk.interval))

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
