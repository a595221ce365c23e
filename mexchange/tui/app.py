"""The composition root of the terminal client: builds everything once and passes it on; the keys of the app."""

import asyncio
import shlex
import subprocess
import sys
import time
from collections.abc import Coroutine
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.command import CommandPalette

from mexchange.config import paths
from mexchange.domain import scopes
from mexchange.tui import keymap, pauses, themes, user_keymap
from mexchange.tui.commands import commands
from mexchange.tui.diagnostics import diagnostics
from mexchange.tui.frame import FPS_MAX, Part
from mexchange.tui.notices import Kind, Notice, terminal_notice
from mexchange.tui.options import TuiOptions
from mexchange.tui.screens.admin import AdminScreen
from mexchange.tui.screens.command_line import CommandLine
from mexchange.tui.screens.help import HelpScreen
from mexchange.tui.screens.leave import CANCEL_ALL, LeaveScreen, UnderstandScreen
from mexchange.tui.screens.palette import MxCommands, Palette
from mexchange.tui.screens.portfolio import PortfolioScreen
from mexchange.tui.screens.recording_chooser import RecordingChooser
from mexchange.tui.screens.replay import ReplayScreen
from mexchange.tui.screens.sign_in import SignInScreen
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.screens.wizard import Wizard
from mexchange.tui.shell import Shell
from mexchange.tui.sign_in import SignIn
from mexchange.tui.toasts import Toasts
from mexchange.tui.trading.arming import Cause
from mexchange.tui.trading.confirm import ConfirmScreen
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.question import Question


class MxApp(App[int], inherit_bindings=False):
    """`mx tui`."""

    CSS_PATH = "mx.tcss"
    TITLE = "mExchange"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-mid"), (160, "-wide")]  # noqa: RUF012  # as the base class has it
    COMMANDS = {MxCommands}  # noqa: RUF012  # as the base class has it
    BINDINGS: ClassVar[list[BindingType]] = [*keymap.bindings("app")]

    def __init__(self, options: TuiOptions) -> None:
        super().__init__()
        toasts = Toasts(self.notify, self.clear_notifications, time.monotonic)
        self.shell = Shell(options, paint=self._paint, toast=toasts.show, sound=self._sound)
        for theme in themes.themes():
            self.register_theme(theme)
        self.dealer = Dealer(self.shell, ask=self._ask, copy=self.copy_to_clipboard, start=self._begin)
        self.add_mode("trade", lambda: TradeScreen(self.shell, self.dealer))
        self.add_mode("portfolio", lambda: PortfolioScreen(self.dealer))
        self.add_mode("admin", lambda: AdminScreen(self.dealer, self._ask))
        self.add_mode("replay", lambda: ReplayScreen(self.shell, self.dealer))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that the style sheet reads under any theme."""
        return themes.DEFAULTS

    def on_mount(self) -> None:
        """Look as the settings say, then connect."""
        shell = self.shell
        if shell.settings.theme not in self.available_themes:
            shell.settings.theme = themes.GROUNDS[0]
        self.theme = shell.settings.theme
        self.animation_level = "none" if shell.settings.reduced_motion else "full"
        self.set_keymap(shell.user_keys)
        self.switch_mode("trade" if shell.options.replay is None else "replay")
        for complaint in shell.complaints:
            shell.notices.tell(Notice(Kind.ERROR, complaint, severity="warning"))
        shell.start()
        wanted = shell.options.wizard
        if wanted or (wanted is None and not shell.options.settings_file.exists() and not shell.options.replay):
            self.action_wizard()

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End; what is half taken down is not painted."""
        self.shell.frame.close()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        """The reverse of the start."""
        self.shell.frame.close()
        await self.dealer.stop()
        await self.shell.stop()

    def on_app_blur(self) -> None:
        """The terminal lost the focus: a click meant for another window must not be an order."""
        self.dealer.arming.disarm(Cause.FOCUS)

    def _begin(self, job: Coroutine[Any, Any, None]) -> None:
        self.run_worker(job, group="dealer")

    async def _ask(self, question: Question) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def answered(said: bool | None) -> None:
            if not answer.done():
                answer.set_result(bool(said))

        await self.push_screen(ConfirmScreen(question), answered)
        return await answer

    def _paint(self, parts: Part) -> None:
        if not self.screen_stack:
            return  # the app is ending
        self.dealer.pulse()
        if (screen := self.trade_screen) is not None:
            screen.paint(parts)  # also behind a dialog, where it is seen

    def _sound(self, notice: Notice) -> None:
        sound = self.shell.settings.sounds.of(notice.kind)
        if sound == "bell":
            self.bell()
        elif self._driver is not None and (sequence := terminal_notice(sound, notice.whole)):
            self._driver.write(sequence)

    @property
    def trade_screen(self) -> TradeScreen | None:
        """The one below everything else, if it is in front."""
        return next((screen for screen in self.screen_stack if isinstance(screen, TradeScreen)), None)

    # Keys and commands of the app.

    def action_mode(self, name: str) -> None:
        """Another whole screen; that of the market is the replay's while a recording is shown."""
        self.switch_mode("replay" if name == "trade" and self.shell.replay is not None else name)

    def action_open_recording(self) -> None:
        """Choose one, and play it over the market."""
        folder = paths.recordings_dir(self.shell.options.settings.data_dir)
        self.push_screen(RecordingChooser(folder), self._play)

    async def _play(self, path: Path | None) -> None:
        if path is not None:
            with self.shell.telling():
                await self.shell.play(path)
                self.switch_mode("replay")

    async def action_record(self) -> None:
        """Record the shown market into a file, until told to stop."""
        with self.shell.telling():
            self.shell.record()

    async def action_stop_recording(self) -> None:
        """The file is whole then, and can be played."""
        await self.shell.stop_recording()

    async def action_end_replay(self) -> None:
        """Back to the market, which is as it was."""
        await self.shell.end_replay()
        self.switch_mode("trade")

    def action_leave(self) -> None:
        """Quit; asks first while orders are open."""
        desk = self.shell.live.desk if self.shell.live is not None else None
        open_orders = len(desk.orders.open) if desk is not None and desk.orders is not None else 0
        if open_orders and not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(open_orders), self._leave)
        else:
            self.exit(0)

    async def _leave(self, answer: str | None) -> None:
        if answer == CANCEL_ALL and self.shell.has_live:
            await self.action_end_replay()
        if answer == CANCEL_ALL and (why := self.dealer.locked()):
            self.dealer.refuse(why)
        elif answer == CANCEL_ALL and self.shell.client is not None:
            with self.shell.telling():
                await self.shell.client.mass_cancel()
                self.exit(0)
        elif answer is not None:
            self.exit(0)

    def action_command_palette(self) -> None:
        """Everything that can be done, by its words."""
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(Palette(id="--command-palette"))

    def action_help_here(self) -> None:
        """Keys of the focused panel, of the screen, of the app."""
        screen = self.trade_screen
        panel = screen.focused_panel if screen is not None else None
        here = [panel.panel] if panel is not None else []
        self.push_screen(HelpScreen([*here, "trade", "app"], self.shell.user_keys))

    def action_command_line(self, typed: str = "") -> None:
        """Type a command."""
        self.push_screen(CommandLine(commands(self.shell), typed), self._command)

    async def _command(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(action, self.screen)

    def action_show_market(self, market: int) -> None:
        """The market of this number."""
        if (screen := self.trade_screen) is not None:
            screen.show_market(market)

    def action_toggle_watch(self, market: int) -> None:
        """Into the watch list, or out of it."""
        shell = self.shell
        if shell.desk is None:
            return
        watched = shell.settings.watch or [each.symbol for each in shell.desk.markets]
        symbol = shell.desk.markets[market].symbol
        shell.settings.watch = [each for each in watched if each != symbol] if symbol in watched else [*watched, symbol]
        shell.save()
        shell.rewatch()

    def action_next_theme(self) -> None:
        """The next ground."""
        self.action_use_theme(themes.next_ground(self.theme))

    def action_next_side_colours(self) -> None:
        """The next way to tell buyers from sellers."""
        self.action_use_theme(themes.next_sides(self.theme))

    def action_use_theme(self, name: str) -> None:
        """A theme by name."""
        self.theme = self.shell.settings.theme = name
        self._settings_changed()

    def action_switch(self, name: str) -> None:
        """A setting that is on or off."""
        setattr(self.shell.settings, name, not getattr(self.shell.settings, name))
        if name == "mouse":
            self.shell.notices.tell(Notice(Kind.INFO, "the mouse changes hands at the next start"))
        self._settings_changed()

    def action_use_sound(self, kind: str, sound: str) -> None:
        """What is heard of a kind of notice."""
        setattr(self.shell.settings.sounds, kind, sound)
        self._settings_changed()

    def action_use_fps(self, text: str) -> None:
        """Frames a second."""
        if not text.isdecimal() or not 0 <= int(text) <= FPS_MAX:
            self.shell.notices.tell(
                Notice(Kind.ERROR, f"fps is 1 to {FPS_MAX}, or 0 for the default", severity="error")
            )
            return
        self.shell.settings.fps = int(text)
        self.shell.frame.fps = self.shell.settings.frames_per_s(self.shell.options.environ)
        self._settings_changed()

    def action_use_confirm(self, level: str) -> None:
        """When an order is asked about."""
        if level == "never" and not self.shell.settings.understood:
            self.push_screen(UnderstandScreen(), self._understood)
            return
        self.shell.settings.confirm = level  # type: ignore[assignment]  # one of the three, from the list of commands
        self._settings_changed()

    def _understood(self, answer: bool | None) -> None:
        if answer:
            self.shell.settings.understood = True
            self.action_use_confirm("never")

    async def sign_in_first(self, why: str) -> bool:
        """Is somebody signed in, if need be after a dialog. To be awaited in a worker."""
        if self.shell.is_signed_in:
            return True
        signed_in = await self.push_screen_wait(SignInScreen(SignIn(self.shell.access), why))
        if signed_in is None:
            return False
        self.shell.become(signed_in.settings)
        return True

    @work(exclusive=True, group="local market")
    async def action_stop_market(self) -> None:
        """End the demo of this machine, whoever started it."""
        question = Question(
            title="Stop the local market?",
            notes=["its daemon and bots end for everybody on it; what happened is kept"],
            affirm="Stop it",
            is_grave=True,
        )
        if await self._ask(question):
            await self.shell.stop_local()

    @work(exclusive=True, group="sign in")
    async def action_sign_in(self) -> None:
        """By a code that is mailed."""
        await self.sign_in_first("")

    def action_who(self) -> None:
        """Account, key, rights."""
        if (source := self.shell.source) is not None:
            session = source.session
            text = f"account {session.account}, key {session.key_id or 'none'}, may {scopes.show(session.scopes)}"
            self.shell.notices.tell(Notice(Kind.INFO, text))

    def action_wizard(self) -> None:
        """The first steps."""
        self.push_screen(Wizard(self.shell), lambda _: self._settings_changed())

    def action_screenshot_file(self) -> None:
        """Save the screen as SVG."""
        self.deliver_screenshot()

    def action_edit_keymap(self) -> None:
        """In the editor of the environment."""
        editor = self.shell.options.environ.get("VISUAL") or self.shell.options.environ.get("EDITOR")
        file = self.shell.options.keymap_file
        if not editor:
            self.shell.notices.tell(Notice(Kind.INFO, f"the key map is {file}", "EDITOR names an editor for it"))
            return
        with self.suspend():
            subprocess.run([*shlex.split(editor), str(file)], check=False)
        user = user_keymap.load(file)
        self.shell.user_keys = user.keys
        self.set_keymap(user.keys)
        for complaint in user.complaints:
            self.shell.notices.tell(Notice(Kind.ERROR, complaint, severity="warning"))

    def action_diagnostics(self) -> None:
        """Figures for a report, without anything secret, to the clipboard."""
        self.copy_to_clipboard(diagnostics(self.shell, self.size, self.theme))
        self.shell.notices.tell(Notice(Kind.INFO, "copied: versions, sizes, figures; no key, no name"))

    def action_about(self) -> None:
        """Version."""
        self.shell.notices.tell(Notice(Kind.INFO, f"mExchange {version('mexchange')}, MIT licence"))

    def _settings_changed(self) -> None:
        self.animation_level = "none" if self.shell.settings.reduced_motion else "full"
        self.shell.save()
        for screen in self.screen_stack:
            if isinstance(screen, TradeScreen):
                screen.apply_look()
        self.shell.frame.mark(Part.EVERYTHING)

    def action_redraw(self) -> None:
        """Everything anew."""
        self.refresh(layout=True)
        self.shell.frame.mark(Part.EVERYTHING)


def run_tui(options: TuiOptions) -> int:
    """Until the user leaves; the exit code."""
    import uvloop

    app = MxApp(options)
    pauses.keep_short()
    result = uvloop.run(app.run_async(mouse=app.shell.settings.mouse))
    if farewell := app.shell.local.farewell:
        sys.stderr.write(f"{farewell}\n")
    return app.return_code or result or 0
