"""Where the key of this device is kept for a server, and what is written down once the server knows it."""

from pathlib import Path

import msgspec

from mexchange.config import paths, profiles
from mexchange.config.errors import BadValue
from mexchange.config.profiles import Profile
from mexchange.config.server import Server
from mexchange.config.settings import Settings


def key_path(settings: Settings, server: Server) -> Path:
    """The file of the key: beside a local market, else of the profile. Raises BadValue for a server without either."""
    if server.local is not None:
        return paths.local_key_file(server.local)
    if settings.profile is None:
        raise BadValue("a remote server needs a profile", "mx profile new NAME udp://host:port")
    return paths.key_file(settings.config_dir, settings.profile)


def remember(settings: Settings, server: Server, *, key_id: str, account: int) -> None:
    """Write down what the server calls the key, and whose it is. Raises OSError, BadFile."""
    if server.local is not None:
        file = paths.local_profile_file(server.local)
        local = profiles.read_local(file) or Profile()
        profiles.write_local(file, msgspec.structs.replace(local, key_id=key_id, account=str(account)))
        return
    assert settings.profile is not None, "key_path was asked before"
    file = paths.config_file(settings.config_dir)
    config = profiles.read(file)
    profile = msgspec.structs.replace(settings.chosen, key_id=key_id, account=str(account))
    profiles.write(file, msgspec.structs.replace(config, profiles={**config.profiles, settings.profile: profile}))
