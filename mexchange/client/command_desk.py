"""Where commands are sent from, and where each finds its one outcome. The stages stand in client/outcomes.py."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.errors import ClientError, NotLive, OutcomeUnknown, Rejected, TooBusy
from mexchange.client.line import Line
from mexchange.client.orders import OwnOrder, from_summary
from mexchange.client.outcomes import Outcomes, Stage, Waiting
from mexchange.client.pending import Pending
from mexchange.codec import encode, encode_amends, encode_cancels, encode_orders
from mexchange.codec.events import decode_records
from mexchange.codec.messages import OrderAnswer, OrderQuery, OrderState, Preview, PreviewAnswer
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from mexchange.domain.events import Accepted, Event, Repeated
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import OrderId

COMMANDS_PER_BLOCK: Final = 16
ASK_TIMEOUT_NS: Final = 5_000_000_000
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

    def submit(self, commands: Sequence[Command], *, timeout_ns: int) -> list[Pending[Answer]]:
        """Send; one Pending each, in order. Raises NotLive if there are new orders or amends and they are locked."""
        if any(isinstance(command, PlaceOrder | AmendOrder) for command in commands):
            live = self._line.liveness(self._line.now_ns)
            if not live.may_trade:
                raise NotLive(f"the connection is {live.state.name}: new orders are locked, cancels are not")
        deadline_ns = self._line.server_time_ns() + timeout_ns
        complete = [self._completed(command, deadline_ns) for command in commands]
        pendings: list[Pending[Answer]] = []
        for block in _blocks(complete):
            pendings += self._send(block, timeout_ns)
        return pendings

    def resolution(self, client_order_id: ClientOrderId) -> Pending[Answer] | None:
        """What will become of a command that is still open; None: it is not."""
        waiting = self._outcomes.get(client_order_id)
        return waiting.pending if waiting is not None else None

    def heard(self, event: Event, now_ns: int, correlation: int = 0) -> None:
        """An event, whosever; in order or not. `correlation`: of the answer that it came in, if it is one."""
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
                self._repeated(waiting, event, now_ns)
            case _:
                self._resolve(waiting, event, now_ns)

    def timed_out(self, correlation: int, now_ns: int) -> None:
        """A request got no answer: from now on we ask instead of sending."""
        for waiting in self._outcomes.of_request(correlation):
            if waiting.stage is Stage.SENT:
                waiting.stage = Stage.ASKING
                self._asks_ns[waiting.client_order_id] = max(now_ns, waiting.deadline_ns + CLOCK_MARGIN_NS)

    def logged_in(self, now_ns: int) -> None:
        """A new session: what is unknown is asked for at once."""
        for waiting in self._outcomes:
            if waiting.stage is Stage.UNRESOLVED:
                self._asks_ns[waiting.client_order_id] = now_ns

    def tick(self, now_ns: int) -> None:
        """Ask what is due."""
        for client_order_id in [found for found, at_ns in self._asks_ns.items() if at_ns <= now_ns]:
            del self._asks_ns[client_order_id]
            waiting = self._outcomes.get(client_order_id)
            if waiting is not None:
                self._ask(waiting)

    def next_timer_ns(self) -> int | None:
        """When `tick` has something to ask."""
        return min(self._asks_ns.values(), default=None)

    def close(self, error: ClientError) -> None:
        """No answers will come any more."""
        for waiting in self._outcomes:
            self._outcomes.remove(waiting)
            waiting.pending.fail(OutcomeUnknown(waiting.client_order_id))

    # Sending.

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

    def _send(self, commands: list[Command], timeout_ns: int) -> list[Pending[Answer]]:
        known = [self._known(command) for command in commands]
        fresh = [command for command, pending in zip(commands, known, strict=True) if pending is None]
        correlation = 0
        if fresh:
            try:
                correlation = self._line.request(_encode(fresh), timeout_ns=timeout_ns)
            except TooBusy as error:
                return [pending or _failed(error) for pending in known]
        return [
            pending or self._wait_for(command, correlation, timeout_ns)
            for command, pending in zip(commands, known, strict=True)
        ]

    def _known(self, command: Command) -> Pending[Answer] | None:
        """The same command under the same id is waited for already; another one under it is refused here."""
        client_order_id = getattr(command, "client_order_id", NO_ID)
        waiting = self._outcomes.get(client_order_id)
        if waiting is None:
            return None
        if _identity(waiting.command) == _identity(command):
            return waiting.pending
        return _failed(Rejected(RejectReason.CLIENT_ID_REUSED, client_order_id=client_order_id))

    def _wait_for(self, command: Command, correlation: int, timeout_ns: int) -> Pending[Answer]:
        again = self._known(command)  # twice in one call
        if again is not None:
            return again
        now_ns = self._line.now_ns
        pending: Pending[Answer] = Pending()
        self._outcomes.add(
            Waiting(
                command=command,
                client_order_id=getattr(command, "client_order_id", NO_ID),
                pending=pending,
                correlation=correlation,
                sent_ns=now_ns,
                deadline_ns=now_ns + timeout_ns,
                head=self._line.sequence,
            )
        )
        return pending

    # Outcomes.

    def _resolve(self, waiting: Waiting, event: Event, now_ns: int) -> None:
        order_id = getattr(event, "order_id", 0)
        order = self._line.orders.accept(event) if isinstance(event, Accepted) else self._line.orders.get(order_id)
        self._finish(
            waiting,
            Answer(
                client_order_id=waiting.client_order_id,
                order_id=order_id,
                sequence=event.sequence,
                event=event,
                order=order,
                elapsed_ns=now_ns - waiting.sent_ns,
            ),
        )

    def _rejected(self, waiting: Waiting, event: RejectedEvent, now_ns: int) -> None:
        rejected = _rejected(event, event.reason)
        if event.reason in _TRANSIENT and now_ns - waiting.sent_ns >= COPY_NS:
            if waiting.stage is Stage.SENT:  # an earlier copy may have been executed
                waiting.stage = Stage.ASKING
                self._refused[waiting.client_order_id] = rejected
                self._asks_ns[waiting.client_order_id] = now_ns
            return
        self._fail(waiting, rejected)

    def _refused_whole(self, event: RejectedEvent, correlation: int) -> None:
        """The server could not even read which commands the request held."""
        for waiting in self._outcomes.of_request(correlation):
            self._fail(waiting, Rejected(event.reason, event.detail, client_order_id=waiting.client_order_id))

    def _repeated(self, waiting: Waiting, event: Repeated, now_ns: int) -> None:
        """An earlier copy was executed. The order's present state may be news to us."""
        correlation = self._outcomes.remove(waiting)
        if correlation:
            self._line.settle(correlation)
        order = self._line.orders.get(event.order_id)
        if order is not None or not isinstance(waiting.command, PlaceOrder):
            waiting.pending.resolve(self._first_answer(waiting, event, order, now_ns))
            return
        answer = self._line.ask(
            OrderQuery(account=waiting.command.account, order_id=OrderId(event.order_id)),
            OrderAnswer,
            timeout_ns=ASK_TIMEOUT_NS,
        )
        answer.on_done(
            lambda: waiting.pending.resolve(self._first_answer(waiting, event, self._adopted(answer), now_ns))
        )

    def _first_answer(self, waiting: Waiting, event: Repeated, order: OwnOrder | None, now_ns: int) -> Answer:
        return Answer(
            client_order_id=waiting.client_order_id,
            order_id=event.order_id,
            sequence=event.first_sequence,
            duplicate=event.first_sequence <= waiting.head,
            order=order,
            elapsed_ns=now_ns - waiting.sent_ns,
        )

    def _adopted(self, answer: Pending[OrderAnswer]) -> OwnOrder | None:
        try:
            found = answer.result()
        except ClientError:
            return None
        return self._line.orders.adopt(from_summary(found.orders[0], found.sequence)) if found.orders else None

    def _finish(self, waiting: Waiting, answer: Answer) -> None:
        self._forget(waiting)
        waiting.pending.resolve(answer)

    def _fail(self, waiting: Waiting, rejected: Rejected) -> None:
        self._forget(waiting)
        waiting.pending.fail(rejected)

    def _forget(self, waiting: Waiting) -> None:
        self._asks_ns.pop(waiting.client_order_id, None)
        self._refused.pop(waiting.client_order_id, None)
        correlation = self._outcomes.remove(waiting)
        if correlation:
            self._line.settle(correlation)

    # Asking instead of sending.

    def _ask(self, waiting: Waiting) -> None:
        waiting.stage = Stage.ASKING
        command = waiting.command
        if isinstance(command, PlaceOrder):
            order = self._line.ask(
                OrderQuery(account=command.account, client_order_id=waiting.client_order_id),
                OrderAnswer,
                timeout_ns=ASK_TIMEOUT_NS,
            )
            order.on_done(lambda: self._order_asked(waiting, order))
            return
        preview = self._line.ask(Preview(_encode([_identity(command)])), PreviewAnswer, timeout_ns=ASK_TIMEOUT_NS)
        preview.on_done(lambda: self._preview_asked(waiting, preview))

    def _order_asked(self, waiting: Waiting, answer: Pending[OrderAnswer]) -> None:
        if self._outcomes.get(waiting.client_order_id) is not waiting:
            return
        try:
            found = answer.result()
        except ClientError:
            self._stays_unknown(waiting)
            return
        if not found.known or not found.orders:
            self._never_happened(waiting)
            return
        row = found.orders[0]
        if row.state == OrderState.REJECTED:
            reason = RejectReason(row.reject_reason)
            self._fail(
                waiting,
                Rejected(
                    reason, client_order_id=waiting.client_order_id, sequence=row.placed_sequence, market=row.market
                ),
            )
        elif row.state in (OrderState.UNKNOWN, OrderState.FORGOTTEN):
            self._stays_unknown(waiting)
        else:
            order = self._line.orders.adopt(from_summary(row, found.sequence))
            self._finish(
                waiting,
                Answer(
                    client_order_id=waiting.client_order_id,
                    order_id=row.order_id,
                    sequence=row.placed_sequence,
                    order=order,
                    elapsed_ns=self._line.now_ns - waiting.sent_ns,
                ),
            )

    def _preview_asked(self, waiting: Waiting, answer: Pending[PreviewAnswer]) -> None:
        """What would happen to the same command now: if it was executed, nothing, and the engine says so."""
        if self._outcomes.get(waiting.client_order_id) is not waiting:
            return
        try:
            events = decode_records(answer.result().records)
        except ClientError:
            self._stays_unknown(waiting)
            return
        first = next((event for event in events if _id_of(event) == waiting.client_order_id), None)
        if isinstance(first, Repeated):
            self.heard(first, self._line.now_ns)
        elif isinstance(first, RejectedEvent) and first.reason is RejectReason.STALE_CLIENT_ID:
            self._stays_unknown(waiting)
        else:
            self._never_happened(waiting)

    def _never_happened(self, waiting: Waiting) -> None:
        refused = self._refused.get(waiting.client_order_id)
        if refused is None and self._line.now_ns < waiting.deadline_ns + CLOCK_MARGIN_NS:
            self._asks_ns[waiting.client_order_id] = waiting.deadline_ns + CLOCK_MARGIN_NS
            return
        self._fail(waiting, refused or Rejected(RejectReason.PAST_DEADLINE, client_order_id=waiting.client_order_id))

    def _stays_unknown(self, waiting: Waiting) -> None:
        """Tell who waits; go on asking, for whoever asks next."""
        told, waiting.pending = waiting.pending, Pending()
        waiting.stage = Stage.UNRESOLVED
        self._asks_ns[waiting.client_order_id] = self._line.now_ns + ASK_AGAIN_NS
        told.fail(OutcomeUnknown(waiting.client_order_id))


def _blocks(commands: Sequence[Command]) -> Iterator[list[Command]]:
    """Runs of commands that may share a block."""
    run: list[Command] = []
    for command in commands:
        if run and not (len(run) < COMMANDS_PER_BLOCK and _share_block(run[0], command)):
            yield run
            run = []
        run.append(command)
    if run:
        yield run


def _share_block(first: Command, command: Command) -> bool:
    if type(first) is not type(command) or not isinstance(first, PlaceOrder | CancelOrder | AmendOrder):
        return False
    assert isinstance(command, PlaceOrder | CancelOrder | AmendOrder)
    return (first.account, first.deadline_ns) == (command.account, command.deadline_ns)


def _encode(commands: Sequence[Command]) -> bytes:
    orders = [command for command in commands if isinstance(command, PlaceOrder)]
    cancels = [command for command in commands if isinstance(command, CancelOrder)]
    amends = [command for command in commands if isinstance(command, AmendOrder)]
    if orders:
        return encode_orders(orders)
    if cancels:
        return encode_cancels(cancels)
    return encode_amends(amends) if amends else encode(commands[0])


def _identity(command: Command) -> Command:
    """The command without its deadline: what the exchange takes for the same command."""
    return msgspec.structs.replace(command, deadline_ns=0) if hasattr(command, "deadline_ns") else command


def _id_of(event: Event) -> ClientOrderId:
    client_order_id: ClientOrderId = getattr(event, "client_order_id", NO_ID)
    return client_order_id


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


def _failed(error: ClientError) -> Pending[Answer]:
    pending: Pending[Answer] = Pending()
    pending.fail(error)
    return pending
