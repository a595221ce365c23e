"""What every call has at hand: the exchange, a way to wait, and what is known without asking."""

from typing import Final, TypeVar

from mexchange.client.connection import Connection
from mexchange.client.exchange import Exchange
from mexchange.client.liveness import Liveness
from mexchange.client.pending import Pending
from mexchange.client.results import SessionInfo
from mexchange.client.waiter import Waiter
from mexchange.codec.messages import Message
from mexchange.domain.client_id import ClientOrderId

T = TypeVar("T")

_NS_PER_S: Final = 1_000_000_000


class Caller:
    """What every call has at hand."""

    def __init__(self, exchange: Exchange, waiter: Waiter, connection: Connection) -> None:
        self.exchange = exchange
        self._waiter = waiter
        self._connection = connection
        exchange.orders.attach(waiter)
        exchange.balances.attach(waiter)

    @property
    def may_trade(self) -> bool:
        """Would new orders go out now; cancels always do."""
        return self.liveness().may_trade

    @property
    def session(self) -> SessionInfo:
        """Of the last login."""
        accepted = self.exchange.accepted
        assert accepted is not None, "connected"
        return SessionInfo(
            account=accepted.account,
            owner=accepted.owner,
            scopes=accepted.scopes,
            boot_id=accepted.boot_id,
            key_id=accepted.key_id,
            server_key=self.exchange.server_key,
            address=self.exchange.address[:2],
            round_trip_ns=self.exchange.round_trip_ns(50) or self.exchange.session.srtt_ns or 0,
            sequence=self.exchange.sequence,
            account_sequence=self.exchange.stream.head,
            first_contact=self.exchange.first_contact,
        )

    def mint(self) -> ClientOrderId:
        """A fresh client order id, a UUIDv7 by the server's clock."""
        return self.exchange.desk.mint()

    def server_time_ns(self) -> int:
        """The server's wall clock."""
        return self.exchange.session.server_time_ns(self.exchange.now_ns)

    def liveness(self) -> Liveness:
        """How much what we show may be trusted."""
        return self.exchange.liveness(self.exchange.now_ns)

    async def wait_for(self, pending: Pending[T]) -> T:
        """The result of what was asked of `exchange` itself; leaves with the next datagram."""
        return await self._waiter.wait(pending)

    async def _ask(self, message: Message, expected: type[T], timeout_s: float | None) -> T:
        return await self._waiter.wait(self.exchange.ask(message, expected, timeout_ns=self._timeout_ns(timeout_s)))

    def _timeout_ns(self, timeout_s: float | None) -> int:
        return round((self._connection.request_timeout_s if timeout_s is None else timeout_s) * _NS_PER_S)
