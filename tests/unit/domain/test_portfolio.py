"""Worth and profit are what exact fractions say, rounded down once."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.portfolio import (
    DayBalance,
    EquityPoint,
    Lot,
    Position,
    Quote,
    equity_curve,
    portfolio,
    rates_to,
)
from mexchange.domain.units import AssetId, MarketId, Ticks

EUR, KCN, BTC, ETH, XYZ = (AssetId(number) for number in range(1, 6))


def quote(
    market: int, base: AssetId, other: AssetId, price: int, lot_size: int = 100_000, factor: int = 1_000
) -> Quote:
    return Quote(MarketId(market), base, other, lot_size, factor, Ticks(price))


@st.composite
def markets(draw: st.DrawFn) -> list[Quote]:
    pairs = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda p: p[0] != p[1]), max_size=8))
    return [
        quote(
            number,
            AssetId(base),
            AssetId(other),
            draw(st.integers(0, 2**48)),
            draw(st.integers(1, 10**9)),
            draw(st.integers(1, 10**9)),
        )
        for number, (base, other) in enumerate(pairs, 1)
    ]


def worth(asset: int, wanted: int, quotes: list[Quote]) -> dict[int, list[tuple[int, ...]]]:
    """Every way from `asset` to `wanted` without a circle, by length: its markets."""
    found: dict[int, list[tuple[int, ...]]] = {}

    def walk(at: int, seen: frozenset[int], path: tuple[int, ...]) -> None:
        if at == wanted:
            found.setdefault(len(path), []).append(path)
            return
        for each in quotes:
            if each.price and at in (each.base, each.quote):
                to = each.quote if at == each.base else each.base
                if to not in seen:
                    walk(to, seen | {to}, (*path, each.market))

    walk(asset, frozenset({asset}), ())
    return found


def along(asset: int, path: tuple[int, ...], quotes: list[Quote]) -> Fraction:
    """The exact rate over these markets."""
    rate, at = Fraction(1), asset
    for number in path:
        each = next(q for q in quotes if q.market == number)
        price = Fraction(each.price * each.atoms_per_tick_lot, each.lot_size)
        rate, at = (rate * price, each.quote) if at == each.base else (rate / price, each.base)
    return rate


@given(markets(), st.dictionaries(st.integers(1, 6).map(AssetId), st.integers(0, 2**62), max_size=6))
def test_every_asset_is_valued_over_the_fewest_markets_and_rounded_once(
    quotes: list[Quote], balances: dict[AssetId, int]
) -> None:
    found = portfolio(EUR, balances, [], quotes)
    rates = rates_to(EUR, quotes)
    total = 0
    for position in found.positions:
        ways = worth(position.asset, EUR, quotes)
        if not ways:
            assert position.value is None
            continue
        path = rates[position.asset].path
        assert path in ways[min(ways)]
        assert position.value == floor(position.amount * along(position.asset, path, quotes))
        total += position.value
    assert found.value == total
    assert found.is_partial == any(position.value is None for position in found.positions)
    assert [position.asset for position in found.positions] == sorted(asset for asset in balances if balances[asset])


def test_an_asset_goes_over_a_common_quote_and_a_market_without_a_price_is_no_way() -> None:
    quotes = [quote(1, KCN, EUR, 100), quote(2, KCN, BTC, 7), quote(3, ETH, BTC, 50), quote(4, XYZ, EUR, 0)]
    rates = rates_to(EUR, quotes)
    assert rates[ETH].path == (3, 2, 1)
    assert XYZ not in rates
    found = portfolio(EUR, {EUR: 5, XYZ: 9}, [], quotes)
    assert found.positions == [Position(EUR, 5, 5), Position(XYZ, 9, None)]
    assert (found.value, found.is_partial) == (5, True)


def test_the_wanted_asset_may_be_a_base() -> None:
    # One lot of 100,000 KCN atoms at 200 ticks of 1,000 is 200,000 EUR atoms: a EUR atom is half a KCN atom.
    found = portfolio(KCN, {EUR: 301}, [], [quote(1, KCN, EUR, 200)])
    assert found.value == 150


def test_profit_is_value_less_cost_in_the_quote_and_then_in_the_wanted_asset() -> None:
    quotes = [quote(1, KCN, EUR, 200), quote(2, ETH, BTC, 50), quote(3, BTC, EUR, 1_000)]
    lots = [
        Lot(MarketId(1), 300_000, 500_000, -7),
        Lot(MarketId(2), 150_001, 90_000, 11),
        Lot(MarketId(1), 0, 0, 3),
    ]
    found = portfolio(EUR, {}, lots, quotes)
    assert [(each.value, each.unrealised) for each in found.lots] == [(600_000, 100_000), (75_000, -15_000), (0, 0)]
    btc = Fraction(1_000 * 1_000, 100_000)
    assert found.cost == 500_000 + floor(90_000 * btc)
    assert found.unrealised == 100_000 + floor(-15_000 * btc)
    assert found.realised == -7 + floor(11 * btc) + 3
    assert not found.is_partial


def test_a_loss_is_never_shown_smaller_than_it_is() -> None:
    quotes = [quote(1, ETH, BTC, 1), quote(2, BTC, EUR, 1, lot_size=3, factor=1)]
    found = portfolio(EUR, {}, [Lot(MarketId(1), 100_000, 1_001, -1)], quotes)
    assert found.unrealised == -1, "a third of an atom lost is an atom lost"
    assert found.realised == -1


def test_a_lot_without_a_price_makes_the_sums_partial() -> None:
    found = portfolio(EUR, {}, [Lot(MarketId(1), 5, 10, 20), Lot(MarketId(9), 5, 10, 20)], [quote(1, KCN, EUR, 0)])
    assert [(each.value, each.unrealised) for each in found.lots] == [(None, None), (None, None)]
    assert (found.cost, found.unrealised, found.realised, found.is_partial) == (0, 0, 0, True)


@given(
    st.lists(
        st.tuples(st.sampled_from([EUR, KCN, BTC, XYZ]), st.integers(95, 125), st.integers(0, 10**12)), max_size=30
    ),
    st.dictionaries(
        st.sampled_from([MarketId(1), MarketId(2)]),
        st.dictionaries(st.integers(90, 125), st.integers(1, 10**6).map(Ticks), max_size=12),
    ),
)
def test_the_curve_is_the_worth_of_each_day_by_itself(
    changes: list[tuple[AssetId, int, int]], closes: dict[MarketId, dict[int, Ticks]]
) -> None:
    by_day = {(asset, day): DayBalance(asset, day, amount) for asset, day, amount in changes}
    quotes = [quote(1, KCN, EUR, 1), quote(2, BTC, KCN, 1)]
    days = range(100, 121)

    expected = []
    for day in days:
        prices = {
            market: of_market[max(at for at in of_market if at <= day)]
            for market, of_market in closes.items()
            if any(at <= day for at in of_market)
        }
        held: dict[AssetId, int] = {}
        for asset in (EUR, KCN, BTC, XYZ):
            past = [row for row in by_day.values() if row.asset == asset and row.day <= day]
            if past:
                held[asset] = max(past, key=lambda row: row.day).amount
        that_day = [quote(each.market, each.base, each.quote, prices.get(each.market, 0)) for each in quotes]
        alone = portfolio(EUR, held, [], that_day)
        expected.append(EquityPoint(day, alone.value, alone.is_partial))

    assert equity_curve(EUR, days, by_day.values(), quotes, closes) == expected
