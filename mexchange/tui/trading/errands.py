"""Sends one command and says what became of it; finds out what is not known.

sent ── answer ────────────> told
  └── no answer ──> unknown, told ── asked by its id, three times ──> told
                                              └── still nothing ──> "verify", and asked on
"""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any, Final

from mexchange.client.answer import Answer, Outcome
from mexchange.client.errors import ClientError, OutcomeUnknown, Rejected
from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import Command
from mexchange.domain.order import Side
from mexchange.tui.notices import Notices
from mexchange.tui.trading import telling
from mexchange.tui.trading.dealing import Dealing

TIMEOUT_S: Final = 5.0
"""After that a command counts as unknown."""
TRIES: Final = 3
"""So often we ask before the user is told to look."""
TRY_S: Final = 2.0


class Errands:
    """On the running loop."""

    def __init__(self, dealing: Callable[[], Dealing | None], notices: Notices) -> None:
        """`dealing` is asked for each time: after a reconnection it is another one."""
        self._dealing = dealing
        self.notices = notices
        self._searches: set[asyncio.Task[None]] = set()

    async def submit(
        self, command: Command, registry: Markets, *, market: int, side: Side, what: str, settle: Callable[[], None]
    ) -> Answer | None:
        """The answer, or None after having told why there is none. `settle` is called once the outcome is known."""
        dealing = self._dealing()
        assert dealing is not None, "whoever sends has looked"
        try:
            answer = await dealing.submit(command, timeout_s=TIMEOUT_S)
        except OutcomeUnknown as error:
            self.notices.tell(telling.unknown(error, what))
            self._begin(self._search(error.client_order_id, registry, market, side, what, settle))
            return None
        except ClientError as error:
            settle()
            self.notices.tell(telling.refusal(error, registry, market, side))
            return None
        settle()
        return answer

    async def close(self) -> None:
        """Stop searching."""
        for search in tuple(self._searches):
            search.cancel()
        await asyncio.gather(*self._searches, return_exceptions=True)

    def _begin(self, search: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(search)
        self._searches.add(task)
        task.add_done_callback(self._searches.discard)

    async def _search(
        self,
        identifier: ClientOrderId,
        registry: Markets,
        market: int,
        side: Side,
        what: str,
        settle: Callable[[], None],
    ) -> None:
        """Ask until it is known. The client asks the exchange by itself; this waits for it, and counts."""
        for tries in itertools.count(1):
            outcome = await self._outcome(identifier)
            if not isinstance(outcome, OutcomeUnknown):
                break
            if tries == TRIES:
                self.notices.tell(telling.verify(identifier, what))
        settle()
        match outcome:
            case Rejected():
                self.notices.tell(telling.refusal(outcome, registry, market, side))
            case None:
                self.notices.tell(telling.found(what, "the exchange does not know of it; the list shows what is open"))
            case _:
                self.notices.tell(telling.found(what, "it did happen"))

    async def _outcome(self, identifier: ClientOrderId) -> Outcome | OwnOrder | None:
        """What the client finds out; after a reconnection what the exchange knows of an order of that id."""
        dealing = self._dealing()
        try:
            if dealing is not None:
                outcome = await dealing.resolve(identifier, timeout_s=TRY_S)
                return outcome if outcome is not None else await dealing.order(client_order_id=identifier)
        except ClientError:
            pass
        await asyncio.sleep(TRY_S)
        return OutcomeUnknown(identifier)
