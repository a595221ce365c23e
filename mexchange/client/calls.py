"""What one can ask of an exchange and make it do: one set of calls for both drivers.

`async` is only the way to wait for a Pending here; no event loop is assumed. `client/api.py` runs these calls under
asyncio, `client/blocking.py` step by step over a blocking socket.
"""

from typing import Final

from mexchange.client.answer import Answer, Outcome
from mexchange.client.errors import ClientError
from mexchange.client.identity_calls import IdentityCalls
from mexchange.client.orders import OwnOrder
from mexchange.client.pending import Pending
from mexchange.client.portfolio_calls import PortfolioCalls
from mexchange.client.results import AccountState, Book, Preview, SessionInfo, Status
from mexchange.client.wallet_calls import WalletCalls

__all__ = ["AccountState", "Answer", "Book", "Calls", "Outcome", "Preview", "SessionInfo", "Status"]

_NS_PER_S: Final = 1_000_000_000


class Calls(IdentityCalls, WalletCalls, PortfolioCalls):
    """All calls that end by themselves."""

    async def wait_order(self, order_id: int, until: str = "done", timeout_s: float = 10.0) -> OwnOrder:
        """Until the order is `open` (known), `filled` or `done`, or the time is over: look at `state`."""
        assert until in ("open", "filled", "done")
        deadline_ns = self.exchange.now_ns + round(timeout_s * _NS_PER_S)
        order = self.exchange.orders.get(order_id) or await self.order(order_id)
        if order is None:
            raise ClientError(f"order {order_id} is not known")
        order = self.exchange.orders.adopt(order)
        while order.is_open and until != "open":
            changed: Pending[None] = Pending()
            stop = self.exchange.orders.on_change(lambda: changed.resolve(None))  # noqa: B023  # one per turn
            in_time = await self._waiter.wait_until(changed, deadline_ns - self.exchange.now_ns)
            stop()
            if not in_time:
                break
        return order
