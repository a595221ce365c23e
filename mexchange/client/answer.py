"""What a command came to, when it came to something."""

from typing import TypeAlias

import msgspec

from mexchange.client.errors import OutcomeUnknown, Rejected
from mexchange.client.orders import OwnOrder
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.events import Event


class Answer(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The command was executed, and is durable."""

    client_order_id: ClientOrderId
    order_id: int = 0
    sequence: int = 0
    event: Event | None = None
    """What the engine said; None if that is known only by asking later."""
    duplicate: bool = False
    """The id had been used before this call, by the same command: this is the answer of then."""
    order: OwnOrder | None = None
    """Of commands about one order. Live: it goes on changing."""
    elapsed_ns: int = 0


Outcome: TypeAlias = Answer | Rejected | OutcomeUnknown
"""What became of one command of several."""
