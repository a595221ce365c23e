"""`mx tui --web`: a real browser sees the market, nobody else gets anything, and nothing is asked of another host."""

import asyncio
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web
from playwright.sync_api import Page, sync_playwright

from mexchange.tui.web.server import VISITORS_MAX, WebServer
from tests.tui.stage import DEADLINE_S, Stage

BROWSER_S: Final = 60
CHROMIUM: Final = "/usr/bin/chromium"
KEEP_WHAT_COMES: Final = """
const Real = window.WebSocket;
window.came = '';
window.WebSocket = class extends Real {
  constructor(...words) {
    super(...words);
    window.line = this;
    const decoder = new TextDecoder();
    this.addEventListener('message', (event) => {
      if (typeof event.data !== 'string') window.came += decoder.decode(event.data, {stream: true});
    });
  }
};
"""
"""The terminal draws on a canvas; what is written to it can be read here."""


@pytest.fixture(scope="module")
def served(stage: Stage) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The address that the command prints, and its process."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "MX_DATA_DIR": str(stage.market.data),
        "MX_CONFIG_DIR": str(stage.folder / "web-config"),
    }
    words = [sys.executable, "-m", "mexchange", "-o", "json", "tui", "KCN/EUR", "--web", "--port", "0"]
    with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, cwd=stage.folder) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], DEADLINE_S)[0], "no address"
            yield json.loads(process.stdout.readline())["address"], process
        finally:
            process.terminate()
            process.wait(DEADLINE_S)


@pytest.fixture
def address(served: tuple[str, "subprocess.Popen[bytes]"]) -> str:
    """Where it listens: it says so a moment before it does."""
    host, port = served[0].split("/")[2].split(":")
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return served[0]
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "it never listened"
            time.sleep(0.05)


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


def _line(address: str) -> str:
    return address.replace("http:", "ws:") + "ws?width=80&height=24"


async def _open(line: str, headers: dict[str, str]) -> int:
    """The status of the answer to a WebSocket's request."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(line, headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


async def _get(url: str, **headers: str) -> tuple[int, Any, str]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.headers, (await answer.read()).decode("utf-8", "replace")


async def test_who_does_not_know_the_token_gets_no_page(address: str) -> None:
    for wrong in ("", "x" * 32 + "/", address.split("/")[3][:-1] + "/", "%2e%2e/"):
        status, _, body = await _get(f"{_origin(address)}/{wrong}")
        assert status in (403, 404)
        assert "textual-terminal" not in body
    assert (await _get(address))[0] == 200


async def test_a_socket_needs_token_origin_and_host(address: str) -> None:
    origin = _origin(address)
    assert await _open(_line(address), {}) == 403
    for foreign in ("https://example.org", "null", "http://127.0.0.1:1", origin.replace("http", "https")):
        assert await _open(_line(address), {"Origin": foreign}) == 403
    token = address.split("/")[3]
    for wrong in ("x" * len(token), token[:-1], token.swapcase()):
        assert await _open(_line(address).replace(token, wrong), {"Origin": origin}) == 403
    assert await _open(_line(address), {"Origin": origin, "Host": "example.org"}) == 421
    assert (await _get(address, Host="example.org:80"))[0] == 421


async def test_no_file_names_another_host(address: str) -> None:
    origin = _origin(address)
    _, headers, page = await _get(address)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page) + re.findall(r'url\("(/static/[^"]+)"\)', page)
    assert len(named) == 3
    _, _, styles = await _get(f"{origin}/static/page.css")
    for text in (page, *[(await _get(origin + path))[2] for path in named]):
        hosts = set(re.findall(r"(?:https?:|wss?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)", text, re.IGNORECASE))
        assert hosts <= {origin.removeprefix("http://")}
    assert re.findall(r"url\(([^)]*)\)", styles) == ['"/static/mono.ttf"']
    assert (await _get(f"{origin}/static/../server.py"))[0] in (403, 404)


def test_a_browser_sees_the_ladder(address: str) -> None:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda line: asked.append(line.url))
        page.add_init_script(KEEP_WHAT_COMES)
        page.goto(address)
        _wait_for(page, "Ladder", "999.80", "999.57", "READ-ONLY")
        assert page.locator("canvas").count() > 0
        before = page.screenshot()
        page.locator(".xterm-helper-textarea").focus()
        page.keyboard.press("t")
        _wait_for(page, "mx-light")
        assert page.screenshot() != before
        browser.close()
    assert asked
    own = _origin(address).removeprefix("http://")
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {own}


def _wait_for(page: Page, *texts: str) -> None:
    for text in texts:
        page.wait_for_function("text => window.came.includes(text)", arg=text, timeout=BROWSER_S * 1_000)


async def test_visitors_end_with_the_server(served: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    address, process = served
    await _until(lambda: not _children(process.pid))  # of the tests before
    async with aiohttp.ClientSession() as session:
        line = await session.ws_connect(_line(address), headers={"Origin": _origin(address)})
        await line.receive(timeout=DEADLINE_S)
        (child,) = _children(process.pid)
        process.send_signal(signal.SIGTERM)
        await _until(lambda: process.poll() is not None)
    await _until(lambda: not Path(f"/proc/{child}").exists())


async def test_visitors_are_bounded() -> None:
    server = WebServer(["true"], port=0, say=lambda address: None)
    runner = web.AppRunner(await server._make_app())
    await runner.setup()
    await web.SockSite(runner, server._socket).start()
    visitors = [asyncio.ensure_future(asyncio.sleep(DEADLINE_S)) for _ in range(VISITORS_MAX)]
    server._visitors.update(visitors)
    assert await _open(_line(server.address), {"Origin": _origin(server.address)}) == 503
    await runner.cleanup()
    await asyncio.gather(*visitors, return_exceptions=True)
    assert all(visitor.cancelled() for visitor in visitors)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110  # of another process
            await asyncio.sleep(0.05)


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]
