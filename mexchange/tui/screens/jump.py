"""Jump mode: a letter on every panel; pressing it goes there. `gg` is the top of the panel where one is."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Label

LETTERS: Final = "asdfjklewruiovcxn"
TOP: Final = "top"


class JumpScreen(ModalScreen[str | None]):
    """Ends with the name of a panel, TOP, or None."""

    DEFAULT_CSS = """
    JumpScreen {
        background: $background 20%;
        & > Label {
            position: absolute; width: 3; height: 1;
            background: $primary; color: $background; text-style: bold;
        }
    }
    """
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, places: Mapping[str, Offset]) -> None:
        """Where each panel stands."""
        super().__init__()
        self._targets = dict(zip(LETTERS, places.items(), strict=False))

    def compose(self) -> ComposeResult:
        """The letters."""
        for letter, (_, place) in self._targets.items():
            label = Label(f" {letter} ")
            label.styles.offset = (place.x + 1, place.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """A letter, or the end of it."""
        event.stop()
        target = self._targets.get(event.character or "")
        self.dismiss(TOP if event.key == "g" else target[0] if target is not None else None)

    def on_click(self) -> None:
        """Enough."""
        self.dismiss(None)
