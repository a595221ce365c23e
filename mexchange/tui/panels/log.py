"""Everything that was told, the newest first: toasts go, this stays."""

import time
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.notices import LogLine, Notices
from mexchange.tui.plain import narrow

_MARKS: Final = {"information": " ", "warning": "!", "error": "x"}


class LogPanel(ScrollView, can_focus=True):
    """Reads the notices when it is painted."""

    PARTS: ClassVar[Part] = Part.LOG
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("log")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--time", "log--information", "log--warning", "log--error"}
    DEFAULT_CSS = """
    LogPanel {
        & > .log--time { color: $muted; }
        & > .log--information { color: $foreground; }
        & > .log--warning { color: $warn; }
        & > .log--error { color: $ask; text-style: bold; }
    }
    """

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._lines: list[LogLine] = []

    def action_cursor_home(self) -> None:
        """The newest line."""
        self.scroll_home(animate=False)

    def heading(self) -> str:
        """Nothing to add."""
        return ""

    def paint(self, desk: Desk | None, parts: Part) -> None:
        """Some lines may be new."""
        self._lines = list(reversed(self._notices.lines))
        widest = max((len(line.notice.whole) for line in self._lines), default=0)
        self.virtual_size = Size(widest + 12, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One notice."""
        x, top = self.scroll_offset
        width = self.size.width
        if top + y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[top + y]
        style: Style = self.get_component_rich_style(f"log--{line.notice.severity}")
        strip = Strip(
            [
                Segment(_time(line.time_ns), self.get_component_rich_style("log--time")),
                Segment(f" {_MARKS[line.notice.severity]} ", style),
                Segment(narrow(line.notice.whole), style),
            ]
        )
        return strip.crop_extend(x, x + width, self.rich_style)


def _time(time_ns: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(time_ns // 1_000_000_000))
