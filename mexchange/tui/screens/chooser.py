"""A line to type into above what it may mean: the base of the screens that ask which one."""

from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

Chosen = TypeVar("Chosen")


class Chooser(ModalScreen[Chosen | None], Generic[Chosen]):
    """Ends with what was chosen, or None. A subclass composes a Vertical with an Input above an OptionList."""

    DEFAULT_CSS = """
    Chooser {
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

    def on_mount(self) -> None:
        """All of them."""
        self.offer("")
        line = self.query_one(Input)
        line.cursor_blink = self.app.animation_level != "none"
        line.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.offer(event.value)

    def offer(self, typed: str) -> None:
        """Fill the list with what these letters may mean."""
        raise NotImplementedError

    def action_move(self, step: int) -> None:
        """The next or previous line."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()
