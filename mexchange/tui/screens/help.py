"""Help: the keys of the panel that had the focus, then those of the screen and of the app."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mexchange.tui.key_names import shown
from mexchange.tui.keymap import Key, of_scope

INTRODUCTIONS: Final[Mapping[str, str]] = {
    "ladder": "The book by price. ● own orders, ●5+3: own 5 with about 3 ahead of them. A press fills the ticket; "
    "armed (d) it places at once.",
    "chart": "Candles of the exchange's own trades; dots are times without any. ◀ own orders, ▲▼ own fills.",
    "tape": "Public trades, the newest on top; the arrow is the taker's side.",
    "depth": "How much can be had up to each price, summed from the best one.",
    "orders": "Your open orders. ? is one whose answer is still being asked for: it is never sent twice.",
    "ticket": "Review shows what an order costs before it goes; nothing is sent without it unless you say so.",
    "log": "Everything that was told, the newest on top.",
    "watch": "Other markets; Enter shows one here.",
}
_WIDTH: Final = 102
_EDGES: Final = 8
"""Cells of a line that are frame, padding and scroll bar."""
_TITLES: Final[Mapping[str, str]] = {"trade": "This screen", "app": "Everywhere"}


class HelpScreen(ModalScreen[None]):
    """Ends by Escape, `?` or `q`."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 102; max-width: 100%; height: auto; max-height: 90%;
            border: round $primary; border-title-color: $primary; background: $surface; padding: 0 2;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,f1,enter", "dismiss", "Close")]

    def __init__(self, scopes: Sequence[str], user: Mapping[str, str]) -> None:
        """`scopes`: from the focused panel outwards."""
        super().__init__()
        self._scopes = scopes
        self._user = user

    def compose(self) -> ComposeResult:
        """One section for each scope."""
        with VerticalScroll() as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "esc closes"
            for scope in self._scopes:
                if of_scope(scope, self._user) or scope in INTRODUCTIONS:
                    yield Static(self._section(scope))

    def _section(self, scope: str) -> Content:
        width = min(_WIDTH, self.app.size.width) - _EDGES
        lines = [Content.styled(f"\n{_TITLES.get(scope, scope.capitalize())}", "bold $primary")]
        if scope in INTRODUCTIONS:
            lines.append(Content.styled(INTRODUCTIONS[scope], "$muted"))
        return Content("\n").join([*lines, *(_line(key, width) for key in of_scope(scope, self._user))])


def _line(key: Key, width: int) -> Content:
    """Keys, what they do, and the id by which `keymap.toml` gives others: at the right end, or there below."""
    keys, does = f"{'  '.join(shown(each) for each in key.all_keys):>16}", f"  {key.description}"
    gap = width - len(keys) - len(does) - len(key.id)
    between = " " * gap if gap >= 1 else "\n" + " " * max(0, width - len(key.id))
    return Content.assemble((keys, "bold $accent"), does, between, (key.id, "$muted"))
