"""`mx order batch`: a line in, a line out, in the same order.

Commands that stand together go out together, up to `--max-inflight` of them; `sleep`, `cancel_all` and lines that name
`@last` wait for what is before them. `--stop-on-error` sends one line at a time: nothing behind the failed one is sent.
With `--id-prefix RUN1` line 7 has the client order id RUN1-7, so that running a file again repeats the first answers
and changes nothing.
"""

import io
import os
import re
import select
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from mexchange.cli import order_entry, order_names, show
from mexchange.cli.errors import BATCH_PARTLY_FAILED, USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation, translate
from mexchange.cli.order_entry import Wish
from mexchange.config import values
from mexchange.domain import client_id, order_id
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks

if TYPE_CHECKING:
    from mexchange.client.calls import Answer

ID_PREFIX_MAX: Final = 9
LINES_MAX: Final = 999_999
IN_FLIGHT_MAX: Final = 10_000
READ_BYTES: Final = 65_536
IDLE_S: Final = 0.01
_RATE: Final = re.compile(r"(\d{1,6})(?:/s)?")

Single: TypeAlias = PlaceOrder | CancelOrder | AmendOrder


class Sleep(msgspec.Struct, frozen=True):
    """A pause, in nanoseconds."""

    duration_ns: int


class CancelAll(msgspec.Struct, frozen=True):
    """Every open order; 0 is all markets, or both sides."""

    market: int
    side: int


Action: TypeAlias = Sleep | CancelAll


class Line(msgspec.Struct, frozen=True):
    """A numbered line, and what it asks for or why it cannot be read."""

    number: int
    command: Single | None = None
    identifier: ClientOrderId = NO_ID
    error: CliError | None = None
    action: Action | None = None
    """Done when everything before it is answered."""


class Instruction(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the file. Numbers are decimal text."""

    op: str
    market: str | None = None
    qty: str | None = None
    price: str | None = None
    type: str = ""
    tif: str = ""
    expire: str | None = None
    post_only: bool = False
    slide: bool = False
    quote_amount: str | None = None
    id: str | None = None
    """The order to amend or cancel."""
    client_order_id: str | None = None
    side: str | None = None
    seconds: str = "1"


def run_batch(
    mx: Invocation, file: str, *, id_prefix: str | None, max_inflight: int, rate: str | None, stop_on_error: bool
) -> None:
    """Read, send, print; exit code 11 if a line failed. Raises CliError for bad options or files."""
    if id_prefix is not None and not re.fullmatch(rf"[A-Za-z0-9._:-]{{1,{ID_PREFIX_MAX}}}", id_prefix):
        raise CliError("E_USAGE", f"--id-prefix takes 1 to {ID_PREFIX_MAX} of A-Z a-z 0-9 . _ : -", exit_code=USAGE)
    if not 1 <= max_inflight <= IN_FLIGHT_MAX:
        raise CliError("E_USAGE", f"--max-inflight is from 1 to {IN_FLIGHT_MAX}", exit_code=USAGE)
    interval_ns = _interval_ns(rate)
    size = 1 if interval_ns or stop_on_error else max_inflight
    batch = Batch(mx, id_prefix=id_prefix, size=size, interval_ns=interval_ns)
    with _open(file) as source:
        for group in batch.groups(_lines(source)):
            batch.send(group)
            if stop_on_error and batch.failed:
                break
    if batch.failed:
        import typer

        raise typer.Exit(BATCH_PARTLY_FAILED)


class Batch:
    """The state of one run: what was sent, what failed."""

    def __init__(self, mx: Invocation, *, id_prefix: str | None, size: int, interval_ns: int) -> None:
        self.mx = mx
        self.id_prefix = id_prefix
        self.size = size
        self.interval_ns = interval_ns
        self.failed = 0
        self._next_ns = 0

    def groups(self, lines: Iterator[str | None]) -> Iterator[list[Line]]:
        """Lines that may be under way together. None among the lines says that no more is there yet."""
        group: list[Line] = []
        number = 0
        for text in lines:
            if text is not None and text.strip():
                number += 1
                if number > LINES_MAX:
                    raise CliError("E_USAGE", f"a batch has at most {LINES_MAX} lines", exit_code=USAGE)
                if group and _looks_back(text):
                    yield group
                    group = []
                group.append(self.read(number, text))
            elif text is not None:
                number += 1
            if group and (text is None or len(group) >= self.size or group[-1].action is not None):
                yield group
                group = []
        if group:
            yield group

    def read(self, number: int, text: str) -> Line:
        """What a line asks for; an unreadable one carries its error."""
        try:
            instruction = msgspec.json.decode(text, type=Instruction)
        except msgspec.MsgspecError as error:
            return Line(number, error=CliError("E_LINE", f"not a command: {error}", exit_code=USAGE))
        identifier = NO_ID
        try:
            if instruction.op in ("sleep", "cancel_all"):
                return Line(number, action=self._action(instruction))
            identifier = self._identifier(number, instruction)
            return Line(number, command=self._command(identifier, instruction), identifier=identifier)
        except Exception as error:
            return Line(number, error=self._known(error, None), identifier=identifier)

    def send(self, group: Sequence[Line]) -> None:
        """Send a group's commands, print a result for each of its lines in order."""
        self._pace()
        commands = [line.command for line in group if line.command is not None]
        answers = iter(self.mx.client.submit_many(commands) if commands else [])
        for line in group:
            if line.command is not None:
                self._print(line, next(answers))
            elif line.error is not None:
                self._print(line, line.error)
            else:
                self._act(line)

    def _command(self, identifier: ClientOrderId, instruction: Instruction) -> Single:
        from mexchange.client.guard import guard, guard_amend

        client = self.mx.client
        account = AccountId(self.mx.account() or client.session.account)
        if instruction.op in ("buy", "sell"):
            order = order_entry.place_order(
                _wish(instruction), client.markets(), account=account, now_ns=client.server_time_ns()
            )
            guard(order, client.markets(), order_entry.limits(self.mx.settings))
            return msgspec.structs.replace(order, client_order_id=identifier)
        if instruction.op not in ("cancel", "amend"):
            raise CliError(
                "E_LINE", f"there is no op {instruction.op!r}", hint="buy sell amend cancel cancel_all sleep"
            )
        if instruction.id is None:
            raise CliError("E_LINE", f"{instruction.op} needs the id of an order", exit_code=USAGE)
        if instruction.op == "cancel" and instruction.id.startswith("c:"):
            return CancelOrder(account, identifier, target=client_id.parse(instruction.id[2:]))
        found = order_names.find(client, instruction.id, self.mx.account())
        if instruction.op == "cancel":
            return CancelOrder(account, identifier, OrderId(found.order_id))
        registry = client.markets()
        market = registry[found.market]
        amend = AmendOrder(
            account,
            identifier,
            OrderId(found.order_id),
            price=registry.price(market.market, instruction.price) if instruction.price is not None else Ticks(0),
            quantity=registry.quantity(market.market, instruction.qty) if instruction.qty is not None else Lots(0),
        )
        guard_amend(amend, found, registry, order_entry.limits(self.mx.settings))
        return amend

    def _action(self, instruction: Instruction) -> Action:
        if instruction.op == "sleep":
            try:
                return Sleep(values.duration_ns(instruction.seconds))
            except ValueError as error:
                raise CliError("E_LINE", f"sleep: {error}", exit_code=USAGE) from None
        side = (instruction.side or "").upper()
        if side and side not in Side.__members__:
            raise CliError("E_LINE", f"there is no side {instruction.side!r}", hint="buy sell", exit_code=USAGE)
        market = self.mx.client.markets().by_symbol(instruction.market.upper()).market if instruction.market else 0
        return CancelAll(market, Side[side].value if side else 0)

    def _identifier(self, number: int, instruction: Instruction) -> ClientOrderId:
        if instruction.client_order_id is not None:
            return client_id.parse(instruction.client_order_id)
        if self.id_prefix is not None:
            return client_id.parse(f"{self.id_prefix}-{number}")
        return self.mx.client.mint()

    def _print(self, line: Line, result: "Answer | Exception") -> None:
        row: dict[str, object] = {"line": line.number}
        if isinstance(result, Exception):
            self.failed += 1
            known = self._known(result, line.command)
            row |= {"ok": False, "code": known.code, "message": known.message}
            if known.retryable:
                row["retryable"] = True
        else:
            order = result.order
            row |= {"ok": True, "id": order_id.show(result.order_id)}
        if line.identifier != NO_ID:
            row["client_order_id"] = client_id.show(line.identifier)
        if not isinstance(result, Exception):
            row["status"] = show.status_word(order) if order is not None else "unknown"
            if result.duplicate:
                row["duplicate"] = True
        self.mx.output.line(row)

    def _known(self, error: Exception, command: Single | None) -> CliError:
        from mexchange.client.errors import Rejected

        if isinstance(error, Rejected) and isinstance(command, PlaceOrder):
            return order_entry.refusal(error, command, self.mx.client.markets())
        known = error if isinstance(error, CliError) else translate(error)
        if known is None:
            raise error
        return known

    def _act(self, line: Line) -> None:
        match line.action:
            case Sleep(duration_ns):
                time.sleep(duration_ns / NS_PER_S)
                self.mx.output.line({"line": line.number, "ok": True})
            case CancelAll(market, side):
                try:
                    answer = self.mx.client.mass_cancel(market, side, account=self.mx.account())
                except Exception as error:
                    self._print(line, error)
                    return
                self.mx.output.line({"line": line.number, "ok": True, "cancelled": getattr(answer.event, "orders", 0)})

    def _pace(self) -> None:
        if not self.interval_ns:
            return
        now = time.monotonic_ns()
        if now < self._next_ns:
            time.sleep((self._next_ns - now) / NS_PER_S)
        self._next_ns = max(now, self._next_ns) + self.interval_ns


def _looks_back(text: str) -> bool:
    """Does the line name an order that a line before it may be about to make."""
    return '"@' in text or ('"c:' in text and '"amend"' in text)


def _wish(instruction: Instruction) -> Wish:
    if instruction.market is None:
        raise CliError("E_LINE", f"{instruction.op} needs a market", exit_code=USAGE)
    return Wish(
        side=Side[instruction.op.upper()],
        market=instruction.market,
        quantity=instruction.qty,
        price=instruction.price,
        order_type=instruction.type,
        time_in_force=instruction.tif,
        expire=instruction.expire,
        post_only=instruction.post_only,
        slide=instruction.slide,
        quote_amount=instruction.quote_amount,
    )


def _lines(source: io.FileIO) -> Iterator[str | None]:
    """Lines as they come; None whenever the source pauses, so that nobody waits for a group to fill."""
    rest = b""
    while True:
        if not select.select([source], [], [], IDLE_S)[0]:
            yield None
            select.select([source], [], [])
        data = os.read(source.fileno(), READ_BYTES)
        if not data:
            break
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _open(file: str) -> io.FileIO:
    if file == "-":
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    try:
        return io.FileIO(file)
    except OSError as error:
        raise CliError("E_FILE", f"{file}: {error.strerror}", exit_code=USAGE) from None


def _interval_ns(rate: str | None) -> int:
    if rate is None:
        return 0
    match = _RATE.fullmatch(rate)
    if match is None or int(match.group(1)) == 0:
        raise CliError("E_USAGE", f"--rate is a number a second such as 500/s, not {rate!r}", exit_code=USAGE)
    return NS_PER_S // int(match.group(1))
