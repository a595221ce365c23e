"""`tui.toml`: read, written, and never in the way of trading."""

from pathlib import Path

import pytest

from mexchange.config.errors import BadFile
from mexchange.tui.notices import Kind
from mexchange.tui.settings import FPS_LOCAL, FPS_SSH, TuiSettings, load, save


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "config" / "tui.toml"
    settings = TuiSettings(theme="mx-light", fps=7, watch=["KCN/EUR"], mouse=False)
    settings.sounds.fill = "osc9"
    save(file, settings)
    assert load(file) == settings
    assert file.stat().st_mode & 0o777 == 0o600
    assert "confirm" not in file.read_text()


def test_defaults_without_a_file_and_words_about_a_bad_one(tmp_path: Path) -> None:
    file = tmp_path / "tui.toml"
    assert load(file) == TuiSettings()
    for text in ("theme = 5", "no_such = 1", "= broken", "fps = 500"):
        file.write_text(text)
        with pytest.raises(BadFile, match=r"tui\.toml"):
            load(file)


def test_ssh_gets_fewer_frames_unless_a_number_is_set() -> None:
    assert TuiSettings().frames_per_s({}) == FPS_LOCAL
    assert TuiSettings().frames_per_s({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}) == FPS_SSH
    assert TuiSettings(fps=12).frames_per_s({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}) == 12


def test_every_kind_of_notice_has_a_sound_setting() -> None:
    assert {kind: TuiSettings().sounds.of(kind) for kind in Kind}[Kind.FILL] == "bell"


def test_saving_keeps_comments_and_leaves_a_file_alone_that_was_not_understood(tmp_path: Path) -> None:
    file = tmp_path / "tui.toml"
    file.write_text('# mine\nfps = 20 # enough\nconfirm = "over" # as it comes\n\n# loud\n[sounds]\nfill = "off"\n')
    settings = load(file)
    settings.fps, settings.market, settings.sounds.fill = 12, "KCN/EUR", "bell"
    save(file, settings)
    assert file.read_text() == (
        '# mine\nfps = 12 # enough\nconfirm = "over" # as it comes\nmarket = "KCN/EUR"\n\n# loud\n'
        '[sounds]\nfill = "bell"\n'
    )
    assert load(file) == settings
    file.write_text("no_such = 1 # a later version's\n")
    with pytest.raises(BadFile):
        save(file, settings)
    assert file.read_text() == "no_such = 1 # a later version's\n"
