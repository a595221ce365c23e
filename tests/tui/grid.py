"""What a screen shows, as text and as styles, and committed files of it.

`WRITE_SNAPSHOTS=1 pytest …` writes the files; without it a difference fails with the lines that differ. Figures that
no two runs share (times, round trips, sequences, addresses) are masked, and so are the styles of their lines.
"""

import difflib
import os
import re
from pathlib import Path
from typing import Any, Final

from rich.style import Style
from textual.app import App

FOLDER: Final = Path(__file__).parent / "snapshots"

_MASKS: Final = (
    (re.compile(r"\d\d:\d\d:\d\d"), "##:##:##"),
    (re.compile(r"\bin \d+:\d\d(:\d\d)?"), "in ##:##"),
    (re.compile(r"seq [\d,]+"), "seq #"),
    (re.compile(r"rtt [\d.]+ ms p99 [\d.]+"), "rtt # ms p99 #"),
    (re.compile(r"ev \d+/s"), "ev #/s"),
    (re.compile(r"fps \d+"), "fps #"),
    (re.compile(r"gap \d+"), "gap #"),
    (re.compile(r"(udp )?127\.0\.0\.1:\d+"), "udp #"),
    (re.compile(r"\b\d+\.\d s\b"), "#.# s"),
    (re.compile(r"(RECONNECT|SLOW p99) \d+"), r"\1 #"),
)
_BLANKS: Final = re.compile(r" {2,}")


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


def check_snapshot(app: App[Any], name: str, *, blank: tuple[tuple[int, int, int, int], ...] = ()) -> None:
    """Compare the screen with its committed file. `blank`: regions (x, y, width, height) that depend on the clock."""
    lines, masked = [], set()
    for y, line in enumerate(grid(app)):
        shown = line
        for x, top, width, height in blank:
            if top <= y < top + height:
                shown = shown[:x] + "~" * len(shown[x : x + width]) + shown[x + width :]
        hidden = shown
        for pattern, replacement in _MASKS:
            hidden = pattern.sub(replacement, hidden)
        if hidden != line:
            masked.add(y)
        lines.append(_BLANKS.sub("  ", hidden) if len(hidden) != len(shown) else hidden)
    letters: dict[str, str] = {}
    drawn = [f"|{line}|" for line in lines]
    drawn += [
        " ".join(f"{length}{letters.setdefault(_named(style), _letter(len(letters)))}" for style, length in runs)
        if y not in masked
        else "masked"
        for y, runs in enumerate(styles(app))
    ]
    drawn += [f"{letter} {style}" for style, letter in letters.items()]
    _compare(FOLDER / f"{name}.txt", "\n".join(drawn) + "\n")


def _compare(path: Path, shown: str) -> None:
    if os.environ.get("WRITE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown)
        return
    assert path.exists(), f"no snapshot {path.name}: look at the screen, then WRITE_SNAPSHOTS=1"
    known = path.read_text()
    if known != shown:
        difference = difflib.unified_diff(
            known.splitlines(), shown.splitlines(), "committed", "shown", lineterm="", n=1
        )
        raise AssertionError(f"{path.name} differs; if that is meant, WRITE_SNAPSHOTS=1\n" + "\n".join(difference))


def _named(style: Style) -> str:
    words = [word for word in ("bold", "dim", "italic", "underline", "reverse") if getattr(style, word)]
    if style.color is not None:
        words.append(style.color.name)
    if style.bgcolor is not None:
        words.append(f"on {style.bgcolor.name}")
    return " ".join(words) or "none"


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"{chr(ord('A') + number % 26)}"
