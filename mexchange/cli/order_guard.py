"""The user's own limits, `max_notional` and `price_band`: on every way to an order, before anything is sent."""

from typing import TYPE_CHECKING, Final

from mexchange.cli.errors import REJECTED, CliError
from mexchange.config.settings import Settings
from mexchange.domain import text
from mexchange.domain.commands import AmendOrder, PlaceOrder
from mexchange.domain.order import OrderFlag
from mexchange.domain.units import Atoms, Lots, MarketId, Ticks

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.client.orders import OwnOrder
    from mexchange.codec.messages import MarketInfo

PPM: Final = 1_000_000
PPM_DECIMALS: Final = 6


def guard(order: PlaceOrder, registry: "Markets", settings: Settings) -> None:
    """Refuse an order beyond the user's own limits. Raises CliError, and TextError for a limit that is no number."""
    market = registry[order.market]
    if order.flags & OrderFlag.QUOTE_AMOUNT:
        _check_notional(market, Atoms(order.quantity), registry, settings.max_notional)
    else:
        price = order.price or market.reference_price
        _check_notional(market, _worth(market, price, order.quantity), registry, settings.max_notional)
    _check_band(market, order.price, registry, settings.price_band)


def guard_amend(command: AmendOrder, order: "OwnOrder", registry: "Markets", settings: Settings) -> None:
    """The same for what an order becomes by `command`; a price or quantity of 0 stays as it is."""
    market = registry[MarketId(order.market)]
    worth = _worth(market, Ticks(command.price or order.price), Lots(command.quantity or order.quantity))
    _check_notional(market, worth, registry, settings.max_notional)
    _check_band(market, command.price, registry, settings.price_band)


def _worth(market: "MarketInfo", price: Ticks, quantity: Lots) -> Atoms:
    return Atoms(price * quantity * market.atoms_per_tick_lot)


def _check_notional(market: "MarketInfo", worth: Atoms, registry: "Markets", max_notional: str | None) -> None:
    if max_notional is None:
        return
    quote = registry.asset(market.quote)
    if worth > registry.amount(quote.asset, max_notional):
        raise CliError(
            "E_MAX_NOTIONAL",
            f"the order is worth {registry.show_amount(quote.asset, worth)} {quote.symbol}, "
            f"your own limit is {max_notional}",
            hint="raise max_notional in your profile or MX_MAX_NOTIONAL if that is meant",
            exit_code=REJECTED,
        )


def _check_band(market: "MarketInfo", price: Ticks, registry: "Markets", price_band: str | None) -> None:
    """`price_band` is a fraction of the reference price, to both sides; no price, no distance."""
    if price_band is None or not price:
        return
    band_ppm = text.parse_decimal(price_band, PPM_DECIMALS)
    reference = market.reference_price
    if abs(price - reference) * PPM > reference * band_ppm:
        raise CliError(
            "E_PRICE_BAND",
            f"{registry.show_price(market.market, price)} is further from the last price "
            f"{registry.show_price(market.market, reference)} than your own limit of {price_band} allows",
            hint="raise price_band in your profile if that is meant",
            exit_code=REJECTED,
        )
