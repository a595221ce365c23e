"""What the wallet asks of the world outside: a chain, or a bank. Implemented by an adapter for each.

An adapter promises:

- A reference names one movement for ever: no other transaction ever gets it.
- `incoming` and `confirmations` may say the same thing as often as they like, and `confirmations` may fall, or the
  transaction vanish, as chains do when they change their mind; nothing is credited before it has enough of them.
- `pay` with a reference that was used before does nothing and is no error. So it must keep, before it sends anything,
  what it is going to send: whoever calls it may die and ask again.
- Every method may raise ChainDown; the caller asks again later, and assumes nothing about what was done.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Protocol

import msgspec

from mexchange.domain.units import AccountId, AssetId, Atoms


class ChainDown(Exception):
    """The world outside does not answer now."""


class Incoming(msgspec.Struct, frozen=True):
    """A transaction to some address of ours, confirmed or not."""

    reference: str
    address: str
    asset: AssetId
    amount: Atoms


class Payment(msgspec.Struct, frozen=True):
    """Money that is to leave. `reference` is ours, and the same each time that it is asked for."""

    reference: str
    address: str
    asset: AssetId
    amount: Atoms


class PaymentState(IntEnum):
    """What the world outside knows of a payment."""

    UNKNOWN = 0
    """It never heard of it."""
    SENT = 1
    PAID = 2
    """For good."""
    REFUSED = 3
    """For good: the money did not leave."""


class PaymentStatus(msgspec.Struct, frozen=True):
    """`reference` is that of the transaction outside, `reason` why it was refused."""

    state: PaymentState
    reference: str = ""
    reason: str = ""


class Chain(Protocol):
    """The world outside, for all assets."""

    @property
    def name(self) -> str:
        """Under which the wallet remembers how far it has read."""
        ...

    def is_address(self, asset: AssetId, address: str) -> bool:
        """Can the address be right. Asks nobody."""
        ...

    async def address(self, account: AccountId, asset: AssetId) -> str:
        """Where money for this account arrives; the same each time."""
        ...

    async def incoming(self, position: int) -> tuple[Sequence[Incoming], int]:
        """Transactions that were first seen after `position`, 0 at first, and the position to ask from next time."""
        ...

    async def confirmations(self, references: Sequence[str]) -> Mapping[str, int]:
        """How deep each of them lies; one that is missing has vanished for now."""
        ...

    async def pay(self, payment: Payment) -> None:
        """See that it is sent, once."""
        ...

    async def payment(self, reference: str) -> PaymentStatus:
        """What became of it."""
        ...
