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
from mexchange.client.errors import ClientError, UnknownServerKey
from mexchange.client.markets import Markets, UnknownSymbol
from mexchange.client.replay import Replay
from mexchange.codec.messages import MarketInfo
from mexchange.config import paths
from mexchange.config.errors import BadFile
from mexchange.config.settings import Settings
from mexchange.domain.candles import INTERVALS_BY_TEXT, Interval
from mexchange.tui import access, address, themes, user_keymap
from mexchange.tui import settings as settings_of
from mexchange.tui.desk import Desk
from mexchange.tui.frame import Frame, Part
from mexchange.tui.glyphs import ASCII, UNICODE, Look
from mexchange.tui.heartbeat import Heartbeat
from mexchange.tui.link import Link
from mexchange.tui.live_recording import LiveRecording
from mexchange.tui.local_market import Failed, LocalMarket
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.options import TuiOptions
from mexchange.tui.scene import Scene
from mexchange.tui.settings import TuiSettings
from mexchange.tui.source import Source
from mexchange.tui.vitals import Vitals
from mexchange.tui.watch_list import WatchList

PULSE_S: Final = 0.25
"""How often the clocks and figures of the status bar are looked at."""


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
        user = user_keymap.load(options.keymap_file)
        self.user_keys = user.keys
        self.complaints = [*complaints, *user.complaints]
        """What was wrong with the files; told once the screen is there."""
        self.notices = Notices(toast=toast, sound=sound, logged=self._logged, wall_ns=time.time_ns)
        self.frame = Frame(paint, self.settings.frames_per_s(options.environ))
        self.live: Scene | None = None
        """The market, also while a recording is shown over it; None before the first connection."""
        self.played: Scene | None = None
        """The recording that is shown, if one is."""
        self.trouble = ""
        """Why the last attempt to connect came to nothing."""
        self.stranger: UnknownServerKey | None = None
        """Who answered it, if nobody knows that server's key yet."""
        self.link = Link(lambda: access.connection(self.access), connected=self._connected, failed=self._failed)
        self.local = LocalMarket(options.settings, options.environ, lambda: self.frame.now(Part.STATE))
        self.recording: LiveRecording | None = None
        """The one that is being made."""
        self._unsaved = ""
        """Why the settings could not be kept, last time."""
        self._heartbeat = Heartbeat(self.link, self.notices)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Connect, and keep the clocks going."""
        replay = self.options.replay
        self._tasks = [
            asyncio.create_task(self.link.run() if replay is None else self._play_alone(replay), name="link"),
            asyncio.create_task(self._pulses(), name="pulse"),
        ]

    async def stop(self) -> None:
        """The reverse. Idempotent."""
        self.frame.close()
        await self.local.close()
        await self.stop_recording()
        await self.end_replay()
        if self.live is not None:
            self.live.close()
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # What the screens read.

    @property
    def scene(self) -> Scene | None:
        """The one in front."""
        return self.played or self.live

    @property
    def source(self) -> Source | None:
        """Of the scene in front."""
        return self.scene.source if self.scene is not None else None

    @property
    def desk(self) -> Desk | None:
        """Of the scene in front."""
        return self.scene.desk if self.scene is not None else None

    @property
    def watch_list(self) -> WatchList | None:
        """Of the scene in front."""
        return self.scene.watch_list if self.scene is not None else None

    @property
    def client(self) -> Client | None:
        """The same as `source` where that may trade; None in a replay."""
        return self.scene.client if self.scene is not None else None

    @property
    def replay(self) -> Replay | None:
        """The same as `source` in a replay."""
        return self.played.replay if self.played is not None else None

    @property
    def vitals(self) -> Vitals:
        """Of the scene in front."""
        return self._heartbeat.vitals

    @property
    def has_live(self) -> bool:
        """Is there a market behind a recording: not where nothing but the recording was asked for."""
        return self.options.replay is None

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
    def is_first_try(self) -> bool:
        """Was nothing tried yet."""
        return self.source is None and not self.trouble

    @property
    def is_settled(self) -> bool:
        """Is everything that the first picture needs here."""
        desk = self.desk
        if desk is None or desk.book is None or not desk.book.verified or desk.ticker is None:
            return False
        knows_balances = desk.balances is not None or not self.is_signed_in or self.replay is not None
        return desk.trades_known and not desk.candle_row.loading and knows_balances

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What the client or the system raises inside is told, with its remedy."""
        try:
            yield
        except (ClientError, UnknownSymbol) as error:
            self.notices.tell(Notice(Kind.ERROR, f"{error} ({error.code})", error.hint, "error"))
        except OSError as error:
            self.notices.tell(Notice(Kind.ERROR, str(error), severity="error"))

    def become(self, signed_in: Settings) -> None:
        """From here on with the key that these settings lead to."""
        self.access = signed_in
        self.link.again()

    def go_to(self, typed: str) -> None:
        """To the server of this address from here on, and at the next start. Raises ValueError, BadFile, OSError."""
        self.become(address.at(self.access, typed))
        self.trouble, self.stranger = "", None

    def trust_stranger(self) -> None:
        """The server that answered is the one that is meant. Raises ConfigError, OSError."""
        if self.stranger is not None:
            address.trust(self.access, self.stranger.key)
            self.link.again()

    def save(self) -> None:
        """Keep the settings; a complaint if that cannot be done, not again and again the same."""
        try:
            settings_of.save(self.options.settings_file, self.settings)
            self._unsaved = ""
        except (BadFile, OSError) as error:
            if str(error) != self._unsaved:
                self._unsaved = str(error)
                hint = error.hint if isinstance(error, BadFile) else ""
                self.notices.tell(Notice(Kind.ERROR, f"settings not saved: {error}", hint, "warning"))

    # The way to the market.

    async def show_market(self, market: int) -> None:
        """The market of this number in the same screen. Raises UnknownMarket, ClientError."""
        scene = self.scene
        assert scene is not None
        markets = await scene.source.markets()
        await self._show(scene, markets, markets[market])
        self.save()

    def rewatch(self) -> None:
        """The watched markets may be others now."""
        if self.scene is not None and self.scene.desk is not None:
            self.scene.watch(self.scene.desk.markets, self.settings.watch)
            self.frame.mark(Part.WATCH)

    async def _connected(self, client: Client) -> None:
        self.trouble, self.stranger = "", None
        markets = await client.markets()
        scene = Scene(client, self.frame.mark)
        await self._show(scene, markets, self._wanted_market(markets, is_told=True))
        scene.watch(markets, self.settings.watch)
        before, self.live = self.live, scene
        self._step_forward()
        if before is not None:
            before.close()
            self.notices.tell(Notice(Kind.INFO, f"connected anew, as {self.who}"))

    async def start_local(self) -> None:
        """Start the local market and connect to it; how that went is told."""
        if not self.local.can_start:
            return
        try:
            await self.local.start()
        except (Failed, OSError) as error:
            self._not_done("not started", error)
        else:
            text = f"the local market runs: daemon and two bots, pid {self.local.pid}; it goes on when you leave"
            self.notices.tell(Notice(Kind.INFO, text, f":stop market ends it, its log is {self.local.log}"))
        self.link.now()

    async def stop_local(self) -> None:
        """End the local market; how that went is told."""
        try:
            await self.local.stop()
        except (Failed, OSError) as error:
            self._not_done("not stopped", error)
        else:
            self.notices.tell(Notice(Kind.INFO, "the local market has stopped", "what happened in it is kept"))

    def _not_done(self, what: str, error: Exception) -> None:
        hint = error.hint if isinstance(error, Failed) else f"its log would be {self.local.log}"
        self.notices.tell(Notice(Kind.ERROR, f"{what}: {error}", hint, "error"))

    # Recordings.

    async def play(self, path: Path) -> None:
        """Show a recording; the market goes on behind it. Raises BadRecording, OSError, and then nothing changes."""
        replay = Replay.open(path)
        scene = Scene(replay, self.frame.mark)
        try:
            markets = await replay.markets()
            is_asked_for = self.options.replay == path
            await self._show(scene, markets, self._wanted_market(markets, is_told=is_asked_for))
        except BaseException:
            await replay.close()
            raise
        scene.watch(markets, [])
        replay.on_jump(lambda: scene.desk.reload() if scene.desk is not None else None)
        replay.on_change(lambda: self._replay_changed(replay))
        await self.end_replay()
        self.played = scene
        self._step_forward()

    async def end_replay(self) -> None:
        """Show the market again. Nothing happens unless a recording is shown."""
        played, self.played = self.played, None
        if played is not None:
            played.close()
            await played.source.close()
            self._step_forward()

    def record(self) -> None:
        """Record the market that is shown. Raises OSError if there can be no such file."""
        live = self.live
        if self.recording is not None or live is None or live.client is None or live.desk is None:
            return
        folder = paths.recordings_dir(self.options.settings.data_dir)
        recording = LiveRecording(live.client, live.desk.market, folder, self.notices)
        recording.start(self._recording_ended)
        self.recording = recording
        self.frame.mark(Part.STATE)

    async def stop_recording(self) -> None:
        """Until the file is whole. Nothing happens unless one is being made."""
        if self.recording is not None:
            await self.recording.stop()

    def _recording_ended(self) -> None:
        self.recording = None
        self.frame.mark(Part.STATE)

    async def _play_alone(self, path: Path) -> None:
        try:
            await self.play(path)
        except (ClientError, OSError) as error:
            self._failed(error)

    def _replay_changed(self, replay: Replay) -> None:
        damage = replay.recording.damage
        if damage is not None and replay.is_at_end and str(damage) != self.trouble:
            self.trouble = str(damage)
            self.notices.tell(Notice(Kind.ERROR, self.trouble, damage.hint, "warning"))
        self.frame.mark(Part.STATE)

    # What is in front.

    async def _show(self, scene: Scene, markets: Markets, market: MarketInfo) -> None:
        await scene.show(markets, market, self._interval())
        if scene.client is not None:
            self.settings.market = market.symbol
        if scene is self.scene:
            self._step_forward()

    def _step_forward(self) -> None:
        """Another scene, or another market of it, is in front."""
        for scene in (self.live, self.played):
            if scene is not None:
                scene.is_in_front = scene is self.scene
        self.pulse()
        self.frame.mark(Part.EVERYTHING)

    def _wanted_market(self, markets: Markets, *, is_told: bool) -> MarketInfo:
        """The one shown last, or asked for; if there is no such market, that is told or passed over."""
        shown = self.live.desk.market.symbol if self.live is not None and self.live.desk is not None else None
        for symbol in (shown, self.options.market, self.options.settings.market, self.settings.market):
            try:
                if symbol:
                    return markets.by_symbol(symbol)
            except UnknownSymbol as error:
                if is_told:
                    self.notices.tell(Notice(Kind.ERROR, str(error), error.hint, "warning"))
        return next(iter(markets))

    def _interval(self) -> Interval:
        return INTERVALS_BY_TEXT.get(self.settings.interval, Interval.M1)

    def _failed(self, error: Exception) -> None:
        text = str(error)
        self.stranger = error if isinstance(error, UnknownServerKey) else None
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
        self._heartbeat.beat(self.scene, self.frame.measured_fps())
        desk = self.desk
        if desk is not None:
            desk.state, desk.age_ns = self.vitals.state, self.vitals.age_ns
            desk.tick()
        self.frame.mark(Part.STATE)

    def _logged(self) -> None:
        self.frame.mark(Part.LOG)


def _read_settings(options: TuiOptions) -> tuple[TuiSettings, list[str]]:
    try:
        return settings_of.load(options.settings_file), []
    except (BadFile, OSError) as error:
        return TuiSettings(), [f"{error}; the defaults are used"]
