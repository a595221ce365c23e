"""What a session needs for each type of command, and which of them still go when little goes.

One table; whoever adds a command adds its row.
"""

from typing import Final, NamedTuple

from mexchange.codec import MessageType
from mexchange.codec.commands import COMMAND_TYPES
from mexchange.domain.scopes import Scope


class CommandRule(NamedTuple):
    """Rights and behaviour of a command type."""

    scope: int
    """Bits of Scope, as a plain number: looked at for each request."""
    names_target: bool = False
    """An operator's command: its account is who is acted upon, not who asks."""
    yields: bool = True
    """Refused when the daemon is overloaded or cannot write much longer. Cancels and restrictions are not."""
    cancels: bool = False
    """Counts against the bucket of cancels, not of orders."""


_TRADE: Final = int(Scope.TRADE)
_WITHDRAW: Final = int(Scope.WITHDRAW)
_OPERATOR: Final = CommandRule(int(Scope.ADMIN), names_target=True)
_RESTRICTION: Final = CommandRule(int(Scope.ADMIN), names_target=True, yields=False)

COMMAND_RULES: Final[dict[int, CommandRule]] = {
    MessageType.NEW_ORDERS: CommandRule(_TRADE),
    MessageType.CANCELS: CommandRule(_TRADE, yields=False, cancels=True),
    MessageType.AMENDS: CommandRule(_TRADE),
    MessageType.MASS_CANCEL: CommandRule(_TRADE, yields=False, cancels=True),
    MessageType.TRANSFER: CommandRule(_WITHDRAW),
    MessageType.OPEN_ACCOUNT: _OPERATOR,
    MessageType.CHANGE_ACCOUNT: _RESTRICTION,
    MessageType.DEPOSIT: _OPERATOR,
    MessageType.CREATE_ASSET: _OPERATOR,
    MessageType.CHANGE_ASSET: _OPERATOR,
    MessageType.CREATE_MARKET: _OPERATOR,
    MessageType.CHANGE_MARKET: _OPERATOR,
    MessageType.SET_MARKET_STATUS: _RESTRICTION,
    MessageType.SET_FEES: _OPERATOR,
}

OURS: Final = frozenset(
    {
        MessageType.ADVANCE_TIME,
        MessageType.WITHDRAW,
        MessageType.CONFIRM_WITHDRAWAL,
        MessageType.RELEASE_WITHDRAWAL,
    }
)
"""Commands that nobody sends: time is the scheduler's, and what leaves goes through the wallet, which asks for a code,
keeps to the limits, and knows to which address."""

assert set(COMMAND_RULES) == COMMAND_TYPES - OURS
