"""Who one is and what one has: /api/me, balances, portfolio, ledger."""

from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import Parameter

from mexchange.codec.messages import LedgerKind
from mexchange.domain import text
from mexchange.domain.candles import DAY_NS
from mexchange.gateway import ids, shapes, times
from mexchange.gateway.decimals import trimmed
from mexchange.gateway.encoding import encoded
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.keys import scope_names
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import BalanceRow

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
        scopes=scope_names(session.scopes),
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


HANDLERS: Final = (me, balances, portfolio, ledger)
