"""What the shell offers after Tab: answered from a small file, so that no Tab waits for a server."""

import json
import os
from pathlib import Path
from typing import Final

from mexchange.config import paths

FILE: Final = "markets.json"


def market_names(incomplete: str) -> list[str]:
    """Market symbols seen last time, that begin with what was typed."""
    try:
        names = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str) and name.startswith(incomplete.upper())]


def remember(names: list[str]) -> None:
    """Keep the market symbols for next time; a folder that cannot be written is no error."""
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(json.dumps(names), encoding="utf-8")
    except OSError:
        return


def _file() -> Path:
    return paths.config_dir(os.environ) / FILE
