"""The daemon's settings: file, then environment, then flags; every relation between limits is checked."""

from pathlib import Path

import pytest

from mexchange.config import daemon
from mexchange.config.daemon import DaemonSettings, Handshake, Limits
from mexchange.config.errors import BadFile, BadValue


def test_without_a_file_the_decided_limits_hold(tmp_path: Path) -> None:
    settings = daemon.load(data=tmp_path, environ={})
    assert settings == DaemonSettings()
    assert settings.limits.orders_per_second == 1_000
    assert settings.limits.event_ring_events == 2**20


def test_flags_beat_the_environment_and_that_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "daemon.toml").write_text(
        'port = 1\nhost = "::1"\nlog = "json"\n[limits]\nsessions_max = 7\ngap_events_max = 8\n'
    )
    environ = {"MX_DAEMON_PORT": "2", "MX_DAEMON_HOST": "::", "MX_DAEMON_LIMITS_SESSIONS_MAX": "9", "MX_SERVER": "x"}
    settings = daemon.load(data=tmp_path, environ=environ, flags={"port": 3, "log": None})
    assert (settings.port, settings.host, settings.log) == (3, "::", "json")
    assert (settings.limits.sessions_max, settings.limits.gap_events_max) == (9, 8)


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("prot = 9001", {}),
        ("[limits]\nsessions = 3", {}),
        ("limits = 3", {}),
        ("limits = 3", {"MX_DAEMON_LIMITS_SESSIONS_MAX": "9"}),
        ("", {"MX_DAEMON_PROT": "9001"}),
        ("", {"MX_DAEMON_PORT": "ninety"}),
        ("", {"MX_DAEMON_LOG": "sometimes"}),
        ("port = 70000", {}),
        ("segment_bytes = 0", {}),
        ("segment_bytes = 4096", {}),
        ("segment_bytes = 67108865", {}),
        ("[limits]\nevent_ring_events = 1000", {}),
        ("[limits]\nevent_ring_events = 128", {}),
        ("[handshake]\npending_max = -1", {}),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, environ: dict[str, str]) -> None:
    (tmp_path / "daemon.toml").write_text(text)
    with pytest.raises(BadValue):
        daemon.load(data=tmp_path, environ=environ)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "daemon.toml").write_text("port 9001")
    with pytest.raises(BadFile, match=r"daemon\.toml"):
        daemon.load(data=tmp_path, environ={})


def test_every_setting_is_obeyed_somewhere() -> None:
    package = Path(__file__).parents[3] / "mexchange"
    code = "".join(path.read_text() for path in package.rglob("*.py") if path.parent.name != "config")
    names = [*DaemonSettings.__struct_fields__, *Limits.__struct_fields__, *Handshake.__struct_fields__]
    assert [name for name in names if f".{name}" not in code] == []
