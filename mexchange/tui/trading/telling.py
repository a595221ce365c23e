"""What the user is told about an order: words for outcomes, each with cause and remedy."""

from collections.abc import Sequence

from mexchange.client.answer import Answer
from mexchange.client.errors import BeyondOwnLimit, ClientError, OutcomeUnknown, Rejected
from mexchange.client.guard import notional
from mexchange.client.markets import Markets
from mexchange.client.reject_words import in_words
from mexchange.domain import client_id, order_id
from mexchange.domain.events import Filled
from mexchange.domain.order import DoneReason, Side
from mexchange.domain.text import TextError, trimmed
from mexchange.tui.notices import Kind, Notice

_ENDS = {
    DoneReason.IMMEDIATE_REMAINDER: "what could not be filled at once was cancelled",
    DoneReason.NO_LIQUIDITY: "nobody is on the other side",
    DoneReason.PROTECTION_PRICE: "the next price is beyond the protection price",
    DoneReason.SELF_TRADE: "it would have traded with your own order",
    DoneReason.FILL_OR_KILL: "not all of it could be filled at once",
    DoneReason.DUST: "less than one lot was affordable with what was left",
}
_NS_PER_10_US = 10_000


def refusal(error: ClientError | TextError, registry: Markets, market: int, side: Side) -> Notice:
    """Nothing happened, and why: from our own guard or from the exchange."""
    if isinstance(error, Rejected):
        words = in_words(error, registry, market, side) if market in registry else str(error)
        return Notice(Kind.REJECT, f"{error.code}: {words}", error.hint, "error")
    if isinstance(error, BeyondOwnLimit | TextError):
        return Notice(Kind.REJECT, f"{error.code}: {error}; nothing was sent", error.hint, "error")
    return Notice(Kind.REJECT, f"{error.code}: {error}", error.hint, "error")


def refused(why: str, hint: str = "") -> Notice:
    """Nothing was sent, for a reason of our own."""
    return Notice(Kind.REJECT, f"nothing was sent: {why}", hint, "error")


def accepted(answer: Answer, shown: str) -> Notice:
    """For the log: the row is on the screen anyway."""
    hundredths = answer.elapsed_ns // _NS_PER_10_US
    took = f"{hundredths // 100}.{hundredths % 100:02d} ms"
    return Notice(Kind.INFO, f"order {order_id.show(answer.order_id)} accepted: {shown} ({took})")


def ended_at_once(answer: Answer) -> Notice | None:
    """An order that did not rest and was not filled whole, and why; None: nothing to say."""
    order = answer.order
    if order is None or order.is_open or order.done_reason not in _ENDS:
        return None
    nothing = "nothing was filled" if not order.filled else "it was filled in part"
    text = f"order {order_id.show(order.order_id)}: {nothing}, {_ENDS[order.done_reason]}"
    return Notice(Kind.INFO, text, severity="warning")


def unknown(error: OutcomeUnknown, what: str) -> Notice:
    """No answer: being asked for."""
    return Notice(Kind.ERROR, f"no answer about {what}: it may or may not have happened", "asking by its id", "warning")


def verify(identifier: bytes, what: str) -> Notice:
    """Asked three times in vain."""
    hint = f"mx order get c:{client_id.show(identifier)} asks again; do not send it anew"
    return Notice(Kind.ERROR, f"verify {what}: its outcome is still unknown", hint, "error")


def found(what: str, outcome: str) -> Notice:
    """What became of something unknown."""
    return Notice(Kind.INFO, f"{what}: {outcome}", severity="warning")


def filled(fills: Sequence[Filled], registry: Markets) -> Notice:
    """Fills of one order that came together: `Sold 4 KCN @ 1,000.26 (order 7f3a1c, maker)`."""
    first, market = fills[0], fills[0].market
    base = registry.asset(registry[market].base).symbol
    lots = sum(fill.quantity for fill in fills)
    size = trimmed(registry.show_quantity(market, lots, thousands=True))
    if len({fill.price for fill in fills}) == 1:
        price = registry.show_price(market, first.price, thousands=True)
    else:
        worth = sum(notional(registry[market], fill.price, fill.quantity) for fill in fills)
        price = f"{registry.show_average(market, worth, lots)} on average, {len(fills)} fills"
    role = "maker" if first.is_maker else "taker"
    verb = "Bought" if first.side is Side.BUY else "Sold"
    return Notice(Kind.FILL, f"{verb} {size} {base} @ {price} (order {order_id.show(first.order_id)}, {role})")
