"""What an account has, told to its sessions as state: the latest counts, what lay between is not told."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from struct import Struct
from typing import Final

from mexchange.codec import MessageType, encode
from mexchange.codec.events import RECORD_SIZE
from mexchange.codec.messages import Balances as BalancesMessage
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.domain.units import AccountId
from mexchange.protocol.server_session import ServerSession

INTERVAL_NS: Final = 50_000_000
"""An account hears of its balances at most so often."""
EARLY_NS: Final = 5_000_000
"""A tick that comes so much early counts as in time."""
ACCOUNTS_PER_TICK_MAX: Final = 256
"""The others wait for the next tick, in the order in which they were touched."""
FIRST_USER_ACCOUNT: Final = 16

_ACCOUNT: Final = Struct(f"<Q{RECORD_SIZE - 8}x")


class Balances:
    """The view of balances. `sessions_of` gives the sessions that may see an account."""

    name = "balances"

    def __init__(
        self, *, outbox: Outbox, engine: Engine, sessions_of: Callable[[int], Sequence[ServerSession]]
    ) -> None:
        self._outbox = outbox
        self._engine = engine
        self._sessions_of = sessions_of
        self._touched: dict[int, None] = {}
        self._due_ns = 0

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Whoever wants to ask has AccountQuery."""
        return {}

    def on_commit(self, commit: Commit) -> None:
        """Note whom the frame concerned, if they are here."""
        if commit.replayed:
            return
        for account in {account for (account,) in _ACCOUNT.iter_unpack(commit.records)}:
            if account >= FIRST_USER_ACCOUNT and self._sessions_of(account):
                self._touched[account] = None

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Tell those who were touched. The engine may be ahead of the last commit: it is an answer of its own."""
        if not self._touched or now_ns + EARLY_NS < self._due_ns:
            return
        self._due_ns = now_ns + INTERVAL_NS
        for account in list(islice(self._touched, ACCOUNTS_PER_TICK_MAX)):
            del self._touched[account]
            self._tell(account)

    def _tell(self, account: int) -> None:
        sessions = self._sessions_of(account)
        if not sessions:
            return
        for block in self._engine.query(encode(BalancesMessage(AccountId(account)))):
            for session in sessions:
                self._outbox.answer(session, block)

    def on_session_gone(self, session: ServerSession) -> None:
        """Nothing is kept for a session."""

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """State has no stream."""
        return ()

    def save(self) -> bytes:
        """Nothing: after a restart every session asks anew."""
        return b""

    def load(self, data: bytes) -> None:
        """Nothing."""

    def ready(self) -> None:
        """Nothing is to be read."""
