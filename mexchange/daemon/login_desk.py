"""Logins: who is it, which account is theirs, and what must be journalled before they may come in.

    Login ─► clerk: key, signature ─► account known? ─ no ─► OpenAccount ─► (demo) starting funds ─► accepted
                                             └── yes ──────────────────────────────────────────────────► accepted

An owner exists in identity before its account exists in the journal; whatever a crash left out between the two is
made up for here, at the next login. Databases are waited for by the clerk; the client repeats nothing meanwhile.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import msgspec

from mexchange.codec.messages import LoginAccepted, LoginMethod, LoginRefusal, LoginRefused
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.audit_feed import AuditFeed
from mexchange.daemon.clerk import Busy, Clerk, Post
from mexchange.daemon.key_limits import limit_of
from mexchange.daemon.peer import ANONYMOUS_QUERIES_PER_S, PREVIEWS_PER_S, QUERIES_PER_S, Peer
from mexchange.domain.commands import Command, OpenAccount
from mexchange.domain.scopes import Scope
from mexchange.domain.units import AccountId, OwnerId
from mexchange.domain.units import Sequence as JournalSequence
from mexchange.identity.audit import AuditKind
from mexchange.identity.directory import Entry
from mexchange.identity.errors import LoginDenied
from mexchange.identity.identity import Identity
from mexchange.identity.roles import Role
from mexchange.protocol.limits import SUBSCRIPTIONS_MAX, TokenBucket
from mexchange.protocol.server_events import LoginAsked
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs
from mexchange.world.clock import Clock

BUCKETS_MAX: Final = 65_536
"""Accounts whose rate is remembered; beyond it all start with full buckets again."""

Submit = Callable[[Sequence[Command], Callable[[bool], None]], None]
"""Journal commands of the daemon's own; then say whether they are durable."""


class LoginDesk:
    """Answers LoginAsked. `grants(account, key id)` are the commands that give a new owner something to trade with."""

    def __init__(
        self,
        *,
        table: SessionTable,
        identity: Identity,
        clerk: Clerk,
        post: Post,
        feed: AuditFeed,
        greet: Callable[[ServerSession], None],
        accounts: Accounts,
        submit: Submit,
        head_of: Callable[[int], int],
        durable_sequence: Callable[[], int],
        clock: Clock,
        orders_per_s: int,
        orders_per_s_maker: int,
        grants: Callable[[int, str], Sequence[Command]] | None,
    ) -> None:
        """`grants` None: not a demo, devices cannot enroll themselves. `greet` hears of everybody who comes in."""
        self._table = table
        self._identity = identity
        self._clerk = clerk
        self._post = post
        self._feed = feed
        self._greet = greet
        self._accounts = accounts
        self._submit = submit
        self._head_of = head_of
        self._durable_sequence = durable_sequence
        self._clock = clock
        self._orders_per_s = orders_per_s
        self._orders_per_s_maker = orders_per_s_maker
        self._grants = grants
        self._log = logs.get("daemon.login")
        self._buckets: dict[int, tuple[TokenBucket, TokenBucket]] = {}

    def ask(self, asked: LoginAsked) -> None:
        """Answer now, or when what is missing is known and durable."""
        method = asked.login.method
        if method == LoginMethod.ANONYMOUS:
            self._accept_anonymous(asked.session, asked.login.client)
        elif method in (LoginMethod.KEY, LoginMethod.WEB) or (method == LoginMethod.ENROLL and self._grants):
            self._clerk.call(partial(self._check, asked), partial(self._checked, asked), self._post)
        else:
            self._refuse(asked.session, LoginRefusal.METHOD_OFF, "this server does not offer that way to log in")

    async def _check(self, asked: LoginAsked) -> tuple[Entry, bool]:
        """By the clerk: who it is, and whether they have the starting funds. Raises LoginDenied, StoreError."""
        entry = await self._entry(asked)
        return entry, self._grants is None or entry.owner.granted_ns > 0

    def _entry(self, asked: LoginAsked) -> Awaitable[Entry]:
        directory, login, host = self._identity.directory, asked.login, str(asked.session.address[0])
        channel = {"handshake_hash": asked.handshake_hash, "server_key": asked.server_key}
        time_ns = self._clock.time_ns()
        if login.method == LoginMethod.ENROLL:
            return directory.enroll(login, **channel, time_ns=time_ns)
        if login.method == LoginMethod.WEB:
            return directory.check_web(login, self._identity.web, **channel, host=host, time_ns=time_ns)
        return directory.check_key(login, **channel, host=host, time_ns=time_ns)

    def _checked(self, asked: LoginAsked, result: tuple[Entry, bool] | Exception) -> None:
        session, login = asked.session, asked.login
        if isinstance(result, LoginDenied):
            host = str(session.address[0])
            detail = result.refusal.name.lower()
            self._feed.note(AuditKind.LOGIN_REFUSED, key_id=login.key_id, detail=detail, host=host)
            self._refuse(session, result.refusal, str(result))
        elif isinstance(result, Exception):
            if not isinstance(result, StoreError | Busy):
                self._log.error("a login could not be checked", kind=type(result).__name__, exc_info=result)
            self._refuse(session, LoginRefusal.UNAVAILABLE, "keys cannot be looked up now; try again shortly")
        else:
            entry, is_granted = result
            self._enter(session, entry, login.client, is_granted=is_granted)

    def _enter(self, session: ServerSession, entry: Entry, client: str, *, is_granted: bool) -> None:
        if entry.scopes & (Scope.ADMIN | Scope.DELEGATE):
            self._accept(session, 0, entry, client)  # operators and gateways act for others and have no account
            return
        account = self._accounts.main_account(entry.owner.owner)
        if account is None:
            command = OpenAccount(OwnerId(entry.owner.owner))
            self._submit([command], lambda ok: self._opened(session, entry, client, ok, is_granted=is_granted))
        else:
            self._grant(session, entry, client, account, is_granted=is_granted)

    def _opened(self, session: ServerSession, entry: Entry, client: str, ok: bool, *, is_granted: bool) -> None:
        account = self._accounts.main_account(entry.owner.owner)
        if not ok or account is None:
            self._refuse_unwritten(session)
        else:
            self._grant(session, entry, client, account, is_granted=is_granted)

    def _grant(self, session: ServerSession, entry: Entry, client: str, account: int, *, is_granted: bool) -> None:
        if self._grants is None or is_granted:
            self._accept(session, account, entry, client)
            return
        # The client order ids of the grants are fixed: those that a crash let through are not given twice.
        self._submit(
            self._grants(account, entry.key.key_id), lambda ok: self._granted(session, entry, client, account, ok)
        )

    def _granted(self, session: ServerSession, entry: Entry, client: str, account: int, ok: bool) -> None:
        if not ok:
            self._refuse_unwritten(session)
            return
        mark = self._identity.directory.mark_granted
        time_ns = self._clock.time_ns()
        # Unmarked after all, the same grants are submitted again at the next login, and change nothing.
        self._clerk.call(lambda: mark(entry.owner.owner, time_ns), lambda _: None, self._post)
        self._accept(session, account, entry, client)

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

    def _accept(self, session: ServerSession, account: int, entry: Entry, client: str) -> None:
        now_ns = self._clock.monotonic_ns()
        rate = self._orders_per_s_maker if entry.owner.role == Role.MARKET_MAKER else self._orders_per_s
        orders, cancels = self._buckets_of(account, rate, now_ns)
        owner, key = entry.owner.owner, entry.key
        session.data = Peer(
            account=account,
            owner=owner,
            scopes=int(entry.scopes),
            key_id=key.key_id,
            client=client,
            orders=orders,
            cancels=cancels,
            queries=TokenBucket(QUERIES_PER_S, QUERIES_PER_S, now_ns),
            previews=TokenBucket(PREVIEWS_PER_S, PREVIEWS_PER_S, now_ns),
            key_kind=key.kind,
            web_session=entry.web_session,
            limit=limit_of(key),
        )
        accepted = LoginAccepted(
            account=AccountId(account),
            owner=OwnerId(owner),
            scopes=int(entry.scopes),
            account_sequence=self._head_of(account),
            orders_per_second=rate,
            key_id=key.key_id,
        )
        if self._answer(session, accepted):
            self._feed.note(AuditKind.LOGGED_IN, owner=owner, key_id=key.key_id, host=str(session.address[0]))
            self._greet(session)

    def _answer(self, session: ServerSession, accepted: LoginAccepted) -> bool:
        complete = msgspec.structs.replace(
            accepted, sequence=JournalSequence(self._durable_sequence()), subscriptions_max=SUBSCRIPTIONS_MAX
        )
        return self._table.accept_login(session, complete, now_ns=self._clock.monotonic_ns())

    def _refuse_unwritten(self, session: ServerSession) -> None:
        self._refuse(session, LoginRefusal.METHOD_OFF, "the exchange cannot write: no account can be opened now")

    def _refuse(self, session: ServerSession, refusal: LoginRefusal, text: str) -> None:
        self._table.refuse_login(session, LoginRefused(refusal=refusal, text=text))

    def _buckets_of(self, account: int, rate: int, now_ns: int) -> tuple[TokenBucket, TokenBucket]:
        """One pair an account, whatever the number of its sessions."""
        found = self._buckets.get(account)
        if found is None:
            if len(self._buckets) >= BUCKETS_MAX:
                self._buckets.clear()
            found = self._buckets[account] = (TokenBucket(rate, rate, now_ns), TokenBucket(rate, rate, now_ns))
        return found
