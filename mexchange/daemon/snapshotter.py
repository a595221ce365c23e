"""When a snapshot is due, and how it is written without stopping the market.

Due when replaying the journal behind the last one would take longer than `replay_ns_max` at the rate that this engine
shows, so that a restart stays short; begun at half of that, since the journal grows while it is written. And at a clean
stop. The bytes are made and written by a forked child, which has
the state as it was at the fork: serialising on the loop would hold up trading for as long as it takes. The fork copies
page tables only. The child lets go of the sockets and of the folder's lock, so that it never stands in the way of a
restart, and dies with its parent.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final

from mexchange.core.snapshot import hash_of
from mexchange.daemon.engine_choice import Engine
from mexchange.daemon.recovery import Kept, save_parts
from mexchange.store.errors import StoreError
from mexchange.store.snapshots import Snapshot, Snapshots
from mexchange.telemetry import logs
from mexchange.world.clock import Clock
from mexchange.world.disk import Disk

NS_PER_COMMAND_FIRST: Final = 25_000
"""Until the engine has shown its rate."""
RATE_COMMANDS_MIN: Final = 1_000
"""Fewer commands say little about a rate."""
RETRY_NS: Final = 10 * 10**9
"""After a failed attempt; a full disk may have room again."""
_PR_SET_PDEATHSIG: Final = 1
_EXIT_OK, _EXIT_FAILED = 0, 1


def make_snapshot(engine: Engine, parts: Sequence[Kept]) -> Snapshot:
    """The state and the daemon's own parts, as they stand now; nothing may be in flight."""
    state = engine.snapshot()
    return Snapshot(
        sequence=engine.sequence,
        time_ns=engine.time_ns,
        state_hash=hash_of(state),
        engine=state,
        views=save_parts(parts),
    )


class Snapshotter:
    """Decides and writes. `in_child` False writes on the spot: for disks that live in this process's memory."""

    def __init__(
        self,
        *,
        engine: Engine,
        disk: Disk,
        parts: Sequence[Kept],
        clock: Clock,
        replay_ns_max: int,
        last_sequence: int,
        in_child: bool,
        let_go: Callable[[], None],
    ) -> None:
        """`let_go` closes, in the child, what only the parent may hold."""
        self._engine = engine
        self._snapshots = Snapshots(disk)
        self._parts = parts
        self._clock = clock
        self._replay_ns_max = replay_ns_max
        self._in_child = in_child
        self._let_go = let_go
        self._child: int | None = None
        self._child_sequence = 0
        self._retry_at_ns = 0
        self._rate_commands = 0
        self._rate_ns = 0
        self.last_sequence = last_sequence
        self.last_time_ns = 0
        """Monotonic time of the last one; 0: before this start."""
        self.pause_ns = 0
        """How long the last one held up the loop."""

    @property
    def ns_per_command(self) -> int:
        """What a command takes, engine and views together, measured."""
        if self._rate_commands < RATE_COMMANDS_MIN:
            return NS_PER_COMMAND_FIRST
        return max(1, self._rate_ns // self._rate_commands)

    @property
    def replay_ns(self) -> int:
        """What replaying the journal behind the last snapshot would take now."""
        return (self._engine.sequence - self.last_sequence) * self.ns_per_command

    def measured(self, commands: int, took_ns: int) -> None:
        """Engine and views took so long for so many commands. Older measurements fade."""
        self._rate_commands += commands
        self._rate_ns += took_ns
        if self._rate_commands > 64 * RATE_COMMANDS_MIN:
            self._rate_commands //= 2
            self._rate_ns //= 2

    def take_if_due(self) -> None:
        """Call it while the engine stands at the last durable frame."""
        if self._child is None and self.replay_ns > self._replay_ns_max // 2:
            now_ns = self._clock.monotonic_ns()
            if now_ns >= self._retry_at_ns:
                self._take(now_ns)

    def poll(self) -> None:
        """Has the child ended."""
        if self._child is None:
            return
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if pid:
            self._child = None
            self._ended(ok=os.waitstatus_to_exitcode(status) == _EXIT_OK)

    def take_now(self) -> None:
        """Write one on the spot, at a clean stop. Raises StoreError."""
        self.abandon()
        if self._engine.sequence > self.last_sequence:
            self._child_sequence = self._engine.sequence
            self._snapshots.write(make_snapshot(self._engine, self._parts))
            self._ended(ok=True)

    def abandon(self) -> None:
        """End the child, if there is one; an unfinished snapshot has no name and is nobody's."""
        if self._child is not None:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = None

    def _take(self, now_ns: int) -> None:
        self._child_sequence = self._engine.sequence
        if not self._in_child:
            try:
                self._snapshots.write(make_snapshot(self._engine, self._parts))
                self._ended(ok=True)
            except StoreError:
                self._ended(ok=False)
            return
        parent = os.getpid()
        self._child = os.fork()
        if self._child == 0:
            self._write_in_child(parent)
        self.pause_ns = self._clock.monotonic_ns() - now_ns

    def _write_in_child(self, parent: int) -> None:
        """Never returns, and runs none of the parent's clean-up."""
        code = _EXIT_FAILED
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)  # the parent decides when the child ends
            signal.set_wakeup_fd(-1)
            self._let_go()
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != parent:
                    os._exit(_EXIT_FAILED)
            self._snapshots.write(make_snapshot(self._engine, self._parts))
            code = _EXIT_OK
        finally:
            os._exit(code)

    def _ended(self, *, ok: bool) -> None:
        if ok:
            self.last_sequence = self._child_sequence
            self.last_time_ns = self._clock.monotonic_ns()
        else:
            self._retry_at_ns = self._clock.monotonic_ns() + RETRY_NS
            logs.get("daemon.snapshots").warning("a snapshot could not be written", sequence=self._child_sequence)
