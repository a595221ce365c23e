"""`run/gateway.json`: a running gateway says where it listens.

Written when it listens and removed when it stops; after a crash it may be left behind.
"""

from pathlib import Path

import msgspec

from mexchange.config import paths, private_file
from mexchange.config.errors import BadFile


class GatewayRun(msgspec.Struct, frozen=True, kw_only=True):
    """One running gateway."""

    pid: int
    url: str
    """`http://127.0.0.1:3000`."""
    metrics_url: str
    """Empty: no such listener."""
    started_ns: int
    version: str


def read(data: Path) -> GatewayRun | None:
    """What the gateway of this data directory says, or None if there is no such file. Raises BadFile, UnsafeFile."""
    path = paths.gateway_run_file(data)
    try:
        content = private_file.read(path)
        return None if content is None else msgspec.json.decode(content, type=GatewayRun)
    except (OSError, msgspec.DecodeError) as error:
        raise BadFile(f"{path}: {error}") from None


def write(data: Path, run: GatewayRun) -> None:
    """Say so. Raises OSError."""
    private_file.write(paths.gateway_run_file(data), msgspec.json.format(msgspec.json.encode(run)) + b"\n")


def remove(data: Path, pid: int) -> None:
    """Say no more, unless another gateway has written there since."""
    run = read(data)
    if run is not None and run.pid == pid:
        paths.gateway_run_file(data).unlink(missing_ok=True)
