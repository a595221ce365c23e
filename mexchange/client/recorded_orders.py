"""The open orders of whoever made a recording, as pages that name all of them."""

from typing import Final

from mexchange.codec import encode
from mexchange.codec.messages import AccountPage, OpenOrder
from mexchange.domain.units import AccountId, OrderId

ORDERS_PER_BLOCK: Final = 200


class OwnOrders:
    """The open orders of whoever recorded, all of them at once; none of nobody (`account` 0)."""

    def __init__(self) -> None:
        self.account = 0
        self.orders: list[OpenOrder] = []
        self._is_whole = True

    def apply(self, page: AccountPage) -> None:
        """One page; behind the last one the next begins anew."""
        self.orders = [*([] if self._is_whole else self.orders), *page.orders]
        self.account, self._is_whole = page.account, not page.next_order

    def blocks(self) -> list[bytes]:
        """Pages that give this state to whoever applies them; none of nobody."""
        return own_pages(self.account, self.orders) if self.account else []


def own_pages(account: int, orders: list[OpenOrder]) -> list[bytes]:
    """Blocks that say which orders of this account are open."""
    starts = range(0, max(len(orders), 1), ORDERS_PER_BLOCK)
    pages = [orders[start : start + ORDERS_PER_BLOCK] for start in starts]
    followers = [page[0].order_id for page in pages[1:]]
    return [
        encode(AccountPage(account=AccountId(account), orders=page, next_order=OrderId(after)))
        for page, after in zip(pages, [*followers, 0], strict=True)
    ]
