"""Moving between the panels of the trade screen: by number, in turn, by direction, by letter."""

from typing import Final

from textual import events
from textual.geometry import Offset, Region
from textual.screen import Screen

from mexchange.tui.arrangement import NUMBERS
from mexchange.tui.frame import Part
from mexchange.tui.screens.jump import TOP, JumpScreen
from mexchange.tui.widgets.desktop import Desktop
from mexchange.tui.widgets.panel import Panel

_DIRECTIONS: Final = {
    **{key: Offset(-1, 0) for key in ("h", "left")},
    **{key: Offset(1, 0) for key in ("l", "right")},
    **{key: Offset(0, -1) for key in ("k", "up")},
    **{key: Offset(0, 1) for key in ("j", "down")},
}


class PanelKeys(Screen[None]):
    """The part of the trade screen that knows where the focus is and may go."""

    _waits_for_direction = False

    @property
    def desktop(self) -> Desktop:
        """The one child."""
        return self.query_one(Desktop)

    @property
    def focused_panel(self) -> Panel | None:
        """Where the focus is."""
        if self.focused is None:
            return None
        return next((node for node in self.focused.ancestors_with_self if isinstance(node, Panel)), None)

    def visible_panels(self) -> list[Panel]:
        """From the top left to the bottom right."""
        shown = [panel for panel in self.desktop.panels.values() if panel.display and panel.region]
        return sorted(shown, key=lambda panel: (panel.region.x, panel.region.y))

    def paint(self, parts: Part) -> None:
        """The screen's."""
        raise NotImplementedError

    def action_panel(self, number: int) -> None:
        """Show and focus the panel of this number."""
        self.action_show_panel(next(name for name, its in NUMBERS.items() if its == number))

    def action_show_panel(self, name: str) -> None:
        """Show and focus a panel."""
        self.desktop.bring(name)
        self.call_after_refresh(self.focus_panel, self.desktop.panels[name])

    def focus_panel(self, panel: Panel) -> None:
        """What in it can have the focus gets it."""
        for target in (panel.content, *panel.content.query("*")):
            if target.focusable:
                self.set_focus(target)
                break
        self.paint(Part.EVERYTHING)

    def action_focus_next_panel(self) -> None:
        """The next one in the order of the screen."""
        self._turn(1)

    def action_focus_previous_panel(self) -> None:
        """The one before."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        panels = [panel for panel in self.visible_panels() if _can_focus(panel)]
        if panels:
            here = self.focused_panel
            index = panels.index(here) if here in panels else -step
            self.focus_panel(panels[(index + step) % len(panels)])

    def action_window_prefix(self) -> None:
        """The next key is a direction."""
        self._waits_for_direction = True

    def on_key(self, event: events.Key) -> None:
        """The key behind ctrl-w."""
        if not self._waits_for_direction:
            return
        self._waits_for_direction = False
        direction = _DIRECTIONS.get(event.key)
        here = self.focused_panel
        if direction is not None and here is not None:
            event.stop()
            event.prevent_default()
            nearest = neighbour(here.region, direction, [panel for panel in self.visible_panels() if panel is not here])
            if nearest is not None:
                self.focus_panel(nearest)

    def action_zoom_panel(self) -> None:
        """The focused panel alone, and back."""
        desktop, here = self.desktop, self.focused_panel
        if desktop.zoomed:
            desktop.zoomed = ""
        elif here is not None:
            desktop.zoomed = here.panel
        desktop.rearrange()
        self.call_after_refresh(self.paint, Part.EVERYTHING)

    def action_use_layout(self, name: str) -> None:
        """Another arrangement of the panels."""
        self.desktop.layout_name, self.desktop.zoomed = name, ""
        self.desktop.rearrange()
        self.call_after_refresh(self.paint, Part.EVERYTHING)

    def action_jump(self) -> None:
        """A letter on every panel."""
        places = {panel.panel: panel.region.offset for panel in self.visible_panels() if _can_focus(panel)}
        self.app.push_screen(JumpScreen(places), self._jumped)

    async def _jumped(self, target: str | None) -> None:
        if target == TOP and self.focused is not None:
            await self.focused.run_action("cursor_home")
        elif target is not None and target != TOP:
            self.action_show_panel(target)


def neighbour(here: Region, direction: Offset, panels: list[Panel]) -> Panel | None:
    """The panel that one reaches first by going there from the middle of `here`."""
    x, y = here.center

    def distance(panel: Panel) -> tuple[float, float]:
        to_x, to_y = panel.region.center
        along = (to_x - x) * direction.x + (to_y - y) * direction.y
        across = abs((to_x - x) * direction.y) + abs((to_y - y) * direction.x)
        return along + 2 * across, across

    def is_beyond(panel: Panel) -> bool:
        region = panel.region
        if direction.x:
            return region.x >= here.right if direction.x > 0 else region.right <= here.x
        return region.y >= here.bottom if direction.y > 0 else region.bottom <= here.y

    return min(filter(is_beyond, panels), key=distance, default=None)


def _can_focus(panel: Panel) -> bool:
    return panel.content.focusable or any(each.focusable for each in panel.content.query("*"))
