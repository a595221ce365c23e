"""The depth chart and its arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.order import Side
from mexchange.tui.glyphs import ASCII, Look
from mexchange.tui.widgets.depth import DepthChart
from mexchange.tui.widgets.depth_rows import BASIS, depth_rows
from tests.tui.pictures import KCN_EUR, Easel, book, level

GAPS = st.lists(st.integers(1, 40), min_size=1, max_size=30)


@given(GAPS, GAPS, st.integers(1, 20), st.sampled_from((10, 100, 5_000)), st.booleans())
def test_a_row_sums_all_levels_up_to_its_price(
    bid_gaps: list[int], ask_gaps: list[int], rows: int, range_bp: int, cut: bool
) -> None:
    bids = [level(Side.BUY, 10_000 - sum(bid_gaps[: index + 1]), index + 1) for index in range(len(bid_gaps))]
    asks = [level(Side.SELL, 10_000 + sum(ask_gaps[: index + 1]), index + 1) for index in range(len(ask_gaps))]
    depth = max(len(bids), len(asks)) if cut else 0
    below, above = depth_rows(bids, asks, rows=rows, range_bp=range_bp, depth=depth)
    assert (len(below), len(above)) == (rows, rows)
    for found, levels, sign in ((below, bids, -1), (above, asks, 1)):
        for index, row in enumerate(found, 1):
            doubled = (bids[0].price + asks[0].price) * (BASIS * rows + sign * range_bp * index)
            assert 0 <= sign * (row.price * 2 * BASIS * rows - doubled) < 2 * BASIS * rows
            within = [each for each in levels if sign * each.price <= sign * row.price]
            assert row.cum == sum(each.quantity for each in within)
            assert row.is_whole == (not cut or len(levels) < depth or len(within) < len(levels))


def test_one_side_alone_has_no_middle() -> None:
    assert depth_rows([level(Side.BUY, 5, 1)], [], rows=3, range_bp=100) == ([], [])


async def test_what_may_be_more_is_marked_and_rows_can_be_pressed() -> None:
    chart = DepthChart()
    easel = Easel(chart)
    async with easel.run_test(size=(40, 9), message_hook=easel.remember) as pilot:
        bids, asks = book(10)
        chart.range_bp = 5
        chart.show(bids, asks, KCN_EUR, depth=10)
        await pilot.pause()
        lines = [chart.render_line(y).text for y in range(9)]
        assert "≥" in lines[0]
        assert "≥" not in lines[3]
        assert "999.685" in lines[4]
        await pilot.click(DepthChart, (3, 5))
        (message,) = easel.posted
        assert (message.side, KCN_EUR.price(message.price)) == (Side.BUY, lines[5].split()[0])
        chart.action_range()
        assert chart.range_bp == 10
        chart.action_range(-1)
        assert chart.range_bp == 5
        chart.look = Look(ASCII)
        assert "".join(chart.render_line(y).text for y in range(9)).isascii()
        chart.show([], [], KCN_EUR)
        assert "no orders" in chart.render_line(0).text
