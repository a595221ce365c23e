"""What guards an account: sessions, the address, the second factor, and the codes that confirm."""

from typing import Annotated, Final

import msgspec
from litestar import Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.codec.messages import ConfirmationSent, Confirmed, WithdrawalsPage
from mexchange.gateway import times
from mexchange.gateway.encoding import unencoded
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.rest.confirmation import Asked, Confirmation, confirmation
from mexchange.gateway.rest.withdrawals import Withdrawal, withdrawal
from mexchange.gateway.services import Services


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


HANDLERS: Final = (
    confirm,
    sessions,
    revoke_session,
    change_email,
    totp_begin,
    totp_enable,
    totp_disable,
)
