"""What the shell offers after Tab: answered from a small file, so that no Tab waits for a server."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mexchange.config import paths, private_file

FILE: Final = "markets.json"
ORDERS_FILE: Final = "orders.json"
ORDERS_MAX: Final = 100


def market_names(incomplete: str) -> list[str]:
    """Market symbols seen last time, that begin with what was typed."""
    try:
        names = json.loads(_file(FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str) and name.startswith(incomplete.upper())]


def order_ids(incomplete: str) -> list[tuple[str, str]]:
    """Ids of orders seen last, that begin with what was typed, and what they are."""
    try:
        known = json.loads(_file(ORDERS_FILE).read_text(encoding="utf-8"))
        return [(str(name), str(text)) for name, text in known if str(name).startswith(incomplete.lower())]
    except (OSError, ValueError, TypeError):
        return []


def remember_orders(rows: Iterable[Mapping[str, object]]) -> None:
    """Keep the ids of these orders, rows of `show.order_row`, for next time."""
    names = [
        (
            str(row["id"]),
            f"{row['status']}: {row['side']} {row['quantity']} {row['market']} @ {row['price'] or 'market'}",
        )
        for row in rows
    ]
    _keep(ORDERS_FILE, names[:ORDERS_MAX])


def remember(names: list[str]) -> None:
    """Keep the market symbols for next time; a folder that cannot be written is no error."""
    _keep(FILE, names)


def _keep(name: str, content: object) -> None:
    try:
        private_file.write(_file(name), json.dumps(content).encode())
    except OSError:
        return


def _file(name: str) -> Path:
    return paths.config_dir(os.environ) / name
