"""A frame's records taken apart by whom they concern: natively where that was built, in Python elsewhere, all the same.

Everybody who publishes begins here, so that no event becomes an object on the loop before somebody wants it.
"""

from mexchange.codec import records

try:
    from mexchange.native._native import public_changes, streams_of
except ImportError:
    public_changes, streams_of = records.public_changes, records.streams_of

__all__ = ["public_changes", "streams_of"]
