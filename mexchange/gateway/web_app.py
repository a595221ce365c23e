"""The routes put together, with their description: OpenAPI at /openapi.json."""

import logging
from typing import Any, Final

from litestar import Litestar, Request, Response, get
from litestar.config.response_cache import ResponseCacheConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Server, Tag

from mexchange import __version__
from mexchange.gateway import docs_page
from mexchange.gateway.errors import GatewayError, known
from mexchange.gateway.rest import (
    account,
    answers,
    auth,
    bots,
    deposits,
    faucet,
    keys,
    markets,
    orders,
    security,
    service,
    withdrawals,
)
from mexchange.gateway.rest.caller import signed_in
from mexchange.gateway.services import Services
from mexchange.telemetry import logs

_CODES: Final = {404: "E_NOT_FOUND", 405: "E_METHOD", 413: "E_BODY", 401: "E_AUTH", 429: "E_RATE"}
_TAGS: Final = {
    "sign in": "Codes by mail, tokens, cookies.",
    "orders": "Place, amend, cancel, look up.",
    "markets": "What everybody may see.",
    "account": "Who one is, what one has.",
    "wallet": "Money that comes and goes.",
    "keys": "Of programs.",
    "bots": "Programs that listen at the WebSocket.",
    "service": "For what looks after programs.",
}
_log: Final = logs.get("gateway.http")


def web_app(services: Services) -> Litestar:
    """Everything of HTTP but the page."""

    async def provide() -> Services:
        return services

    handlers = [
        handler
        for part in (service, auth, markets, orders, account, keys, security, deposits, withdrawals, faucet, bots)
        for handler in part.HANDLERS
    ]
    app = Litestar(
        route_handlers=[*handlers, openapi_json, docs],
        dependencies={"services": Provide(provide), "person": Provide(signed_in)},
        exception_handlers={Exception: _refuse},
        openapi_config=_openapi(),
        request_max_body_size=services.settings.limits.body_bytes_max,
        response_cache_config=ResponseCacheConfig(),
        logging_config=None,
    )
    logging.getLogger("litestar").setLevel(logging.CRITICAL)
    return app


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="mExchange gateway",
        version=__version__,
        description="REST beside the WebSocket of docs/API.md. Decimals are text. A no is {error, code, hint}.",
        path="/unused",
        render_plugins=[],
        servers=[Server(url="/")],
        tags=[Tag(name=name, description=text) for name, text in _TAGS.items()],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", description="The access token."),
                "cookie": SecurityScheme(
                    type="apiKey",
                    name="session",
                    security_scheme_in="cookie",
                    description="Set by signing in; with X-MX-Request: 1 for whatever changes something.",
                ),
            }
        ),
    )


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[Any]:
    """OpenAPI 3.1."""
    return Response(docs_page.description(request.app), media_type="application/json")


@get("/docs", include_in_schema=False, sync_to_thread=False)
def docs(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The same for people, as one page without scripts."""
    return Response(docs_page.page(request.app), media_type="text/html")


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    told = known(error)
    if told is None and isinstance(error, HTTPException):
        told = _of_framework(error)
    if told is None:
        name = request.scope.get("state", {}).get("request_id", "")
        _log.error("a request failed", path=request.scope["path"], request=name, exc_info=error)
        told = GatewayError("this should not have happened", code="E_INTERNAL", status=500)
    response = answers.refusal(told)
    if isinstance(error, HTTPException) and error.headers and "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _of_framework(error: HTTPException) -> GatewayError | None:
    """What the router and the reader of parameters say."""
    status = error.status_code
    if status >= 500:
        return None
    text = error.detail
    extra = error.extra
    if status == 400 and isinstance(extra, list) and extra and isinstance(extra[0], dict):
        text = "; ".join(f"{each.get('key', 'body')}: {each.get('message', '')}" for each in extra)
    return GatewayError(
        text.partition(" for ")[0] if status == 400 and not extra else text,
        code=_CODES.get(status, "E_BODY"),
        status=status,
    )
