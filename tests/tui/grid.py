"""What a screen shows, as text and as styles, and committed files of it.

`WRITE_SNAPSHOTS=1 pytest …` writes the files; without it a difference fails with the lines that differ. Figures that
no two runs share (times, ages, ids) are masked, and of the status line all but what is wrong is left out: see
`masked_cells`.
"""

import asyncio
import difflib
import io
import itertools
import os
import re
import string
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME
from textual.app import App
from textual.geometry import Region
from textual.pilot import Pilot

FOLDER: Final = Path(__file__).parent / "snapshots"
WRITES: Final = os.environ.get("WRITE_SNAPSHOTS") == "1"
DEADLINE_S: Final = 30.0
STILL_S: Final = 1.5
"""A screen that is written down has not changed for so long."""

_FIGURES: Final = re.compile(r"\b(?P<id>00[0-9a-f]{4})\b|\d\d:\d\d:\d\d|account \d\d|\b\d+\.\d s\b|\b\d+ s old\b")
"""Ids of orders, times, accounts, ages: their digits are masked, so that their places and styles are compared."""
_WRONG: Final = r"(?:. (?:GAP (?:mending the book|replaying \d+ events)|STALE|RECONNECT|OFFLINE))?"
_STATUS: Final = re.compile(
    rf"^(?:(?=.{{80}}) *[A-Z][A-Z -]+? {{2,}}{_WRONG}(?=.*(?:seq|gap) )|(?= .{{0,20}}[●◐] (?:LIVE|SLOW)))"
)
"""What is kept of the status line: its mode, where there is always room for it, and what is wrong. The figures are
tested where they are caused."""
_HIDDEN: Final = Style.parse("grey37")
"""Of what depends on the clock."""


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


def _forever() -> bool:
    return True


class Cells(NamedTuple):
    """A line without what no two runs share. What depends on the clock is `~`, what is left out follows `text`."""

    text: str
    styles: list[Style]
    """Of each cell of `text`."""
    is_whole: bool


async def check_snapshot(
    pilot: Pilot[Any],
    name: str,
    *,
    blank: Callable[[], Sequence[Region]] = _nothing,
    holds: Callable[[], bool] = _forever,
    drawn: bool = False,
) -> str:
    """The screen comes to look as its committed file says.

    `blank`: regions that depend on the clock. `holds`: the state that is looked at lasts; if it ended before the screen
    looked so, what was different is returned. `drawn`: it is also compared with an SVG, for people to look at.
    """
    deadline, since = time.monotonic() + DEADLINE_S, time.monotonic()
    files = [FOLDER / f"{name}.txt", *([FOLDER / f"{name}.svg"] if drawn else [])]
    still_s = STILL_S if holds is _forever else STILL_S / 3
    shown: list[Cells] = []
    while True:
        await asyncio.sleep(0.03)
        before, shown = shown, masked_cells(pilot.app, blank())
        since = since if before == shown else time.monotonic()
        if not holds():
            return _difference(files[0], picture(before)) or "it passed too soon"
        if not WRITES and all(_is_as(path, shown) for path in files):
            return ""
        if WRITES and time.monotonic() - since > still_s:
            for path in files:
                path.write_text(_written(path, shown))
            return ""
        if time.monotonic() > deadline:
            differences = [_difference(path, _written(path, shown)) for path in files]
            raise AssertionError("\n".join([f"{name} differs; if that is meant, WRITE_SNAPSHOTS=1", *differences]))


def _written(path: Path, shown: list[Cells]) -> str:
    return svg(shown) if path.suffix == ".svg" else picture(shown)


def _is_as(path: Path, shown: list[Cells]) -> bool:
    return path.exists() and path.read_text() == _written(path, shown)


def masked_cells(app: App[Any], blank: Sequence[Region] = ()) -> list[Cells]:
    """Text and styles of the present screen, with what no two runs share left out. The only place where it is."""
    found = []
    in_front = [child.region for child in app.screen.children] if app.screen.is_modal else []
    for y, (line, styled) in enumerate(zip(grid(app), styles(app), strict=True)):
        inks = [style for style, length in styled for _ in range(length)]
        shown = list(_FIGURES.sub(_without_digits, line))
        hidden = {x for region in blank if region.y <= y < region.bottom for x in region.column_range}
        hidden -= {x for region in in_front if region.y <= y < region.bottom for x in region.column_range}
        for x in hidden.intersection(range(len(shown))):
            shown[x], inks[x] = "~", _HIDDEN
        status = _STATUS.match("".join(shown))
        kept = len(shown) if status is None else len(status[0].rstrip())
        found.append(Cells("".join(shown[:kept]), inks[:kept], status is None))
    return found


def _without_digits(figure: re.Match[str]) -> str:
    return "######" if figure["id"] else re.sub(r"\d", "#", figure[0])


def picture(shown: list[Cells]) -> str:
    """As text: what is in the cells, then in what style, then the styles."""
    letters: dict[str, str] = {"~": "~"}
    lines = [f"|{line.text}|" if line.is_whole else f"|{line.text} ...|" for line in shown]
    # A style has the letter of its first place among those that are compared.
    runs = [
        _run_lengths(["~" if style is _HIDDEN else _named(style) for style in line.styles], letters) for line in shown
    ]
    legend = [f"{letter} {style}" for style, letter in letters.items() if letter != "~"]
    return "\n".join([*lines, *runs, *legend]) + "\n"


def svg(shown: list[Cells]) -> str:
    """As a picture, in the reader's own font."""
    width = max(len(line.text) for line in shown)
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    segments = []
    for line in shown:
        whole = zip(line.text.ljust(width), [*line.styles, *[Style()] * (width - len(line.text))], strict=True)
        runs = itertools.groupby(whole, key=lambda cell: cell[1])
        segments += [Segment("".join(text for text, _ in run), style) for style, run in runs]
        segments.append(Segment.line())
    console.print(Segments(segments), end="")
    drawn = console.export_svg(title="mx tui", theme=SVG_EXPORT_THEME, unique_id="mx")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def _run_lengths(cells: list[str], letters: dict[str, str]) -> str:
    runs = [(style, len(list(group))) for style, group in itertools.groupby(cells)]
    return " ".join(f"{length}{letters.setdefault(style, _letter(len(letters) - 1))}" for style, length in runs)


def _difference(path: Path, shown: str) -> str:
    if not path.exists():
        return f"no snapshot {path.name}: look at the screen, then WRITE_SNAPSHOTS=1"
    before, now = path.read_text().splitlines(), shown.splitlines()
    return "\n".join(difflib.unified_diff(before, now, path.name, "shown", lineterm="", n=1))


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
