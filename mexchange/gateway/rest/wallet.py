"""Money that comes and goes: deposits, withdrawals, the faucet."""

from decimal import Decimal
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.client.markets import Markets
from mexchange.codec.messages import ConfirmationSent, DepositState, WithdrawalInfo, WithdrawalState
from mexchange.domain import client_id
from mexchange.gateway import shapes, times
from mexchange.gateway.decimals import digits_of
from mexchange.gateway.errors import BadRequest, GatewayError, NotFound
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.confirmation import Confirmation, confirmation
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import BalanceRow

COOLDOWN_HOURS: Final = 24

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


_DEPOSIT: Final = Body(examples=[Example(value={"asset": "EUR", "amount": "1000"})])
_WITHDRAW: Final = Body(examples=[Example(value={"asset": "EUR", "amount": "50", "address": "NL91ABNA0417164300"})])


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
    asset, atoms = _amount(data.asset, data.amount, markets)
    sent = await person.client.simulate_deposit(asset, atoms)
    return Deposited(
        success=True,
        balance=await _balance(person, asset, markets),
        pending=True,
        address=sent.address,
        confirmations=sent.confirmations,
    )


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
    balance = await _balance(person, answer.asset, markets)
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
    asset, atoms = _amount(data.asset, data.amount, markets)
    if not data.address:
        raise BadRequest("address is missing: where shall it go", code="E_ADDRESS")
    name = client_id.parse(data.request_id) if data.request_id else person.client.mint()
    answer = await person.client.withdraw(asset, atoms, data.address, request_id=name)
    if isinstance(answer, ConfirmationSent):
        return WithdrawalAsked(confirmation=confirmation(answer), request_id=client_id.show(name))
    return WithdrawalAsked(withdrawal=withdrawal(answer, markets), request_id=client_id.show(name))


def _amount(symbol: str, amount: Decimal, markets: Markets) -> tuple[int, int]:
    """Asset and atoms. Raises BadRequest, UnknownAsset, TextError."""
    if not amount.is_finite() or amount <= 0:
        raise BadRequest("Amount must be positive", code="E_AMOUNT")
    info = markets.asset_by_symbol(symbol)
    return info.asset, markets.amount(info.asset, digits_of(amount, "amount"))


async def _balance(person: Person, asset: int, markets: Markets) -> BalanceRow:
    rows = [row for row in await person.client.balances() if row.asset == asset]
    if not rows:
        return BalanceRow(asset=markets.asset(asset).symbol, available="0", locked="0")
    return shapes.balances(rows, markets)[0]


HANDLERS: Final = (
    deposit,
    withdraw_old,
    withdraw,
    withdrawals,
    cancel_withdrawal,
    address,
    deposits,
    claim,
    faucet,
)
