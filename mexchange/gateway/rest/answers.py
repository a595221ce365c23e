"""What all routes share: how a no looks, and how it is documented."""

from typing import Any, Final

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from mexchange.gateway.errors import GatewayError


class No(msgspec.Struct, frozen=True):
    """A request that was refused."""

    error: str
    code: str
    hint: str


def _spec(description: str) -> ResponseSpec:
    return ResponseSpec(data_container=No, description=description, generate_examples=False)


PUBLIC: Final = {
    400: _spec("What was asked cannot be read, or not be done."),
    404: _spec("There is no such thing."),
    405: _spec("Not with this method."),
    413: _spec("The body is too large."),
    429: _spec("Too many requests; Retry-After says how long to wait."),
    503: _spec("The exchange cannot be reached now."),
}
OWN: Final = {
    **PUBLIC,
    401: _spec("Nobody is signed in, or not any more."),
    403: _spec("Not from that page, or not with these rights."),
    409: _spec("It has gone too far for that."),
    504: _spec("The outcome is unknown: ask for the order by its client order id."),
}


def refusal(error: GatewayError) -> Response[Any]:
    """The answer to whoever asked."""
    headers = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s else {}
    return Response(
        content=msgspec.json.encode(error.as_json()),
        status_code=error.status,
        media_type="application/json",
        headers=headers,
    )
