"""Who people are: schemas/identity.fbs, which has each field's meaning and unit. Nothing here shows its secrets."""

import msgspec

from mexchange.codec._generated import KeyKind, SignInIntent
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId, TimeNs


class _Discreet(msgspec.Struct, frozen=True):
    """A message with a secret in it: its text form is its name, so that no log and no trace tells more."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class CodeRequest(_Discreet, frozen=True):
    """Mail a one-time code. The answer does not depend on whether anybody has that address."""

    email: str = ""
    host: str = ""


class CodeSent(msgspec.Struct, frozen=True):
    """A code was mailed, as far as that can be."""

    request_id: bytes = b""
    expires_ns: TimeNs = TimeNs(0)


class DeviceSignIn(_Discreet, frozen=True):
    """The code that was mailed, and the key of this device."""

    request_id: bytes = b""
    code: str = ""
    second_factor: str = ""
    intent: int = SignInIntent.ANY
    public_key: bytes = b""
    signature: bytes = b""
    label: str = ""


class DeviceSignedIn(msgspec.Struct, frozen=True):
    """The key is on record; log in with it."""

    key_id: str = ""
    owner: OwnerId = OwnerId(0)
    is_new: bool = False


class WebSignIn(_Discreet, frozen=True):
    """The code that was mailed, for a session in a browser."""

    request_id: bytes = b""
    code: str = ""
    second_factor: str = ""
    intent: int = SignInIntent.ANY
    label: str = ""
    host: str = ""
    email: str = ""
    """In a demo: in without a code."""


class WebRefresh(_Discreet, frozen=True):
    """New tokens for a session."""

    refresh: bytes = b""
    host: str = ""


class WebTokens(_Discreet, frozen=True):
    """What a gateway keeps for a browser."""

    session_id: bytes = b""
    token: bytes = b""
    refresh: bytes = b""
    owner: OwnerId = OwnerId(0)
    idle_until_ns: TimeNs = TimeNs(0)
    ends_ns: TimeNs = TimeNs(0)
    is_new: bool = False
    email: str = ""


class WebSignOut(_Discreet, frozen=True):
    """The session ends."""

    token: bytes = b""


class ProfileQuery(msgspec.Struct, frozen=True):
    """Who am I."""


class Profile(_Discreet, frozen=True):
    """The person behind a session."""

    owner: OwnerId = OwnerId(0)
    email: str = ""
    role: int = 0
    totp: bool = False
    backup_codes: int = 0
    created_ns: TimeNs = TimeNs(0)


class KeyInfo(msgspec.Struct, frozen=True):
    """A key on record."""

    key_id: str = ""
    kind: int = KeyKind.NONE
    label: str = ""
    scopes: int = 0
    created_ns: TimeNs = TimeNs(0)
    expires_ns: TimeNs = TimeNs(0)
    revoked_ns: TimeNs = TimeNs(0)
    used_ns: TimeNs = TimeNs(0)
    addresses: str = ""
    markets: str = ""
    notional_asset: AssetId = AssetId(0)
    notional_per_hour: Atoms = Atoms(0)
    reduce_only: bool = False


class KeysQuery(msgspec.Struct, frozen=True):
    """My keys with an id above `after`."""

    after: str = ""


class KeysPage(msgspec.Struct, frozen=True):
    """`next` empty: the last page."""

    keys: list[KeyInfo] = []
    next: str = ""


class KeyRequest(_Discreet, frozen=True):
    """A key for a program, made once it is confirmed."""

    public_key: bytes = b""
    signature: bytes = b""
    label: str = ""
    scopes: int = 0
    expires_ns: TimeNs = TimeNs(0)
    addresses: str = ""
    markets: str = ""
    notional_asset: AssetId = AssetId(0)
    notional_per_hour: Atoms = Atoms(0)
    reduce_only: bool = False


class KeyRevoke(msgspec.Struct, frozen=True):
    """No login with that key from now on; its sessions end."""

    key_id: str = ""


class SessionInfo(msgspec.Struct, frozen=True):
    """A session that is open, or may be resumed by a browser."""

    session_id: str = ""
    kind: str = ""
    key_id: str = ""
    label: str = ""
    host: str = ""
    since_ns: TimeNs = TimeNs(0)
    seen_ns: TimeNs = TimeNs(0)
    is_this: bool = False


class SessionsQuery(msgspec.Struct, frozen=True):
    """My sessions with an id above `after`."""

    after: str = ""


class SessionsPage(msgspec.Struct, frozen=True):
    """`next` empty: the last page."""

    sessions: list[SessionInfo] = []
    next: str = ""


class SessionRevoke(msgspec.Struct, frozen=True):
    """End a session of mine; `all`: every one but this."""

    session_id: str = ""


class ConfirmationSent(msgspec.Struct, frozen=True):
    """A code is on its way with this text; Confirm does what the text says."""

    request_id: bytes = b""
    expires_ns: TimeNs = TimeNs(0)
    text: str = ""


class Confirm(_Discreet, frozen=True):
    """The code that was mailed for that request."""

    request_id: bytes = b""
    code: str = ""
    second_factor: str = ""


class Confirmed(msgspec.Struct, frozen=True):
    """It is done."""

    text: str = ""
    key_id: str = ""


class EmailChange(_Discreet, frozen=True):
    """Another address, or the first one."""

    email: str = ""


class TotpBegin(msgspec.Struct, frozen=True):
    """A secret for an authenticator."""


class TotpSecret(_Discreet, frozen=True):
    """Not in force before TotpEnable."""

    uri: str = ""
    secret: str = ""


class TotpEnable(_Discreet, frozen=True):
    """Six digits of the new secret."""

    code: str = ""


class BackupCodes(_Discreet, frozen=True):
    """Shown once, separated by spaces."""

    codes: str = ""


class TotpDisable(_Discreet, frozen=True):
    """Six digits, or a backup code."""

    second_factor: str = ""


class Done(msgspec.Struct, frozen=True):
    """It is so now."""


class PeopleQuery(_Discreet, frozen=True):
    """For operators: people with a number above `after` whom `search` finds."""

    after: OwnerId = OwnerId(0)
    search: str = ""


class PersonInfo(_Discreet, frozen=True):
    """Somebody, and the main account, as an operator sees them. `account` 0: none was opened yet."""

    owner: OwnerId = OwnerId(0)
    label: str = ""
    email: str = ""
    role: int = 0
    totp: bool = False
    is_disabled: bool = False
    is_erased: bool = False
    created_ns: TimeNs = TimeNs(0)
    account: AccountId = AccountId(0)
    status: int = 0
    fee_tier: int = 0
    accounts: int = 0


class PeoplePage(msgspec.Struct, frozen=True):
    """`next` 0: the last page."""

    people: list[PersonInfo] = []
    next: OwnerId = OwnerId(0)
