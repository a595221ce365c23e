"""Questions that only the engine can answer: definitions of markets and assets, and an account as it stands."""

from collections.abc import Mapping, Sequence

from mexchange.codec import MessageType
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.protocol.server_session import ServerSession


class Queries:
    """Passes a question to the engine, and its answer back once everything in it is durable."""

    name = "queries"

    def __init__(self, *, outbox: Outbox, engine: Engine) -> None:
        self._outbox = outbox
        self._engine = engine

    def handlers(self) -> Mapping[MessageType, Handler]:
        """The questions; one page each, the cursor asks for the next."""
        types = (MessageType.MARKETS_QUERY, MessageType.ASSETS_QUERY, MessageType.ACCOUNT_QUERY)
        return dict.fromkeys(types, self._on_question)

    def _on_question(self, session: ServerSession, correlation: int, block: bytes) -> None:
        for reply in self._engine.query(block):
            self._outbox.answer(session, reply)

    def on_commit(self, commit: Commit) -> None:
        """Nothing is kept."""

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Nothing is said unasked."""

    def on_session_gone(self, session: ServerSession) -> None:
        """Nothing was kept for it."""

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """No streams."""
        return ()

    def save(self) -> bytes:
        """Nothing."""
        return b""

    def load(self, data: bytes) -> None:
        """Nothing."""

    def ready(self) -> None:
        """Nothing is to be read."""
