"""Which characters the screen is drawn with. Every one of them is one cell wide.

Most of the Unicode set is of East Asian ambiguous width: a terminal may be set to draw those two cells wide. The ASCII
set is for these, and for fonts and lines that know nothing else; it lacks fractions of cells.
"""

from typing import Final

import msgspec


class GlyphSet(msgspec.Struct, frozen=True, kw_only=True):
    """One alphabet. Sequences of parts go from least to most."""

    up: str
    down: str
    own: str
    cursor: str
    last: str
    alert: str
    gap: str
    dash: str
    hatch: str
    dot: str
    ellipsis: str
    minus: str
    at_least: str
    plus_minus: str
    axis: str
    time_tick: str
    vertical: str
    beyond: str
    left_parts: str
    """Of a cell filled from the left: 1/8 to 8/8, or only the last."""
    low_parts: str
    """Of a cell filled from below: 1/8 to 8/8, or only the last."""
    bid_fill: str
    ask_fill: str
    """Fills that tell the sides apart without colour."""
    hollow: str
    solid: str
    """Bodies of rising and falling candles that tell them apart without colour."""
    wick: str
    thin: str
    """Line glyphs of the halves of a cell, by 3 * upper + lower, each 0 nothing, 1 thin, 2 heavy."""
    doji: str
    """By 2 * wick above + wick below."""
    braille: bool
    """Lines may be drawn with braille dots; else with `line`."""
    line: str

    @property
    def parts(self) -> int:
        """Into how many parts a cell can be divided."""
        return len(self.low_parts)


UNICODE: Final = GlyphSet(
    up="▲",
    down="▼",
    own="●",
    cursor="▶",
    last="◀",
    alert="◇",
    gap="·",
    dash="╌",
    hatch="╱",
    dot="·",
    ellipsis="…",
    minus="−",
    at_least="≥",
    plus_minus="±",
    axis="┤",
    time_tick="╵",
    vertical="┊",
    beyond="░",
    left_parts="▏▎▍▌▋▊▉█",
    low_parts="▁▂▃▄▅▆▇█",
    bid_fill="▒",
    ask_fill="░",
    hollow="▒",
    solid="█",
    wick="│",
    thin=" ╷╻╵│╽╹╿┃",
    doji="─┬┴┼",
    braille=True,
    line="·",
)

ASCII: Final = GlyphSet(
    up="^",
    down="v",
    own="*",
    cursor=">",
    last="<",
    alert="!",
    gap=".",
    dash="-",
    hatch="/",
    dot=".",
    ellipsis="~",
    minus="-",
    at_least=">=",
    plus_minus="+-",
    axis="|",
    time_tick="'",
    vertical=":",
    beyond=":",
    left_parts="#",
    low_parts="#",
    bid_fill="#",
    ask_fill="=",
    hollow="O",
    solid="#",
    wick="|",
    thin=" '|'||'||",
    doji="-+++",
    braille=False,
    line=".",
)


class Look(msgspec.Struct, frozen=True):
    """How widgets draw, beside the colours of the theme."""

    glyphs: GlyphSet = UNICODE
    motion: bool = True
    """Changes may flash."""
    textured: bool = False
    """Sides and directions are told apart by fills too, for screens without colours."""
