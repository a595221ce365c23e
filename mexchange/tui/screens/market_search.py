"""Find a market by some letters of its name."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mexchange.client.markets import Markets
from mexchange.codec.messages import MarketInfo
from mexchange.tui.plain import narrow


class MarketSearch(ModalScreen[int | None]):
    """Ends with the number of a market, or None."""

    DEFAULT_CSS = """
    MarketSearch {
        align: center top;
        background: $background 60%;
        & > Vertical {
            width: 60; max-width: 100%; height: auto; max-height: 80%; margin-top: 1;
            border: round $primary; border-title-color: $primary; background: $surface;
        }
        Input { padding: 0 1; background: $surface; }
        OptionList { border: none; height: auto; max-height: 16; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down,ctrl+n", "move(1)", "Down", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Up", priority=True),
    ]

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

    def on_mount(self) -> None:
        """All of them."""
        self._show("")
        self.query_one(Input).cursor_blink = self.app.animation_level != "none"
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

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

    def action_move(self, step: int) -> None:
        """The next or previous line."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def _show(self, typed: str) -> None:
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
