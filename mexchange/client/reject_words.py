"""A reject in a sentence, with the number that it carries in the units of the order's market."""

from mexchange.client.errors import Rejected
from mexchange.client.markets import Markets
from mexchange.domain.order import Side
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.text import trimmed


def in_words(error: Rejected, registry: Markets, market: int, side: Side) -> str:
    """`not enough funds: 12.50 EUR available`."""
    return REJECTS[error.reason].text + _detail(error, registry, market, side)


def _detail(error: Rejected, registry: Markets, market: int, side: Side) -> str:
    info = registry[market]
    match error.reason:
        case RejectReason.INSUFFICIENT_FUNDS:
            pays = registry.asset(info.quote if side is Side.BUY else info.base)
            return f": {registry.show_money(pays.asset, error.detail)} {pays.symbol} available"
        case RejectReason.NOTIONAL_BELOW_MIN | RejectReason.NOTIONAL_ABOVE_MAX:
            quote = registry.asset(info.quote)
            return f": {registry.show_money(quote.asset, error.detail)} {quote.symbol}"
        case RejectReason.QUANTITY_BELOW_MIN | RejectReason.QUANTITY_ABOVE_MAX:
            return f": {trimmed(registry.show_quantity(market, error.detail))}"
        case RejectReason.POST_ONLY_WOULD_TAKE:
            return f": the opposite best is {registry.show_price(market, error.detail)}"
        case RejectReason.FILLED_MEANWHILE:
            return f": {trimmed(registry.show_quantity(market, error.detail))}"
        case RejectReason.TOO_MANY_ORDERS:
            return f": {error.detail}"
        case _:
            return ""
