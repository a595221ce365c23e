"""The life of a withdrawal, as a table. What is no key of it cannot happen.

    HOLDING ─► PENDING_CODE ─┬──────────────────┬─► CONFIRMING ─► PAYING ─┬─► PAID
       │            │        └► PENDING_ADMIN ──┘    │                    └─► RETURNING ─► FAILED
       ▼            ▼              │  ▲──────────────┘ frozen
     FAILED     RELEASING ◄────────┘
                    ▼
                CANCELLED

HOLDING, CONFIRMING, PAYING, RETURNING and RELEASING are the daemon's turn: each is written before what it stands for is
done, so that a daemon that died does it again, under the same client order id or payment reference. In the others a
person is waited for.
"""

from enum import Enum
from typing import Final

from mexchange.codec.messages import WithdrawalState


class Step(Enum):
    """What makes a withdrawal go on."""

    HELD = "the engine holds the amount"
    NOT_HELD = "the engine refused to"
    AGREED = "the mailed code was right"
    AGREED_LARGE = "it was, and the amount needs an operator"
    APPROVED = "an operator who is somebody else agreed"
    GIVEN_UP = "cancelled, rejected or out of time"
    LEFT = "the held amount left the ledger"
    STOPPED = "the account is frozen"
    PAID = "it arrived outside"
    NOT_PAID = "the world outside refused it for good"
    RETURNED = "the amount is back"
    RELEASED = "the hold is gone"


_S = WithdrawalState
NEXT: Final = {
    (_S.HOLDING, Step.HELD): _S.PENDING_CODE,
    (_S.HOLDING, Step.NOT_HELD): _S.FAILED,
    (_S.PENDING_CODE, Step.AGREED): _S.CONFIRMING,
    (_S.PENDING_CODE, Step.AGREED_LARGE): _S.PENDING_ADMIN,
    (_S.PENDING_CODE, Step.GIVEN_UP): _S.RELEASING,
    (_S.PENDING_ADMIN, Step.APPROVED): _S.CONFIRMING,
    (_S.PENDING_ADMIN, Step.GIVEN_UP): _S.RELEASING,
    (_S.CONFIRMING, Step.LEFT): _S.PAYING,
    (_S.CONFIRMING, Step.STOPPED): _S.PENDING_ADMIN,
    (_S.PAYING, Step.PAID): _S.PAID,
    (_S.PAYING, Step.NOT_PAID): _S.RETURNING,
    (_S.RETURNING, Step.RETURNED): _S.FAILED,
    (_S.RELEASING, Step.RELEASED): _S.CANCELLED,
}

OURS: Final = frozenset({_S.HOLDING, _S.CONFIRMING, _S.PAYING, _S.RETURNING, _S.RELEASING})
"""The daemon's turn."""
OVER: Final = frozenset({_S.PAID, _S.CANCELLED, _S.FAILED})
UNSPENT: Final = frozenset({_S.RELEASING, _S.CANCELLED, _S.RETURNING, _S.FAILED})
"""What does not count against the owner's limit."""

assert {before for before, _ in NEXT} | OVER == set(_S) - {_S.NONE}
assert not OVER & {before for before, _ in NEXT}
