"""Alembic at work on one connection. Imported only when there is something to do: it takes a quarter of a second."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from mexchange.store.database import Place
from mexchange.store.errors import FormatTooNew

_FIRST: Final = "0001"
_TABLE_OF_VERSION_0_1: Final = "schema"


def bring_up_to_date(connection: Connection, place: Place, folder: Path, current: str | None) -> None:
    """Run the revisions behind `current`, in the transaction of the connection. FormatTooNew."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder / place.name))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise FormatTooNew(f"{place} has tables of revision {current}: start the version that wrote them")
    if current is None and inspect(connection).has_table(_TABLE_OF_VERSION_0_1):
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")
