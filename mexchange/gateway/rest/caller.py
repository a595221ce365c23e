"""Who makes a request: by the token in its header, or by the cookie of a browser."""

import time
from typing import Any, Final

from litestar import Request
from litestar.datastructures import State

from mexchange.gateway.cookies import SESSION
from mexchange.gateway.encoding import token_of
from mexchange.gateway.errors import TooMany, Unauthorized
from mexchange.gateway.people import Person
from mexchange.gateway.services import Services

HttpRequest = Request[Any, Any, State]

BEARER: Final = b"bearer "
SECURITY: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"cookie": []}]


def host_of(request: HttpRequest) -> str:
    """Where the caller is: the front has looked behind proxies that are trusted."""
    client = request.scope.get("client")
    return client[0] if client else ""


def token_of_request(request: HttpRequest, services: Services) -> tuple[bytes | None, bool]:
    """The token, and whether a cookie brought it."""
    headers = dict(request.scope["headers"])
    authorization = headers.get(b"authorization")
    if authorization is not None:
        is_bearer = authorization[: len(BEARER)].lower() == BEARER
        return (token_of(authorization[len(BEARER) :].decode("latin-1").strip()) if is_bearer else None), False
    return services.cookies.token(request.scope["headers"], SESSION), True


async def signed_in(request: HttpRequest, services: Services) -> Person:
    """The person; every handler that wants one is for signed-in callers. Raises Unauthorized, Forbidden, TooMany."""
    token, is_cookie = token_of_request(request, services)
    if token is None:
        raise Unauthorized("Unauthorized", hint="send Authorization: Bearer, from /auth/verify-otp")
    if is_cookie:
        services.origins.check_cookie_request(request.method, dict(request.scope["headers"]))
    host = host_of(request)
    person = await services.sign_ins.guard(host, lambda: services.people.of_token(token, host))
    now_ns = time.monotonic_ns()
    if not person.requests.take(1, now_ns):
        raise TooMany(person.requests.wait_ns(1, now_ns))
    return person
