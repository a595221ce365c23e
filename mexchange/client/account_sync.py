"""Snapshots of the account: at the start of a view, and after a gap that the server cannot fill any more."""

from collections.abc import Callable
from typing import Final

from mexchange.client.balances_view import BalancesView
from mexchange.client.errors import ClientError, GapUnavailable, TimedOut
from mexchange.client.line import Line
from mexchange.client.orders import from_summary
from mexchange.client.orders_view import OrdersView
from mexchange.client.pending import Pending
from mexchange.codec.messages import AccountPage, AccountQuery, OrderAnswer, OrderQuery
from mexchange.domain.units import OrderId

ASK_TIMEOUT_NS: Final = 5_000_000_000
RETRY_NS: Final = 250_000_000


class AccountSync:
    """One snapshot at a time, page by page, into the orders and balances views."""

    def __init__(
        self, line: Line, orders: OrdersView, balances: BalancesView, resume_after: Callable[[int], None]
    ) -> None:
        """`resume_after(account_sequence)`: the stream, broken before, goes on behind it."""
        self._line = line
        self._orders = orders
        self._balances = balances
        self._resume_after = resume_after
        self._done: Pending[None] | None = None
        self._first_sequence = 0
        self._stream_is_broken = False
        self._retry_ns: int | None = None
        self._asking_balances = False

    def request(self) -> Pending[None]:
        """Resolved when the views are complete."""
        if self._done is None:
            self._done = Pending()
            self._begin()
        return self._done

    def gap_not_filled(self, error: ClientError) -> GapUnavailable | None:
        """A gap request failed. Returns the error if the events are lost for good: a snapshot is under way then."""
        if isinstance(error, TimedOut):
            return None
        self._stream_is_broken = True
        self.request()
        return error if isinstance(error, GapUnavailable) else None

    def tick(self, now_ns: int) -> None:
        """Begin again after a failure; ask for balances that are overdue."""
        if self._retry_ns is not None and now_ns >= self._retry_ns:
            self._retry_ns = None
            self._begin()
        if self._done is None and not self._asking_balances and self._balances.wants_page(now_ns):
            self._balances.asked(now_ns)
            self._asking_balances = True
            answer = self._ask(0)
            answer.on_done(lambda: self._balances_came(answer))

    def next_timer_ns(self) -> int | None:
        """When `tick` may have something to do."""
        timers = [self._retry_ns, None if self._asking_balances else self._balances.next_timer_ns()]
        return min((timer for timer in timers if timer is not None), default=None)

    def _begin(self) -> None:
        self._first_sequence = 0
        self._orders.begin_snapshot()
        self._ask_page(0)

    def _ask(self, first_order: int) -> Pending[AccountPage]:
        query = AccountQuery(account=self._line.account, first_order=OrderId(first_order))
        return self._line.ask(query, AccountPage, timeout_ns=ASK_TIMEOUT_NS)

    def _ask_page(self, first_order: int) -> None:
        answer = self._ask(first_order)
        answer.on_done(lambda: self._page_came(answer, first_order))

    def _page_came(self, answer: Pending[AccountPage], first_order: int) -> None:
        assert self._done is not None
        try:
            page = answer.result()
        except TimedOut:
            self._retry_ns = self._line.now_ns + RETRY_NS
            return
        except ClientError as error:
            self._orders.give_up_snapshot()
            done, self._done = self._done, None
            done.fail(error)
            return
        if first_order == 0:
            self._first_sequence = page.sequence
        if first_order == 0 or page.balances:
            self._balances.page(page)
        self._orders.page(page)
        if first_order == 0 and self._stream_is_broken:
            self._stream_is_broken = False
            self._resume_after(page.account_sequence)
        if page.next_order:
            self._ask_page(page.next_order)
            return
        for order in self._orders.end_snapshot(self._first_sequence):
            self._find_out(order.order_id)
        done, self._done = self._done, None
        done.resolve(None)

    def _find_out(self, order_id: int) -> None:
        """How did an order end that is not open any more, in events that we never saw."""
        answer = self._line.ask(
            OrderQuery(account=self._line.account, order_id=OrderId(order_id)), OrderAnswer, timeout_ns=ASK_TIMEOUT_NS
        )
        answer.on_done(lambda: self._found_out(answer))

    def _found_out(self, answer: Pending[OrderAnswer]) -> None:
        try:
            found = answer.result()
        except ClientError:
            return
        for row in found.orders:
            self._orders.adopt(from_summary(row, found.sequence))
        self._orders.tell()

    def _balances_came(self, answer: Pending[AccountPage]) -> None:
        self._asking_balances = False
        try:
            self._balances.page(answer.result())
        except ClientError:
            return
