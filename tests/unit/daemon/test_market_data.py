"""Subscriptions have limits, trades and tickers are told once and survive a restart, nonsense is refused."""

import random
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as replace_fields

from mexchange.codec.messages import (
    BookQuery,
    MarketsQuery,
    QueryRefused,
    Subscribe,
    Subscribed,
    SubscribeRefused,
    Ticker,
    TickerQuery,
    Trades,
    TradesQuery,
    Unsubscribe,
)
from mexchange.codec.messages import Channel as Kind
from mexchange.core.engine import Engine
from mexchange.daemon.ladder import GROUPS_PER_MARKET_MAX
from mexchange.daemon.subscriptions import SUBSCRIPTIONS_PER_SESSION_MAX
from mexchange.daemon.tape import SYNTHETIC, SYNTHETIC_OWNER_FIRST
from mexchange.domain.commands import CreateMarket, Deposit, OpenAccount, SetMarketStatus
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Atoms, MarketId, OwnerId, Ticks, TradeId
from tests.fakes.market_stage import ANN, BOB, CAT, EUR, KCN, MARKET, Stage, limit, name

HOUR_NS = 3_600 * 10**9


def trade(stage: Stage, quantity: int, price: int, taker: Side = Side.BUY) -> None:
    """One trade at this price."""
    stage.apply(limit(ANN, taker.opposite, quantity, price))
    stage.apply(limit(BOB, taker, quantity, price))


def subscription_keys() -> list[Subscribe]:
    """More different channels than a session may have, in few groupings."""
    keys = [
        Subscribe(Kind.BOOK, MARKET, depth, group, rate)
        for depth in (10, 50, 1000)
        for group in range(1, 9)
        for rate in range(3)
    ]
    return [*keys, *(Subscribe(kind, MARKET, rate=rate) for kind in (Kind.TRADES, Kind.TICKER) for rate in range(3))]


def test_a_session_has_at_most_64_subscriptions_and_one_that_ends_makes_room() -> None:
    stage, keys = Stage(), subscription_keys()
    ids = [stage.ask("tui", key)[0].subscription for key in keys[:SUBSCRIPTIONS_PER_SESSION_MAX]]
    extra = keys[SUBSCRIPTIONS_PER_SESSION_MAX]
    (refused,) = stage.ask("tui", extra)
    assert isinstance(refused, SubscribeRefused)
    assert refused.code == "E_SUBSCRIPTIONS"
    assert isinstance(stage.ask("other", extra)[0], Subscribed)
    assert isinstance(stage.ask("tui", keys[0])[0], Subscribed), "what it has already may be asked for again"
    stage.ask("tui", Unsubscribe(ids[0]))
    assert isinstance(stage.ask("tui", extra)[0], Subscribed)


def test_a_market_keeps_a_bounded_number_of_groupings_and_forgets_those_of_nobody() -> None:
    stage = Stage()
    for group in range(2, GROUPS_PER_MARKET_MAX + 2):
        assert isinstance(stage.ask(f"s{group % 3}", Subscribe(Kind.BOOK, MARKET, 10, group))[0], Subscribed)
    (refused,) = stage.ask("new", Subscribe(Kind.BOOK, MARKET, 10, 100))
    assert isinstance(refused, SubscribeRefused)
    stage.leave("s0")
    assert isinstance(stage.ask("new", Subscribe(Kind.BOOK, MARKET, 10, 100))[0], Subscribed)


def test_channels_that_are_too_much_for_one_tick_speak_at_the_next_and_none_is_forgotten() -> None:
    stage = Stage()
    deep = [Subscribe(Kind.BOOK, MARKET, 1000, group) for group in range(1, 16)]
    for number, key in enumerate([*deep, *(Subscribe(Kind.BOOK, MARKET, 50, group, 0) for group in range(1, 17))]):
        stage.ask(f"s{number}", key)
    stage.ask("late", Subscribe(Kind.BOOK, MARKET, 1000, 16))
    stage.ask("last", Subscribe(Kind.BOOK, MARKET, 10, 16))
    stage.apply(limit(ANN, Side.BUY, 5, 990))
    stage.tick()
    sessions = [*(f"s{number}" for number in range(31)), "late", "last"]
    at_once = [len(stage.take(session)) for session in sessions]
    assert sum(at_once) == len(sessions) - 1
    assert at_once[-1] == 0
    stage.tick()
    assert [len(stage.take(session)) for session in sessions] == [0] * 32 + [1]


def test_a_session_that_is_gone_leaves_nothing_behind() -> None:
    stage = Stage()
    for key in subscription_keys()[:20]:
        stage.ask("tui", key)
    assert stage.market_data.channels() == 20
    stage.leave("tui")
    assert stage.market_data.channels() == 0
    trade(stage, 1, 1000)
    stage.tick()
    assert stage.take("tui") == []
    assert stage.heads("tui") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Subscribe(Kind.BOOK, MarketId(9), 10), "E_MARKET_NOT_FOUND"),
        (Subscribe(Kind.BOOK, MARKET, 11), "E_MALFORMED"),
        (Subscribe(Kind.BOOK, MARKET, 0), "E_MALFORMED"),
        (Subscribe(Kind.BOOK, MARKET, 10, 0), "E_MALFORMED"),
        (Subscribe(Kind.BOOK, MARKET, 10, 2**63), "E_MALFORMED"),
        (Subscribe(Kind.BOOK, MARKET, 10, 1, 3), "E_MALFORMED"),
        (Subscribe(0, MARKET, 10), "E_MALFORMED"),
        (Subscribe(77, MARKET, 10), "E_MALFORMED"),
    ],
)
def test_a_channel_that_does_not_exist_is_refused(asked: Subscribe, code: str) -> None:
    (refused,) = Stage().ask("tui", asked)
    assert isinstance(refused, SubscribeRefused)
    assert refused.code == code
    assert refused.text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (BookQuery(MarketId(9)), "E_MARKET_NOT_FOUND"),
        (BookQuery(MARKET, 10, 0), "E_MALFORMED"),
        (TradesQuery(MarketId(9)), "E_MARKET_NOT_FOUND"),
        (TickerQuery(MarketId(9)), "E_MARKET_NOT_FOUND"),
    ],
)
def test_a_question_about_nothing_is_refused(asked: Any, code: str) -> None:
    (refused,) = Stage().ask("tui", asked)
    assert isinstance(refused, QueryRefused)
    assert refused.code == code


def test_a_trades_channel_opens_with_the_last_trades_and_goes_on_without_a_gap() -> None:
    stage = Stage()
    for price in range(30):
        trade(stage, 1 + price, 1000 + price % 7)
    opening = stage.ask("tui", Subscribe(Kind.TRADES, MARKET))[1]
    seen = [each.trade_id for each in opening.trades]
    assert seen == list(range(9, 31))
    for _ in range(3):
        for _ in range(25):
            trade(stage, 2, 1001, Side.SELL)
        stage.tick()
        blocks = stage.take("tui")
        assert [block.page for block in blocks] == [1, 2]
        seen += [each.trade_id for block in blocks for each in block.trades]
    assert seen == list(range(9, 106))
    assert blocks[-1].trades[-1].side == Side.SELL
    assert stage.heads("tui") == [(opening.subscription, blocks[-1].trades[-1].sequence)]


def test_trades_are_asked_for_backwards_page_by_page() -> None:
    stage, seen, before = Stage(), [], 0
    for _ in range(60):
        trade(stage, 1, 1000)
    while True:
        (page,) = stage.ask("cli", TradesQuery(MARKET, 25, TradeId(before)))
        assert isinstance(page, Trades)
        if not page.trades:
            break
        seen += [each.trade_id for each in page.trades]
        before = seen[-1]
    assert seen == list(range(60, 0, -1))


def test_trades_of_the_prelude_are_labelled_and_those_of_traders_are_not() -> None:
    stage = Stage()
    synthetic = AccountId(19)
    stage.apply(
        OpenAccount(OwnerId(SYNTHETIC_OWNER_FIRST)),
        *(Deposit(synthetic, name(), asset, Atoms(10**12)) for asset in (KCN, EUR)),
    )
    stage.apply(limit(ANN, Side.SELL, 5, 1000), limit(synthetic, Side.BUY, 2, 1000), limit(BOB, Side.BUY, 3, 1000))
    (answer,) = stage.ask("cli", TradesQuery(MARKET))
    assert [each.flags for each in answer.trades] == [0, SYNTHETIC]


def test_a_ticker_is_told_when_it_changes_and_not_when_the_depth_does() -> None:
    stage = Stage()
    opening = stage.ask("tui", Subscribe(Kind.TICKER, MARKET))[1]
    assert isinstance(opening, Ticker)
    assert (opening.bid, opening.ask, opening.last, opening.status) == (0, 0, 0, MarketStatus.OPEN)
    stage.apply(limit(ANN, Side.BUY, 5, 990))
    stage.tick()
    (ticker,) = stage.take("tui")
    assert (ticker.bid, ticker.ask) == (990, 0)
    stage.apply(limit(ANN, Side.BUY, 5, 980))
    stage.tick()
    assert stage.take("tui") == []
    stage.apply(limit(BOB, Side.SELL, 2, 990))
    stage.apply(SetMarketStatus(MARKET, MarketStatus.HALTED))
    stage.tick()
    (ticker,) = stage.take("tui")
    assert (ticker.last, ticker.volume_24h, ticker.trades_24h, ticker.status) == (990, "2", 1, MarketStatus.HALTED)
    assert ticker.turnover_24h == str(990 * 2 * 1_000), "1,000 quote atoms a tick and lot"


def test_a_day_passes_and_the_ticker_says_so_without_a_trade() -> None:
    stage = Stage()
    trade(stage, 3, 1000)
    stage.tick()
    stage.ask("tui", Subscribe(Kind.TICKER, MARKET))
    stage.tick(25 * HOUR_NS)
    (ticker,) = stage.take("tui")
    assert (ticker.last, ticker.volume_24h, ticker.high_24h, ticker.open_24h) == (1000, "0", 0, 0)


def test_a_market_made_at_run_time_is_open_to_everybody_at_once() -> None:
    stage = Stage()
    stage.apply(CreateMarket(EUR, KCN, 10_000_000, Atoms(100_000), Ticks(50)), limit(ANN, Side.BUY, 4, 50, market=2))
    stage.tick()
    tickers = stage.ask("cli", TickerQuery())
    assert [(ticker.market, ticker.bid, ticker.page, ticker.pages) for ticker in tickers] == [
        (1, 0, 1, 2),
        (2, 50, 2, 2),
    ]
    (page,) = stage.ask("cli", MarketsQuery())
    assert [info.symbol for info in page.markets] == ["KCN/EUR", "EUR/KCN"]


def test_after_a_restart_everything_public_is_as_before(seed: int) -> None:
    """Saved in the middle, the rest replayed on a fresh engine from its snapshot: the same answers."""
    rng, stage = random.Random(seed), Stage()
    saved: list[tuple[str, bytes]] = []
    for turn in range(120):
        if turn == 60:
            saved = [(view.name, view.save()) for view in stage.views]
            stage.frames.clear()
        price = rng.randrange(990, 1010)
        account = rng.choice((ANN, BOB, CAT))
        stage.apply(limit(account, rng.choice(list(Side)), rng.randrange(1, 9), price))
        stage.tick(rng.randrange(10**9, HOUR_NS))
    again = restarted(stage, saved)
    again.now_ns = stage.now_ns
    for each in (stage, again):
        each.tick()
    questions = (TickerQuery(MARKET), TradesQuery(MARKET, 22), BookQuery(MARKET, 1000), MarketsQuery())
    for question in questions:
        assert timeless(again.ask("cli", question)) == timeless(stage.ask("cli", question))


@pytest.mark.parametrize("part", [b"", b"garbage", b'{"version":99,"synthetic":[],"markets":[]}', b'{"version":1}'])
def test_a_saved_part_that_cannot_be_read_costs_the_statistics_and_nothing_else(part: bytes) -> None:
    stage = Stage()
    stage.apply(limit(ANN, Side.BUY, 5, 990))
    names = [(view.name, part) for view in stage.views]
    stage.frames.clear()
    trade(stage, 2, 995)
    again = restarted(stage, names)
    (ticker,) = again.ask("cli", TickerQuery(MARKET))
    assert (ticker.bid, ticker.last, ticker.volume_24h, ticker.status) == (990, 995, "2", MarketStatus.OPEN)
    assert ticker.turnover_24h != "0"


def timeless(messages: list[Any]) -> list[Any]:
    """Without the sequence that they stand at: a book read from the engine is true at the engine's own, too."""
    return [
        replace_fields(message, sequence=0, **({"time_ns": 0} if hasattr(message, "time_ns") else {}))
        if hasattr(message, "sequence")
        else message
        for message in messages
    ]


def restarted(stage: Stage, saved: list[tuple[str, bytes]]) -> Stage:
    """New views that loaded what was saved and replayed the frames since, on a restored engine."""
    again = Stage(Engine.restore(stage.engine.snapshot()))
    for view, (name_of, data) in zip(again.views, saved, strict=True):
        assert view.name == name_of
        view.load(data)
    for frame in stage.frames:
        again.commit(replace(frame, replayed=True))
    for view in again.views:
        view.ready()
    return again
