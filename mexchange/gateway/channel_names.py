"""The names of channels: `book.KCN/EUR.none.10.100ms`, `ticker.KCN/EUR.1000ms`, `trades.KCN/EUR`, `orders`."""

import re
from typing import Final, NamedTuple

from mexchange.client.markets import Markets
from mexchange.domain.candles import INTERVALS_BY_TEXT, Interval
from mexchange.gateway.errors import BadRequest

NAME_LENGTH_MAX: Final = 96
DEPTH_MAX: Final = 1_000
INTERVAL_MS_MIN, INTERVAL_MS_MAX = 50, 60_000
NO_GROUP: Final = "none"
PRIVATE: Final = ("orders", "fills", "balances")
HEARTBEAT: Final = "heartbeat"

_SPAN: Final = re.compile(r"(\d{1,5})(ms|s)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)


class Name(NamedTuple):
    """What a name means. `market` 0: none. `group_ticks`, `depth` of books, `interval` of candles."""

    text: str
    kind: str
    market: int = 0
    group_ticks: int = 1
    depth: int = 0
    span_ms: int = 0
    interval: Interval | None = None


def parse(name: str, markets: Markets) -> Name:
    """The meaning of a public channel's name. Raises BadRequest, UnknownMarket, TextError."""
    if len(name) > NAME_LENGTH_MAX:
        raise _unknown(name[:NAME_LENGTH_MAX])
    kind, *rest = name.split(".")
    if kind == HEARTBEAT and not rest:
        return Name(name, kind, span_ms=500)
    if kind in ("book", "ticker", "lwt", "trades", "candles") and rest:
        market = markets.by_symbol(rest[0]).market
        if kind == "trades" and len(rest) == 1:
            return Name(name, kind, market)
        if kind in ("ticker", "lwt") and len(rest) == 2:
            return Name(name, kind, market, span_ms=_span_ms(rest[1]))
        if kind == "candles" and len(rest) == 2:
            return Name(name, kind, market, span_ms=100, interval=_interval(rest[1]))
        if kind == "book" and len(rest) >= 4:
            group = ".".join(rest[1:-2])
            ticks = 1 if group == NO_GROUP else int(markets.price(market, group))
            return Name(name, kind, market, ticks, _depth(rest[-2]), _span_ms(rest[-1]))
    raise _unknown(name)


def _depth(word: str) -> int:
    depth = int(word) if _NUMBER.fullmatch(word) else 0
    if not 1 <= depth <= DEPTH_MAX:
        raise BadRequest(f"a book has 1 to {DEPTH_MAX} levels a side", code="E_CHANNEL")
    return depth


def _span_ms(word: str) -> int:
    match = _SPAN.fullmatch(word)
    span_ms = int(match[1]) * (1 if match[2] == "ms" else 1_000) if match else 0
    if not INTERVAL_MS_MIN <= span_ms <= INTERVAL_MS_MAX:
        raise BadRequest(f"an interval is from {INTERVAL_MS_MIN}ms to {INTERVAL_MS_MAX}ms", code="E_INTERVAL")
    return span_ms


def _interval(word: str) -> Interval:
    found = INTERVALS_BY_TEXT.get(word)
    if found is None:
        raise BadRequest(f"candles are of {' '.join(INTERVALS_BY_TEXT)}", code="E_INTERVAL")
    return found


def _unknown(name: str) -> BadRequest:
    return BadRequest(
        f"there is no channel {name!r}", code="E_CHANNEL", hint="book, ticker, lwt, trades, candles, heartbeat"
    )
