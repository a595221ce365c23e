"""The table of keys, and what a user's file may do to it."""

from pathlib import Path
from typing import get_args

from mexchange.tui.key_names import shown
from mexchange.tui.keymap import TABLE, Scope
from mexchange.tui.user_keymap import UserKeymap, conflicts, load


def test_every_row_says_what_it_does() -> None:
    for key in TABLE:
        assert key.description, key.id
        assert key.all_keys, key.id
        assert key.scope in get_args(Scope), key.id


def test_no_scope_has_one_key_twice() -> None:
    for scope in {key.scope for key in TABLE}:
        keys = [each for key in TABLE if key.scope == scope for each in key.all_keys]
        assert len(keys) == len(set(keys)), scope


def test_user_file_gives_other_keys(tmp_path: Path) -> None:
    file = tmp_path / "keymap.toml"
    file.write_text('"market.search" = "f3"\n')
    assert load(file).keys == {"market.search": "f3"}
    assert load(file).complaints == []
    assert load(tmp_path / "none.toml") == UserKeymap()


def test_a_key_that_would_do_two_things_is_reported_with_both() -> None:
    (complaint,) = conflicts({"market.search": "q"})
    assert "key q" in complaint
    assert "market.search" in complaint
    assert "app.quit" in complaint


def test_keys_of_panels_that_never_meet_are_no_conflict() -> None:
    assert conflicts({"tape.up": "w", "chart.up": "w"}) == []
    assert conflicts({}) == []


def test_what_is_wrong_in_the_file_is_said_and_the_rest_holds(tmp_path: Path) -> None:
    file = tmp_path / "keymap.toml"
    file.write_text('"no.such" = "x"\n"app.help" = 5\n"market.search" = "f3"\n')
    found = load(file)
    assert found.keys == {"market.search": "f3"}
    assert [word in " ".join(found.complaints) for word in ("no.such", "app.help")] == [True, True]
    file.write_text("= broken")
    assert load(file).keys == {}
    assert len(load(file).complaints) == 1


def test_keys_are_shown_as_people_write_them() -> None:
    assert [shown(key) for key in ("ctrl+p", "question_mark", "f12", "slash", "alt+1")] == [
        "^p",
        "?",
        "F12",
        "/",
        "alt-1",
    ]
