"""The parts of a ticket: fields, words that turn, chips to press, figures."""

import re

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

_NUMBER = "0123456789."
_DURATION = "0123456789smhd"


class NumberField(Input):
    """A decimal number in one line. Letters are no part of it, so they stay keys of the screen."""

    DEFAULT_CSS = """
    NumberField, NumberField:focus {
        border: none; height: 1; padding: 0; background: $panel; color: $foreground;
    }
    NumberField:focus { background: $primary 20%; }
    NumberField.-wrong { color: $ask; text-style: underline; }
    """

    def __init__(self, part: str, *, characters: str = _NUMBER, placeholder: str = "") -> None:
        super().__init__(placeholder=placeholder, compact=True, name=part, select_on_focus=True, max_length=40)
        self.restrict = f"[{re.escape(characters)}]*"
        self._characters = characters

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Only what can be part of the number is kept from the keys of the ticket and of the screen."""
        return character is not None and character in self._characters

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character is not None and event.character not in self._characters:
            event.prevent_default()  # not ours: it goes on to the keys of the ticket and of the screen

    def put(self, text: str) -> None:
        """Somebody else's number: what is typed next replaces it, rather than making a longer one of it."""
        if text != self.value:
            self.value = text
        if self.has_focus:
            self.select_all()
        else:
            self.cursor_position = len(text)


class DurationField(NumberField):
    """`10m`."""

    def __init__(self, part: str) -> None:
        super().__init__(part, characters=_DURATION, placeholder="10m")


class Part(Widget):
    """Texts in one line; the first that fits is shown. Pressing it says so."""

    DEFAULT_CSS = """
    Part { height: 1; }
    Part.-buy { color: $bid; text-style: bold; }
    Part.-sell { color: $ask; text-style: bold; }
    Part.-muted { color: $muted; }
    Part.-off { color: $faint; }
    Part:hover { background: $panel; }
    """
    text: reactive[tuple[str, ...]] = reactive(())

    class Pressed(Message):
        """With the place of the press, in parts of the width: 0 to 99."""

        def __init__(self, part: str, place: int) -> None:
            super().__init__()
            self.part = part
            self.place = place

    def __init__(self, part: str, text: str = "", *, classes: str = "") -> None:
        super().__init__(name=part, classes=classes)
        self.set_reactive(Part.text, (text,))

    def render(self) -> Content:
        """The longest text that fits."""
        room = self.size.width
        fitting = next((text for text in self.text if cell_len(text) <= room), self.text[-1] if self.text else "")
        return Content(fitting)

    def on_click(self, event: events.Click) -> None:
        """Pressed."""
        event.stop()
        self.post_message(self.Pressed(str(self.name), event.x * 100 // max(1, self.size.width)))


class Turn(Part, can_focus=True):
    """A word that turns to the next with space or a click."""

    DEFAULT_CSS = """
    Turn:focus { background: $primary 25%; }
    """


class Chip(Part):
    """Small, to be pressed."""

    DEFAULT_CSS = """
    Chip { color: $own; text-align: center; }
    Chip:hover { background: $primary 30%; }
    """


class Figure(Part):
    """A name to the left and a number to the right; the number is never cut: the name gives way."""

    DEFAULT_CSS = """
    Figure { color: $foreground; }
    Figure.-short { color: $ask; }
    """

    def __init__(self, part: str, names: tuple[str, ...]) -> None:
        super().__init__(part)
        self._names = names

    def rename(self, names: tuple[str, ...]) -> None:
        """Other names, the longest first."""
        if names != self._names:
            self._names = names
            self.refresh()

    def render(self) -> Content:
        """Both, as far as there is room; a number that does not fit is an ellipsis, never another number."""
        room, value = self.size.width, self.text[0] if self.text else ""
        if cell_len(value) > room:
            return Content("…")
        name = next((name for name in self._names if cell_len(name) + 1 + cell_len(value) <= room), "")
        gap = " " * (room - cell_len(name) - cell_len(value))
        return Content.assemble((name, "$muted"), gap if name else "", value)


class Send(Part, can_focus=True):
    """The button: what Enter does, or why it does nothing. Wraps where it has several lines."""

    DEFAULT_CSS = """
    Send { height: auto; background: $primary 15%; color: $foreground; text-style: bold; }
    Send:focus { background: $primary 35%; }
    Send.-off { background: $background; color: $warn; text-style: none; }
    """

    def render(self) -> Content:
        """The longest text that fits into the lines, which break between words."""
        width, lines = self.size.width, max(1, self.size.height)
        room = width if lines == 1 else (width - width // 5) * lines
        fitting = next((text for text in self.text if cell_len(text) <= room), self.text[-1] if self.text else "")
        return Content(fitting)
