"""The daemon's sockets: what comes is handed over in turns, what goes is sent from the right family."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import pytest

from mexchange.protocol.packet import Address
from mexchange.transport.udp_server import DATAGRAMS_PER_TURN, BindFailed, UdpServer

HAS_IPV6: Final = socket.has_ipv6 and any(
    address[0] == socket.AF_INET6 for address in socket.getaddrinfo("localhost", 0, type=socket.SOCK_DGRAM)
)


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not done():  # noqa: ASYNC110 - what is waited for is in another thread or the kernel
            await asyncio.sleep(0.005)


def client(family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.settimeout(5)
    return sock


async def test_datagrams_come_in_order_and_at_most_so_many_a_turn() -> None:
    server = UdpServer(host="127.0.0.1", port=0)
    turns: list[list[tuple[bytes, Address]]] = []
    with client() as sender:
        for number in range(200):
            sender.sendto(number.to_bytes(2, "big"), server.address)
        server.start(asyncio.get_running_loop(), turns.append)
        await until(lambda: server.received == 200)
        server.close()
    assert max(map(len, turns)) == DATAGRAMS_PER_TURN
    assert [data for turn in turns for data, _ in turn] == [number.to_bytes(2, "big") for number in range(200)]


async def test_answers_go_back_to_where_the_question_came_from() -> None:
    server = UdpServer(host="127.0.0.1", port=0)
    server.start(asyncio.get_running_loop(), lambda turn: server.send((data[::-1], address) for data, address in turn))
    with client() as sender:
        sender.sendto(b"abc", server.address)
        assert await asyncio.to_thread(sender.recv, 100) == b"cba"
        server.stop_reading()
        sender.sendto(b"again", server.address)
        await asyncio.sleep(0.05)
        assert server.received == 1
        server.send([(b"farewell", sender.getsockname())])
    server.close()
    server.close()
    assert (server.sent, server.unsent) == (2, 0)


async def test_localhost_is_both_families_with_one_port() -> None:
    server = UdpServer(host="localhost", port=0)
    got: list[tuple[bytes, Address]] = []
    server.start(asyncio.get_running_loop(), got.extend)
    port = server.address[1]
    with client() as old:
        old.sendto(b"4", ("127.0.0.1", port))
        if HAS_IPV6:
            with client(socket.AF_INET6) as new:
                new.sendto(b"6", ("::1", port))
                await until(lambda: len(got) == 2)
                server.send((data, address) for data, address in got if data == b"6")
                assert await asyncio.to_thread(new.recv, 100) == b"6"
        await until(lambda: b"4" in [data for data, _ in got])
    server.close()


def test_a_taken_port_and_a_foreign_address_are_named() -> None:
    first = UdpServer(host="127.0.0.1", port=0)
    with pytest.raises(BindFailed, match=f"127.0.0.1:{first.address[1]}"):
        UdpServer(host="127.0.0.1", port=first.address[1])
    first.close()
    with pytest.raises(BindFailed):
        UdpServer(host="203.0.113.7", port=0)
    with pytest.raises(BindFailed, match="not an address"):
        UdpServer(host="no.such.host.invalid", port=0)


async def test_what_the_kernel_had_to_drop_is_counted() -> None:
    server = UdpServer(host="127.0.0.1", port=0, receive_buffer_bytes=4096)
    with client() as sender:
        for _ in range(2_000):
            sender.sendto(bytes(1_000), server.address)
        server.start(asyncio.get_running_loop(), lambda _: None)
        await asyncio.sleep(0.1)
        taken = server.received
        assert taken < 2_000
        sender.sendto(b"x", server.address)  # the count comes with the next datagram
        await until(lambda: server.received == taken + 1)
    server.close()
    assert server.kernel_dropped == 2_000 - taken
