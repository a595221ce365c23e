"""What a ladder shows: a book, the own orders in it, and how far it can be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from mexchange.codec.messages import Level
from mexchange.domain.order import Side


class LadderState(Enum):
    """What the frame says about the book."""

    LOADING = "loading"
    LIVE = "live"
    SLOW = "slow"
    STALE = "stale"
    GAP = "gap"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"
    HALTED = "halted"
    REPLAY = "replay"


DOUBTFUL = frozenset(
    (LadderState.STALE, LadderState.GAP, LadderState.RECONNECTING, LadderState.OFFLINE, LadderState.LOADING)
)
"""The book may not be what the exchange has: it is drawn dim, under a hatched heading."""


class OwnAt(NamedTuple):
    """Own resting orders at one price."""

    size: int
    """Lots."""
    ahead: int | None = None
    """Lots that trade first, as far as is known."""


@dataclass(slots=True)
class LadderData:
    """Everything, in ticks and lots. The desk may change it and hand over the same object again."""

    bids: Sequence[Level] = ()
    """Best first, as is `asks`; in steps of `group_ticks`, or finer while a grouping is on its way."""
    asks: Sequence[Level] = ()
    own: Mapping[tuple[Side, int], OwnAt] = field(default_factory=dict)
    """By side and exact price."""
    last_price: int = 0
    """0: nothing has been traded."""
    last_side: Side | None = None
    """The taker's."""
    group_ticks: int = 1
    depth: int = 0
    """How many levels a side the book can have at most; what lies beyond is not known. 0: it is whole."""
    dom: bool = False
    """One row for each step of the price, also where there is no level."""
    armed: bool = False
    """A click on a row places an order."""
    state: LadderState = LadderState.LIVE
    age_ns: int = 0
    """Since anything was heard, for the states that say so."""
