"""Two questions that are asked seldom: leaving while orders are open, and never being asked again."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

LEAVE: Final = "leave"
CANCEL_ALL: Final = "cancel_all"
SENTENCE: Final = "I understand"


class LeaveScreen(ModalScreen[str | None]):
    """Ends with LEAVE, CANCEL_ALL or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss", "Stay"),
        Binding("l,y,q", f"dismiss('{LEAVE}')", "Leave them"),
        Binding("x,X", f"dismiss('{CANCEL_ALL}')", "Cancel all and quit"),
    ]

    def __init__(self, orders: int) -> None:
        super().__init__(classes="dialog")
        self._orders = orders

    def compose(self) -> ComposeResult:
        """The question and three answers."""
        with Vertical() as box:
            box.border_title = "Quit"
            noun = "order is" if self._orders == 1 else "orders are"
            yield Label(f"{self._orders} {noun} open and will go on trading without you.")
            with Horizontal():
                yield Button("Leave them  (l)", id=LEAVE, variant="primary", compact=True)
                yield Button("Cancel all and quit  (x)", id=CANCEL_ALL, variant="error", compact=True)
                yield Button("Stay  (esc)", id="stay", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id if event.button.id in (LEAVE, CANCEL_ALL) else None)


class UnderstandScreen(ModalScreen[bool]):
    """Ends with True once the sentence was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "Back")]

    def __init__(self) -> None:
        super().__init__(classes="dialog")

    def compose(self) -> ComposeResult:
        """What it means, and a line for the sentence."""
        with Vertical() as box:
            box.border_title = "No questions"
            yield Label("Orders will go out at one key or press, without a review.")
            yield Label("Flatten, reverse and cancelling all markets still ask.")
            yield Label(f"Type  {SENTENCE}  to have it so.")
            yield Input(placeholder=SENTENCE)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if event.value.strip().lower() == SENTENCE.lower():
            self.dismiss(True)
        else:
            event.input.value = ""
