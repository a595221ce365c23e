"""Who one is to the exchange: signing in by a mailed code, keys, sessions, the second factor."""

from collections.abc import Sequence

from mexchange.client.caller import Caller
from mexchange.client.question import any_of
from mexchange.codec import encode
from mexchange.codec.messages import (
    BackupCodes,
    CodeRequest,
    CodeSent,
    Confirm,
    ConfirmationSent,
    Confirmed,
    DeviceSignedIn,
    DeviceSignIn,
    Done,
    EmailChange,
    KeyInfo,
    KeyRequest,
    KeyRevoke,
    KeysPage,
    KeysQuery,
    PeoplePage,
    PeopleQuery,
    Profile,
    ProfileQuery,
    SessionInfo,
    SessionRevoke,
    SessionsPage,
    SessionsQuery,
    SignInIntent,
    TotpBegin,
    TotpDisable,
    TotpEnable,
    TotpSecret,
    WebRefresh,
    WebSignIn,
    WebSignOut,
    WebTokens,
)
from mexchange.domain.units import AssetId, Atoms, OwnerId, TimeNs
from mexchange.protocol.login import prove_api_key, prove_device, public_key_of


class IdentityCalls(Caller):
    """Requests about people. Each raises QueryRefused or TimedOut; after TimedOut ask how things stand."""

    async def request_code(self, email: str, *, host: str = "", timeout_s: float | None = None) -> CodeSent:
        """Have a code mailed. `host`: for gateways, where the person is."""
        return await self._ask(CodeRequest(email, host), CodeSent, timeout_s)

    async def sign_in(
        self,
        request_id: bytes,
        code: str,
        seed: bytes,
        *,
        label: str,
        second_factor: str = "",
        intent: int = SignInIntent.ANY,
        timeout_s: float | None = None,
    ) -> DeviceSignedIn:
        """Put the key of this device on record; `seed` is its private half and stays here."""
        server_key = self.exchange.server_key
        message = DeviceSignIn(
            request_id=request_id,
            code=code,
            second_factor=second_factor,
            intent=intent,
            public_key=public_key_of(seed),
            signature=prove_device(seed, server_key=server_key, request_id=request_id),
            label=label,
        )
        return await self._ask(message, DeviceSignedIn, timeout_s)

    async def web_sign_in(
        self,
        request_id: bytes,
        code: str,
        *,
        label: str,
        host: str,
        second_factor: str = "",
        intent: int = SignInIntent.ANY,
        timeout_s: float | None = None,
    ) -> WebTokens:
        """For gateways: tokens for a browser."""
        message = WebSignIn(request_id, code, second_factor, intent, label, host)
        return await self._ask(message, WebTokens, timeout_s)

    async def web_sign_in_unproven(
        self, email: str, *, label: str, host: str, timeout_s: float | None = None
    ) -> WebTokens:
        """For gateways of a demo: tokens for somebody at `local` or `mexchange.local`, without a code."""
        return await self._ask(WebSignIn(label=label, host=host, email=email), WebTokens, timeout_s)

    async def web_refresh(self, refresh: bytes, *, host: str, timeout_s: float | None = None) -> WebTokens:
        """For gateways: new tokens; asking twice with one token ends the session."""
        return await self._ask(WebRefresh(refresh, host), WebTokens, timeout_s)

    async def web_sign_out(self, token: bytes, *, timeout_s: float | None = None) -> None:
        """For gateways: the session is over."""
        await self._ask(WebSignOut(token), Done, timeout_s)

    async def profile(self, *, timeout_s: float | None = None) -> Profile:
        """Who am I."""
        return await self._ask(ProfileQuery(), Profile, timeout_s)

    async def own_keys(self, *, timeout_s: float | None = None) -> list[KeyInfo]:
        """My keys, by name, revoked ones too."""
        found: list[KeyInfo] = []
        after = ""
        while True:
            page = await self._ask(KeysQuery(after), KeysPage, timeout_s)
            found += page.keys
            if not page.next:
                return found
            after = page.next

    async def people(self, search: str = "", *, after: int = 0, timeout_s: float | None = None) -> PeoplePage:
        """For operators: a page of people with a number above `after`, by number; `next` of it is the next `after`.

        `search`: the number of an account or an owner, a whole address, or a part of a name.
        """
        return await self._ask(PeopleQuery(OwnerId(after), search), PeoplePage, timeout_s)

    async def request_key(
        self,
        seed: bytes,
        *,
        label: str,
        scopes: int,
        expires_ns: int = 0,
        addresses: Sequence[str] = (),
        markets: Sequence[int] = (),
        notional_asset: int = 0,
        notional_per_hour: int = 0,
        reduce_only: bool = False,
        timeout_s: float | None = None,
    ) -> ConfirmationSent:
        """Ask for a key for a program; `confirm` makes it. `notional_per_hour` in atoms of `notional_asset`."""
        return await self.request_signed_key(
            public_key_of(seed),
            prove_api_key(seed, server_key=self.exchange.server_key, owner=self.session.owner),
            label=label,
            scopes=scopes,
            expires_ns=expires_ns,
            addresses=addresses,
            markets=markets,
            notional_asset=notional_asset,
            notional_per_hour=notional_per_hour,
            reduce_only=reduce_only,
            timeout_s=timeout_s,
        )

    async def request_signed_key(
        self,
        public_key: bytes,
        signature: bytes,
        *,
        label: str,
        scopes: int,
        expires_ns: int = 0,
        addresses: Sequence[str] = (),
        markets: Sequence[int] = (),
        notional_asset: int = 0,
        notional_per_hour: int = 0,
        reduce_only: bool = False,
        timeout_s: float | None = None,
    ) -> ConfirmationSent:
        """The same for whoever holds the key elsewhere; `signature` is what `protocol.login.prove_api_key` makes."""
        message = KeyRequest(
            public_key=public_key,
            signature=signature,
            label=label,
            scopes=scopes,
            expires_ns=TimeNs(expires_ns),
            addresses=" ".join(addresses),
            markets=" ".join(map(str, markets)),
            notional_asset=AssetId(notional_asset),
            notional_per_hour=Atoms(notional_per_hour),
            reduce_only=reduce_only,
        )
        return await self._ask(message, ConfirmationSent, timeout_s)

    async def revoke_key(self, key_id: str, *, timeout_s: float | None = None) -> None:
        """No login with that key from now on; its sessions end."""
        await self._ask(KeyRevoke(key_id), Done, timeout_s)

    async def sessions(self, *, timeout_s: float | None = None) -> list[SessionInfo]:
        """My open sessions, of programs and browsers."""
        found: list[SessionInfo] = []
        after = ""
        while True:
            page = await self._ask(SessionsQuery(after), SessionsPage, timeout_s)
            found += page.sessions
            if not page.next:
                return found
            after = page.next

    async def revoke_session(self, session_id: str, *, timeout_s: float | None = None) -> None:
        """End a session of mine; `all`: every one but this."""
        await self._ask(SessionRevoke(session_id), Done, timeout_s)

    async def confirm(
        self, request_id: bytes, code: str, *, second_factor: str = "", timeout_s: float | None = None
    ) -> Confirmed | ConfirmationSent:
        """Enter the code that was mailed for a request. ConfirmationSent: a further code, to another address."""
        return await self._ask_either(Confirm(request_id, code, second_factor), timeout_s)

    async def change_email(self, email: str, *, timeout_s: float | None = None) -> ConfirmationSent:
        """Ask for another address; `confirm`, for the old and then for the new one."""
        return await self._ask(EmailChange(email), ConfirmationSent, timeout_s)

    async def begin_totp(self, *, timeout_s: float | None = None) -> TotpSecret:
        """A secret for an authenticator; not in force before `enable_totp`."""
        return await self._ask(TotpBegin(), TotpSecret, timeout_s)

    async def enable_totp(self, code: str, *, timeout_s: float | None = None) -> list[str]:
        """Six digits of the new secret; ten backup codes, shown this once."""
        return (await self._ask(TotpEnable(code), BackupCodes, timeout_s)).codes.split()

    async def disable_totp(self, second_factor: str, *, timeout_s: float | None = None) -> None:
        """Six digits, or a backup code."""
        await self._ask(TotpDisable(second_factor), Done, timeout_s)

    async def _ask_either(self, message: Confirm, timeout_s: float | None) -> Confirmed | ConfirmationSent:
        pending = self.exchange.ask_block(
            encode(message), any_of(Confirmed, ConfirmationSent), timeout_ns=self._timeout_ns(timeout_s), paged=False
        )
        answer = await self._waiter.wait(pending)
        assert isinstance(answer, Confirmed | ConfirmationSent)
        return answer
