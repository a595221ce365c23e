"""The ladder as the reader sees it."""

from mexchange.domain.order import Side
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_data import LadderData, OwnAt
from tests.tui.pictures import KCN_EUR, Stage, book, level


def lines_of(ladder: Ladder) -> list[str]:
    return [ladder.render_line(y).text for y in range(ladder.size.height)]


async def test_asks_stand_above_the_middle_and_bids_below() -> None:
    ladder = Ladder()
    async with Stage(ladder).run_test(size=(42, 7)) as pilot:
        data = LadderData([level(Side.BUY, 99957, 14_000)], [level(Side.SELL, 99980, 26_000)])
        ladder.show(data, KCN_EUR)
        await pilot.pause()
        assert [" ".join(line.strip(" ╌█").split()[:4]) for line in lines_of(ladder)] == [
            "own size cum price",
            "",
            "",
            "26.000 26.000 999.80",
            "999.685 mid spread 0.23",
            "14.000 14.000 999.57",
            "",
        ]


async def test_own_orders_show_their_size_and_what_is_ahead() -> None:
    ladder = Ladder()
    async with Stage(ladder).run_test(size=(42, 28)) as pilot:
        bids, asks = book()
        own: dict[tuple[Side, int], OwnAt] = {
            (Side.SELL, asks[2].price): OwnAt(12_000),
            (Side.BUY, bids[1].price): OwnAt(5_000, 3_000),
        }
        ladder.show(LadderData(bids, asks, own), KCN_EUR)
        await pilot.pause()
        lines = lines_of(ladder)
        assert [line.split()[0] for line in lines if "●" in line or "+" in line] == ["●12", "5+3"]
