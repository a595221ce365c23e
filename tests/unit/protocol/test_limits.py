"""Buckets: whole tokens, no drift, bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from mexchange.protocol.limits import (
    ADDRESSES_MAX,
    LOOPBACK_LIMIT,
    AddressBuckets,
    HandshakeLimit,
    TokenBucket,
    host_of,
)

S = 10**9


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(10, 3, 0)
    assert [bucket.take(1, 0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait_ns(1, 0) == S // 10
    assert not bucket.take(1, S // 10 - 1)
    assert bucket.take(1, S // 10)
    assert bucket.take(3, 10 * S)
    assert not bucket.take(1, 10 * S)


def test_a_bucket_gives_all_or_nothing() -> None:
    bucket = TokenBucket(10, 3, 0)
    assert not bucket.take(4, 0)
    assert bucket.take(3, 0)


@given(st.integers(1, 5000), st.integers(5, 50), st.lists(st.tuples(st.integers(0, S), st.integers(1, 5)), max_size=50))
def test_a_bucket_never_gives_more_than_rate_and_burst(rate: int, burst: int, takes: list[tuple[int, int]]) -> None:
    bucket = TokenBucket(rate, burst, 0)
    now_ns = taken = 0
    for step_ns, count in takes:
        now_ns += step_ns
        wait_ns = bucket.wait_ns(count, now_ns)
        given_now = bucket.take(count, now_ns)
        assert given_now is (wait_ns == 0)
        taken += count * given_now
        assert taken <= burst + rate * now_ns / S


def test_hosts_are_limited_apart_and_ports_together() -> None:
    buckets = AddressBuckets(HandshakeLimit(1, 2), LOOPBACK_LIMIT)
    assert [buckets.take(("10.0.0.1", port), 0) for port in range(3)] == [True, True, False]
    assert buckets.take(("10.0.0.2", 1), 0)
    assert all(buckets.take(("127.0.0.1", 1), 0) for _ in range(100))


def test_a_whole_ipv6_network_is_one_host() -> None:
    assert host_of(("2001:db8:1:2::5", 1, 0, 0)) == host_of(("2001:db8:1:2:9::1", 1, 0, 0)) == "2001:db8:1:2"
    assert host_of(("2001:db8:1:3::5", 1, 0, 0)) != "2001:db8:1:2"
    assert host_of(("::ffff:10.0.0.1", 1, 0, 0)) == "::ffff:10.0.0.1"
    assert host_of(("::1", 1, 0, 0)) == "::1"


def test_the_memory_of_hosts_is_bounded() -> None:
    buckets = AddressBuckets(HandshakeLimit(1, 1), LOOPBACK_LIMIT)
    for number in range(ADDRESSES_MAX + 500):
        buckets.take((f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 1), 0)
    assert len(buckets) == ADDRESSES_MAX
