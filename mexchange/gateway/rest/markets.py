"""What everybody may see: /api/markets, ticker, book, trades, candles, status."""

from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import Parameter

from mexchange import __version__
from mexchange.client.markets import Markets
from mexchange.codec.messages import Level, Ticker, Trade
from mexchange.domain.candles import INTERVALS_BY_TEXT, Candle
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.gateway import shapes, times
from mexchange.gateway.channel_names import NO_GROUP
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.market_text import MarketText
from mexchange.gateway.rest import answers
from mexchange.gateway.services import Services
from mexchange.gateway.shapes import Asset, Market

Symbol = Annotated[str, Parameter(description="KCN/EUR", max_length=64)]


class MarketList(msgspec.Struct, frozen=True):
    """All markets and assets."""

    markets: list[Market]
    assets: list[Asset]
    sequence: int


class TickerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A market at a glance; null where it has nothing to say."""

    symbol: str
    last: str | None
    bid: str | None
    ask: str | None
    open_24h: str | None
    high_24h: str | None
    low_24h: str | None
    change_24h: str | None
    change_pct_24h: str | None
    volume_24h: str
    turnover_24h: str
    trades_24h: int
    status: str
    sequence: int


class Tickers(msgspec.Struct, frozen=True):
    """One or all."""

    tickers: list[TickerRow]


class BookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Levels as price, quantity, number of orders; best first."""

    symbol: str
    sequence: int
    time_ns: str
    group: str
    bids: list[tuple[str, str, int]]
    asks: list[tuple[str, str, int]]


class TradeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A public trade; the side is the taker's."""

    trade_id: int
    price: str
    quantity: str
    side: str
    time: str
    time_ns: str
    sequence: int


class Trades(msgspec.Struct, frozen=True):
    """Newest first."""

    symbol: str
    trades: list[TradeRow]


class CandleRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was traded in one interval."""

    open_time: str
    open: str
    high: str
    low: str
    close: str
    volume: str
    trade_count: int
    turnover: str


class Candles(msgspec.Struct, frozen=True):
    """Oldest first, without gaps."""

    data: list[CandleRow]
    symbol: str
    interval: str


class LinkStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How this gateway stands to the exchange."""

    status: str
    sequence: int
    time_ns: str
    round_trip_ns: int
    version: str
    exchange_version: str
    demo: bool


@get("/api/markets", tags=["markets"], summary="Markets and assets", responses=answers.PUBLIC)
async def markets(services: Services) -> MarketList:
    """With their rules; decimals as text, fees as fractions."""
    found = services.link.markets
    assets = [
        Asset(symbol=each.symbol, scale=each.scale, display_decimals=each.display_decimals) for each in found.assets
    ]
    return MarketList([shapes.market(info, found) for info in found], assets, found.sequence)


@get("/api/ticker", tags=["markets"], summary="Tickers", responses=answers.PUBLIC)
async def ticker(
    services: Services,
    symbol: Annotated[str | None, Parameter(description="KCN/EUR; all without", max_length=64)] = None,
) -> Tickers:
    """The last 24 hours of one market or all."""
    registry = services.link.markets
    wanted = [registry.by_symbol(symbol)] if symbol else list(registry)
    client = services.link.client
    return Tickers([_ticker(await client.ticker(info.market), registry) for info in wanted])


@get("/api/book", tags=["markets"], summary="A book", responses=answers.PUBLIC)
async def book(
    services: Services,
    symbol: Symbol,
    depth: Annotated[int, Parameter(ge=1, le=1000)] = 50,
    group: Annotated[str, Parameter(description="none, or a price step", max_length=32)] = NO_GROUP,
) -> BookAnswer:
    """Once; the WebSocket keeps one up to date."""
    registry = services.link.markets
    info = registry.by_symbol(symbol)
    ticks = 1 if group == NO_GROUP else registry.price(info.market, group)
    found = await services.link.client.book(info.market, depth, ticks)

    def rows(levels: list[Level]) -> list[tuple[str, str, int]]:
        shown = [
            (registry.show_price(info.market, each.price), registry.show_quantity(info.market, each.quantity))
            for each in levels
        ]
        return [(*text, each.orders) for text, each in zip(shown, levels, strict=True)]

    return BookAnswer(
        symbol=info.symbol,
        sequence=found.sequence,
        time_ns=str(found.time_ns),
        group=group,
        bids=rows(found.bids),
        asks=rows(found.asks),
    )


@get("/api/trades", tags=["markets"], summary="Public trades", responses=answers.PUBLIC)
async def trades(
    services: Services,
    symbol: Symbol,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 100,
    before: Annotated[int, Parameter(ge=0, le=2**62, description="A trade id; those before it.")] = 0,
) -> Trades:
    """Newest first."""
    registry = services.link.markets
    info = registry.by_symbol(symbol)
    found = await services.link.client.trades(info.market, limit, before=before)
    return Trades(info.symbol, [_trade(each, info.market, registry) for each in found])


@get("/api/ohlcv", tags=["markets"], summary="Candles", responses=answers.PUBLIC)
async def ohlcv(
    services: Services,
    symbol: Symbol,
    interval: Annotated[str, Parameter(description=" ".join(INTERVALS_BY_TEXT), max_length=8)] = "1m",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 500,
    since: Annotated[str | None, Parameter(query="from", max_length=40, description="Unix seconds or RFC 3339")] = None,
    until: Annotated[str | None, Parameter(query="to", max_length=40, description="Unix seconds or RFC 3339")] = None,
) -> Candles:
    """The last ones before `to`, or the first ones from `from`; oldest first."""
    registry = services.link.markets
    info = registry.by_symbol(symbol)
    length = INTERVALS_BY_TEXT.get(interval)
    if length is None:
        raise BadRequest(f"candles are of {' '.join(INTERVALS_BY_TEXT)}", code="E_INTERVAL")
    client = services.link.client
    now_ns = client.server_time_ns()
    until_ns = min(times.parse(until, "to"), now_ns) if until else now_ns
    if since:
        since_ns = times.parse(since, "from")
        until_ns = min(until_ns, since_ns + limit * length.ns)
    else:
        since_ns = max(1, until_ns - limit * length.ns + 1)
    text = MarketText(info.market, registry)
    found: list[CandleRow] = []
    if since_ns < until_ns:
        async for candle in client.candles(info.market, length, since_ns=since_ns, until_ns=until_ns):
            found.append(_candle(candle, text))
            if len(found) > limit:
                break
    return Candles(found[:limit] if since else found[-limit:], info.symbol, length.text)


@get("/api/status", tags=["markets"], summary="This gateway's link", responses=answers.PUBLIC)
async def status(services: Services) -> LinkStatus:
    """LIVE and SLOW may be trusted."""
    link = services.link
    return LinkStatus(
        status=link.state.name,
        sequence=link.sequence,
        time_ns=str(link.now_ns()),
        round_trip_ns=link.round_trip_ns,
        version=__version__,
        exchange_version=link.version,
        demo=link.is_demo,
    )


def _ticker(found: Ticker, registry: Markets) -> TickerRow:
    text = MarketText(found.market, registry)

    def price(ticks: int) -> str | None:
        return text.price(ticks) if ticks else None

    change = found.last - found.open_24h
    return TickerRow(
        symbol=text.symbol,
        last=price(found.last),
        bid=price(found.bid),
        ask=price(found.ask),
        open_24h=price(found.open_24h),
        high_24h=price(found.high_24h),
        low_24h=price(found.low_24h),
        change_24h=text.difference(change) if found.open_24h else None,
        change_pct_24h=_hundredths(change, found.open_24h) if found.open_24h else None,
        volume_24h=text.quantity(int(found.volume_24h or 0)),
        turnover_24h=text.quote(int(found.turnover_24h or 0)),
        trades_24h=found.trades_24h,
        status=MarketStatus(found.status).name.lower() if found.status else "",
        sequence=found.sequence,
    )


def _hundredths(change: int, base: int) -> str:
    """Percent with two decimals, rounded toward zero."""
    value = abs(change) * 10_000 // base
    return f"{'-' if change < 0 and value else ''}{value // 100}.{value % 100:02d}"


def _trade(trade: Trade, market: int, registry: Markets) -> TradeRow:
    return TradeRow(
        trade_id=trade.trade_id,
        price=registry.show_price(market, trade.price),
        quantity=registry.show_quantity(market, trade.quantity),
        side=shapes.TAKER_SIDES[Side(trade.side)],
        time=times.rfc3339(trade.time_ns),
        time_ns=str(trade.time_ns),
        sequence=trade.sequence,
    )


def _candle(candle: Candle, text: MarketText) -> CandleRow:
    return CandleRow(
        open_time=times.rfc3339(candle.open_ns),
        open=text.price(candle.open),
        high=text.price(candle.high),
        low=text.price(candle.low),
        close=text.price(candle.close),
        volume=text.quantity(candle.volume),
        trade_count=candle.trades,
        turnover=text.value(candle.turnover),
    )


HANDLERS: Final = (markets, ticker, book, trades, ohlcv, status)
