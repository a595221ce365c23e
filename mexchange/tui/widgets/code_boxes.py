"""Six boxes for a mailed code. Digits fill them, from the keys or pasted, wherever spaces stand between them."""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

BOXES: Final = 6


class CodeBoxes(Widget, can_focus=True):
    """Tells when all are filled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "back", "Delete", show=False),
        Binding("ctrl+u", "clear", "Clear", show=False),
    ]
    DEFAULT_CSS = """
    CodeBoxes { width: 32; height: 1; }
    """

    class Filled(Message):
        """All six digits."""

        def __init__(self, code: str) -> None:
            super().__init__()
            self.code = code

    def __init__(self) -> None:
        super().__init__()
        self.code = ""

    def render(self) -> Content:
        """`[4] [8] [1]  [_] [ ] [ ]`."""
        parts = []
        for number in range(BOXES):
            here = self.has_focus and number == len(self.code)
            digit = self.code[number] if number < len(self.code) else "_" if here else " "
            gap = "  " if number == BOXES // 2 else " " if number else ""
            parts.append(Content.assemble(gap, (f"[{digit}]", "bold $primary" if here else "bold")))
        return Content("").join(parts)

    def on_key(self, event: events.Key) -> None:
        """A digit."""
        if event.character is not None and event.character.isascii() and event.character.isdigit():
            event.stop()
            self.fill(self.code + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """The digits of what was pasted."""
        event.stop()
        self.fill(self.code + event.text)

    def fill(self, text: str) -> None:
        """Show the first six digits in `text`."""
        before, self.code = self.code, "".join(each for each in text if each in "0123456789")[:BOXES]
        self.refresh()
        if len(self.code) == BOXES and self.code != before:
            self.post_message(self.Filled(self.code))

    def action_back(self) -> None:
        """One digit less."""
        self.fill(self.code[:-1])

    def action_clear(self) -> None:
        """Empty boxes."""
        self.fill("")
