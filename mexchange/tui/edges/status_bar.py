"""The line that never lies: how much the screen may be trusted, with the figures behind it."""

from typing import Final

from textual.content import Content

from mexchange.client.liveness import LIVE_AGE_NS, SLOW_ROUND_TRIP_NS
from mexchange.tui.edges.one_line import OneLine, Piece, justified, piece
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.vitals import ScreenState, Vitals

_S: Final = 1_000_000_000
_LOOKS: Final = {
    ScreenState.LIVE: ("●", "o", "$live"),
    ScreenState.SLOW: ("◐", "~", "$slow"),
    ScreenState.GAP: ("◑", "%", "$slow"),
    ScreenState.STALE: ("○", "!", "$stale"),
    ScreenState.RECONNECT: ("○", "!", "$stale"),
    ScreenState.OFFLINE: ("×", "x", "$stale"),
    ScreenState.REPLAY: ("▶", ">", "$primary"),
}


class StatusBar(OneLine):
    """Called `status` in the arrangement."""

    def __init__(self) -> None:
        super().__init__("status")

    def show(self, vitals: Vitals, mode: str, settings: list[str], glyphs: GlyphSet) -> None:
        """`mode`: NORMAL, TICKET, DOM ARMED … ; `settings`: short words, the most important first."""
        alarming = mode == "DOM ARMED"
        left = [
            piece(f" {mode} ", "bold $text on $error" if alarming else "reverse", 0 if alarming else 3),
            _state(vitals, glyphs),
            piece(f"seq {vitals.sequence:,}" if vitals.sequence else "", "", 2),
            _round_trip(vitals),
            piece(f"gap {vitals.gaps}", "$slow" if vitals.gaps else "", 5),
            piece(f"ev {vitals.events_per_s}/s", "", 6),
            piece(f"fps {vitals.fps:.0f}", "", 7),
        ]
        if vitals.unknown:
            left.insert(2, piece(f"{vitals.unknown} unknown ?", "bold $stale", 1))
        right = [piece(f"udp {vitals.address}" if vitals.address else "", "$muted", 9)]
        right += [piece(word, "$muted", 8 + number) for number, word in enumerate(settings)]
        self.say(justified(left, right, self.app.size.width))


def state_text(vitals: Vitals) -> str:
    """`LIVE`, `SLOW 1.8 s`, `STALE 4.2 s`, `RECONNECT 3`, `replaying 377 events`."""
    age = f"{vitals.age_ns / _S:.1f} s"
    match vitals.state:
        case ScreenState.SLOW:
            return f"SLOW {_why_slow(vitals, age)}"
        case ScreenState.GAP:
            return f"GAP replaying {vitals.missing:,} events" if vitals.missing else "GAP mending the book"
        case ScreenState.STALE:
            return f"STALE {age}"
        case ScreenState.RECONNECT:
            return f"RECONNECT {vitals.attempt} · {age}"
        case _:
            return vitals.state.name


def age_text(vitals: Vitals) -> str:
    """How old what is shown is: `9 s old`; empty while it is young enough to be trusted."""
    if vitals.state not in (ScreenState.STALE, ScreenState.RECONNECT, ScreenState.OFFLINE) or not vitals.age_ns:
        return ""
    seconds = vitals.age_ns // _S
    return f"{seconds} s old" if seconds < 120 else f"{seconds // 60} min old"


def _why_slow(vitals: Vitals, age: str) -> str:
    if vitals.age_ns > LIVE_AGE_NS:
        return age
    return f"p99 {vitals.p99_ns / 1e6:.0f} ms" if vitals.p99_ns > SLOW_ROUND_TRIP_NS else "catching up"


def _state(vitals: Vitals, glyphs: GlyphSet) -> Piece:
    mark, plain_mark, colour = _LOOKS[vitals.state]
    text = f"{plain_mark if glyphs.parts == 1 else mark} {state_text(vitals)}"
    return Piece(Content.styled(text, f"bold {colour}"), 0)


def _round_trip(vitals: Vitals) -> Piece:
    if not vitals.round_trip_ns:
        return piece("")
    text = f"rtt {vitals.round_trip_ns / 1e6:.2f} ms p99 {vitals.p99_ns / 1e6:.1f}"
    return piece(text, "", 4)
