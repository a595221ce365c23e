"""The machine's clock, as `world.clock.Clock`."""

import time


class SystemClock:
    """Wall time that may jump, and a monotonic time that does not."""

    __slots__ = ()

    def time_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Nanoseconds since some moment; never goes back."""
        return time.monotonic_ns()
