"""Toasts: three at most, and the newest ones."""

from mexchange.tui.notices import ERROR_TOAST_S, TOAST_S, Kind, Notice, Severity
from mexchange.tui.toasts import Toasts


class _Rack:
    """What is on the screen, and until when."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._toasts: list[tuple[str, float]] = []

    def notify(self, message: str, *, severity: Severity, timeout: float, markup: bool) -> None:
        assert not markup, "text of a server is no markup"
        self._toasts.append((message, self.now_s + timeout))

    def clear(self) -> None:
        self._toasts.clear()

    @property
    def texts(self) -> list[str]:
        return [text for text, until_s in self._toasts if until_s > self.now_s]


def test_the_oldest_of_three_makes_room_and_the_others_keep_their_time() -> None:
    rack = _Rack()
    toasts = Toasts(rack.notify, rack.clear, lambda: rack.now_s)
    toasts.show(Notice(Kind.INFO, "one"))
    toasts.show(Notice(Kind.ERROR, "two", "do this", severity="error"))
    rack.now_s = 1
    toasts.show(Notice(Kind.INFO, "three"))
    toasts.show(Notice(Kind.INFO, "four"))
    assert rack.texts == ["two\ndo this", "three", "four"]
    rack.now_s = 1 + TOAST_S
    assert rack.texts == ["two\ndo this"]
    rack.now_s = ERROR_TOAST_S
    assert not rack.texts
    toasts.show(Notice(Kind.INFO, "five"))
    assert rack.texts == ["five"]
