"""What is on the stage: a source, one market of it, and the watched ones. The shell has a live scene, and one that is
played over it while a recording is shown; the one behind goes on unseen, and is as it was when it comes to the front.
"""

from collections.abc import Callable

from mexchange.client.api import Client
from mexchange.client.markets import Markets
from mexchange.client.replay import Replay
from mexchange.codec.messages import MarketInfo
from mexchange.domain.candles import Interval
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.source import Source
from mexchange.tui.watch_list import WatchList

DEPTH_DEFAULT = 1_000
GROUP_DEFAULT = 1


class Scene:
    """Of one source. `mark` hears what changed while `is_in_front`."""

    def __init__(self, source: Source, mark: Callable[[Part], None]) -> None:
        self.source = source
        self.desk: Desk | None = None
        """The market that is shown; None before the first one is there."""
        self.watch_list: WatchList | None = None
        self.is_in_front = False
        self._mark = mark

    @property
    def client(self) -> Client | None:
        """The source, where that may trade."""
        return self.source if isinstance(self.source, Client) else None

    @property
    def replay(self) -> Replay | None:
        """The source, where that is a recording."""
        return self.source if isinstance(self.source, Replay) else None

    async def show(self, markets: Markets, market: MarketInfo, interval: Interval) -> None:
        """This market; what was shown before is closed. Raises ClientError, and then nothing has changed."""
        desk = Desk(self.source, markets, market, self.mark)
        try:
            await desk.open(depth=DEPTH_DEFAULT, group_ticks=GROUP_DEFAULT, interval=interval)
        except BaseException:
            desk.close()
            raise
        before, self.desk = self.desk, desk
        if before is not None:
            before.close()
            if before.book is not None:
                await self.source.unsubscribe(before.book)

    def watch(self, markets: Markets, symbols: list[str]) -> None:
        """Follow these markets, or all of them if none is named."""
        if self.watch_list is not None:
            self.watch_list.close()
        self.watch_list = WatchList(self.source, markets, symbols, lambda: self.mark(Part.WATCH))
        self.watch_list.open()

    def mark(self, part: Part) -> None:
        """Something of it changed."""
        if self.is_in_front:
            self._mark(part)

    def close(self) -> None:
        """Hear of nothing any more; the source is its owner's to close. Idempotent."""
        self.is_in_front = False
        for follower in (self.desk, self.watch_list):
            if follower is not None:
                follower.close()
