"""What the projector says of itself, to the daemon or to whoever runs it."""

from typing import Final

import msgspec

STARTING: Final = "starting"
FOLLOWING: Final = "following"
REPLAYING: Final = "replaying"
WAITING: Final = "waiting"


class Report(msgspec.Struct, frozen=True):
    """What the projector is doing, and how far it is."""

    state: str
    sequence: int = 0
    time_ns: int = 0
    problem: str = ""
    """Why it waits."""
