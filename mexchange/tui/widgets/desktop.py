"""The whole screen: puts panels and lines where `arrangement` says, and knows which tab of each slot is in front."""

from collections.abc import Iterable

from textual import events
from textual.containers import Container
from textual.geometry import NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from mexchange.tui.arrangement import Arrangement, arrange
from mexchange.tui.widgets.panel import Panel


class DesktopLayout(Layout):
    """Places the children by the arrangement of their parent."""

    name = "desktop"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Every child that is displayed has a region."""
        assert isinstance(parent, Desktop)
        parent.pre_layout(self)
        regions = parent.regions()
        return [
            WidgetPlacement(regions[child.name], Offset(0, 0), NULL_SPACING, child)
            for child in children
            if child.name in regions
        ]


class Desktop(Container):
    """Children are Panels, and lines whose names stand in `arrangement.LINES`."""

    def __init__(self, children: Iterable[Widget], *, layout_name: str = "standard") -> None:
        super().__init__(*children, id="desktop")
        self.layout_name = layout_name
        self.zoomed = ""
        self.banner_height = 0
        self.arrangement: Arrangement = arrange(80, 24)
        self._front: list[str] = ["ladder", "chart", "orders", "tape", "ticket"]
        """Panels in the order in which they were asked for, the latest first."""
        self._layout = DesktopLayout()

    @property
    def layout(self) -> Layout:
        """Ours, whatever the style says."""
        return self._layout

    @property
    def panels(self) -> dict[str, Panel]:
        """By name."""
        return {panel.panel: panel for panel in self.query_children(Panel)}

    def regions(self) -> dict[str | None, Region]:
        """Where each displayed child is, by its name."""
        found: dict[str | None, Region] = {}
        found.update(self.arrangement.lines.items())
        for number, slot in enumerate(self.arrangement.slots):
            found[self.front_of(number)] = slot.region
        return found

    def front_of(self, slot: int) -> str:
        """The panel that a slot shows: of those in it the one that was asked for last."""
        panels = self.arrangement.slots[slot].panels
        return next((name for name in self._front if name in panels), panels[0])

    def tabs_of(self, panel: str) -> tuple[str, ...]:
        """The panels that share its slot."""
        slot = self.arrangement.slot_of(panel)
        return () if slot is None else self.arrangement.slots[slot].panels

    def bring(self, panel: str) -> None:
        """Show this panel, in front of those that share its slot."""
        if panel in self._front:
            self._front.remove(panel)
        self._front.insert(0, panel)
        if self.zoomed and self.zoomed != panel:
            self.zoomed = panel
        self.rearrange()

    def rearrange(self) -> None:
        """Something that the arrangement depends on has changed."""
        width, height = self.app.size
        self.arrangement = arrange(
            width, height, banner=self.banner_height, layout=self.layout_name, zoomed=self.zoomed
        )
        regions = self.regions()
        for child in self.children:
            child.display = child.name in regions
        for child in self.children[:1]:
            child.refresh(layout=True)

    def on_resize(self, event: events.Resize) -> None:
        """The terminal has another size."""
        self.rearrange()
