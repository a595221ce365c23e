"""Where the exchange is, and by which key the gateway is known there.

MX_API_KEY + MX_API_SECRET  >  client/gateway.key of a local market, which a demo has made
"""

from mexchange.config import keys, paths, profiles
from mexchange.config.errors import ConfigError, ServerNotFound
from mexchange.config.server import find_server
from mexchange.config.settings import Settings
from mexchange.gateway.link import Place


def find_place(settings: Settings) -> Place:
    """Looks anew each time: a market that comes back may be elsewhere. Raises ConfigError."""
    server = find_server(settings)
    if server.key is None:
        raise ServerNotFound(
            f"the key of {server.address} is not known", "compare its fingerprint, then: mx auth trust SHA256:…"
        )
    key_id, seed = _key(settings, server.local is not None)
    return Place(host=server.host, port=server.port, server_key=server.key, key_id=key_id, seed=seed)


def _key(settings: Settings, is_local: bool) -> tuple[str, bytes]:
    if settings.api_key is not None and settings.api_secret is not None:
        try:
            return settings.api_key, keys.parse_seed(settings.api_secret)
        except ValueError as error:
            raise ServiceKeyMissing(f"MX_API_SECRET: {error}", "mx admin key service gateway makes one") from None
    data = settings.data_dir
    seed = keys.read(paths.local_gateway_key_file(data)) if is_local else None
    profile = profiles.read_local(paths.local_gateway_profile_file(data)) if is_local else None
    if seed is None or profile is None or profile.key_id is None:
        raise ServiceKeyMissing(
            "a gateway needs a service key",
            "mx admin key service gateway makes one; set MX_API_KEY and MX_API_SECRET",
        )
    return profile.key_id, seed


class ServiceKeyMissing(ConfigError):
    """No key by which the exchange would know this gateway."""

    code = "E_AUTH"
