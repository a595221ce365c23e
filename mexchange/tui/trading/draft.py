"""An order before it is one: as numbers (OrderDraft), and as the words in a ticket (Entry).

Entry ── read ──> OrderDraft ── command ──> PlaceOrder
            └───> Problem: which field, what is wrong, what would be right
"""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from mexchange.client.errors import Rejected
from mexchange.client.markets import Markets
from mexchange.client.reject_words import in_words
from mexchange.config import values
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.domain.text import TextError, trimmed
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks, TimeNs

Field = Literal["price", "size", "expiry", "order"]

_LIMIT_TIFS: Final = (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD)
_MARKET_TIFS: Final = (TimeInForce.IOC, TimeInForce.FOK)


class OrderDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A limit order in ticks and lots, or a market order (price 0). Times in nanoseconds since the epoch."""

    market: int
    side: Side
    quantity: int
    price: int = 0
    order_type: OrderType = OrderType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    expiry_ns: int = 0

    def command(self, client_order_id: ClientOrderId = NO_ID) -> PlaceOrder:
        """What is sent."""
        return PlaceOrder(
            account=AccountId(0),
            client_order_id=client_order_id,
            market=MarketId(self.market),
            side=self.side,
            quantity=Lots(self.quantity),
            price=Ticks(self.price),
            order_type=self.order_type,
            time_in_force=self.time_in_force,
            flags=OrderFlag.POST_ONLY if self.post_only else OrderFlag(0),
            expiry_ns=TimeNs(self.expiry_ns),
        )

    def shown(self, registry: Markets) -> str:
        """`BUY 5 KCN @ 999.55 limit GTC post-only`."""
        base = registry.asset(registry[self.market].base).symbol
        size = trimmed(registry.show_quantity(self.market, self.quantity, thousands=True))
        price = f" @ {registry.show_price(self.market, self.price, thousands=True)}" if self.price else ""
        kind = f"{self.order_type.name.lower()} {self.time_in_force.name}{' post-only' if self.post_only else ''}"
        return f"{self.side.name} {size} {base}{price} {kind}"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields of a ticket."""

    market: int
    side: Side = Side.BUY
    order_type: OrderType = OrderType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    price: str = ""
    size: str = ""
    expiry: str = ""
    """A time from now, such as `10m`: for GTD alone."""
    post_only: bool = False

    @property
    def can_rest(self) -> bool:
        """May what is not filled at once stay in the book."""
        return self.order_type is OrderType.LIMIT and self.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)

    def of_other_type(self) -> "Entry":
        """Limit becomes market and market limit, with the time in force that the type is usually sent with."""
        is_market = self.order_type is OrderType.LIMIT
        return msgspec.structs.replace(
            self,
            order_type=OrderType.MARKET if is_market else OrderType.LIMIT,
            time_in_force=TimeInForce.IOC if is_market else TimeInForce.GTC,
            post_only=False,
        )

    def of_next_tif(self) -> "Entry":
        """The next time in force that the type allows; what does not rest is not post-only."""
        choices = _LIMIT_TIFS if self.order_type is OrderType.LIMIT else _MARKET_TIFS
        place = choices.index(self.time_in_force) if self.time_in_force in choices else -1
        turned = msgspec.structs.replace(self, time_in_force=choices[(place + 1) % len(choices)])
        return msgspec.structs.replace(turned, post_only=self.post_only and turned.can_rest)

    def ticks(self, registry: Markets) -> int:
        """The price; 0: what stands there is none."""
        return _read_or_zero(registry.price, self.market, self.price)

    def lots(self, registry: Markets) -> int:
        """The size; 0: what stands there is none."""
        return _read_or_zero(registry.quantity, self.market, self.size)


class Problem(msgspec.Struct, frozen=True):
    """Why an order cannot be sent as it stands. `code` is `E_...`, or empty where nothing was typed yet."""

    field: Field
    text: str
    hint: str = ""
    code: str = ""

    @property
    def is_long(self) -> bool:
        """Is it more than a word on what is still to be typed."""
        return bool(self.code) or len(self.text) > 15

    def is_about(self, field: str) -> bool:
        """Is what was typed into this field wrong."""
        return self.field == field and bool(self.code)

    @property
    def whole(self) -> str:
        """On one line."""
        return f"{self.text} · {self.hint}" if self.hint else self.text


POST_ONLY_RESTS: Final = Problem("order", "post-only rests: it is for limit orders, GTC or GTD")


def read(entry: Entry, registry: Markets, now_ns: int) -> OrderDraft | Problem:
    """The order that these words mean, or the first of them that means nothing."""
    is_market = entry.order_type is OrderType.MARKET
    try:
        price = Ticks(0) if is_market else _number("price", entry.price, registry, entry.market)
        quantity = _number("size", entry.size, registry, entry.market)
        expiry_ns = _expiry(entry, now_ns) if entry.time_in_force is TimeInForce.GTD else 0
    except _Unreadable as error:
        return error.problem
    if is_market and entry.time_in_force not in (TimeInForce.IOC, TimeInForce.FOK):
        return Problem("order", f"a market order is IOC or FOK, not {entry.time_in_force.name}")
    if entry.post_only and not entry.can_rest:
        return POST_ONLY_RESTS
    return OrderDraft(
        market=entry.market,
        side=entry.side,
        quantity=quantity,
        price=price,
        order_type=entry.order_type,
        time_in_force=entry.time_in_force,
        post_only=entry.post_only,
        expiry_ns=expiry_ns,
    )


def reject_problem(error: Rejected, registry: Markets, market: int, side: Side) -> Problem:
    """A reject, foreseen or real, as a problem: code, cause and remedy."""
    return Problem("order", in_words(error, registry, market, side), error.hint, error.code)


def _read_or_zero(read: Callable[[int, str], int], market: int, typed: str) -> int:
    try:
        return read(market, typed)
    except TextError:
        return 0


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def _number(field: Literal["price", "size"], typed: str, registry: Markets, market: int) -> int:
    if not typed.strip():
        raise _Unreadable(Problem(field, f"no {field} yet"))
    try:
        return registry.price(market, typed) if field == "price" else registry.quantity(market, typed)
    except TextError as error:
        raise _Unreadable(Problem(field, str(error), error.hint, error.code)) from None


def _expiry(entry: Entry, now_ns: int) -> int:
    if not entry.expiry.strip():
        raise _Unreadable(Problem("expiry", "no end yet", "GTD needs one, such as 10m or 2h"))
    try:
        return now_ns + values.duration_ns(entry.expiry.strip())
    except ValueError as error:
        raise _Unreadable(Problem("expiry", str(error), "a time from now, such as 10m or 2h")) from None
