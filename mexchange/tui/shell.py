"""What all screens share: settings, notices, the way to the market, and the market that is shown.

Built once by the app and passed to every screen; nothing else is shared, and nothing of it draws.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets, UnknownSymbol
from mexchange.client.replay import Replay
from mexchange.codec.messages import MarketInfo
from mexchange.config.errors import BadFile
from mexchange.config.settings import Settings
from mexchange.domain.candles import INTERVALS_BY_TEXT, Interval
from mexchange.tui import access, keymap, local_market, themes
from mexchange.tui import settings as settings_of
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Frame, Part
from mexchange.tui.glyphs import ASCII, UNICODE, Look
from mexchange.tui.link import Link
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.options import TuiOptions
from mexchange.tui.settings import TuiSettings
from mexchange.tui.source import Source
from mexchange.tui.vitals import ScreenState, Vitals, screen_state
from mexchange.tui.watch_list import WatchList

PULSE_S: Final = 0.25
"""How often the clocks and figures of the status bar are looked at."""
_CUT_OFF: Final = (ScreenState.STALE, ScreenState.RECONNECT, ScreenState.OFFLINE)
DEPTH_DEFAULT: Final = 1_000


class Shell:
    """Attributes are read by the screens. On one running event loop."""

    def __init__(
        self,
        options: TuiOptions,
        *,
        paint: Callable[[Part], None],
        toast: Callable[[Notice], None],
        sound: Callable[[Notice], None],
    ) -> None:
        """`paint` draws on the present screen, `toast` and `sound` are the app's."""
        self.options = options
        self.access = options.settings
        """Which server and whose key; changed by signing in."""
        self.settings, complaints = _read_settings(options)
        user = keymap.load(options.keymap_file)
        self.user_keys = user.keys
        self.complaints = [*complaints, *user.complaints]
        """What was wrong with the files; told once the screen is there."""
        self.notices = Notices(toast=toast, sound=sound, logged=self._logged, wall_ns=time.time_ns)
        self.frame = Frame(paint, self.settings.frames_per_s(options.environ))
        self.vitals = Vitals()
        self.desk: Desk | None = None
        self.source: Source | None = None
        self.client: Client | None = None
        """The same as `source` where that may trade; None in a replay."""
        self.replay: Replay | None = None
        """The same as `source` in a replay."""
        self.trouble = ""
        """Why the last attempt to connect came to nothing."""
        self.link = Link(lambda: access.connection(self.access), connected=self._connected, failed=self._failed)
        self.watch_list: WatchList | None = None
        self.is_starting = False
        """Is the local market being started by us."""
        self._tasks: list[asyncio.Task[None]] = []
        self._rate = 0
        self._events_before = (0.0, 0)

    def start(self) -> None:
        """Connect, and keep the clocks going."""
        replay = self.options.replay
        self._tasks = [
            asyncio.create_task(self.link.run() if replay is None else self._play(replay), name="link"),
            asyncio.create_task(self._pulses(), name="pulse"),
        ]

    async def stop(self) -> None:
        """The reverse. Idempotent."""
        self.frame.close()
        for follower in (self.desk, self.watch_list):
            if follower is not None:
                follower.close()
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.replay is not None:
            await self.replay.close()

    # What the screens read.

    @property
    def look(self) -> Look:
        """How widgets draw."""
        return Look(
            glyphs=ASCII if self.settings.ascii else UNICODE,
            motion=not self.settings.reduced_motion,
            textured=themes.is_textured(self.settings.theme) or bool(self.options.environ.get("NO_COLOR")),
        )

    @property
    def who(self) -> str:
        """For the header."""
        if self.replay is not None:
            return "recording"
        if self.source is None or not self.source.session.account:
            return "not signed in"
        return f"account {self.source.session.account}"

    @property
    def is_signed_in(self) -> bool:
        """Have we an account."""
        return self.source is not None and bool(self.source.session.account)

    @property
    def has_sound(self) -> bool:
        """Is anything to be heard."""
        return any(self.settings.sounds.of(kind) != "off" for kind in Kind)

    @property
    def can_start(self) -> bool:
        """Could we start the market that is meant."""
        return local_market.can_start(self.options.settings) and not self.is_starting

    @property
    def is_first_try(self) -> bool:
        """Was nothing tried yet."""
        return self.source is None and not self.trouble

    @property
    def is_settled(self) -> bool:
        """Is everything that the first picture needs here."""
        desk = self.desk
        if desk is None or desk.book is None or not desk.book.verified or desk.ticker is None:
            return False
        return (
            desk.trades_known and not desk.candle_row.loading and (desk.balances is not None or not self.is_signed_in)
        )

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What the client raises inside is told, with its remedy."""
        try:
            yield
        except (ClientError, UnknownSymbol) as error:
            self.notices.tell(Notice(Kind.ERROR, f"{error} ({error.code})", error.hint, "error"))

    def become(self, signed_in: Settings) -> None:
        """From here on with the key that these settings lead to."""
        self.access = signed_in
        self.link.again()

    def save(self) -> None:
        """Keep the settings; a complaint if that cannot be done."""
        try:
            settings_of.save(self.options.settings_file, self.settings)
        except OSError as error:
            self.notices.tell(Notice(Kind.ERROR, f"settings not saved: {error}", severity="warning"))

    # The way to the market.

    async def show_market(self, market: int) -> None:
        """The market of this number in the same screen. Raises UnknownMarket, ClientError."""
        assert self.source is not None
        markets = await self.source.markets()
        await self.open(self.source, markets, markets[market])
        self.save()

    async def _connected(self, client: Client) -> None:
        self.trouble = ""
        markets = await client.markets()
        again = self.source is not None
        self.source = self.client = client
        self.watch(client, markets)
        if again:
            self.notices.tell(Notice(Kind.INFO, f"connected anew, as {self.who}"))
        await self.open(client, markets, self._wanted_market(markets))

    def watch(self, source: Source, markets: Markets) -> None:
        """Follow the watched markets, which may have changed."""
        if self.watch_list is not None:
            self.watch_list.close()
        self.watch_list = WatchList(source, markets, self.settings.watch, lambda: self.frame.mark(Part.WATCH))
        self.watch_list.open()

    async def start_local(self) -> None:
        """Start the local market and connect to it; what goes wrong is told."""
        if not self.can_start:
            return
        self.is_starting = True
        self.frame.now(Part.STATE)
        try:
            await local_market.start(self.options.settings, self.options.environ)
        except (local_market.NotStarted, OSError) as error:
            self.notices.tell(Notice(Kind.ERROR, f"not started: {error}", "mx daemon start --demo says more", "error"))
        finally:
            self.is_starting = False
            self.link.now()
            self.frame.mark(Part.STATE)

    async def _play(self, path: Path) -> None:
        """A recording instead of a market."""
        try:
            self.source = self.replay = Replay.open(path)
        except (ClientError, OSError) as error:
            self._failed(error)
            return
        self.replay.on_jump(self._jumped)
        self.replay.on_change(self._replay_changed)
        markets = await self.replay.markets()
        self.watch(self.replay, markets)
        await self.open(self.replay, markets, self._wanted_market(markets))

    def _jumped(self) -> None:
        if self.desk is not None:
            self.desk.reload()

    def _replay_changed(self) -> None:
        assert self.replay is not None
        damage = self.replay.recording.damage
        if damage is not None and self.replay.is_at_end and str(damage) != self.trouble:
            self.trouble = str(damage)
            self.notices.tell(Notice(Kind.ERROR, self.trouble, damage.hint, "warning"))
        self.frame.mark(Part.STATE)

    async def open(self, source: Source, markets: Markets, market: MarketInfo) -> None:
        """Show this market of that source; what was shown before is closed. Raises ClientError."""
        desk = Desk(source, markets, market, self.frame.mark)
        await desk.open(depth=DEPTH_DEFAULT, group_ticks=1, interval=self._interval())
        before, self.desk = self.desk, desk
        if before is not None:
            before.close()
        self.settings.market = market.symbol
        self.pulse()
        self.frame.mark(Part.EVERYTHING)

    def _wanted_market(self, markets: Markets) -> MarketInfo:
        shown = self.desk.market.symbol if self.desk is not None else None
        for symbol in (shown, self.options.market, self.options.settings.market, self.settings.market):
            try:
                if symbol:
                    return markets.by_symbol(symbol)
            except UnknownSymbol as error:
                self.notices.tell(Notice(Kind.ERROR, str(error), error.hint, "warning"))
        return next(iter(markets))

    def _interval(self) -> Interval:
        return INTERVALS_BY_TEXT.get(self.settings.interval, Interval.M1)

    def _failed(self, error: Exception) -> None:
        text = str(error)
        if text != self.trouble:
            self.trouble = text
            self.notices.note(Notice(Kind.DISCONNECT, text, getattr(error, "hint", ""), "warning"))
        self.frame.mark(Part.STATE)

    # The clocks.

    async def _pulses(self) -> None:
        while True:
            self.pulse()
            await asyncio.sleep(PULSE_S)

    def pulse(self) -> None:
        """Look at the clocks: how much may be trusted now."""
        before, self.vitals = self.vitals, self._read_vitals()
        self._tell_change(before, self.vitals)
        if self.desk is not None:
            self.desk.state, self.desk.age_ns = self.vitals.state, self.vitals.age_ns
            self.desk.tick()
        self.frame.mark(Part.STATE)

    def _read_vitals(self) -> Vitals:
        source, desk = self.source, self.desk
        if source is None or desk is None:
            return Vitals(state=ScreenState.OFFLINE, attempt=self.link.attempt)
        alive, session = source.liveness(), source.session
        head = desk.orders.account_sequence if desk.orders is not None else session.account_sequence
        missing = max(0, session.account_sequence - head) if desk.orders is not None and desk.orders.gap else 0
        return Vitals(
            state=ScreenState.REPLAY
            if self.replay is not None
            else screen_state(alive, desk.market.market, missing=missing),
            age_ns=alive.age_ns,
            sequence=session.sequence,
            round_trip_ns=session.round_trip_ns,
            p99_ns=alive.p99_ns,
            gaps=desk.book.gaps if desk.book is not None else 0,
            mended=desk.book.gaps - desk.book.gap if desk.book is not None else 0,
            missing=missing,
            attempt=max(alive.attempt, self.link.attempt),
            unknown=alive.unknown,
            events_per_s=self._events_per_s(desk),
            fps=self.frame.measured_fps(),
            address="" if self.replay is not None else "{}:{}".format(*session.address),
        )

    def _tell_change(self, before: Vitals, now: Vitals) -> None:
        """A change of state for the worse, the way back, and what was missed meanwhile, are said once."""
        if before.missing > now.missing == 0:
            self.notices.tell(Notice(Kind.INFO, f"caught up: {before.missing:,} events replayed"))
        if before.mended < now.mended:
            so_far = "" if now.mended == 1 else f", {now.mended} times so far"
            self.notices.note(Notice(Kind.INFO, f"the book was mended{so_far}"))
        was_cut, is_cut = (each.state in _CUT_OFF for each in (before, now))
        if before.sequence and is_cut and not was_cut:
            text = f"{now.state.name}: no word for {now.age_ns / 1e9:.1f} s"
            self.notices.tell(Notice(Kind.DISCONNECT, text, "new orders are locked, cancels go out", "warning"))
        if before.sequence and was_cut and not is_cut:
            self.notices.tell(Notice(Kind.INFO, f"{now.state.name} again at seq {now.sequence:,}"))

    def _events_per_s(self, desk: Desk) -> int:
        now, (before, counted) = time.monotonic(), self._events_before
        if now - before >= 1 or desk.events < counted:
            self._events_before = (now, desk.events)
            self._rate = round(max(0, desk.events - counted) / (now - before)) if before else 0
        return self._rate

    def _logged(self) -> None:
        self.frame.mark(Part.LOG)


def _read_settings(options: TuiOptions) -> tuple[TuiSettings, list[str]]:
    try:
        return settings_of.load(options.settings_file), []
    except (BadFile, OSError) as error:
        return TuiSettings(), [f"{error}; the defaults are used"]
