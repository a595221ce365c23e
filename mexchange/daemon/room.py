"""Room on the journal's disk. Below a limit new orders are refused; what is left belongs to cancels."""

from mexchange.store.journal import Journal
from mexchange.telemetry import logs
from mexchange.world.disk import Disk


class Room:
    """Looked at now and then; heals by itself when there is room again."""

    def __init__(self, journal: Journal, disk: Disk, free_bytes_min: int) -> None:
        self._journal = journal
        self._disk = disk
        self._free_bytes_min = free_bytes_min
        self._log = logs.get("daemon")
        self.is_read_only = False
        """New orders are refused."""

    def look(self) -> None:
        """How much is there. Raises StoreError."""
        was, free = self.is_read_only, self._disk.free_bytes()
        self.is_read_only = self._journal.is_nearly_full or free < self._free_bytes_min
        if self.is_read_only and not was:
            self._log.error("disk nearly full: new orders are refused, cancels go on", free=free)
        elif was and not self.is_read_only:
            self._log.info("there is room on the disk again: orders are taken")
