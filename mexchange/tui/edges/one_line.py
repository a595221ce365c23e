"""A line of the screen's edge: pieces in the order of their importance, as many as there is room for."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget


class OneLine(Widget):
    """Shows one line; drawn again only if it reads differently."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, name=name)
        self._shown = Content()

    def say(self, content: Content) -> None:
        """Show this from now on."""
        if content.markup != self._shown.markup:
            self._shown = content
            self.refresh()

    def render(self) -> Content:
        """What was said last."""
        return self._shown


class Piece:
    """A part of a line. Those of the greatest `rank` go first when there is no room."""

    __slots__ = ("content", "rank")

    def __init__(self, content: Content, rank: int) -> None:
        self.content = content
        self.rank = rank


def piece(text: str, style: str = "", rank: int = 0) -> Piece:
    """Literal text in one style."""
    return Piece(Content.styled(text, style) if style else Content(text), rank)


def fit(pieces: Sequence[Piece], width: int, gap: int = 2) -> list[Piece]:
    """Those that fit, in their order."""
    kept = [each for each in pieces if each.content.cell_length]
    while kept and sum(each.content.cell_length + gap for each in kept) - gap > width:
        worst = max(range(len(kept)), key=lambda number: (kept[number].rank, number))
        if kept[worst].rank == 0:
            break
        del kept[worst]
    return kept


def justified(left: Sequence[Piece], right: Sequence[Piece], width: int, gap: int = 2) -> Content:
    """Left pieces to the left, right ones to the right end, as far as they fit together; one blank at either end."""
    together = fit([*left, *right], width - 2, gap)
    kept_left = [each.content for each in left if each in together]
    kept_right = [each.content for each in right if each in together]
    blank = Content(" " * gap)
    begin, end = blank.join(kept_left), blank.join(kept_right)
    fill = max(0, width - 2 - begin.cell_length - end.cell_length)
    return Content.assemble(" ", begin, " " * fill, end, " ").truncate(max(0, width))
