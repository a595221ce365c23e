"""What the daemon knows of its history: the spool that it fills, and the projector that makes rows of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from mexchange.config.daemon import DaemonSettings
from mexchange.daemon.event_spool import EventSpool
from mexchange.daemon.projector_process import ProjectorProcess
from mexchange.daemon.views import Commit, Engine
from mexchange.store.database import DatabaseName, Place, place_of
from mexchange.store.disk import RealDisk
from mexchange.store.spool import size_bytes
from mexchange.telemetry import logs
from mexchange.world.disk import Disk

TEXT_MAX: Final = 120
"""Characters of a problem, or of an address, in the answer to a question for the status."""


def open_history(settings: DaemonSettings, *, data: Path, disk: Disk, engine: Engine) -> "History | None":
    """None: nothing is kept, because it is switched off, cannot be, or `disk` is nothing that other processes see."""
    if not settings.history or not isinstance(disk, RealDisk):
        return None
    place = place_of(DatabaseName.HISTORY, settings.database, data)
    try:
        return History(data=data, disk=disk, engine=engine, place=place, settings=settings)
    except OSError as error:
        logs.get("daemon").error("no history will be kept: its spool cannot be used", reason=str(error))
        return None


class History:
    """On the loop thread. Whatever happens in here or in the database, no order waits for it."""

    def __init__(self, *, data: Path, disk: Disk, engine: Engine, place: Place, settings: DaemonSettings) -> None:
        """`place`: of the history database. OSError if the spool's folder cannot be used."""
        self._disk = disk
        self._spool = EventSpool(
            disk, engine, bytes_max=settings.history_spool_bytes, free_bytes_min=settings.history_free_bytes_min
        )
        self._projector = ProjectorProcess(data, durable_sequence=lambda: self._durable_at_start)
        self.place = place
        self._durable_at_start = 0

    def replay(self, commit: Commit) -> None:
        """A frame of the past, during recovery."""
        self._spool.replay(commit)

    def start(self, sequence: int) -> None:
        """On the running loop: recovery ended at this sequence."""
        self._durable_at_start = sequence
        self._spool.start(sequence)
        self._projector.start()

    def publish(self, commit: Commit) -> None:
        """A durable frame."""
        self._spool.publish(commit)

    async def stop(self) -> None:
        """What was published gets its rows, if that does not take long."""
        self._spool.stop()
        await self._projector.stop()

    def abandon(self) -> None:
        """At once: the next start goes on from what is there."""
        self._spool.stop()
        self._projector.kill()

    @property
    def sequence(self) -> int:
        """How far the rows go, as the projector said last."""
        return self._projector.report.sequence

    def texts(self) -> Mapping[str, str]:
        """For `mx status`."""
        report = self._projector.report
        problem = f" ({_short(report.problem)})" if report.problem else ""
        return {"history": report.state + problem, "history_database": _short(str(self.place))}

    def numbers(self) -> Iterator[tuple[str, int]]:
        """For `mx status`: how far the rows are, and how far behind."""
        report, spool = self._projector.report, self._spool
        is_behind = report.sequence < spool.last_sequence
        yield "history_sequence", report.sequence
        yield "history_lag_commands", max(0, spool.last_sequence - report.sequence)
        yield "history_lag_events", spool.lag_events(report.sequence)
        yield "history_lag_ns", max(0, spool.last_time_ns - report.time_ns) if is_behind else 0
        yield "history_spool_bytes", size_bytes(self._disk)
        yield "history_left_out", spool.left_out
        yield "history_projector_pid", self._projector.pid
        yield "history_projector_starts", self._projector.starts


def _short(text: str) -> str:
    """One line that leaves room in a datagram for the others."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_MAX else line[: TEXT_MAX - 1] + "…"
