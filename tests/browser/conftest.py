"""The built page in Debian's Chromium, in front of a real exchange and a real gateway; one of each for a worker."""

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from mexchange.gateway.page import BUILT
from tests.browser.visitor import Visitor
from tests.gateway.stack import Stack

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
SWITCHES = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-gpu"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Running, with one gateway; the market has no bots, so that a book is what a test makes it."""
    if not (BUILT / "index.html").is_file():
        pytest.skip("the page is not built: sh tools/web.sh build")
    # One address signs in for every test here, and asks more in a minute than a person does.
    one = Stack(tmp_path_factory.mktemp("stack"), MX_GATEWAY_LIMITS_SIGN_INS_PER_MINUTE_PER_ADDRESS="1000")
    try:
        one.gateway()
        yield one
    finally:
        one.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. Its event loop keeps the thread: no test of another module may meet it."""
    if CHROMIUM is None:
        pytest.skip("no browser: apt-get install chromium")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield one
        one.close()


_numbers: Final = itertools.count(1)
"""Names that are cut off may be the same; addresses may not."""


@pytest.fixture
def visitor(stack: Stack, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody new, not signed in. Whatever the page asked of another host, or broke, fails the test."""
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_"))[:40].strip("-").lower()
    home = stack.gateways[0].url
    context = browser.new_context(base_url=home, viewport={"width": 1440, "height": 900})
    number = next(_numbers)
    one = Visitor(stack, context, f"{name}-{number}@example.org")
    foreign = watch_hosts(context, home)
    yield one
    context.close()
    assert foreign == []
    assert one.faults == []


def watch_hosts(context: BrowserContext, home: str) -> list[str]:
    """Fills with what is asked of any host but the gateway."""
    foreign: list[str] = []
    host = urlsplit(home).hostname

    def look(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != host:
            foreign.append(url)

    context.on("request", lambda request: look(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: look(socket.url)))
    return foreign


AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
