"""The web page in Chromium: first paint with the CPU slowed four times, and a book that changes all the time."""

import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.visitor import MARKET, Visitor, is_live
from tests.gateway.stack import Stack

SLOWER: Final = 4
VISITS: Final = 5
FIRST_PAINT_MAX_MS: Final = 1_500
FRAME_MAX_MS: Final = 5
LEVELS: Final = 30
WATCHED_MS: Final = 10_000
AMENDS_PER_SECOND: Final = 150
COSTS: Final = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

FLOW: Final = """async ([levels, rate]) => {
  const socket = new WebSocket(`ws://${location.host}/ws?decimals=string`);
  await new Promise((open) => (socket.onopen = open));
  let id = 0;
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    waiting.get(said.id)?.(said.result);
    waiting.delete(said.id);
  };
  const ask = (method, params) => new Promise((answer) => {
    waiting.set(++id, answer);
    socket.send(JSON.stringify({ id, method, params }));
  });
  await ask("public/auth", {});
  const orders = [];
  for (let level = 1; level <= levels; level += 1) {
    for (const [side, price] of [["bid", 990 - level / 100], ["ask", 1010 + level / 100]]) {
      const made = await ask("private/place_order", {
        symbol: "KCN/EUR", side, order_type: "limit", price: price.toFixed(2), quantity: "0.1", time_in_force: "gtc",
      });
      if (made) orders.push(made.order_id);
    }
  }
  setInterval(() => {
    const order_id = orders[Math.floor(Math.random() * orders.length)];
    void ask("private/amend_order", { order_id, quantity: (0.05 + Math.random() / 10).toFixed(3) });
  }, 1000 / rate);
  return orders.length;
}"""
"""Many small orders a side, one of them changed every few milliseconds."""


def measure() -> list[dict[str, Any]]:
    """First paint, and scripting, style and layout for each time that the book is painted."""
    assert CHROMIUM is not None, "no browser: apt-get install chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder))
        try:
            stack.gateway()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            first = [_first_paint_ms(browser, stack) for _ in range(VISITS)]
            frame_ms, paints = _book(browser, stack)
            browser.close()
        finally:
            stack.end()
    return [
        _row(f"page: first paint, CPU {SLOWER} times slower", statistics.median(first), FIRST_PAINT_MAX_MS),
        _row(f"page: script, style and layout for a paint of the book, {paints:.0f} a second", frame_ms, FRAME_MAX_MS),
    ]


def _row(name: str, value: float, most: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": "ms", "baseline": most, "ratio": round(value / most, 3)}


def _first_paint_ms(browser: Browser, stack: Stack) -> float:
    """Of somebody who was never here."""
    context = browser.new_context(base_url=stack.gateways[0].url)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(MARKET)
    expect(page.get_by_role("heading", name="Order book")).to_be_visible(timeout=60_000)
    paint: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return paint


def _book(browser: Browser, stack: Stack) -> tuple[float, float]:
    """Milliseconds for a paint, and paints a second."""
    visitor = Visitor(stack, browser.new_context(base_url=stack.gateways[0].url), "flow@example.org")
    maker = visitor.tab("/")
    visitor.sign_up(maker)
    maker.goto("/account/help")
    assert maker.evaluate(FLOW, [LEVELS, AMENDS_PER_SECOND]) == 2 * LEVELS
    context = browser.new_context(base_url=stack.gateways[0].url, viewport={"width": 1440, "height": 1100})
    page = context.new_page()
    page.goto("/markets")
    page.evaluate("localStorage.setItem('mexchange-settings', JSON.stringify({state: {bookHz: 60}, version: 1}))")
    page.goto(MARKET)
    is_live(page)
    expect(page.locator("[data-side=bids]:not([aria-hidden])").nth(9)).to_be_visible()
    page.evaluate(
        """() => {
          globalThis.paints = 0;
          new MutationObserver(() => void (globalThis.paints += 1)).observe(
            document.querySelector("[aria-label^='Order book of']"),
            { subtree: true, childList: true, characterData: true, attributes: true },
          );
        }"""
    )
    metrics = context.new_cdp_session(page)
    metrics.send("Performance.enable")
    before = _costs(metrics), _paints(page)
    page.wait_for_timeout(WATCHED_MS)
    after = _costs(metrics), _paints(page)
    paints = after[1] - before[1]
    context.close()
    visitor.context.close()
    return (after[0] - before[0]) * 1_000 / paints, paints * 1_000 / WATCHED_MS


def _costs(metrics: CDPSession) -> float:
    """Seconds."""
    found = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
    return float(sum(found[name] for name in COSTS))


def _paints(page: Page) -> int:
    count: int = page.evaluate("globalThis.paints")
    return count
