"""The settings of one run of a program, each with where it came from.

    flag  >  environment  >  .mx.toml  >  profile  >  default

`.mx.toml` may set market, output and aliases only; secrets come from the environment or from files of keys, never from
flags, which other users of the machine can see. `explain` is what `mx config doctor` prints.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import msgspec

from mexchange.config import paths, profiles, values
from mexchange.config.errors import BadValue, ProfileNotFound
from mexchange.config.profiles import ConfigFile, Profile, ProjectFile

TIMEOUT_DEFAULT_NS: Final = 5_000_000_000


class Source(Enum):
    """The kinds of places that a value comes from, the strongest first."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    PROFILE = "profile"
    DATA = "data directory"
    DEFAULT = "default"


class Origin(msgspec.Struct, frozen=True):
    """Where one value came from: `detail` is the flag, the variable, the file or the profile by name."""

    source: Source
    detail: str = ""

    def __str__(self) -> str:
        return self.detail or self.source.value


DEFAULT: Final = Origin(Source.DEFAULT)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: a name, how its text is read, and who may set it."""

    name: str
    parse: Callable[[str], Any]
    default: object = None
    environment: str | None = None
    has_flag: bool = True
    in_profile: bool = False
    in_project: bool = False
    is_secret: bool = False

    @property
    def flag(self) -> str:
        """`--max-notional`."""
        return "--" + self.name.removesuffix("_ns").replace("_", "-")

    @property
    def key(self) -> str:
        """The name in files: `timeout`."""
        return self.name.removesuffix("_ns")


SETTINGS: Final = (
    Setting(name="profile", parse=values.profile_name, environment="MX_PROFILE"),
    Setting(name="server", parse=values.server, environment="MX_SERVER", in_profile=True),
    Setting(name="server_key", parse=values.text, has_flag=False, in_profile=True),
    Setting(name="api_key", parse=values.text, environment="MX_API_KEY", has_flag=False),
    Setting(name="api_secret", parse=values.text, environment="MX_API_SECRET", has_flag=False, is_secret=True),
    Setting(name="account", parse=values.text, in_profile=True),
    Setting(name="market", parse=values.text, in_profile=True, in_project=True),
    Setting(name="output", parse=values.output, environment="MX_OUTPUT", in_profile=True, in_project=True),
    Setting(name="no_input", parse=values.boolean, environment="MX_NO_INPUT", default=False),
    Setting(
        name="timeout_ns",
        parse=values.duration_ns,
        environment="MX_TIMEOUT",
        default=TIMEOUT_DEFAULT_NS,
        in_profile=True,
    ),
    Setting(name="debug", parse=values.boolean, environment="MX_DEBUG", default=False),
    Setting(name="yes", parse=values.boolean, environment="MX_YES", default=False),
    Setting(name="confirm", parse=values.confirm, default="always", in_profile=True),
    Setting(name="max_notional", parse=values.decimal, environment="MX_MAX_NOTIONAL", in_profile=True),
    Setting(name="price_band", parse=values.decimal, in_profile=True),
    Setting(name="color", parse=values.color, default="mx", in_profile=True),
)
"""Every setting of the programs that talk to a market. The daemon's own are in `config.daemon`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What `load` found. None: nobody set it."""

    config_dir: Path
    data_dir: Path
    profile: str | None
    server: str | None
    """`udp://host:port`; None means: look into the data directory (`config.server.find_server` does)."""
    server_key: str | None
    api_key: str | None
    api_secret: str | None
    account: str | None
    market: str | None
    output: str | None
    """One of `values.OUTPUTS`; None: a table on a terminal, else NDJSON or JSON."""
    no_input: bool
    timeout_ns: int
    debug: bool
    yes: bool
    confirm: str
    """`always`, `never`, or `over`: no question about an order that keeps within `max_notional`."""
    max_notional: str | None
    """Decimal text in the quote asset; an order above it is refused before it is sent."""
    price_band: str | None
    """Decimal text, 0.05 is 5 %: a price further from the last one is refused before it is sent."""
    color: str
    """One of `values.COLORS`."""
    aliases: dict[str, str]
    chosen: Profile
    """The profile in use, empty if there is none."""
    origins: dict[str, Origin]
    """By name of the setting; also `config_dir` and `data_dir`."""


class Explained(msgspec.Struct, frozen=True):
    """One line of `mx config doctor`. Secrets are not shown."""

    name: str
    value: str
    origin: Origin


def load(*, flags: Mapping[str, object], environ: Mapping[str, str], directory: Path) -> Settings:
    """The settings of this run. `flags` by name of the setting, None or absent where not given; `directory` is the
    working directory, whose `.mx.toml` is read. Raises ConfigError.
    """
    config_dir = paths.config_dir(environ)
    config = profiles.read(paths.config_file(config_dir))
    project = profiles.read_project(directory)
    name, name_origin = _choose_profile(flags, environ, config)
    chosen = _profile(name, name_origin, config)
    found: dict[str, Any] = {"profile": name}
    origins = {"profile": name_origin, **_origins_of_folders(environ)}
    for setting in SETTINGS[1:]:
        found[setting.name], origins[setting.name] = _find(setting, flags, environ, project, name, chosen)
    return Settings(
        config_dir=config_dir,
        data_dir=paths.data_dir(environ),
        aliases=config.aliases | project.aliases,
        chosen=chosen,
        origins=origins,
        **found,
    )


def explain(settings: Settings) -> list[Explained]:
    """Every setting with its value as text and its origin, in the order of the table."""
    names = ["config_dir", "data_dir", *(setting.name for setting in SETTINGS)]
    secrets = {setting.name for setting in SETTINGS if setting.is_secret}
    lines = []
    for name in names:
        value = getattr(settings, name)
        shown = "" if value is None else "(hidden)" if name in secrets else _show(name, value)
        lines.append(Explained(name, shown, settings.origins[name]))
    return lines


def _choose_profile(
    flags: Mapping[str, object], environ: Mapping[str, str], config: ConfigFile
) -> tuple[str | None, Origin]:
    name, origin = _find(SETTINGS[0], flags, environ, ProjectFile(), None, Profile())
    if name is None and config.default_profile is not None:
        return config.default_profile, Origin(Source.PROFILE, "default_profile of config.toml")
    return name, origin


def _profile(name: str | None, origin: Origin, config: ConfigFile) -> Profile:
    if name is None:
        return Profile()
    if name not in config.profiles:
        known = ", ".join(sorted(config.profiles)) or "none yet"
        raise ProfileNotFound(f"there is no profile {name!r} ({origin}); known: {known}", f"mx profile new {name}")
    return config.profiles[name]


def _origins_of_folders(environ: Mapping[str, str]) -> dict[str, Origin]:
    return {
        name: Origin(Source.ENVIRONMENT, variable) if environ.get(variable) else DEFAULT
        for name, variable in (("config_dir", "MX_CONFIG_DIR"), ("data_dir", "MX_DATA_DIR"))
    }


def _find(
    setting: Setting,
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    project: ProjectFile,
    profile_name: str | None,
    profile: Profile,
) -> tuple[Any, Origin]:
    """The strongest value of a setting and its origin."""
    given = flags.get(setting.name) if setting.has_flag else None
    if given is not None:
        return _parse(setting, given, Origin(Source.FLAG, setting.flag))
    written = environ.get(setting.environment, "") if setting.environment else ""
    if written:
        return _parse(setting, written, Origin(Source.ENVIRONMENT, setting.environment or ""))
    if setting.in_project and (text := getattr(project, setting.key)) is not None:
        return _parse(setting, text, Origin(Source.PROJECT, profiles.PROJECT_FILE))
    if setting.in_profile and (text := getattr(profile, setting.key)) is not None:
        return _parse(setting, text, Origin(Source.PROFILE, f"profile.{profile_name}"))
    return setting.default, DEFAULT


def _parse(setting: Setting, given: object, origin: Origin) -> tuple[Any, Origin]:
    if not isinstance(given, str):
        return given, origin
    try:
        return setting.parse(given), origin
    except ValueError as error:
        raise BadValue(f"{setting.key} ({origin}): {error}") from None


def _show(name: str, value: object) -> str:
    if name.endswith("_ns") and isinstance(value, int):
        return f"{value // 1_000_000} ms"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
