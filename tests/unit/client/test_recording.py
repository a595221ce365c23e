"""The file: what goes in comes out, at any place, and damage is noticed before anything wrong is shown."""

import io
import random

import pytest

from mexchange.client import recording_writer
from mexchange.client.errors import BadRecording, DamagedRecording, RecordingFull
from mexchange.client.playhead import Playhead
from mexchange.client.recording import Recording
from mexchange.client.recording_format import CHUNK_HEADER_BYTES, HEADER
from mexchange.domain.candles import Interval, aggregate, of_trade
from tests.fakes.recorded_market import BEGIN_SEQUENCE, START_NS, RecordedMarket, shown


@pytest.fixture(autouse=True)
def short_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short recording has several, of several chunks."""
    monkeypatch.setattr(recording_writer, "CHUNK_BYTES", 1_500)
    monkeypatch.setattr(recording_writer, "SPAN_BYTES", 4_000)


def test_what_was_recorded_is_played(seed: int) -> None:
    market = RecordedMarket(seed).write(300)
    recording = Recording(io.BytesIO(market.close()))
    assert recording.spans > 3
    assert recording.is_closed_properly
    assert (recording.first_sequence, recording.first_time_ns) == (BEGIN_SEQUENCE, START_NS)
    assert (recording.last_sequence, recording.last_time_ns) == (
        market.moments[-1].sequence,
        market.moments[-1].time_ns,
    )
    assert (recording.moments, recording.trades) == (300, len(market.trades))
    playhead = Playhead(recording)
    assert shown(playhead.states) == market.shown[0]
    for moment, state in zip(market.moments, market.shown[1:], strict=True):
        assert playhead.forward() is not None
        assert (playhead.time_ns, playhead.sequence) == (moment.time_ns, moment.sequence)
        assert shown(playhead.states) == state
        assert all(each.is_verified() for each in playhead.states.markets.values())
    assert playhead.forward() is None
    assert playhead.is_at_end


def test_it_goes_back_as_it_went_forth(seed: int) -> None:
    market = RecordedMarket(seed).write(200)
    playhead = Playhead(Recording(io.BytesIO(market.close())))
    playhead.to_sequence(market.moments[-1].sequence)
    for state in reversed(market.shown[:-1]):
        assert playhead.backward()
        assert shown(playhead.states) == state
    assert not playhead.backward()


def test_a_jump_ends_behind_the_last_moment_at_or_before_it(seed: int) -> None:
    market = RecordedMarket(seed).write(200)
    playhead = Playhead(Recording(io.BytesIO(market.close())))
    chance = random.Random(seed)
    for _ in range(100):
        sequence = chance.randrange(BEGIN_SEQUENCE - 5, market.moments[-1].sequence + 5)
        playhead.to_sequence(sequence)
        assert shown(playhead.states) == market.shown[sum(each.sequence <= sequence for each in market.moments)]
        time_ns = chance.randrange(START_NS - 10**9, market.moments[-1].time_ns + 10**9)
        playhead.to_time(time_ns)
        assert shown(playhead.states) == market.shown[sum(each.time_ns <= time_ns for each in market.moments)]


def test_trades_are_found_forth_and_back(seed: int) -> None:
    market = RecordedMarket(seed).write(300)
    playhead = Playhead(Recording(io.BytesIO(market.close())))
    sequences = [trade.sequence for _, trade in market.trades]
    found = []
    while playhead.to_next_trade():
        found.append(playhead.sequence)
    assert found == sequences
    assert playhead.sequence == sequences[-1]
    back = []
    while playhead.to_previous_trade():
        back.append(playhead.sequence)
    assert back == sequences[-2::-1]


@pytest.mark.parametrize("interval", [Interval.S1, Interval.M1, Interval.H1])
def test_candles_are_those_of_every_trade_up_to_here(seed: int, interval: Interval) -> None:
    market = RecordedMarket(seed).write(400, step_ns=900_000_000)
    playhead = Playhead(Recording(io.BytesIO(market.close())))
    for at in (0, 150, 290, 400):
        if at:
            playhead.to_time(market.moments[at - 1].time_ns)
        for number in (1, 2):
            own = [trade for each, trade in market.trades if each == number and trade.sequence <= playhead.sequence]
            seconds = [
                of_trade(
                    Interval.S1, trade_id=each.trade_id, time_ns=each.time_ns, price=each.price, quantity=each.quantity
                )
                for each in own
            ]
            past = market.past()[number][interval]
            assert playhead.candles(number, interval) == list(aggregate([*past, *seconds], interval))


def test_a_recording_without_its_end_is_played_as_far_as_it_goes(seed: int) -> None:
    market = RecordedMarket(seed).write(120)
    unfinished = market.file.getvalue()
    for end in random.Random(seed).sample(range(len(unfinished)), 60):
        try:
            recording = Recording(io.BytesIO(unfinished[:end]))
            playhead = Playhead(recording)
        except BadRecording:
            assert end < HEADER.size + 2 * CHUNK_HEADER_BYTES + 3_000, "the first span is whole, but was not played"
            continue
        assert not recording.is_closed_properly
        played = 0
        while playhead.forward() is not None:
            played += 1
            assert shown(playhead.states) == market.shown[played]


def test_a_flipped_bit_is_found_and_what_stands_before_it_is_played(seed: int) -> None:
    market = RecordedMarket(seed).write(120)
    whole = market.close()
    chance = random.Random(seed)
    for _ in range(150):
        at = chance.randrange(HEADER.size, len(whole))
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(8)
        damage = _play(bytes(damaged), market)
        assert damage is None or damage.offset <= at
        assert damage is None or "damaged at byte" in str(damage)


def _play(data: bytes, market: RecordedMarket) -> DamagedRecording | None:
    """Play as far as it goes, which is to the end unless it says that it is damaged."""
    played = 0
    try:
        recording = Recording(io.BytesIO(data))
        playhead = Playhead(recording)
        while playhead.forward() is not None:
            played += 1
            assert shown(playhead.states) == market.shown[played]
    except DamagedRecording as damage:
        return damage
    assert played == len(market.moments) or recording.damage is not None
    return recording.damage


def test_a_jump_behind_a_damaged_place_ends_before_it(seed: int) -> None:
    market = RecordedMarket(seed).write(200)
    whole = bytearray(market.close())
    recording = Recording(io.BytesIO(bytes(whole)))
    last_span = recording.span_at_sequence(recording.last_sequence)
    begin = recording._chunks[recording._starts[last_span]].offset
    whole[begin + CHUNK_HEADER_BYTES + 5] ^= 1
    recording = Recording(io.BytesIO(bytes(whole)))
    playhead = Playhead(recording)
    playhead.to_sequence(market.moments[-1].sequence)
    assert recording.damage is not None
    assert playhead.sequence == recording.last_sequence < market.moments[-1].sequence
    assert shown(playhead.states) == market.shown[sum(each.sequence <= playhead.sequence for each in market.moments)]


@pytest.mark.parametrize("data", [b"", b"MX", b"something else that is long enough to be one", b"MXRECORD" + bytes(24)])
def test_another_file_is_no_recording(data: bytes) -> None:
    with pytest.raises(BadRecording):
        Recording(io.BytesIO(data))


def test_the_size_is_bounded_and_what_fits_is_played(seed: int) -> None:
    market = RecordedMarket(seed, size_max=100_000)
    with pytest.raises(RecordingFull):
        market.write(100_000)
    data = market.close()
    assert len(data) <= 100_000
    playhead = Playhead(Recording(io.BytesIO(data)))
    played = 0
    while playhead.forward() is not None:
        played += 1
    assert played == len(market.moments)
    assert shown(playhead.states) == market.shown[-1]
