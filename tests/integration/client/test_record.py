"""What is recorded is what was to be seen: live beside a client that looks on, and out of the journal afterwards."""

import asyncio
import io
import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from mexchange.client.api import Client
from mexchange.client.book_view import BookView
from mexchange.client.connection import Connection, EnrollLogin
from mexchange.client.errors import Rejected
from mexchange.client.orders import OwnOrder
from mexchange.client.playhead import Playhead
from mexchange.client.recorder import Recorder
from mexchange.client.recording import Recording
from mexchange.client.recording_format import Moment
from mexchange.client.recording_writer import RecordingWriter
from mexchange.codec.messages import Fill, Level, OpenOrder, Ticker, Trade
from mexchange.config import paths, pins
from mexchange.config.daemon_run import DaemonRun
from mexchange.daemon.journal_recording import NoSuchAccount, PublicJournal
from mexchange.domain.candles import Interval
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import Atoms, Sequence, TimeNs
from tests.integration.daemon.market import Market

KCN_EUR = 1
WAIT_S = 30
Seen = tuple[int, list[Level], list[Level]]
"""A book: sequence, bids, asks."""


def to(run: DaemonRun) -> Connection:
    return Connection(
        host=run.host,
        port=run.port,
        login=EnrollLogin(os.urandom(32), "a test's device"),
        expected_key=bytes.fromhex(run.server_key),
    )


async def _trade(traders: tuple[Client, Client], chance: random.Random, orders: int) -> int:
    """Orders at random, which rest, trade, and are cancelled; the sequence of the last."""
    resting: list[tuple[Client, OwnOrder]] = []
    sequence = 0
    for _ in range(orders):
        resting = [(client, order) for client, order in resting if order.is_open]
        client = chance.choice(traders)
        if resting and chance.random() < 0.3:
            owner, order = chance.choice(resting)
            with suppress(Rejected):  # its last fill has not come yet
                sequence = (await owner.cancel(order.order_id)).sequence
        else:
            side = chance.choice((Side.BUY, Side.SELL))
            tif = chance.choice((TimeInForce.GTC, TimeInForce.IOC))
            price = 100_000 + chance.randrange(-30, 30)
            answer = await client.place(KCN_EUR, side, 10 * chance.randrange(1, 4), price, time_in_force=tif)
            sequence = answer.sequence
            if answer.order is not None:
                resting.append((client, answer.order))
    return sequence


async def _record(run: DaemonRun, seed: int, file: io.BytesIO) -> tuple[list[Seen], list[Trade], int]:
    """Record while somebody trades and somebody looks on; what the latter saw."""
    seen: list[Seen] = []
    trades: list[Trade] = []
    writer = RecordingWriter(file, created_ns=0)
    async with (
        await Client.connect(to(run)) as ann,
        await Client.connect(to(run)) as bob,
        await Client.connect(to(run)) as client,
    ):
        recorder = Recorder(client, writer)
        await recorder.begin([KCN_EUR])
        own = (await client.place(KCN_EUR, Side.BUY, 10, 90_000)).order
        assert own is not None
        view = await client.subscribe_book(KCN_EUR, depth=1_000)
        view.on_change(lambda: seen.append((view.sequence, list(view.bids), list(view.asks))))
        look = client.trades_stream(KCN_EUR)
        recording = asyncio.ensure_future(recorder.run())
        async with asyncio.timeout(WAIT_S):
            await client.amend(own.order_id, price=90_001)
            while not _is_written(writer, own.order_id, 90_001):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await ann.place(KCN_EUR, Side.SELL, 4, 90_001)
            while not writer.fills.rows:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            last = await _trade((ann, bob), random.Random(seed), 120)
            while not await _is_settled(client, view, last):  # noqa: ASYNC110  # no event says that nothing will come
                await asyncio.sleep(0.02)
            newest = (await client.trades(KCN_EUR, 1))[0]
            while not trades or trades[-1].trade_id < newest.trade_id:
                item = await look.next(10**9)
                trades += [] if item is None else [item]
        await asyncio.sleep(0.1)
        recording.cancel()
        await asyncio.gather(recording, return_exceptions=True)
    writer.close()
    return seen, trades, last


def _is_written(writer: RecordingWriter, order_id: int, price: int) -> bool:
    return [(row.order_id, row.price) for row in writer.own.orders] == [(order_id, price)]


async def _is_settled(client: Client, view: BookView, last: int) -> bool:
    """The last command may have left the book as it was."""
    book = await client.book(KCN_EUR, depth=1_000)
    return client.exchange.sequence >= last and (book.bids, book.asks) == (view.bids, view.asks)


def test_a_live_recording_is_what_the_client_saw(run: DaemonRun, seed: int) -> None:
    file = io.BytesIO()
    seen, trades, _ = asyncio.run(_record(run, seed, file))
    playhead = Playhead(Recording(file))
    market = playhead.states[KCN_EUR]
    played: list[Seen] = []
    while playhead.forward() is not None:
        now = (market.book_sequence, market.best_bids(), market.best_asks())
        if not played or played[-1] != now:
            played.append(now)
    assert market.is_verified()
    assert [(order.price, order.leaves) for order in playhead.states.own.orders] == [(90_001, 6)]
    assert [(fill.price, fill.quantity, fill.is_maker) for fill in playhead.states.fills.rows] == [(90_001, 4, True)]
    playhead.to_sequence(0)
    assert (playhead.states.own.orders, playhead.states.fills.rows) == ([], ())
    playhead.to_sequence(playhead.recording.last_sequence)
    assert [each for each in played if each in seen] == seen
    assert [trade for trade in market.trades if trade.trade_id >= trades[0].trade_id] == trades
    bars = playhead.candles(KCN_EUR, Interval.D1)
    assert bars[-1].last_trade_id == trades[-1].trade_id
    assert sum(bar.trades for bar in bars) == trades[-1].trade_id


def test_a_recording_of_the_journal_gives_the_same_books(market: Market, seed: int) -> None:
    file = io.BytesIO()
    seen, trades, last = asyncio.run(_record(market.start(), seed, file))
    live = Playhead(Recording(file))
    begin = live.recording.first_sequence
    whole = _from_journal(market.data)
    part = _from_journal(market.data, from_sequence=begin + 1)
    for playhead in (whole, part):
        for sequence, bids, asks in seen:
            playhead.to_sequence(sequence)
            state = playhead.states[KCN_EUR]
            assert (state.book_sequence, state.best_bids(), state.best_asks()) == (sequence, bids, asks)
            assert state.is_verified()
        playhead.to_sequence(last)
        assert list(playhead.states[KCN_EUR].trades)[-len(trades) :] == trades
    live.to_sequence(last)
    assert part.recording.first_sequence >= begin
    for interval in (Interval.S1, Interval.M1, Interval.D1):
        assert whole.candles(KCN_EUR, interval)[-3:] == part.candles(KCN_EUR, interval)[-3:]
    assert whole.candles(KCN_EUR, Interval.D1)[-1].last_trade_id == trades[-1].trade_id
    assert _prices(whole) == _prices(live)
    account = live.states.own.account
    for begin in (1, live.recording.first_sequence + 1, last):
        own = _from_journal(market.data, begin, account=account)
        own.to_sequence(last)
        assert own.states.own.account == account
        assert [_known(row) for row in own.states.own.orders] == [_known(row) for row in live.states.own.orders]
        assert [_told(fill) for fill in own.states.fills.rows] == [_told(fill) for fill in live.states.fills.rows]
    with pytest.raises(NoSuchAccount, match="no account 99"):
        _from_journal(market.data, account=99)


def _known(order: OpenOrder) -> OpenOrder:
    """Without what its owner is not told of it."""
    return msgspec.structs.replace(order, held=Atoms(0), stp=0)


def _told(fill: Fill) -> Fill:
    """Without its time, which the live one has from a clock of its own."""
    return msgspec.structs.replace(fill, time_ns=TimeNs(0))


def _prices(playhead: Playhead) -> Ticker:
    """The ticker without what depends on when it was told."""
    ticker = playhead.states[KCN_EUR].ticker
    assert ticker is not None
    return msgspec.structs.replace(ticker, sequence=Sequence(0), time_ns=TimeNs(0), page=0, pages=0)


def _from_journal(data: Path, from_sequence: int = 1, *, account: int = 0) -> Playhead:
    journal = PublicJournal(data, ["KCN/EUR"], account=account)
    file = io.BytesIO()
    writer = RecordingWriter(file, created_ns=0)
    opening, charts = journal.begin(from_sequence)
    writer.begin(Moment(*opening), charts)
    for moment in journal.moments():
        writer.add(*moment)
    writer.close()
    return Playhead(Recording(file))


def _mx(run: DaemonRun, folder: Path, *words: str) -> "subprocess.Popen[str]":
    environ = {
        **os.environ,
        "MX_SERVER": f"udp://{run.host}:{run.port}",
        "MX_CONFIG_DIR": str(folder / "config"),
        "MX_DATA_DIR": str(folder / "nowhere"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    pins.add(paths.known_servers_file(folder / "config"), run.host, run.port, bytes.fromhex(run.server_key))
    command = [sys.executable, "-m", "mexchange", *words]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def test_ctrl_c_ends_a_recording_properly(run: DaemonRun, tmp_path: Path) -> None:
    with _mx(run, tmp_path, "record", "KCN/EUR", "live.mxr") as process:
        assert process.stderr is not None
        assert "recording KCN/EUR" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    recording = Recording.open(tmp_path / "live.mxr")
    assert recording.is_closed_properly
    assert json.loads(told)["bytes"] == (tmp_path / "live.mxr").stat().st_size
    assert Playhead(recording).states[KCN_EUR].ticker is not None
    recording.close()
    with _mx(run, tmp_path, "record", "KCN/EUR", "live.mxr") as again:
        _, told = again.communicate(timeout=WAIT_S)
    assert again.returncode == 2
    assert "E_EXISTS" in told


def test_a_killed_recording_is_played(run: DaemonRun, tmp_path: Path) -> None:
    with _mx(run, tmp_path, "record", "KCN/EUR", "live.mxr") as process:
        assert process.stderr is not None
        assert "recording KCN/EUR" in process.stderr.readline()
        process.kill()
        process.communicate(timeout=WAIT_S)
    recording = Recording.open(tmp_path / "live.mxr")
    assert not recording.is_closed_properly
    assert Playhead(recording).states[KCN_EUR].is_verified()
    recording.close()


def test_a_journal_is_recorded_while_its_daemon_runs(market: Market, tmp_path: Path) -> None:
    run = market.start()
    with _mx(run, tmp_path, "record", "--journal", str(market.data), "BTC/EUR", "past.mxr") as process:
        told, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    assert json.loads(told)["trades"] > 0
    recording = Recording.open(tmp_path / "past.mxr")
    playhead = Playhead(recording)
    playhead.to_sequence(recording.last_sequence)
    assert [info.symbol for info in playhead.states.definitions.values()] == ["BTC/EUR"]
    recording.close()
    with _mx(run, tmp_path, "record", "--journal", str(market.data), "XYZ/EUR", "none.mxr") as process:
        _, told = process.communicate(timeout=WAIT_S)
    assert process.returncode == 1
    assert "no market XYZ/EUR" in told
