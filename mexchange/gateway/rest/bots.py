"""Programs of the caller that listen at the WebSocket: /api/bot."""

from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import Body

from mexchange.gateway.bots import BotStatus
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.services import Services


class StrategyName(msgspec.Struct, frozen=True):
    """Which one."""

    strategy: Annotated[str, msgspec.Meta(max_length=64)]


_BODY: Final = Body(examples=[Example(value={"strategy": "market-maker"})])


@post("/api/bot/start", status_code=200, tags=["bots"], summary="Start", responses=answers.OWN, security=SECURITY)
async def start(services: Services, person: Person, data: Annotated[StrategyName, _BODY]) -> BotStatus:
    """Tells the caller's bot; the answer is what it said last."""
    return services.bots.command(person.account, "start", data.strategy)


@post("/api/bot/stop", status_code=200, tags=["bots"], summary="Stop", responses=answers.OWN, security=SECURITY)
async def stop(services: Services, person: Person, data: Annotated[StrategyName, _BODY]) -> BotStatus:
    """The same."""
    return services.bots.command(person.account, "stop", data.strategy)


@get("/api/bot/status", tags=["bots"], summary="How it does", responses=answers.OWN, security=SECURITY)
async def status(services: Services, person: Person) -> BotStatus:
    """Asks it, too."""
    return services.bots.command(person.account, "status")


HANDLERS: Final = (start, stop, status)
