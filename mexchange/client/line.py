"""What the parts of an exchange need of the whole: a way to ask, and what is known."""

from typing import Any, Protocol, TypeVar

from mexchange.client.errors import ClientError
from mexchange.client.liveness import Liveness
from mexchange.client.orders_view import OrdersView
from mexchange.client.pending import Pending
from mexchange.client.question import Collect
from mexchange.codec.messages import Message
from mexchange.domain.units import AccountId

T = TypeVar("T")


class Line(Protocol):
    """`client/exchange.py` in the eyes of its parts."""

    sequence: int
    closed: ClientError | None

    @property
    def orders(self) -> OrdersView:
        """Of the account."""
        ...

    @property
    def now_ns(self) -> int:
        """Monotonic."""
        ...

    @property
    def account(self) -> AccountId:
        """Of the login."""
        ...

    def ask(self, message: Message, expected: type[T], *, timeout_ns: int = ...) -> Pending[T]:
        """Ask until one block of the expected kind answers."""
        ...

    def ask_block(self, block: bytes, collect: Collect, *, timeout_ns: int, paged: bool) -> Pending[Any]:
        """Ask until `collect` is content."""
        ...

    def request(self, block: bytes, *, timeout_ns: int) -> int:
        """Send a command until it is settled; its correlation. Raises TooBusy."""
        ...

    def settle(self, correlation: int) -> None:
        """The outcome of a request is known."""
        ...

    def server_time_ns(self) -> int:
        """The server's wall clock now."""
        ...

    def liveness(self, now_ns: int) -> Liveness:
        """How much what is known may be trusted now."""
        ...
