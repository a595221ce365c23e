"""Orders and own trades: /api/order, /api/orders."""

from typing import Annotated, Final

import msgspec
from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from mexchange.client.errors import QueryRefused
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import OrderFilter
from mexchange.domain import client_id
from mexchange.domain.client_id import NO_ID
from mexchange.gateway import order_body, shapes
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.order_body import AmendBody, CancelAllBody, CancelBody, NewOrder
from mexchange.gateway.order_shape import Order
from mexchange.gateway.people import Person
from mexchange.gateway.rest import answers
from mexchange.gateway.rest.caller import SECURITY
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import OwnTrade
from mexchange.gateway.trading import Placed, Preview

COUNTED_MAX: Final = 1_000
"""Rows that are walked to say how many there are."""
_FILTERS: Final = {"all": OrderFilter.ALL, "open": OrderFilter.OPEN, "done": OrderFilter.CLOSED}
_ORDER_ID: Final = "6d786f72-0000-8000-8000-00000000002a"

Limit = Annotated[int, Parameter(ge=1, le=100, description="So many at most.")]
Offset = Annotated[int, Parameter(ge=0, le=1_000_000, description="After so many.")]
Symbol = Annotated[str | None, Parameter(description="Of one market: KCN/EUR.", max_length=64)]


class PlacedOld(msgspec.Struct, frozen=True):
    """An order, and what it holds."""

    order: Order
    locked_asset: str
    locked_amount: str


class OrderAnswer(msgspec.Struct, frozen=True):
    """An order as it stands now."""

    order_id: str
    order: Order


class Cancelled(msgspec.Struct, frozen=True):
    """An order that is off the book, and what it gave back."""

    order: Order
    unlocked_asset: str | None
    unlocked_amount: str | None


class CancelledAll(msgspec.Struct, frozen=True):
    """How many."""

    cancelled: int


class Orders(msgspec.Struct, frozen=True):
    """A page of orders, newest first. `total` counts up to 1,000, or to the page's end."""

    orders: list[Order]
    total: int
    limit: int
    offset: int


class OwnTrades(msgspec.Struct, frozen=True):
    """A page of own trades, newest first. `total` counts up to 1,000, or to the page's end."""

    trades: list[OwnTrade]
    total: int
    limit: int
    offset: int


class Fills(msgspec.Struct, frozen=True):
    """Of one order, oldest first."""

    fills: list[OwnTrade]


_NEW: Final = Body(
    examples=[
        Example(
            summary="limit",
            value={"symbol": "KCN/EUR", "side": "bid", "order_type": "limit", "price": "999.50", "quantity": "5"},
        ),
        Example(
            summary="market, by what it may cost",
            value={"symbol": "KCN/EUR", "side": "bid", "order_type": "market", "quote_amount": "250"},
        ),
    ]
)


@post(
    "/api/order", status_code=200, tags=["orders"], summary="Place an order", responses=answers.OWN, security=SECURITY
)
async def place(services: Services, person: Person, data: Annotated[NewOrder, _NEW]) -> Placed:
    """Accepted by the engine and durable; what it filled at once is in it."""
    return services.trading.placed(*await services.trading.place(person, data))


@post(
    "/api/orders",
    status_code=202,
    tags=["orders"],
    summary="Place an order (older path)",
    responses=answers.OWN,
    security=SECURITY,
)
async def place_old(services: Services, person: Person, data: Annotated[NewOrder, _NEW]) -> PlacedOld:
    """The same with what the order holds."""
    _, order = await services.trading.place(person, data)
    asset, amount = services.trading.locked(order)
    return PlacedOld(services.trading.shown(order), asset, amount)


@post(
    "/api/order/preview",
    status_code=200,
    tags=["orders"],
    summary="What an order would do",
    responses=answers.OWN,
    security=SECURITY,
)
async def preview(services: Services, person: Person, data: Annotated[NewOrder, _NEW]) -> Preview:
    """Nothing changes."""
    return await services.trading.preview(person, data)


@post(
    "/api/order/cancel",
    status_code=200,
    tags=["orders"],
    summary="Cancel an order",
    responses=answers.OWN,
    security=SECURITY,
)
async def cancel(
    services: Services,
    person: Person,
    data: Annotated[CancelBody, Body(examples=[Example(value={"order_id": _ORDER_ID})])],
) -> OrderAnswer:
    """By its id, or by its client order id."""
    order = services.trading.shown(await services.trading.cancel(person, data))
    return OrderAnswer(order.id, order)


@post("/api/order/amend", status_code=200, tags=["orders"], summary="Amend", responses=answers.OWN, security=SECURITY)
async def amend(
    services: Services,
    person: Person,
    data: Annotated[AmendBody, Body(examples=[Example(value={"order_id": _ORDER_ID, "quantity": "4"})])],
) -> OrderAnswer:
    """Another price, another total quantity, or both. Less alone keeps its place in the queue."""
    _, found = await services.trading.amend(person, data)
    order = services.trading.shown(found)
    return OrderAnswer(order.id, order)


@post(
    "/api/orders/cancel-all",
    status_code=200,
    tags=["orders"],
    summary="Cancel all",
    responses=answers.OWN,
    security=SECURITY,
)
async def cancel_all(
    services: Services,
    person: Person,
    data: Annotated[CancelAllBody, Body(examples=[Example(value={"symbol": "KCN/EUR"})])],
) -> CancelledAll:
    """Of one market or all, of one side or both."""
    return CancelledAll(await services.trading.cancel_all(person, data))


@get("/api/orders", tags=["orders"], summary="Orders, newest first", responses=answers.OWN, security=SECURITY)
async def orders(
    services: Services,
    person: Person,
    limit: Limit = 20,
    offset: Offset = 0,
    symbol: Symbol = None,
    status: Annotated[str, Parameter(description="all, open or done", pattern="^(all|open|done)$")] = "all",
) -> Orders:
    """Open and finished ones."""
    market = services.link.markets.by_symbol(symbol).market if symbol else 0
    found: list[OwnOrder] = []
    wanted = max(COUNTED_MAX, offset + limit)
    try:
        walk = person.client.order_history(market=market, state=_FILTERS[status])
        async for order in walk:
            found.append(order)
            if len(found) >= wanted:
                break
    except QueryRefused as refused:
        if refused.code != "E_HISTORY":
            raise
        recent = await person.client.orders(open_only=status == "open", market=market, limit=wanted)
        found = [order for order in recent if status != "done" or not order.is_open]
    page = [services.trading.shown(order) for order in found[offset : offset + limit]]
    return Orders(page, len(found), limit, offset)


@get("/api/orders/trades", tags=["orders"], summary="Own trades", responses=answers.OWN, security=SECURITY)
async def trades(
    services: Services, person: Person, limit: Limit = 20, offset: Offset = 0, symbol: Symbol = None
) -> OwnTrades:
    """Newest first."""
    market = services.link.markets.by_symbol(symbol).market if symbol else 0
    found: list[OwnTrade] = []
    total, wanted = 0, max(COUNTED_MAX, offset + limit)
    async for fill in person.client.fills(market=market):
        if offset <= total < offset + limit:
            found.append(shapes.trade_of_fill(fill, services.link.markets))
        total += 1
        if total >= wanted:
            break
    return OwnTrades(found, total, limit, offset)


@get("/api/orders/{order_id:str}", tags=["orders"], summary="One order", responses=answers.OWN, security=SECURITY)
async def one(services: Services, person: Person, order_id: Annotated[str, Parameter(max_length=64)]) -> Order:
    """As it stands."""
    return services.trading.shown(await services.trading.find(person, order_body.order_id(order_id), NO_ID))


@delete(
    "/api/orders/{order_id:str}",
    status_code=200,
    tags=["orders"],
    summary="Cancel an order (older path)",
    responses=answers.OWN,
    security=SECURITY,
)
async def delete_one(
    services: Services, person: Person, order_id: Annotated[str, Parameter(max_length=64)]
) -> Cancelled:
    """It reaches the engine, which decides."""
    order = await services.trading.cancel(person, CancelBody(order_id=order_id))
    return Cancelled(services.trading.shown(order), *services.trading.released(order))


@get("/api/orders/{order_id:str}/fills", tags=["orders"], summary="Its fills", responses=answers.OWN, security=SECURITY)
async def fills(services: Services, person: Person, order_id: Annotated[str, Parameter(max_length=64)]) -> Fills:
    """Oldest first."""
    number = order_body.order_id(order_id)
    await services.trading.find(person, number, NO_ID)
    walk = person.client.fills(order_id=number, oldest_first=True)
    found: list[OwnTrade] = []
    async for fill in walk:
        found.append(shapes.trade_of_fill(fill, services.link.markets))
        if len(found) >= COUNTED_MAX:
            break
    return Fills(found)


@get(
    "/api/orders/by-client-id/{name:str}",
    tags=["orders"],
    summary="One order by its client order id",
    responses=answers.OWN,
    security=SECURITY,
)
async def by_client_id(services: Services, person: Person, name: Annotated[str, Parameter(max_length=64)]) -> Order:
    """What became of it, also after an outcome that was unknown."""
    wanted = client_id.parse(name)
    if wanted == NO_ID:
        raise BadRequest("that is no client order id", code="E_CLIENT_ID")
    return services.trading.shown(await services.trading.find(person, 0, wanted))


HANDLERS: Final = (
    place,
    place_old,
    preview,
    cancel,
    amend,
    cancel_all,
    orders,
    trades,
    one,
    delete_one,
    fills,
    by_client_id,
)
