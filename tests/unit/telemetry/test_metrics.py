"""Counters count, and quantiles are right to a sixteenth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.telemetry.histogram import BUCKETS, VALUE_MAX, Histogram, bound_of, bucket_of
from mexchange.telemetry.metrics import Reading, Registry


@given(st.integers(0, VALUE_MAX))
def test_a_value_lies_in_its_bucket_and_above_the_one_before(value: int) -> None:
    bucket = bucket_of(value)
    assert 0 <= bucket < BUCKETS
    assert value <= bound_of(bucket) <= value + value // 16
    assert bucket == 0 or bound_of(bucket - 1) < value


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=60), st.integers(1, 1_000_000))
def test_a_quantile_is_at_most_a_sixteenth_above_the_sorted_truth(values: list[int], ppm: int) -> None:
    histogram = Histogram()
    for value in values:
        histogram.observe(value)
    truth = sorted(values)[-(-len(values) * ppm // 1_000_000) - 1]
    quantile = histogram.quantile(ppm)
    assert quantile is not None
    assert truth <= quantile <= truth + truth // 16
    assert (histogram.count, histogram.total, histogram.greatest) == (len(values), sum(values), max(values))


def test_two_turns_later_a_value_is_forgotten() -> None:
    histogram = Histogram()
    histogram.observe(1_000)
    histogram.turn()
    histogram.observe(10)
    assert histogram.quantile(1_000_000) == 1_000
    histogram.turn()
    assert histogram.quantile(1_000_000) == 10
    histogram.turn()
    assert histogram.quantile(1_000_000) is None


def test_impossible_values_are_counted_at_the_ends() -> None:
    histogram = Histogram()
    histogram.observe(-5)
    assert histogram.quantile(1_000_000) == 0
    histogram.observe(2**80)
    assert histogram.quantile(1_000_000) == VALUE_MAX


def test_a_registry_reads_everything_sorted() -> None:
    registry = Registry()
    registry.counter("drops", cause="tag").add(2)
    registry.counter("drops", cause="cookie").add()
    registry.counter("drops", cause="tag").add()
    registry.gauge("sessions").set(7)
    registry.histogram("sync_ns").observe(15)
    registry.histogram("empty_ns")
    assert registry.read() == [
        Reading("drops", (("cause", "cookie"),), 1),
        Reading("drops", (("cause", "tag"),), 3),
        Reading("empty_ns_count", (), 0),
        Reading("empty_ns_max", (), 0),
        Reading("sessions", (), 7),
        Reading("sync_ns_count", (), 1),
        Reading("sync_ns_p50", (), 15),
        Reading("sync_ns_p99", (), 15),
        Reading("sync_ns_max", (), 15),
    ]
    registry.turn()
    registry.turn()
    assert Reading("sync_ns_p50", (), 15) not in registry.read()


def test_one_name_is_one_kind_of_series() -> None:
    registry = Registry()
    registry.counter("drops")
    with pytest.raises(AssertionError, match="drops is a Counter"):
        registry.gauge("drops")
