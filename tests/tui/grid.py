"""What a screen shows, as text and as styles, and committed files of it.

`WRITE_SNAPSHOTS=1 pytest …` writes the files; without it a difference fails with the lines that differ. Figures that
no two runs share (times, round trips, sequences, addresses) are masked, and so are the styles of their lines.
"""

import difflib
import itertools
import os
import re
import string
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.pilot import Pilot

FOLDER: Final = Path(__file__).parent / "snapshots"
WRITES: Final = os.environ.get("WRITE_SNAPSHOTS") == "1"
DEADLINE_S: Final = 30.0
STILL_S: Final = 1.5
"""A screen that is written down has not changed for so long."""

_MASKS: Final = (
    (re.compile(r"\d\d:\d\d:\d\d"), "##:##:##"),
    (re.compile(r"account \d\d"), "account ##"),
)
_STATUS: Final = re.compile(r"^( *[A-Z][A-Z -]+?) {2,}\S.*(?:seq|gap) .*$")
"""The status line behind its mode: its figures are tested where they are caused."""


def grid(app: App[Any]) -> list[str]:
    """The text of each line of the present screen."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def text(app: App[Any]) -> str:
    """All of it."""
    return "\n".join(grid(app))


def styles(app: App[Any]) -> list[list[tuple[Style, int]]]:
    """Runs of one style on each line, with their lengths in cells."""
    found = []
    for strip in app.screen._compositor.render_strips():
        runs: list[tuple[Style, int]] = []
        for segment in strip:
            style = (segment.style or Style()).without_color + Style(
                color=segment.style.color if segment.style else None,
                bgcolor=segment.style.bgcolor if segment.style else None,
            )
            style = Style.parse(_named(style))
            if runs and runs[-1][0] == style:
                runs[-1] = (style, runs[-1][1] + segment.cell_length)
            else:
                runs.append((style, segment.cell_length))
        found.append(runs)
    return found


def _nothing() -> Sequence[Region]:
    return ()


async def check_snapshot(pilot: Pilot[Any], name: str, *, blank: Callable[[], Sequence[Region]] = _nothing) -> None:
    """The screen comes to look as its committed file says. `blank`: regions that depend on the clock."""
    path, deadline = FOLDER / f"{name}.txt", time.monotonic() + DEADLINE_S
    shown, since = picture(pilot.app, blank()), time.monotonic()
    while True:
        await pilot.pause(0.05)
        before, shown = shown, picture(pilot.app, blank())
        since = since if before == shown else time.monotonic()
        if WRITES and time.monotonic() - since > STILL_S:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shown)
            return
        if not WRITES and path.exists() and path.read_text() == shown:
            return
        if time.monotonic() > deadline:
            _complain(path, shown)


def picture(app: App[Any], blank: Sequence[Region] = ()) -> str:
    """Text and styles of the present screen, with what no two runs share left out."""
    letters: dict[str, str] = {"~": "~"}
    lines, runs = [], []
    for y, (line, styled) in enumerate(zip(grid(app), styles(app), strict=True)):
        cells = [_named(style) for style, length in styled for _ in range(length)]
        shown = list(line)
        for region in blank:
            if region.y <= y < region.bottom:
                width = len(shown[region.x : region.right])
                shown[region.x : region.right] = cells[region.x : region.right] = ["~"] * width
        masked = _masked("".join(shown))
        lines.append(f"|{masked}|")
        # A style has the letter of its first place among those that are compared.
        is_compared = len(masked) == len(shown)
        runs.append(_run_lengths(cells, letters) if is_compared else "masked")
    legend = [f"{letter} {style}" for style, letter in letters.items() if letter != "~"]
    return "\n".join([*lines, *runs, *legend]) + "\n"


def _masked(line: str) -> str:
    status = _STATUS.match(line)
    if status is not None:
        return f"{status[1]} ..."
    for pattern, replacement in _MASKS:
        line = pattern.sub(replacement, line)
    return line


def _run_lengths(cells: list[str], letters: dict[str, str]) -> str:
    runs = [(style, len(list(group))) for style, group in itertools.groupby(cells)]
    return " ".join(f"{length}{letters.setdefault(style, _letter(len(letters) - 1))}" for style, length in runs)


def _complain(path: Path, shown: str) -> None:
    assert path.exists(), f"no snapshot {path.name}: look at the screen, then WRITE_SNAPSHOTS=1"
    before, now = path.read_text().splitlines(), shown.splitlines()
    difference = difflib.unified_diff(before, now, "committed", "shown", lineterm="", n=1)
    raise AssertionError(f"{path.name} differs; if that is meant, WRITE_SNAPSHOTS=1\n" + "\n".join(difference))


def _named(style: Style) -> str:
    words = [word for word in ("bold", "dim", "italic", "underline", "reverse") if getattr(style, word)]
    if style.color is not None:
        words.append(style.color.name)
    if style.bgcolor is not None:
        words.append(f"on {style.bgcolor.name}")
    return " ".join(words) or "none"


def _letter(number: int) -> str:
    more, one = divmod(number, len(string.ascii_letters))
    return (string.ascii_letters[more - 1] if more else "") + string.ascii_letters[one]
