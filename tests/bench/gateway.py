"""The gateway on one core: orders by REST and by WebSocket, and one channel told to a thousand sockets.

The gateway alone runs on one core, exchange and load on the others. An order counts when its answer has come, which
means that it is durable. Compared with an empty route of the same framework on one core, and with ten messages a
second for each socket. `cpu_us` is the gateway's time for each.
"""

import asyncio
import base64
import itertools
import json
import os
import struct
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.bench.running_daemon import cpu_seconds
from tests.gateway.people import Person, sign_up
from tests.gateway.stack import GatewayProcess, Stack

SECONDS: Final = 5.0
PEOPLE: Final = 4
AT_ONCE: Final = 8
"""Orders of one person that are under way."""
SOCKETS: Final = 1_000
EMPTY_ROUTE: Final = 6_000
"""Requests a second of the framework with nothing behind it, one core (ARCHITECTURE.md)."""
TICKS_PER_S: Final = 10
CORE: Final = 0
_MANY: Final = "1000000"
_LIMITS: Final = {
    f"MX_GATEWAY_LIMITS_{name}": _MANY
    for name in (
        "REQUESTS_PER_SECOND_PER_ADDRESS",
        "REQUESTS_BURST_PER_ADDRESS",
        "REQUESTS_PER_SECOND_PER_SESSION",
        "REQUESTS_BURST_PER_SESSION",
        "ORDERS_PER_SECOND_PER_SESSION",
        "FRAMES_PER_SECOND",
        "FRAMES_BURST",
    )
}
ORDER: Final = {"symbol": "KCN/EUR", "side": "bid", "order_type": "limit", "price": "960.00", "quantity": "0.002"}
ASK_SIZE: Final = 2**16


def measure() -> list[dict[str, Any]]:
    """Orders per second with p50 and p99 of each way, and the fan-out."""
    os.environ["MX_DAEMON_LIMITS_ORDERS_PER_SECOND"] = _MANY
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), **_LIMITS)
        try:
            gateway = stack.gateway()
            os.sched_setaffinity(gateway.process.pid, {CORE})
            return asyncio.run(_measure(stack, gateway))
        finally:
            stack.end()


async def _measure(stack: Stack, gateway: GatewayProcess) -> list[dict[str, Any]]:
    people = [await sign_up(stack, gateway) for _ in range(PEOPLE)]
    rows: list[dict[str, Any]] = []
    for name, dial in (("websocket", _dial_socket), ("rest", _dial_rest)):
        rows += await _orders(name, gateway, people, dial)
    rows += await _fan_out(gateway, people[0])
    return rows


Ask = Callable[[], Awaitable[None]]


async def _orders(
    name: str, gateway: GatewayProcess, people: list[Person], dial: Callable[[Person], Awaitable[list[Ask]]]
) -> list[dict[str, Any]]:
    asks = [ask for person in people for ask in await dial(person)]
    taken_ns: list[int] = []
    end = time.monotonic() + SECONDS

    async def go(ask: Ask) -> None:
        while time.monotonic() < end:
            begun = time.perf_counter_ns()
            await ask()
            taken_ns.append(time.perf_counter_ns() - begun)
            if len(taken_ns) % 400 == 0:
                await _cancel_all(people)

    cpu, begun = cpu_seconds(gateway.process.pid), time.monotonic()
    await asyncio.gather(*(go(ask) for ask in asks))
    seconds = time.monotonic() - begun
    cpu_us = (cpu_seconds(gateway.process.pid) - cpu) * 1e6 / len(taken_ns)
    await _cancel_all(people)
    taken_ns.sort()
    rate = len(taken_ns) / seconds
    found = [_row(f"gateway_{name}_orders", round(rate), "orders/s", EMPTY_ROUTE, cpu_us=round(cpu_us))]
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        value = taken_ns[int((len(taken_ns) - 1) * share)] / 1e6
        found.append(_row(f"gateway_{name}_{label}", round(value, 2), "ms", None))
    return found


async def _cancel_all(people: list[Person]) -> None:
    await asyncio.gather(*(person.call("POST", "/api/orders/cancel-all", {}) for person in people))


async def _dial_rest(person: Person) -> list[Ask]:
    """Connections of their own."""
    return [await _rest_ask(person) for _ in range(AT_ONCE)]


async def _rest_ask(person: Person) -> Ask:
    where = urlsplit(person.gateway.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=ASK_SIZE)
    body = json.dumps(ORDER)
    request = (
        f"POST /api/order HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()

    async def ask() -> None:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line for line in head.splitlines() if line.lower().startswith("content-length:"))
        answer = await reader.readexactly(int(length.split(":")[1]))
        assert head.startswith("HTTP/1.1 200"), answer

    return ask


async def _dial_socket(person: Person) -> list[Ask]:
    """One socket, and that many orders on it at a time."""
    reader, writer = await _upgrade(person.gateway)
    writer.write(_frame({"id": 0, "method": "public/auth", "params": {"token": person.token}}))
    assert b'"result"' in await _message(reader)
    waiting: dict[int, asyncio.Future[None]] = {}
    numbers = itertools.count(1)

    async def listen() -> None:
        while True:
            message = await _message(reader)
            if message.startswith(b'{"id":'):
                assert b'"result"' in message, message
                waiting.pop(int(message[6 : message.index(b",")])).set_result(None)

    async def ask() -> None:
        number = next(numbers)
        answer = waiting[number] = asyncio.get_running_loop().create_future()
        writer.write(_frame({"id": number, "method": "private/place_order", "params": ORDER}))
        await answer

    _listening.append(asyncio.create_task(listen()))
    return [ask] * AT_ONCE


_listening: Final[list[asyncio.Task[None]]] = []


async def _fan_out(gateway: GatewayProcess, mover: Person) -> list[dict[str, Any]]:
    channel = "book.KCN/EUR.none.10.100ms"
    subscribe = _frame({"id": 1, "method": "public/subscribe", "params": {"channels": [channel]}})
    lines = []
    for _ in range(SOCKETS):
        reader, writer = await _upgrade(gateway)
        writer.write(subscribe)
        lines.append((reader, writer))
    arrivals: dict[int, list[float]] = {}
    counted = 0

    async def listen(reader: asyncio.StreamReader) -> None:
        nonlocal counted
        while True:
            message = await _message(reader)
            if b'"notification"' in message:
                counted += 1
                at = message.rindex(b'"sequence":') + 11
                sequence = int(message[at : message.index(b",", at)])
                arrivals.setdefault(sequence, []).append(time.monotonic())

    listening = [asyncio.create_task(listen(reader)) for reader, _ in lines]
    ask, *_ = await _dial_socket(mover)
    while counted < SOCKETS:  # noqa: ASYNC110 - snapshots
        await asyncio.sleep(0.05)
    counted, cpu, begun = 0, cpu_seconds(gateway.process.pid), time.monotonic()
    while time.monotonic() - begun < SECONDS:
        await ask()
        await asyncio.sleep(1 / (2 * TICKS_PER_S))
    seconds = time.monotonic() - begun
    sent, cpu = counted, cpu_seconds(gateway.process.pid) - cpu
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for _, writer in lines:
        writer.close()
    for task in _listening:
        task.cancel()
    spreads = sorted(max(times) - min(times) for times in arrivals.values() if len(times) > SOCKETS // 2)
    await _cancel_all([mover])
    return [
        _row(
            "gateway_fan_out",
            round(sent / seconds),
            "messages/s",
            SOCKETS * TICKS_PER_S,
            cpu_us=round(cpu * 1e6 / sent),
        ),
        _row("gateway_fan_out_first_to_last_p50", round(spreads[len(spreads) // 2] * 1e3, 1), "ms", None),
    ]


async def _upgrade(gateway: GatewayProcess) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(gateway.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=ASK_SIZE)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    return reader, writer


def _frame(message: dict[str, Any]) -> bytes:
    """A text frame of a client, its mask all zeros."""
    payload = json.dumps(message).encode()
    return b"\x81\xfe" + struct.pack("!H", len(payload)) + bytes(4) + payload


async def _message(reader: asyncio.StreamReader) -> bytes:
    """The next text frame of the server; pings are passed over."""
    while True:
        first, length = await reader.readexactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await reader.readexactly(8))
        payload = await reader.readexactly(length)
        if first & 15 == 1:
            return payload


def _row(name: str, value: float, unit: str, baseline: float | None, **more: Any) -> dict[str, Any]:
    ratio = None if baseline is None else value / baseline
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio, **more}
