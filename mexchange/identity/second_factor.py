"""The second factor: six digits of an authenticator (RFC 6238), or one of ten backup codes.

Each step of time is good once, and ten wrong ones in a quarter of an hour are looked at: who fails more often has
somebody's session or mailbox, and tries for the rest. A backup code begins with its number, so that one Argon2 hash is
computed and not ten.
"""

import asyncio
import secrets
from collections import deque
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.rejects import RejectReason
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.vault import Vault, same
from mexchange.store.identity import Owner, People

STEP_S: Final = 30
STEPS_AROUND: Final = 1
"""Clocks of telephones are this many steps off at most."""
WRONG_MAX: Final = 10
WRONG_WINDOW_NS: Final = 900 * 10**9
OWNERS_MAX: Final = 65_536
"""Whose wrong tries are remembered; beyond it all are forgotten."""
BACKUP_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH: Final = 10
"""Characters of a backup code after its number: 49 bits."""
_PURPOSE: Final = "second factor"
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class SecondFactor:
    """Sets it up, asks for it, takes it away."""

    def __init__(self, vault: Vault, issuer: str) -> None:
        self._vault = vault
        self._issuer = issuer
        self._wrong: dict[int, deque[int]] = {}

    async def begin(self, people: People, owner: Owner, *, name: str) -> tuple[str, str]:
        """A draft: the `otpauth://` address for an authenticator, and the secret in it. IdentityRefused."""
        if owner.totp_sealed is not None:
            raise IdentityRefused(RejectReason.SECOND_FACTOR_STATE)
        secret = pyotp.random_base32()
        await people.set_owner(owner.owner, totp_draft_sealed=self._vault.seal(_PURPOSE, secret.encode()))
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=self._issuer), secret

    async def enable(self, people: People, owner: Owner, code: str, time_ns: int) -> list[str]:
        """The draft is in force if `code` is of it; ten backup codes, in clear for this once. IdentityRefused."""
        if owner.totp_sealed is not None or owner.totp_draft_sealed is None:
            raise IdentityRefused(RejectReason.SECOND_FACTOR_STATE)
        step = self._step_of(owner.totp_draft_sealed, code, time_ns, after=0)
        if step is None:
            raise IdentityRefused(RejectReason.SECOND_FACTOR_MISSING)
        codes = [_new_backup_code(number) for number in range(BACKUP_CODES)]
        digests = await asyncio.to_thread(lambda: [_HASHER.hash(each) for each in codes])
        await people.set_backup_codes(owner.owner, digests)
        await people.set_owner(owner.owner, totp_sealed=owner.totp_draft_sealed, totp_draft_sealed=None, totp_step=step)
        return codes

    async def disable(self, people: People, owner: Owner) -> None:
        """No second factor any more; whoever calls has asked for it."""
        await people.set_owner(owner.owner, totp_sealed=None, totp_draft_sealed=None, totp_step=0)
        await people.set_backup_codes(owner.owner, ())

    async def check(self, connection: AsyncConnection, owner: Owner, given: str, time_ns: int) -> None:
        """Pass if the owner has none, or if this is it; then it is used up. IdentityRefused."""
        if owner.totp_sealed is None:
            return
        self._check_tries(owner.owner, time_ns)
        text = given.strip().replace(" ", "").lower()
        if not text:
            raise IdentityRefused(RejectReason.SECOND_FACTOR_MISSING)
        if not await self._use(People(connection), owner, text, time_ns):
            self._wrong.setdefault(owner.owner, deque(maxlen=WRONG_MAX)).append(time_ns)
            raise IdentityRefused(RejectReason.SECOND_FACTOR_MISSING)

    async def _use(self, people: People, owner: Owner, text: str, time_ns: int) -> bool:
        assert owner.totp_sealed is not None
        if "-" in text:
            return await self._use_backup_code(people, owner, text, time_ns)
        step = self._step_of(owner.totp_sealed, text, time_ns, after=owner.totp_step)
        if step is None:
            return False
        await people.set_owner(owner.owner, totp_step=step)
        return True

    def _check_tries(self, owner: int, time_ns: int) -> None:
        if len(self._wrong) > OWNERS_MAX:
            self._wrong.clear()
        wrong = self._wrong.get(owner)
        if wrong is not None and len(wrong) >= WRONG_MAX and time_ns - wrong[0] < WRONG_WINDOW_NS:
            raise IdentityRefused(RejectReason.SECOND_FACTOR_MISSING)

    def _step_of(self, sealed: bytes, code: str, time_ns: int, *, after: int) -> int | None:
        """The step of time whose digits these are, if it is near and was not used."""
        totp = pyotp.TOTP(self._vault.open(_PURPOSE, sealed).decode(), interval=STEP_S)
        now = time_ns // 10**9 // STEP_S
        found = None
        for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
            if same(totp.generate_otp(step).encode(), code.encode()) and step > after:
                found = step
        return found

    async def _use_backup_code(self, people: People, owner: Owner, text: str, time_ns: int) -> bool:
        number = text.partition("-")[0]
        if not (number.isascii() and number.isdecimal() and len(number) <= 2):
            return False
        digest = await people.backup_code(owner.owner, int(number))
        if digest is None or not await asyncio.to_thread(_fits, digest, text):
            return False
        return await people.use_backup_code(owner.owner, int(number), time_ns)


def _new_backup_code(number: int) -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{number}-{drawn[:5]}-{drawn[5:]}"


def _fits(digest: str, text: str) -> bool:
    try:
        return _HASHER.verify(digest, text)
    except Argon2Error:
        return False
