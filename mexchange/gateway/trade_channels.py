"""Channels of what was traded: trade by trade, and by the clock."""

from mexchange.codec.messages import Trade
from mexchange.domain.candles import Candle
from mexchange.domain.order import Side
from mexchange.gateway import times
from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Build, Channel, Text
from mexchange.gateway.decimals import Form, number, seconds
from mexchange.gateway.market_text import MarketText
from mexchange.gateway.shapes import TAKER_SIDES
from mexchange.gateway.sources import CandleSource, MarketSource

TRADES_IN_SNAPSHOT = 100


class TradesChannel(Channel):
    """Every trade, once and in order."""

    def __init__(self, name: Name, text: MarketText, market: MarketSource) -> None:
        super().__init__(name, market)
        self._text_of = text
        self._market = market
        self._trade_id = market.last_trade_id

    def build_snapshot(self, form: Form) -> dict[str, object] | None:
        """The last ones."""
        trades = [each for each in self._market.trades if each.trade_id <= self._trade_id]
        return {"trades": [self._row(form, each) for each in trades[-TRADES_IN_SNAPSHOT:]], "snapshot": True}

    def resumed(self, form: Form, after: int) -> Text | None:
        """What whoever has seen that trade has missed."""
        trades = [each for each in self._market.since(after) if each.trade_id <= self._trade_id]
        oldest = self._market.trades[0].trade_id if self._market.trades else 0
        found: dict[str, object] = {"trades": [self._row(form, each) for each in trades]}
        if oldest > after + 1:
            found["gap"] = True
        return self._text(found)

    def news(self) -> Build | None:
        """Those since the last message."""
        trades = self._market.since(self._trade_id)
        if not trades:
            return None
        self._trade_id = trades[-1].trade_id
        return lambda form: {"trades": [self._row(form, each) for each in trades]}

    def _row(self, form: Form, trade: Trade) -> dict[str, object]:
        return {
            "trade_id": trade.trade_id,
            "price": number(form, self._text_of.price(trade.price)),
            "quantity": number(form, self._text_of.quantity(trade.quantity)),
            "side": TAKER_SIDES[Side(trade.side)],
            "time": seconds(form, trade.time_ns),
            "time_ns": str(trade.time_ns),
            "sequence": trade.sequence,
        }


class CandlesChannel(Channel):
    """Candles of one length as they grow."""

    def __init__(self, name: Name, text: MarketText, source: CandleSource) -> None:
        super().__init__(name, source)
        self._text_of = text
        self._feed = source.feed
        self._told: tuple[Candle, ...] = tuple(source.feed.latest)

    def build_snapshot(self, form: Form) -> dict[str, object] | None:
        """The last ones as they stand."""
        return {"candles": [self._row(form, each) for each in self._feed.latest], "snapshot": True}

    def news(self) -> Build | None:
        """The last ones that were told, as far as they grew; a slow listener gets the newest state."""
        latest = tuple(self._feed.latest)
        if latest == self._told:
            return None
        grown = [each for each in latest if each not in self._told]
        self._told = latest
        return lambda form: {"candles": [self._row(form, each) for each in grown]}

    def _row(self, form: Form, candle: Candle) -> dict[str, object]:
        text = self._text_of
        return {
            "open_time": times.rfc3339(candle.open_ns),
            "time": candle.open_ns // 10**9,
            "open": number(form, text.price(candle.open)),
            "high": number(form, text.price(candle.high)),
            "low": number(form, text.price(candle.low)),
            "close": number(form, text.price(candle.close)),
            "volume": number(form, text.quantity(candle.volume)),
            "turnover": number(form, text.value(candle.turnover)),
            "trade_count": candle.trades,
        }
