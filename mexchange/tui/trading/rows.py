"""What is under way: orders that were sent and not answered, and what is being done to those that are open.

SENDING ── answered ──> gone (the order itself is in the client's view)
   └─ no answer ──> UNKNOWN ── found out by its client order id ──> gone
"""

from enum import Enum

import msgspec

from mexchange.domain.client_id import ClientOrderId
from mexchange.tui.trading.draft import OrderDraft


class Stage(Enum):
    """Of an order that is not known to be open."""

    SENDING = "sending"
    UNKNOWN = "?"


class PendingOrder(msgspec.Struct):
    """A row of the orders panel that the exchange has not confirmed."""

    client_order_id: ClientOrderId
    draft: OrderDraft
    since_ns: int
    """Wall time of the server."""
    stage: Stage = Stage.SENDING


class Mark(msgspec.Struct):
    """What is being done to an open order. Price in ticks and total quantity in lots as they are to become, 0: stay."""

    is_cancel: bool = False
    price: int = 0
    quantity: int = 0
    is_unknown: bool = False
    is_next: bool = False
    """Is a later wish waiting for the one under way."""


class Rows:
    """By client order id, and by order id."""

    def __init__(self) -> None:
        self.pending: dict[ClientOrderId, PendingOrder] = {}
        """Oldest first."""
        self.marks: dict[int, Mark] = {}

    def of_market(self, market: int) -> list[PendingOrder]:
        """Those that are for this market."""
        return [row for row in self.pending.values() if row.draft.market == market]
