"""Free money of a demo."""

from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import Body

from mexchange.gateway import shapes, times
from mexchange.gateway.errors import BadRequest, GatewayError
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.money import balance_of
from mexchange.gateway.services import Services

COOLDOWN_HOURS: Final = 24


class ClaimBody(msgspec.Struct, frozen=True):
    """Of which asset."""

    asset: str | None = None


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """Free money."""

    success: bool
    asset: str
    amount: str
    new_balance: str
    next_claim_at: str


class FaucetStatus(msgspec.Struct, frozen=True, kw_only=True):
    """When there is some."""

    available: bool
    asset: str
    amount_per_claim: str
    next_claim_at: str | None
    last_claim_at: str | None
    cooldown_hours: int


@post(
    "/api/faucet/claim",
    status_code=200,
    tags=["wallet"],
    summary="Free money of a demo",
    responses=answers.OWN,
    security=SECURITY,
)
async def claim(
    services: Services,
    person: Person,
    data: Annotated[ClaimBody | None, Body(examples=[Example(value={"asset": "KCN"})])] = None,
) -> Claimed:
    """Once in 24 hours."""
    markets = services.link.markets
    before = await person.client.faucet(claim=False)
    info = markets.asset(before.asset)
    if data is not None and data.asset is not None and data.asset.upper() != info.symbol:
        raise BadRequest(f"the faucet gives {info.symbol}", code="E_ASSET")
    answer = await person.client.faucet(claim=True)
    if answer.claimed_ns == before.claimed_ns:
        raise GatewayError(
            "there is nothing yet",
            code="E_FAUCET",
            hint="look at next_claim_at",
            status=429,
            extra={"next_claim_at": times.rfc3339(answer.next_ns)},
        )
    balance = await balance_of(person, answer.asset, markets)
    return Claimed(
        success=True,
        asset=info.symbol,
        amount=shapes.amount(answer.amount, answer.asset, markets),
        new_balance=balance.available,
        next_claim_at=times.rfc3339(answer.next_ns),
    )


@get(
    "/api/faucet/status", tags=["wallet"], summary="When there is free money", responses=answers.OWN, security=SECURITY
)
async def faucet(services: Services, person: Person) -> FaucetStatus:
    """Of the demo."""
    markets = services.link.markets
    answer = await person.client.faucet(claim=False)
    available = answer.next_ns <= person.client.server_time_ns()
    return FaucetStatus(
        available=available,
        asset=markets.asset(answer.asset).symbol,
        amount_per_claim=shapes.amount(answer.amount, answer.asset, markets),
        next_claim_at=None if available else times.rfc3339(answer.next_ns),
        last_claim_at=times.maybe(answer.claimed_ns),
        cooldown_hours=COOLDOWN_HOURS,
    )


HANDLERS: Final = (claim, faucet)
