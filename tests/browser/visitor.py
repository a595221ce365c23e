"""Somebody in front of the page: what people do over and over, said once."""

import re
from typing import Any, Final

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.gateway.stack import SYMBOL, Stack

PATIENCE_MS: Final = 30_000
"""Nothing is waited for by the clock; this is when a condition is given up."""
ACCOUNT: Final = re.compile("Account of")
MARKET: Final = f"/trade/{SYMBOL.replace('/', '-')}"
POLICY: Final = "Content Security Policy"
ORDERS: Final = "Open orders, newest first"


class Visitor:
    """A browser profile with an e-mail address."""

    def __init__(self, stack: Stack, context: BrowserContext, email: str) -> None:
        self.stack = stack
        self.context = context
        self.email = email
        self.faults: list[str] = []
        """Errors that the page raised, and what its content policy refused."""
        expect.set_options(timeout=PATIENCE_MS)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._watch)

    def tab(self, path: str = MARKET) -> Page:
        """One more tab, at that path."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def sign_up(self, page: Page) -> None:
        """Through the page, with the code of the mail."""
        page.goto("/signup")
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_role("button", name="Mail me a code").click()
        field = page.get_by_label("Code from the mail")
        field.wait_for()
        field.fill(self.stack.mailed_code(self.email))
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("button", name=ACCOUNT)).to_be_visible()

    def join(self) -> None:
        """Sign up beside the page: the cookies are those of its profile."""
        asked = self.ask("POST", "/auth/request-otp", email=self.email)
        code = self.stack.mailed_code(self.email)
        self.ask("POST", "/auth/signup", email=self.email, code=code, request_id=asked["request_id"])

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda line: self.faults.append(line.text) if POLICY in line.text else None)

    def ask(self, method: str, path: str, **fields: Any) -> dict[str, Any]:
        """A question to the gateway as this person, beside the page."""
        headers = {"X-MX-Request": "1", "Origin": self.stack.gateways[0].url}
        answer = self.context.request.fetch(
            path, method=method, data=None if method == "GET" else fields, headers=headers
        )
        assert answer.ok, (answer.status, answer.text())
        content: dict[str, Any] = answer.json() if answer.body() else {}
        return content

    def place(self, side: str, price: str, quantity: str) -> dict[str, Any]:
        """A limit order beside the page; the Order."""
        order: dict[str, Any] = self.ask(
            "POST", "/api/order", symbol=SYMBOL, side=side, order_type="limit", price=price, quantity=quantity
        )["order"]
        return order


def write_order(page: Page, side: str, price: str, quantity: str) -> None:
    """Fill the ticket and send it; asks for confirmation are answered."""
    ticket = page.get_by_role("form", name=f"Order in {SYMBOL}")
    ticket.get_by_role("radio", name=side).click()
    ticket.get_by_label("Price", exact=True).fill(price)
    ticket.get_by_label("Quantity", exact=True).fill(quantity)
    # Enter, as a click waits until a button can be used, and a refused order's says why instead.
    ticket.get_by_label("Quantity", exact=True).press("Enter")


def place_order(page: Page, side: str, price: str, quantity: str) -> None:
    """As `write_order`, until the exchange has it: the page holds an order back when its line was bad just then."""
    said = page.get_by_role("form", name=f"Order in {SYMBOL}").get_by_test_id("why-not")
    while True:
        is_live(page)
        write_order(page, side, price, quantity)
        expect(said).to_have_text(re.compile("Enter a quantity|No live connection"))  # the first: it was taken
        if "Enter a quantity" in (said.text_content() or ""):
            return


def order_row(page: Page, quantity: str) -> Locator:
    """The row of an open order, told by its quantity."""
    row = re.compile(rf"(Market|\d) {re.escape(quantity)} ")
    return page.get_by_role("table", name=ORDERS).get_by_role("row", name=row)


def is_live(page: Page) -> None:
    """Waits until the line is good enough to trade on."""
    expect(page.get_by_test_id("link-state").first).to_have_text(re.compile("Live|Slow"))
