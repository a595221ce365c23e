"""The web page in Chromium: first paint with the CPU slowed four times, and a book that changes at every frame."""

import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.visitor import MARKET, Visitor, is_live
from tests.gateway.stack import Stack

SLOWER: Final = 4
VISITS: Final = 5
FIRST_PAINT_MAX_MS: Final = 1_500
FRAME_MAX_MS: Final = 5
LEVELS: Final = 30
ROWS: Final = 20
"""Of each side, at least."""
WATCHED_MS: Final = 10_000
CHANGES: Final = 10
"""Levels, for each frame."""
COSTS: Final = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

FLOW: Final = """() => {
  const Feed = globalThis.Worker;
  globalThis.Worker = class extends Feed {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => {
        if (data.type === "book" && globalThis.flow === undefined) globalThis.flow = { worker: this, book: data };
      });
    }
  };
}"""
"""Keeps the first picture of the book that the page is sent."""

DRIVE: Final = """([milliseconds, changes]) => new Promise((done) => {
  const { worker, book } = globalThis.flow;
  const begun = performance.now();
  let frames = 0;
  const frame = () => {
    if (performance.now() - begun >= milliseconds) return done(frames);
    frames += 1;
    for (let change = 0; change < changes; change += 1) {
      const sizes = change % 2 ? book.bidSizes : book.askSizes;
      sizes[Math.floor(Math.random() * sizes.length)] = BigInt(50 + Math.floor(Math.random() * 100));
    }
    book.sequence += 1n;
    worker.dispatchEvent(new MessageEvent("message", { data: structuredClone(book) }));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""
"""A picture for each frame of the screen, which is more than the exchange sends; the number of them."""


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
    """Milliseconds of processor time for a paint, and paints a second."""
    visitor = Visitor(stack, browser.new_context(base_url=stack.gateways[0].url), "maker@example.org")
    visitor.sign_up(visitor.tab("/"))
    for level in range(1, LEVELS + 1):
        visitor.place("bid", f"{990 - level / 100:.2f}", "0.1")
        visitor.place("ask", f"{1010 + level / 100:.2f}", "0.1")
    visitor.context.close()
    context = browser.new_context(base_url=stack.gateways[0].url, viewport={"width": 1440, "height": 1700})
    context.add_init_script(f"({FLOW})()")
    page = context.new_page()
    page.goto(MARKET)
    is_live(page)
    expect(page.locator("[data-side=bids]:not([aria-hidden])").nth(ROWS - 1)).to_be_visible()
    metrics = context.new_cdp_session(page)
    # Of the page's thread on a processor: what else this machine does is not the page's.
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _costs(metrics)
    paints = page.evaluate(DRIVE, [WATCHED_MS, CHANGES])
    after = _costs(metrics)
    context.close()
    return (after - before) * 1_000 / paints, paints * 1_000 / WATCHED_MS


def _costs(metrics: CDPSession) -> float:
    """Seconds."""
    found = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
    return float(sum(found[name] for name in COSTS))
