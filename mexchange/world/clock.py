"""What time is it, asked in one place so that a test can answer."""

from typing import Protocol


class Clock(Protocol):
    """Nanoseconds, as two questions that must not be mixed."""

    def time_ns(self) -> int:
        """Wall time since the Unix epoch. May jump; the sequencer makes it monotone."""
        ...

    def monotonic_ns(self) -> int:
        """Time for measuring and for timeouts. Never goes back."""
        ...
