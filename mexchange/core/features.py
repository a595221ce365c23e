"""Changes of behaviour since the first version.

Each is in force from the sequence on that its FEATURE mark in the journal names, so that what was written before keeps
its meaning, and every replay switches where the first run did. Part of the state.
"""

from typing import Final

QUICK_DIGESTS: Final = 1
"""Digests of content and output as in digest.py; before it, BLAKE2b."""
FEATURES: Final = frozenset({QUICK_DIGESTS})
"""All that this version knows."""
