"""The parts of a ticket never overlap and never leave it, whatever its size."""

import pytest

from mexchange.tui.trading.ticket_places import PARTS, places


@pytest.mark.parametrize("has_problem", [False, True])
@pytest.mark.parametrize("has_expiry", [False, True])
def test_nothing_overlaps_and_nothing_sticks_out(has_expiry: bool, has_problem: bool) -> None:
    for width in [*range(1, 60), 78, 98, 118, 158, 300]:
        for height in (1, 2, 3, 4, 5, 8, 9, 11, 13, 30):
            found = list(places(width, height, has_expiry=has_expiry, has_problem=has_problem).items())
            taken: set[tuple[int, int]] = set()
            for name, region in found:
                cells = {(x, y) for x in range(region.x, region.right) for y in range(region.y, region.bottom)}
                assert not cells & taken, (width, height, name)
                assert all(0 <= x < width and 0 <= y < height for x, y in cells), (width, height, name)
                taken |= cells


@pytest.mark.parametrize(("width", "height"), [(78, 2), (26, 11), (30, 13), (26, 4)])
def test_an_order_can_be_written_and_sent_where_there_is_room(width: int, height: int) -> None:
    found = places(width, height, has_expiry=False)
    assert {"side", "price", "size", "send"} <= found.keys()
    assert found["price"].width >= 6


def test_a_full_ticket_has_every_part() -> None:
    assert set(PARTS) == set(places(30, 13, has_expiry=True))
