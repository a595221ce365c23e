"""What time is it at the server: its wall clock as an offset to our monotonic one.

So the machine's own wall clock, which may be wrong, is never asked: ids, deadlines and logins use the server's time.
"""

from typing import Final

DRIFT_PPM: Final = 100
"""How fast two quartz clocks part, at worst: a sample loses this much of its precision as it ages."""


class ServerClock:
    """The best sample so far. All times in nanoseconds."""

    __slots__ = ("_offset_ns", "_sampled_ns", "_uncertainty_ns")

    def __init__(self) -> None:
        self._offset_ns: int | None = None
        self._uncertainty_ns = 0
        self._sampled_ns = 0

    @property
    def known(self) -> bool:
        """Was there a sample."""
        return self._offset_ns is not None

    def sample(self, *, sent_ns: int, received_ns: int, server_time_ns: int) -> None:
        """The server read `server_time_ns` somewhere between our `sent_ns` and `received_ns` (monotonic)."""
        uncertainty_ns = (received_ns - sent_ns) // 2
        if uncertainty_ns < 0:
            return
        aged_ns = self._uncertainty_ns + (received_ns - self._sampled_ns) * DRIFT_PPM // 1_000_000
        if self._offset_ns is not None and uncertainty_ns > aged_ns:
            return
        self._offset_ns = server_time_ns - (sent_ns + received_ns) // 2
        self._uncertainty_ns = uncertainty_ns
        self._sampled_ns = received_ns

    def time_ns(self, now_ns: int) -> int:
        """The server's wall clock at our monotonic `now_ns`. There was a sample."""
        assert self._offset_ns is not None, "no sample yet"
        return now_ns + self._offset_ns

    def forget(self) -> None:
        """Another server, or the same one after a restart: the old offset says nothing about it."""
        self._offset_ns = None
