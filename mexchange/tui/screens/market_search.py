"""Find a market by some letters of its name."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mexchange.client.markets import Markets
from mexchange.codec.messages import MarketInfo
from mexchange.tui.plain import narrow
from mexchange.tui.screens.chooser import Chooser


class MarketSearch(Chooser[int]):
    """Ends with the number of a market, or None."""

    def __init__(self, markets: Markets, shown: str) -> None:
        """`shown`: the symbol that is shown now."""
        super().__init__()
        self._markets = list(markets)
        self._assets = markets
        self._now = shown

    def compose(self) -> ComposeResult:
        """A line to type into above what fits."""
        with Vertical() as box:
            box.border_title = "Market"
            yield Input(placeholder="some letters, such as btc", select_on_focus=False, compact=True)
            yield OptionList()

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._end(options.get_option_at_index(options.highlighted))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._end(event.option)

    def _end(self, option: Option) -> None:
        self.dismiss(int(option.id) if option.id is not None else None)

    def offer(self, typed: str) -> None:
        """The best first."""
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([self._option(market) for market in best(self._markets, typed)])
        options.highlighted = 0 if options.option_count else None

    def _option(self, market: MarketInfo) -> Option:
        names = (self._assets.asset(market.base).symbol, self._assets.asset(market.quote).symbol)
        note = "shown now" if market.symbol == self._now else f"{narrow(names[0], 12)} for {narrow(names[1], 12)}"
        return Option(Content.assemble(f" {narrow(market.symbol, 24):<16}", (note, "$muted")), id=str(market.market))


def best(markets: Sequence[MarketInfo], typed: str) -> list[MarketInfo]:
    """Those that match, the best first; all of them while nothing is typed."""
    if not typed.strip():
        return list(markets)
    matcher = Matcher(typed.strip())
    scored = [(matcher.match(market.symbol), market) for market in markets]
    return [market for score, market in sorted(scored, key=lambda pair: -pair[0]) if score > 0]
