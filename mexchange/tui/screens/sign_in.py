"""Sign in by a code that is mailed. The form is a step of the first start and a dialog of its own."""

import time
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from mexchange.client.errors import ClientError, QueryRefused
from mexchange.config.errors import ConfigError
from mexchange.config.settings import Settings
from mexchange.tui.plain import harmless
from mexchange.tui.sign_in import RESEND_S, SignIn
from mexchange.tui.widgets.code_boxes import CodeBoxes

_LOCAL_HINT: Final = "A demo prints its mails instead: the code stands in its output, or in  mx daemon logs"


class SignInForm(Vertical):
    """Address, then code. Posts `Done`."""

    DEFAULT_CSS = """
    SignInForm {
        height: auto;
        & > * { margin-bottom: 1; }
        & > Label { width: 100%; }
        & > #told { color: $muted; }
        & > #told.-wrong { color: $stale; text-style: bold; }
        & > Input { width: 48; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "again", "New code", show=False)]

    class Done(Message):
        """Signed in."""

        def __init__(self, account: int, sign_in: SignIn) -> None:
            super().__init__()
            self.account, self.sign_in = account, sign_in

    def __init__(self, sign_in: SignIn) -> None:
        super().__init__()
        self._sign_in = sign_in
        self._asked_s = float("-inf")
        self._code = ""

    def compose(self) -> ComposeResult:
        """The address first; the rest is shown when it is its turn."""
        yield Label("Your e-mail address. Who comes for the first time gets an account.", id="asked")
        yield Input(placeholder="you@example.org", id="email", compact=True)
        yield CodeBoxes()
        yield Input(placeholder="authenticator or backup code", id="totp", compact=True)
        yield Label("", id="told")

    def on_mount(self) -> None:
        """Boxes come later."""
        self.query_one(CodeBoxes).display = False
        self.query_one("#totp").display = False
        self.set_interval(1, self._countdown)

    def begin(self, settings: Settings | None = None) -> None:
        """Ready to type. `settings`: those that lead to the server, if they have become others."""
        if settings is not None:
            self._sign_in.settings = settings
        self.query_one("#email", Input).focus()

    @on(Input.Submitted, "#email")
    def _address(self, event: Input.Submitted) -> None:
        if "@" not in event.value:
            self._tell("an address has an @", wrong=True)
        else:
            self._ask()

    def action_again(self) -> None:
        """A further code, once the countdown is over."""
        if self.query_one(CodeBoxes).display and self._wait_s() <= 0:
            self._ask()

    @work(exclusive=True, group="sign in")
    async def _ask(self) -> None:
        email = self.query_one("#email", Input)
        self._tell("asking …")
        try:
            await self._sign_in.ask(email.value)
        except (ClientError, ConfigError, OSError) as error:
            self._refused(error)
            return
        self._asked_s = time.monotonic()
        email.disabled = True
        boxes = self.query_one(CodeBoxes)
        boxes.display = True
        boxes.action_clear()
        boxes.focus()
        self.query_one("#asked", Label).update(Content(f"Code sent to {harmless(email.value, 60)}, valid 10 minutes:"))
        self._countdown(forced=True)

    @on(CodeBoxes.Filled)
    def _filled(self, event: CodeBoxes.Filled) -> None:
        self._code = event.code
        self._enter("")

    @on(Input.Submitted, "#totp")
    def _factor(self, event: Input.Submitted) -> None:
        self._enter(event.value.strip())

    @work(exclusive=True, group="sign in")
    async def _enter(self, second_factor: str) -> None:
        self._tell("signing in …")
        try:
            account = await self._sign_in.enter(self._code, second_factor)
        except QueryRefused as refused:
            self._entered_wrong(refused)
        except (ClientError, ConfigError, OSError) as error:
            self._refused(error)
        else:
            self.post_message(self.Done(account, self._sign_in))

    def _entered_wrong(self, refused: QueryRefused) -> None:
        factor = self.query_one("#totp", Input)
        if refused.code == "E_TOTP":
            asked = str(refused) if factor.display else "your authenticator's code, please"
            self._tell(asked, wrong=factor.display)
            factor.display = True
            factor.focus()
            return
        left = self._sign_in.tries_left
        boxes = self.query_one(CodeBoxes)
        boxes.action_clear()
        boxes.focus()
        again = f"{left} tries left" if left else "ctrl-r asks for a new code"
        self._tell(f"{refused} · {again}", wrong=True)

    def _refused(self, error: Exception) -> None:
        hint = getattr(error, "hint", "")
        self._tell(f"{error} · {hint}" if hint else str(error), wrong=True)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        label = self.query_one("#told", Label)
        label.set_class(wrong, "-wrong")
        label.update(Content(harmless(text)))
        self._is_told = wrong

    _is_told = False

    def _wait_s(self) -> float:
        return self._asked_s + RESEND_S - time.monotonic()

    def _countdown(self, *, forced: bool = False) -> None:
        if not self.query_one(CodeBoxes).display or (self._is_told and not forced):
            return
        wait_s = self._wait_s()
        again = "ctrl-r sends a new one" if wait_s <= 0 else f"a new one in {wait_s:.0f} s"
        hint = f"\n{_LOCAL_HINT}" if self._sign_in.is_local else ""
        self._tell(f"{self._sign_in.tries_left} tries · {again}")
        self.query_one("#told", Label).update(Content(f"{self._sign_in.tries_left} tries · {again}{hint}"))


class SignInScreen(ModalScreen[SignIn | None]):
    """Ends with the attempt that succeeded, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Not now")]

    def __init__(self, sign_in: SignIn, why: str = "") -> None:
        """`why`: what needs an account."""
        super().__init__(classes="dialog")
        self._sign_in = sign_in
        self._why = why

    def compose(self) -> ComposeResult:
        """A reason, and the form."""
        with Vertical() as box:
            box.border_title = "Sign in"
            box.border_subtitle = "esc: not now"
            if self._why:
                yield Label(Content(harmless(self._why)))
            yield SignInForm(self._sign_in)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(SignInForm).begin()

    @on(SignInForm.Done)
    def _done(self, event: SignInForm.Done) -> None:
        self.dismiss(event.sign_in)
