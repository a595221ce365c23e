"""Identity on a database of the test's own, with a clock that the test moves and a letter box in memory."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from mexchange.codec.messages import Login
from mexchange.identity.directory import Entry
from mexchange.identity.identity import Identity
from mexchange.identity.mail import Mail
from mexchange.identity.mailers import MailFailed
from mexchange.identity.sign_in import Claim
from mexchange.identity.vault import Vault
from mexchange.protocol.login import LoginContext, prove_device, public_key_of
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of

S: Final = 10**9
NOW_NS: Final = 1_800_000_000 * S
HASH: Final = b"h" * 32
SERVER: Final = b"s" * 32
HOST: Final = "192.0.2.7"
SECRET: Final = bytes(range(32))
EMAIL: Final = "ann@example.org"
_CODE: Final = re.compile(r"\b(\d{3}) (\d{3})\b")


class LetterBox:
    """A mailer that keeps what it is given; `failures` mails fail first."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.failures = 0

    async def send(self, mail: Mail, time_ns: int) -> None:
        """Keep it, or fail."""
        if self.failures:
            self.failures -= 1
            raise MailFailed("the relay is away")
        self.mails.append(mail)


class House:
    """An exchange's people."""

    def __init__(self, database: Database, *, sign_up: bool = True) -> None:
        self.now_ns = NOW_NS
        self.box = LetterBox()
        self.database = database
        self.identity = Identity(database, Vault(SECRET), mailer=self.box, sign_up=sign_up, clock=lambda: self.now_ns)

    async def ask(self, email: str = EMAIL, host: str = HOST) -> bytes:
        """Ask for a code; the request's id."""
        return (await self.identity.sign_in.ask(email, host=host)).request_id

    async def code(self) -> str:
        """The code of the last mail."""
        await self.identity.post.deliver(self.now_ns)
        found = _CODE.search(self.box.mails[-1].text)
        assert found is not None
        return found[1] + found[2]

    async def enroll(
        self, seed: bytes, request_id: bytes, code: str, *, factor: str = "", intent: int = 0, host: str = HOST
    ) -> Entry:
        """Put a device on record by a code, and log in with it."""
        return await self.enroll_with(self.identity, seed, request_id, code, factor=factor, intent=intent, host=host)

    async def enroll_with(
        self,
        identity: Identity,
        seed: bytes,
        request_id: bytes,
        code: str,
        *,
        factor: str = "",
        intent: int = 0,
        host: str = HOST,
    ) -> Entry:
        """The same with other settings."""
        claim = Claim(request_id, code, factor, intent, host, "laptop")
        signature = prove_device(seed, server_key=SERVER, request_id=request_id)
        key, _ = await identity.sign_in.device(claim, public_key_of(seed), signature, server_key=SERVER)
        return await self.identity.directory.check_key(
            self.login(key.key_id, seed), handshake_hash=HASH, server_key=SERVER, host=host, time_ns=self.now_ns
        )

    async def person(self, seed: bytes, email: str = EMAIL) -> Entry:
        """Somebody new, with one device."""
        request_id = await self.ask(email)
        return await self.enroll(seed, request_id, await self.code())

    def login(self, key_id: str, seed: bytes) -> Login:
        """For the channel of these tests."""
        from mexchange.protocol.login import KeyLogin

        return KeyLogin(key_id, seed).message(LoginContext(HASH, SERVER, self.now_ns // 10**6))


@asynccontextmanager
async def open_house(setting: str, data: Path, *, sign_up: bool = True) -> AsyncIterator[House]:
    """`setting`: of the database, as the fixture gives it."""
    database = Database(place_of(DatabaseName.IDENTITY, setting, data))
    await migration.upgrade(database)
    try:
        yield House(database, sign_up=sign_up)
    finally:
        await database.close()
