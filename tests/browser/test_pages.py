"""Every page: for readers of screens, for phones, for eyes that tell no red from green."""

import json
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.browser.conftest import AXE
from tests.browser.visitor import MARKET, Visitor, is_live

PUBLIC: Final = (MARKET, "/markets", "/signin", "/signup", "/no-such-page")
PRIVATE: Final = (
    MARKET,
    "/portfolio",
    "/wallet",
    "/history",
    "/orders",
    "/account/general",
    "/account/security",
    "/account/sessions",
    "/account/keys",
    "/account/preferences",
    "/account/help",
)
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_axe_finds_nothing_on_any_page(visitor: Visitor) -> None:
    page = visitor.tab(PUBLIC[0])
    for path in PUBLIC:
        turn_to(page, path)
        assert violations(page) == [], path
    visitor.join()
    order = visitor.place("bid", "700", "1.5")
    page.goto(PRIVATE[0])
    for path in (*PRIVATE, f"/orders/{order['id']}", MARKET):
        turn_to(page, path)
        assert violations(page) == [], path
    for tab in ("Depth", "Table", "History", "Fills", "Balances", "Log"):
        page.get_by_role("tab", name=tab, exact=True).click()
        assert violations(page) == [], tab
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == [], "palette"


def test_a_phone_shows_every_page_without_scrolling_sideways(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab(PRIVATE[0])
    for path in (*PRIVATE, "/markets"):
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 740})
            turn_to(page, path)
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            assert wide <= width, (path, wide)
        assert violations(page) == [], path


def test_a_phone_trades_from_a_sheet(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab("/markets")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(MARKET)
    is_live(page)
    page.get_by_role("button", name="Buy").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("textbox", name="Price").fill("750")
    sheet.get_by_role("textbox", name="Quantity").fill("1.25")
    assert violations(page) == []
    sheet.get_by_role("button", name="Buy KCN").click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("row", name="1.25")).to_be_visible()
    expect(page.get_by_role("link", name="Orders · 1")).to_be_visible()


def test_preferences_change_the_page_and_stay(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab("/account/preferences")
    page.get_by_role("radio", name="Colour-blind").check()
    page.get_by_role("combobox", name="Layout").select_option("Book at the right")
    page.get_by_role("switch", name="Hot keys").click()
    page.goto(MARKET)
    is_live(page)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--up')") == "#4d9fff"
    book, ticket = (page.get_by_role("region", name="Order book"), page.get_by_role("form"))
    where = [box.bounding_box() for box in (book, ticket)]
    assert where[0] is not None
    assert where[1] is not None
    assert where[0]["x"] > where[1]["x"]
    page.keyboard.press("s")
    expect(page.get_by_role("radio", name="Sell")).to_be_checked()
    separator = page.get_by_role("separator", name="Width of the order book")
    before = int(separator.get_attribute("aria-valuenow") or 0)
    separator.press("ArrowLeft")
    expect(separator).to_have_attribute("aria-valuenow", str(before + 16))


def turn_to(page: Page, path: str) -> None:
    """As a link within the page does, without loading it anew."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)
    is_live(page)
    expect(page.get_by_text("Loading …")).to_have_count(0)


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds: rule, and where."""
    # What is still fading in has not got its colours yet.
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations().filter((one) =>"
        " one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished))"
    )
    if not page.evaluate("'axe' in window"):
        # Evaluated, not added as a script: the page's content policy stays what it is.
        page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}, resultTypes: ['violations']}})")
    return [
        {"rule": one["id"], "where": [node["html"][:160] for node in one["nodes"][:4]]} for one in found["violations"]
    ]
