"""Channels that tell how a market stands: the ticker, and its short form. Each message is complete."""

from mexchange.client.book_view import BookView
from mexchange.codec.messages import Level, Ticker
from mexchange.domain.market import MarketStatus
from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Build, Channel
from mexchange.gateway.decimals import Form, Number, number, seconds
from mexchange.gateway.market_text import MarketText
from mexchange.gateway.sources import BookSource, MarketSource


class _StateChannel(Channel):
    """Tells its whole state when it has changed."""

    is_state = True

    def __init__(self, name: Name, text: MarketText, book: BookSource, market: MarketSource) -> None:
        super().__init__(name, book, market)
        self.text = text
        self.view = book.view
        self.market = market
        self._told: object = None

    def build_snapshot(self, form: Form) -> dict[str, object] | None:
        """The state now."""
        ticker = self.market.ticker
        return None if ticker is None else self.state(form, ticker)

    def news(self) -> Build | None:
        """The state, if it is another."""
        now = self.content()
        if now == self._told:
            return None
        self._told = now
        return self.build_snapshot

    def content(self) -> object:
        """What a message would say, but for its time."""
        raise NotImplementedError

    def state(self, form: Form, ticker: Ticker) -> dict[str, object]:
        """The message."""
        raise NotImplementedError

    def best(self) -> tuple[Level | None, Level | None]:
        """Bid and ask."""
        return self.view.best_bid, self.view.best_ask


class TickerChannel(_StateChannel):
    """A market at a glance; fields of futures are there for older programs, and zero."""

    def content(self) -> object:
        """Prices, sizes and sums."""
        ticker = self.market.ticker
        return self.best(), None if ticker is None else (ticker.last, ticker.turnover_24h, ticker.status)

    def state(self, form: Form, ticker: Ticker) -> dict[str, object]:
        """The message."""
        text, (bid, ask) = self.text, self.best()
        zero = number(form, "0")

        def price(ticks: int) -> Number | None:
            return number(form, text.price(ticks)) if ticks else None

        mark = mark_of(form, text, bid, ask, ticker.last)
        return {
            "mark_price": mark,
            "mark_timestamp": seconds(form, max(ticker.time_ns, self.view.time_ns)),
            "best_bid_price": price(bid.price if bid else 0),
            "best_bid_amount": number(form, text.quantity(bid.quantity)) if bid else None,
            "best_ask_price": price(ask.price if ask else 0),
            "best_ask_amount": number(form, text.quantity(ask.quantity)) if ask else None,
            "last_price": price(ticker.last),
            "delta": 1,
            "volume_24h": number(form, text.quantity(int(ticker.volume_24h or 0))),
            "value_24h": number(form, text.quote(int(ticker.turnover_24h or 0))),
            "low_price_24h": price(ticker.low_24h),
            "high_price_24h": price(ticker.high_24h),
            "change_24h": number(form, text.difference(ticker.last - ticker.open_24h)) if ticker.open_24h else None,
            "index": mark,
            "forward": mark,
            "funding_mark": zero,
            "funding_rate": zero,
            "collar_low": mark_of(form, text, bid, ask, ticker.last, hundredths=99),
            "collar_high": mark_of(form, text, bid, ask, ticker.last, hundredths=101),
            "realised_funding_24h": zero,
            "average_funding_rate_24h": zero,
            "open_interest": zero,
            "sequence": max(ticker.sequence, self.view.sequence),
            "open_price_24h": price(ticker.open_24h),
            "trades_24h": ticker.trades_24h,
            "status": MarketStatus(ticker.status).name.lower() if ticker.status else None,
        }


class ShortTickerChannel(_StateChannel):
    """`lwt`: best levels, last, mark."""

    def content(self) -> object:
        """Best levels, totals, last."""
        ticker = self.market.ticker
        return self.best(), _totals(self.view), ticker.last if ticker else 0

    def state(self, form: Form, ticker: Ticker) -> dict[str, object]:
        """The message."""
        text, (bid, ask) = self.text, self.best()
        bids, asks = _totals(self.view)

        def level(found: Level | None, total: int) -> list[Number] | None:
            if found is None:
                return None
            quantity, sum_of_all = text.quantity(found.quantity), text.quantity(total)
            return [number(form, digits) for digits in (text.price(found.price), quantity, sum_of_all)]

        return {
            "b": level(bid, bids),
            "a": level(ask, asks),
            "l": number(form, text.price(ticker.last)) if ticker.last else None,
            "m": mark_of(form, text, bid, ask, ticker.last),
            "sequence": max(ticker.sequence, self.view.sequence),
        }


def mark_of(
    form: Form, text: MarketText, bid: Level | None, ask: Level | None, last: int, *, hundredths: int = 100
) -> Number | None:
    """The middle of the best prices, without one of them the last price; times so many hundredths."""
    if bid is not None and ask is not None:
        return number(form, text.middle(bid.price, ask.price, hundredths=hundredths))
    return number(form, text.middle(last, last, hundredths=hundredths)) if last else None


def _totals(view: BookView) -> tuple[int, int]:
    return sum(level.quantity for level in view.bids), sum(level.quantity for level in view.asks)
