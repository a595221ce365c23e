"""Somebody who has nothing but an address and a mailbox: the first steps, down to an account."""

from pathlib import Path

from textual.widgets import Button

from mexchange.config import settings
from mexchange.protocol.server_key import fingerprint
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.screens.trade import TradeScreen
from tests.integration.daemon.people import codes_of
from tests.tui.grid import text
from tests.tui.stage import Stage, wait_for

EMAIL = "stranger@example.org"


async def test_an_address_a_key_to_trust_and_a_mailed_code(stage: Stage, tmp_path: Path) -> None:
    environ = {"MX_DATA_DIR": str(tmp_path / "data"), "MX_CONFIG_DIR": str(tmp_path / "config")}
    found = settings.load(flags={}, environ=environ, directory=tmp_path)
    app = MxApp(TuiOptions(settings=found))
    async with app.run_test(size=(100, 32)) as pilot:
        await wait_for(pilot, lambda: "Does it look right" in text(app))
        await pilot.press("ctrl+n")
        await wait_for(pilot, lambda: "Or a market elsewhere" in text(app))
        await pilot.press(*"tcp://nowhere", "enter")
        await wait_for(pilot, lambda: "the scheme is udp://" in text(app))
        await pilot.press("ctrl+u", *f"127.0.0.1:{stage.run.port}", "enter")
        key = fingerprint(bytes.fromhex(stage.run.server_key))
        await wait_for(pilot, lambda: key in text(app))
        assert app.shell.source is None, "nobody is talked to before the key is trusted"
        app.screen.query_one("#trust", Button).press()
        await wait_for(pilot, lambda: "Connected to" in text(app))
        await pilot.press("ctrl+n")
        await wait_for(pilot, lambda: "Your e-mail address" in text(app))
        await pilot.press(*EMAIL, "enter")
        await wait_for(pilot, lambda: codes_of(stage.market, EMAIL))
        code = codes_of(stage.market, EMAIL)[0]
        await wait_for(pilot, lambda: "Code sent" in text(app))
        await pilot.press(*(str(9 - int(digit)) for digit in code))
        await wait_for(pilot, lambda: "4 tries left" in text(app))
        await pilot.press(*code)
        await wait_for(pilot, lambda: "How careful" in text(app))
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(app.screen, TradeScreen))
        await wait_for(pilot, lambda: app.shell.is_signed_in and app.shell.is_settled)
    again = settings.load(flags={}, environ=environ, directory=tmp_path)
    assert (again.server, again.profile) == (f"udp://127.0.0.1:{stage.run.port}", "127.0.0.1")
    assert again.chosen.key_id, "and the key of this device is kept"
