"""`run/gateway.json`: a running gateway says where it listens."""

from typing import Final

import msgspec

from mexchange.config import paths
from mexchange.config.run_file import RunFile


class GatewayRun(msgspec.Struct, frozen=True, kw_only=True):
    """One running gateway."""

    pid: int
    url: str
    """`http://127.0.0.1:3000`."""
    metrics_url: str
    """Empty: no such listener."""
    started_ns: int
    version: str


_FILE: Final = RunFile(GatewayRun, paths.gateway_run_file)
read, write, remove = _FILE.read, _FILE.write, _FILE.remove
