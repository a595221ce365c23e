"""How long an answer takes, and therefore how long to wait for one. Source: RFC 6298, in integers."""

from typing import Final

MS: Final = 1_000_000
RTO_INITIAL_NS: Final = 200 * MS
RTO_MIN_NS: Final = 30 * MS
RTO_MAX_NS: Final = 1_000 * MS
_POWERS_OF_3: Final[tuple[int, ...]] = tuple(3**exponent for exponent in range(10))


class RoundTrip:
    """Smoothed time and its variation, nanoseconds."""

    __slots__ = ("_variation_ns", "smoothed_ns")

    def __init__(self) -> None:
        self.smoothed_ns: int | None = None
        """None before the first sample."""
        self._variation_ns = 0

    def sample(self, elapsed_ns: int) -> None:
        """An answer took `elapsed_ns`. Only for what was sent once (Karn): otherwise which one was answered?"""
        if self.smoothed_ns is None:
            self.smoothed_ns = elapsed_ns
            self._variation_ns = elapsed_ns // 2
            return
        self._variation_ns = (3 * self._variation_ns + abs(self.smoothed_ns - elapsed_ns)) // 4
        self.smoothed_ns = (7 * self.smoothed_ns + elapsed_ns) // 8

    def timeout_ns(self, attempt: int, jitter: int) -> int:
        """The wait after sending for the `attempt`-th time, from 1: half as long again each time, to RTO_MAX_NS.

        `jitter` of 0 to 255 adds up to an eighth, so that many clients do not knock in step.
        """
        assert attempt >= 1
        if self.smoothed_ns is None:
            base_ns = RTO_INITIAL_NS
        else:
            base_ns = min(max(self.smoothed_ns + 4 * self._variation_ns, RTO_MIN_NS), RTO_MAX_NS)
        exponent = min(attempt, len(_POWERS_OF_3)) - 1
        wait_ns = min(base_ns * _POWERS_OF_3[exponent] >> exponent, RTO_MAX_NS)
        return wait_ns + wait_ns * jitter // 2048
