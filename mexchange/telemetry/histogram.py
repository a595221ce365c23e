"""How long things take, as quantiles, in constant memory and with integers only.

Values fall into buckets whose width is a sixteenth of their magnitude, so that a quantile is at most 1/16 above the
true value. Source of the layout: HdrHistogram, with 4 bits of precision.
"""

from typing import Final

PRECISION_BITS: Final = 4
SUB_BUCKETS: Final = 1 << PRECISION_BITS
BITS_MAX: Final = 63
BUCKETS: Final = (BITS_MAX - PRECISION_BITS + 1) * SUB_BUCKETS
VALUE_MAX: Final = 2**BITS_MAX - 1
PPM_ONE: Final = 1_000_000


class Histogram:
    """Counts of values in the last one to two turns. Owned by one thread."""

    __slots__ = ("_before", "_now", "count", "greatest", "total")

    def __init__(self) -> None:
        self._now = [0] * BUCKETS
        self._before = [0] * BUCKETS
        self.count = 0
        """Of all time, as `total` and `greatest` are."""
        self.total = 0
        self.greatest = 0

    def observe(self, value: int) -> None:
        """Count a value; below zero counts as zero, far too great as the greatest."""
        value = min(max(value, 0), VALUE_MAX)
        self._now[bucket_of(value)] += 1
        self.count += 1
        self.total += value
        self.greatest = max(self.greatest, value)

    def turn(self) -> None:
        """Forget what was counted before the turn before this one. Called each 30 s, quantiles are those of the last
        30 to 60 s; never called, of all time.
        """
        self._before, self._now = self._now, [0] * BUCKETS

    def quantile(self, ppm: int) -> int | None:
        """The smallest bucket bound that `ppm` millionths of the values do not exceed, None without values."""
        assert 0 < ppm <= PPM_ONE
        counts = [now + before for now, before in zip(self._now, self._before, strict=True)]
        wanted = -(-sum(counts) * ppm // PPM_ONE)
        if wanted == 0:
            return None
        seen = 0
        for bucket, count in enumerate(counts):
            seen += count
            if seen >= wanted:
                return min(bound_of(bucket), self.greatest)
        raise AssertionError("the counts add up to less than their sum")


def bucket_of(value: int) -> int:
    """The bucket of a value of 0 to VALUE_MAX."""
    shift = max(value.bit_length() - PRECISION_BITS - 1, 0)
    return shift * SUB_BUCKETS + (value >> shift)


def bound_of(bucket: int) -> int:
    """The greatest value of a bucket."""
    shift = max(bucket // SUB_BUCKETS - 1, 0)
    return ((bucket - shift * SUB_BUCKETS + 1) << shift) - 1
