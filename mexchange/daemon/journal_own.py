"""Of a journal that is replayed: the open orders and the fills of one account, as a recording of its owner has them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mexchange.codec import decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.events import RECORD_SIZE, decode_records
from mexchange.codec.fills import fill_of
from mexchange.codec.messages import AccountPage, AccountQuery, Fill, FillsPage, OpenOrder
from mexchange.daemon.views import Commit, Engine
from mexchange.domain.events import Filled
from mexchange.domain.units import AccountId, OrderId

FILLS_KEPT: Final = 500
"""Of those before the beginning."""
ROWS_PER_BLOCK: Final = 200
ACCOUNT_BYTES: Final = 8
"""With which a record begins."""


class OwnJournal:
    """`apply` each commit as soon as `engine` has; `opening` is the state behind the last of them."""

    def __init__(self, engine: Engine, account: int, is_shown: Callable[[int], bool]) -> None:
        """`is_shown` is asked about a market, when something of it is told."""
        self.account: Final = AccountId(account)
        self.is_known = False
        """Was anything said of this account."""
        self._engine = engine
        self._is_shown = is_shown
        self._head = account.to_bytes(ACCOUNT_BYTES, "little")
        self._orders: list[OpenOrder] = []
        self._fills: deque[Fill] = deque(maxlen=FILLS_KEPT)

    def opening(self) -> list[bytes]:
        """Blocks with all that is open, and the last fills."""
        return [*self._pages(), *self._fill_blocks(self._fills)]

    def apply(self, commit: Commit) -> list[bytes]:
        """Blocks with what this commit changed of it."""
        records = self._records(commit.records)
        if not records:
            return []
        self.is_known = True
        fills = [fill_of(event, commit.time_ns) for event in decode_records(records) if isinstance(event, Filled)]
        self._fills += fills
        before, self._orders = self._orders, list(self._open_orders())
        return [*(self._pages() if self._orders != before else ()), *self._fill_blocks(fills)]

    def _records(self, records: bytes) -> bytes:
        """Those of the account."""
        if self._head not in records:
            return b""
        starts = range(0, len(records), RECORD_SIZE)
        return b"".join(records[at : at + RECORD_SIZE] for at in starts if records.startswith(self._head, at))

    def _open_orders(self) -> Iterator[OpenOrder]:
        first = OrderId(0)
        while True:
            (block,) = self._engine.query(encode(AccountQuery(self.account, first)))
            page = decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:])
            assert isinstance(page, AccountPage)
            yield from page.orders
            first = page.next_order
            if not first:
                return

    def _pages(self) -> Iterator[bytes]:
        """All open orders; behind the last page the next begins anew."""
        rows = [row for row in self._orders if self._is_shown(row.market)]
        while True:
            page, rows = rows[:ROWS_PER_BLOCK], rows[ROWS_PER_BLOCK:]
            after = rows[0].order_id if rows else OrderId(0)
            yield encode(AccountPage(account=self.account, orders=page, next_order=after))
            if not rows:
                return

    def _fill_blocks(self, fills: Iterable[Fill]) -> list[bytes]:
        rows = [fill for fill in fills if self._is_shown(fill.market)]
        starts = range(0, len(rows), ROWS_PER_BLOCK)
        return [encode(FillsPage(rows=rows[start : start + ROWS_PER_BLOCK])) for start in starts]
