"""The composition root of the terminal client: builds everything once and passes it on; the keys of the app."""

from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from mexchange.tui import keymap, themes
from mexchange.tui.frame import Part
from mexchange.tui.notices import ERROR_TOAST_S, TOAST_S, Kind, Notice, terminal_notice
from mexchange.tui.options import TuiOptions
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.shell import Shell


class MxApp(App[int]):
    """`mx tui`."""

    CSS_PATH = "mx.tcss"
    TITLE = "mExchange"
    BINDINGS: ClassVar[list[BindingType]] = [*keymap.bindings("app")]

    def __init__(self, options: TuiOptions) -> None:
        super().__init__()
        self.shell = Shell(options, paint=self._paint, toast=self._toast, sound=self._sound)
        for theme in themes.themes():
            self.register_theme(theme)
        self.add_mode("trade", lambda: TradeScreen(self.shell))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that the style sheet reads under any theme."""
        return themes.DEFAULTS

    def on_mount(self) -> None:
        """Look as the settings say, then connect."""
        shell = self.shell
        if shell.settings.theme not in self.available_themes:
            shell.settings.theme = themes.GROUNDS[0]
        self.theme = shell.settings.theme
        self.set_keymap(shell.user_keys)
        self.switch_mode("trade")
        for complaint in shell.complaints:
            shell.notices.tell(Notice(Kind.ERROR, complaint, severity="warning"))
        shell.start()

    async def on_unmount(self) -> None:
        """The reverse of the start."""
        await self.shell.stop()

    def _paint(self, parts: Part) -> None:
        screen = self.screen
        if isinstance(screen, TradeScreen):
            screen.paint(parts)

    def _toast(self, notice: Notice) -> None:
        text = f"{notice.text}\n{notice.hint}" if notice.hint else notice.text
        seconds = ERROR_TOAST_S if notice.severity == "error" else TOAST_S
        self.notify(text, severity=notice.severity, timeout=seconds, markup=False)

    def _sound(self, notice: Notice) -> None:
        sound = self.shell.settings.sounds.of(notice.kind)
        if sound == "bell":
            self.bell()
        elif self._driver is not None and (sequence := terminal_notice(sound, notice.whole)):
            self._driver.write(sequence)

    def action_leave(self) -> None:
        """Quit."""
        self.exit(0)

    def action_next_theme(self) -> None:
        """The next ground."""
        self._use_theme(themes.next_ground(self.theme))

    def action_next_side_colours(self) -> None:
        """The next way to tell buyers from sellers."""
        self._use_theme(themes.next_sides(self.theme))

    def _use_theme(self, name: str) -> None:
        self.theme = self.shell.settings.theme = name
        self.shell.save()
        self.shell.frame.mark(Part.EVERYTHING)

    def action_redraw(self) -> None:
        """Everything anew."""
        self.refresh(layout=True)
        self.shell.frame.mark(Part.EVERYTHING)


def run_tui(options: TuiOptions) -> int:
    """Until the user leaves; the exit code."""
    import uvloop

    app = MxApp(options)
    result = uvloop.run(app.run_async(mouse=app.shell.settings.mouse))
    return app.return_code or result or 0
