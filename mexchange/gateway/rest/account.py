"""Who one is and what one has: /api/me, balances, portfolio, ledger, keys, sessions, the second factor."""

from typing import Annotated, Final

import msgspec
from litestar import Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.client.markets import Markets
from mexchange.codec.messages import ConfirmationSent, Confirmed, KeyInfo, KeyKind, LedgerKind, WithdrawalsPage
from mexchange.domain import text
from mexchange.domain.candles import DAY_NS
from mexchange.gateway import ids, shapes, times
from mexchange.gateway.decimals import trimmed
from mexchange.gateway.encoding import encoded, unencoded
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.confirmation import Confirmation, confirmation
from mexchange.gateway.rest.wallet import Withdrawal, withdrawal
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import BalanceRow

SCOPES: Final = {"public": 1, "read": 2, "trade": 4, "withdraw": 8}
LEDGER_MAX: Final = 200


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who one is."""

    id: str
    email: str
    owner: str
    account: int
    scopes: list[str]
    totp: bool
    created_at: str
    server_key: str
    orders_per_second: int


class Balances(msgspec.Struct, frozen=True):
    """What one has, by asset."""

    balances: list[BalanceRow]
    account_sequence: int


class Position(msgspec.Struct, frozen=True):
    """So much of an asset, and what it is worth."""

    asset: str
    amount: str
    value: str | None


class Lot(msgspec.Struct, frozen=True):
    """What was bought in a market and is still there, at average cost, in the market's quote asset."""

    symbol: str
    quantity: str
    cost: str
    value: str | None
    realised: str
    unrealised: str | None


class EquityDay(msgspec.Struct, frozen=True):
    """What it was worth at the end of a day."""

    day: str
    value: str
    is_partial: bool


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, valued in one asset."""

    asset: str
    value: str
    cost: str
    unrealised: str
    realised: str
    is_partial: bool
    positions: list[Position]
    lots: list[Lot]
    equity: list[EquityDay]


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a balance."""

    time: str
    asset: str
    amount: str
    balance: str
    kind: str
    sequence: int
    symbol: str | None


class Ledger(msgspec.Struct, frozen=True):
    """Newest first."""

    entries: list[LedgerRow]


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


class Asked(msgspec.Struct, frozen=True):
    """POST /api/confirm with that code does it."""

    confirmation: Confirmation


class ConfirmBody(msgspec.Struct, frozen=True):
    """The code from the mail."""

    request_id: str
    code: str
    second_factor: str = ""


class ConfirmAnswer(msgspec.Struct, frozen=True):
    """It is done; or one more code was mailed, to the new address."""

    text: str | None = None
    key_id: str | None = None
    withdrawal: Withdrawal | None = None
    confirmation: Confirmation | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere one is signed in."""

    session_id: str
    kind: str
    key_id: str
    label: str
    host: str
    since: str | None
    seen: str | None
    is_this: bool


class Sessions(msgspec.Struct, frozen=True):
    """All of them."""

    sessions: list[Session]


class NewEmail(msgspec.Struct, frozen=True):
    """Another address."""

    email: str


class Secret(msgspec.Struct, frozen=True):
    """For an authenticator; in force once it is enabled."""

    uri: str
    secret: str


class TotpCode(msgspec.Struct, frozen=True):
    """Six digits."""

    code: str


class BackupCodes(msgspec.Struct, frozen=True):
    """Shown this once."""

    backup_codes: list[str]


class SecondFactor(msgspec.Struct, frozen=True):
    """Six digits, or a backup code."""

    second_factor: str


@get("/api/me", tags=["account"], summary="Who one is", responses=answers.OWN, security=SECURITY)
async def me(services: Services, person: Person) -> Me:
    """`owner` and `server_key` are what a new key signs."""
    profile = await person.client.profile()
    session, accepted = person.client.session, person.client.exchange.accepted
    return Me(
        id=ids.show(ids.OWNER, profile.owner),
        email=profile.email,
        owner=str(profile.owner),
        account=person.account,
        scopes=_scope_names(session.scopes),
        totp=profile.totp,
        created_at=times.rfc3339(profile.created_ns),
        server_key=encoded(session.server_key),
        orders_per_second=accepted.orders_per_second if accepted else 0,
    )


@get("/api/balances", tags=["account"], summary="Balances", responses=answers.OWN, security=SECURITY)
async def balances(services: Services, person: Person) -> Balances:
    """Available, and locked by orders and withdrawals."""
    state = await person.client.account()
    return Balances(shapes.balances(state.balances, services.link.markets), state.account_sequence)


@get("/api/portfolio", tags=["account"], summary="What it is worth", responses=answers.OWN, security=SECURITY)
async def portfolio(
    services: Services,
    person: Person,
    asset: Annotated[str, Parameter(max_length=10)] = "EUR",
    days: Annotated[int, Parameter(ge=1, le=366)] = 30,
) -> Portfolio:
    """Balances at the last prices, cost and profit, and the worth at the ends of days."""
    markets = services.link.markets
    wanted = markets.asset_by_symbol(asset)
    found = await person.client.portfolio(wanted.asset)
    equity = await person.client.equity(wanted.asset, days=days)

    def amount(atoms: int, of: int = wanted.asset) -> str:
        return shapes.amount(atoms, of, markets)

    return Portfolio(
        asset=wanted.symbol,
        value=amount(found.value),
        cost=amount(found.cost),
        unrealised=amount(found.unrealised),
        realised=amount(found.realised),
        is_partial=found.is_partial,
        positions=[
            Position(
                markets.asset(p.asset).symbol, amount(p.amount, p.asset), None if p.value is None else amount(p.value)
            )
            for p in found.positions
        ],
        lots=[
            Lot(
                markets[lot.lot.market].symbol,
                amount(lot.lot.quantity, markets[lot.lot.market].base),
                amount(lot.lot.cost, markets[lot.lot.market].quote),
                None if lot.value is None else amount(lot.value, markets[lot.lot.market].quote),
                amount(lot.lot.realised, markets[lot.lot.market].quote),
                None if lot.unrealised is None else amount(lot.unrealised, markets[lot.lot.market].quote),
            )
            for lot in found.lots
        ],
        equity=[EquityDay(times.rfc3339(p.day * DAY_NS)[:10], amount(p.value), p.is_partial) for p in equity],
    )


@get("/api/ledger", tags=["account"], summary="Every change", responses=answers.OWN, security=SECURITY)
async def ledger(
    services: Services,
    person: Person,
    asset: Annotated[str | None, Parameter(max_length=10)] = None,
    limit: Annotated[int, Parameter(ge=1, le=LEDGER_MAX)] = 50,
    before: Annotated[str | None, Parameter(max_length=40, description="A time; entries before it.")] = None,
) -> Ledger:
    """Newest first."""
    markets = services.link.markets
    wanted = markets.asset_by_symbol(asset).asset if asset else 0
    until_ns = times.parse(before, "before") if before else 0
    found: list[LedgerRow] = []
    async for entry in person.client.ledger(asset=wanted, until_ns=until_ns):
        info = markets.asset(entry.asset)
        found.append(
            LedgerRow(
                time=times.rfc3339(entry.time_ns),
                asset=info.symbol,
                amount=trimmed(text.format_amount(entry.amount, info.scale), info.display_decimals),
                balance=trimmed(text.format_amount(entry.balance, info.scale), info.display_decimals),
                kind=LedgerKind(entry.kind).name.lower(),
                sequence=entry.sequence,
                symbol=markets[entry.market].symbol if entry.market else None,
            )
        )
        if len(found) >= limit:
            break
    return Ledger(found)


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


@post(
    "/api/confirm",
    status_code=200,
    tags=["account"],
    summary="Confirm",
    responses={**answers.OWN, 202: ResponseSpec(ConfirmAnswer, description="One more code, to the new address.")},
    security=SECURITY,
)
async def confirm(
    services: Services,
    person: Person,
    data: Annotated[ConfirmBody, Body(examples=[Example(value={"request_id": "…", "code": "123456"})])],
) -> Response[ConfirmAnswer]:
    """Withdrawals, keys and new addresses, by the code from the mail."""
    found = await person.client.confirm_any(
        unencoded(data.request_id, "request_id"), data.code, second_factor=data.second_factor
    )
    match found:
        case Confirmed():
            return Response(ConfirmAnswer(text=found.text, key_id=found.key_id or None), status_code=200)
        case WithdrawalsPage():
            shown = withdrawal(found.withdrawals[0], services.link.markets)
            return Response(ConfirmAnswer(withdrawal=shown), status_code=200)
        case ConfirmationSent():
            return Response(ConfirmAnswer(confirmation=confirmation(found)), status_code=202)


@get("/api/sessions", tags=["account"], summary="Sessions", responses=answers.OWN, security=SECURITY)
async def sessions(person: Person) -> Sessions:
    """Of browsers and of programs."""
    return Sessions(
        [
            Session(
                session_id=each.session_id,
                kind=each.kind,
                key_id=each.key_id,
                label=each.label,
                host=each.host,
                since=times.maybe(each.since_ns),
                seen=times.maybe(each.seen_ns),
                is_this=each.is_this,
            )
            for each in await person.client.sessions()
        ]
    )


@delete("/api/sessions/{name:str}", tags=["account"], summary="End a session", responses=answers.OWN, security=SECURITY)
async def revoke_session(
    person: Person, name: Annotated[str, Parameter(max_length=64, description="Or all: every other one.")]
) -> None:
    """It is over within a second, wherever it is."""
    await person.client.revoke_session(name)


@post(
    "/api/email", status_code=202, tags=["account"], summary="Another address", responses=answers.OWN, security=SECURITY
)
async def change_email(
    person: Person, data: Annotated[NewEmail, Body(examples=[Example(value={"email": "ann@example.com"})])]
) -> Asked:
    """A code goes to the old address, after its confirmation one to the new."""
    return Asked(confirmation(await person.client.change_email(data.email)))


@post(
    "/api/totp/begin",
    status_code=200,
    tags=["account"],
    summary="A second factor",
    responses=answers.OWN,
    security=SECURITY,
)
async def totp_begin(person: Person) -> Secret:
    """A secret for an authenticator."""
    found = await person.client.begin_totp()
    return Secret(found.uri, found.secret)


@post(
    "/api/totp/enable",
    status_code=200,
    tags=["account"],
    summary="Switch it on",
    responses=answers.OWN,
    security=SECURITY,
)
async def totp_enable(
    person: Person, data: Annotated[TotpCode, Body(examples=[Example(value={"code": "123456"})])]
) -> BackupCodes:
    """By six digits of the new secret."""
    return BackupCodes(await person.client.enable_totp(data.code))


@post(
    "/api/totp/disable",
    status_code=204,
    tags=["account"],
    summary="Switch it off",
    responses=answers.OWN,
    security=SECURITY,
)
async def totp_disable(
    person: Person, data: Annotated[SecondFactor, Body(examples=[Example(value={"second_factor": "123456"})])]
) -> None:
    """By six digits or a backup code."""
    await person.client.disable_totp(data.second_factor)


def _key(each: KeyInfo, markets: Markets) -> Key:
    limited = bool(each.notional_per_hour)
    return Key(
        key_id=each.key_id,
        kind=KeyKind(each.kind).name.lower(),
        label=each.label,
        scopes=_scope_names(each.scopes),
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


def _scope_names(scopes: int) -> list[str]:
    return [name for name, bit in SCOPES.items() if scopes & bit]


HANDLERS: Final = (
    me,
    balances,
    portfolio,
    ledger,
    keys,
    new_key,
    revoke_key,
    confirm,
    sessions,
    revoke_session,
    change_email,
    totp_begin,
    totp_enable,
    totp_disable,
)
