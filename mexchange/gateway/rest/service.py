"""Is it there, is it ready: for people and for what looks after programs."""

from typing import Final

import msgspec
from litestar import MediaType, Response, get
from litestar.openapi.datastructures import ResponseSpec

from mexchange.client.liveness import LivenessState
from mexchange.gateway.services import Services


class Ready(msgspec.Struct, frozen=True):
    """Can orders be placed here now."""

    ready: bool
    status: str
    sequence: int


@get("/health", media_type=MediaType.TEXT, tags=["service"], summary="Is the program there")
async def health() -> str:
    """`ok`."""
    return "ok"


@get(
    "/ready",
    tags=["service"],
    summary="Is the exchange reachable",
    status_code=200,
    responses={503: ResponseSpec(Ready, description="Not now.", generate_examples=False)},
)
async def ready(services: Services) -> Response[Ready]:
    """503 while it is not."""
    state = services.link.state
    is_ready = state <= LivenessState.SLOW
    return Response(Ready(is_ready, state.name, services.link.sequence), status_code=200 if is_ready else 503)


HANDLERS: Final = (health, ready)
