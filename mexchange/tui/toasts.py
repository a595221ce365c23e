"""The toasts on the screen: the latest three at most, each for its own time."""

from collections.abc import Callable
from typing import Final, Protocol

from mexchange.tui.notices import ERROR_TOAST_S, TOAST_S, Notice, Severity

TOASTS_MAX: Final = 3


class Notify(Protocol):
    """As `App.notify` of the toolkit."""

    def __call__(self, message: str, *, severity: Severity, timeout: float, markup: bool) -> None: ...


class Toasts:
    """`clear` takes all of them away, `clock_s` is a clock that does not go back."""

    def __init__(self, notify: Notify, clear: Callable[[], None], clock_s: Callable[[], float]) -> None:
        self._notify = notify
        self._clear = clear
        self._clock_s = clock_s
        self._standing: list[tuple[float, Notice]] = []
        """Until when each is to be seen."""

    def show(self, notice: Notice) -> None:
        """Beside those that stand; the oldest makes room. Text and remedy are shown literally."""
        now_s = self._clock_s()
        standing = [each for each in self._standing if each[0] > now_s]
        self._standing = [*standing, (now_s + _seconds(notice), notice)]
        if len(self._standing) > TOASTS_MAX:
            self._standing = self._standing[-TOASTS_MAX:]
            self._clear()
            for until_s, each in self._standing[:-1]:
                self._say(each, until_s - now_s)
        self._say(notice, _seconds(notice))

    def _say(self, notice: Notice, seconds: float) -> None:
        text = f"{notice.text}\n{notice.hint}" if notice.hint else notice.text
        self._notify(text, severity=notice.severity, timeout=seconds, markup=False)


def _seconds(notice: Notice) -> float:
    return ERROR_TOAST_S if notice.severity == "error" else TOAST_S
