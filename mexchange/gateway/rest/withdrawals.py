"""Money that goes: asked for, confirmed by a mailed code, taken back."""

from decimal import Decimal
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.client.markets import Markets
from mexchange.codec.messages import ConfirmationSent, WithdrawalInfo, WithdrawalState
from mexchange.domain import client_id
from mexchange.gateway import shapes, times
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.confirmation import Confirmation, confirmation
from mexchange.gateway.rest.money import asset_amount
from mexchange.gateway.services import Services

Limit = Annotated[int, Parameter(ge=1, le=100)]


class WithdrawBody(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what, and where to."""

    asset: str
    amount: Decimal
    address: str = ""
    request_id: str | None = None


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal, and how far it has come."""

    request_id: str
    asset: str
    amount: str
    address: str
    state: str
    created_at: str
    updated_at: str
    reference: str | None
    reason: str | None


class WithdrawalAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A code was mailed; or, under an id of before, the withdrawal as it stands."""

    confirmation: Confirmation | None = None
    withdrawal: Withdrawal | None = None
    request_id: str


class Withdrawals(msgspec.Struct, frozen=True):
    """Newest first."""

    withdrawals: list[Withdrawal]


class WithdrawalName(msgspec.Struct, frozen=True):
    """Which one."""

    request_id: str


_WITHDRAW: Final = Body(examples=[Example(value={"asset": "EUR", "amount": "50", "address": "NL91ABNA0417164300"})])


@post(
    "/api/balances/withdraw",
    status_code=202,
    tags=["wallet"],
    summary="Withdraw (older path)",
    responses=answers.OWN,
    security=SECURITY,
)
async def withdraw_old(services: Services, person: Person, data: Annotated[WithdrawBody, _WITHDRAW]) -> WithdrawalAsked:
    """The amount is held; the exchange mails a code with amount and address, and POST /api/confirm lets it go."""
    return await _withdraw(services, person, data)


@post(
    "/api/wallet/withdrawals",
    status_code=202,
    tags=["wallet"],
    summary="Withdraw",
    responses=answers.OWN,
    security=SECURITY,
)
async def withdraw(services: Services, person: Person, data: Annotated[WithdrawBody, _WITHDRAW]) -> WithdrawalAsked:
    """The same."""
    return await _withdraw(services, person, data)


@get("/api/wallet/withdrawals", tags=["wallet"], summary="Withdrawals", responses=answers.OWN, security=SECURITY)
async def withdrawals(services: Services, person: Person, limit: Limit = 50) -> Withdrawals:
    """Newest first."""
    found = await person.client.withdrawals(limit=limit)
    return Withdrawals([withdrawal(each, services.link.markets) for each in found])


@post(
    "/api/wallet/withdrawals/cancel",
    status_code=200,
    tags=["wallet"],
    summary="Never mind",
    responses=answers.OWN,
    security=SECURITY,
)
async def cancel_withdrawal(
    services: Services,
    person: Person,
    data: Annotated[WithdrawalName, Body(examples=[Example(value={"request_id": "w-1"})])],
) -> Withdrawal:
    """As long as it is not let go."""
    found = await person.client.cancel_withdrawal(client_id.parse(data.request_id))
    return withdrawal(found, services.link.markets)


def withdrawal(each: WithdrawalInfo, markets: Markets) -> Withdrawal:
    """For its owner."""
    return Withdrawal(
        request_id=each.request_id,
        asset=markets.asset(each.asset).symbol,
        amount=shapes.amount(each.amount, each.asset, markets),
        address=each.address,
        state=WithdrawalState(each.state).name.lower(),
        created_at=times.rfc3339(each.created_ns),
        updated_at=times.rfc3339(each.updated_ns),
        reference=each.reference or None,
        reason=each.reason or None,
    )


async def _withdraw(services: Services, person: Person, data: WithdrawBody) -> WithdrawalAsked:
    markets = services.link.markets
    asset, atoms = asset_amount(data.asset, data.amount, markets)
    if not data.address:
        raise BadRequest("address is missing: where shall it go", code="E_ADDRESS")
    name = client_id.parse(data.request_id) if data.request_id else person.client.mint()
    answer = await person.client.withdraw(asset, atoms, data.address, request_id=name)
    if isinstance(answer, ConfirmationSent):
        return WithdrawalAsked(confirmation=confirmation(answer), request_id=client_id.show(name))
    return WithdrawalAsked(withdrawal=withdrawal(answer, markets), request_id=client_id.show(name))


HANDLERS: Final = (withdraw_old, withdraw, withdrawals, cancel_withdrawal)
