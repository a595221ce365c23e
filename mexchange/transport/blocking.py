"""Waiting for a socket without an event loop: what a program that asks one question and ends needs."""

import select

from mexchange.transport.udp_client import UdpClient

_NS_PER_MS = 1_000_000


def wait_readable(client: UdpClient, timeout_ns: int) -> bool:
    """Sleep until a datagram (or an error) waits on the socket; False if that took `timeout_ns`, rounded up to ms."""
    poll = select.poll()
    poll.register(client, select.POLLIN)
    return bool(poll.poll(max(0, -(-timeout_ns // _NS_PER_MS))))
