"""Sizes that have just changed; time here is a list of what the clock says, one for each look at it."""

from mexchange.tui.widgets.flashes import FLASH_NS, Flashes
from mexchange.tui.widgets.ladder_rows import Row


def test_a_flash_that_ends_between_two_looks_at_the_clock_leaves_no_time_before_now() -> None:
    clock = iter([0, FLASH_NS - 1, FLASH_NS + 16_000])
    flashes = Flashes(clock.__next__)
    before, after = Row(side=1, price=100, size=5), Row(side=1, price=100, size=6)
    flashes.look([after], [before], motion=True)
    flashes.look([after], [after], motion=True)
    assert after in flashes
    assert flashes.next_end_s == 0
