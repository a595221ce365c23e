"""The numbers behind `mx status`, gathered from the parts of the daemon when somebody asks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mexchange.daemon.accounts import Accounts
from mexchange.daemon.event_ring import EventRing
from mexchange.daemon.history import History
from mexchange.daemon.pipeline import Pipeline
from mexchange.daemon.sequencer import Sequencer
from mexchange.daemon.snapshotter import Snapshotter
from mexchange.protocol.session_table import SessionTable
from mexchange.store.journal import Journal
from mexchange.telemetry.histogram import Histogram
from mexchange.telemetry.metrics import Registry
from mexchange.transport.udp_server import UdpServer
from mexchange.world.clock import Clock

START_NS = 500_000_000
"""Of a restart, beside the replay: the interpreter, its imports, the snapshot."""
HOUR_NS = 3_600_000_000_000
GROWTH_AFTER_NS = 60_000_000_000
"""The growth of the journal is told after so long: a rate over a few seconds says nothing about an hour."""
MEDIAN_PPM, P99_PPM = 500_000, 990_000


@dataclass(slots=True)
class FactSources:
    """Everything that is asked. `texts` are what does not change while the daemon runs."""

    texts: Mapping[str, str]
    mode: Callable[[], str]
    clock: Clock
    started_ns: int
    """Monotonic."""
    sequencer: Sequencer
    pipeline: Pipeline
    journal: Journal
    appended_bytes_at_start: int
    snapshotter: Snapshotter
    table: SessionTable
    udp: UdpServer
    ring: EventRing
    accounts: Accounts
    sync_ns: Histogram
    metrics: Registry
    free_bytes: Callable[[], int]
    history: History | None

    def gather(self) -> tuple[Mapping[str, str], Iterator[tuple[str, int]]]:
        """Texts, and numbers in the order in which an operator reads them."""
        history = self.history.texts() if self.history is not None else {"history": "off"}
        return {**self.texts, "mode": self.mode(), **history}, self._numbers()

    def _numbers(self) -> Iterator[tuple[str, int]]:
        now_ns = self.clock.monotonic_ns()
        uptime_ns = now_ns - self.started_ns
        yield "sequence", self.pipeline.durable_sequence
        yield "journal_lag", self.sequencer.next_sequence - 1 - self.pipeline.durable_sequence
        yield "waiting_commands", self.sequencer.waiting_commands
        yield "sync_p50_ns", self.sync_ns.quantile(MEDIAN_PPM) or 0
        yield "sync_p99_ns", self.sync_ns.quantile(P99_PPM) or 0
        yield "frames", self.pipeline.frames
        yield "ns_per_command", self.snapshotter.ns_per_command
        yield "snapshot_sequence", self.snapshotter.last_sequence
        if self.snapshotter.last_time_ns:
            yield "snapshot_age_ns", now_ns - self.snapshotter.last_time_ns
        yield "snapshot_pause_ns", self.snapshotter.pause_ns
        yield "restart_ns", START_NS + self.snapshotter.replay_ns
        if self.history is not None:
            yield from self.history.numbers()
        yield from self._sizes(uptime_ns)
        yield from self._traffic()
        yield "uptime_ns", uptime_ns

    def _sizes(self, uptime_ns: int) -> Iterator[tuple[str, int]]:
        yield "journal_bytes", self.journal.written_bytes()
        yield "journal_disk_bytes", self.journal.size_bytes()
        if uptime_ns >= GROWTH_AFTER_NS:
            grown = self.journal.appended_bytes - self.appended_bytes_at_start
            yield "journal_bytes_per_hour", grown * HOUR_NS // uptime_ns
        yield "disk_free_bytes", self.free_bytes()
        yield "ring_events", len(self.ring)
        yield "ring_capacity", self.ring.capacity

    def _traffic(self) -> Iterator[tuple[str, int]]:
        yield "sessions", len(self.table)
        yield "sessions_anonymous", len(self.table.sessions_of(0))
        yield "accounts", len(self.accounts)
        yield "datagrams_received", self.udp.received
        yield "datagrams_sent", self.udp.sent
        yield "drop.kernel_buffer", self.udp.kernel_dropped
        yield "drop.unsent", self.udp.unsent
        for name, value in self.table.drops.items():
            yield f"drop.{name}", value
        for reading in self.metrics.read():
            if not reading.name.startswith("sync_ns"):
                labels = "".join(f".{value}" for _, value in reading.labels)
                yield reading.name + labels, reading.value


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """Type of the file system that holds `path`, `unknown` where the system does not say."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return "unknown"
    best = ("", "unknown")
    for line in lines:
        _, mount, kind, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        if path.is_relative_to(mount) and len(mount) >= len(best[0]):
            best = (mount, kind)
    return best[1]
