"""`mx candles`: a market's past by the clock."""

from typing import TYPE_CHECKING, Final

from mexchange.cli import show
from mexchange.cli.errors import USAGE, CliError
from mexchange.domain.candles import INTERVALS_BY_TEXT, Candle, Interval
from mexchange.domain.text import format_amount

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import MarketInfo

INTERVAL_HELP: Final = " ".join(INTERVALS_BY_TEXT)


def interval_named(text: str) -> Interval:
    """`15m`. Raises CliError."""
    interval = INTERVALS_BY_TEXT.get(text.lower())
    if interval is None:
        raise CliError("E_USAGE", f"there are no candles of {text!r}", hint=INTERVAL_HELP, exit_code=USAGE)
    return interval


def row(candle: Candle, interval: Interval, market: "MarketInfo", registry: "Markets") -> dict[str, object]:
    """Decimal text throughout. `ts` is the beginning, `last_trade` 0 where nothing was traded."""
    number = market.market
    turnover = format_amount(candle.turnover * market.atoms_per_tick_lot, registry.asset(market.quote).scale)
    return {
        "market": market.symbol,
        "interval": interval.text,
        "ts": show.rfc3339(candle.open_ns),
        "open": registry.show_price(number, candle.open),
        "high": registry.show_price(number, candle.high),
        "low": registry.show_price(number, candle.low),
        "close": registry.show_price(number, candle.close),
        "volume": registry.show_quantity(number, candle.volume),
        "turnover": turnover,
        "trades": candle.trades,
        "last_trade": candle.last_trade_id,
    }
