"""Keys of devices and programs: /api/keys."""

from typing import Annotated, Final

import msgspec
from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.client.markets import Markets
from mexchange.codec.messages import KeyInfo, KeyKind
from mexchange.gateway import shapes, times
from mexchange.gateway.encoding import unencoded
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.confirmation import Asked, confirmation
from mexchange.gateway.services import Services

SCOPES: Final = {"public": 1, "read": 2, "trade": 4, "withdraw": 8}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a device or a program."""

    key_id: str
    kind: str
    label: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    used_at: str | None
    revoked_at: str | None
    addresses: list[str]
    markets: list[str]
    notional_asset: str | None
    notional_per_hour: str | None
    reduce_only: bool


class Keys(msgspec.Struct, frozen=True):
    """All of them, revoked ones too."""

    keys: list[Key]


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key for a program; base64url. Its secret stays where it was made."""

    public_key: str
    signature: str
    label: str
    scopes: list[str] = msgspec.field(default_factory=lambda: ["read"])
    expires_at: str | None = None
    addresses: list[str] = []
    markets: list[str] = []
    notional_asset: str | None = None
    notional_per_hour: str | None = None
    reduce_only: bool = False


@get("/api/keys", tags=["keys"], summary="Keys", responses=answers.OWN, security=SECURITY)
async def keys(services: Services, person: Person) -> Keys:
    """Of devices and programs."""
    return Keys([_key(each, services.link.markets) for each in await person.client.own_keys()])


_KEY: Final = Body(
    examples=[Example(value={"public_key": "…", "signature": "…", "label": "my bot", "scopes": ["read", "trade"]})]
)


@post("/api/keys", status_code=202, tags=["keys"], summary="A new key", responses=answers.OWN, security=SECURITY)
async def new_key(services: Services, person: Person, data: Annotated[NewKey, _KEY]) -> Asked:
    """The exchange mails a code that says what the key may do; POST /api/confirm makes it."""
    markets = services.link.markets
    scopes = SCOPES["public"]
    for name in data.scopes:
        if name not in SCOPES:
            raise BadRequest(f"scopes are {' '.join(SCOPES)}", code="E_KEY")
        scopes |= SCOPES[name]
    asset = markets.asset_by_symbol(data.notional_asset).asset if data.notional_asset else 0
    limit = markets.amount(asset, data.notional_per_hour) if asset and data.notional_per_hour else 0
    sent = await person.client.request_signed_key(
        unencoded(data.public_key, "public_key"),
        unencoded(data.signature, "signature"),
        label=data.label,
        scopes=scopes,
        expires_ns=times.parse(data.expires_at, "expires_at") if data.expires_at else 0,
        addresses=data.addresses,
        markets=[markets.by_symbol(symbol).market for symbol in data.markets],
        notional_asset=asset,
        notional_per_hour=limit,
        reduce_only=data.reduce_only,
    )
    return Asked(confirmation(sent))


@delete("/api/keys/{key_id:str}", tags=["keys"], summary="Revoke a key", responses=answers.OWN, security=SECURITY)
async def revoke_key(person: Person, key_id: Annotated[str, Parameter(max_length=64)]) -> None:
    """No login with it from now on; its sessions end."""
    await person.client.revoke_key(key_id)


def scope_names(scopes: int) -> list[str]:
    """Of a key or a session."""
    return [name for name, bit in SCOPES.items() if scopes & bit]


def _key(each: KeyInfo, markets: Markets) -> Key:
    limited = bool(each.notional_per_hour)
    return Key(
        key_id=each.key_id,
        kind=KeyKind(each.kind).name.lower(),
        label=each.label,
        scopes=scope_names(each.scopes),
        created_at=times.rfc3339(each.created_ns),
        expires_at=times.maybe(each.expires_ns),
        used_at=times.maybe(each.used_ns),
        revoked_at=times.maybe(each.revoked_ns),
        addresses=each.addresses.split(),
        markets=[markets[int(market)].symbol for market in each.markets.split()],
        notional_asset=markets.asset(each.notional_asset).symbol if limited else None,
        notional_per_hour=shapes.amount(each.notional_per_hour, each.notional_asset, markets) if limited else None,
        reduce_only=each.reduce_only,
    )


HANDLERS: Final = (keys, new_key, revoke_key)
