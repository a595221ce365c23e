"""Every page at three widths, on a market that lives; `make screenshots`.

python -m tests.browser.screenshots [--docs]      build/screenshots/PAGE-WIDTH.png; --docs: the best to docs/img
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.visitor import MARKET, Visitor, is_live
from tests.gateway.stack import Stack

ROOT: Final = Path(__file__).parents[2]
SIZES: Final = ((1440, 900), (820, 1180), (390, 844))
PAGES: Final = {
    "trade": MARKET,
    "markets": "/markets",
    "portfolio": "/portfolio",
    "wallet": "/wallet",
    "history": "/history",
    "orders": "/orders",
    "account": "/account/general",
    "security": "/account/security",
    "sessions": "/account/sessions",
    "keys": "/account/keys",
    "preferences": "/account/preferences",
    "help": "/account/help",
}
BEFORE: Final = {"signin": "/signin", "signup": "/signup"}
BEST: Final = ("trade-1440", "trade-390", "depth-1440", "portfolio-1440")
"""What the README and the docs show."""
BOTS: Final = ("maker", "taker")


def main() -> int:
    """Start a market, look at every page, end it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", action="store_true")
    wants_docs = parser.parse_args().docs
    if CHROMIUM is None:
        print("error: no browser: apt-get install chromium", file=sys.stderr)
        return 1
    out = ROOT / "build" / "screenshots"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder))
        bots = []
        try:
            stack.gateway()
            environ = {**os.environ, "MX_DATA_DIR": os.fspath(stack.market.data)}
            for kind in BOTS:
                words = [sys.executable, "-m", "mexchange", "bot", "start", kind]
                bots.append(subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            photograph(stack, browser, out)
            browser.close()
        finally:
            for bot in bots:
                bot.terminate()
                bot.wait()
            stack.end()
    if wants_docs:
        for name in BEST:
            shutil.copy(out / f"{name}.png", ROOT / "docs" / "img" / f"web-{name}.png")
    print(f"{len(list(out.iterdir()))} pictures in {out.relative_to(ROOT)}")
    return 0


def photograph(stack: Stack, browser: Browser, out: Path) -> None:
    """Somebody with orders, fills and a claim behind them, so that no page is empty."""
    visitor = Visitor(stack, browser.new_context(base_url=stack.gateways[0].url), "ann@example.org")
    page = visitor.tab("/signin")
    for name, path in BEFORE.items():
        page.goto(path)
        expect(page.get_by_text("Loading")).to_have_count(0)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=out / f"{name}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})
    visitor.sign_up(page)
    page.goto(MARKET)
    is_live(page)
    asks = page.locator("[data-side=asks]:not([aria-hidden])")
    expect(asks.nth(4)).to_be_visible()
    visitor.ask("POST", "/api/order", symbol="KCN/EUR", side="bid", order_type="market", quantity="1.5")
    bid = float(visitor.ask("GET", "/api/ticker?symbol=KCN/EUR")["tickers"][0]["bid"])
    visitor.place("bid", f"{bid - 1:.2f}", "2.5")
    visitor.place("ask", f"{bid + 3:.2f}", "1.75")
    visitor.ask("POST", "/api/faucet/claim", asset="KCN")
    for name, path in PAGES.items():
        page.goto(path)
        is_live(page)
        expect(page.get_by_text("Loading …")).to_have_count(0)
        if name == "trade":
            ticket = page.get_by_role("form")
            ticket.get_by_role("textbox", name="Price").fill(f"{bid - 2:.2f}")
            ticket.get_by_role("textbox", name="Quantity").fill("3")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if name == "trade":
                expect(page.locator("canvas").first).to_be_visible()
                expect(page.get_by_text("Loading chart …")).to_have_count(0)
                expect(page.get_by_role("img", name=re.compile("candles of 1m"))).to_be_visible()
            page.screenshot(path=out / f"{name}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(MARKET)
    is_live(page)
    page.get_by_role("tab", name="Depth").click()
    chart = page.get_by_role("img", name="Depth of")
    chart.hover(position={"x": 180, "y": 120})
    page.screenshot(path=out / "depth-1440.png")
    visitor.context.close()


if __name__ == "__main__":
    sys.exit(main())
