"""Logins: who is it, which account is theirs, and what must be journalled before they may come in.

    Login ─► identity: key, signature ─► account known? ─ no ─► OpenAccount ─► (demo) starting funds ─► accepted
                                             └── yes ──────────────────────────────────────────────────► accepted

An owner exists in identity before its account exists in the journal; whatever a crash left out between the two is
made up for here, at the next login.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from mexchange.codec.messages import LoginAccepted, LoginMethod, LoginRefusal, LoginRefused
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.peer import ANONYMOUS_QUERIES_PER_S, PREVIEWS_PER_S, QUERIES_PER_S, Peer, peer_of
from mexchange.domain.commands import Command, OpenAccount
from mexchange.domain.units import AccountId, OwnerId
from mexchange.domain.units import Sequence as JournalSequence
from mexchange.identity.directory import Directory, LoginDenied
from mexchange.identity.scopes import Scope
from mexchange.protocol.limits import SUBSCRIPTIONS_MAX, TokenBucket
from mexchange.protocol.server_events import LoginAsked
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.errors import DiskFull
from mexchange.store.identity import IdentityStore, Key
from mexchange.world.clock import Clock

BUCKETS_MAX: Final = 65_536
"""Accounts whose rate is remembered; beyond it all start with full buckets again."""

EXPIRY_NS: Final = 60 * 10**9
"""How often sessions are looked at for keys that expire by themselves."""

Submit = Callable[[Sequence[Command], Callable[[bool], None]], None]
"""Journal commands of the daemon's own; then say whether they are durable."""


class LoginDesk:
    """Answers LoginAsked. `grants(account, key id)` are the commands that give a new owner something to trade with."""

    def __init__(
        self,
        *,
        table: SessionTable,
        directory: Directory,
        store: IdentityStore,
        accounts: Accounts,
        submit: Submit,
        head_of: Callable[[int], int],
        durable_sequence: Callable[[], int],
        clock: Clock,
        orders_per_s: int,
        grants: Callable[[int, str], Sequence[Command]] | None,
    ) -> None:
        """`grants` None: not a demo, devices cannot enroll themselves."""
        self._table = table
        self._directory = directory
        self._store = store
        self._accounts = accounts
        self._submit = submit
        self._head_of = head_of
        self._durable_sequence = durable_sequence
        self._clock = clock
        self._orders_per_s = orders_per_s
        self._grants = grants
        self._expiry_looked_at_ns = clock.time_ns()
        self._buckets: dict[int, tuple[TokenBucket, TokenBucket]] = {}

    def ask(self, asked: LoginAsked) -> None:
        """Answer now, or when what is missing is durable."""
        session, login = asked.session, asked.login
        try:
            if login.method == LoginMethod.ANONYMOUS:
                self._accept_anonymous(session, login.client)
            elif login.method == LoginMethod.KEY:
                self._enter(session, self._check(self._directory.check_key, asked), login.client)
            elif login.method == LoginMethod.ENROLL and self._grants is not None:
                self._enter(session, self._check(self._directory.enroll, asked), login.client)
            else:
                raise LoginDenied(LoginRefusal.METHOD_OFF, "this server does not offer that way to log in")
        except LoginDenied as denied:
            self._refuse(session, denied.refusal, str(denied))
        except DiskFull as full:
            self._refuse(session, LoginRefusal.METHOD_OFF, str(full))

    def revoked(self) -> list[ServerSession]:
        """Sessions whose key was revoked or has expired. Looks only if somebody else has changed the records."""
        time_ns = self._clock.time_ns()
        if not self._store.was_changed_elsewhere() and time_ns < self._expiry_looked_at_ns + EXPIRY_NS:
            return []
        self._expiry_looked_at_ns = time_ns
        return [session for session in self._table if session.data is not None and not self._is_good(session, time_ns)]

    def _is_good(self, session: ServerSession, time_ns: int) -> bool:
        key_id = peer_of(session).key_id
        return not key_id or self._directory.is_good(key_id, time_ns)

    def _check(self, by: Callable[..., Key], asked: LoginAsked) -> Key:
        return by(
            asked.login,
            handshake_hash=asked.handshake_hash,
            server_key=asked.server_key,
            time_ns=self._clock.time_ns(),
        )

    def _enter(self, session: ServerSession, key: Key, client: str) -> None:
        if key.scopes & Scope.ADMIN:
            self._accept(session, 0, key, client)  # an operator acts for others and has no account
            return
        account = self._accounts.main_account(key.owner)
        if account is None:
            command = OpenAccount(OwnerId(key.owner))
            self._submit([command], lambda ok: self._opened(session, key, client, ok))
        else:
            self._grant(session, key, client, account)

    def _opened(self, session: ServerSession, key: Key, client: str, ok: bool) -> None:
        account = self._accounts.main_account(key.owner)
        if not ok or account is None:
            self._refuse_unwritten(session)
        else:
            self._grant(session, key, client, account)

    def _grant(self, session: ServerSession, key: Key, client: str, account: int) -> None:
        if self._grants is None or self._store.is_granted(key.owner):
            self._accept(session, account, key, client)
            return
        # The client order ids of the grants are fixed: those that a crash let through are not given twice.
        self._submit(self._grants(account, key.key_id), lambda ok: self._granted(session, key, client, account, ok))

    def _granted(self, session: ServerSession, key: Key, client: str, account: int, ok: bool) -> None:
        if not ok:
            self._refuse_unwritten(session)
            return
        self._store.mark_granted(key.owner, self._clock.time_ns())
        self._accept(session, account, key, client)

    def _accept_anonymous(self, session: ServerSession, client: str) -> None:
        now_ns = self._clock.monotonic_ns()
        session.data = Peer(
            account=0,
            owner=0,
            scopes=Scope.PUBLIC,
            key_id="",
            client=client,
            orders=TokenBucket(1, 1, now_ns),
            cancels=TokenBucket(1, 1, now_ns),
            queries=TokenBucket(ANONYMOUS_QUERIES_PER_S, ANONYMOUS_QUERIES_PER_S, now_ns),
            previews=TokenBucket(1, 1, now_ns),
        )
        self._answer(session, LoginAccepted(scopes=Scope.PUBLIC))

    def _accept(self, session: ServerSession, account: int, key: Key, client: str) -> None:
        now_ns = self._clock.monotonic_ns()
        orders, cancels = self._buckets_of(account, now_ns)
        session.data = Peer(
            account=account,
            owner=key.owner,
            scopes=key.scopes,
            key_id=key.key_id,
            client=client,
            orders=orders,
            cancels=cancels,
            queries=TokenBucket(QUERIES_PER_S, QUERIES_PER_S, now_ns),
            previews=TokenBucket(PREVIEWS_PER_S, PREVIEWS_PER_S, now_ns),
        )
        self._answer(
            session,
            LoginAccepted(
                account=AccountId(account),
                owner=OwnerId(key.owner),
                scopes=key.scopes,
                account_sequence=self._head_of(account),
                orders_per_second=self._orders_per_s,
                key_id=key.key_id,
            ),
        )

    def _answer(self, session: ServerSession, accepted: LoginAccepted) -> None:
        complete = msgspec.structs.replace(
            accepted, sequence=JournalSequence(self._durable_sequence()), subscriptions_max=SUBSCRIPTIONS_MAX
        )
        self._table.accept_login(session, complete, now_ns=self._clock.monotonic_ns())

    def _refuse_unwritten(self, session: ServerSession) -> None:
        self._refuse(session, LoginRefusal.METHOD_OFF, "the exchange cannot write: no account can be opened now")

    def _refuse(self, session: ServerSession, refusal: LoginRefusal, text: str) -> None:
        self._table.refuse_login(session, LoginRefused(refusal=refusal, text=text))

    def _buckets_of(self, account: int, now_ns: int) -> tuple[TokenBucket, TokenBucket]:
        """One pair an account, whatever the number of its sessions."""
        found = self._buckets.get(account)
        if found is None:
            if len(self._buckets) >= BUCKETS_MAX:
                self._buckets.clear()
            rate = self._orders_per_s
            found = self._buckets[account] = (TokenBucket(rate, rate, now_ns), TokenBucket(rate, rate, now_ns))
        return found
