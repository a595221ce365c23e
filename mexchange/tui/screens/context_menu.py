"""What can be done with the thing under the pointer: a short list beside it, each line with the key for it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mexchange.tui.key_names import shown
from mexchange.tui.keymap import Key
from mexchange.tui.plain import narrow

_TITLE_MAX = 44
_FRAME = 2


class MenuEntry(msgspec.Struct, frozen=True):
    """One line: the key whose action it is, and what that means here."""

    key: Key
    title: str


class ContextMenu(ModalScreen[Key | None]):
    """Ends with the key whose line was chosen, or None."""

    DEFAULT_CSS = """
    ContextMenu {
        background: $background 0%;
        & > OptionList {
            position: absolute; border: round $primary; background: $surface; padding: 0; scrollbar-size: 0 0;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down,j", "cursor_down", "Down", priority=True),
        Binding("up,k", "cursor_up", "Up", priority=True),
    ]

    def __init__(self, entries: Sequence[MenuEntry], place: Offset) -> None:
        """`place`: of the pointer, on the screen."""
        super().__init__()
        self.entries = entries
        self._place = place
        self._title_width = max(len(_title(entry)) for entry in entries)
        self._key_width = max(len(_keys(entry)) for entry in entries)

    def compose(self) -> ComposeResult:
        """The list, as near to the pointer as it fits."""
        lines = OptionList(*(Option(self._line(entry)) for entry in self.entries))
        width = min(self._title_width + self._key_width + 4 + _FRAME, self.app.size.width)
        height = min(len(self.entries) + _FRAME, self.app.size.height)
        lines.styles.width, lines.styles.height = width, height
        lines.styles.offset = (
            max(0, min(self._place.x + 1, self.app.size.width - width)),
            max(0, min(self._place.y, self.app.size.height - height)),
        )
        yield lines

    def on_mount(self) -> None:
        """The first line is chosen."""
        lines = self.query_one(OptionList)
        lines.highlighted = 0
        lines.focus()

    def on_key(self, event: events.Key) -> None:
        """The key of a line."""
        for entry in self.entries:
            if event.key in entry.key.all_keys or event.character in entry.key.all_keys:
                event.stop()
                self.dismiss(entry.key)
                return

    def on_click(self, event: events.Click) -> None:
        """Beside the list: enough."""
        if event.widget is self:
            self.dismiss(None)

    def action_cursor_down(self) -> None:
        """The next line."""
        self.query_one(OptionList).action_cursor_down()

    def action_cursor_up(self) -> None:
        """The line before."""
        self.query_one(OptionList).action_cursor_up()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.entries[event.option_index].key)

    def _line(self, entry: MenuEntry) -> Content:
        gap = " " * (self._title_width - len(_title(entry)) + 2)
        return Content.assemble(f" {_title(entry)}{gap}", (f"{_keys(entry):>{self._key_width}} ", "$muted"))


def _title(entry: MenuEntry) -> str:
    return narrow(entry.title, _TITLE_MAX)


def _keys(entry: MenuEntry) -> str:
    return shown(entry.key.all_keys[0])
