"""Text from elsewhere made harmless: it cannot carry terminal control codes, reorder a line or break a column.

Markup is no matter here, because widgets never give such text to a parser of markup: strips are made of segments, and
titles of `textual.content.Content`.
"""

import unicodedata
from typing import Final

from rich.cells import cell_len

REPLACEMENT: Final = "?"
_SPACES: Final = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_DROPPED_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def harmless(text: str, characters_max: int = 500) -> str:
    """One line without control, format, surrogate and unassigned characters; what is longer ends in an ellipsis."""
    kept = "".join(_kept(character) for character in text[: characters_max + 1])
    return kept if len(kept) <= characters_max else f"{kept[: characters_max - 1]}…"


def narrow(text: str, characters_max: int = 500) -> str:
    """As `harmless`, and each character is exactly one cell wide, so that columns keep their widths."""
    return "".join(
        character if cell_len(character) == 1 else REPLACEMENT for character in harmless(text, characters_max)
    )


def _kept(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if character in _SPACES or category == "Zs":
        return " "
    return REPLACEMENT if category in _DROPPED_CATEGORIES else character
