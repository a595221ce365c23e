"""Notices: toast, log, sound; and text from elsewhere that stays text."""

from mexchange.tui.notices import LINES_MAX, Kind, Notice, Notices, terminal_notice

HOSTILE = "[bold red]x[/] \x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil"


def _notices(heard: list[str]) -> Notices:
    return Notices(
        toast=lambda notice: heard.append(f"toast {notice.text}"),
        sound=lambda notice: heard.append(f"sound {notice.kind.value}"),
        logged=lambda: heard.append("logged"),
        wall_ns=lambda: 7,
    )


def test_what_is_told_is_logged_shown_and_heard() -> None:
    heard: list[str] = []
    notices = _notices(heard)
    notices.tell(Notice(Kind.FILL, "filled", "well done"))
    assert heard == ["logged", "toast filled", "sound fill"]
    assert notices.lines[0].notice.whole == "filled · well done"
    assert notices.lines[0].time_ns == 7


def test_the_log_keeps_the_newest_lines() -> None:
    notices = _notices([])
    for number in range(LINES_MAX + 5):
        notices.note(Notice(Kind.INFO, str(number)))
    assert len(notices.lines) == LINES_MAX
    assert notices.lines[-1].notice.text == str(LINES_MAX + 4)


def test_hostile_text_cannot_leave_its_place() -> None:
    whole = Notice(Kind.INFO, HOSTILE, HOSTILE).whole
    assert all(character.isprintable() for character in whole)
    for sound in ("osc9", "osc777"):
        sequence = terminal_notice(sound, HOSTILE)
        assert sequence.startswith("\x1b]")
        assert sequence.endswith("\x07")
        assert all(character.isprintable() for character in sequence[2:-1])
    assert terminal_notice("off", HOSTILE) == terminal_notice("bell", HOSTILE) == ""
