"""What the server tells about our account: the stream in order, and the views that it feeds.

Reports ──> stream ── in order ──> orders, balances, listeners
              └─ a hole: GapRequest ── GapUnavailable ──> snapshot, and a break that listeners hear of
"""

from collections.abc import Callable
from typing import Final

from mexchange.client.account_stream import AccountStream
from mexchange.client.account_sync import AccountSync
from mexchange.client.balances_view import BalancesView
from mexchange.client.errors import ClientError, GapUnavailable
from mexchange.client.line import Line
from mexchange.client.orders_view import OrdersView
from mexchange.client.pending import Pending
from mexchange.codec import encode
from mexchange.codec.messages import Balances, GapRequest, Message
from mexchange.domain.events import Event

ASK_TIMEOUT_NS: Final = 5_000_000_000

EventsListener = Callable[[list[Event]], None]
BreakListener = Callable[[GapUnavailable], None]


class OwnAccount:
    """Sans-I/O. Nothing happens here for anonymous visitors."""

    def __init__(self, line: Line) -> None:
        self.stream: Final = AccountStream()
        self.orders: Final = OrdersView()
        self.balances: Final = BalancesView()
        self.sync: Final = AccountSync(line, self.orders, self.balances, self._resume_after)
        self._line = line
        self._event_listeners: list[EventsListener] = []
        self._break_listeners: list[BreakListener] = []

    def logged_in(self, head: int, now_ns: int) -> None:
        """The stream stands at `head` on the server."""
        if self.stream.started:
            self.announce(head, now_ns)
        else:
            self.stream.start(head)
            self.orders.account_sequence = head

    def announce(self, head: int, now_ns: int) -> None:
        """The server says that events up to `head` exist."""
        self.stream.announce(head, now_ns)
        self.orders.gap = not self.stream.at_head

    def receive(self, events: list[Event], now_ns: int) -> None:
        """Events of one Reports of the stream."""
        self._deliver(self.stream.receive(events, now_ns), now_ns)

    def update(self, message: Balances) -> None:
        """The latest balances."""
        self.balances.update(message)

    def tick(self, now_ns: int) -> None:
        """Ask for what is missing."""
        wanted = self.stream.wanted(now_ns)
        if wanted is not None:
            self._ask_for(*wanted)
        self.sync.tick(now_ns)

    def next_timer_ns(self) -> int | None:
        """When `tick` may have something to ask."""
        timers = (self.stream.next_timer_ns(), self.sync.next_timer_ns())
        return min((timer for timer in timers if timer is not None), default=None)

    def on_events(self, listener: EventsListener) -> Callable[[], None]:
        """Hear the account's events, each once and in order. Returns how to stop it."""
        self._event_listeners.append(listener)
        return lambda: self._event_listeners.remove(listener)

    def on_break(self, listener: BreakListener) -> Callable[[], None]:
        """Hear when events are lost for good: a snapshot takes their place. Returns how to stop it."""
        self._break_listeners.append(listener)
        return lambda: self._break_listeners.remove(listener)

    def _deliver(self, events: list[Event], now_ns: int) -> None:
        self.orders.gap = not self.stream.at_head
        if not events:
            return
        self.orders.apply(events)
        self.balances.events(events, now_ns)
        for listener in tuple(self._event_listeners):
            listener(events)

    def _ask_for(self, first: int, last: int) -> None:
        self.stream.asking = True
        request = encode(GapRequest(self._line.account, first, last))
        answer = self._line.ask_block(request, lambda message: message, timeout_ns=ASK_TIMEOUT_NS, paged=False)
        answer.on_done(lambda: self._answered(answer))

    def _answered(self, answer: Pending[Message]) -> None:
        self.stream.answered(self._line.now_ns)
        try:
            answer.result()
        except ClientError as error:
            lost = self.sync.gap_not_filled(error)
            if lost is not None:
                for listener in tuple(self._break_listeners):
                    listener(lost)

    def _resume_after(self, account_sequence: int) -> None:
        """The account is known as of there: the stream goes on behind it."""
        now_ns = self._line.now_ns
        self._deliver(self.stream.jump(account_sequence + 1, now_ns), now_ns)
