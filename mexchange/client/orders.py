"""One of our orders as the account stream tells it.

    OPEN ── Filled ──> PARTIALLY_FILLED ──┐
      │                                   ├── Done(FILLED) ──> FILLED
      └───────────────────────────────────┴── Done(EXPIRED) ─> EXPIRED
                                          └── Done(other) ───> CANCELLED

Mutable: whoever holds one sees it change. Events arrive in stream order; those that a summary already contained are
told apart by `as_of`.
"""

from typing import Final

import msgspec

from mexchange.codec.messages import OpenOrder, OrderState, OrderSummary
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.events import Accepted, Amended, Done, Filled, Prevented
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import Atoms, Lots, MarketId, OrderId, Sequence, Ticks, TimeNs

FILLS_MAX: Final = 1_000
"""Fills kept per order; older ones are summed up in `filled`, `notional_ticks_lots` and `fees`."""

_FINISHED: Final = {DoneReason.FILLED: OrderState.FILLED, DoneReason.EXPIRED: OrderState.EXPIRED}


class OwnOrder(msgspec.Struct, kw_only=True, eq=False):
    """Prices in ticks, quantities in lots (quote atoms for orders by quote amount), fees in atoms as received."""

    order_id: int
    client_order_id: ClientOrderId
    market: int
    side: Side
    order_type: OrderType = OrderType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    flags: OrderFlag = OrderFlag(0)
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.DEFAULT
    price: int = 0
    quantity: int = 0
    leaves: int = 0
    filled: int = 0
    """Lots."""
    ticks_lots: int = 0
    """Price times quantity, summed over the fills that were seen."""
    notional_before: int | None = 0
    """Quote atoms of the fills before those; None: not known."""
    fees: int | None = 0
    """Atoms of the received asset; None: some fills were not seen."""
    released: int = 0
    expiry_ns: int = 0
    state: OrderState = OrderState.OPEN
    done_reason: DoneReason | None = None
    reject_reason: RejectReason | None = None
    placed_sequence: int = 0
    last_sequence: int = 0
    placed_ns: int = 0
    last_ns: int = 0
    fills: list[Filled] = []
    as_of: int = 0
    """Events up to this sequence are contained already."""

    @property
    def is_open(self) -> bool:
        """May it still trade."""
        return self.state in (OrderState.OPEN, OrderState.PARTIALLY_FILLED)

    @property
    def is_quote_amount(self) -> bool:
        """Are `quantity` and `leaves` quote atoms."""
        return bool(self.flags & OrderFlag.QUOTE_AMOUNT)

    def notional(self, atoms_per_tick_lot: int) -> int | None:
        """Quote atoms of all fills, exactly; None: not known. The factor is the market's."""
        if self.notional_before is None:
            return None
        return self.notional_before + self.ticks_lots * atoms_per_tick_lot

    def apply(self, event: Filled | Done | Amended | Prevented) -> bool:
        """Let one event of this order happen; False if it was contained already."""
        if event.sequence <= self.as_of:
            return False
        assert event.order_id == self.order_id
        self.last_sequence = event.sequence
        match event:
            case Filled():
                self._fill(event)
            case Done():
                self.leaves, self.filled, self.done_reason = event.leaves, event.filled, event.reason
                self.released += event.released
                self.state = _FINISHED.get(event.reason, OrderState.CANCELLED)
            case Amended():
                self.price, self.quantity, self.leaves = event.price, event.quantity, event.leaves
            case Prevented():
                self.leaves = event.leaves
        return True

    def refresh(self, other: "OwnOrder") -> None:
        """Take over what the exchange says about this order at `other.as_of`, which is not older than what we know."""
        assert other.order_id == self.order_id
        if other.filled != self.filled:  # by fills that we did not see
            self.filled, self.notional_before, self.ticks_lots = other.filled, other.notional_before, 0
            self.fees = other.fees
        self.price, self.quantity, self.leaves = other.price, other.quantity, other.leaves
        self.state, self.done_reason = other.state, other.done_reason
        self.self_trade_prevention = other.self_trade_prevention
        self.placed_ns = other.placed_ns or self.placed_ns
        self.last_ns = max(self.last_ns, other.last_ns)
        self.last_sequence = max(self.last_sequence, other.last_sequence)
        self.as_of = other.as_of

    def _fill(self, event: Filled) -> None:
        self.filled += event.quantity
        self.leaves = event.leaves
        self.state = OrderState.PARTIALLY_FILLED
        self.ticks_lots += event.price * event.quantity
        if self.fees is not None:
            self.fees += event.fee
        if len(self.fills) == FILLS_MAX:
            del self.fills[0]
        self.fills.append(event)


def from_accepted(event: Accepted) -> OwnOrder:
    """The order as it was accepted; what follows in the same sequence is still to be applied."""
    return OwnOrder(
        order_id=event.order_id,
        client_order_id=event.client_order_id,
        market=event.market,
        side=event.side,
        order_type=event.order_type,
        time_in_force=event.time_in_force,
        flags=event.flags,
        price=event.price,
        quantity=event.quantity,
        leaves=event.quantity,
        expiry_ns=event.expiry_ns,
        placed_sequence=event.sequence,
        last_sequence=event.sequence,
        as_of=0,
    )


def from_open_order(row: OpenOrder, as_of: int) -> OwnOrder:
    """A row of an account page that stands at sequence `as_of`. What its fills cost is not known."""
    untouched = row.filled == 0
    return OwnOrder(
        order_id=row.order_id,
        client_order_id=ClientOrderId(row.client_order_id),
        market=row.market,
        side=Side(row.side),
        order_type=OrderType(row.type_tif & 15),
        time_in_force=TimeInForce(row.type_tif >> 4),
        flags=OrderFlag(row.flags),
        self_trade_prevention=SelfTradePrevention(row.stp),
        price=row.price,
        quantity=row.quantity,
        leaves=row.leaves,
        filled=row.filled,
        notional_before=0 if untouched else None,
        fees=0 if untouched else None,
        expiry_ns=row.expiry_ns,
        state=OrderState.OPEN if untouched else OrderState.PARTIALLY_FILLED,
        placed_sequence=row.placed_sequence,
        last_sequence=row.placed_sequence,
        as_of=as_of,
    )


def to_open_order(order: OwnOrder) -> OpenOrder:
    """The row of an account page that would tell of it. What is held for it is not said."""
    return OpenOrder(
        order_id=OrderId(order.order_id),
        client_order_id=order.client_order_id,
        price=Ticks(order.price),
        quantity=Lots(order.quantity),
        leaves=Lots(order.leaves),
        filled=Lots(order.filled),
        expiry_ns=TimeNs(order.expiry_ns),
        placed_sequence=Sequence(order.placed_sequence),
        held=Atoms(0),
        market=MarketId(order.market),
        side=order.side,
        type_tif=order.order_type | order.time_in_force << 4,
        stp=order.self_trade_prevention,
        flags=order.flags,
    )


def from_summary(row: OrderSummary, as_of: int) -> OwnOrder:
    """A row of an order answer that stands at sequence `as_of`."""
    return OwnOrder(
        order_id=row.order_id,
        client_order_id=ClientOrderId(row.client_order_id) if row.client_order_id else NO_ID,
        market=row.market,
        side=Side(row.side),
        order_type=OrderType(row.type_tif & 15) if row.type_tif & 15 else OrderType.LIMIT,
        time_in_force=TimeInForce(row.type_tif >> 4) if row.type_tif >> 4 else TimeInForce.GTC,
        flags=OrderFlag(row.flags),
        self_trade_prevention=SelfTradePrevention(row.stp),
        price=row.price,
        quantity=row.quantity,
        leaves=row.leaves,
        filled=row.filled,
        notional_before=row.notional,
        fees=0 if row.filled == 0 else None,
        expiry_ns=row.expiry_ns,
        state=OrderState(row.state),
        done_reason=DoneReason(row.done_reason) if row.done_reason else None,
        reject_reason=RejectReason(row.reject_reason) if row.reject_reason else None,
        placed_sequence=row.placed_sequence,
        last_sequence=row.last_sequence,
        placed_ns=row.placed_ns,
        last_ns=row.last_ns,
        as_of=as_of,
    )
