"""Who hears of durable frames, and in which order.

frame ─► streams of accounts ─► accounts ─► our own commands ─► views ─► whoever waits for a command ─► history
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mexchange.codec import MessageType
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.frame import Frame
from mexchange.daemon.history import History
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.recovery import Kept
from mexchange.daemon.reports import AccountStreams
from mexchange.daemon.views import Commit, Handler, View
from mexchange.daemon.wallet.wallet import Wallet
from mexchange.protocol.server_session import ServerSession


class CommitFeed:
    """Tells them all. `history` None: nothing is kept of the past."""

    def __init__(
        self,
        *,
        streams: AccountStreams,
        accounts: Accounts,
        commands: OwnCommands,
        views: Sequence[View],
        wallet: Wallet,
        history: History | None,
    ) -> None:
        self._streams = streams
        self._accounts = accounts
        self._commands = commands
        self._views = views
        self._wallet = wallet
        self._history = history
        self.parts: Final[Sequence[Kept]] = [accounts, streams, *views]
        """Whatever has a place in a snapshot."""

    def publish(self, frame: Frame) -> None:
        """A frame is durable: from now on everybody may know."""
        commit = Commit(
            frame.records, frame.first_sequence, frame.count, frame.time_ns, replayed=False, digest=frame.digest
        )
        self._streams.publish(frame)
        self._accounts.on_commit(commit)
        self._commands.on_commit(commit)
        for view in self._views:
            view.on_commit(commit)
        for request in frame.requests:
            if request.then is not None:
                request.then(True)
        if self._history is not None:
            self._history.publish(commit)

    def replay(self, commit: Commit) -> None:
        """A frame of the past."""
        self._streams.replay(commit)
        if self._history is not None:
            self._history.replay(commit)
        self._wallet.on_replayed(commit)
        self._accounts.on_commit(commit)
        for view in self._views:
            view.on_commit(commit)

    def ready(self) -> None:
        """Recovery is over."""
        for view in self._views:
            view.ready()

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Every 20 ms; monotonic and wall time."""
        for view in self._views:
            view.on_tick(now_ns, time_ns)

    def on_session_gone(self, session: ServerSession) -> None:
        """Forget what was kept for it."""
        for view in self._views:
            view.on_session_gone(session)

    def heads(self, session: ServerSession) -> list[tuple[int, int]]:
        """(subscription, last sequence sent) for the heartbeat; subscription 0 is the account's own stream."""
        heads = [(0, self._streams.head(session.account))] if session.account else []
        for view in self._views:
            heads.extend(view.heads(session))
        return heads

    def handlers(self) -> Iterator[Mapping[MessageType, Handler]]:
        """The message types that are answered by streams and views."""
        yield self._streams.handlers()
        for view in self._views:
            yield view.handlers()
