"""The dialog that asks. Enter is yes, unless the question is grave: then "no" has the focus."""

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from mexchange.tui.plain import harmless
from mexchange.tui.trading.question import Question


class ConfirmScreen(ModalScreen[bool]):
    """True: yes. Escape and n are no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "No"),
        Binding("y", "answer(True)", "Yes"),
        Binding("left,right,h,l,tab,shift+tab", "other", "The other button"),
    ]
    DEFAULT_CSS = """
    ConfirmScreen { align: center middle; background: $background 60%; }
    ConfirmScreen > Vertical {
        width: 64; max-width: 100%; height: auto; max-height: 100%;
        border: heavy $primary; background: $surface; padding: 0 1; overflow-y: auto;
    }
    ConfirmScreen.-grave > Vertical { border: heavy $warn; }
    ConfirmScreen .title { text-style: bold; margin: 0 0 1 0; }
    ConfirmScreen .notes { color: $muted; margin: 1 0 0 0; }
    ConfirmScreen Horizontal { height: 1; margin: 1 0 0 0; align-horizontal: right; }
    ConfirmScreen Button {
        border: none; height: 1; min-width: 10; width: auto; margin: 0 0 0 2; padding: 0 1;
    }
    ConfirmScreen Button:focus { background: $primary; color: $background; text-style: bold !important; }
    """

    def __init__(self, question: Question) -> None:
        super().__init__(classes="-grave" if question.is_grave else "")
        self.question = question

    def compose(self) -> ComposeResult:
        """Title, lines, notes, two buttons."""
        question = self.question
        with Vertical():
            yield Static(Content(harmless(question.title, 200)), classes="title")
            if question.lines:
                yield Static(Content("\n").join(_lines(question.lines)), classes="lines")
            if question.notes:
                yield Static(Content("\n".join(harmless(note, 200) for note in question.notes)), classes="notes")
            with Horizontal():
                yield Button("No", id="no", compact=True)
                yield Button(harmless(question.affirm, 40), id="yes", compact=True)

    def on_mount(self) -> None:
        """The answer that an Enter gives."""
        self.query_one("#no" if self.question.is_grave else "#yes", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answered."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """By key."""
        self.dismiss(answer)

    def action_other(self) -> None:
        """The other button."""
        focused = self.focused.id if self.focused is not None else ""
        self.query_one("#yes" if focused == "no" else "#no", Button).focus()


def _lines(lines: list[tuple[str, str]]) -> list[Content]:
    widest = max(cell_len(name) for name, _ in lines)
    return [Content.assemble((f"{harmless(name):{widest}}  ", "$muted"), harmless(value)) for name, value in lines]
