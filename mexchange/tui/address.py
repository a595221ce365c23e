"""Another server, by the address that somebody typed: it gets a profile of its own, which is the one from then on."""

import msgspec

from mexchange.config import paths, pins, profiles, values
from mexchange.config.profiles import ConfigFile, Profile
from mexchange.config.settings import Origin, Settings, Source


def at(settings: Settings, typed: str) -> Settings:
    """The settings that lead there, kept in config.toml. Raises ValueError, BadFile, OSError."""
    address = values.server(typed)
    file = paths.config_file(settings.config_dir)
    config = profiles.read(file)
    name = _name(config, address)
    profile = config.profiles.get(name) or Profile(server=address)
    kept = msgspec.structs.replace(config, default_profile=name, profiles={**config.profiles, name: profile})
    profiles.write(file, kept)
    origin = Origin(Source.PROFILE, name)
    return msgspec.structs.replace(
        settings,
        profile=name,
        chosen=profile,
        server=address,
        server_key=profile.server_key,
        account=profile.account,
        origins={**settings.origins, "server": origin, "server_key": origin, "profile": origin, "account": origin},
    )


def _name(config: ConfigFile, address: str) -> str:
    """Of the profile that leads there; else the host, and where that is another market's already, with the port."""
    host, port = values.split_server(address)
    known = next((name for name, each in config.profiles.items() if each.server == address), None)
    name = host.replace(":", "-").strip("-")  # ::1 can be no part of a file's name
    return known or values.profile_name(f"{name}-{port}" if name in config.profiles else name)


def trust(settings: Settings, key: bytes) -> None:
    """Write down the key of the server that is meant. Raises ServerKeyChanged, BadFile, OSError."""
    assert settings.server is not None, "a local market says its key itself"
    host, port = values.split_server(settings.server)
    pins.add(paths.known_servers_file(settings.config_dir), host, port, key)
