"""What a person does rarely and must be able to rely on: keys, money out, a second factor."""

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, is_live


def test_keys_withdrawals_and_an_authenticator(visitor: Visitor) -> None:
    visitor.join()
    page = visitor.tab("/account/keys")
    is_live(page)
    make_and_revoke_a_key(visitor, page)
    withdraw(visitor, page)
    enrol(visitor, page)


def make_and_revoke_a_key(visitor: Visitor, page: Page) -> None:
    page.get_by_label("Name").fill("robot")
    page.get_by_role("switch", name="May trade").click()
    page.get_by_role("button", name="Make a key").click()
    confirm(visitor, page, "key")
    expect(page.get_by_text("Keep the secret now")).to_be_visible()
    row = page.get_by_role("table", name="Keys").get_by_role("row", name=re.compile("robot"))
    expect(row).to_contain_text("trade")
    (made,) = (key for key in visitor.ask("GET", "/api/keys")["keys"] if key["label"] == "robot")
    expect(page.locator("dd code").first).to_have_text(made["key_id"])
    page.get_by_role("button", name="Revoke robot").click()
    expect(row).to_have_count(0)
    assert all(key["revoked_at"] for key in visitor.ask("GET", "/api/keys")["keys"] if key["label"] == "robot")


def withdraw(visitor: Visitor, page: Page) -> None:
    page.goto("/wallet")
    page.get_by_role("tab", name="Withdraw", exact=True).click()
    page.get_by_label("To address").fill("AT611904300234573201")
    amount = page.get_by_label("Amount (EUR)")
    amount.fill("10000000")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text(re.compile(r"Only [\d,.]+ EUR available"))).to_be_visible()
    amount.fill("12.5")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("AT611904300234573201")
    confirm(visitor, page, "12.50 EUR")
    expect(page.get_by_test_id("toast").filter(has_text="Withdrawal confirmed")).to_contain_text("12.5 EUR")
    page.get_by_role("tab", name="Withdrawals").click()
    expect(page.get_by_role("table", name="Withdrawals").get_by_role("row").nth(1)).to_contain_text("12.5 EUR")


def enrol(visitor: Visitor, page: Page) -> None:
    page.goto("/account/security")
    page.get_by_role("button", name="Set up an authenticator").click()
    secret = page.get_by_text(re.compile(r"^[A-Z2-7]{32}$")).inner_text()
    code = page.get_by_label("Code of the app")
    code.fill("000000")
    page.get_by_role("button", name="Switch on").click()
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Keep these.")).to_be_visible()
    expect(page.get_by_role("list").filter(has=page.locator("code")).get_by_role("listitem")).to_have_count(10)
    assert visitor.ask("GET", "/api/me")["totp"] is True
    # What is confirmed from now on wants both codes.
    page.goto("/account/keys")
    page.get_by_label("Name").fill("second")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("dialog").get_by_label("Code of your authenticator")).to_be_visible()


def confirm(visitor: Visitor, page: Page, what: str) -> None:
    """With a wrong code first; the right one is in the mail."""
    dialog = page.get_by_role("dialog", name="Confirm by mail")
    expect(dialog).to_contain_text(what)
    right = visitor.stack.mailed_code(visitor.email)
    code = dialog.get_by_label("Code from the mail")
    code.fill(f"{(int(right) + 1) % 1_000_000:06}")
    dialog.get_by_role("button", name="Confirm").click()
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(right)
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)
