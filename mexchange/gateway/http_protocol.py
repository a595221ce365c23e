"""uvicorn's HTTP with two limits more: a connection that does not come out with its request is closed.

uvicorn waits for ever for the first byte and for the end of the headers, however long they are; whoever sends one byte
a minute on enough connections would hold them all. What comes after the headers has the deadline of the request.
"""

import asyncio
from asyncio import TimerHandle
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX: Final = 64 * 1024


def hurried(seconds: float) -> type[HttpToolsProtocol]:
    """The class for a listener that gives a connection so long for the line and the headers of a request."""

    class Hurried(HttpToolsProtocol):
        _hurry: TimerHandle | None = None
        """Runs while a head is waited for."""
        _head_bytes = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._begin()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._hurry is None and self.cycle is not None and self.cycle.response_complete:
                self._begin()
            self._head_bytes += len(data)
            super().data_received(data)
            if self._hurry is not None and self._head_bytes > HEAD_BYTES_MAX:
                self.transport.close()

        def on_headers_complete(self) -> None:
            self._end()
            super().on_headers_complete()

        def _begin(self) -> None:
            self._hurry = self.loop.call_later(seconds, self.transport.close)
            self._head_bytes = 0

        def _end(self) -> None:
            if self._hurry is not None:
                self._hurry.cancel()
                self._hurry = None

    return Hurried
