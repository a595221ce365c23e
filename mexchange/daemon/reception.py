"""Where people and programs come in: logins, sign-in by code, keys, sessions, the audit log, and the mail to all that.

Everything here waits for the identity's database, so the clerk does it; the loop hears of it by `post`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from mexchange.codec import MessageType
from mexchange.config.daemon import Limits
from mexchange.daemon import data_folder
from mexchange.daemon import demo as bootstrap
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.audit_feed import AuditFeed
from mexchange.daemon.clerk import Clerk, Post
from mexchange.daemon.confirmations import Confirmations
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.identity_desk import IdentityDesk
from mexchange.daemon.identity_office import DEMO_EMAIL, deliver_mails
from mexchange.daemon.key_words import limits_in_words
from mexchange.daemon.login_desk import LoginDesk, Submit
from mexchange.daemon.people_desk import PeopleDesk
from mexchange.daemon.session_watch import SessionWatch
from mexchange.daemon.sign_in_desk import SignInDesk
from mexchange.daemon.views import Engine, Handler, Outbox
from mexchange.identity.identity import Identity
from mexchange.protocol.server_events import LoginAsked
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs
from mexchange.world.clock import Clock


class Reception:
    """The desks that a stranger passes, and what looks after those who are in."""

    def __init__(
        self,
        identity: Identity,
        *,
        data: Path,
        clerk: Clerk,
        post: Post,
        table: SessionTable,
        close: Callable[[ServerSession], None],
        accounts: Accounts,
        submit: Submit,
        head_of: Callable[[int], int],
        durable_sequence: Callable[[], int],
        engine: Engine,
        outbox: Outbox,
        clock: Clock,
        limits: Limits,
        server_key: bytes,
        demo: bool,
    ) -> None:
        """Puts the keys of this machine's people and programs into `data`. Raises StoreError, ConfigError."""
        self._identity = identity
        self._clock = clock
        bots = clerk.run(_put_keys(identity, data, clock.time_ns(), demo=demo))
        self.audit = AuditFeed(identity.audit, clock.time_ns)
        self._watch = SessionWatch(
            identity=identity, table=table, clerk=clerk, post=post, feed=self.audit, close=close, clock=clock.time_ns
        )
        self._answers = IdentityAnswers(clerk=clerk, outbox=outbox, post=post)
        self.confirmations = Confirmations(identity=identity, answers=self._answers)
        self._sign_in_desk = SignInDesk(
            identity=identity,
            answers=self._answers,
            look_again=self._watch.look_again,
            server_key=server_key,
            is_demo=demo,
        )
        self._identity_desk = IdentityDesk(
            identity=identity,
            answers=self._answers,
            confirmations=self.confirmations,
            table=table,
            close=close,
            look_again=self._watch.look_again,
            server_key=server_key,
            time_offset_ns=lambda: clock.time_ns() - clock.monotonic_ns(),
            in_words=partial(limits_in_words, engine),
        )
        self._people_desk = PeopleDesk(identity=identity, answers=self._answers, accounts=accounts, engine=engine)
        self._login_desk = LoginDesk(
            table=table,
            identity=identity,
            clerk=clerk,
            post=post,
            feed=self.audit,
            greet=self._watch.greet,
            accounts=accounts,
            submit=submit,
            head_of=head_of,
            durable_sequence=durable_sequence,
            clock=clock,
            orders_per_s=limits.orders_per_second,
            orders_per_s_maker=limits.orders_per_second_maker,
            grants=partial(bootstrap.starting_funds, bots=bots) if demo else None,
        )

    def handlers(self) -> Iterator[Mapping[MessageType, Handler]]:
        """The message types that are answered here."""
        yield self.confirmations.handlers()
        yield self._sign_in_desk.handlers()
        yield self._identity_desk.handlers()
        yield self._people_desk.handlers()

    def ask(self, asked: LoginAsked) -> None:
        """Somebody knocks."""
        self._login_desk.ask(asked)

    def forget(self, session: ServerSession) -> None:
        """It has ended: what it asked for is answered to nobody."""
        self._answers.forget(session)

    def look(self) -> None:
        """Every now and then: end the sessions of keys that were revoked meanwhile."""
        self._watch.look()

    async def deliver_mails(self) -> None:
        """Until it is cancelled."""
        await deliver_mails(self._identity.post, self._clock.time_ns)

    async def close(self) -> None:
        """Write the end of the audit log, and let go of the database."""
        entries = self.audit.take()
        try:
            if entries:
                await self._identity.audit.note(*entries)
        except StoreError as error:
            logs.get("daemon").warning(
                "the end of the audit log could not be written", lines=len(entries), reason=str(error)
            )
        await self._identity.database.close()


async def _put_keys(identity: Identity, data: Path, time_ns: int, *, demo: bool) -> frozenset[str]:
    """The keys of this machine's people and programs; the names of the bots'."""
    directory = identity.directory
    await data_folder.put_operator_key(data, directory, time_ns)
    if not demo:
        return frozenset()
    key = await data_folder.put_demo_key(data, directory, time_ns)
    await identity.give_email(key.owner, DEMO_EMAIL)
    await data_folder.put_gateway_key(data, directory, time_ns)
    return await data_folder.put_bot_keys(data, directory, time_ns)
