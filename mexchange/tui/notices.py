"""What the user is told: a toast, always also a line of the log, and a sound or a notice of the terminal by setting."""

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final, Literal

import msgspec

from mexchange.tui.plain import harmless

LINES_MAX: Final = 1_000
TOAST_S: Final = 5
ERROR_TOAST_S: Final = 10

Severity = Literal["information", "warning", "error"]
Sound = Literal["off", "bell", "osc9", "osc777"]


class Kind(Enum):
    """Why somebody is told; each has its own setting for sound."""

    INFO = "info"
    FILL = "fill"
    REJECT = "reject"
    ALERT = "alert"
    DISCONNECT = "disconnect"
    ERROR = "error"


class Notice(msgspec.Struct, frozen=True):
    """What happened, and what can be done about it. Texts may come from the server: they are shown literally."""

    kind: Kind
    text: str
    hint: str = ""
    severity: Severity = "information"

    @property
    def whole(self) -> str:
        """Text and remedy on one line, harmless."""
        return harmless(f"{self.text} · {self.hint}" if self.hint else self.text)


class LogLine(msgspec.Struct, frozen=True):
    """One line of the log."""

    time_ns: int
    notice: Notice


class Notices:
    """The log, and who shows what is said."""

    def __init__(
        self,
        *,
        toast: Callable[[Notice], None],
        sound: Callable[[Notice], None],
        logged: Callable[[], None],
        wall_ns: Callable[[], int],
    ) -> None:
        """`toast` and `sound` act at once, `logged` says that the log has grown, `wall_ns` is the time of day."""
        self.lines: deque[LogLine] = deque(maxlen=LINES_MAX)
        """Oldest first."""
        self._toast = toast
        self._sound = sound
        self._logged = logged
        self._wall_ns = wall_ns

    def tell(self, notice: Notice) -> None:
        """Toast, log, sound."""
        self.note(notice)
        self._toast(notice)
        self._sound(notice)

    def note(self, notice: Notice) -> None:
        """A line of the log alone: for what the user did and sees anyway."""
        self.lines.append(LogLine(self._wall_ns(), notice))
        self._logged()


def terminal_notice(sound: Sound, text: str) -> str:
    """The bytes by which a terminal is made to show a notice of its own; empty for none.

    `text` is made plain first: nothing in it can end the sequence and begin another.
    """
    shown = harmless(text)
    if sound == "osc9":
        return f"\x1b]9;{shown}\x07"
    if sound == "osc777":
        return f"\x1b]777;notify;mExchange;{shown.replace(';', ',')}\x07"
    return ""
