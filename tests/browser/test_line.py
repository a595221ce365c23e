"""What the page says and does while the gateway is away, and what it knows when it is back."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, is_live, order_row, place_order
from tests.gateway.stack import Stack


def test_what_happened_while_the_gateway_was_away_is_known_afterwards(visitor: Visitor, stack: Stack) -> None:
    visitor.join()
    page = visitor.tab()
    is_live(page)
    place_order(page, "Buy", "991", "1")
    place_order(page, "Buy", "992", "2")
    expect(order_row(page, "1")).to_contain_text("Open")
    expect(order_row(page, "2")).to_contain_text("Open")

    # A second gateway, by which the same person goes on meanwhile: the session is the exchange's, not a gateway's.
    second = stack.gateway()
    try:
        stack.gateways[0].kill()
        expect(page.get_by_test_id("link-state")).to_have_text(re.compile("Connecting|Offline"))
        expect(page.get_by_test_id("why-not")).to_have_text("No live connection: only cancels are sent")
        headers = {"X-MX-Request": "1", "Origin": second.url}
        open_orders = visitor.context.request.get(f"{second.url}/api/orders?status=open").json()["orders"]
        gone = next(order for order in open_orders if order["quantity"].startswith("2"))
        assert visitor.context.request.delete(f"{second.url}/api/orders/{gone['id']}", headers=headers).ok
    finally:
        stack.revive(stack.gateways[0])
    is_live(page)
    expect(order_row(page, "1")).to_contain_text("Open")
    expect(order_row(page, "2")).to_have_count(0)
    expect(page.get_by_test_id("locked-EUR")).to_have_text("991.00")
    place_order(page, "Buy", "993", "3")
    expect(order_row(page, "3")).to_contain_text("Open")
    visitor.ask("POST", "/api/orders/cancel-all")


def test_a_session_that_is_ended_elsewhere_ends_here(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab("/account/sessions")
    expect(page.get_by_text("This one").first).to_be_visible()
    visitor.ask("POST", "/auth/logout")
    expect(page).to_have_url(re.compile("/signin"))
    expect(page.get_by_text("Your session has ended")).to_be_visible()
