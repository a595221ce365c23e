"""The command line: `:` and words, with what they could become above them."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mexchange.tui.commands import Command, NotUnderstood, understand

SUGGESTIONS_MAX: Final = 6


class CommandLine(ModalScreen[str | None]):
    """Ends with an action, or None."""

    DEFAULT_CSS = """
    CommandLine {
        align: left bottom;
        background: $background 0%;
        & > Vertical { height: auto; width: 100%; background: $surface; }
        Input { padding: 0; background: $surface; }
        #suggestions { height: auto; color: $muted; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("tab", "complete", "Complete", priority=True),
    ]

    def __init__(self, commands: Sequence[Command], typed: str = "") -> None:
        super().__init__()
        self._commands = commands
        self._begun = typed

    def compose(self) -> ComposeResult:
        """Suggestions above the line."""
        with Vertical():
            yield Static(id="suggestions")
            yield Input(f":{self._begun}", select_on_focus=False, compact=True)

    def on_mount(self) -> None:
        """Ready to type."""
        line = self.query_one(Input)
        line.cursor_blink = self.app.animation_level != "none"
        line.focus()
        line.cursor_position = len(line.value)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if not event.value.startswith(":"):
            self.dismiss(None)
            return
        self.query_one("#suggestions", Static).update(Content("\n").join(map(_line, self._fitting())))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(understand(event.value.lstrip(":"), self._commands) if event.value.strip(": ") else None)
        except NotUnderstood as error:
            self.query_one("#suggestions", Static).update(Content.styled(str(error), "bold $stale"))

    def action_complete(self) -> None:
        """The first suggestion."""
        fitting = self._fitting()
        if fitting:
            line = self.query_one(Input)
            line.value = f":{fitting[0].typed}" + (" " if fitting[0].takes else "")
            line.cursor_position = len(line.value)

    def _fitting(self) -> list[Command]:
        typed = self.query_one(Input).value.lstrip(": ")
        fitting = [command for command in self._commands if command.typed.startswith(typed)]
        inside = [command for command in self._commands if typed and typed in command.typed and command not in fitting]
        return [*fitting, *inside][:SUGGESTIONS_MAX]


def _line(command: Command) -> Content:
    takes = f" {command.takes}" if command.takes else ""
    return Content.assemble((f"{command.typed}{takes}", "$foreground"), f"  {command.title}")
