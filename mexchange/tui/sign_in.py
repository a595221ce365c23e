"""Signing in by a mailed code: ask for it, enter it, keep the key of this device. The same steps as `mx auth login`."""

import secrets
from typing import Final

import msgspec

from mexchange.client.api import Client
from mexchange.client.errors import QueryRefused
from mexchange.config import enrolment, keys
from mexchange.config.server import find_server
from mexchange.config.settings import Settings
from mexchange.protocol.login import KeyLogin
from mexchange.tui import access

TRIES_MAX: Final = 5
"""Wrong entries until a code is void; the exchange counts, this says how many are left."""
RESEND_S: Final = 30
"""Before a further code is offered: mail takes a while, and only so many are given in a quarter of an hour."""
DIGITS: Final = 6
LABEL: Final = "mx tui"


class SignIn:
    """One attempt to become somebody. Calls raise ClientError, ConfigError, OSError."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        """With the new key, once that is known."""
        self.tries_left = TRIES_MAX
        self._seed = secrets.token_bytes(keys.SEED_BYTES)
        self._request_id = b""

    @property
    def is_local(self) -> bool:
        """Is it the market of this machine, whose demo prints its mails."""
        return find_server(self.settings).local is not None

    async def ask(self, email: str) -> None:
        """Have a code mailed; the entries begin anew."""
        enrolment.key_path(self.settings, find_server(self.settings))  # nobody shall get a code without a place for it
        async with await Client.connect(access.connection(self.settings, anonymous=True)) as client:
            sent = await client.request_code(email.strip())
        self._request_id, self.tries_left = sent.request_id, TRIES_MAX

    async def enter(self, code: str, second_factor: str = "") -> int:
        """Enter it; the account. QueryRefused with E_CODE: a try less; with E_TOTP: the authenticator is wanted."""
        server = find_server(self.settings)
        async with await Client.connect(access.connection(self.settings, anonymous=True)) as client:
            try:
                signed_in = await client.sign_in(
                    self._request_id, code, self._seed, label=LABEL, second_factor=second_factor
                )
            except QueryRefused as refused:
                if refused.code == "E_CODE":
                    self.tries_left = max(0, self.tries_left - 1)
                raise
        keys.write(enrolment.key_path(self.settings, server), self._seed)
        login = KeyLogin(signed_in.key_id, self._seed, access.PROGRAM)
        connection = msgspec.structs.replace(access.connection(self.settings), login=login)
        async with await Client.connect(connection) as client:
            account = client.session.account
        enrolment.remember(self.settings, server, key_id=signed_in.key_id, account=account)
        chosen = msgspec.structs.replace(self.settings.chosen, key_id=signed_in.key_id, account=str(account))
        self.settings = msgspec.structs.replace(self.settings, chosen=chosen)
        return account
