"""What an account is worth: balances as they stand, prices of now, and what the history tables say of its past."""

from collections.abc import Iterable
from typing import Final

from mexchange.client.history_calls import HistoryCalls
from mexchange.client.markets import Markets
from mexchange.client.worth import quote_of
from mexchange.codec.messages import MarketInfo
from mexchange.domain.candles import DAY_NS, Interval
from mexchange.domain.portfolio import (
    DayBalance,
    EquityPoint,
    Lot,
    Portfolio,
    Quote,
    equity_curve,
    portfolio,
    rates_to,
)
from mexchange.domain.units import AssetId, MarketId, Ticks

DAYS_DEFAULT: Final = 30


class PortfolioCalls(HistoryCalls):
    """Worth, cost and profit."""

    async def portfolio(self, asset: int, *, account: int | None = None, timeout_s: float | None = None) -> Portfolio:
        """Balances, held amounts included, and profit and loss, valued in `asset` at the last prices.

        A market that nobody has traded in yet counts with its reference price.
        """
        balances = await self.balances(account, timeout_s=timeout_s)
        holdings = await self.holdings(account=account, timeout_s=timeout_s)
        lots = [Lot(each.market, each.quantity, each.cost, each.realised) for each in holdings]
        quotes = await self._quotes(asset, {each.asset for each in balances}, {lot.market for lot in lots}, timeout_s)
        held = {each.asset: each.available + each.held for each in balances}
        return portfolio(AssetId(asset), held, lots, quotes)

    async def equity(
        self, asset: int, *, days: int = DAYS_DEFAULT, account: int | None = None, timeout_s: float | None = None
    ) -> list[EquityPoint]:
        """What the account was worth in `asset` at the end of each of the last UTC days; today: as it stands."""
        today = self.server_time_ns() // DAY_NS
        span = range(max(today - days + 1, 0), today + 1)
        rows = await self.day_balances(span.start, account=account, timeout_s=timeout_s)
        balances = [DayBalance(row.asset, row.day, row.balance) for row in rows]
        used = _on_the_way(asset, {row.asset for row in rows}, await self.markets())
        closes = {market.market: await self._closes(market.market, span.start) for market in used}
        return equity_curve(AssetId(asset), span, balances, [quote_of(market, 1) for market in used], closes)

    async def _quotes(
        self, asset: int, assets: set[AssetId], markets: set[MarketId], timeout_s: float | None
    ) -> list[Quote]:
        """Prices of the markets that lead from these assets, and from the quotes of these markets, to `asset`."""
        registry = await self.markets()
        used = _on_the_way(asset, assets | {registry[market].quote for market in markets}, registry)
        wanted = {market.market: market for market in used} | {market: registry[market] for market in markets}
        quotes = []
        for number, market in sorted(wanted.items()):
            ticker = await self.ticker(number, timeout_s=timeout_s)
            quotes.append(quote_of(market, ticker.last or market.reference_price))
        return quotes

    async def _closes(self, market: MarketId, first_day: int) -> dict[int, Ticks]:
        """The last price of each day with trades, and that before the first day."""
        walk = self.candles(market, Interval.D1, since_ns=first_day * DAY_NS)
        return {candle.open_ns // DAY_NS: candle.close async for candle in walk}


def _on_the_way(asset: int, assets: Iterable[AssetId], markets: Markets) -> list[MarketInfo]:
    """The markets over which these assets are valued."""
    rates = rates_to(AssetId(asset), [quote_of(market, 1) for market in markets])
    used = {market for each in assets if each in rates for market in rates[each].path}
    return [markets[market] for market in sorted(used)]
