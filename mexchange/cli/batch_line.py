"""A line of `mx order batch`: what it asks for, or why it cannot be read.

{"op":"buy","market":"KCN/EUR","qty":"5","price":"999.55"}      also sell, cancel, amend, cancel_all, sleep
"""

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from mexchange.cli import order_entry, order_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation, translate
from mexchange.cli.order_entry import Wish
from mexchange.config import values
from mexchange.domain import client_id
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks

if TYPE_CHECKING:
    from mexchange.client.orders import OwnOrder

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


class LineReader:
    """Judges what it reads by our own guard. `id_prefix`: line 7 of RUN1 has the client order id RUN1-7."""

    def __init__(self, mx: Invocation, *, id_prefix: str | None) -> None:
        self._mx = mx
        self._id_prefix = id_prefix

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
            return Line(number, error=cli_error(self._mx, error, None), identifier=identifier)

    def _command(self, identifier: ClientOrderId, instruction: Instruction) -> Single:
        if instruction.op in ("buy", "sell"):
            return self._order(identifier, instruction)
        if instruction.op not in ("cancel", "amend"):
            raise CliError(
                "E_LINE", f"there is no op {instruction.op!r}", hint="buy sell amend cancel cancel_all sleep"
            )
        if instruction.id is None:
            raise CliError("E_LINE", f"{instruction.op} needs the id of an order", exit_code=USAGE)
        if instruction.op == "cancel" and instruction.id.startswith("c:"):
            return CancelOrder(self._account, identifier, target=client_id.parse(instruction.id[2:]))
        found = order_names.find(self._mx.client, instruction.id, self._mx.account())
        if instruction.op == "cancel":
            return CancelOrder(self._account, identifier, OrderId(found.order_id))
        return self._amend(identifier, instruction, found)

    @property
    def _account(self) -> AccountId:
        return AccountId(self._mx.account() or self._mx.client.session.account)

    def _order(self, identifier: ClientOrderId, instruction: Instruction) -> PlaceOrder:
        from mexchange.client.guard import guard

        registry, now_ns = self._mx.client.markets(), self._mx.client.server_time_ns()
        order = order_entry.place_order(_wish(instruction), registry, account=self._account, now_ns=now_ns)
        guard(order, registry, order_entry.limits(self._mx.settings))
        return msgspec.structs.replace(order, client_order_id=identifier)

    def _amend(self, identifier: ClientOrderId, instruction: Instruction, order: "OwnOrder") -> AmendOrder:
        from mexchange.client.guard import guard_amend

        registry, market = self._mx.client.markets(), order.market
        amend = AmendOrder(
            self._account,
            identifier,
            OrderId(order.order_id),
            price=registry.price(market, instruction.price) if instruction.price is not None else Ticks(0),
            quantity=registry.quantity(market, instruction.qty) if instruction.qty is not None else Lots(0),
        )
        guard_amend(amend, order, registry, order_entry.limits(self._mx.settings))
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
        market = self._mx.client.markets().by_symbol(instruction.market.upper()).market if instruction.market else 0
        return CancelAll(market, Side[side].value if side else 0)

    def _identifier(self, number: int, instruction: Instruction) -> ClientOrderId:
        if instruction.client_order_id is not None:
            return client_id.parse(instruction.client_order_id)
        if self._id_prefix is not None:
            return client_id.parse(f"{self._id_prefix}-{number}")
        return self._mx.client.mint()


def cli_error(mx: Invocation, error: Exception, command: Single | None) -> CliError:
    """An error as it is told; a reject in the words of the order that it is about. Raises what is none of ours."""
    from mexchange.client.errors import Rejected

    if isinstance(error, Rejected) and isinstance(command, PlaceOrder):
        return order_entry.refusal(error, command, mx.client.markets())
    told = error if isinstance(error, CliError) else translate(error)
    if told is None:
        raise error
    return told


def looks_back(text: str) -> bool:
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
