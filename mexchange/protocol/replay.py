"""Which counters were accepted: a datagram is worth something once.

Two steps, because a forged datagram must not use up the counter of a real one: `fresh` before the tag is checked,
`commit` after it has verified. Source: RFC 6479, with one big integer for the bitmap.
"""

from typing import Final

WINDOW: Final = 1024
"""Datagrams that may overtake one another. Older ones are refused unseen."""
_MASK: Final = (1 << WINDOW) - 1


class ReplayWindow:
    """Bit i of the bitmap: counter `top - i` was accepted."""

    __slots__ = ("_bits", "top")

    def __init__(self) -> None:
        self.top = -1
        """The greatest counter accepted, -1 at first."""
        self._bits = 0

    def fresh(self, counter: int) -> bool:
        """May `counter` still be accepted. Changes nothing."""
        behind = self.top - counter
        return behind < 0 or (behind < WINDOW and not self._bits >> behind & 1)

    def commit(self, counter: int) -> None:
        """`counter` is accepted; it must be fresh."""
        ahead = counter - self.top
        if ahead == 1:
            self._bits = (self._bits << 1 | 1) & _MASK
            self.top = counter
        elif ahead <= 0:
            self._bits |= 1 << -ahead
        else:
            self._bits = (self._bits << ahead | 1) & _MASK if ahead < WINDOW else 1
            self.top = counter
