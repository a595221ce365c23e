"""What the network can do to a client.

TransportError (an OSError)
├── NoSuchHost        the name has no address
└── PortUnreachable   the host answers that nobody listens there
"""


class TransportError(OSError):
    """Root of the tree."""


class NoSuchHost(TransportError):
    """The name cannot be resolved."""


class PortUnreachable(TransportError):
    """The host said by ICMP that nobody listens on that port. Unauthenticated: a hint, not a fact."""
