"""The first start, in five steps: look, connect, sign in, caution, keys. Each may be passed over, or all."""

from collections.abc import Callable
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, ContentSwitcher, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from mexchange.config.errors import ConfigError
from mexchange.tui import themes
from mexchange.tui.key_names import shown
from mexchange.tui.keymap import TABLE
from mexchange.tui.screens.sign_in import SignInForm
from mexchange.tui.settings import ConfirmLevel
from mexchange.tui.shell import Shell
from mexchange.tui.sign_in import SignIn
from mexchange.tui.vitals import ScreenState

STEPS: Final = ("look", "connect", "sign-in", "caution", "keys")
TITLES: Final = ("Does it look right", "The market", "Who you are", "How careful", "Six keys")
TOUR: Final = ("order.buy", "order.sell", "order.cancel", "market.search", "jump", "app.help")
_LEVELS: Final[dict[ConfirmLevel, str]] = {
    "over": "Ask before large orders and far prices (recommended)",
    "always": "Ask before every order",
}
_SAMPLE: Final = (
    ("1.25 ", "$foreground"),
    ("  999.84 ", "$ask"),
    ("██████▍   ", "$ask-bar"),
    ("▼ SELL\n", "$ask"),
    ("0.50 ", "$foreground"),
    ("  999.57 ", "$bid"),
    ("███▏      ", "$bid-bar"),
    ("▲ BUY\n", "$bid"),
    ("     ╷╻┃╹╽╿┼   ▁▂▃▄▅▆▇█   ●◐◇◀", "$muted"),
)


def _themes() -> list[str]:
    """Colours first."""
    return sorted(
        (theme.name for theme in themes.themes()), key=lambda name: themes.GROUNDS.index(themes.split(name)[0])
    )


class Wizard(ModalScreen[None]):
    """Changes the settings as it goes; ends by itself behind the last step, or by Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Skip all"),
        Binding("ctrl+n,pagedown", "next", "Next", priority=True),
        Binding("ctrl+b,pageup", "previous", "Back", priority=True),
    ]
    DEFAULT_CSS = """
    Wizard {
        align: center middle; background: $background 70%;
        & > Vertical {
            width: 76; max-width: 100%; height: 22; max-height: 100%;
            border: round $primary; border-title-color: $primary; background: $surface; padding: 1 2;
        }
        ContentSwitcher { height: 1fr; }
        ContentSwitcher > Vertical { height: auto; }
        OptionList, OptionList:focus {
            height: auto; max-height: 8; border: none; padding: 0; margin: 1 0; background: $surface;
        }
        Input { background: $panel; width: 24; margin-bottom: 1; padding: 0 1; }
        Label { margin-bottom: 1; width: 100%; }
        #buttons { height: 1; }
        #buttons Button { margin-right: 2; }
        .dim { color: $muted; }
    }
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._step = 0
        self._complaint = ""
        """What was wrong with the address."""

    def compose(self) -> ComposeResult:
        """All five, one of them shown."""
        with Vertical(id="box"):
            with ContentSwitcher(initial=STEPS[0]):
                yield self._look()
                yield self._connect()
                yield Vertical(Label("", id="known"), SignInForm(SignIn(self._shell.access)), id="sign-in")
                yield self._caution()
                yield self._keys()
            with Horizontal(id="buttons"):
                yield Button("Next  (^n)", id="next", variant="primary", compact=True)
                yield Button("Back  (^b)", id="previous", compact=True)
                yield Button("Skip all  (esc)", id="leave", compact=True)

    def _look(self) -> Vertical:
        options = OptionList(*[Option(name, id=name) for name in _themes()], id="themes")
        return Vertical(
            Label("Buyers and sellers should look different, and the bars and candles be whole."),
            Static(Content.assemble(*_SAMPLE), id="sample"),
            options,
            Label("a: only ASCII, if the glyphs above are broken", classes="dim"),
            id="look",
        )

    def _connect(self) -> Vertical:
        return Vertical(
            Label("", id="market"),
            Button("It is: trust this key", id="trust", compact=True),
            Button("Start the local demo", id="start", compact=True),
            Label("", id="elsewhere"),
            Input(placeholder="host:port", id="address", compact=True),
            id="connect",
        )

    def _caution(self) -> Vertical:
        options = OptionList(*[Option(text, id=level) for level, text in _LEVELS.items()], id="levels")
        return Vertical(
            Label("Before an order goes out:"),
            options,
            Label("Size that the ticket begins with:"),
            Input(self._shell.settings.size, id="size", compact=True, restrict=r"[0-9.]*"),
            Label("Flatten, reverse and cancelling in all markets always ask.", classes="dim"),
            id="caution",
        )

    def _keys(self) -> Vertical:
        rows = {key.id: key for key in TABLE}
        lines = [
            Content.assemble((f"{shown(rows[name].all_keys[0]):>6}", "bold $accent"), f"   {rows[name].description}")
            for name in TOUR
            if name in rows
        ]
        return Vertical(
            Static(Content("\n\n").join(lines)),
            Label("\nEvery key can be changed; ? shows those of the panel where you are.", classes="dim"),
            id="keys",
        )

    def on_mount(self) -> None:
        """The first step, and a look at the connection now and then."""
        self.query_one("#themes", OptionList).highlighted = _themes().index(self.app.theme)
        self.set_interval(0.5, self._show_market)
        self._show()

    def _show(self) -> None:
        self.query_one(ContentSwitcher).current = STEPS[self._step]
        box = self.query_one("#box")
        box.border_title = f"{TITLES[self._step]}"
        box.border_subtitle = f"{self._step + 1} of {len(STEPS)}"
        self.query_one("#previous", Button).display = self._step > 0
        self.query_one("#next", Button).label = "Done  (^n)" if self._step == len(STEPS) - 1 else "Next  (^n)"
        self._show_market()
        self._focus()

    def _focus(self) -> None:
        match STEPS[self._step]:
            case "look":
                self.query_one("#themes").focus()
            case "sign-in" if not self._shell.is_signed_in:
                self.query_one(SignInForm).begin(self._shell.access)
            case "connect" if self._shell.source is None:
                self.query_one("#address").focus()
            case "caution":
                self.query_one("#levels").focus()
            case _:
                self.query_one("#next").focus()

    def _show_market(self) -> None:
        shell = self._shell
        is_there = shell.source is not None and shell.vitals.state is not ScreenState.OFFLINE
        if is_there:
            where = f"Connected to {shell.vitals.address or 'the market'}."
            who = f"\nYou are {shell.who} there." if shell.is_signed_in else "\nYou look on; signing in comes next."
            text = where + who
        else:
            text = shell.local.progress or f"No market yet: {shell.trouble or 'connecting'}."
        stranger = None if is_there else shell.stranger
        if stranger is not None:
            shows = f"{shell.access.server} shows the key\n{stranger.fingerprint}"
            text = f"{shows}\nIs that what its daemon printed at its start?"
        self.query_one("#market", Label).update(Content(text))
        self.query_one("#trust", Button).display = stranger is not None
        self.query_one("#start", Button).display = not is_there and stranger is None and shell.local.can_start
        for part in ("#elsewhere", "#address"):
            self.query_one(part).display = not is_there
        self.query_one("#elsewhere", Label).update(Content(self._complaint or "Or a market elsewhere, then Enter:"))
        known = self.query_one("#known", Label)
        self.query_one(SignInForm).display = not shell.is_signed_in
        known.display = shell.is_signed_in
        known.update(Content(f"You are signed in as {shell.who}; the key of this device is on record."))

    @on(OptionList.OptionHighlighted, "#themes")
    def _theme(self, event: OptionList.OptionHighlighted) -> None:
        chosen = event.option.id
        if chosen is not None and self._step == 0 and chosen != self.app.theme:
            self.app.theme = self._shell.settings.theme = chosen

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.action_next()

    @on(OptionList.OptionHighlighted, "#levels")
    def _level(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id in _LEVELS and STEPS[self._step] == "caution":
            self._shell.settings.confirm = event.option.id

    @on(Input.Changed, "#size")
    def _size_typed(self, event: Input.Changed) -> None:
        if event.value.strip("."):
            self._shell.settings.size = event.value

    @on(Input.Submitted, "#size")
    def _size_done(self) -> None:
        self.action_next()

    @on(SignInForm.Done)
    def _signed_in(self, event: SignInForm.Done) -> None:
        self._shell.become(event.sign_in.settings)
        self.action_next()

    @on(Input.Submitted, "#address")
    def _address_typed(self, event: Input.Submitted) -> None:
        self._try(lambda: self._shell.go_to(event.value))

    @on(Button.Pressed, "#trust")
    def _trust(self) -> None:
        self._try(self._shell.trust_stranger)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
            self._complaint = ""
        except (ValueError, ConfigError, OSError) as error:
            self._complaint = str(error)
        self._show_market()

    @on(Button.Pressed, "#start")
    def _start(self) -> None:
        self._start_local()

    @work(exclusive=True)
    async def _start_local(self) -> None:
        await self._shell.start_local()

    @on(Button.Pressed, "#next")
    def _pressed_next(self) -> None:
        self.action_next()

    @on(Button.Pressed, "#previous")
    def _pressed_previous(self) -> None:
        self.action_previous()

    @on(Button.Pressed, "#leave")
    def _pressed_leave(self) -> None:
        self.action_leave()

    def key_a(self) -> None:
        """ASCII only, on the step that asks how it looks."""
        if self._step == 0:
            self._shell.settings.ascii = not self._shell.settings.ascii
            self.query_one("#sample").set_class(self._shell.settings.ascii, "dim")

    def action_next(self) -> None:
        """The next step, or the market."""
        if self._step == len(STEPS) - 1:
            self.action_leave()
        else:
            self._step += 1
            self._show()

    def action_previous(self) -> None:
        """The step before."""
        self._step = max(0, self._step - 1)
        self._show()

    def action_leave(self) -> None:
        """Keep what was chosen, and go to the market."""
        self._shell.save()
        self.dismiss()
