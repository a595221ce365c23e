"""Everything that was told, the newest first: toasts go, this stays."""

import textwrap
import time
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.notices import LINES_MAX, LogLine, Notices, Severity
from mexchange.tui.plain import narrow

_MARKS: Final = {"information": " ", "warning": "!", "error": "x"}
_INDENT: Final = len("00:00:00 x ")


class _Row(NamedTuple):
    """A line of the panel: the first of a notice says when it was, the others go on with its text."""

    begin: str
    mark: str
    text: str
    severity: Severity


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
        self._rows: list[_Row] = []

    def action_cursor_home(self) -> None:
        """The newest line."""
        self.scroll_home(animate=False)

    def heading(self) -> str:
        """Nothing to add."""
        return ""

    def paint(self, desk: Desk | None, parts: Part) -> None:
        """Some lines may be new."""
        width = self.size.width
        self._rows = [row for line in reversed(self._notices.lines) for row in _rows(line, width)]
        self.virtual_size = Size(width, len(self._rows))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lines break elsewhere."""
        self.paint(None, Part.LOG)

    def render_line(self, y: int) -> Strip:
        """A notice, or where it goes on."""
        top, width = self.scroll_offset.y, self.size.width
        if top + y >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[top + y]
        style: Style = self.get_component_rich_style(f"log--{row.severity}")
        segments = [
            Segment(row.begin, self.get_component_rich_style("log--time")),
            Segment(row.mark, style),
            Segment(row.text, style),
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style)


def _rows(line: LogLine, width: int) -> list[_Row]:
    severity = line.notice.severity
    first, *others = _broken(line.notice.whole, max(1, width - _INDENT))
    rest = " " * (_INDENT - 3)
    return [
        _Row(_time(line.time_ns), f" {_MARKS[severity]} ", first, severity),
        *(_Row(rest, "   ", text, severity) for text in others),
    ]


@lru_cache(maxsize=LINES_MAX)
def _broken(text: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(narrow(text), width)) or ("",)


def _time(time_ns: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(time_ns // 1_000_000_000))
