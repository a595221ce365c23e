"""The bottom line: the keys that matter here, each of which can also be clicked."""

from collections.abc import Sequence

from textual.content import Content
from textual.style import Style

from mexchange.tui.edges.one_line import OneLine, Piece, justified
from mexchange.tui.key_names import shown
from mexchange.tui.keymap import Key


class Hints(OneLine):
    """Called `hints` in the arrangement."""

    def __init__(self) -> None:
        super().__init__("hints")

    def show(self, keys: Sequence[Key]) -> None:
        """In the order given, as many as fit; the last ones go first, those of the app stay."""
        pieces = [_hint(key, 0 if key.scope == "app" else number) for number, key in enumerate(keys, 1)]
        here = [each for key, each in zip(keys, pieces, strict=True) if key.scope != "app"]
        app = [each for key, each in zip(keys, pieces, strict=True) if key.scope == "app"]
        self.say(justified(here, app, self.app.size.width))


def _hint(key: Key, rank: int) -> Piece:
    target = "app" if key.scope == "app" else "screen"
    content = Content.assemble((shown(key.all_keys[0]), "bold $accent"), " ", key.hint)
    return Piece(content.stylize(Style.from_meta({"@click": f"{target}.{key.action}"})), rank)
