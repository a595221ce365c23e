"""From the first mail to the last cancel, in a real browser in front of the real stack."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.visitor import MARKET, Visitor, is_live, order_row, place_order, write_order
from tests.gateway.stack import Stack


def test_sign_up_claim_place_partial_fill_amend_cancel(visitor: Visitor, stack: Stack, browser: Browser) -> None:
    page = visitor.tab("/")
    visitor.sign_up(page)

    page.goto("/wallet")
    page.get_by_role("button", name="Claim 100 KCN").click()
    expect(page.get_by_test_id("toast").filter(has_text="100 KCN")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Again in"))).to_be_disabled()

    page.goto(MARKET)
    is_live(page)
    expect(page.get_by_test_id("available-KCN")).to_have_text("200.000")
    place_order(page, "Buy", "900.01", "2")
    expect(order_row(page, "2")).to_contain_text("Open")
    expect(page.get_by_test_id("locked-EUR")).to_have_text("1,800.02")
    expect(page.get_by_test_id("spoken")).to_contain_text("Order placed")
    # The form is empty only because the exchange took the order.
    expect(page.get_by_role("textbox", name="Quantity", exact=True)).to_have_value("")

    other = Visitor(stack, browser.new_context(base_url=stack.gateways[0].url), "counterparty-of-one@example.org")
    other.join()
    other.place("ask", "900.01", "0.5")
    row = order_row(page, "2")
    expect(row).to_contain_text("Partly filled")
    expect(row).to_contain_text("25 %")
    expect(page.get_by_test_id("toast").filter(has_text="Bought")).to_contain_text("0.5 KCN at 900.01 EUR")
    expect(page.get_by_test_id("available-KCN")).to_have_text("200.499")

    row.get_by_role("button", name=re.compile("Amend")).click()
    dialog = page.get_by_role("dialog", name="Amend order")
    dialog.get_by_label(re.compile("New price")).fill("890")
    dialog.get_by_label(re.compile("New total quantity")).fill("3")
    dialog.get_by_role("button", name="Amend order").click()
    expect(order_row(page, "3")).to_contain_text("890.00")

    order_row(page, "3").get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.get_by_text("No open orders")).to_be_visible()
    expect(page.get_by_test_id("locked-EUR")).to_have_text("0.00")

    page.get_by_role("tab", name="History").click()
    done = page.get_by_role("table", name="Past orders, newest first").get_by_role("row").nth(1)
    expect(done).to_contain_text("Cancelled")
    done.get_by_role("link").click()
    expect(page.get_by_role("table", name="Fills").get_by_role("row")).to_have_count(2)
    other.context.close()


def test_what_is_wrong_is_said_before_anything_is_sent(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab()
    is_live(page)
    why = page.get_by_test_id("why-not")
    for price, quantity, word in (
        ("900.005", "1", "The price must be a multiple of 0.01"),
        ("900", "0.0005", "The quantity must be a multiple of 0.001"),
        ("900", "0.001", "An order must be worth 1 EUR at least"),
        ("900", "1000", "Only 10,000.00 EUR available"),
        ("-1", "1", "The price must be a positive number"),
    ):
        write_order(page, "Buy", price, quantity)
        expect(why).to_have_text(word)
    expect(page.get_by_text("No open orders")).to_be_visible()
    assert visitor.ask("GET", "/api/orders?status=all")["total"] == 0


def test_two_tabs_are_in_step(visitor: Visitor) -> None:
    visitor.join()
    first, second = visitor.tab(), visitor.tab()
    is_live(first)
    is_live(second)
    place_order(first, "Sell", "1100.5", "4")
    for page in (first, second):
        expect(order_row(page, "4")).to_contain_text("Open")
        expect(page.get_by_test_id("locked-KCN")).to_have_text("4.000")
    order_row(second, "4").get_by_role("button", name=re.compile("Cancel")).click()
    for page in (first, second):
        expect(page.get_by_text("No open orders")).to_be_visible()
        expect(page.get_by_test_id("locked-KCN")).to_have_text("0.000")


def test_the_keyboard_alone_trades(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab()
    is_live(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Command")).to_be_focused()
    page.keyboard.type("buy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Price", exact=True)).to_be_focused()
    page.keyboard.type("950")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_role("textbox", name="Price", exact=True)).to_have_value("950.11")
    quantity = page.get_by_role("textbox", name="Quantity", exact=True)
    while not quantity.evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    # Worth more than the limit from which the page asks: Enter, Enter.
    expect(page.get_by_role("dialog", name="Send this order?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(order_row(page, "7")).to_contain_text("950.11")
    cancel = order_row(page, "7").get_by_role("button", name=re.compile("Cancel"))
    while not cancel.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No open orders")).to_be_visible()
