"""Where commands are sent from, and where each finds its one outcome. The stages stand in client/outcomes.py."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.command_blocks import encode_run, id_of, identity, runs
from mexchange.client.errors import ClientError, NotLive, OutcomeUnknown, Rejected
from mexchange.client.inquiry import Inquiry
from mexchange.client.line import Line
from mexchange.client.orders import OwnOrder, from_summary
from mexchange.client.outcomes import Outcomes, Stage, Waiting
from mexchange.client.pending import Pending
from mexchange.codec.messages import OrderState, OrderSummary
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint
from mexchange.domain.commands import AmendOrder, Command, PlaceOrder
from mexchange.domain.events import Accepted, Event, Repeated
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.rejects import RejectReason

ASK_AGAIN_NS: Final = 1_000_000_000
CLOCK_MARGIN_NS: Final = 250_000_000
"""What our idea of the server's clock may be wrong by."""
COPY_NS: Final = 30_000_000
"""No request is repeated sooner: an answer before this is about the only copy."""

_TRANSIENT: Final = frozenset(
    {RejectReason.THROTTLED, RejectReason.OVERLOADED, RejectReason.READ_ONLY, RejectReason.PAST_DEADLINE}
)
"""What the door says about a copy without looking whether an earlier one got in."""


class CommandDesk:
    """Commands in, one outcome each. `random(n)` gives n random bytes."""

    def __init__(self, line: Line, random: Callable[[int], bytes]) -> None:
        self._line = line
        self._random = random
        self._outcomes = Outcomes()
        self._inquiry = Inquiry(line, self)
        self._asks_ns: dict[ClientOrderId, int] = {}
        self._refused: dict[ClientOrderId, Rejected] = {}

    @property
    def unknown(self) -> int:
        """Commands whose outcome is being asked for."""
        return self._outcomes.unknown

    def __len__(self) -> int:
        return len(self._outcomes)

    def mint(self) -> ClientOrderId:
        """A fresh UUIDv7 by the server's clock."""
        return mint(self._line.server_time_ns() // 1_000_000, int.from_bytes(self._random(10), "big"))

    # Sending.

    def submit(self, commands: Sequence[Command], *, timeout_ns: int) -> list[Pending[Answer]]:
        """Send; one Pending each, in order. Raises NotLive if there are new orders or amends and they are locked."""
        if any(isinstance(command, PlaceOrder | AmendOrder) for command in commands):
            live = self._line.liveness(self._line.now_ns)
            if not live.may_trade:
                raise NotLive(f"the connection is {live.state.name}: new orders are locked, cancels are not")
        deadline_ns = self._line.server_time_ns() + timeout_ns
        pendings: list[Pending[Answer]] = []
        fresh: list[Waiting] = []
        for command in commands:
            complete = self._completed(command, deadline_ns)
            pending = self._known(complete)
            if pending is None:
                waiting = self._wait_for(complete, timeout_ns)
                fresh.append(waiting)
                pending = waiting.pending
            pendings.append(pending)
        self._send(fresh, timeout_ns)
        return pendings

    def resolution(self, client_order_id: ClientOrderId) -> Pending[Answer] | None:
        """What will become of a command that is still open; None: it is not."""
        waiting = self._outcomes.get(client_order_id)
        return waiting.pending if waiting is not None else None

    def _completed(self, command: Command, deadline_ns: int) -> Command:
        """With account, id and deadline, where the command has such fields and they were left out."""
        changes: dict[str, object] = {}
        if getattr(command, "account", -1) == 0:
            changes["account"] = self._line.account
        if getattr(command, "client_order_id", None) == NO_ID:
            changes["client_order_id"] = self.mint()
        if getattr(command, "deadline_ns", -1) == 0:
            changes["deadline_ns"] = deadline_ns
        return msgspec.structs.replace(command, **changes) if changes else command

    def _known(self, command: Command) -> Pending[Answer] | None:
        """The same command under the same id is waited for already; another one under it is refused here."""
        waiting = self._outcomes.get(id_of(command))
        if waiting is None:
            return None
        if identity(waiting.command) == identity(command):
            return waiting.pending
        refused: Pending[Answer] = Pending()
        refused.fail(Rejected(RejectReason.CLIENT_ID_REUSED, client_order_id=id_of(command)))
        return refused

    def _wait_for(self, command: Command, timeout_ns: int) -> Waiting:
        now_ns = self._line.now_ns
        waiting = Waiting(
            command=command,
            client_order_id=id_of(command),
            pending=Pending(),
            sent_ns=now_ns,
            deadline_ns=now_ns + timeout_ns,
            head=self._line.sequence,
        )
        self._outcomes.add(waiting)
        return waiting

    def _send(self, fresh: list[Waiting], timeout_ns: int) -> None:
        start = 0
        for run in runs([waiting.command for waiting in fresh]):
            together = fresh[start : start + len(run)]
            start += len(run)
            try:
                correlation = self._line.request(encode_run(run), timeout_ns=timeout_ns)
            except ClientError as error:
                for waiting in together:
                    self._outcomes.remove(waiting)
                    waiting.pending.fail(error)
            else:
                self._outcomes.sent(together, correlation)

    # What happens to it.

    def heard(self, event: Event, now_ns: int, correlation: int = 0) -> None:
        """An event, whosever; in order or not. `correlation`: of the answer that it came in, if it is one."""
        if not self._outcomes:
            return
        waiting = self._outcomes.match(event)
        if waiting is None:
            if isinstance(event, RejectedEvent) and event.client_order_id == NO_ID:
                self._refused_whole(event, correlation)
            return
        match event:
            case RejectedEvent():
                self._rejected(waiting, event, now_ns)
            case Repeated() if event.reason is not None:
                self._fail(waiting, _rejected(event, event.reason, duplicate=event.first_sequence <= waiting.head))
            case Repeated():
                self._repeated(waiting, event)
            case _:
                self._executed(waiting, event)

    def timed_out(self, correlation: int, now_ns: int) -> None:
        """A request got no answer: from now on we ask instead of sending."""
        for waiting in self._outcomes.of_request(correlation):
            if waiting.stage is Stage.SENT:
                waiting.stage = Stage.ASKING
                self._asks_ns[waiting.client_order_id] = max(now_ns, waiting.deadline_ns + CLOCK_MARGIN_NS)

    def tick(self, now_ns: int) -> None:
        """Ask what is due."""
        for client_order_id in [due for due, at_ns in self._asks_ns.items() if at_ns <= now_ns]:
            del self._asks_ns[client_order_id]
            waiting = self._outcomes.get(client_order_id)
            if waiting is not None:
                waiting.stage = Stage.ASKING
                self._inquiry.ask(waiting)

    def next_timer_ns(self) -> int | None:
        """When `tick` has something to ask."""
        return min(self._asks_ns.values(), default=None)

    def close(self) -> None:
        """No answers will come any more."""
        for waiting in self._outcomes:
            self._outcomes.remove(waiting)
            waiting.pending.fail(OutcomeUnknown(waiting.client_order_id))

    def _executed(self, waiting: Waiting, event: Event) -> None:
        order_id = getattr(event, "order_id", 0)
        order = self._line.orders.accept(event) if isinstance(event, Accepted) else self._line.orders.get(order_id)
        self._forget(waiting)
        self._answer(waiting, order_id=order_id, sequence=event.sequence, event=event, order=order)

    def _rejected(self, waiting: Waiting, event: RejectedEvent, now_ns: int) -> None:
        rejected = _rejected(event, event.reason)
        if event.reason not in _TRANSIENT or now_ns - waiting.sent_ns < COPY_NS:
            self._fail(waiting, rejected)
        elif waiting.stage is Stage.SENT:  # an earlier copy may have been executed
            waiting.stage = Stage.ASKING
            self._refused[waiting.client_order_id] = rejected
            self._asks_ns[waiting.client_order_id] = now_ns

    def _refused_whole(self, event: RejectedEvent, correlation: int) -> None:
        """The server could not even read which commands the request held."""
        for waiting in self._outcomes.of_request(correlation):
            self._fail(waiting, Rejected(event.reason, event.detail, client_order_id=waiting.client_order_id))

    def _repeated(self, waiting: Waiting, event: Repeated) -> None:
        """An earlier copy was executed. The order's present state may be news to us."""
        self._forget(waiting)
        order = self._line.orders.get(event.order_id)
        if order is not None or not isinstance(waiting.command, PlaceOrder):
            self._answer_again(waiting, event, order)
            return

        def found(row: OrderSummary | None, as_of: int) -> None:
            known = self._line.orders.adopt(from_summary(row, as_of)) if row is not None else None
            self._answer_again(waiting, event, known)

        self._inquiry.look_up(waiting.command.account, event.order_id, found)

    def _answer_again(self, waiting: Waiting, event: Repeated, order: OwnOrder | None) -> None:
        is_duplicate = event.first_sequence <= waiting.head
        self._answer(
            waiting, order_id=event.order_id, sequence=event.first_sequence, order=order, duplicate=is_duplicate
        )

    def _answer(
        self,
        waiting: Waiting,
        *,
        order_id: int,
        sequence: int,
        order: OwnOrder | None,
        event: Event | None = None,
        duplicate: bool = False,
    ) -> None:
        waiting.pending.resolve(
            Answer(
                client_order_id=waiting.client_order_id,
                order_id=order_id,
                sequence=sequence,
                event=event,
                duplicate=duplicate,
                order=order,
                elapsed_ns=self._line.now_ns - waiting.sent_ns,
            )
        )

    def _fail(self, waiting: Waiting, rejected: Rejected) -> None:
        self._forget(waiting)
        waiting.pending.fail(rejected)

    def _forget(self, waiting: Waiting) -> None:
        self._asks_ns.pop(waiting.client_order_id, None)
        self._refused.pop(waiting.client_order_id, None)
        correlation = self._outcomes.remove(waiting)
        if correlation:
            self._line.settle(correlation)

    # What the inquiry finds. Meanwhile the answer itself may have come.

    def found_order(self, waiting: Waiting, row: OrderSummary, as_of: int) -> None:
        """It was executed, or refused by the engine."""
        if waiting not in self._outcomes:
            return
        if row.state == OrderState.REJECTED:
            reason, sequence = RejectReason(row.reject_reason), row.placed_sequence
            refusal = Rejected(reason, client_order_id=waiting.client_order_id, sequence=sequence, market=row.market)
            self._fail(waiting, refusal)
            return
        self._forget(waiting)
        order = self._line.orders.adopt(from_summary(row, as_of))
        self._answer(waiting, order_id=row.order_id, sequence=row.placed_sequence, order=order)

    def found_repeated(self, waiting: Waiting, event: Repeated) -> None:
        """It was executed."""
        if waiting in self._outcomes:
            self.heard(event, self._line.now_ns)

    def found_nothing(self, waiting: Waiting) -> None:
        """It was not executed, and after its deadline never will be."""
        if waiting not in self._outcomes:
            return
        refused = self._refused.get(waiting.client_order_id)
        assert refused is not None or self._line.now_ns >= waiting.deadline_ns
        self._fail(waiting, refused or Rejected(RejectReason.PAST_DEADLINE, client_order_id=waiting.client_order_id))

    def found_out_nothing(self, waiting: Waiting) -> None:
        """Tell who waits that it is unknown; go on asking, for whoever asks next."""
        if waiting not in self._outcomes:
            return
        told, waiting.pending = waiting.pending, Pending()
        waiting.stage = Stage.UNRESOLVED
        self._asks_ns[waiting.client_order_id] = self._line.now_ns + ASK_AGAIN_NS
        told.fail(OutcomeUnknown(waiting.client_order_id))


def _rejected(event: RejectedEvent | Repeated, reason: RejectReason, *, duplicate: bool = False) -> Rejected:
    return Rejected(
        reason,
        event.detail if isinstance(event, RejectedEvent) else 0,
        client_order_id=event.client_order_id,
        order_id=event.order_id,
        sequence=event.sequence if isinstance(event, RejectedEvent) else event.first_sequence,
        market=event.market,
        duplicate=duplicate,
    )
