"""The line that steers a replay: buttons, speed, time, and where in the recording we are; every part can be clicked."""

from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from mexchange.client.replay import Replay
from mexchange.tui.edges.one_line import OneLine
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.plain import harmless
from mexchange.tui.widgets.shown import Shown

SCRUBBER_MIN: Final = 8
"""Cells below which there is none."""
NAME_MAX: Final = 24


class ReplayBar(OneLine):
    """Called `banner` in the arrangement, whose place it takes."""

    class Scrubbed(Message):
        """Go to `permille` thousandths of the recording's time."""

        def __init__(self, permille: int) -> None:
            super().__init__()
            self.permille = permille

    def __init__(self) -> None:
        super().__init__("banner")
        self._scrubber = range(0)
        """Its columns."""

    def show(self, replay: Replay, shown: Shown | None, glyphs: GlyphSet) -> None:
        """The place, the speed, and whether it moves."""
        width = self.app.size.width
        plain = glyphs.parts == 1
        left = Content.assemble(" ", _buttons(replay, plain=plain), "  ", (speed_text(replay.speed_permille), "bold"))
        now = "" if shown is None else f"{shown.time(replay.time_ns)}.{replay.time_ns // 1_000_000 % 1_000:03}"
        left = Content.assemble(left, f"  {now}") if left.cell_length + len(now) + 3 <= width else left
        permille = place_permille(replay)
        right = Content(f" {permille // 10:3}%  {harmless(replay.name, NAME_MAX)} {_ending(replay)}".rstrip() + " ")
        if left.cell_length + right.cell_length + SCRUBBER_MIN + 2 > width:
            right = Content(f" {permille // 10:3}% ")
        room = width - left.cell_length - right.cell_length - 2
        if room < SCRUBBER_MIN:
            self._scrubber = range(0)
            self.say(Content.assemble(left, right).truncate(max(0, width)))
            return
        self._scrubber = range(left.cell_length + 2, left.cell_length + 2 + room)
        self.say(Content.assemble(left, "  ", _scrubber(room, permille, plain=plain), right))

    def on_click(self, event: events.Click) -> None:
        """On the scrubber: go there."""
        if event.x in self._scrubber:
            event.stop()
            cells = len(self._scrubber) - 1
            self.post_message(self.Scrubbed((event.x - self._scrubber.start) * 1_000 // cells))


def speed_text(permille: int) -> str:
    """`0.5x`, `4x`."""
    return f"{permille / 1_000:g}x"


def place_permille(replay: Replay) -> int:
    """How much of the recording's time is behind us."""
    begin, end = replay.recording.first_time_ns, replay.recording.last_time_ns
    return 1_000 if end <= begin else (replay.time_ns - begin) * 1_000 // (end - begin)


def _ending(replay: Replay) -> str:
    if replay.recording.damage is not None and replay.is_at_end:
        return "DAMAGED"
    return "end" if replay.is_at_end else ""


def _buttons(replay: Replay, *, plain: bool) -> Content:
    play = "||" if replay.is_playing else ">>" if plain else "▶ "
    rows = (
        ("|<", "replay_previous_trade"),
        ("<", "replay_back"),
        (play, "replay_play"),
        (">", "replay_step"),
        (">|", "replay_next_trade"),
    )
    parts = [
        Content.styled(text, "bold $accent").stylize(Style.from_meta({"@click": f"screen.{action}"}))
        for text, action in rows
    ]
    return Content(" ").join(parts)


def _scrubber(cells: int, permille: int, *, plain: bool) -> Content:
    behind = min(cells - 1, permille * (cells - 1) // 1_000)
    line, rest, knob = ("=", "-", "O") if plain else ("━", "─", "●")
    return Content.assemble(
        (line * behind, "$primary"), (knob, "bold $primary"), (rest * (cells - 1 - behind), "$muted")
    )
