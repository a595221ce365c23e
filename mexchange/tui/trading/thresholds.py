"""When an order is asked about: the user's confirm level and its thresholds."""

from typing import Literal

import msgspec

Level = Literal["always", "over", "never"]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Of the level `over`. Decimal text."""

    level: Level = "over"
    worth: str = "1000"
    """In the quote asset of the market."""
    from_mid: str = "0.02"
