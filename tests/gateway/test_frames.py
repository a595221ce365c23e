"""Whatever comes through a socket, the gateway stands: odd frames, crowds, and readers who do not read."""

import asyncio
import contextlib
import json
import os
import resource
import socket
import struct
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.gateway.people import TIMEOUT_S, line
from tests.gateway.stack import GatewayProcess, Stack

IDLE_SOCKETS = 1_000
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def ws(gateway: GatewayProcess) -> str:
    return gateway.url.replace("http", "ws", 1) + "/ws"


async def metrics(gateway: GatewayProcess) -> str:
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as http:
        answer = await http.get(gateway.run.metrics_url)
        assert answer.status_code == 200
        return answer.text


async def answer_to(connection: ClientConnection, frame: str | bytes) -> dict[str, object]:
    await connection.send(frame)
    async with asyncio.timeout(TIMEOUT_S):
        found: dict[str, object] = json.loads(await connection.recv())
    return found


async def test_frames_that_are_no_requests_are_answered(gateway: GatewayProcess) -> None:
    async with connect(ws(gateway)) as one:
        for frame, code in (
            ("", -32700),
            ("{", -32700),
            ("nonsense", -32700),
            ("[" * 30_000, -32600),
            ("null", -32600),
            ("[]", -32600),
            ('{"id": "1"}', -32600),
            ('{"id": {}, "method": "public/ping"}', -32600),
            ('{"id": "1", "method": 5}', -32600),
            (b"\x00\x01", -32600),
            (b"", -32600),
            ('{"id": "1", "method": "public/auth", "params": {"token": "' + "é𝄞" * 9_000 + '"}}', 10000),
            ('{"id": "1", "method": "' + "𝄞" * 200 + '"}', -32601),
            ('{"id": "1", "method": "public/subscribe", "params": ' + "[" * 20_000 + "]" * 20_000 + "}", -32700),
            ('{"id": "1", "method": "public/ping", "params": null}', None),
        ):
            answer = await answer_to(one, frame)
            error = answer.get("error")
            assert (error["code"] if isinstance(error, dict) else None) == code, (frame[:40], answer)
        assert isinstance((await answer_to(one, '{"id": "last", "method": "public/ping"}'))["result"], dict)


async def test_pings_pongs_and_pieces_keep_a_socket_open(gateway: GatewayProcess) -> None:
    async with connect(ws(gateway)) as one:
        for data in (b"", b"x" * 125):
            await asyncio.wait_for(await one.ping(data), TIMEOUT_S)
        await one.pong(b"unasked")
        await one.send(iter(['{"id": 1, "meth', 'od": "public/', 'ping"}']))
        async with asyncio.timeout(TIMEOUT_S):
            assert json.loads(await one.recv())["id"] == 1


async def test_a_huge_frame_ends_that_socket_alone(gateway: GatewayProcess) -> None:
    async with line(gateway) as other:
        async with connect(ws(gateway)) as one:
            with contextlib.suppress(ConnectionClosed):  # before all of it is sent
                await one.send("x" * 1_000_000)
            async with asyncio.timeout(TIMEOUT_S):
                await one.wait_closed()
            assert one.close_code == 1009
        assert await other.result("public/ping")


async def test_bytes_that_are_no_websocket_end_that_socket_alone(gateway: GatewayProcess) -> None:
    where = urlsplit(gateway.url)
    assert where.hostname is not None
    for rest in (
        b"\xff" * 64,
        b"\x81\x05hello",
        b"\x81\xff" + struct.pack("!Q", 2**63) + os.urandom(64),
        b"\x81\x84\x00\x00\x00\x00\xff\xfe\xfd\xfc",
        b"\x88\x81\x00\x00\x00\x00\x01",
    ):
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(UPGRADE)
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT_S)).startswith(b"HTTP/1.1 101")
        writer.write(rest)
        await asyncio.wait_for(reader.read(), TIMEOUT_S)
        writer.close()
    async with line(gateway) as one:
        assert await one.result("public/ping")


async def test_a_thousand_idle_sockets_are_no_burden(gateway: GatewayProcess) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd: list[ClientConnection] = []
    try:
        for _ in range(IDLE_SOCKETS // 50):
            crowd += await asyncio.gather(
                *(connect(ws(gateway), ping_interval=None, open_timeout=60) for _ in range(50))
            )
        async with line(gateway) as one:
            assert await one.result("public/ping")
        figures = await metrics(gateway)
        sockets = next(text for text in figures.splitlines() if text.startswith("mx_gateway_sockets "))
        assert float(sockets.split()[1]) >= IDLE_SOCKETS
    finally:
        await asyncio.gather(*(one.close() for one in crowd), return_exceptions=True)


async def test_who_does_not_read_is_closed_and_others_hear_on(stack: Stack) -> None:
    gateway = stack.gateway(MX_GATEWAY_LIMITS_WAITING_MESSAGES_MAX="50", MX_GATEWAY_LIMITS_FRAMES_BURST="100000")
    where = urlsplit(gateway.url)
    assert where.hostname is not None
    deaf = socket.create_connection((where.hostname, where.port or 0))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.sendall(UPGRADE)
    deaf.setblocking(False)
    ask = _masked(json.dumps({"id": "x" * 60_000, "method": "public/ping"}).encode())
    loop = asyncio.get_running_loop()

    async def shout() -> None:
        while True:
            await loop.sock_sendall(deaf, ask)

    shouting = asyncio.create_task(shout())
    try:
        async with line(gateway) as other:
            async with asyncio.timeout(TIMEOUT_S * 2):
                while True:
                    await other.result("public/ping")
                    if "mx_gateway_slow_closed_total 1.0" in await metrics(gateway):
                        break
    finally:
        shouting.cancel()
        await asyncio.gather(shouting, return_exceptions=True)
        deaf.close()
        gateway.stop()


def _masked(payload: bytes) -> bytes:
    """A text frame of a client."""
    return b"\x81\xfe" + struct.pack("!H", len(payload)) + b"\x00\x00\x00\x00" + payload
