"""The people of a data directory, open: database, secrets, mail. For the daemon, and for tools beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from mexchange.config import private_file
from mexchange.config.daemon import DaemonSettings
from mexchange.config.errors import BadValue
from mexchange.daemon import data_folder
from mexchange.identity.identity import Identity
from mexchange.identity.mailers import Mailer, PrintMailer, SmtpMailer
from mexchange.identity.post_office import PostOffice
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs

DEMO_EMAIL: Final = "demo@local"
TURN_S: Final = 0.05
QUIET_TURNS: Final = 20
"""Without news the outbox is looked into once a second: for what failed, and for what another process left."""


async def open_identity(data: Path, settings: DaemonSettings, *, demo: bool) -> Identity:
    """With its tables up to date. StoreError, ConfigError."""
    log = logs.get("daemon.mail")
    mailer = mailer_of(settings, demo=demo)
    vault = data_folder.vault(data)
    database = Database(place_of(DatabaseName.IDENTITY, settings.database, data))
    try:
        await migration.upgrade(database)
    except BaseException:
        await database.close()
        raise
    return Identity(
        database,
        vault,
        mailer=mailer,
        exchange=settings.people.exchange,
        sign_up=settings.people.sign_up,
        on_mail_failure=lambda why: log.warning("a mail could not be sent and waits", reason=why),
    )


@asynccontextmanager
async def identity_of(data: Path, settings: DaemonSettings) -> AsyncIterator[Identity]:
    """For a tool, beside a daemon or without one. Nothing is mailed."""
    identity = await open_identity(data, settings, demo=False)
    try:
        yield identity
    finally:
        await identity.database.close()


async def deliver_mails(post: PostOffice, clock: Callable[[], int]) -> None:
    """Until it is cancelled. A database or a mail server that is away delays mails and nothing else."""
    log = logs.get("daemon.mail")
    quiet = 0
    while post.is_open:
        try:
            if post.has_news or quiet >= QUIET_TURNS:
                quiet = 0
                await post.deliver(clock())
        except StoreError as error:
            log.warning("mails wait for the database", reason=str(error))
        quiet += 1
        await asyncio.sleep(TURN_S)


def mailer_of(settings: DaemonSettings, *, demo: bool) -> Mailer | None:
    """How mails leave; None: not at all. BadValue, UnsafeFile."""
    mail = settings.mail
    transport = ("print" if demo else "off") if mail.transport == "auto" else mail.transport
    if transport == "print":
        if not demo:
            raise BadValue("mail.transport = print: only a demo prints codes, for whoever reads them gets in")
        return PrintMailer()
    if transport == "smtp":
        return SmtpMailer(mail, password=_password(mail.password_file))
    return None


def _password(path: str) -> str:
    if not path:
        return ""
    content = private_file.read(Path(path).expanduser())
    if content is None:
        raise BadValue(f"mail.password_file: there is no {path}")
    return content.decode().splitlines()[0].strip() if content.strip() else ""
