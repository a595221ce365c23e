"""What is written down of a server whose address somebody typed."""

from pathlib import Path

import pytest

from mexchange.config import profiles, settings
from mexchange.config.server import find_server
from mexchange.tui import address


def _settings(folder: Path) -> settings.Settings:
    environ = {"MX_DATA_DIR": str(folder / "data"), "MX_CONFIG_DIR": str(folder / "config")}
    return settings.load(flags={}, environ=environ, directory=folder)


def test_each_server_has_a_profile_of_its_own_and_the_last_one_stays(tmp_path: Path) -> None:
    for typed in ("ex.example:9001", "udp://ex.example:9002", "[::1]:9001", "ex.example:9001"):
        there = address.at(_settings(tmp_path), typed)
        again = _settings(tmp_path)
        assert (again.server, again.profile) == (there.server, there.profile)
    config = profiles.read(tmp_path / "config" / "config.toml")
    assert {name: each.server for name, each in config.profiles.items()} == {
        "ex.example": "udp://ex.example:9001",
        "ex.example-9002": "udp://ex.example:9002",
        "1": "udp://[::1]:9001",
    }
    address.trust(again, bytes(range(32)))
    assert find_server(_settings(tmp_path)).key == bytes(range(32))


@pytest.mark.parametrize("typed", ["", "tcp://ex.example:9001", "../../x:1", "ex.example:99999"])
def test_what_is_no_address_is_refused_and_nothing_written(tmp_path: Path, typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        address.at(_settings(tmp_path), typed)
    assert not (tmp_path / "config" / "config.toml").exists()
