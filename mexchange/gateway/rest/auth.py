"""Signing in and out: /auth."""

from typing import Annotated, Final

import msgspec
from litestar import Response, post
from litestar.datastructures import Cookie
from litestar.openapi.spec import Example
from litestar.params import Body

from mexchange.client.errors import QueryRefused
from mexchange.codec.messages import SignInIntent, WebTokens
from mexchange.gateway import ids, times
from mexchange.gateway.cookies import CODE_REQUEST, CODE_REQUEST_S, REFRESH, SESSION
from mexchange.gateway.encoding import encoded, unencoded
from mexchange.gateway.errors import BadRequest, NotFound, Unauthorized
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import HttpRequest, host_of, token_of_request
from mexchange.gateway.services import Services

WRONG: Final = "Invalid email or code"
LABEL_LENGTH: Final = 64


class Email(msgspec.Struct, frozen=True):
    """Whose."""

    email: str


class CodeAsked(msgspec.Struct, frozen=True):
    """A code is on its way, if that address may come in."""

    message: str
    request_id: str
    expires_at: str


class CodeGiven(msgspec.Struct, frozen=True):
    """The code from the mail."""

    email: str
    code: str
    request_id: str | None = None
    second_factor: str = ""


class User(msgspec.Struct, frozen=True):
    """Somebody."""

    id: str
    email: str


class SignedIn(msgspec.Struct, frozen=True):
    """Come in."""

    access_token: str
    user: User
    expires_at: str


class Refreshed(msgspec.Struct, frozen=True):
    """New tokens."""

    access_token: str
    expires_at: str


_CODE: Final = Body(examples=[Example(value={"email": "ann@example.org", "code": "123456"})])


@post(
    "/auth/request-otp",
    status_code=200,
    tags=["sign in"],
    summary="Have a code mailed",
    responses=answers.PUBLIC,
)
async def request_otp(
    request: HttpRequest,
    services: Services,
    data: Annotated[Email, Body(examples=[Example(value={"email": "ann@example.org"})])],
) -> Response[CodeAsked]:
    """The answer is the same whether the address is known or not. A code is good for ten minutes and five tries."""
    host = host_of(request)
    services.sign_ins.take(host)
    if "@" not in data.email:
        raise BadRequest("Invalid email", code="E_EMAIL")
    sent = await services.link.client.request_code(data.email, host=host)
    services.code_requests.add(data.email, host, sent.request_id)
    shown = encoded(sent.request_id)
    return Response(
        CodeAsked("Verification code sent", shown, times.rfc3339(sent.expires_ns)),
        status_code=200,
        cookies=[services.cookies.set(CODE_REQUEST, shown, seconds=CODE_REQUEST_S)],
    )


@post("/auth/verify-otp", status_code=200, tags=["sign in"], summary="Sign in", responses=answers.OWN)
async def verify_otp(request: HttpRequest, services: Services, data: Annotated[CodeGiven, _CODE]) -> Response[SignedIn]:
    """People who are known already, by the code from the mail."""
    return await _sign_in(request, services, data, SignInIntent.SIGN_IN)


@post("/auth/signup", status_code=200, tags=["sign in"], summary="Sign up", responses=answers.OWN)
async def signup(request: HttpRequest, services: Services, data: Annotated[CodeGiven, _CODE]) -> Response[SignedIn]:
    """New people, by the code from the mail."""
    return await _sign_in(request, services, data, SignInIntent.SIGN_UP)


@post("/auth/refresh", status_code=200, tags=["sign in"], summary="New tokens for old ones", responses=answers.OWN)
async def refresh(request: HttpRequest, services: Services) -> Response[Refreshed]:
    """By the cookie `refresh_token`, which is good once: using it twice ends the session."""
    headers = request.scope["headers"]
    services.origins.check_cookie_request(request.method, dict(headers) | _AS_IF_HEADER)
    token = services.cookies.token(headers, REFRESH)
    if token is None:
        raise Unauthorized("No refresh token")
    services.sign_ins.check(host_of(request))
    try:
        tokens = await services.link.client.web_refresh(token, host=host_of(request))
    except QueryRefused as refused:
        services.sign_ins.failed(host_of(request))
        raise Unauthorized("Session expired or revoked", code=refused.code) from None
    services.people.renewed(token_of_request(request, services)[0], tokens.token)
    return Response(
        Refreshed(encoded(tokens.token), times.rfc3339(tokens.ends_ns)),
        status_code=200,
        cookies=_cookies(services, tokens),
    )


@post(
    "/auth/logout",
    status_code=200,
    media_type="text/plain",
    tags=["sign in"],
    summary="Sign out",
    responses=answers.OWN,
)
async def logout(request: HttpRequest, services: Services) -> Response[str]:
    """The session is over, here and everywhere."""
    token, is_cookie = token_of_request(request, services)
    if is_cookie:
        services.origins.check_cookie_request(request.method, dict(request.scope["headers"]) | _AS_IF_HEADER)
    if token is not None:
        await services.link.client.web_sign_out(token)
        await services.people.forget(token)
    cookies = services.cookies.clear(SESSION, REFRESH, CODE_REQUEST)
    return Response(content="", status_code=200, media_type="text/plain", cookies=cookies)


@post("/auth/dev-login", status_code=200, tags=["sign in"], summary="Sign in to a demo", responses=answers.OWN)
async def dev_login(
    request: HttpRequest,
    services: Services,
    data: Annotated[Email, Body(examples=[Example(value={"email": "bot@mexchange.local"})])],
) -> Response[SignedIn]:
    """Without a code, at `local` and `mexchange.local`, in a demo; anywhere else there is no such route."""
    if not services.link.is_demo:
        raise NotFound("Not found")
    host = host_of(request)
    services.sign_ins.take(host)
    try:
        tokens = await services.link.client.web_sign_in_unproven(data.email, label=_label_of(request), host=host)
    except QueryRefused as refused:
        if refused.retryable:
            raise
        raise Unauthorized("only for addresses at mexchange.local", code=refused.code) from None
    return _entered(services, tokens)


_AS_IF_HEADER: Final = {b"x-mx-request": b"1"}
"""Programs of the older protocol do not send it here: the cookie goes to our own pages alone, so does the answer."""


async def _sign_in(request: HttpRequest, services: Services, data: CodeGiven, intent: int) -> Response[SignedIn]:
    host = host_of(request)
    services.sign_ins.take(host)
    request_id = _request_id(request, services, data, host)
    if request_id is None:
        raise Unauthorized(WRONG)
    try:
        tokens = await services.link.client.web_sign_in(
            request_id, data.code, label=_label_of(request), host=host, second_factor=data.second_factor, intent=intent
        )
    except QueryRefused as refused:
        if refused.code == "E_TOTP" and data.code:
            raise Unauthorized(str(refused), code=refused.code, hint=refused.hint) from None
        if refused.retryable:
            raise
        raise Unauthorized(WRONG, code=refused.code) from None
    if tokens.email != data.email.strip().lower():
        await services.link.client.web_sign_out(tokens.token)
        raise Unauthorized(WRONG, code="E_CODE")
    return _entered(services, tokens)


def _entered(services: Services, tokens: WebTokens) -> Response[SignedIn]:
    user = User(ids.show(ids.OWNER, tokens.owner), tokens.email)
    found = SignedIn(encoded(tokens.token), user, times.rfc3339(tokens.ends_ns))
    return Response(found, status_code=200, cookies=_cookies(services, tokens))


def _request_id(request: HttpRequest, services: Services, data: CodeGiven, host: str) -> bytes | None:
    shown = data.request_id or services.cookies.text(request.scope["headers"], CODE_REQUEST)
    if shown is not None:
        try:
            return unencoded(shown, "request_id")
        except BadRequest:
            return None
    return services.code_requests.of(data.email, host)


def _cookies(services: Services, tokens: WebTokens) -> list[Cookie]:
    seconds = max(0, (tokens.ends_ns - services.link.now_ns()) // 10**9)
    cookies = services.cookies
    return [
        cookies.set(SESSION, encoded(tokens.token), seconds=seconds),
        cookies.set(REFRESH, encoded(tokens.refresh), seconds=seconds),
        *cookies.clear(CODE_REQUEST),
    ]


def _label_of(request: HttpRequest) -> str:
    agent = dict(request.scope["headers"]).get(b"user-agent", b"").decode("latin-1")
    return "".join(character for character in agent if character.isprintable())[:LABEL_LENGTH] or "browser"


HANDLERS: Final = (request_otp, verify_otp, signup, refresh, logout, dev_login)
