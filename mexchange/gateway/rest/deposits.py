"""Money that comes: where to send it, what is on its way, and a demo that sends some."""

from decimal import Decimal
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.codec.messages import DepositState
from mexchange.gateway import shapes, times
from mexchange.gateway.errors import NotFound
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.money import asset_amount, balance_of
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import BalanceRow

Limit = Annotated[int, Parameter(ge=1, le=100)]
AssetName = Annotated[str, Parameter(max_length=10)]


class DepositBody(msgspec.Struct, frozen=True):
    """How much of what."""

    asset: str
    amount: Decimal


class Deposited(msgspec.Struct, frozen=True, kw_only=True):
    """On its way: credited some blocks later."""

    success: bool
    balance: BalanceRow
    pending: bool
    address: str
    confirmations: int


class Address(msgspec.Struct, frozen=True):
    """Where to send an asset."""

    asset: str
    address: str
    confirmations: int


class DepositRow(msgspec.Struct, frozen=True, kw_only=True):
    """A deposit, and how far it has come."""

    reference: str
    asset: str
    amount: str
    confirmations: int
    needed: int
    state: str
    seen_at: str
    credited_at: str | None


class Deposits(msgspec.Struct, frozen=True):
    """Newest first."""

    deposits: list[DepositRow]


_DEPOSIT: Final = Body(examples=[Example(value={"asset": "EUR", "amount": "1000"})])


@post(
    "/api/balances/deposit",
    status_code=200,
    tags=["wallet"],
    summary="Money from a demo's world",
    responses=answers.OWN,
    security=SECURITY,
)
async def deposit(services: Services, person: Person, data: Annotated[DepositBody, _DEPOSIT]) -> Deposited:
    """In a demo somebody outside sends it to the caller's address; anywhere else there is no such route."""
    if not services.link.is_demo:
        raise NotFound("Not found")
    markets = services.link.markets
    asset, atoms = asset_amount(data.asset, data.amount, markets)
    sent = await person.client.simulate_deposit(asset, atoms)
    return Deposited(
        success=True,
        balance=await balance_of(person, asset, markets),
        pending=True,
        address=sent.address,
        confirmations=sent.confirmations,
    )


@get("/api/wallet/address", tags=["wallet"], summary="Where to send money", responses=answers.OWN, security=SECURITY)
async def address(services: Services, person: Person, asset: AssetName) -> Address:
    """So that it arrives at the caller's account."""
    info = services.link.markets.asset_by_symbol(asset)
    found = await person.client.deposit_address(info.asset)
    return Address(info.symbol, found.address, found.confirmations)


@get("/api/wallet/deposits", tags=["wallet"], summary="Deposits", responses=answers.OWN, security=SECURITY)
async def deposits(services: Services, person: Person, limit: Limit = 50) -> Deposits:
    """Newest first."""
    markets = services.link.markets
    page = await person.client.deposits(limit=limit)
    return Deposits(
        [
            DepositRow(
                reference=each.reference,
                asset=markets.asset(each.asset).symbol,
                amount=shapes.amount(each.amount, each.asset, markets),
                confirmations=each.confirmations,
                needed=page.needed,
                state=DepositState(each.state).name.lower(),
                seen_at=times.rfc3339(each.seen_ns),
                credited_at=times.maybe(each.credited_ns),
            )
            for each in page.deposits
        ]
    )


HANDLERS: Final = (deposit, address, deposits)
