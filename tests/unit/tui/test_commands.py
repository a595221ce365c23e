"""The typed line: what it understands, and what it says when it does not."""

import pytest

from mexchange.tui.commands import Command, NotUnderstood, understand

KNOWN = [
    Command("Theme dark", "theme mx-dark", "app.use_theme('mx-dark')"),
    Command("Theme light", "theme mx-light", "app.use_theme('mx-light')"),
    Command("Frames", "fps", "app.use_fps('{value}')", takes="1-30"),
    Command("Quit", "app.quit", "app.leave"),
]


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("theme mx-dark", "app.use_theme('mx-dark')"),
        ("  theme   mx-light ", "app.use_theme('mx-light')"),
        ("app.q", "app.leave"),
        ("fps 10", "app.use_fps('10')"),
        ("fps '),quit('", "app.use_fps('),quit(')"),
    ],
)
def test_lines_that_are_understood(line: str, action: str) -> None:
    assert understand(line, KNOWN) == action


@pytest.mark.parametrize(
    ("line", "said"),
    [("thme mx-dark", "did you mean theme mx-dark"), ("fps", "needs 1-30"), ("", "there is no command")],
)
def test_lines_that_are_not(line: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        understand(line, KNOWN)
