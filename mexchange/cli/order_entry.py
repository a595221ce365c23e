"""From the words of a person to a PlaceOrder, and from the engine's preview to a sentence about it.

Every way of entering an order on the command line comes through here, so that there is one guard.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from mexchange.cli import show
from mexchange.cli.errors import USAGE, CliError
from mexchange.config import values
from mexchange.domain import client_id
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted, Done, Filled
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import REJECTS
from mexchange.domain.text import trimmed
from mexchange.domain.units import AccountId, Atoms, Lots, MarketId, Ticks, TimeNs

if TYPE_CHECKING:
    from mexchange.client.calls import Preview
    from mexchange.client.errors import Rejected
    from mexchange.client.guard import Limits
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import MarketInfo
    from mexchange.config.settings import Settings

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the words of whoever wants it: decimal text, names."""

    side: Side
    market: str
    quantity: str | None = None
    price: str | None = None
    order_type: str = ""
    """`limit` or `market`; empty: limit if there is a price."""
    time_in_force: str = ""
    expire: str | None = None
    """A time from now such as `10m`, or RFC 3339."""
    post_only: bool = False
    slide: bool = False
    quote_amount: str | None = None
    self_trade: str | None = None
    client_order_id: str | None = None


def place_order(wish: Wish, registry: "Markets", *, account: int, now_ns: int) -> PlaceOrder:
    """The command. Raises TextError (tick, lot, number), CliError (contradictions), BadClientOrderId."""
    market = registry.by_symbol(wish.market.upper())
    order_type = _order_type(wish)
    price = registry.price(market.market, wish.price) if wish.price is not None else Ticks(0)
    if order_type is OrderType.LIMIT and wish.price is None:
        raise _usage("a limit order needs a price", "-p PRICE, or --type market")
    return PlaceOrder(
        account=AccountId(account),
        client_order_id=client_id.parse(wish.client_order_id) if wish.client_order_id else NO_ID,
        market=MarketId(market.market),
        side=wish.side,
        quantity=_quantity(wish, registry, market),
        price=price,
        order_type=order_type,
        time_in_force=_time_in_force(wish, order_type),
        self_trade_prevention=_self_trade(wish.self_trade),
        flags=_flags(wish),
        expiry_ns=_expiry(wish.expire, now_ns),
    )


def limits(settings: "Settings") -> "Limits":
    """What the user of these settings allows."""
    from mexchange.client.guard import Limits

    return Limits(max_notional=settings.max_notional, price_band=settings.price_band)


def question(order: PlaceOrder, registry: "Markets", available: Atoms) -> str:
    """`BUY 5 KCN @ 999.55 limit GTC   cost ...   you receive at least ...   after ...`."""
    from mexchange.client import order_cost

    market = registry[order.market]
    base, quote = registry.asset(market.base), registry.asset(market.quote)
    by_amount = bool(order.flags & OrderFlag.QUOTE_AMOUNT)
    size = (
        f"{registry.show_amount(quote.asset, Atoms(order.quantity))} {quote.symbol} of {base.symbol}"
        if by_amount
        else f"{trimmed(registry.show_quantity(market.market, order.quantity))} {base.symbol}"
    )
    price = f" @ {registry.show_price(market.market, order.price)}" if order.price else ""
    head = f"{order.side.name} {size}{price} {order.order_type.name.lower()} {order.time_in_force.name}"
    if by_amount or not order.price:
        return head
    fee_ppm = order_cost.fee_ppm(market, may_take=True, may_rest=True)
    cost = order_cost.limit_cost(market, order.side, price=order.price, quantity=order.quantity, fee_ppm=fee_ppm)
    pays, into = registry.asset(cost.pays), registry.asset(cost.receives)
    verb = "cost" if order.side is Side.BUY else "gives"
    net, fee = (trimmed(registry.show_amount(into.asset, atoms)) for atoms in (cost.net, cost.fee))
    return show.joined(
        [
            head,
            f"{verb} {registry.show_money(pays.asset, cost.gives)} {pays.symbol}",
            f"you receive at least {net} {into.symbol} (fee {fee})",
            f"after {registry.show_money(pays.asset, cost.after(available))} {pays.symbol}",
        ]
    )


def preview_row(order: PlaceOrder, preview: "Preview", registry: "Markets") -> dict[str, object]:
    """What would happen, as the daemon's engine says: `--dry-run`."""
    market = registry[order.market]
    base, quote = registry.asset(market.base), registry.asset(market.quote)
    received = base if order.side is Side.BUY else quote
    fills = [event for event in preview.events if isinstance(event, Filled) and not event.is_maker]
    filled = Lots(sum(fill.quantity for fill in fills))
    weighted = sum(fill.price * fill.quantity for fill in fills)
    row: dict[str, object] = {"dry_run": True, "accepted": any(isinstance(e, Accepted) for e in preview.events)}
    for event in preview.events:
        if isinstance(event, RejectedEvent):
            row |= {"code": REJECTS[event.reason].code, "message": REJECTS[event.reason].text}
    fee = Atoms(sum(fill.fee for fill in fills))
    row |= {
        "avg_price": registry.show_average(order.market, weighted * market.atoms_per_tick_lot, filled),
        "filled": trimmed(registry.show_quantity(market.market, filled)),
        "fee": f"{trimmed(registry.show_amount(received.asset, fee))} {received.symbol}",
        "slippage_bps": _slippage(fills, weighted, filled),
        "levels": len({fill.price for fill in fills}),
        "rests": trimmed(registry.show_quantity(market.market, _rests(order, preview, filled))),
        "seq": preview.sequence,
        "state_hash": preview.state_hash.hex(),
        "journal_bytes": preview.journal_bytes,
    }
    return row


def refusal(error: "Rejected", order: PlaceOrder, registry: "Markets") -> CliError:
    """The reject in words, with the number that it carries in the units of the order's market."""
    from mexchange.client.reject_words import in_words

    reject = REJECTS[error.reason]
    return CliError(
        reject.code,
        in_words(error, registry, order.market, order.side),
        hint=reject.hint,
        exit_code=reject.exit_code,
        retryable=reject.retryable,
        client_order_id=client_id.show(error.client_order_id) if any(error.client_order_id) else None,
    )


def _rests(order: PlaceOrder, preview: "Preview", filled: Lots) -> Lots:
    ended = any(isinstance(event, Done) and event.reason is not DoneReason.FILLED for event in preview.events)
    accepted = any(isinstance(event, Accepted) for event in preview.events)
    if ended or not accepted or order.flags & OrderFlag.QUOTE_AMOUNT:
        return Lots(0)
    return Lots(order.quantity - filled)


def _slippage(fills: list[Filled], weighted: int, filled: int) -> str | None:
    """Basis points between the first price and the average, with one decimal."""
    if not fills:
        return None
    first = fills[0].price
    tenths = abs(weighted - first * filled) * 100_000 // (first * filled)
    return f"{tenths // 10}.{tenths % 10}"


def _order_type(wish: Wish) -> OrderType:
    if wish.order_type:
        try:
            return OrderType[wish.order_type.upper()]
        except KeyError:
            raise _usage(f"there is no order type {wish.order_type!r}", "--type limit or --type market") from None
    return OrderType.LIMIT if wish.price is not None else OrderType.MARKET


def _time_in_force(wish: Wish, order_type: OrderType) -> TimeInForce:
    if wish.time_in_force:
        try:
            return TimeInForce[wish.time_in_force.upper()]
        except KeyError:
            raise _usage(f"there is no time in force {wish.time_in_force!r}", "gtc ioc fok gtd") from None
    if order_type is OrderType.MARKET:
        return TimeInForce.IOC
    return TimeInForce.GTD if wish.expire else TimeInForce.GTC


def _quantity(wish: Wish, registry: "Markets", market: "MarketInfo") -> Lots:
    if (wish.quantity is None) == (wish.quote_amount is None):
        raise _usage("give a quantity, or --quote-amount, and not both", "mx order buy KCN/EUR 5 -p 999.55")
    if wish.quote_amount is not None:
        return Lots(registry.amount(market.quote, wish.quote_amount))
    assert wish.quantity is not None
    return registry.quantity(market.market, wish.quantity)


def _flags(wish: Wish) -> OrderFlag:
    flags = OrderFlag(0)
    if wish.post_only or wish.slide:
        flags |= OrderFlag.POST_ONLY
    if wish.slide:
        flags |= OrderFlag.SLIDE
    if wish.quote_amount is not None:
        flags |= OrderFlag.QUOTE_AMOUNT
    return flags


def _self_trade(name: str | None) -> SelfTradePrevention:
    if name is None:
        return SelfTradePrevention.DEFAULT
    try:
        return SelfTradePrevention[name.upper().replace("-", "_")]
    except KeyError:
        choices = " ".join(mode.name.lower().replace("_", "-") for mode in SelfTradePrevention)
        raise _usage(f"there is no self-trade prevention {name!r}", choices) from None


def _expiry(expire: str | None, now_ns: int) -> TimeNs:
    if expire is None:
        return TimeNs(0)
    try:
        if _DATE.fullmatch(expire):
            moment = datetime.fromisoformat(expire)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return TimeNs(int(moment.timestamp()) * 1_000_000_000)
        return TimeNs(now_ns + values.duration_ns(expire))
    except ValueError as error:
        raise _usage(f"--expire: {error}", "a time from now such as 10m, or 2026-12-24T18:00:00Z") from None


def _usage(message: str, hint: str) -> CliError:
    return CliError("E_USAGE", message, hint=hint, exit_code=USAGE)
