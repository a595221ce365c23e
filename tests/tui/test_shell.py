"""The app around the widgets: it starts, shows the market, and ends."""

from tests.tui.grid import text
from tests.tui.stage import Stage, wait_for


async def test_app_shows_a_live_market_and_ends(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        for shown in (" seq ", "KCN/EUR", "999.80", "EUR 10,000.00"):
            await wait_for(pilot, lambda shown=shown: shown in text(pilot.app))  # type: ignore[misc]
        await pilot.press("q")
        assert pilot.app.return_code == 0
