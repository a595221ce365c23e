"""Flag over environment over project over profile over default, and every value knows which it was."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mexchange.config import settings
from mexchange.config.errors import BadFile, BadValue, ConfigError, ForbiddenInProject, ProfileNotFound
from mexchange.config.settings import Settings, Source

CONFIG = """
default_profile = "demo"
[profile.demo]
server = "udp://127.0.0.1:9001"
market = "KCN/EUR"
output = "csv"
[profile.prod]
server = "ex.example:9002"
confirm = "over"
max_notional = "5000"
timeout = "1.5s"
[alias]
bb = "book KCN/EUR -n 5"
"""


class Place:
    """A config directory and a working directory of one test."""

    def __init__(self, folder: Path) -> None:
        self.config_dir = folder / "config"
        self.directory = folder / "somewhere"
        self.config_dir.mkdir()
        self.directory.mkdir()
        self.environ = {"MX_CONFIG_DIR": str(self.config_dir), "MX_DATA_DIR": str(folder / "data")}

    def config(self, text: str) -> None:
        (self.config_dir / "config.toml").write_text(text)

    def project(self, text: str) -> None:
        (self.directory / ".mx.toml").write_text(text)

    def load(self, flags: Mapping[str, object] | None = None, **environ: str) -> Settings:
        return self.load_with(environ, flags or {})

    def load_with(self, environ: dict[str, str], flags: Mapping[str, object]) -> Settings:
        return settings.load(flags=flags, environ=self.environ | environ, directory=self.directory)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_without_any_file_the_defaults_hold(place: Place) -> None:
    loaded = place.load()
    assert (loaded.server, loaded.output, loaded.yes, loaded.confirm) == (None, None, False, "always")
    assert loaded.timeout_ns == settings.TIMEOUT_DEFAULT_NS
    assert {origin.source for name, origin in loaded.origins.items() if not name.endswith("_dir")} == {Source.DEFAULT}


def test_each_place_beats_the_ones_below_it_and_is_named(place: Place) -> None:
    place.config(CONFIG)
    seen = [place.load()]
    place.project('output = "tsv"')
    seen += [place.load(), place.load(MX_OUTPUT="json"), place.load({"output": "table"}, MX_OUTPUT="json")]
    assert [loaded.output for loaded in seen] == ["csv", "tsv", "json", "table"]
    assert [str(loaded.origins["output"]) for loaded in seen] == ["profile.demo", ".mx.toml", "MX_OUTPUT", "--output"]


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("MX_PROFILE", "prod", "profile", "prod"),
        ("MX_SERVER", "localhost", "server", "udp://localhost:9001"),
        ("MX_API_KEY", "k1", "api_key", "k1"),
        ("MX_API_SECRET", "ab" * 32, "api_secret", "ab" * 32),
        ("MX_OUTPUT", "ndjson", "output", "ndjson"),
        ("MX_NO_INPUT", "1", "no_input", True),
        ("MX_TIMEOUT", "250ms", "timeout_ns", 250_000_000),
        ("MX_DEBUG", "on", "debug", True),
        ("MX_MAX_NOTIONAL", "1000.50", "max_notional", "1000.50"),
        ("MX_YES", "yes", "yes", True),
    ],
)
def test_every_variable_is_obeyed_and_named(place: Place, variable: str, text: str, name: str, value: object) -> None:
    place.config(CONFIG)
    loaded = place.load_with({variable: text}, {})
    assert getattr(loaded, name) == value
    assert str(loaded.origins[name]) == variable


def test_the_folders_come_from_the_environment(place: Place, tmp_path: Path) -> None:
    loaded = place.load(MX_DATA_DIR=str(tmp_path / "other"))
    assert loaded.data_dir == tmp_path / "other"
    assert str(loaded.origins["data_dir"]) == "MX_DATA_DIR"


def test_an_empty_variable_is_not_set(place: Place) -> None:
    place.config(CONFIG)
    assert str(place.load(MX_SERVER="").origins["server"]) == "profile.demo"


def test_the_chosen_profile_replaces_the_default_one_whole(place: Place) -> None:
    place.config(CONFIG)
    loaded = place.load({"profile": "prod"})
    assert (loaded.server, loaded.market, loaded.max_notional) == ("udp://ex.example:9002", None, "5000")
    assert (loaded.confirm, loaded.timeout_ns) == ("over", 1_500_000_000)
    assert str(loaded.origins["profile"]) == "--profile"


def test_an_unknown_profile_names_the_known_ones(place: Place) -> None:
    place.config(CONFIG)
    with pytest.raises(ProfileNotFound, match=r"'staging' \(MX_PROFILE\); known: demo, prod"):
        place.load(MX_PROFILE="staging")


@pytest.mark.parametrize(
    "text",
    [
        'server = "udp://evil.example"',
        "yes = true",
        'max_notional = "1"',
        'profile = "prod"',
        '[profile.x]\nserver="a"',
    ],
)
def test_a_project_file_decides_neither_server_nor_risk(place: Place, text: str) -> None:
    place.project(text)
    with pytest.raises(ForbiddenInProject, match="may only set market, output and"):
        place.load()


def test_a_project_adds_aliases_to_those_of_the_person(place: Place) -> None:
    place.config(CONFIG)
    place.project('market = "BTC/EUR"\n[alias]\nt = "trades BTC/EUR"')
    loaded = place.load()
    assert loaded.market == "BTC/EUR"
    assert loaded.aliases == {"bb": "book KCN/EUR -n 5", "t": "trades BTC/EUR"}


def test_secrets_are_neither_flags_nor_shown(place: Place) -> None:
    loaded = place.load({"api_secret": "from a flag", "api_key": "from a flag"}, MX_API_SECRET="c0ffee")
    assert (loaded.api_key, loaded.api_secret) == (None, "c0ffee")
    lines = settings.explain(loaded)
    assert "c0ffee" not in repr(lines)
    assert [(line.value, str(line.origin)) for line in lines if line.name == "api_secret"] == [
        ("(hidden)", "MX_API_SECRET")
    ]


def test_the_explanation_has_a_line_for_every_setting(place: Place) -> None:
    lines = settings.explain(place.load(MX_TIMEOUT="2"))
    assert [line.name for line in lines] == ["config_dir", "data_dir", *(row.name for row in settings.SETTINGS)]
    assert {line.name: line.value for line in lines}["timeout_ns"] == "2000 ms"


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"MX_TIMEOUT": "soon"}, r"timeout \(MX_TIMEOUT\): 'soon' is not a time"),
        ({"MX_TIMEOUT": "0s"}, "longer than nothing"),
        ({"MX_OUTPUT": "xml"}, "not one of table json"),
        ({"MX_YES": "perhaps"}, r"yes \(MX_YES\)"),
        ({"MX_SERVER": "tcp://x"}, "the scheme is udp://"),
        ({"MX_SERVER": "x:99999"}, "from 1 to 65535"),
        ({"MX_MAX_NOTIONAL": "-5"}, "not a number"),
        ({"MX_MAX_NOTIONAL": "NaN"}, "not a number"),
        ({"MX_PROFILE": "../x"}, "not a name"),
    ],
)
def test_a_bad_value_says_what_and_where(place: Place, environ: dict[str, str], message: str) -> None:
    with pytest.raises(BadValue, match=message):
        place.load_with(environ, {})


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "[profile.demo]\nmarkt = 'KCN/EUR'",
        "[profile.demo]\nserver = 9001",
        "[profile.'../../x']\nserver = 'a'",
        "surprise = 1",
        "\xff",
    ],
)
def test_a_bad_file_is_named(place: Place, text: str) -> None:
    (place.config_dir / "config.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadFile, match=r"config\.toml"):
        place.load()


def test_a_bad_value_in_a_profile_names_the_profile(place: Place) -> None:
    place.config('default_profile = "x"\n[profile.x]\ntimeout = "never"')
    with pytest.raises(ConfigError, match=r"timeout \(profile\.x\)"):
        place.load()
