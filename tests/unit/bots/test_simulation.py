"""Maker and taker on the real engine, second by second: the market that they make is alive and stays so."""

import pytest

from mexchange.bots.reference import BAND_PPM
from mexchange.daemon import demo
from mexchange.domain.order import Side
from mexchange.domain.units import PPM_ONE, MarketId
from tests.fakes.bot_market import MAKER, TAKER, BotMarket

SPREAD_PPM_MAX = 1_000
AWAY_PPM_MAX = BAND_PPM + 2_000
"""Of any quote from home: the band of the fair price, and what the levels spread over."""


def check(market: BotMarket) -> None:
    """Both sides quoted in each market, the spread in bounds, prices sane, and both bots solvent on both sides."""
    for info in market.infos:
        bid, ask = market.best(info)
        home = market.homes[info.market]
        assert 0 < bid < ask, (info.symbol, bid, ask)
        assert (ask - bid) * PPM_ONE <= SPREAD_PPM_MAX * home, (info.symbol, bid, ask)
        for price in (bid, ask):
            assert abs(price - home) * PPM_ONE <= AWAY_PPM_MAX * home, (info.symbol, price)
        for account in (MAKER, TAKER):
            view = market.view(info, account)
            assert min(view.base_value, view.quote) * 8 > view.base_value + view.quote, (info.symbol, view.tilt_ppm)


def live(market: BotMarket, *, seconds: int, step: int, restart_every: int) -> None:
    """Let the market live, and look at it after each step."""
    market.step(step)
    for number in range(seconds // step):
        if number % restart_every == restart_every - 1:
            market.restart_bots()
        market.step(step)
        check(market)


def test_an_hour_second_by_second(seed: int) -> None:
    market = BotMarket(seed % 1_000, demo.bot_grants)
    trades_before = market.trades()
    live(market, seconds=3_600, step=1, restart_every=1_000)
    assert all(market.trades()[info.market] - trades_before[info.market] > 300 for info in market.infos)
    assert market.commands < 3_600 * 4, "gentle: a few orders a second"
    assert market.rejected * 100 < market.commands


def test_three_days_in_larger_steps_with_the_funds_of_an_ordinary_account(seed: int) -> None:
    """Whoever starts a bot by hand has little: it quotes what it can afford."""
    market = BotMarket(seed % 1_000, demo.grants)
    market.step(10)
    for number in range(3 * 86_400 // 120):
        if number % 500 == 0:
            market.restart_bots()
        market.step(120)
        for info in market.infos:
            bid, ask = market.best(info)
            assert 0 < bid < ask, (info.symbol, bid, ask)
    assert market.rejected * 100 < market.commands


@pytest.mark.soak
def test_three_weeks_in_steps_of_five_seconds(seed: int) -> None:
    market = BotMarket(seed % 1_000, demo.bot_grants)
    live(market, seconds=21 * 86_400, step=5, restart_every=20_000)
    for info in market.infos:
        for account in (MAKER, TAKER):
            view = market.view(info, account)
            print(info.symbol, account, "tilt", view.tilt_ppm, "wealth", (view.base_value + view.quote) // 10**8)


def test_the_maker_never_takes(seed: int) -> None:
    market = BotMarket(seed % 1_000, demo.bot_grants)
    for _ in range(600):
        market.step()
    assert market.maker_took == 0
    assert any(order.side == Side.BUY for order in market.engine.state.books[MarketId(1)].orders.values())
