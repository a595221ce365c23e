"""Where panels stand: at every size of a terminal the slots fill the screen and nothing covers anything."""

import pytest
from textual.geometry import Region

from mexchange.tui.arrangement import PANELS, arrange, size_class_of

WIDTHS = (1, 5, 20, 40, 79, 80, 90, 109, 110, 120, 159, 160, 200, 300)
HEIGHTS = (1, 2, 5, 9, 10, 23, 24, 31, 32, 40, 49, 50, 60, 100)


@pytest.mark.parametrize("layout", ["standard", "compact", "dom"])
@pytest.mark.parametrize("banner", [0, 1])
def test_regions_fill_the_screen_without_overlap(layout: str, banner: int) -> None:
    for width in WIDTHS:
        for height in HEIGHTS:
            found = arrange(width, height, banner=banner, layout=layout)
            regions = [*found.lines.values(), *(slot.region for slot in found.slots)]
            assert sum(region.area for region in regions) == width * height, (width, height, layout)
            assert all(Region(0, 0, width, height).contains_region(region) for region in regions), (width, height)
            assert not _overlapping(regions), (width, height, layout)


@pytest.mark.parametrize(("width", "height", "name"), [(80, 24, "narrow"), (120, 40, "mid"), (200, 60, "wide")])
def test_the_three_sizes_have_a_class_each(width: int, height: int, name: str) -> None:
    assert size_class_of(width, height) == name


def test_every_panel_can_be_reached_at_every_size() -> None:
    for width, height in ((20, 5), (80, 24), (120, 40), (200, 60)):
        found = arrange(width, height)
        assert set(PANELS) == {name for slot in found.slots for name in slot.panels}, (width, height)


def test_a_zoomed_panel_comes_first_and_alone() -> None:
    found = arrange(200, 60, zoomed="tape")
    assert len(found.slots) == 1
    assert found.slots[0].panels[0] == "tape"


def _overlapping(regions: list[Region]) -> list[tuple[Region, Region]]:
    kept = [region for region in regions if region.area]
    return [(one, other) for n, one in enumerate(kept) for other in kept[n + 1 :] if one.overlaps(other)]
