"""Choose a recording: those of the usual folder, the newest first, or any file whose path is typed."""

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mexchange.client.errors import ClientError
from mexchange.client.recording import Recording
from mexchange.tui.plain import harmless, narrow
from mexchange.tui.screens.chooser import Chooser

SUFFIX: Final = ".mxr"
OFFERED_MAX: Final = 200
_NAME: Final = 36


class RecordingChooser(Chooser[Path]):
    """Ends with a recording that can be opened, or None."""

    DEFAULT_CSS = """
    RecordingChooser {
        & > Vertical { width: 76; }
        OptionList { max-height: 14; }
        Static { padding: 0 1; color: $muted; }
        .-wrong { color: $error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", priority=True)]

    def __init__(self, folder: Path) -> None:
        """`folder`: where recordings usually are. It need not exist."""
        super().__init__()
        self._folder = folder
        self._offered: list[Path] = []

    def compose(self) -> ComposeResult:
        """A line to type into above what it may mean."""
        with Vertical() as box:
            box.border_title = "Play a recording"
            yield Input(placeholder="letters of its name, or a path such as ~/", select_on_focus=False, compact=True)
            yield OptionList()
            yield Static("⏎ play · tab complete · esc back", id="remark", markup=False)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        typed = _path(event.value)
        self._choose(typed if typed is not None and typed.is_file() else self._highlighted())

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._choose(self._offered[event.option_index])

    def action_complete(self) -> None:
        """What all that is offered have in common, else the highlighted one."""
        chosen = self._highlighted()
        if chosen is None:
            return
        line = self.query_one(Input)
        shared = _begin_of_all([os.fspath(path) for path in self._offered])
        whole = f"{chosen}{os.sep}" if chosen.is_dir() else str(chosen)
        typed = _path(line.value)
        is_shared = typed is not None and len(self._offered) > 1 and len(shared) > len(str(typed))
        line.value = shared if is_shared else whole
        line.cursor_position = len(line.value)

    def _highlighted(self) -> Path | None:
        number = self.query_one(OptionList).highlighted
        return self._offered[number] if number is not None else None

    def _choose(self, path: Path | None) -> None:
        if path is None:
            self._remark("there is no such recording", is_wrong=True)
        elif path.is_dir():
            self.query_one(Input).value = f"{path}{os.sep}"
            self.query_one(Input).action_end()
        elif why := _why_not(path):
            self._remark(why, is_wrong=True)
        else:
            self.dismiss(path)

    def offer(self, typed: str) -> None:
        """From the folder, or what the path may become."""
        path = _path(typed)
        self._offered = _in_folder(self._folder, typed) if path is None else _beginning(typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(each)) for each in self._offered])
        options.highlighted = 0 if self._offered else None
        where = self._folder if path is None else path
        nothing = f":record makes one · none in {where}"
        self._remark("⏎ play · tab complete · esc back" if self._offered else nothing)

    def _remark(self, text: str, *, is_wrong: bool = False) -> None:
        remark = self.query_one("#remark", Static)
        remark.update(Content(harmless(text, 400)))
        remark.set_class(is_wrong, "-wrong")


def _path(typed: str) -> Path | None:
    """What is typed, if that is a path rather than some letters."""
    return Path(typed).expanduser() if os.sep in typed or typed.startswith("~") else None


def _in_folder(folder: Path, letters: str) -> list[Path]:
    """The newest first."""
    dated = [(_written_s(path), path) for path in _entries(folder) if path.suffix == SUFFIX]
    fitting = [pair for pair in dated if letters.strip().lower() in pair[1].name.lower()]
    return [path for _, path in sorted(fitting, reverse=True)][:OFFERED_MAX]


def _beginning(typed: str) -> list[Path]:
    """Folders and recordings whose path begins like this one, by name."""
    folder, _, begun = os.fspath(Path(typed).expanduser()).rpartition(os.sep)
    if typed.endswith(os.sep):
        folder, begun = f"{folder}{os.sep}{begun}", ""
    found = [
        path
        for path in _entries(Path(folder or os.sep))
        if path.name.startswith(begun) and (begun.startswith(".") or not path.name.startswith("."))
    ]
    return sorted(path for path in found if path.suffix == SUFFIX or path.is_dir())[:OFFERED_MAX]


def _begin_of_all(texts: list[str]) -> str:
    """What they have in common, letter by letter."""
    lowest, highest = min(texts), max(texts)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(lowest, highest, strict=False))
    return "".join(letter for letter, _ in same)


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:
        return  # not there, or not ours: nothing to offer


def _written_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _why_not(path: Path) -> str:
    """Why this cannot be played; empty: it can."""
    try:
        Recording.open(path).close()
    except (ClientError, OSError) as error:
        return str(error)
    return ""


def _line(path: Path) -> Content:
    if path.is_dir():
        return Content(f" {narrow(path.name, _NAME)}{os.sep}")
    try:
        found = path.stat()
    except OSError:
        return Content(f" {narrow(path.name, _NAME)}")
    when = datetime.fromtimestamp(found.st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")
    name = narrow(path.name, _NAME)
    return Content.assemble(f" {name}{' ' * (_NAME - len(name))}", (f"  {when}  {_size(found.st_size):>9}", "$muted"))


def _size(count: int) -> str:
    return f"{count / (1 << 20):,.1f} MiB" if count >= 1 << 20 else f"{max(1, count >> 10):,} KiB"
