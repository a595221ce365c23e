"""Numbers that a program keeps about itself: counters, gauges, histograms, by name and labels.

Handles are asked for once, at construction; counting is then one addition on one thread.
"""

from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec

from mexchange.telemetry.histogram import Histogram

SERIES_MAX: Final = 4_096
"""Names and labels come from code, never from clients; more than this is a bug."""

Labels = tuple[tuple[str, str], ...]
Series = TypeVar("Series", "Counter", "Gauge", Histogram)


class Counter:
    """Only grows."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def add(self, amount: int = 1) -> None:
        """`amount` is not negative."""
        assert amount >= 0
        self.value += amount


class Gauge:
    """Goes up and down."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def set(self, value: int) -> None:
        """The value now."""
        self.value = value


class Reading(msgspec.Struct, frozen=True):
    """One number at one moment. Histograms give several: `…_count`, `…_p50`, `…_p99`, `…_max`."""

    name: str
    labels: Labels
    value: int


class Registry:
    """All series of one program; made at its composition root and passed on."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, Labels], Counter | Gauge | Histogram] = {}

    def counter(self, name: str, **labels: str) -> Counter:
        """The counter of that name and labels; the same one each time."""
        return self._get(Counter, name, labels)

    def gauge(self, name: str, **labels: str) -> Gauge:
        """The gauge of that name and labels; the same one each time."""
        return self._get(Gauge, name, labels)

    def histogram(self, name: str, **labels: str) -> Histogram:
        """The histogram of that name and labels; the same one each time."""
        return self._get(Histogram, name, labels)

    def turn(self) -> None:
        """Age every histogram by one turn."""
        for series in self._series.values():
            if isinstance(series, Histogram):
                series.turn()

    def read(self) -> list[Reading]:
        """Everything, sorted by name and labels."""
        return [
            Reading(name + suffix, labels, value)
            for (name, labels), series in sorted(self._series.items(), key=lambda item: item[0])
            for suffix, value in _values(series)
        ]

    def _get(self, kind: type[Series], name: str, labels: dict[str, str]) -> Series:
        key = (name, tuple(sorted(labels.items())))
        series = self._series.get(key)
        if series is None:
            assert len(self._series) < SERIES_MAX
            series = self._series[key] = kind()
        assert isinstance(series, kind), f"{name} is a {type(series).__name__}"
        return series


def _values(series: Counter | Gauge | Histogram) -> Iterator[tuple[str, int]]:
    if not isinstance(series, Histogram):
        yield "", series.value
        return
    yield "_count", series.count
    for suffix, ppm in (("_p50", 500_000), ("_p99", 990_000)):
        quantile = series.quantile(ppm)
        if quantile is not None:
            yield suffix, quantile
    yield "_max", series.greatest
