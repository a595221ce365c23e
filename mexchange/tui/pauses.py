"""Short pauses: a drawn screen is thousands of small objects; looking through all of them for cycles loses frames."""

import gc
from typing import Final

_THRESHOLDS: Final = (10_000, 20, 50)
"""Frames make many objects that die at once, and next to no cycles."""


def keep_short() -> None:
    """To be called once everything is imported: what stays for good is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
