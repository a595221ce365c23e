"""What the daemon says of its history fits the answer to a question for the status, whatever went wrong."""

from pathlib import Path

import pytest

from mexchange.config.daemon import DaemonSettings
from mexchange.core.engine import Engine
from mexchange.daemon.history import TEXT_MAX, History
from mexchange.daemon.projection.report import WAITING, Report
from mexchange.daemon.projector_process import ProjectorProcess
from mexchange.daemon.views import Commit
from mexchange.store.database import DatabaseName, place_of
from mexchange.store.disk import RealDisk
from mexchange.store.spool import SpoolReader


def history_of(tmp_path: Path, address: str = "", *, free_bytes_min: int = 1) -> History:
    place = place_of(DatabaseName.HISTORY, address, tmp_path)
    settings = DaemonSettings(history_free_bytes_min=free_bytes_min)
    return History(data=tmp_path, disk=RealDisk(tmp_path), engine=Engine(), place=place, settings=settings)


def commit(first: int, digest: int = 1) -> Commit:
    """One command with one event."""
    return Commit(bytes(24) + b"\x32" + bytes(55), first, 1, first * 10, replayed=True, digest=bytes((digest,)) * 16)


def test_a_long_problem_is_cut_to_one_short_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = history_of(tmp_path, f"postgresql://mx:canary@{'db.' * 80}example/mx")
    process = ProjectorProcess(tmp_path, durable_sequence=lambda: 0)
    process.report = Report(WAITING, problem="no\nroute " * 90)
    monkeypatch.setattr(history, "_projector", process)
    for text in history.texts().values():
        assert len(text) <= TEXT_MAX + len(WAITING) + 3
        assert "\n" not in text
        assert "canary" not in text


def test_the_lag_counts_commands_and_events(tmp_path: Path) -> None:
    history = history_of(tmp_path)
    for number in range(1, 6):
        history.replay(commit(number))
    numbers = dict(history.numbers())
    assert numbers["history_lag_commands"] == numbers["history_lag_events"] == 5
    assert numbers["history_lag_ns"] == 50
    history.abandon()


def test_a_spool_of_another_history_is_dropped(tmp_path: Path) -> None:
    first = history_of(tmp_path)
    for number in range(1, 4):
        first.replay(commit(number))
    first.abandon()
    again = history_of(tmp_path)
    for number in range(1, 4):
        again.replay(commit(number, digest=2))
    again.replay(commit(4, digest=2))
    again.abandon()
    entries = SpoolReader(RealDisk(tmp_path), 4).read()
    assert [entry.digest for entry in entries] == [bytes((2,)) * 16], "the old ones are gone"


def test_what_is_left_of_a_full_disk_belongs_to_the_journal(tmp_path: Path) -> None:
    history = history_of(tmp_path, free_bytes_min=2**62)
    history.replay(commit(1))
    history.abandon()
    assert dict(history.numbers())["history_left_out"] == 1
    assert not list((tmp_path / "events").iterdir())
