"""Which orders a "cancel all" means. Said before, in the question, and after, in the notice."""

from collections.abc import Collection, Iterable

import msgspec

from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.order import Side


class CancelScope(msgspec.Struct, frozen=True, kw_only=True):
    """All open orders of the account, or fewer."""

    market: int = 0
    """0: every market."""
    side: Side | None = None
    is_session: bool = False
    """Only those that were sent from this screen, since it was opened."""

    def shown(self, registry: Markets) -> str:
        """`KCN/EUR, buy side, this session`."""
        where = registry[self.market].symbol if self.market else "ALL MARKETS"
        parts = [
            where,
            f"{self.side.name.lower()} side" if self.side else "",
            "this session" if self.is_session else "",
        ]
        return ", ".join(part for part in parts if part)

    def chosen(self, orders: Iterable[OwnOrder], sent: Collection[ClientOrderId]) -> list[OwnOrder]:
        """Those that are meant."""
        return [
            order
            for order in orders
            if (not self.market or order.market == self.market)
            and (self.side is None or order.side is self.side)
            and (not self.is_session or order.client_order_id in sent)
        ]


def count(orders: int) -> str:
    """`1 order`, `3 orders`."""
    return f"{orders} order{'' if orders == 1 else 's'}"
