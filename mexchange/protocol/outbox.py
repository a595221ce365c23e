"""Blocks waiting to leave, packed in their order into as few datagrams as that order allows."""

from typing import Final

from mexchange.protocol.packet import BLOCKS_SIZE_MAX


class Outbox:
    """Bodies of datagrams under construction, at most `limit` bytes of blocks."""

    __slots__ = ("_full", "_limit", "_open", "_open_size", "size")

    def __init__(self, limit: int) -> None:
        self._limit: Final = limit
        self._full: list[bytes] = []
        self._open: list[bytes] = []
        self._open_size = 0
        self.size = 0
        """Bytes waiting."""

    def add(self, block: bytes) -> bool:
        """Append one whole block of at most BLOCKS_SIZE_MAX bytes. False, and nothing done, beyond the limit."""
        size = len(block)
        assert size <= BLOCKS_SIZE_MAX, "a block fits a datagram"
        if self.size + size > self._limit:
            return False
        if self._open_size + size > BLOCKS_SIZE_MAX:
            self._close()
        self._open.append(block)
        self._open_size += size
        self.size += size
        return True

    def drain(self) -> list[bytes]:
        """The bodies of the datagrams to send; empty afterwards."""
        if self._open:
            self._close()
        full, self._full = self._full, []
        self.size = 0
        return full

    def _close(self) -> None:
        self._full.append(self._open[0] if len(self._open) == 1 else b"".join(self._open))
        self._open.clear()
        self._open_size = 0
