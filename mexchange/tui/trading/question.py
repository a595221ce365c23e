"""What is asked before something is sent, and whether it is asked at all.

`always` asks about every order, `over` about those that are large or far from the middle, `never` about none. What
empties the account or takes back orders in every market is asked about whatever the level.
"""

from typing import Final

import msgspec

from mexchange.client.guard import distance_ppm, notional
from mexchange.domain import text
from mexchange.domain.order import OrderType
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.thresholds import Thresholds

PPM_DECIMALS: Final = 6


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Asked in a dialog. Texts may come from the server and are shown literally."""

    title: str
    lines: list[tuple[str, str]] = []
    """Name and value."""
    notes: list[str] = []
    affirm: str = "Send"
    is_grave: bool = False
    """Is "no" the answer of an Enter pressed too early."""


def is_asked(thresholds: Thresholds, sight: Sight, *, order_type: OrderType, price: int, quantity: int) -> str:
    """Why the user is asked about an order; empty: it may go out at once. A threshold that is no number asks always."""
    if thresholds.level == "never":
        return ""
    if thresholds.level == "always":
        return "every order is reviewed"
    quote = sight.registry.asset(sight.market.quote)
    middle = sight.mid or sight.reference
    try:
        limit = text.parse_decimal(thresholds.worth, quote.scale)
        band = text.parse_decimal(thresholds.from_mid, PPM_DECIMALS)
    except text.TextError as error:
        return f"the threshold in the settings cannot be read: {error}"
    if notional(sight.market, price or sight.reference, quantity) > limit:
        return f"worth more than {thresholds.worth} {quote.symbol}"
    if order_type is OrderType.LIMIT and distance_ppm(price, middle) > band:
        return f"more than {text.trimmed(text.format_decimal(band, 4))} % from the middle"
    return ""
