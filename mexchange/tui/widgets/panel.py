"""The frame around a panel: its number and name, or those of all the panels that share the place, as tabs."""

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from mexchange.tui.arrangement import NUMBERS, PANELS
from mexchange.tui.plain import harmless
from mexchange.tui.widgets.drawn import Drawn

_EDGES: Final = 6
"""Cells of the top border that the title may not use."""

_AGELESS: Final = ("ladder", "ticket", "alerts", "log")
"""Panels that do not show what the market said; the ladder says how old it is in its own heading."""


class Panel(Vertical):
    """`name`: which panel. Its one child is the content."""

    def __init__(self, name: str, content: Widget) -> None:
        super().__init__(content, id=f"panel-{name}", name=name, classes="panel")
        self.panel = name
        self.content = content
        self.is_informed = False
        """Is there a market whose figures the content has."""
        self._shown: tuple[object, ...] = ()

    def head(self, tabs: tuple[str, ...], badges: dict[str, int], *, age: str = "", ascii_only: bool) -> None:
        """Write the top border: tabs to the left, the content's own heading to the right.

        `age`: how old what comes from the market is, where that is to be said.
        """
        age = "" if self.panel in _AGELESS or not self.is_informed else age
        left_part, right = self._titles()
        heavy = self.has_focus_within
        shown = (tabs, tuple(sorted(badges.items())), left_part, right, heavy, self.size.width, age, ascii_only)
        if shown == self._shown:
            return
        self._shown = shown
        room = max(0, self.outer_size.width - _EDGES)
        left = fit_tabs(tabs or (self.panel,), self.panel, badges, room)
        if left_part and left.cell_length + cell_len(left_part) + 3 <= room:
            left = Content.assemble(left, Content.styled(f"  {left_part}", "not bold"))
        if age and left.cell_length + cell_len(age) + 3 <= room:
            left = Content.assemble(left, Content.styled(f"  {age}", "not bold $warn"))
        fill = room - left.cell_length - cell_len(right)
        line = "-" if ascii_only else "━" if heavy else "─"
        if right and fill >= 3:
            rule = Content.styled(f" {line * (fill - 2)} ", "not bold")
            left = Content.assemble(left, rule, self._linked(right))
        self.border_title = left

    def _linked(self, heading: str) -> Content:
        """With what a click on a word of it does, where the content says that."""
        links: Mapping[str, str] = getattr(self.content, "HEADING_LINKS", {})
        words = [Content(word) for word in heading.split(" ")] if links else [Content(heading)]
        return Content(" ").join(
            word.stylize(Style.from_meta({"@click": links[word.plain]})) if word.plain in links else word
            for word in words
        )

    def _titles(self) -> tuple[str, str]:
        """What the content says of itself, beside its name."""
        if isinstance(self.content, Drawn):
            left, right = self.content.titles
            if not self.is_informed:
                return "", ""
            return ("" if left == PANELS[self.panel] else harmless(left, 60)), harmless(right, 60)
        heading = self.content.heading() if hasattr(self.content, "heading") else ""
        return "", harmless(heading, 60)


def fit_tabs(tabs: tuple[str, ...], active: str, badges: dict[str, int], room: int) -> Content:
    """All names if there is room, else the active name and the others' numbers, else the active name alone."""
    if len(tabs) == 1:
        return _tab(tabs[0], active, badges, whole=True)
    for whole in (lambda _: True, lambda name: name == active):
        parts = [_tab(name, active, badges, whole=whole(name)) for name in tabs if whole(name) or name in NUMBERS]
        joined = Content(" ").join(parts)
        if joined.cell_length <= room:
            return joined
    return _tab(active, active, badges, whole=True)


def _tab(name: str, active: str, badges: dict[str, int], *, whole: bool) -> Content:
    number = f"{NUMBERS[name]}" if NUMBERS.get(name) else ""
    badge = f"·{badges[name]}" if badges.get(name) else ""
    text = " ".join(part for part in (number, PANELS[name]) if part) if whole else f"{NUMBERS[name]}"
    style = Style(bold=True) if name == active else Style(dim=True)
    return Content(text + badge).stylize(style + Style.from_meta({"@click": f"screen.show_panel('{name}')"}))
