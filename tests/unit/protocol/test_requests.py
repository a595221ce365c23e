"""Retransmission, credit, round trips, the server's clock, packing: the parts of a client session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.codec.blocks import pack, split
from mexchange.protocol import requests as module
from mexchange.protocol.errors import TooManyRequests
from mexchange.protocol.outbox import Outbox
from mexchange.protocol.packet import BLOCKS_SIZE_MAX
from mexchange.protocol.requests import Requests
from mexchange.protocol.round_trip import RTO_INITIAL_NS, RTO_MAX_NS, RTO_MIN_NS, RoundTrip
from mexchange.protocol.server_clock import ServerClock

MS = 10**6
S = 10**9
BLOCK = pack(600, b"question")


def running(credit: int = 256) -> Requests:
    requests = Requests(lambda: 0)
    requests.credit = credit
    requests.resume()
    return requests


def add(requests: Requests, now_ns: int = 0, *, timeout_ns: int = 10 * S, by_caller: bool = False) -> int:
    return requests.add(BLOCK, now_ns, timeout_ns=timeout_ns, settled_by_caller=by_caller)


def test_a_request_is_repeated_with_the_same_bytes_after_growing_waits() -> None:
    requests = running()
    correlation = add(requests)
    (first,) = requests.outgoing(0)
    assert list(split(first)) == [(600, correlation, b"question")]
    now_ns, waits = 0, []
    while (due_ns := requests.next_timer_ns()) is not None:
        waits.append(due_ns - now_ns)
        now_ns = due_ns
        again, timed_out = requests.due(now_ns)
        assert again == [first] or (now_ns == 10 * S and timed_out == [correlation])
    assert waits[:5] == [200 * MS, 300 * MS, 450 * MS, 675 * MS, 1000 * MS]
    assert max(waits) == RTO_MAX_NS
    assert len(requests) == 0


def test_nothing_is_handed_out_before_its_time() -> None:
    requests = running()
    add(requests)
    assert len(requests.outgoing(0)) == 1
    assert requests.outgoing(0) == []
    assert requests.due(RTO_INITIAL_NS - 1) == ([], [])


def test_requests_in_flight_never_exceed_the_credit_and_keep_their_order() -> None:
    requests = running(credit=2)
    correlations = [add(requests) for _ in range(5)]
    handed: list[int] = []
    while len(handed) < 5:
        new = [correlation for block in requests.outgoing(0) for _, correlation, _ in split(block)]
        assert new
        handed += new
        assert len(requests._in_flight) <= 2
        assert requests.answer(new[0], 0)
    assert handed == correlations


def test_a_waiting_request_times_out_without_ever_being_sent() -> None:
    requests = running(credit=1)
    first, second = add(requests, timeout_ns=20 * S), add(requests, timeout_ns=1 * S)
    requests.outgoing(0)
    assert requests.due(1 * S)[1] == [second]
    assert requests.settle(first)
    assert requests.outgoing(S) == []


def test_too_many_waiting_requests_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 3)
    requests = running(credit=1)
    for _ in range(4):
        add(requests)
    with pytest.raises(TooManyRequests):
        add(requests)


def test_a_lost_session_stops_repetition_and_the_next_one_starts_anew() -> None:
    requests = running()
    correlations = [add(requests), add(requests)]
    requests.outgoing(0)
    requests.suspend()
    assert requests.due(5 * S) == ([], [])
    assert requests.next_timer_ns() == 10 * S
    requests.resume()
    blocks = requests.outgoing(6 * S)
    assert [correlation for block in blocks for _, correlation, _ in split(block)] == correlations
    requests.suspend()
    assert requests.due(10 * S) == ([], correlations)


def test_only_what_was_sent_once_measures_the_round_trip() -> None:
    requests = running()
    once, twice = add(requests), add(requests)
    requests.outgoing(0)
    assert requests.answer(once, 50 * MS)
    assert requests.round_trip.smoothed_ns == 50 * MS
    requests.due(S)
    assert requests.answer(twice, S + 1)
    assert requests.round_trip.smoothed_ns == 50 * MS


def test_a_part_of_an_answer_puts_the_repetition_off() -> None:
    requests = running()
    correlation = add(requests, by_caller=True)
    requests.outgoing(0)
    assert requests.answer(correlation, 190 * MS)
    assert requests.due(RTO_INITIAL_NS) == ([], [])
    assert requests.answer(correlation, 250 * MS), "still open"
    assert requests.settle(correlation)
    assert not requests.answer(correlation, 260 * MS)


def test_correlations_are_not_used_twice_at_once() -> None:
    requests = running()
    first = add(requests)
    requests._correlation = 2**32 - 2
    assert [add(requests), add(requests)] == [2**32 - 1, first + 1]


@given(st.lists(st.integers(0, 5 * S), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 255))
def test_waits_stay_within_their_bounds(samples: list[int], attempt: int, jitter: int) -> None:
    round_trip = RoundTrip()
    for elapsed_ns in samples:
        round_trip.sample(elapsed_ns)
    wait_ns = round_trip.timeout_ns(attempt, jitter)
    assert RTO_MIN_NS <= wait_ns <= RTO_MAX_NS * 9 // 8
    assert wait_ns <= round_trip.timeout_ns(attempt + 1, jitter)
    assert min(samples) <= (round_trip.smoothed_ns or 0) + len(samples) <= max(samples) + len(samples)


@given(st.lists(st.tuples(st.integers(0, S), st.integers(0, S), st.integers(0, S)), min_size=1, max_size=20))
def test_the_servers_clock_is_known_within_half_the_best_round_trip(exchanges: list[tuple[int, int, int]]) -> None:
    clock, offset_ns, now_ns = ServerClock(), 1_800_000_000 * S, 0
    best_ns = 10**18
    for pause_ns, there_ns, back_ns in exchanges:
        sent_ns = now_ns + pause_ns
        now_ns = sent_ns + there_ns + back_ns
        clock.sample(sent_ns=sent_ns, received_ns=now_ns, server_time_ns=offset_ns + sent_ns + there_ns)
        best_ns = min(best_ns + pause_ns // 5000 + 1, (there_ns + back_ns) // 2 + 1)
    assert abs(clock.time_ns(now_ns) - offset_ns - now_ns) <= best_ns + now_ns // 5000 + len(exchanges)


def test_a_forgotten_clock_takes_the_next_sample_whatever_it_is() -> None:
    clock = ServerClock()
    clock.sample(sent_ns=0, received_ns=2, server_time_ns=1000)
    clock.sample(sent_ns=0, received_ns=S, server_time_ns=5 * S)
    assert clock.time_ns(S) == S + 999
    clock.forget()
    assert not clock.known
    clock.sample(sent_ns=0, received_ns=S, server_time_ns=5 * S)
    assert clock.time_ns(S) == 5 * S + S // 2


@given(st.lists(st.integers(1, BLOCKS_SIZE_MAX // 8).map(lambda eighths: eighths * 8), max_size=60))
def test_blocks_are_packed_in_order_each_into_the_last_datagram_that_has_room(sizes: list[int]) -> None:
    outbox = Outbox(10**9)
    expected: list[bytes] = []
    for number, size in enumerate(sizes):
        block = bytes([number % 256]) * size
        assert outbox.add(block)
        if expected and len(expected[-1]) + size <= BLOCKS_SIZE_MAX:
            expected[-1] += block
        else:
            expected.append(block)
    assert outbox.drain() == expected
    assert outbox.drain() == []


def test_an_outbox_refuses_beyond_its_limit_and_has_room_again_after_draining() -> None:
    outbox = Outbox(24)
    assert outbox.add(bytes(16))
    assert not outbox.add(bytes(16))
    assert outbox.add(bytes(8))
    assert outbox.size == 24
    assert outbox.drain() == [bytes(24)]
    assert outbox.add(bytes(16))
