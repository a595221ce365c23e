"""A recording in the same screen: every key of the bar, damage, a small terminal, and no way to trade."""

import gc
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from mexchange.client import recording_writer
from mexchange.client.recording import Recording
from mexchange.client.replay import Replay
from mexchange.config import settings
from mexchange.tui.app import MxApp
from mexchange.tui.desk import Desk
from mexchange.tui.keymap import TABLE
from mexchange.tui.options import TuiOptions
from mexchange.tui.replay_place import Place, parse_place
from tests.fakes.recorded_market import BEGIN_SEQUENCE, START_NS, RecordedMarket
from tests.tui.grid import grid, text
from tests.tui.stage import wait_for

SEED = 5
SECOND_NS = 10**9


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> RecordedMarket:
    monkeypatch.setattr(recording_writer, "SPAN_BYTES", 4_000)
    monkeypatch.setattr(recording_writer, "CHUNK_BYTES", 1_500)
    return RecordedMarket(SEED).write(200, step_ns=5 * SECOND_NS)


@asynccontextmanager
async def replayed(
    data: bytes, folder: Path, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[Any], Replay]]:
    """The app on a recording."""
    file = folder / "market.mxr"
    file.write_bytes(data)
    found = settings.load(flags={}, environ={"MX_CONFIG_DIR": str(folder / "config")}, directory=folder)
    app = MxApp(TuiOptions(settings=found, replay=file, wizard=False))
    async with app.run_test(size=size) as pilot:
        await wait_for(pilot, lambda: app.shell.is_settled)
        assert app.shell.replay is not None
        yield pilot, app.shell.replay


def desk_of(pilot: Pilot[Any]) -> Desk:
    """What the screen shows."""
    app = pilot.app
    assert isinstance(app, MxApp)
    assert app.shell.desk is not None
    return app.shell.desk


async def test_every_key_of_the_bar(market: RecordedMarket, tmp_path: Path) -> None:
    own = [moment.sequence for moment in market.moments if moment.blocks != b""]
    trades = [trade.sequence for number, trade in market.trades if number == 1]
    tried = set()

    async with replayed(market.close(), tmp_path) as (pilot, replay):

        async def press(name: str) -> None:
            tried.add(name)
            key = next(key for key in TABLE if key.id == name)
            await pilot.press(key.all_keys[0])
            await pilot.pause()

        assert "1x" in grid(pilot.app)[1]
        await press("replay.step")
        first = replay.sequence
        assert first in own
        await press("replay.step")
        await press("replay.back")
        assert first <= replay.sequence < own[20]
        await press("replay.begin")
        assert replay.sequence == BEGIN_SEQUENCE
        await press("replay.next_trade")
        await press("replay.next_trade")
        assert replay.sequence == trades[1]
        await press("replay.previous_trade")
        assert replay.sequence == trades[0]
        await press("replay.faster")
        await press("replay.faster")
        assert "4x" in grid(pilot.app)[1]
        await press("replay.slower")
        assert "2x" in grid(pilot.app)[1]
        await press("replay.play")
        await wait_for(pilot, lambda: replay.is_playing and replay.sequence > trades[0])
        await press("replay.play")
        await wait_for(pilot, lambda: not replay.is_playing)
        await press("replay.jump")
        await pilot.press(*"50%", "enter")
        await wait_for(pilot, lambda: " 50%" in grid(pilot.app)[1] or " 49%" in grid(pilot.app)[1])
        await press("replay.jump")
        await pilot.press(*str(trades[3]), "enter")
        await wait_for(pilot, lambda: replay.sequence == trades[3])
        await press("replay.end")
        assert pilot.app.shell.replay is replay, "there is no market to go back to"  # type: ignore[attr-defined]
    assert tried == {key.id for key in TABLE if key.scope == "replay"}


@pytest.mark.parametrize("at", [120, 30, 199])
async def test_what_is_shown_is_what_was_recorded(market: RecordedMarket, tmp_path: Path, at: int) -> None:
    async with replayed(market.close(), tmp_path) as (pilot, replay):
        desk = desk_of(pilot)
        state = market.shown[at + 1][1]
        replay.to_sequence(market.moments[at].sequence)
        await wait_for(pilot, lambda: desk.trades[:1] == state.trades[-1:])
        await wait_for(pilot, lambda: desk.shown.price(state.bids[0].price) in text(pilot.app))
        assert desk.book is not None
        assert (desk.book.bids, desk.book.asks) == (state.bids, state.asks)


async def test_a_click_on_the_scrubber_goes_there(market: RecordedMarket, tmp_path: Path) -> None:
    async with replayed(market.close(), tmp_path) as (pilot, replay):
        line = grid(pilot.app)[1]
        await pilot.click("#banner", offset=(line.rindex("─"), 0))
        await wait_for(pilot, lambda: replay.is_at_end)
        await pilot.click("#banner", offset=(line.index("●"), 0))
        await wait_for(pilot, lambda: replay.time_ns == START_NS)


async def test_nothing_can_be_sent(market: RecordedMarket, tmp_path: Path) -> None:
    async with replayed(market.close(), tmp_path, size=(160, 50)) as (pilot, replay):
        assert pilot.app.shell.client is None  # type: ignore[attr-defined]
        assert "REPLAY" in grid(pilot.app)[-2]
        assert "orders disabled" in grid(pilot.app)[-2]
        dealer = pilot.app.dealer  # type: ignore[attr-defined]
        assert (dealer.locked(), dealer.obstacle()) == ("this is a recording", "this is a recording")
        await pilot.press("d", "X", "f", "r")
        lines = pilot.app.shell.notices.lines  # type: ignore[attr-defined]
        await wait_for(pilot, lambda: sum("this is a recording" in line.notice.text for line in lines) >= 3)
        before = replay.sequence
        await pilot.press("b", "5", "enter", "enter", "X", "X")
        await pilot.pause()
        assert replay.sequence == before


async def test_damage_is_told_where_it_is_met(market: RecordedMarket, tmp_path: Path) -> None:
    data = bytearray(market.close())
    middle = Recording(io.BytesIO(bytes(data))).span_at_sequence(market.moments[120].sequence)
    chunk = Recording(io.BytesIO(bytes(data)))._span_chunks(middle)[-1]
    data[chunk.end - 1] ^= 1
    async with replayed(bytes(data), tmp_path) as (pilot, replay):
        await pilot.press("J")
        await wait_for(pilot, lambda: pilot.app.screen.query("#replay-place"))
        await pilot.press(*str(chunk.last_sequence), "enter")
        await wait_for(pilot, lambda: "DAMAGED" in grid(pilot.app)[1])
        lines = [line.notice.text for line in pilot.app.shell.notices.lines]  # type: ignore[attr-defined]
        assert any("damaged at byte" in line for line in lines)
        assert BEGIN_SEQUENCE < replay.sequence < market.moments[-1].sequence


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (200, 60)])
async def test_every_size_has_a_bar_that_fits(market: RecordedMarket, tmp_path: Path, size: tuple[int, int]) -> None:
    async with replayed(market.close(), tmp_path, size=size) as (pilot, replay):
        for _ in range(3):
            await pilot.press("full_stop", "n")
        lines = grid(pilot.app)
        assert len(lines) == size[1]
        assert all(len(line) == size[0] for line in lines)
        assert replay.sequence > BEGIN_SEQUENCE


async def test_a_recording_without_its_end_is_shown(tmp_path: Path) -> None:
    market = RecordedMarket(SEED, file=io.BytesIO()).write(30)
    async with replayed(market.file.getvalue(), tmp_path) as (pilot, replay):
        assert not replay.recording.is_closed_properly
        await pilot.press("n")
        await wait_for(pilot, lambda: replay.sequence > BEGIN_SEQUENCE)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("18,204,377", Place(sequence=18_204_377)),
        ("#12", Place(sequence=12)),
        ("50%", Place(time_ns=150 * SECOND_NS)),
        ("+10s", Place(time_ns=170 * SECOND_NS)),
        ("-1m", Place(time_ns=100 * SECOND_NS)),
        ("00:02", Place(time_ns=120 * SECOND_NS)),
        ("00:02:03.5", Place(time_ns=123_500_000_000)),
        ("1970-01-01 00:00:10", Place(time_ns=10 * SECOND_NS)),
        ("00:01:39", Place(time_ns=(86_400 + 99) * SECOND_NS)),
    ],
)
def test_places_as_people_type_them(typed: str, place: Place) -> None:
    begin, end, now = 100 * SECOND_NS, 200 * SECOND_NS, 160 * SECOND_NS
    assert parse_place(typed, begin_ns=begin, end_ns=end, now_ns=now, zone=UTC) == place


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "1:2:3", "-", "12:34 PM", "1" * 30])
def test_what_is_no_place_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="no"):
        parse_place(typed, begin_ns=0, end_ns=1, now_ns=0, zone=None)


HOUR_NS = 3_600 * SECOND_NS
GROWTH_KIB = 8 * 1_024


@pytest.mark.soak
async def test_memory_is_flat_over_an_hour_of_market(tmp_path: Path) -> None:
    market = RecordedMarket(SEED, is_noted=False)
    while market.moments == [] or market.moments[-1].time_ns < START_NS + HOUR_NS:
        market.write(1_000, step_ns=200_000_000)
    async with replayed(market.close(), tmp_path) as (pilot, replay):
        replay.set_speed(64_000)
        replay.play()
        await wait_for_long(pilot, lambda: replay.time_ns >= START_NS + HOUR_NS // 6)
        gc.collect()
        before = _resident_kib()
        await wait_for_long(pilot, lambda: replay.time_ns >= START_NS + HOUR_NS)
        gc.collect()
        growth = _resident_kib() - before
    print(f"{growth} KiB in the last 50 minutes of an hour")
    assert growth < GROWTH_KIB


async def wait_for_long(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """As long as an hour takes at 64 times its speed, and a busy machine besides."""
    for _ in range(20):
        with suppress(AssertionError):
            return await wait_for(pilot, condition)
    return await wait_for(pilot, condition)


def _resident_kib() -> int:
    fields = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()
    return int(fields[0])
