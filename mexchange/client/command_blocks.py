"""Commands as blocks: which of them may share one, and what makes two of them the same."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from mexchange.codec import encode, encode_amends, encode_cancels, encode_orders
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder

COMMANDS_PER_BLOCK: Final = 16


def runs(commands: Sequence[Command]) -> Iterator[list[Command]]:
    """The commands in their order, in runs that share a block."""
    run: list[Command] = []
    for command in commands:
        if run and not (len(run) < COMMANDS_PER_BLOCK and _may_share(run[0], command)):
            yield run
            run = []
        run.append(command)
    if run:
        yield run


def encode_run(commands: Sequence[Command]) -> bytes:
    """The block of one run."""
    orders = [command for command in commands if isinstance(command, PlaceOrder)]
    if orders:
        return encode_orders(orders)
    cancels = [command for command in commands if isinstance(command, CancelOrder)]
    if cancels:
        return encode_cancels(cancels)
    amends = [command for command in commands if isinstance(command, AmendOrder)]
    return encode_amends(amends) if amends else encode(commands[0])


def identity(command: Command) -> Command:
    """The command without its deadline: what the exchange takes for the same command."""
    return msgspec.structs.replace(command, deadline_ns=0) if hasattr(command, "deadline_ns") else command


def id_of(message: object) -> ClientOrderId:
    """The client order id of a command or an event; NO_ID if it has none."""
    client_order_id: ClientOrderId = getattr(message, "client_order_id", NO_ID)
    return client_order_id


def _may_share(first: Command, command: Command) -> bool:
    if type(first) is not type(command) or not isinstance(first, PlaceOrder | CancelOrder | AmendOrder):
        return False
    assert isinstance(command, PlaceOrder | CancelOrder | AmendOrder)
    return (first.account, first.deadline_ns) == (command.account, command.deadline_ns)
