"""The order book of the page against the exchange's own."""

import contextlib
from collections import defaultdict
from decimal import Decimal
from typing import Final

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Late

from tests.browser.visitor import Visitor, is_live

TICK: Final = Decimal("0.01")
SIZES: Final = ("0.5", "0.25", "1.125", "0.75", "2", "0.375")
ROWS: Final = """side => [...document.querySelectorAll(`[data-side=${side}]:not([aria-hidden])`)]
  .sort((a, b) => a.dataset.index - b.dataset.index)
  .map((row) => [...row.querySelectorAll("[role=rowheader], [role=cell]")].map((cell) => cell.textContent))"""
"""Price, size and total of each row, the best first."""
SAME: Final = "((shown, wanted) => shown.length > 1 && shown.join() === wanted.slice(0, shown.length).join())"


def test_a_grouped_book_adds_up_and_trades(visitor: Visitor) -> None:
    visitor.join()
    for number, size in enumerate(SIZES):
        visitor.place("bid", f"{980 - number * Decimal('0.03')}", size)
        visitor.place("ask", f"{1_020 + number * Decimal('0.03')}", size)
    page = visitor.tab()
    is_live(page)
    for group in (1, 5, 25, 1):
        step = TICK * group
        page.get_by_role("combobox", name="Grouping of prices").select_option(f"{step}")
        for side in ("bids", "asks"):
            wanted = expected(visitor, side, step)
            with contextlib.suppress(Late):
                page.wait_for_function(f"([side, wanted]) => {SAME}(({ROWS})(side), wanted)", arg=[side, wanted])
            shown = page.evaluate(ROWS, side)
            assert shown == wanted[: len(shown)], (group, side)
    expect(page.get_by_text("Gap: asking again")).to_have_count(0)
    trade_from_rows(page)
    visitor.ask("POST", "/api/orders/cancel-all")


def trade_from_rows(page: Page) -> None:
    """A price fills the ticket, a size all up to there, and own orders can be cancelled where they stand."""
    ticket = page.get_by_role("form")
    row = page.locator("[data-side=asks][data-index='2']")
    row.get_by_role("rowheader").click()
    expect(ticket.get_by_role("textbox", name="Price", exact=True)).to_have_value("1020.06")
    row.locator("[data-size]").click()
    expect(ticket.get_by_role("textbox", name="Quantity", exact=True)).to_have_value("1.875")
    expect(ticket.get_by_role("radio", name="Buy")).to_be_checked()
    row.hover()
    row.get_by_role("button", name="Cancel your orders at 1,020.06").click()
    expect(page.locator("[data-side=asks][data-index='2']").get_by_role("rowheader")).to_have_text("1,020.09")


def expected(visitor: Visitor, side: str, step: Decimal) -> list[list[str]]:
    """The rows, added up here: bids fall into the row below, asks into the one above."""
    book = visitor.ask("GET", "/api/book?symbol=KCN/EUR&depth=1000")
    sizes: dict[Decimal, Decimal] = defaultdict(Decimal)
    for price, size, _ in book[side]:
        below = Decimal(price) // step * step
        at = below if side == "bids" or below == Decimal(price) else below + step
        sizes[at] += Decimal(size)
    prices = sorted(sizes, reverse=side == "bids")
    total = Decimal(0)
    rows = []
    for price in prices:
        total += sizes[price]
        rows.append([f"{price:,.2f}", f"{sizes[price]:,.3f}", f"{total:,.3f}"])
    return rows
