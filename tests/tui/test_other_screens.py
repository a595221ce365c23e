"""Portfolio and admin: what they show, and that only an operator's session can do what operators do."""

import re
from pathlib import Path

import msgspec
from textual.pilot import Pilot
from textual.widgets import Input

from mexchange.config import keys, paths, profiles
from mexchange.domain.market import MarketStatus
from mexchange.domain.units import AccountId
from mexchange.tui.keymap import BY_ID
from mexchange.tui.options import TuiOptions
from mexchange.tui.panels.admin_lists import People
from mexchange.tui.screens.admin import AdminScreen
from mexchange.tui.screens.portfolio import Assets
from tests.tui.grid import text
from tests.tui.stage import KCN_EUR, Stage, wait_for
from tests.tui.trading import app_of, asked, told


def operator_options(stage: Stage) -> TuiOptions:
    seed = keys.read(paths.local_operator_key_file(stage.market.data))
    profile = profiles.read_local(paths.local_operator_profile_file(stage.market.data))
    assert seed is not None
    assert profile is not None
    settings = msgspec.structs.replace(stage.settings(), api_key=profile.key_id, api_secret=seed.hex())
    return stage.options(settings=settings)


async def test_portfolio_values_what_there_is_and_exports_it(stage: Stage, tmp_path: Path) -> None:
    async with stage.app() as pilot:
        await pilot.press("alt+2")
        await wait_for(pilot, lambda: "10,000.00" in text(pilot.app) and "100.00" in text(pilot.app))
        assert "Value" in text(pilot.app)
        assert "Worth at the end of each day" in text(pilot.app)
        saved: list[str] = []
        pilot.app.deliver_text = lambda file, **_: saved.append(file.read())  # type: ignore[method-assign]
        pilot.app.screen.query_one(Assets).table.focus()
        await pilot.press("e")
        await wait_for(pilot, lambda: saved)
        assert saved[0].splitlines()[:2] == ["asset,amount,value,in", "EUR,10000.00,10000.00,EUR"]
        await pilot.press("escape")
        await wait_for(pilot, lambda: "Ladder" in text(pilot.app))
        await pilot.press("alt+3")
        await wait_for(pilot, lambda: "no admin scope" in text(pilot.app))


async def test_an_operator_halts_and_opens_a_market_and_freezes_an_account(stage: Stage) -> None:
    async with stage.app() as pilot:
        client = app_of(pilot).shell.client
        assert client is not None
        account = client.session.account
    async with stage.app(options=operator_options(stage)) as pilot, stage.operator() as operator:
        await pilot.press("alt+3")
        await wait_for(pilot, lambda: "KCN/EUR" in text(pilot.app) and "no withdrawal waits" in text(pilot.app))
        for key, status, word in (("h", MarketStatus.HALTED, "HALTED"), ("o", MarketStatus.OPEN, "open")):
            await pilot.press(key)
            await asked(pilot)
            await pilot.press("y")
            await wait_for(pilot, lambda word=word: f"KCN/EUR is {word}" in told(pilot))  # type: ignore[misc]
            assert (await operator.ticker(KCN_EUR)).status == status
        await wait_for(pilot, lambda: "operator@local" in text(pilot.app) and "demo@local" in text(pilot.app))
        await pilot.press(*BY_ID["admin.search"].all_keys, *str(account), "enter")
        await wait_for(pilot, lambda: f"account {account}   active" in text(pilot.app))
        assert "operator@local" not in text(pilot.app), "one was looked for"
        await _set(pilot, "admin.freeze", f"account {account}   frozen")
        await _set(pilot, "admin.reduce_only", f"account {account}   reduce-only")
        await wait_for(pilot, lambda: re.search(rf"│? ?{account} +reduce-only", text(pilot.app)))
        await _set(pilot, "admin.reduce_only", f"account {account}   active")
        await pilot.press(*BY_ID["admin.close"].all_keys)
        await asked(pilot)
        assert "for good" in text(pilot.app)
        await pilot.press("n")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AdminScreen))
        pilot.app.screen.query_one("#search", Input).value = "nobody"
        await pilot.press(*BY_ID["admin.search"].all_keys, "enter")
        await wait_for(pilot, lambda: "nobody is found" in text(pilot.app))
        pilot.app.screen.query_one("#search", Input).value = "local"
        await pilot.press(*BY_ID["admin.search"].all_keys, "enter")
        await wait_for(pilot, lambda: "gateway@local" in text(pilot.app))
        await pilot.press(*BY_ID["admin.next_page"].all_keys, *BY_ID["admin.previous_page"].all_keys)
        people = pilot.app.screen.query_one(People)
        account = AccountId(int(next(row.key for row in people.present_rows() or [] if row.key.isdecimal())))
        await wait_for(pilot, lambda: people.chosen is not None)
        while people.chosen != str(account):
            await pilot.press("down")
        await pilot.press(*BY_ID["admin.balances"].all_keys)
        await wait_for(pilot, lambda: f"account {account}   active" in text(pilot.app) and "held" in text(pilot.app))


async def _set(pilot: Pilot[int], key: str, shown: str) -> None:
    """Press, agree, see."""
    await pilot.press(*BY_ID[key].all_keys)
    await asked(pilot)
    await pilot.press("y")
    await wait_for(pilot, lambda: shown in text(pilot.app))
