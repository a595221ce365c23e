"""Which server is meant, by which key, and who logs in there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mexchange.config import daemon_run, keys, paths, pins, profiles, server, settings
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.errors import BadFile, BadValue, ServerKeyChanged, ServerNotFound, UnsafeFile
from mexchange.config.profiles import ConfigFile, Profile
from mexchange.config.settings import Settings

KEY = bytes(range(32))
OTHER_KEY = bytes(32)
SEED = b"\x07" * 32
PROFILE_SEED = b"\x08" * 32
RUN = DaemonRun(pid=1, host="127.0.0.1", port=9001, server_key=KEY.hex(), started_ns=5, version="0.1.0")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    profile = Profile(server="ex.example:9001", server_key=OTHER_KEY.hex(), key_id="k7")
    profiles.write(paths.config_file(folder), ConfigFile(profiles={"prod": profile, "bare": Profile(market="KCN/EUR")}))
    keys.write(paths.key_file(folder, "prod"), PROFILE_SEED)
    return folder


def load(config_dir: Path, data: Path, flags: Mapping[str, object] | None = None, **environ: str) -> Settings:
    return load_with(environ, config_dir, data, flags or {})


def load_with(environ: dict[str, str], config_dir: Path, data: Path, flags: Mapping[str, object]) -> Settings:
    folders = {"MX_CONFIG_DIR": str(config_dir), "MX_DATA_DIR": str(data)}
    return settings.load(flags=flags, environ=folders | environ, directory=config_dir)


def start_market(data: Path) -> None:
    daemon_run.write(data, RUN)
    profiles.write_local(paths.local_profile_file(data), Profile(account="16", key_id="demo"))
    keys.write(paths.local_key_file(data), SEED)


def test_the_order_is_flag_variable_profile_data_directory(config_dir: Path, data: Path) -> None:
    start_market(data)
    chosen = [
        load(config_dir, data, {"server": "a", "profile": "prod"}, MX_SERVER="b"),
        load(config_dir, data, {"profile": "prod"}, MX_SERVER="b"),
        load(config_dir, data, {"profile": "prod"}),
        load(config_dir, data),
    ]
    found = [server.find_server(one) for one in chosen]
    assert [one.address for one in found] == [
        "udp://a:9001",
        "udp://b:9001",
        "udp://ex.example:9001",
        "udp://127.0.0.1:9001",
    ]
    assert [str(one.origin) for one in found[:3]] == ["--server", "MX_SERVER", "profile.prod"]
    assert [one.key for one in found] == [None, None, OTHER_KEY, KEY]
    assert [one.local for one in found] == [None, None, None, data]


def test_a_profile_without_a_server_leaves_the_data_directory_in_charge(config_dir: Path, data: Path) -> None:
    start_market(data)
    assert server.find_server(load(config_dir, data, {"profile": "bare"})).local == data


def test_no_server_at_all_is_an_error_that_says_how_to_get_one(config_dir: Path, data: Path) -> None:
    with pytest.raises(ServerNotFound) as caught:
        server.find_server(load(config_dir, data))
    assert "mx demo" in caught.value.hint


def test_naming_the_local_market_by_address_finds_its_key_too(config_dir: Path, data: Path) -> None:
    start_market(data)
    named = load(config_dir, data, MX_SERVER="localhost:9001")
    where = server.find_server(named)
    assert (where.local, where.key) == (data, KEY)
    credentials = keys.find_credentials(named, where)
    assert credentials is not None
    assert (credentials.seed, credentials.key_id) == (SEED, "demo")
    assert server.local_profile(where).account == "16"


def test_a_server_met_before_is_pinned(config_dir: Path, data: Path) -> None:
    known = paths.known_servers_file(config_dir)
    pins.add(known, "ex.example", 9001, KEY)
    pins.add(known, "::1", 9001, OTHER_KEY)
    pins.add(known, "::1", 9001, OTHER_KEY)
    assert server.find_server(load(config_dir, data, {"server": "ex.example"})).key == KEY
    assert server.find_server(load(config_dir, data, {"server": "::1"})).key == OTHER_KEY
    assert len(known.read_text().splitlines()) == 2
    with pytest.raises(ServerKeyChanged, match=r"ex\.example:9001 shows the key 0000000000000000"):
        pins.add(known, "ex.example", 9001, OTHER_KEY)


@pytest.mark.parametrize("line", ["x", "ex.example:9001 zz", "ex.example:9001 00", "ex.example:0 " + "00" * 32])
def test_a_bad_line_among_the_pins_is_named_by_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "known_servers"
    path.write_text(f"# servers\n\n{line}\n")
    with pytest.raises(BadFile, match="line 3"):
        pins.read(path)


def test_no_key_goes_to_a_server_that_it_was_not_made_for(config_dir: Path, data: Path) -> None:
    start_market(data)
    for flags in ({"server": "stranger.example"}, {"server": "stranger.example", "profile": "prod"}):
        named = load(config_dir, data, flags)
        assert keys.find_credentials(named, server.find_server(named)) is None


def test_a_profile_brings_its_own_key(config_dir: Path, data: Path) -> None:
    named = load(config_dir, data, {"profile": "prod"})
    credentials = keys.find_credentials(named, server.find_server(named))
    assert credentials is not None
    assert (credentials.seed, credentials.key_id) == (PROFILE_SEED, "k7")
    assert PROFILE_SEED.hex() not in repr(credentials)
    assert repr(PROFILE_SEED) not in repr(credentials)


def test_a_key_in_the_environment_beats_the_files(config_dir: Path, data: Path) -> None:
    start_market(data)
    named = load(config_dir, data, MX_API_KEY="k1", MX_API_SECRET="ab" * 32)
    credentials = keys.find_credentials(named, server.find_server(named))
    assert credentials is not None
    assert (credentials.key_id, credentials.seed) == ("k1", b"\xab" * 32)


@pytest.mark.parametrize(
    "environ", [{"MX_API_KEY": "k1"}, {"MX_API_SECRET": "ab" * 32}, {"MX_API_KEY": "k1", "MX_API_SECRET": "hunter2"}]
)
def test_half_a_key_is_refused_and_not_repeated(config_dir: Path, data: Path, environ: dict[str, str]) -> None:
    start_market(data)
    named = load_with(environ, config_dir, data, {})
    with pytest.raises(BadValue) as caught:
        keys.find_credentials(named, server.find_server(named))
    assert "hunter2" not in str(caught.value)


def test_secrets_are_written_for_their_owner_alone(config_dir: Path, data: Path) -> None:
    start_market(data)
    for path in (paths.local_key_file(data), paths.daemon_run_file(data), paths.config_file(config_dir)):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_refused(config_dir: Path, data: Path) -> None:
    start_market(data)
    path = paths.local_key_file(data)
    path.chmod(0o644)
    named = load(config_dir, data)
    with pytest.raises(UnsafeFile) as caught:
        keys.find_credentials(named, server.find_server(named))
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_key_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.write(path, SEED)
    path.write_text("not hex")
    with pytest.raises(BadFile, match="64 hex digits"):
        keys.read(path)


def test_a_daemon_that_stopped_leaves_nothing_behind(data: Path) -> None:
    daemon_run.write(data, RUN)
    assert daemon_run.read(data) == RUN
    daemon_run.remove(data, RUN)
    daemon_run.remove(data, RUN)
    assert daemon_run.read(data) is None


def test_a_garbled_run_file_is_named(data: Path) -> None:
    daemon_run.write(data, RUN)
    paths.daemon_run_file(data).write_text('{"pid": "x"}')
    with pytest.raises(BadFile, match=r"daemon\.json"):
        daemon_run.read(data)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    profiles.write(path, ConfigFile(default_profile="a", aliases={"x": 'book "KCN"'}))
    profiles.write(path, ConfigFile(default_profile="b", profiles={"b": Profile(market="KCN/EUR")}))
    assert profiles.read(path) == ConfigFile(default_profile="b", profiles={"b": Profile(market="KCN/EUR")})
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]
