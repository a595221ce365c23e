"""The trade screen over a recording: the same panels, a bar to steer by, and nobody to trade with."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label

from mexchange.client.replay import Replay
from mexchange.tui.edges.replay_bar import ReplayBar
from mexchange.tui.frame import Part
from mexchange.tui.keymap import Key, bindings, of_scope
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.replay_place import HELP, Place, parse_place
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.vitals import ScreenState


class ReplayScreen(TradeScreen):
    """`shell.replay` is what is played."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("replay")]

    @property
    def replay(self) -> Replay | None:
        """None until it is open."""
        return self.shell.replay

    @property
    def _market(self) -> int | None:
        """What a step is a step of."""
        return self.shell.desk.market.market if self.shell.desk is not None else None

    @property
    def mode_name(self) -> str:
        """What the status bar begins with."""
        return "REPLAY"

    def _banner(self) -> Widget:
        return ReplayBar()

    def _show_banner(self, state: ScreenState) -> None:
        desktop, replay = self.desktop, self.replay
        if desktop.banner_height != 1:
            desktop.banner_height = 1
            desktop.rearrange()
        if replay is not None:
            shown = self.shell.desk.shown if self.shell.desk is not None else None
            self.query_one(ReplayBar).show(replay, shown, self.shell.look.glyphs)

    def _words(self) -> list[str]:
        return ["orders disabled: this is a recording", f"theme {self.shell.settings.theme}"]

    def _hint_keys(self) -> list[Key]:
        keys = self.shell.user_keys
        rows = [key for key in of_scope("replay", keys) if key.hint and self.check_action(key.action, ())]
        taken = {name for key in rows for name in key.all_keys}
        return [*rows, *(key for key in of_scope("app", keys) if key.hint and key.all_keys[0] not in taken)]

    def action_replay_play(self) -> None:
        """Go on, or stay."""
        replay = self.replay
        if replay is not None:
            if replay.is_at_end and not replay.is_playing:
                replay.to_time(replay.recording.first_time_ns)
            (replay.pause if replay.is_playing else replay.play)()
            self._moved()

    def action_replay_step(self) -> None:
        """The next moment."""
        if self.replay is not None:
            self._say_unless(self.replay.step(self._market), "this is the end of the recording")

    def action_replay_back(self) -> None:
        """The moment before."""
        if self.replay is not None:
            self._say_unless(self.replay.step_back(self._market), "this is the beginning of the recording")

    def action_replay_next_trade(self) -> None:
        """To the next trade."""
        if self.replay is not None:
            self._say_unless(self.replay.to_next_trade(self._market), "no more trades in this recording")

    def action_replay_previous_trade(self) -> None:
        """To the trade before."""
        if self.replay is not None:
            self._say_unless(self.replay.to_previous_trade(self._market), "no trade before this one in this recording")

    def action_replay_faster(self) -> None:
        """Twice the speed."""
        if self.replay is not None:
            self.replay.faster()
            self._moved()

    def action_replay_slower(self) -> None:
        """Half the speed."""
        if self.replay is not None:
            self.replay.slower()
            self._moved()

    def action_replay_begin(self) -> None:
        """Where it begins."""
        if self.replay is not None:
            self.replay.to_time(self.replay.recording.first_time_ns)
            self._moved()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where nothing but a recording was asked for, there is no market to go back to, and `q` quits."""
        return self.shell.has_live if action == "replay_end" else super().check_action(action, parameters)

    async def action_replay_end(self) -> None:
        """Back to the market."""
        await self.app.run_action("end_replay")

    def action_replay_jump(self) -> None:
        """Ask where to."""
        if self.replay is not None:
            self.app.push_screen(JumpScreen(), self._jump)

    def _jump(self, typed: str | None) -> None:
        replay, desk = self.replay, self.shell.desk
        if not typed or replay is None or desk is None:
            return
        recording = replay.recording
        try:
            place = parse_place(
                typed,
                begin_ns=recording.first_time_ns,
                end_ns=recording.last_time_ns,
                now_ns=replay.time_ns,
                zone=desk.shown.zone,
            )
        except ValueError as error:
            self.shell.notices.tell(Notice(Kind.ERROR, str(error), severity="warning"))
            return
        self._go(replay, place)

    @on(ReplayBar.Scrubbed)
    def _scrubbed(self, event: ReplayBar.Scrubbed) -> None:
        if self.replay is not None:
            recording = self.replay.recording
            length = recording.last_time_ns - recording.first_time_ns
            self._go(self.replay, Place(time_ns=recording.first_time_ns + length * event.permille // 1_000))

    def _go(self, replay: Replay, place: Place) -> None:
        if place.sequence is not None:
            replay.to_sequence(place.sequence)
        elif place.time_ns is not None:
            replay.to_time(place.time_ns)
        self._moved()

    def _say_unless(self, moved: bool, why: str) -> None:
        if not moved:
            self.shell.notices.tell(Notice(Kind.INFO, why))
        self._moved()

    def _moved(self) -> None:
        """Own input: painted at once."""
        self.shell.pulse()
        self.shell.frame.now(Part.BOOK | Part.TICKER | Part.STATE)


class JumpScreen(ModalScreen[str | None]):
    """A line to type a place into."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def compose(self) -> ComposeResult:
        """A question and a field."""
        with Vertical(id="replay-jump"):
            yield Label("Go to a sequence, a time, or a while from here:", markup=False)
            yield Label(HELP, markup=False)
            yield Input(id="replay-place")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)
