"""Asking what became of a command, when nobody said so.

An order is asked for by its client order id. For every other command there is one question that the engine answers
from its memory of ids: what would this very command do now? If it was executed, nothing, and the engine says so.
"""

from collections.abc import Callable
from typing import Final, Protocol

from mexchange.client.command_blocks import encode_run, id_of, identity
from mexchange.client.errors import ClientError
from mexchange.client.line import Line
from mexchange.client.outcomes import Waiting
from mexchange.client.pending import Pending
from mexchange.codec.events import decode_records
from mexchange.codec.messages import OrderAnswer, OrderQuery, OrderState, OrderSummary, Preview, PreviewAnswer
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Rejected, Repeated
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import OrderId

ASK_TIMEOUT_NS: Final = 5_000_000_000


class Findings(Protocol):
    """Who is told; one call for each `Inquiry.ask`."""

    def found_order(self, waiting: Waiting, row: OrderSummary, as_of: int) -> None:
        """The order exists, or existed; `as_of` is the sequence that the row stands at."""
        ...

    def found_repeated(self, waiting: Waiting, event: Repeated) -> None:
        """The command was executed."""
        ...

    def found_nothing(self, waiting: Waiting) -> None:
        """The exchange does not know the command."""
        ...

    def found_out_nothing(self, waiting: Waiting) -> None:
        """No answer, or one that says nothing."""
        ...


class Inquiry:
    """Sends the questions and reads the answers."""

    def __init__(self, line: Line, findings: Findings) -> None:
        self._line = line
        self._findings = findings

    def ask(self, waiting: Waiting) -> None:
        """What became of it?"""
        command = waiting.command
        if isinstance(command, PlaceOrder):
            query = OrderQuery(account=command.account, client_order_id=waiting.client_order_id)
            order = self._line.ask(query, OrderAnswer, timeout_ns=ASK_TIMEOUT_NS)
            order.on_done(lambda: self._order_answered(waiting, order))
        else:
            question = Preview(encode_run([identity(command)]))
            preview = self._line.ask(question, PreviewAnswer, timeout_ns=ASK_TIMEOUT_NS)
            preview.on_done(lambda: self._preview_answered(waiting, preview))

    def look_up(self, account: int, order_id: int, found: Callable[[OrderSummary | None, int], None]) -> None:
        """The present state of an order that is known to exist; None if it cannot be had."""
        query = OrderQuery(account=account, order_id=OrderId(order_id))  # type: ignore[arg-type]
        answer = self._line.ask(query, OrderAnswer, timeout_ns=ASK_TIMEOUT_NS)

        def read() -> None:
            try:
                order = answer.result()
            except ClientError:
                found(None, 0)
                return
            found(order.orders[0] if order.orders else None, order.sequence)

        answer.on_done(read)

    def _order_answered(self, waiting: Waiting, answer: Pending[OrderAnswer]) -> None:
        try:
            found = answer.result()
        except ClientError:
            self._findings.found_out_nothing(waiting)
            return
        if not found.known or not found.orders:
            self._findings.found_nothing(waiting)
        elif found.orders[0].state in (OrderState.UNKNOWN, OrderState.FORGOTTEN):
            self._findings.found_out_nothing(waiting)
        else:
            self._findings.found_order(waiting, found.orders[0], found.sequence)

    def _preview_answered(self, waiting: Waiting, answer: Pending[PreviewAnswer]) -> None:
        try:
            events = decode_records(answer.result().records)
        except ClientError:
            self._findings.found_out_nothing(waiting)
            return
        first = next((event for event in events if id_of(event) == waiting.client_order_id), None)
        if isinstance(first, Repeated):
            self._findings.found_repeated(waiting, first)
        elif isinstance(first, Rejected) and first.reason is RejectReason.STALE_CLIENT_ID:
            self._findings.found_out_nothing(waiting)
        else:
            self._findings.found_nothing(waiting)
