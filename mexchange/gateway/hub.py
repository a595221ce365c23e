"""All channels of the gateway: opened with the first listener, closed with the last, their sources shared."""

import asyncio
from collections.abc import Hashable
from typing import Final, TypeVar

from mexchange.client.errors import ClientError
from mexchange.gateway import channel_names
from mexchange.gateway.block_channels import BlockBook, BlockCandles, BlockTicker, BlockTrades
from mexchange.gateway.book_channel import BookChannel
from mexchange.gateway.channel_names import HEARTBEAT, Name
from mexchange.gateway.channels import Channel, Hearer
from mexchange.gateway.errors import GatewayError
from mexchange.gateway.heartbeat import HeartbeatChannel
from mexchange.gateway.link import Link
from mexchange.gateway.market_text import MarketText
from mexchange.gateway.sources import BookSource, CandleSource, MarketSource, Source, depth_of, rate_of
from mexchange.gateway.ticker_channels import ShortTickerChannel, TickerChannel
from mexchange.gateway.trade_channels import CandlesChannel, TradesChannel

S = TypeVar("S", bound=BookSource | MarketSource | CandleSource)

TICKER_DEPTH: Final = 10


class Hub:
    """Gives channels out, and takes them back."""

    def __init__(self, link: Link, channels_max: int) -> None:
        self._link = link
        self._channels_max = channels_max
        self._channels: dict[str, Channel] = {}
        self._sources: dict[Hashable, Source] = {}
        self._texts: dict[int, MarketText] = {}
        self._turn = asyncio.Lock()
        """Of whoever opens or closes something."""

    @property
    def channels(self) -> int:
        """Open ones."""
        return len(self._channels)

    @property
    def spoken(self) -> int:
        """Messages of the channels that are open, each counted once."""
        return sum(channel.spoken for channel in self._channels.values())

    async def join(self, name: str, hearer: Hearer) -> Channel:
        """Let somebody listen. Raises GatewayError, UnknownMarket, TextError, ClientError."""
        return await self.join_channel(channel_names.parse(name, self._link.markets), hearer)

    async def join_channel(self, meaning: Name, hearer: Hearer) -> Channel:
        """The same for a channel whose name was understood. Raises GatewayError, ClientError."""
        name = meaning.text
        async with self._turn:
            channel = self._channels.get(name)
            if channel is None:
                if len(self._channels) >= self._channels_max:
                    raise GatewayError(
                        "as many different channels are open as this gateway holds",
                        code="E_SUBSCRIPTIONS",
                        hint="use one that others use, or try again later",
                        status=429,
                    )
                channel = self._channels[name] = await self._open(meaning)
                channel.open()
            channel.hearers[hearer] = None
            return channel

    async def leave(self, channel: Channel, hearer: Hearer) -> None:
        """Somebody has enough."""
        channel.hearers.pop(hearer, None)
        async with self._turn:
            if not channel.hearers and self._channels.get(channel.name.text) is channel:
                del self._channels[channel.name.text]
                channel.close()
                self._release(channel.sources)

    async def reopen(self) -> None:
        """The sessions to the exchange are new: open everything again, for whoever listens."""
        async with self._turn:
            old, self._channels = self._channels, {}
            for channel in old.values():
                channel.close()
            self._sources.clear()
            self._texts.clear()
            for name, channel in old.items():
                try:
                    fresh = await self._open(channel.name)
                except (ClientError, GatewayError):
                    continue  # its listeners hear nothing more and ask again
                self._channels[name] = fresh
                fresh.open()
                for hearer in channel.hearers:
                    fresh.hearers[hearer] = None
                    hearer.moved(channel, fresh)

    async def _open(self, name: Name) -> Channel:
        if name.kind == HEARTBEAT:
            return HeartbeatChannel(name, self._link)
        if name.kind.startswith("#"):
            return await self._open_blocks(name)
        text = self._texts.setdefault(name.market, MarketText(name.market, self._link.markets))
        if name.kind == "candles":
            assert name.interval is not None
            candles = CandleSource(name.market, name.interval)
            return CandlesChannel(name, text, await self._source(("candles", name.market, name.interval), candles))
        market = await self._source(("market", name.market), MarketSource(name.market))
        if name.kind == "trades":
            return TradesChannel(name, text, market)
        try:
            book = await self._book(name)
        except BaseException:
            self._release((market,))
            raise
        match name.kind:
            case "book":
                return BookChannel(name, text, book, market)
            case "ticker":
                return TickerChannel(name, text, book, market)
            case _:
                return ShortTickerChannel(name, text, book, market)

    async def _open_blocks(self, name: Name) -> Channel:
        self._link.markets[name.market]  # raises UnknownMarket
        if name.kind == "#book":
            return BlockBook(name, await self._book(name))
        if name.kind == "#candles":
            assert name.interval is not None
            source = CandleSource(name.market, name.interval)
            return BlockCandles(name, await self._source(("candles", name.market, name.interval), source))
        market = await self._source(("market", name.market), MarketSource(name.market))
        return BlockTrades(name, market) if name.kind == "#trades" else BlockTicker(name, market)

    async def _book(self, name: Name) -> BookSource:
        depth, rate = depth_of(name.depth or TICKER_DEPTH), rate_of(name.span_ms)
        key = ("book", name.market, depth, name.group_ticks, rate)
        return await self._source(key, BookSource(name.market, depth, name.group_ticks, rate))

    async def _source(self, key: Hashable, fresh: S) -> S:
        """The source of that key, which others use already, or the fresh one, opened."""
        source = self._sources.get(key)
        if source is None:
            try:
                await fresh.open(self._link)
            except BaseException:
                fresh.close()
                raise
            source = self._sources[key] = fresh
        source.users += 1
        return source  # type: ignore[return-value]  # a key names sources of one kind

    def _release(self, sources: tuple[Source, ...]) -> None:
        for source in sources:
            source.users -= 1
            if not source.users:
                source.close()
                for key, known in list(self._sources.items()):
                    if known is source:
                        del self._sources[key]
