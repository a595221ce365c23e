"""The addresses of a server's name, each once, in the order in which the system prefers them."""

import socket
from typing import Final, TypeAlias

from mexchange.transport.errors import NoSuchHost

Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int]
"""As the socket module has them: host, port, and for IPv6 flow and scope."""

ADDRESSES_MAX: Final = 8


def resolve(host: str, port: int) -> list[Address]:
    """UDP addresses of `host`, at least one; `localhost` has ::1 and 127.0.0.1. Blocks. Raises NoSuchHost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except OSError as error:
        raise NoSuchHost(f"{host}: {error.strerror or error}") from None
    addresses: list[Address] = []
    for family, _, _, _, address in found:
        if family in (socket.AF_INET, socket.AF_INET6) and address not in addresses:
            addresses.append(address)  # type: ignore[arg-type]  # the stubs widen it for other families
    if not addresses:
        raise NoSuchHost(f"{host} has no IPv4 or IPv6 address")
    return addresses[:ADDRESSES_MAX]
