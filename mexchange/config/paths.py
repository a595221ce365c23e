"""Where things are kept: `MX_CONFIG_DIR`, `MX_DATA_DIR`, or the places that the platform has for them.

config directory    config.toml  known_servers  keys/<profile>.key
data directory      daemon.toml  journal/  snapshots/  identity.db  run/daemon.json  client/{profile.toml,key}
                    recordings/
"""

from collections.abc import Mapping
from pathlib import Path


def config_dir(environ: Mapping[str, str]) -> Path:
    """Settings and keys of a person."""
    named = environ.get("MX_CONFIG_DIR")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_config_path  # asked for only where nothing is named: start-up time

    return user_config_path("mexchange")


def data_dir(environ: Mapping[str, str]) -> Path:
    """Everything that one market keeps. Two data directories are two markets."""
    named = environ.get("MX_DATA_DIR")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("mexchange")


def config_file(folder: Path) -> Path:
    """Profiles and aliases, in the config directory."""
    return folder / "config.toml"


def known_servers_file(folder: Path) -> Path:
    """Server keys seen before, in the config directory."""
    return folder / "known_servers"


def key_file(folder: Path, profile: str) -> Path:
    """The device key of a profile, in the config directory."""
    return folder / "keys" / f"{profile}.key"


def recordings_dir(data: Path) -> Path:
    """Recordings that the terminal client makes, and offers to play."""
    return data / "recordings"


def daemon_run_file(data: Path) -> Path:
    """Where the running daemon says how to reach it."""
    return data / "run" / "daemon.json"


def demo_run_file(data: Path) -> Path:
    """Where a running demo says who looks after it."""
    return data / "run" / "demo.json"


def demo_log_file(data: Path) -> Path:
    """What a demo in the background writes."""
    return data / "run" / "demo.log"


def daemon_settings_file(data: Path) -> Path:
    """The settings of the daemon that owns this data directory."""
    return data / "daemon.toml"


def gateway_settings_file(data: Path) -> Path:
    """The settings of a gateway of the market in `data`."""
    return data / "gateway.toml"


def gateway_run_file(data: Path) -> Path:
    """Where the running gateway says how to reach it."""
    return data / "run" / "gateway.json"


def local_gateway_key_file(data: Path) -> Path:
    """The seed of the service key of the gateway of the market in `data`."""
    return data / "client" / "gateway.key"


def local_gateway_profile_file(data: Path) -> Path:
    """The name of that key."""
    return data / "client" / "gateway.toml"


def local_profile_file(data: Path) -> Path:
    """How a person on this machine uses the market in `data`."""
    return data / "client" / "profile.toml"


def local_key_file(data: Path) -> Path:
    """The device key that belongs to `local_profile_file`."""
    return data / "client" / "key"


def local_operator_key_file(data: Path) -> Path:
    """The seed of the key by which the operator of a local market is known."""
    return data / "client" / "operator.key"


def local_operator_profile_file(data: Path) -> Path:
    """The operator's profile: the name of that key."""
    return data / "client" / "operator.toml"


def local_bot_key_file(data: Path, kind: str) -> Path:
    """The device key of a bot of the market in `data`."""
    return data / "client" / f"bot-{kind}.key"
